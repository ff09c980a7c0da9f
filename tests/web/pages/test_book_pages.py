"""The rulebook on pages: each thing at an address of its own, found by its words, and logged nowhere."""

from __future__ import annotations

import logging
from typing import Any

import httpx2
import pytest

import afterrun
from afterrun.telling import SHELVES, Shelf
from afterrun_web.pages.book import A_PAGE, link
from afterrun_web.requests.guard import HEADERS
from tests.support.web.accounts import Clock, Guest, shared_server
from tests.support.web.browsers import Screen, chromium
from tests.support.web.pages import Page
from tests.support.web.visits import Served, Visitor
from tests.web.pages.test_browser import ENDED

pytestmark = pytest.mark.slow

LARGEST = 60_000


@pytest.fixture
def visitor(site: Served) -> Visitor:
    return Visitor(site.address)


def test_every_link_of_the_book_leads_to_a_small_page_and_every_leaf_is_reached(
    site: Served, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    shelf = Shelf({"": rulebook, "checkin": checkin_part})
    leaves = {link(each.shelf, each.key) for each in shelf.leaves}
    with httpx2.Client(base_url=site.address) as client:
        waiting, seen = {"/rulebook"}, set[str]()
        while waiting:
            path = waiting.pop()
            seen.add(path)
            # Of the leaves some are asked for, since there are many.
            if path in leaves and len(seen) % 8:
                continue
            response = client.get(path)
            assert response.status_code == 200, path
            assert len(response.content) < LARGEST, path
            page = Page(response.text)
            assert page.headings.count(1) == 1, path
            assert page.skipped_headings() == [], path
            assert len(page.ids) == len(set(page.ids)), path
            assert "style=" not in response.text.replace("stylesheet", ""), path
            waiting |= {each for each in page.links if each.startswith("/rulebook")} - seen
    assert leaves <= seen


def test_a_rule_tells_what_the_static_book_tells(visitor: Visitor, rulebook: afterrun.Rulebook) -> None:
    for rule in [each for each in rulebook.rules.values() if each.written is not None][::40]:
        visitor.open(f"/rulebook/rules/{rule.id}")
        assert " ".join(rule.because.split()) in visitor.text
        links = Page(visitor.html).links
        for source in rule.sources:
            shelf = "statements" if source.startswith(("article:", "row:")) else "sources"
            assert f"/rulebook/{shelf}/{source}" in links
        for name in rule.conclusions:
            assert f"/rulebook/conclusions/{name}" in links


def test_what_is_found_stands_with_its_words_marked(visitor: Visitor) -> None:
    visitor.open("/rulebook/search?q=chest+pain")
    assert "with all of these words" in visitor.text
    assert "<mark>Chest</mark>" in visitor.html or "<mark>chest</mark>" in visitor.html
    assert "/rulebook/questions/warning_signs" in Page(visitor.html).links
    assert {name: visitor.headers[name] for name in HEADERS} == HEADERS
    visitor.open("/rulebook/search?q=patellar+tendom")
    meant = next(each for each in Page(visitor.html).links if "?q=patellar" in each)
    assert "with all of these words" in visitor.open(meant).text
    assert "Type a word" in visitor.open("/rulebook/search").text


def test_a_long_list_comes_in_parts(visitor: Visitor) -> None:
    first = Page(visitor.open("/rulebook/search?q=knee").html)
    part = next(each for each in first.links if "part=2" in each)
    assert part == "/rulebook/search?q=knee&part=2"
    assert f"{A_PAGE + 1} to" in first.text
    second = Page(visitor.open(part).html)
    leaves = [{each for each in page.links if each.count("/") == 3} for page in (first, second)]
    assert not leaves[0] & leaves[1]
    for wrong in ("0", "999999999999", "x", "²", "-1", ""):
        assert visitor.open(f"/rulebook/rules?part={wrong}").status == 200


@pytest.mark.parametrize("q", ["<script>alert(1)</script>", '"><b>', "é\u202e\x1b[31m", "x" * 5000, "%00"])
def test_what_is_looked_for_is_shown_as_text(site: Served, q: str) -> None:
    with httpx2.Client(base_url=site.address) as client:
        response = client.get("/rulebook/search", params={"q": q})
    assert response.status_code == 200
    assert "<script>" not in response.text
    assert "<b>" not in response.text
    assert "\u202e" not in response.text
    assert len(response.content) < LARGEST


@pytest.mark.parametrize(
    "path", ["/rulebook/nowhere", "/rulebook/rules/nowhere", "/rulebook/graph", "/rulebook/x/y"]
)
def test_what_the_book_does_not_tell_of_is_no_page(visitor: Visitor, path: str) -> None:
    assert visitor.open(path).status == 404
    assert "/rulebook" in Page(visitor.html).links


@pytest.mark.parametrize("page", ["/why", "/audit/why"])
def test_a_proof_and_the_first_page_lead_to_the_rules(
    site: Served, visitor: Visitor, rulebook: afterrun.Rulebook, page: str
) -> None:
    assert "/rulebook" in Page(visitor.html).links
    proof = {"token": site.seal(rulebook, ENDED), "conclusion": "pattern.patellar_tendon.likely"}
    visitor.post(page, data=proof)
    rules = [each for each in Page(visitor.html).links if each.startswith("/rulebook/rules/")]
    assert rules
    # The page that holds the answers stays open.
    assert all(f'href="{each}" target="_blank"' in visitor.html for each in rules)
    assert "Waits for" in visitor.open(rules[0]).text


def test_whoever_has_an_account_reads_it_and_no_log_says_what(
    tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with shared_server(tmp_path, Clock()) as server:
        stranger = Guest(server).open("/rulebook/search?q=swollen")
        assert stranger.sent[-1].endswith("/sign-in")
        for name in ("anna", "dr. carla"):
            assert "places with this word" in Guest(server, name).open("/rulebook/search?q=swollen").text
    said = [each.getMessage() for each in caplog.records if not each.name.startswith("http")]
    assert not [each for each in said if "swollen" in each]


@pytest.mark.process
def test_a_browser_without_scripts_searches_by_keyboard_and_comes_back(site: Served) -> None:
    with chromium() as browser:
        with Screen(browser, site.address, java_script_enabled=False) as screen:
            page = screen.page
            screen.tab_to("Read and search it", 90)
            with screen.turned():
                page.keyboard.press("Enter")
            screen.tab_to("q")
            page.keyboard.type("chest pain")
            with screen.turned():
                page.keyboard.press("Enter")
            found = page.url
            with screen.turned():
                page.locator(".leaves a[href*='/rules/']").first.click()
            assert page.get_by_role("heading", name="When").is_visible()
            with screen.turned():
                page.go_back()
            assert page.url == found
            assert page.locator("#q").input_value() == "chest pain"
            assert all(each.startswith(site.address) for each in screen.asked)
            assert screen.complaints == []
        paths = [f"/{name}" for name in SHELVES]
        paths += [
            "",
            "/questions/warning_signs",
            "/conclusions/pattern.patellar_tendon.likely",
            "/care/exercise-back_squat",
            "/statements/row:CK08",
            "/search?q=chest+pain",
            "/search?q=patellar+tendom",
            "/rules/running-waits-for-the-tendon",
        ]
        faults: dict[object, list[str]] = {}
        ways: tuple[tuple[int, Any, Any], ...] = (
            (320, "light", "none"),
            (1280, "dark", "none"),
            (320, "dark", "active"),
        )
        for width, scheme, colours in ways:
            with Screen(browser, f"{site.address}/rulebook", width, scheme, forced_colors=colours) as screen:
                for path in paths if width == 320 and scheme == "light" else paths[-3:]:
                    screen.page.goto(f"{site.address}/rulebook{path}")
                    faults[path, width, scheme] = screen.faults()
                assert screen.complaints == []
        assert {page: found for page, found in faults.items() if found} == {}
