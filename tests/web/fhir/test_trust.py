"""A hook takes a token once, of a client that the operator named, for the address that is called."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from afterrun_web.fhir.clients import ClientsError, read_clients, unsafe_clients
from afterrun_web.fhir.trust import LEEWAY, LONGEST_LIFE, NotTrusted, TooMany, Trust
from tests.support.fhir.hook_clients import (
    EHR,
    JKU,
    OTHER,
    SERVED_AT,
    clients_file,
    private_key,
    public_jwk,
    token,
)
from tests.support.web.accounts import Clock

SERVICE = f"{SERVED_AT}/cds-services/afterrun-knee"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def trust(tmp_path: Path, clock: Clock) -> Trust:
    return Trust(read_clients(clients_file(tmp_path)), clock)


def refused(trust: Trust, told: str, endpoint: str = SERVICE) -> str:
    with pytest.raises(NotTrusted) as error:
        trust.check(f"Bearer {told}", (endpoint,))
    return str(error.value)


def test_each_key_of_each_client_is_taken(trust: Trust, clock: Clock) -> None:
    for kid, iss in (("ec", EHR), ("rsa", EHR), ("other", OTHER)):
        trust.check(f"Bearer {token(SERVICE, clock(), kid, iss=iss)}", (SERVICE,))
    trust.check(f"bearer {token(SERVICE, clock(), aud=[SERVICE])}", (SERVICE,))
    trust.check(f"Bearer {token(SERVICE, clock(), header={'jku': JKU})}", (SERVICE,))


Make = Callable[[Clock], str]
AT = timedelta(seconds=1)
WRONG: dict[str, tuple[Make, str]] = {
    "another address": (lambda c: token(f"{SERVED_AT}/cds-services", c()), "aud is to be the address"),
    "another server": (lambda c: token("https://evil.example.org/cds-services/afterrun-knee", c()), "aud is"),
    "no aud": (lambda c: token(SERVICE, c(), aud=None), "lacks the claim aud"),
    "no jti": (lambda c: token(SERVICE, c(), jti=None), "lacks the claim jti"),
    "no exp": (lambda c: token(SERVICE, c(), exp=None), "lacks the claim exp"),
    "no iat": (lambda c: token(SERVICE, c(), iat=None), "lacks the claim iat"),
    "no iss": (lambda c: token(SERVICE, c(), iss=None), "iss is none of the clients"),
    "an unknown iss": (lambda c: token(SERVICE, c(), iss="https://evil.example.org"), "iss is none"),
    "an iss that is a list": (lambda c: unsigned_but_for(c, iss=[EHR]), "iss is none"),
    "an unknown kid": (lambda c: token(SERVICE, c(), header={"kid": "nobody"}), "kid is none of the keys"),
    "no kid": (lambda c: token(SERVICE, c(), header={"kid": None}), "kid is none of the keys"),
    "another client's kid": (lambda c: token(SERVICE, c(), "other"), "kid is none of the keys"),
    "another's key": (lambda c: token(SERVICE, c(), key=private_key("stranger")), "signature does not fit"),
    "another jku": (lambda c: token(SERVICE, c(), header={"jku": f"{JKU}?"}), "jku is not the one"),
    "a jku of one that has none": (
        lambda c: token(SERVICE, c(), "other", iss=OTHER, header={"jku": JKU}),
        "jku is not the one",
    ),
    "alg none": (lambda c: token(SERVICE, c(), key="", algorithm="none"), "signed with ES384 or RS384"),
    "HS256 with a secret": (lambda c: token(SERVICE, c(), key="x" * 32, algorithm="HS256"), "signed with"),
    "HS384 with a public key": (lambda c: by_public_key(c), "signed with ES384 or RS384"),
    "RS256": (lambda c: token(SERVICE, c(), "rsa", algorithm="RS256"), "signed with ES384 or RS384"),
    "the other algorithm": (
        lambda c: token(SERVICE, c(), "rsa", header={"kid": "ec"}),
        "key is one for ES384",
    ),
    "another typ": (lambda c: token(SERVICE, c(), header={"typ": "at+jwt"}), "typ is JWT"),
    "crit": (lambda c: token(SERVICE, c(), header={"crit": ["x"], "x": 1}), "is no JWT"),
    "over": (lambda c: token(SERVICE, c(), exp=seconds(c) - LEEWAY, iat=seconds(c)), "is over"),
    "far": (lambda c: token(SERVICE, c(), exp=seconds(c) + LONGEST_LIFE + 1), "at most 300 seconds"),
    "of tomorrow": (
        lambda c: token(SERVICE, c(), iat=seconds(c) + LEEWAY, exp=seconds(c) + LEEWAY + 60),
        "lies in the future",
    ),
    "not yet": (lambda c: token(SERVICE, c(), nbf=seconds(c) + LEEWAY), "lies in the future"),
    "of before": (lambda c: token(SERVICE, c() - AT), "made before this server began"),
    "an exp without an end": (
        lambda c: token(SERVICE, c(), exp=10**400, iat=float(seconds(c))),
        "at most 300 seconds",
    ),
    "a text for exp": (lambda c: unsigned_but_for(c, exp="soon"), "cannot be used|seconds since 1970"),
    "a number for jti": (lambda c: unsigned_but_for(c, jti=7), "jti is to be|cannot be used"),
    "an empty jti": (lambda c: token(SERVICE, c(), jti=""), "jti is to be"),
    "too long a jti": (lambda c: token(SERVICE, c(), jti="x" * 257), "jti is to be"),
    "no token": (lambda c: "abc", "is no JWT"),
    "a list for claims": (lambda c: raw({"alg": "ES384", "typ": "JWT", "kid": "ec"}, [1]), "is no JWT"),
    "too long": (lambda c: "x" * 9000, "longer than 8192"),
}  # fmt: skip


def seconds(clock: Clock) -> int:
    return int(clock().timestamp())


def raw(header: Any, claims: Any) -> str:
    return f"{_text(header)}.{_text(claims)}.AAAA"


def _text(value: Any) -> str:
    return _base64(json.dumps(value).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned_but_for(clock: Clock, **claims: Any) -> str:
    """Claims that a library would not write, signed all the same."""
    now = seconds(clock)
    said = {"iss": EHR, "aud": SERVICE, "iat": now, "exp": now + 60, "jti": "j", **claims}
    header = {"kid": "ec", "typ": "JWT"}
    return jwt.api_jws.encode(json.dumps(said).encode(), private_key("ec"), "ES384", header)


def by_public_key(clock: Clock) -> str:
    """A symmetric signature with what everybody knows, where a library would take a key for a secret."""
    key: Any = private_key("rsa")
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    header, claims, _ = token(SERVICE, clock(), "rsa").split(".")
    header = _text({"alg": "HS384", "typ": "JWT", "kid": "rsa"})
    signed = hmac.digest(public, f"{header}.{claims}".encode(), "sha384")
    return f"{header}.{claims}.{_base64(signed)}"


@pytest.mark.parametrize("name", WRONG)
def test_a_token_that_is_wrong_is_refused_with_a_reason(trust: Trust, clock: Clock, name: str) -> None:
    make, reason = WRONG[name]
    said = refused(trust, make(clock))
    assert any(each in said for each in reason.split("|")), said


def test_without_a_token_nobody_comes_in(trust: Trust) -> None:
    for told in ("", "Bearer", "Basic YTpi", "Bearer "):
        with pytest.raises(NotTrusted, match="a token is wanted"):
            trust.check(told, (SERVICE,))


def test_a_token_is_taken_once_until_its_time_is_over(trust: Trust, clock: Clock) -> None:
    told = token(SERVICE, clock())
    trust.check(f"Bearer {told}", (SERVICE,))
    for _ in range(2):
        assert "used before" in refused(trust, told)
    clock.go_on(timedelta(seconds=60 + LEEWAY - 1))
    assert "used before" in refused(trust, told)
    clock.go_on(timedelta(seconds=2))
    assert "is over" in refused(trust, told)


def test_two_clients_may_have_the_same_jti(trust: Trust, clock: Clock) -> None:
    trust.check(f"Bearer {token(SERVICE, clock(), jti='1')}", (SERVICE,))
    trust.check(f"Bearer {token(SERVICE, clock(), 'other', iss=OTHER, jti='1')}", (SERVICE,))


def test_a_forged_token_uses_up_no_jti(trust: Trust, clock: Clock) -> None:
    refused(trust, token(SERVICE, clock(), key=private_key("stranger"), jti="mine"))
    trust.check(f"Bearer {token(SERVICE, clock(), jti='mine')}", (SERVICE,))


def test_what_is_remembered_is_bounded_and_fails_closed(tmp_path: Path, clock: Clock) -> None:
    trust = Trust(read_clients(clients_file(tmp_path)), clock, most_remembered=2)
    first = token(SERVICE, clock())
    for each in (first, token(SERVICE, clock())):
        trust.check(f"Bearer {each}", (SERVICE,))
    with pytest.raises(TooMany):
        trust.check(f"Bearer {token(SERVICE, clock())}", (SERVICE,))
    assert "used before" in refused(trust, first)
    clock.go_on(timedelta(seconds=60 + LEEWAY + 1))
    trust.check(f"Bearer {token(SERVICE, clock())}", (SERVICE,))


def told_of(file: Path) -> str:
    with pytest.raises(ClientsError) as error:
        read_clients(file)
    return str(error.value)


def test_all_that_is_wrong_in_a_file_of_clients_is_told_at_once(tmp_path: Path) -> None:
    secret = {**public_jwk("ec"), "d": "AAAA"}
    file = clients_file(
        tmp_path,
        served_at="https://knee.example.org/path",
        client=[],
        clients=[
            {"iss": "", "jwks": {"keys": [secret]}, "jku": "http://ehr.example.org"},
            {"iss": EHR, "jwks": {"keys": [public_jwk("p256"), public_jwk("short"), {"kty": "RSA"}]}},
            {"iss": EHR, "jwks": "missing.json"},
            {"iss": OTHER, "jwks": {"keys": [public_jwk("ec"), public_jwk("ec")]}, "jkw": JKU},
            "https://ehr.example.org",
        ],
    )
    said = told_of(file)
    for each in (
        "client: nothing here has this name. Did you mean 'clients'?",
        "served_at: the address under which clients reach this server",
        "clients[0].iss: what the client's tokens name",
        "clients[0].jku: is no https address",
        "clients[0].jwks.keys[0]: is a secret key",
        "clients[1].jwks: no key can be used",
        "missing.json: cannot be read: No such file or directory",
        "clients[3].jwks.keys[1]: another key of this set has its kid",
        "clients[3].jkw: nothing here has this name. Did you mean",
        "clients[4]: a client is an object",
    ):
        assert each in said, said
    assert unsafe_clients(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "clients.json:1: not JSON"),
        (b"[]", "an object is to stand here"),
        (b"\xff", "is no JSON in UTF-8"),
        (b'{"served_at": "https://a.example", "clients": []}', "at least one client"),
        (b" " * (1024 * 1024 + 1), "is larger than"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "clients.json"
    file.write_bytes(content)
    assert said in told_of(file)


def test_what_others_can_change_is_unsafe(tmp_path: Path) -> None:
    file = clients_file(tmp_path)
    file.chmod(0o644)
    assert unsafe_clients(file) == []
    for place, usual in ((file, 0o644), (tmp_path / "other.jwks.json", 0o644), (tmp_path, 0o700)):
        place.chmod(usual | 0o020)
        (said,) = unsafe_clients(file)
        assert f"others can change {place}" in said
        place.chmod(usual)
    assert unsafe_clients(file) == []
