"""Another rulebook on the pages and behind the API: nothing of the first one comes along."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import afterrun
from afterrun.intake import as_intake, raw_intakes, read_intake
from tests.support.rulebooks.second import INTAKE, MOULD, strange_words
from tests.support.web.pages import Page
from tests.support.web.visits import SETTINGS, Served, Visitor, served

MOST_PAGES = 400
"""A walk that is longer has gone in circles."""


@pytest.fixture(scope="module")
def mould_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the second rulebook, which takes files and would keep diaries."""
    folder = tmp_path_factory.mktemp("mould")
    kept = SETTINGS._replace(rulebook=MOULD, batches=folder / "batch", diary=f"sqlite:///{folder}/diary.db")
    with served(kept) as server:
        yield server


@pytest.fixture(scope="module")
def walked(mould_site: Served) -> dict[str, str]:
    """Every page that links and buttons lead to, by how one came there."""
    rulebook = afterrun.load_rulebook(MOULD)
    with INTAKE.open("rb") as stream:
        answers = as_intake(rulebook, read_intake(rulebook, next(raw_intakes(stream, "intake", None))))
    visitor, found = Visitor(mould_site.address), dict[str, str]()
    ways: list[tuple[str, dict[str, list[str]] | None]] = [
        ("/", None),
        ("/result", {"token": [mould_site.seal(rulebook, answers)]}),
        ("/audit", {"intake": [INTAKE.read_text("utf-8")]}),
        *((path, None) for path in ("/batch", "/manifest.webmanifest", "/nowhere")),
    ]
    while ways:
        assert len(found) < MOST_PAGES
        path, fields = ways.pop(0)
        told = {name: values for name, values in (fields or {}).items() if name not in ("token", "intake")}
        name = path if fields is None else f"{path} {told}"
        if name in found:
            continue
        if fields is None:
            visitor.open(path)
        else:
            visitor.post(path, data=fields)
        found[name] = visitor.html or visitor.content.decode()
        links = {link.partition("#")[0] for link in Page(visitor.html).links if link.startswith("/")}
        ways += [(link, None) for link in sorted(links)]
        for button in visitor.buttons:
            sent: dict[str, list[str]] = {}
            for key, value in button.fields:
                sent.setdefault(key, []).append(value)
            ways.append((button.action, sent))
    return found


@pytest.mark.slow
def test_every_page_of_another_rulebook_is_of_that_one_alone(walked: dict[str, str]) -> None:
    kinds = {name.split()[0].partition("?")[0] for name in walked}
    wanted = {
        "/",
        "/question",
        "/answers",
        "/result",
        "/why",
        "/plan",
        "/calendar",
        "/audit",
        "/rulebook",
        "/batch",
    }
    assert wanted <= kinds
    assert {
        f"/rulebook/{shelf}" for shelf in ("rules", "questions", "conclusions", "care", "sources")
    } <= kinds
    assert {name: strange_words(page) for name, page in walked.items() if strange_words(page)} == {}


@pytest.mark.slow
def test_no_page_leads_to_a_diary_that_is_not_there(walked: dict[str, str]) -> None:
    assert not [name for name in walked if name.startswith(("/diary", "/rulebook/statements"))]
    assert "How to read it" in walked["/rulebook"]
    assert "article" not in Page(walked["/rulebook"]).text


def test_what_can_be_chosen_of_weeks_without_an_amount(walked: dict[str, str]) -> None:
    plan = next(page for name, page in walked.items() if name.startswith("/plan"))
    assert "Look at the place: days" in Page(plan).text
    assert 'name="runs"' not in plan
    assert 'name="long-run"' not in plan


def test_the_api_describes_another_rulebook_and_no_check_in(mould_site: Served) -> None:
    visitor = Visitor(mould_site.address)
    for path in ("/api/openapi.json", "/api/rulebook"):
        told = visitor.open(path).content.decode()
        assert visitor.status == 200
        assert strange_words(told) == []
        assert "CheckIn" not in told
    assert visitor.post("/api/checkin", json={}).status == 404
    sent = {"intake": {"signs": ["none_of_these"]}, "start": "2027-03-01", "preferences": {"runs": 2}}
    assert visitor.post("/api/plan", json=sent).status == 422
    assert strange_words(visitor.content.decode().replace("preferences.runs", "")) == []
