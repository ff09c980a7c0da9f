"""The one page for whoever treats the knee: one page it is, of whatever intake or diary, on either paper."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import afterrun
from afterrun.diary import Diary, schedules_of
from afterrun.rulebook.schema import Question
from afterrun.telling import (
    Handover,
    Paper,
    as_pdf,
    diary_handover,
    fitted,
    handover_html,
    handover_of,
    phase_words,
)
from tests.diary.test_earlier import as_of_old
from tests.diary.test_onward import PART, RUNNER, lived, ran
from tests.schedule.test_weeks import WEAK
from tests.support.diaries.simulation import history_of, year_of
from tests.support.diaries.weeks import at, end_of, enrol, report
from tests.support.paths import DATA
from tests.support.readers.pdfs import page_count, page_width
from tests.support.web.browsers import Screen
from tests.support.web.pages import Page

PAPERS: tuple[Paper, ...] = ("a4", "letter")
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case["answers"]
    for name in ("cases.jsonl", "more_cases.jsonl")
    for line in (DATA / name).read_text(encoding="utf-8").splitlines()
    for case in [json.loads(line)]
}
LEAST = 8.4
"""Points of the smallest words."""


def longest_answer(question: Question) -> Any:
    """What takes most room: every option, the longest option, the largest number."""
    if question.type in ("single", "multi"):
        options = [each for each in question.options if not each.alone]
        options.sort(key=lambda each: -len(each.clinician or each.text))
        ids = [each.id for each in options]
        return ids[0] if question.type == "single" else ids[: question.max_choices]
    return 1234.5 if question.quantity else int(question.at_most or 0)


def longest(rulebook: afterrun.Rulebook) -> dict[str, Any]:
    answers = {each.id: longest_answer(each) for each in rulebook.questions.values()}
    return {**answers, "volume_unit": "min", "record_id": "W" * 200}


def calm(rulebook: afterrun.Rulebook) -> dict[str, Any]:
    """The longest answers with which a plan is given."""
    safe = {
        each.id: ["none"]
        for each in rulebook.questions.values()
        if rulebook.sections[each.section].safety and each.type == "multi"
    }
    return {**longest(rulebook), **safe, "age_years": 44, "injury_onset": "no", "worst_pain": 5}


def page_of(rulebook: afterrun.Rulebook, answers: dict[str, Any]) -> Handover:
    return handover_of(rulebook, afterrun.read_answers(rulebook, answers), "compiled")


def pages_in(handover: Handover, paper: Paper) -> int:
    """Pages of the PDF, whose size is that of the paper."""
    pytest.importorskip("weasyprint", reason="the extra 'pdf' is not installed", exc_type=ImportError)
    try:
        pdf = as_pdf(handover_html(handover, paper))
    except OSError:
        pytest.skip("no pango here: the PDF was not made")
    assert page_width(pdf) == pytest.approx({"a4": 595.3, "letter": 612}[paper], abs=0.5)
    return page_count(pdf)


def stopped(tmp_path: Path) -> Any:
    """The diary of someone whom a sign stopped, and who has not been seen."""
    diary = Diary(str(tmp_path / "diary.sqlite"))
    enrol(diary, PART)
    for week in range(1, 5):
        report(diary, PART, week, volume_done=12, run_pain=0)
    day = end_of(6) - timedelta(days=3)
    diary.check_in(PART, diary.history("me"), {"new_warning_signs": ["calf_swollen"]}, day, at(day))
    history = diary.history("me")
    diary.close()
    return history


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("paper", PAPERS)
def test_every_intake_fits_on_one_page(rulebook: afterrun.Rulebook, paper: Paper) -> None:
    usable = [each for each in CASES.values() if "volume_unit" in each]
    spread = [*usable[::12], longest(rulebook), calm(rulebook), {}]
    found = {place: pages_in(page_of(rulebook, answers), paper) for place, answers in enumerate(spread)}
    assert {place: pages for place, pages in found.items() if pages != 1} == {}


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.filterwarnings("default")
def test_every_diary_fits_on_one_page(tmp_path: Path) -> None:
    years = [history_of(year_of(PART, seed)) for seed in (1, 2, 3, 5)]
    weeks = [year._replace(check_ins=year.check_ins[:20]) for year in years]
    for history in (*weeks, years[0], stopped(tmp_path)):
        told = diary_handover(PART, history, "compiled")
        assert [pages_in(told, paper) for paper in PAPERS] == [1, 1]


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("paper", PAPERS)
def test_a_browser_prints_one_page_too(
    rulebook: afterrun.Rulebook, browser: Browser, paper: Paper, tmp_path: Path
) -> None:
    year = history_of(year_of(PART, 1))
    for name, told in (
        ("calm", page_of(rulebook, calm(rulebook))),
        ("year", diary_handover(PART, year, "compiled")),
    ):
        file = tmp_path / f"{name}.html"
        file.write_text(handover_html(told, paper), encoding="utf-8")
        with Screen(browser, file.as_uri(), 800) as screen:
            assert page_count(screen.page.pdf(prefer_css_page_size=True)) == 1


@pytest.mark.parametrize("paper", PAPERS)
def test_what_has_no_room_is_counted_and_nothing_is_shrunk(rulebook: afterrun.Rulebook, paper: Paper) -> None:
    told = page_of(rulebook, calm(rulebook))
    sheet = fitted(told, paper)
    blocks = [block for column in sheet.columns for block in column]
    shown, left_out = sum(len(each.items) for each in blocks), sum(each.left_out for each in blocks)
    assert left_out > 0
    assert shown + left_out == sum(len(each.items) for each in (told.answers, *told.told))
    html = handover_html(told, paper)
    assert all(f"and {each.left_out} more: see the full report" in html for each in blocks if each.left_out)
    sizes = [float(size) for size in re.findall(r"\.handover[^{}]*\{[^}]*font-size: ([0-9.]+)pt", html)]
    assert sizes
    assert min(sizes) >= LEAST


def test_words_of_the_picture_are_no_smaller_than_the_others() -> None:
    picture = diary_handover(PART, lived(RUNNER, ran(18)), "compiled").picture
    assert picture is not None
    smallest = min(float(size) for size in re.findall(r"font(?:-size)?:([0-9]+)px", picture.svg))
    across = 595.3 - 2 * 31
    assert smallest * across / picture.width >= LEAST


def test_the_answers_that_matter_stand_in_proofs_of_what_was_concluded(rulebook: afterrun.Rulebook) -> None:
    answers = CASES["V001"]
    shown = {item.name for item in page_of(rulebook, answers).answers.items}
    behind: set[str] = set()
    for each in afterrun.explain(rulebook, answers, engine="compiled"):
        if each.value and each.proof is not None:
            behind |= questions_in(each.proof.to_dict())
    asked = {rulebook.questions[name].ask for name in behind}
    clear = next(item for item in page_of(rulebook, answers).answers.items if item.rank < 0)
    assert shown - {clear.name} <= asked
    assert all(ask in shown or ask in clear.name for ask in asked)
    # What no proof rests on is left to the full report.
    assert rulebook.questions["event_in_weeks"].ask not in shown


def questions_in(proof: Any) -> set[str]:
    """The questions in a proof as JSON, however deep."""
    if isinstance(proof, dict):
        own = set(proof["answers"]) if isinstance(proof.get("answers"), dict) else set()
        return own.union(*(questions_in(each) for each in proof.values()))
    return set().union(*(questions_in(each) for each in proof)) if isinstance(proof, list | tuple) else set()


def test_without_a_plan_it_says_what_to_do_first_and_marks_what_the_runner_is_not_shown(
    rulebook: afterrun.Rulebook,
) -> None:
    told = page_of(rulebook, {**CASES["V001"], "warning_signs": ["calf_swollen"]})
    text = Page(handover_html(told)).text
    level = rulebook.triage["urgent"]
    assert told.urgent
    assert level.do not in text
    assert text.index(level.clinician) < text.index("Patterns (not shown to the person)")
    assert f"{rulebook.patterns['patellar_tendon'].called}: likely" in text
    assert "The plan in numbers" not in text
    # The sign is what is cut last.
    assert min(told.answers.items, key=lambda each: each.rank).name == rulebook.questions["warning_signs"].ask


def test_what_someone_wrote_is_text_and_never_markup(rulebook: afterrun.Rulebook) -> None:
    html = handover_html(page_of(rulebook, {**CASES["V001"], "record_id": "<script>alert(1)</script>"}))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_a_diary_says_since_when_each_thing_was_advised() -> None:
    history = lived(
        {**RUNNER, **WEAK}, ran(18, run_pain=2), *[ran(14.4)] * 4, ran(17.2), ran(20, weeks_missed=1)
    )
    told = {block.title: block for block in diary_handover(PART, history, "compiled").told}
    advised = {item.name: item.text for item in told["Advised, and since when"].items}
    assert advised["Four weeks of the same amount."] == "1 Mar to 4 Apr."
    assert advised["Step by step more."] == "since 5 Apr."
    # It runs beside the phases.
    assert advised["Leg strength, all the way."] == "since 1 Mar."
    said = {item.name: item.text for item in told["Said at check-ins, the latest first"].items}
    assert said["Run a fifth less."] == "7 Mar."
    standing = [f"{item.name} {item.text}" for item in told["Where things stand"].items]
    phase = phase_words(PART, history.standing.programme)
    ahead = schedules_of(PART, history)[-1].weeks[0].amount
    assert ahead is not None
    holds = f"Running in a week: {ahead.value:g} km, at most {ahead.ceiling:g}."
    assert standing == [
        f"Next, week 9, 26 Apr to 2 May: {phase}. {holds}",
        "Goal: 30 km a week.",
        "Missed: 1 week.",
    ]


def test_where_amount_or_goal_is_not_known_nothing_is_said_of_it() -> None:
    history = lived({**RUNNER, "volume_sustainable": 0, "volume_goal": "unknown"})
    assert schedules_of(PART, history)[-1].weeks[0].amount is not None
    told = {block.title: block for block in diary_handover(PART, history, "compiled").told}
    (only,) = told["Where things stand"].items
    assert only.text == f"{phase_words(PART, history.standing.programme)}."


def test_a_stopped_plan_names_the_goal_and_no_amount_ahead(tmp_path: Path) -> None:
    told = {block.title: block for block in diary_handover(PART, stopped(tmp_path), "compiled").told}
    standing = {item.name: item.text for item in told["Where things stand"].items}
    assert "Goal:" in standing
    assert not [text for text in standing.values() if "Running in a week" in text]


def test_what_to_do_is_said_about_the_runner_and_not_to_them(rulebook: afterrun.Rulebook) -> None:
    to_them = re.compile(r"\byou(r|rs)?\b", re.IGNORECASE)
    for level in rulebook.triage.values():
        assert level.clinician, level.id
        assert not to_them.search(level.clinician), level.id
    told = diary_handover(PART, lived(RUNNER, ran(18)), "compiled")
    assert told.do == rulebook.triage["self_care"].clinician


def test_a_stopped_diary_says_first_how_soon_to_be_seen(tmp_path: Path) -> None:
    told = diary_handover(PART, stopped(tmp_path), "compiled")
    assert PART.base is not None
    urgent = PART.base.triage["urgent"]
    assert (told.level, told.do) == (urgent.name, urgent.clinician)
    assert told.urgent
    assert "stopped 8 Apr, not seen yet" in Page(handover_html(told)).text


def test_a_stopped_diary_names_the_sign_and_advises_nothing_past_it(tmp_path: Path) -> None:
    history = stopped(tmp_path)
    told = diary_handover(PART, history, "compiled")
    blocks = {block.title: block for block in told.told}
    sign = next(
        each.text for each in PART.questions["new_warning_signs"].options if each.id == "calf_swollen"
    )
    standing = {item.name: item.text for item in blocks["Where things stand"].items}
    assert standing[f"{sign}:"] == "stopped 8 Apr, not seen yet."
    assert told.answers.title.endswith(", answered 1 Mar 2027")
    advised = {item.name: item.text for item in blocks["Advised, and since when"].items}
    assert any(text.endswith("to 8 Apr, then stopped.") for text in advised.values())
    assert not [text for text in advised.values() if text.startswith("since") or "11 Apr" in text]


def test_a_diary_of_the_earlier_questionnaire_says_what_it_was_told_then(tmp_path: Path) -> None:
    diary = Diary(str(tmp_path / "diary.sqlite"))
    history = as_of_old(diary, PART, health_conditions=["immune_or_diabetes"])
    diary.close()
    told = diary_handover(PART, history, "compiled")
    blocks = {block.title: block for block in told.told}
    assert PART.base is not None
    assert told.level == PART.base.triage[history.result["triage"]].name
    assert len(blocks["Patterns"].items) == len(history.result["patterns"])
    asked = {item.text for item in blocks["Open questions"].items}
    assert PART.base.questions["health_conditions"].ask in asked
