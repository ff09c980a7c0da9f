"""The file of clients that hooks trust: who they are, with their public keys; nothing is fetched for it.

    {"served_at": "https://knee.clinic.example",
     "clients": [{"iss": "https://ehr.clinic.example", "jwks": {"keys": […]}, "jku": "https://ehr.clinic.example/jwks.json"}]}

`jwks` is a key set, or the name of a file beside this one that holds it; `jku`, the address at which the
client says that its set lies, is compared with what a token says and never opened.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import jwt

from afterrun import Problem
from afterrun.errors import ProblemsError, nearest
from afterrun.intake import json_fault

ELLIPTIC, RSA = "ES384", "RS384"
"""How a token may be signed. Both check with a public key: who can check one can make none."""
LEAST_RSA_BITS = 2048
LARGEST = 1024 * 1024
"""Bytes of a file of clients or keys."""
_MEMBERS, _CLIENT = ("served_at", "clients"), ("iss", "jwks", "jku")


class ClientsError(ProblemsError):
    """A file of clients that cannot be used; nobody is trusted by it."""


class Client(NamedTuple):
    """One issuer of tokens."""

    iss: str
    keys: Mapping[str, jwt.PyJWK]
    """By their `kid`; each knows the one algorithm that it is for."""
    jku: str | None = None
    """What a token may name as the place of its keys; without it none may."""


class Clients(NamedTuple):
    """Everybody whom hooks trust, and under which address they know this server."""

    served_at: str
    """Scheme, name and port; without a path or a slash at the end."""
    by_iss: Mapping[str, Client]


def read_clients(path: Path) -> Clients:
    """The clients in a file. Raises ClientsError with everything that is wrong in it."""
    problems: list[Problem] = []
    data = _object_in(path, problems)
    if problems:
        raise ClientsError(problems)
    for key in sorted(data.keys() - set(_MEMBERS)):
        problems.append(_unknown(path, key, _MEMBERS))
    served_at = data.get("served_at")
    if not _is_address(served_at):
        problems.append(
            Problem(
                "the address under which clients reach this server is to stand here, as https://knee.example.org",
                str(path),
                key="served_at",
            )
        )
    by_iss: dict[str, Client] = {}
    written = data.get("clients")
    if not isinstance(written, list) or not written:
        problems.append(Problem("at least one client is to stand here, in a list", str(path), key="clients"))
        written = []
    for place, each in enumerate(written):
        client = _client(path, f"clients[{place}]", each, problems)
        if client is not None and client.iss in by_iss:
            problems.append(Problem("another client has this iss", str(path), key=f"clients[{place}].iss"))
        elif client is not None:
            by_iss[client.iss] = client
    if problems:
        raise ClientsError(problems)
    return Clients(str(served_at).rstrip("/"), by_iss)


def unsafe_clients(path: Path) -> list[str]:
    """What is unsafe about a file of clients, each with what to do; all that is wrong in it among it."""
    try:
        read_clients(path)
    except ClientsError as error:
        return [f"{each}. Hooks trust nobody by such a file: mend it." for each in error.problems]
    files = (path, *_files_of_keys(path)) if os.name == "posix" else ()
    return [
        f"others can change {place}, and so whom hooks trust. Close it:  chmod go-w {shlex.quote(str(place))}"
        # Who may put another file in its place changes it too.
        for place in dict.fromkeys((*files, *(each.resolve().parent for each in files)))
        if place.stat().st_mode & 0o022
    ]


def _files_of_keys(path: Path) -> list[Path]:
    written = json.loads(path.read_text(encoding="utf-8-sig"))["clients"]
    return [path.parent / each["jwks"] for each in written if isinstance(each["jwks"], str)]


def _client(path: Path, place: str, written: Any, problems: list[Problem]) -> Client | None:
    if not isinstance(written, dict):
        problems.append(Problem("a client is an object with iss and jwks", str(path), key=place))
        return None
    before = len(problems)
    for key in sorted(written.keys() - set(_CLIENT)):
        problems.append(_unknown(path, key, _CLIENT, f"{place}."))
    iss, jku = written.get("iss"), written.get("jku")
    if not isinstance(iss, str) or not iss:
        problems.append(
            Problem("what the client's tokens name as iss is to stand here", str(path), key=f"{place}.iss")
        )
    if jku is not None and not (isinstance(jku, str) and urlsplit(jku).scheme == "https"):
        problems.append(Problem("is no https address", str(path), key=f"{place}.jku"))
    keys = _keys(path, f"{place}.jwks", written.get("jwks"), problems)
    return Client(str(iss), keys, jku) if len(problems) == before else None


def _keys(path: Path, place: str, written: Any, problems: list[Problem]) -> dict[str, jwt.PyJWK]:
    file = path
    if isinstance(written, str):
        file = path.parent / written
        written = _object_in(file, problems)
    listed = written.get("keys") if isinstance(written, dict) else None
    if not isinstance(listed, list):
        problems.append(
            Problem(
                'a key set, {"keys": […]}, or the name of a file with one is to stand here',
                str(file),
                key=place,
            )
        )
        return {}
    keys: dict[str, jwt.PyJWK] = {}
    for number, each in enumerate(listed):
        here = f"{place}.keys[{number}]"
        if isinstance(each, dict) and {"d", "k"} & each.keys():
            problems.append(
                Problem(
                    "is a secret key; give the public one, and make the client a new pair",
                    str(file),
                    key=here,
                )
            )
        elif (key := _key(each)) is not None:
            if key.key_id in keys:
                problems.append(Problem("another key of this set has its kid", str(file), key=here))
            keys[str(key.key_id)] = key
    if not keys and not any(each.key.startswith(place) for each in problems):
        problems.append(
            Problem(
                f"no key can be used: one is to have a kid and to be of the curve P-384 ({ELLIPTIC}), or RSA "
                f"with {LEAST_RSA_BITS} bits at least ({RSA})",
                str(file),
                key=place,
            )
        )
    return keys


def _key(written: Any) -> jwt.PyJWK | None:
    """A key that tokens may be checked with; a set may hold others beside them."""
    if not isinstance(written, dict) or not isinstance(written.get("kid"), str) or not written["kid"]:
        return None
    kind = (written.get("kty"), written.get("crv"))
    algorithm = ELLIPTIC if kind == ("EC", "P-384") else RSA if kind[0] == "RSA" else None
    if algorithm is None or written.get("alg", algorithm) != algorithm or written.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK.from_dict(written, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return None if algorithm == RSA and key.key.key_size < LEAST_RSA_BITS else key


def _object_in(path: Path, problems: list[Problem]) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            problems.append(Problem(f"is larger than {LARGEST} bytes, and no file of clients is", str(path)))
            return {}
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        problems.append(Problem(json_fault(error), str(path), error.lineno))
        return {}
    except (UnicodeDecodeError, RecursionError):
        problems.append(Problem("is no JSON in UTF-8", str(path)))
        return {}
    except OSError as error:
        problems.append(Problem(f"cannot be read: {error.strerror}", str(path)))
        return {}
    if not isinstance(data, dict):
        problems.append(Problem("an object is to stand here, in braces", str(path)))
        return {}
    return data


def _unknown(path: Path, key: str, known: tuple[str, ...], place: str = "") -> Problem:
    return Problem("nothing here has this name", str(path), key=f"{place}{key}", nearest=nearest(key, known))


def _is_address(written: Any) -> bool:
    if not isinstance(written, str):
        return False
    try:
        parts = urlsplit(written)
        return (
            parts.scheme in ("https", "http")
            and bool(parts.hostname)
            and parts.path in ("", "/")
            and not (parts.query or parts.fragment or parts.username)
        )
    except ValueError:
        return False
