"""What a person reads first: short enough for one screen, and nothing told twice."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

import afterrun
from afterrun.telling import COLUMNS, ROWS, WORDS, Page, Section, check_in_page, result_page
from afterrun.verify.cases import WrittenCase, form_of, read_cases
from afterrun_cli.terminal.exits import MORE
from afterrun_cli.terminal.layout.text import as_text
from tests.support.paths import DATA
from tests.support.random_input.intakes import CALM


def of_files(rulebook: afterrun.Rulebook, *names: str) -> list[WrittenCase]:
    return read_cases(
        ((name, (DATA / name).read_text(encoding="utf-8")) for name in names), form_of(rulebook)
    )


class Told(NamedTuple):
    """A result and its page."""

    result: afterrun.Result
    page: Page


@pytest.fixture(scope="module")
def told(rulebook: afterrun.Rulebook) -> dict[str, Told]:
    """Every intake among the cases."""
    cases = of_files(rulebook, "cases.jsonl", "more_cases.jsonl")
    results = {case.id: afterrun.assess(rulebook, case.answers, engine="compiled") for case in cases}
    return {name: Told(result, result_page(rulebook, result)) for name, result in results.items()}


@pytest.fixture(scope="module")
def pages(told: dict[str, Told], checkin_part: afterrun.Rulebook) -> dict[str, Page]:
    """The page of every case, of check-ins too."""
    weeks = {
        case.id: check_in_page(checkin_part, afterrun.check_in(checkin_part, case.answers, engine="compiled"))
        for case in of_files(checkin_part, "check_in_cases.jsonl", "more_check_in_cases.jsonl")
    }
    return {**{name: each.page for name, each in told.items()}, **weeks}


@pytest.mark.slow
def test_a_first_screen_has_250_words_and_24_rows_of_80_columns_at_most(pages: dict[str, Page]) -> None:
    screens = {name: f"{as_text(page)}\n{MORE}" for name, page in pages.items()}
    assert {name: text for name, text in screens.items() if len(text.split()) > WORDS} == {}
    assert {name: text for name, text in screens.items() if len(text.splitlines()) > ROWS} == {}
    assert max(len(line) for text in screens.values() for line in text.splitlines()) <= COLUMNS


@pytest.mark.slow
def test_nothing_is_told_twice(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        said = [text for section in page.whole.sections if not section.table for text in texts(section)]
        assert [each for each in said if said.count(each) > 1] == [], name
        behind = " ".join(text for section in page.more for text in texts(section))
        front = [each for section in page.sections for text in texts(section) for each in sentences(text)]
        assert [each for each in front if each in behind] == [], name


@pytest.mark.slow
def test_what_it_looks_like_and_what_to_do_stand_in_front(
    told: dict[str, Told], rulebook: afterrun.Rulebook
) -> None:
    for result, page in told.values():
        names = [point.name for section in page.sections for point in section.points]
        front = " ".join(as_text(page).split())
        assert rulebook.triage[result.triage].opening in front
        assert [each for each in result.patterns if f"{rulebook.patterns[each].called}: " not in front] == []
        now = {entry.id for entry in result.ledger if entry.status == "recommended"}
        urgent = [rulebook.interventions[name] for name in now.intersection(result.interventions)]
        shown = [each.called for each in urgent if each.kind in ("stop", "review")]
        assert [each for each in shown if each not in names] == []


def test_the_numbers_of_the_first_week_are_worked_out(rulebook: afterrun.Rulebook) -> None:
    load = {**CALM, "pain_site": ["inner_side"], "pain_timing": "during_only", "volume_unit": "km"}
    load |= {"provoked_by": ["none"], "load_change": ["none"]}
    more = {"running_status": "regular_same", "volume_last_week": 40, "volume_before": 20}
    result = afterrun.assess(rulebook, {**load, **more, "volume_sustainable": 21.55}, engine="compiled")
    front = as_text(result_page(rulebook, result))
    assert "Run 19.3 km this week, in 3 runs." in front
    assert "%" not in front


def test_each_thing_to_do_keeps_its_numbers_where_its_text_has_no_room(rulebook: afterrun.Rulebook) -> None:
    outer = {**CALM, "pain_site": ["outer_side"], "pain_timing": "during_only", "volume_unit": "km"}
    outer |= {"provoked_by": ["downhill_or_distance"], "load_change": ["more_weekly"]}
    more = {"running_status": "regular_more", "volume_last_week": 40, "volume_before": 20}
    page = result_page(rulebook, afterrun.assess(rulebook, {**outer, **more, "volume_sustainable": 20}))
    front, behind = as_text(page), " ".join(as_text(page.whole).split())
    for words in ("Run 18 km this week, in 3 runs.", "Train the hips 3 times this week: "):
        assert words in " ".join(front.split())
        assert behind.count(words) == 1
    advice = rulebook.interventions["outer_knee_advice"]
    assert " ".join(advice.short.split()) not in " ".join(front.split())
    assert " ".join(advice.short.split()) in behind


def test_what_is_part_of_something_else_says_nothing_of_how(rulebook: afterrun.Rulebook) -> None:
    joint = {**CALM, "pain_site": ["around_behind_kneecap"], "pain_timing": "during_only"}
    joint |= {"provoked_by": ["stairs"], "load_change": ["none"], "volume_unit": "km"}
    joint |= {"running_status": "regular_same", "volume_last_week": 20, "volume_before": 20}
    result = afterrun.assess(rulebook, {**joint, "strength_sessions": 0, "strength_check": "both_fail"})
    strength = rulebook.interventions["full_range_strength"]
    assert {entry.id: entry.status for entry in result.ledger}[strength.id] == "merged"
    told = " ".join(as_text(result_page(rulebook, result).whole).split())
    assert strength.called in told
    assert [each for each in (strength.short, *strength.steps) if " ".join(each.split()) in told] == []


@pytest.mark.slow
def test_a_loser_among_numbers_is_told_to_clinicians_only(told: dict[str, Told]) -> None:
    assert any(choice["lost"] for each in told.values() for choice in each.result.plan_choices.values())
    assert [name for name, each in told.items() if "(not " in as_text(each.page.whole)] == []


@pytest.mark.slow
def test_who_is_to_be_seen_first_reads_of_no_plan(told: dict[str, Told], rulebook: afterrun.Rulebook) -> None:
    for result, page in told.values():
        if not rulebook.triage[result.triage].shows_plan:
            assert "afterrun plan" not in as_text(page.whole)
            assert "Your plan" not in as_text(page.whole)


def texts(section: Section) -> Iterator[str]:
    """What a section tells of its points."""
    for point in section.points:
        yield from (each for each in (point.text, " ".join(point.steps), point.more) if each)


def sentences(text: str) -> list[str]:
    """Those of some length: a short one may be part of another."""
    return [each for each in re.split(r"(?<=[.!?]) ", text) if len(each.split()) > 5]
