"""Result, proofs, plan and calendar on pages; and what holds of every page."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import date
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from ical.calendar_stream import IcsCalendarStream

import afterrun
import draw_icons
from afterrun.assessment import Case
from afterrun.explanation import explanations_of
from afterrun.intake import as_intake, raw_intakes, read_intake
from afterrun.schedule import Preferences
from afterrun.telling import View, plan_page
from afterrun.verify.cases import read_cases
from afterrun_web.app import create_app
from afterrun_web.drawing import assets
from afterrun_web.requests.guard import HEADERS
from afterrun_web.requests.origins import API, FHIR, HOOKS, is_below
from tests.support.cli_runs import SAMPLE
from tests.support.paths import DATA
from tests.support.web.pages import Page
from tests.support.web.visits import SETTINGS, Served, Visitor


@pytest.fixture(scope="module")
def answers(rulebook: afterrun.Rulebook) -> dict[str, object]:
    with SAMPLE.open("rb") as stream:
        read = read_intake(rulebook, next(raw_intakes(stream, "sample", None)))
    return {key: value for key, value in as_intake(rulebook, read).items() if key != "record_id"}


@pytest.fixture
def visitor(site: Served, rulebook: afterrun.Rulebook, answers: dict[str, object]) -> Visitor:
    """At the result of the sample."""
    return Visitor(site.address).post("/result", data={"token": site.seal(rulebook, answers)})


def test_the_icons_are_those_that_are_drawn() -> None:
    drawing = draw_icons.drawing_of((draw_icons.STATIC / "icon.svg").read_text("utf-8"))
    for name, (size, whole) in draw_icons.ICONS.items():
        kept = (draw_icons.STATIC / name).read_bytes()
        assert struct.unpack(">II", kept[16:24]) == (size, size)
        if size < 200:
            body = kept.partition(b"IDAT")[2]
            drawn = draw_icons.pixels(drawing, size, whole=whole)
            rows = [b"\0" + drawn[at : at + size * 4] for at in range(0, len(drawn), size * 4)]
            assert zlib.decompressobj().decompress(body) == b"".join(rows)


def test_the_result_has_its_rest_folded_and_all_of_it_to_print(visitor: Visitor) -> None:
    assert '<details class="more">' in visitor.html
    assert "Your plan in numbers" in visitor.text
    assert "afterrun exercises" not in visitor.text
    visitor.press("All of it, to print")
    assert "<details" not in visitor.html
    assert "Your plan in numbers" in visitor.text
    visitor.press("Back to the first screen")
    assert '<details class="more">' in visitor.html


@pytest.mark.slow
def test_every_conclusion_is_proved_down_to_answers_and_sources(
    rulebook: afterrun.Rulebook, answers: dict[str, object], visitor: Visitor
) -> None:
    case = Case.of(rulebook, answers)
    view = View(rulebook, case.answers, case.level.id, "person")
    visitor.press("Why")
    for each in explanations_of(case):
        visitor.post("/why", data={"token": visitor.token, "conclusion": each.conclusion})
        assert view.words(each.conclusion, each.value).lower() in visitor.text.lower()
        if each.proof is not None and each.proof.steps:
            assert 'class="said"' in visitor.html
            assert "From: " in visitor.text
            keys = [source for step in each.proof.steps for source in step.sources]
            visitor.post(
                "/why", data={"token": visitor.token, "conclusion": each.conclusion, "do": "sources"}
            )
            for key in keys:
                assert f"<dt>{key} " in visitor.html


def test_a_conclusion_that_is_hidden_or_unknown_is_not_proved(
    site: Served, rulebook: afterrun.Rulebook, answers: dict[str, object], visitor: Visitor
) -> None:
    token = site.seal(rulebook, {**answers, "warning_signs": ["calf_swollen"]})
    for conclusion in ("pattern.patellar_tendon.likely", "no such"):
        visitor.post("/why", data={"token": token, "conclusion": conclusion})
        assert visitor.status == 200
        assert not any(each.called in visitor.text for each in rulebook.patterns.values())


def test_the_plan_has_its_weeks_and_its_exercises_with_pictures(
    rulebook: afterrun.Rulebook, answers: dict[str, object], visitor: Visitor
) -> None:
    result = afterrun.assess(rulebook, answers)
    visitor.press("Show the weeks of the plan", start="2027-03-15")
    schedule = afterrun.weeks(rulebook, afterrun.State.of(result), date(2027, 3, 15))
    assert visitor.html.count('<span class="box"') == sum(len(each.sessions) for each in schedule.weeks[:24])
    assert "15 Mar" in visitor.text
    named = {each for session in schedule.sessions for each in session.exercises}
    if named:
        visitor.press("The exercises, with pictures")
        for each in named:
            assert rulebook.exercises[each].name in visitor.text
        assert visitor.html.count('<figure class="pose">') == len(named)
        visitor.press("Back to the plan")
        assert "15 Mar" in visitor.text
    assert "<style" not in visitor.html


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("soon", "That is no date. Write it as in 2027-03-08."),
        ("2027-03-02", "2027-03-02 is over."),
        ("2029-01-01", "more than a year away"),
        ("", "8 Mar"),
    ],
)
def test_the_first_day_is_checked(visitor: Visitor, start: str, told: str) -> None:
    visitor.press("Show the weeks of the plan", start=start)
    assert told in visitor.text
    assert visitor.status == (422 if start else 200)


def test_the_calendar_holds_every_session(
    rulebook: afterrun.Rulebook, answers: dict[str, object], visitor: Visitor
) -> None:
    visitor.press("Show the weeks of the plan")
    visitor.press("Download as a calendar", start="2027-03-15")
    assert visitor.headers["content-type"].startswith("text/calendar")
    assert visitor.headers["content-disposition"] == 'attachment; filename="plan.ics"'
    read = IcsCalendarStream.calendar_from_ics(visitor.content.decode())
    result = afterrun.assess(rulebook, answers)
    schedule = afterrun.weeks(rulebook, afterrun.State.of(result), date(2027, 3, 15))
    assert len(read.events) == len(schedule.sessions)


@pytest.mark.slow
def test_the_weeks_follow_the_days_that_suit(
    rulebook: afterrun.Rulebook, answers: dict[str, object], visitor: Visitor
) -> None:
    wishes: dict[str, str | list[str]] = {"days-all": ["mon", "wed", "sat"], "at-all": "7:30"}
    visitor.press("Show the weeks of the plan", start="2027-03-15")
    visitor.press("Show it like this", **wishes)
    chosen = Preferences(days={"all": ("mon", "wed", "sat")}, at={"all": "07:30"})
    state = afterrun.State.of(afterrun.assess(rulebook, answers))
    schedule = afterrun.weeks(rulebook, state, date(2027, 3, 15), preferences=chosen)
    days = {day.day for week in plan_page(rulebook, schedule).weeks[:24] for day in week.days}
    assert days == set(re.findall(r'aria-hidden="true"></span><span>([^,<]+),', visitor.html))
    assert "07:30" in visitor.text
    # The exercises and the way back take them along, and so does the calendar.
    visitor.press("The exercises, with pictures").press("Back to the plan")
    assert "07:30" in visitor.text
    visitor.press("Download as a calendar")
    events = IcsCalendarStream.calendar_from_ics(visitor.content.decode()).events
    assert {str(each.dtstart) for each in events} == {str(each.at) for each in schedule.sessions}


def test_a_wish_that_cannot_be_is_told_and_makes_no_calendar(visitor: Visitor) -> None:
    visitor.press("Show the weeks of the plan", start="2027-03-15")
    wrong: dict[str, str | list[str]] = {"at-all": "noon", "days-all": ["mon"]}
    for button in ("Show it like this", "Download as a calendar"):
        visitor.press(button, **wrong)
        assert visitor.status == 422
        assert "Time of day: 'noon' is no time of day; write it as in 07:30." in visitor.text
        assert "15 Mar" in visitor.text


@pytest.mark.slow
def test_a_long_plan_comes_in_pages(
    site: Served, rulebook: afterrun.Rulebook, answers: dict[str, object]
) -> None:
    texts = [
        (name, (DATA / name).read_text(encoding="utf-8")) for name in ("cases.jsonl", "more_cases.jsonl")
    ]
    long = next(case for case in read_cases(texts) if case.id == "W024")
    visitor = Visitor(site.address)
    visitor.post("/plan", data={"token": site.seal(rulebook, long.answers)})
    seen = set(re.findall(r'<th scope="row">Week (\d+)', visitor.html))
    for button in [each.words for each in visitor.buttons if each.words.startswith("Weeks ")]:
        visitor.press(button)
        assert len(visitor.content) < 60_000
        seen |= set(re.findall(r'<th scope="row">Week (\d+)', visitor.html))
    visitor.press("All of it, to print")
    assert seen == set(re.findall(r'<th scope="row">Week (\d+)', visitor.html))
    assert len(seen) > 24


def every_page(visitor: Visitor) -> list[str]:
    """A page of each kind, by its HTML."""
    token = visitor.token
    pages = [visitor.html]
    for path, more in (
        ("/answers", {}),
        ("/why", {}),
        ("/why", {"conclusion": "triage.self_care"}),
        ("/why", {"conclusion": "triage.self_care", "do": "sources"}),
        ("/plan", {}),
        ("/exercises", {}),
        ("/question", {"do": "back"}),
        ("/question", {}),
        ("/question", {"do": "answer", "question": "age_years", "answer": "x"}),
    ):
        pages.append(visitor.post(path, data={"token": token, **more}).html)
    pages += [visitor.open(path).html for path in ("/", "/nowhere", "/question")]
    return pages


def test_no_page_has_a_script_or_a_style_of_its_own_or_asks_elsewhere(visitor: Visitor) -> None:
    loaded = set()
    for html in every_page(visitor):
        assert not re.search(r"<style|\sstyle=|<script>|\son[a-z]+=", html), html
        page = Page(html)
        loaded |= set(page.loads)
        assert page.skipped_headings() == []
        assert page.headings.count(1) == 1
        assert len(page.ids) == len(set(page.ids))
        assert all(each.startswith(("#", "/", "https://", "http://")) for each in page.links)
        assert 'href="#main"' in html
    assert loaded
    for path in loaded:
        assert path.startswith("/static/") or path == "/manifest.webmanifest"
        visitor.open(path)
        assert visitor.status == 200
        for name in set(HEADERS) - {"Cache-Control"}:
            assert visitor.headers[name] == HEADERS[name]
        assert b"//" not in re.sub(
            rb"/\*.*?\*/|^ *//.*$|http://www.w3.org/2000/svg", b"", visitor.content, flags=re.M
        )


def test_every_answer_has_the_headers(visitor: Visitor) -> None:
    token = visitor.token
    for path in ("/", "/nowhere", "/question"):
        visitor.open(path)
        assert {name: visitor.headers[name] for name in HEADERS} == HEADERS
    for path in ("/question", "/answers", "/result", "/why", "/plan", "/calendar"):
        visitor.post(path, data={"token": token})
        assert {name: visitor.headers[name] for name in HEADERS} == HEADERS
        assert "server" not in visitor.headers
        assert "set-cookie" not in visitor.headers


def test_the_script_shows_in_place_what_writes_nothing() -> None:
    """Sent once more, when somebody comes back to it, each of these says the same."""
    shown = set(re.findall(r'"(/[\w/-]+)"', assets()["steps.js"].raw.decode()))
    whole = create_app(SETTINGS._replace(diary="sqlite:///nowhere", batches=Path("nowhere")))
    sent_to = {
        context.path
        for context in iter_route_contexts(whole.routes)
        if isinstance(context.path, str) and "POST" in (context.methods or ())
    }
    own_way = {each for each in sent_to - shown if not is_below(each, (API, FHIR, HOOKS))}
    assert shown <= sent_to
    assert own_way == {
        "/files",
        *("/calendar", "/batch", "/batch/runs/{id}/end", "/audit/file", "/audit/report", "/audit/summary"),
        *("/diary/start", "/diary/begin", "/diary/check-in/write", "/diary/check-in/offline"),
        *("/diary/stop", "/diary/settings", "/diary/delete", "/diary/check-in/files"),
    }
