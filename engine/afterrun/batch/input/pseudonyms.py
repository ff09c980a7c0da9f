"""Record ids replaced by keyed hashes: who has the key finds a record again, nobody else learns an id."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from afterrun.errors import AfterrunError
from afterrun.storage import new_private

KEY_BYTES: Final = 32
WITHHELD = "(withheld, for it may hold an id)"
_PREFIX = "pid-"
_PSEUDONYM = re.compile(rf"{_PREFIX}[0-9a-f]{{32}}")


class UnsafeKey(AfterrunError):
    """A key file that would not keep a secret."""


@dataclass(frozen=True)
class Pseudonyms:
    """What each record id becomes under one key: HMAC-SHA256, its first 128 bits."""

    key: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Tells one key from another, and gives neither away."""
        return self._hash(b"\0fingerprint")[:16]

    def of(self, record_id: str) -> str:
        """The pseudonym of an id; a pseudonym stays what it is, for rejects are fed back with theirs."""
        if _PSEUDONYM.fullmatch(record_id):
            return record_id
        return _PREFIX + self._hash(record_id.encode("utf-8", errors="surrogatepass"))[:32]

    def _hash(self, text: bytes) -> str:
        return hmac.new(self.key, text, "sha256").hexdigest()


def pseudonyms_by(path: Path, *, make: bool = False) -> Pseudonyms:
    """The pseudonyms by the key in a file, to `make` where there is none. Raises UnsafeKey."""
    try:
        if make and not path.exists():
            with new_private(path).open("wb") as made:
                made.write(secrets.token_hex(KEY_BYTES).encode() + b"\n")
        key = path.read_bytes().strip()
        mode = path.stat().st_mode
    except OSError as error:
        raise UnsafeKey(f"{path}: cannot be read or made: {error.strerror or error}") from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise UnsafeKey(f"{path}: others may read this key: chmod 600 {path}")
    if len(key) < KEY_BYTES:
        raise UnsafeKey(f"{path}: holds {len(key)} bytes, and a key has {KEY_BYTES} at least")
    return Pseudonyms(key)
