"""The exported site in a real browser with the network cut: the same results, open to everybody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import afterrun
from afterrun.verify.cases import read_cases
from tests.support.cli_runs import run
from tests.support.paths import DATA
from tests.support.servers.static_site import Alone, exported, plainly_served
from tests.support.web.browsers import Scheme
from tests.web.pages.test_browser import CASE, asked, typed

pytestmark = [pytest.mark.process, pytest.mark.slow]

START = date(2027, 3, 1)


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with plainly_served(exported(tmp_path_factory.mktemp("some") / "place")) as served:
        yield served


def answered(
    screen: Alone, rulebook: afterrun.Rulebook, intake: Mapping[str, Any], begin: bool = True
) -> None:
    """Answer by keyboard until nothing is asked any more."""
    if begin:
        screen.press("Begin")
    while name := asked(screen):
        typed(screen, rulebook.questions[name], intake)


def told_of(result: dict[str, Any]) -> dict[str, Any]:
    """All of a result but its line in a file."""
    return {key: told for key, told in result.items() if key != "line"}


def test_every_shared_case_comes_out_as_on_the_command_line(
    address: str, rulebook: afterrun.Rulebook, browser: Browser, tmp_path: Path
) -> None:
    cases = read_cases([("cases.jsonl", (DATA / "cases.jsonl").read_text(encoding="utf-8"))])
    intakes = [dict(each.answers) for each in cases]
    file = tmp_path / "intakes.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in intakes), encoding="utf-8")
    told: list[dict[str, Any]] = [
        json.loads(line) for line in run("assess", file, "--format", "json").out.splitlines()
    ]
    with Alone(browser, address) as screen:
        screen.ready()
        found = json.loads(screen.called("results", json.dumps(intakes), START.isoformat()))
    assert len(found) == len(told) == len(intakes) > 50
    for intake, here, there in zip(intakes, found, told, strict=True):
        assert told_of(here["result"]) == told_of(there)
        state = afterrun.State.of(afterrun.assess(rulebook, intake))
        weeks = afterrun.weeks(rulebook, state, START)
        assert here["plan"] == json.loads(json.dumps(weeks.to_dict()))


@pytest.mark.parametrize(
    ("width", "scheme", "how"),
    [(390, "dark", {}), (320, "light", {"forced_colors": "active"})],
    ids=["390", "320"],
)
def test_an_interview_by_keyboard_with_the_network_cut_ends_in_the_result_and_the_plan(
    address: str,
    rulebook: afterrun.Rulebook,
    browser: Browser,
    width: int,
    scheme: Scheme,
    how: dict[str, Any],
) -> None:
    faults = {}
    with Alone(browser, address, width, scheme, **how) as screen:
        page = screen.page
        screen.ready()
        faults["start"] = screen.faults()
        screen.press("Begin")
        faults["question"] = screen.faults()
        screen.press("Continue")
        assert screen.focused.startswith("This is not an answer yet")
        faults["wrong"] = screen.faults()
        answered(screen, rulebook, CASE.answers, begin=False)
        screen.press("Show the result")
        result = afterrun.assess(rulebook, CASE.answers)
        assert page.locator("h1").inner_text() == rulebook.triage[result.triage].name
        assert screen.focused == rulebook.triage[result.triage].name
        for pattern, level in result.patterns.items():
            assert f"{rulebook.patterns[pattern].called}: {level}" in page.inner_text("main")
        assert "by one engine" in page.inner_text("footer")
        faults["result"] = screen.faults()
        screen.press("Why")
        faults["why"] = screen.faults()
        screen.press("Back to the result")
        screen.press("Show the weeks of the plan")
        assert page.get_by_text("Week 1", exact=False).first.is_visible()
        assert not page.get_by_text("Download as a calendar").count()
        faults["plan"] = screen.faults()
        screen.press("The exercises")
        faults["exercises"] = screen.faults()
        screen.click("Back to the plan")
        screen.click("Back to the result")
        screen.click("Begin anew", "link")
        assert page.locator("h1").inner_text() == rulebook.identity.title
        assert screen.elsewhere == []
        assert screen.complaints == []
        assert screen.kept() == []
    assert {kind: found for kind, found in faults.items() if found} == {}


def test_a_red_flag_is_on_the_screen_at_once(
    address: str, rulebook: afterrun.Rulebook, browser: Browser
) -> None:
    level = rulebook.triage["emergency"]
    with Alone(browser, address) as screen:
        screen.ready()
        answered(screen, rulebook, {"age_years": 41, "warning_signs": ["saddle_bladder"]})
        assert level.do in screen.page.get_by_role("alert").inner_text()
        screen.press("Show the result")
        assert level.do in screen.page.inner_text("main")
        assert not any(each.called in screen.page.inner_text("body") for each in rulebook.patterns.values())


def test_a_reload_and_the_browsers_back_lose_nothing(
    address: str, rulebook: afterrun.Rulebook, browser: Browser
) -> None:
    with Alone(browser, address) as screen:
        page = screen.page
        screen.press("Begin")
        screen.tab_to("answer")
        page.keyboard.type("41")
        screen.press("Continue")
        screen.tab_to("None of these")
        page.keyboard.press("Space")
        screen.press("Continue")
        third = asked(screen)
        page.reload()
        page.locator("input[name=question]").first.wait_for(state="attached", timeout=60_000)
        assert asked(screen) == third == "injury_onset"
        page.go_back()
        page.locator("input[name=answer][type=checkbox]").first.wait_for()
        screen.press("Your answers so far")
        assert "41 years" in page.inner_text("main")
        assert all("?" not in each and "#" not in each for each in screen.asked)


def test_nothing_can_leave_not_even_from_python(address: str, browser: Browser) -> None:
    with Alone(browser, address) as screen:
        screen.page.locator("html[data-ready]").wait_for(timeout=60_000)
        ask = "address => fetch(address).then(() => 'left', () => 'refused')"
        elsewhere = address.replace("127.0.0.1", "localhost")
        (worker,) = screen.page.workers
        assert worker.evaluate(ask, elsewhere) == "refused"
        assert screen.page.evaluate(ask, elsewhere) == "refused"
        assert screen.elsewhere == [], "the policy did not refuse it, only this test did"
        assert len([each for each in screen.complaints if "connect-src 'self'" in each])


def test_who_cannot_work_it_out_is_told_what_to_do(address: str, browser: Browser) -> None:
    with Alone(browser, address, java_script_enabled=False) as screen:
        assert "need JavaScript" in screen.page.inner_text("main")
    with Alone(browser, address) as screen:
        screen.page.route("**/memory.bin", lambda route: route.abort())
        screen.page.reload()
        told = screen.page.get_by_role("status").filter(has_text="get help")
        told.wait_for(timeout=60_000)
        assert "Load the page again" in told.inner_text()


def test_what_is_not_here_is_said(address: str, rulebook: afterrun.Rulebook, browser: Browser) -> None:
    now = "2027-03-03T12:00:00+01:00"
    with Alone(browser, address) as screen:
        screen.ready()
        assert "This is not here" in screen.called("answer", "/calendar", "", now)
        assert "cannot be read" in screen.called("answer", "/question", "token=x", now)
        begun = screen.called("answer", "/question", "", now)
        later = screen.called("answer", "/question", form_of(begun), "2027-03-05T12:00:00+01:00")
        assert "Please answer once more" in later


def form_of(html: str) -> str:
    """What the form of a page carries."""
    return "token=" + html.partition('name="token" value="')[2].partition('"')[0]
