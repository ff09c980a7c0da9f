"""One text for one value, and its digest: JSON in the canonical form of RFC 8785."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from afterrun.errors import AfterrunError


class NotCanonical(AfterrunError):
    """A value has no canonical form: half a character, or a number that JSON cannot hold."""


def canonical(value: Any) -> bytes:
    """Plain JSON values as canonical JSON in UTF-8. Raises NotCanonical.

    >>> canonical({"b": 8.0, "a": [0.1, None, "é"]}).decode()
    '{"a":[0.1,null,"é"],"b":8}'
    """
    import rfc8785  # only who digests something pays for it

    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise NotCanonical(f"it cannot be digested: {error}") from None


def digest_of(value: Any) -> str:
    """The SHA-256 of a value's canonical JSON, in hexadecimal.

    >>> digest_of({})[:12]
    '44136fa355b3'
    """
    return sha256(canonical(value)).hexdigest()
