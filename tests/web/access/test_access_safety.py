"""What is unsafe in a way to serve, and that other sites and other names reach nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from afterrun_web.access import Accounts, findings
from afterrun_web.app import create_app
from afterrun_web.requests.origins import from_another_site
from afterrun_web.serving import new_key, serve
from afterrun_web.settings import Place, Settings
from tests.support.servers.certificates import certificate
from tests.support.web.accounts import quick_accounts
from tests.support.web.visits import NOW, Served, Visitor


@pytest.fixture
def shared(tmp_path: Path) -> Settings:
    file = tmp_path / "house" / "accounts.sqlite"
    quick_accounts(file)
    return Settings(b"", shared=True, accounts=file, now=lambda: NOW)


@pytest.fixture
def pair(tmp_path: Path) -> Place:
    return Place("0.0.0.0", 443, *certificate(tmp_path, NOW))


def told(*of: object) -> str:
    found = findings(*of)  # type: ignore[arg-type]
    assert all(each.do.endswith((".", "'")) or "  " in each.do for each in found)
    return "\n".join(f"{each.what}. {each.do}" for each in found)


def test_what_is_safe_has_no_finding(shared: Settings, pair: Place, tmp_path: Path) -> None:
    key = tmp_path / "serve.key"
    key.write_bytes(new_key())
    key.chmod(0o600)
    assert told(Settings(b""), Place()) == ""
    assert told(shared, pair, key) == ""
    assert told(shared, Place(behind_proxy=True)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_others_need_accounts(host: str) -> None:
    assert "Add --shared" in told(Settings(b""), Place(host))
    with pytest.raises(ValueError, match="only this machine"):
        serve(Settings(new_key()), Place(host), pytest.fail)
    with pytest.raises(ValueError, match="has accounts"):
        create_app(Settings(new_key(), shared=True))


def test_a_proxy_needs_accounts_and_no_way_round_it(shared: Settings) -> None:
    assert "Add --shared" in told(Settings(b""), Place(behind_proxy=True))
    assert "goes round the proxy" in told(shared, Place("0.0.0.0", behind_proxy=True))


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])
def test_passwords_do_not_cross_a_network_as_they_are(shared: Settings, host: str) -> None:
    assert "--behind-proxy" in told(shared, Place(host))


@pytest.mark.slow
@pytest.mark.parametrize(("rights", "fine"), [(0o600, True), (0o640, True), (0o644, False), (0o660, False)])
def test_a_key_that_others_read_or_change_is_told(
    shared: Settings, pair: Place, rights: int, fine: bool
) -> None:
    assert pair.key is not None
    pair.key.chmod(rights)
    assert ("chmod g-w,o=" in told(shared, pair)) is not fine


@pytest.mark.slow
def test_a_certificate_without_its_key_or_with_another_or_over_is_told(
    shared: Settings, pair: Place, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    _, other = certificate(tmp_path / "other", NOW)
    assert "come together" in told(shared, pair._replace(key=None))
    assert "cannot be used" in told(shared, pair._replace(key=other))
    assert "cannot be used" in told(shared, pair._replace(key=tmp_path / "none"))
    late = shared._replace(now=lambda: NOW + timedelta(days=400))
    assert "Renew the certificate." in told(late, pair)


@pytest.mark.slow
def test_accounts_that_are_missing_open_or_no_accounts_are_told(
    shared: Settings, pair: Place, tmp_path: Path
) -> None:
    file = shared.accounts
    assert file is not None
    assert "Make one:  afterrun serve accounts add" in told(shared._replace(accounts=tmp_path / "no"), pair)
    file.chmod(0o640)
    assert "chmod go=" in told(shared, pair)
    file.chmod(0o600)
    file.parent.chmod(0o770)
    assert "chmod go-w" in told(shared, pair)
    file.parent.chmod(0o700)
    accounts = Accounts(file)
    for each in accounts.all():
        accounts.remove(each.name)
    assert "nobody has an account" in told(shared, pair)
    file.write_text("nothing of the kind", encoding="ascii")
    assert "another file with --accounts" in told(shared, pair)


def test_the_key_of_pages_is_its_owners_alone(tmp_path: Path) -> None:
    key = tmp_path / "serve.key"
    key.write_bytes(new_key())
    key.chmod(0o644)
    assert "chmod go=" in told(Settings(b""), Place(), key)


HERE, ELSEWHERE = "http://127.0.0.1:8311", "http://elsewhere.example"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"origin": HERE}, False),
        ({"origin": HERE, "sec-fetch-site": "same-origin"}, False),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": ELSEWHERE}, True),
        ({"origin": "http://127.0.0.1:9999"}, True),
        ({"origin": "https://127.0.0.1:8311"}, True),
        ({"origin": "null"}, True),
        ({"origin": ELSEWHERE, "sec-fetch-site": "same-origin"}, True),
        ({"origin": HERE, "sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "anything"}, True),
    ],
)
def test_what_another_site_sends_is_known_by_its_origin(
    site: Served, headers: dict[str, str], refused: bool
) -> None:
    here = Headers({"host": "127.0.0.1:8311", **headers})
    assert from_another_site("POST", "http", here) is refused
    assert not from_another_site("GET", "http", here)
    told = {key: value.replace(HERE, site.address) for key, value in headers.items()}
    visitor = Visitor(site.address).post("/question", data={"do": "go"}, headers=told)
    assert visitor.status == (403 if refused else 400)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200), ("localhost:8311", 200), ("[::1]:8311", 200), ("LOCALHOST", 200),
        ("elsewhere.example", 421), ("127.0.0.1.elsewhere.example", 421), ("192.0.2.1:8311", 421), ("", 421),
        ("localhost.elsewhere.example:8311", 421),
    ],
)  # fmt: skip
def test_another_name_for_this_machine_is_refused(site: Served, host: str, status: int) -> None:
    visitor = Visitor(site.address)
    answer = visitor._client.get("/", headers={"Host": host})
    assert answer.status_code == status
