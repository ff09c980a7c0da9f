"""Clients of CDS Hooks with keys of their own, and the tokens that they make, rightly and wrongly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

SERVED_AT = "https://knee.example.org"
EHR, OTHER = "https://ehr.example.org", "https://other.example.org"
JKU = "https://ehr.example.org/jwks.json"
_NUMBERS = count(1)


@cache
def private_key(kid: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """The same key for the same name: 'rsa…' is one of RSA, 'short' too small a one, another of P-384."""
    if kid == "short":
        return rsa.generate_private_key(65537, 1024)
    if kid.startswith("rsa"):
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1() if kid == "p256" else ec.SECP384R1())


def public_jwk(kid: str, **more: Any) -> dict[str, Any]:
    """The public key of a name, as a set of keys holds it."""
    key: Any = private_key(kid)
    kind = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return {**kind.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", **more}


def clients_file(folder: Path, **more: Any) -> Path:
    """A file that trusts EHR with two keys, and OTHER with one."""
    (folder / "other.jwks.json").write_text(json.dumps({"keys": [public_jwk("other")]}), encoding="utf-8")
    written = {
        "served_at": SERVED_AT,
        "clients": [
            {"iss": EHR, "jku": JKU, "jwks": {"keys": [public_jwk("ec"), public_jwk("rsa")]}},
            {"iss": OTHER, "jwks": "other.jwks.json"},
        ],
        **more,
    }
    file = folder / "clients.json"
    file.write_text(json.dumps(written), encoding="utf-8")
    return file


def token(
    endpoint: str,
    now: datetime,
    kid: str = "ec",
    *,
    header: Mapping[str, Any] = {},
    algorithm: str = "",
    key: Any = None,
    **claims: Any,
) -> str:
    """A token for one call; a claim that is given as None is left out."""
    seconds = int(now.timestamp())
    said = {"iss": EHR, "aud": endpoint, "iat": seconds, "exp": seconds + 60, "jti": f"jti-{next(_NUMBERS)}"}
    held = {name: value for name, value in {**said, **claims}.items() if value is not None}
    signs = private_key(kid) if key is None else key
    usual = "RS384" if isinstance(signs, rsa.RSAPrivateKey) else "ES384"
    headers = {name: value for name, value in {"kid": kid, **header}.items() if value is not None}
    return jwt.encode(held, signs, algorithm=algorithm or usual, headers=headers)
