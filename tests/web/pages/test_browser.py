"""The pages in a real browser: by keyboard alone, without scripts, small and large, in light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser

import afterrun
from afterrun.rulebook import read_yaml
from afterrun.rulebook.schema import Question
from afterrun.verify.cases import read_cases
from tests.support.paths import DATA, EXAMPLES
from tests.support.web.browsers import Look, Scheme, Screen
from tests.support.web.visits import Served
from tests.web.pages.test_own_files import RUNNING

pytestmark = [pytest.mark.process, pytest.mark.slow]

CASE = next(iter(read_cases([("cases.jsonl", (DATA / "cases.jsonl").read_text(encoding="utf-8"))])))
ENDED = {**CASE.answers, "event_in_weeks": None}
"""Its answers with what was passed over, so that nothing is asked any more."""


def typed(screen: Screen, question: Question, intake: Mapping[str, Any]) -> None:
    """Answer with keys alone: Tab, Space, arrows, digits, Enter."""
    value = intake.get(question.id)
    page = screen.page
    if value is None:
        screen.press("Skip this question")
        return
    texts = {each.id: each.text for each in question.options} | {
        str(key): f"{key}: {text}" for key, text in question.labels.items()
    }
    if question.options and question.type == "multi":
        for each in sorted(value, key=list(texts).index):
            screen.tab_to(texts[each])
            page.keyboard.press("Space")
    elif page.locator("input#answer[type=radio]").count():
        screen.tab_to(next(iter(texts.values())))
        while True:
            page.keyboard.press("Space")
            if screen.focused == texts[str(value)]:
                break
            page.keyboard.press("ArrowDown")
    else:
        screen.tab_to("answer")
        page.keyboard.type(f"{value} {intake['volume_unit']}" if question.quantity else str(value))
    screen.press("Continue")


def asked(screen: Screen) -> str:
    found = screen.page.locator("input[name=question]")
    return found.first.get_attribute("value") or "" if found.count() else ""


@pytest.mark.parametrize("width", [390, 1280])
def test_an_interview_by_keyboard_alone_and_without_scripts_ends_in_the_result(
    site: Served, rulebook: afterrun.Rulebook, browser: Browser, width: int
) -> None:
    with Screen(browser, site.address, width, java_script_enabled=False) as screen:
        page = screen.page
        page.keyboard.press("Tab")
        assert screen.focused == "Go to the text"
        screen.press("Begin")
        while name := asked(screen):
            typed(screen, rulebook.questions[name], CASE.answers)
        screen.press("Show the result")
        result = afterrun.assess(rulebook, CASE.answers)
        assert page.locator("h1").inner_text() == rulebook.triage[result.triage].name
        for pattern, level in result.patterns.items():
            assert f"{rulebook.patterns[pattern].called}: {level}" in page.inner_text("main")
        screen.tab_to("The rest, with how and why")
        assert not page.get_by_text("Your plan in numbers").is_visible()
        page.keyboard.press("Enter")
        assert page.get_by_text("Your plan in numbers").is_visible()
        screen.press("Show the weeks of the plan")
        assert page.get_by_text("Week 1", exact=False).first.is_visible()
        assert all(each.startswith(site.address) and "?" not in each for each in screen.asked)
        assert screen.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_red_flag_is_on_the_screen_at_once(
    site: Served, rulebook: afterrun.Rulebook, browser: Browser, width: int
) -> None:
    signs = {each.id: each.text for each in rulebook.questions["warning_signs"].options}
    with Screen(browser, site.address, width) as screen:
        screen.press("Begin")
        screen.tab_to("answer")
        screen.page.keyboard.type("41")
        screen.press("Continue")
        screen.tab_to(signs["saddle_bladder"])
        screen.page.keyboard.press("Space")
        screen.press("Continue")
        level = rulebook.triage["emergency"]
        assert screen.page.get_by_role("heading", name=level.name).is_visible()
        told = screen.page.get_by_role("alert")
        assert level.do in told.inner_text()
        box = told.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 640, "what to do now stands below the screen"
        screen.press("Show the result")
        assert level.do in screen.page.inner_text("main")
        assert not any(each.called in screen.page.inner_text("body") for each in rulebook.patterns.values())
        assert screen.complaints == []


def test_what_is_wrong_has_the_focus_and_leads_to_its_field(site: Served, browser: Browser) -> None:
    with Screen(browser, site.address) as screen:
        screen.press("Begin")
        screen.press("Continue")
        assert screen.focused.startswith("This is not an answer yet")
        assert screen.page.title().startswith("Error: ")
        screen.page.keyboard.press("Tab")
        screen.page.keyboard.press("Enter")
        assert screen.focused == "answer"
        field = screen.page.locator("#answer")
        assert field.get_attribute("aria-invalid") == "true"


def test_back_in_the_browser_is_the_page_before_as_it_was_left(site: Served, browser: Browser) -> None:
    """No question of the browser's own comes between, though no page may be kept; nor after a reload."""
    with Screen(browser, site.address) as screen:
        page = screen.page
        screen.press("Begin")
        screen.tab_to("answer")
        page.keyboard.type("41")
        screen.press("Continue")
        screen.tab_to("None of these")
        page.keyboard.press("Space")
        screen.press("Continue")
        assert asked(screen) == "injury_onset"
        page.go_back()
        assert asked(screen) == "warning_signs"
        assert page.get_by_label("None of these").is_checked()
        page.go_back()
        assert page.locator("#answer").input_value() == "41"
        page.go_forward()
        page.go_forward()
        assert asked(screen) == "injury_onset"
        page.reload()
        page.locator("input[name=question]").first.wait_for(state="attached")
        assert asked(screen) == "injury_onset"
        # A page of its own lies between, and none of the steps is in memory any more.
        screen.send("/plan", {"token": "x"})
        page.go_back()
        page.get_by_text("injury", exact=False).first.wait_for()
        assert asked(screen) == "injury_onset"
        page.go_back()
        page.get_by_label("None of these").wait_for()
        assert asked(screen) == "warning_signs"
        screen.press("Your answers so far")
        assert "41 years" in page.inner_text("main")
        assert all(each.startswith(site.address) and "?" not in each for each in screen.asked)


def test_what_is_refused_leads_back_by_a_button_where_scripts_run(site: Served, browser: Browser) -> None:
    with Screen(browser, site.address) as screen:
        screen.press("Begin")
        screen.page.evaluate("document.querySelector('[name=token]').value = 'x'")
        screen.press("Continue")
        assert "cannot be read" in screen.page.inner_text("h1")
        screen.tab_to("Back to the page before")
        screen.page.keyboard.press("Enter")
        screen.page.locator("#answer").wait_for()
    with Screen(browser, site.address, java_script_enabled=False) as screen:
        screen.send("/question", {"token": "x"})
        assert not screen.page.get_by_text("Back to the page before").is_visible()
        assert "browser" not in screen.page.inner_text("main")


def test_without_a_connection_the_page_stays_and_says_so(site: Served, browser: Browser) -> None:
    with Screen(browser, site.address) as screen:
        page = screen.page
        screen.press("Begin")
        page.locator("#answer").fill("41")
        page.context.set_offline(True)
        page.get_by_role("button", name="Continue").click()
        page.get_by_text("Nothing is lost: try again").wait_for()
        page.context.set_offline(False)
        screen.press("Continue")
        assert asked(screen) == "warning_signs"


def kinds(site: Served, rulebook: afterrun.Rulebook) -> dict[str, tuple[str, dict[str, str]]]:
    """A page of each kind: where it is asked for, and what is sent."""
    safe = {name: CASE.answers[name] for name in list(CASE.answers)[:7]}
    ended, early, begun = (
        site.seal(rulebook, each)
        for each in (ENDED, {"age_years": 41, "warning_signs": ["saddle_bladder"]}, safe)
    )
    flagged = site.seal(rulebook, {"age_years": 41, "warning_signs": ["calf_swollen"]})
    amount = {key: CASE.answers[key] for key in CASE.answers if not key.startswith("volume")}
    ask = {"token": site.seal(rulebook, amount), "question": "volume_last_week"}
    return {
        "several": ("/question", {"token": begun}),
        "amount": ("/question", ask),
        "wrong number": ("/question", {**ask, "do": "answer", "answer": "much"}),
        "wrong choice": ("/question", {"token": begun, "question": "pain_site", "do": "answer"}),
        "alarm": ("/question", {"token": flagged}),
        "red flag": ("/question", {"token": early}),
        "end": ("/question", {"token": ended}),
        "answers": ("/answers", {"token": ended}),
        "result": ("/result", {"token": ended}),
        "print": ("/result", {"token": ended, "do": "print"}),
        "emergency": ("/result", {"token": early}),
        "why": ("/why", {"token": ended}),
        "proof": ("/why", {"token": ended, "conclusion": "pattern.patellar_tendon.likely"}),
        "plan": ("/plan", {"token": ended}),
        "wrong day": ("/plan", {"token": ended, "start": "soon"}),
        "exercises": ("/exercises", {"token": ended}),
        "forged": ("/question", {"token": "x"}),
    }


LOOKS = (
    Look(320, "light"),
    Look(390, "dark"),
    Look(1280, "dark"),
    Look(390, "light", "active"),
    Look(320, "dark", "active", "reduce"),
)


def test_every_kind_of_page_is_open_to_everybody(
    site: Served, rulebook: afterrun.Rulebook, browser: Browser
) -> None:
    faults = {}
    with Screen(browser, site.address) as screen:
        faults["start"] = screen.faults_in(LOOKS)
        for kind, (path, sent) in kinds(site, rulebook).items():
            screen.send(path, sent)
            assert screen.page.locator("h1").count() == 1
            faults[kind] = screen.faults_in(LOOKS)
    assert {kind: found for kind, found in faults.items() if found} == {}


def test_a_fault_is_found_in_the_look_that_has_it(browser: Browser) -> None:
    html = """<!doctype html><html lang="en"><title>A page</title><main><h1>Word</h1></main><style>
        h1 { color: black; background: white; transition: color .2s }
        @media (prefers-color-scheme: dark) { h1 { color: #ccc } }
        @media (forced-colors: active) { main { width: 500px } }
        @media (max-width: 330px) { h1 { width: 500px } }</style></html>"""
    with Screen(browser, "about:blank") as screen:
        screen.page.set_content(html)
        (dark,) = screen.faults_in([Look(390, "light"), Look(390, "dark")])
        assert "scheme='dark'" in dark
        assert "color-contrast" in dark
        wide = screen.faults_in([Look(390, "light"), Look(320, "light"), Look(390, "light", "active")])
        assert [each.rpartition(": ")[2] for each in wide] == ["188 pixels too wide", "118 pixels too wide"]


def test_what_is_printed_has_no_buttons_and_all_that_is_folded(
    site: Served, rulebook: afterrun.Rulebook, browser: Browser
) -> None:
    with Screen(browser, site.address, 1280, "dark") as screen:
        page = screen.page
        screen.send("/result", {"token": site.seal(rulebook, ENDED)})
        assert page.locator("button").first.is_visible()
        page.emulate_media(media="print")
        assert not page.locator("button").first.is_visible()
        assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(31, 42, 46)"
        assert (
            page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            == "rgb(255, 255, 255)"
        )


def test_a_picture_is_dark_in_the_dark_and_says_that_more_of_it_lies_aside(
    site: Served, rulebook: afterrun.Rulebook, browser: Browser
) -> None:
    looks = (
        "each => [getComputedStyle(each).filter !== 'none',"
        " each.clientWidth > each.parentElement.clientWidth]"
    )
    hint = "Move the picture sideways"
    for width, scheme in ((320, "dark"), (1280, "light")):
        with Screen(browser, site.address, width, scheme) as screen:  # type: ignore[arg-type]
            screen.send("/plan", {"token": site.seal(rulebook, ENDED)})
            dark, wider = screen.page.locator("figure.weeks svg").evaluate(looks)
            assert (dark, wider) == (scheme == "dark", width == 320)
            assert screen.page.get_by_text(hint).is_visible() == wider
            screen.page.emulate_media(media="print")
            dark, _ = screen.page.locator("figure.weeks svg").evaluate(looks)
            assert not dark
            assert not screen.page.get_by_text(hint).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_files_are_given_on_a_phone_and_their_newest_weeks_are_seen_first(
    site: Served, rulebook: afterrun.Rulebook, browser: Browser, scheme: Scheme
) -> None:
    story = read_yaml((EXAMPLES / "readme.yaml").read_text(encoding="utf-8"), "readme.yaml").data
    given = {name: each for name, each in story.items() if not name.startswith(RUNNING)}
    with Screen(browser, site.address, 390, scheme) as screen:
        screen.send("/question", {"token": site.seal(rulebook, given), "do": "go"})
        screen.page.get_by_text("Take it from your watch or app").click()
        screen.page.set_input_files("#file", EXAMPLES / "runs.csv")
        screen.click("Read my files")
        figure = screen.page.locator("figure.weeks")
        box = figure.bounding_box()
        assert box is not None
        right = figure.locator("svg").evaluate("svg => svg.getBoundingClientRect().right")
        assert right <= box["x"] + box["width"] + 1
        assert screen.faults() == []
        assert screen.complaints == []
