"""The diary in lines: planned, done and pain by the week, narrow enough for any terminal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from afterrun.diary import schedules_of, step
from afterrun.diary.settings import KeptSettings
from afterrun.telling import check_in_page, history_lines, phase_words, week_page
from tests.diary.test_onward import NOTED, PART, RUNNER, lived, ran
from tests.support.diaries.simulation import history_of, year_of

WIDE = 60
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def test_a_week_has_its_days_its_phase_and_what_was_planned_and_done() -> None:
    history = lived(RUNNER, *[ran(18)] * 3, ran(16.5), ran(20, run_pain=2, weeks_missed=1))
    lines = list(history_lines(PART, history))
    table = lines[lines.index("Running in a week, km: planned, and done") :]
    assert table[1:9] == [
        "week  days              planned     done  pain of 10",
        "Four weeks of the same amount",
        "   1  1 Mar to 7 Mar         18       18   0",
        "   2  8 Mar to 14 Mar        18       18   0",
        "   3  15 Mar to 21 Mar       18       18   0",
        "   4  22 Mar to 28 Mar       18     16.5   0",
        "Step by step more",
        "   5  29 Mar to 4 Apr      19.8   missed   -",
    ]  # fmt: skip
    assert table[9].endswith("20   2 ##")


def test_the_week_that_runs_is_called_so_and_another_is_the_next() -> None:
    history = lived(RUNNER, ran(18))
    first = history.first_day(2)
    for day, word in ((-1, "Next"), (0, "Now"), (6, "Now"), (7, "Next")):
        lines = list(history_lines(PART, history, first + timedelta(days=day)))
        assert lines[1].startswith(f"{word}: week 2, 8 Mar to 14 Mar: ")


@pytest.mark.slow
def test_no_line_is_wider_than_a_narrow_terminal() -> None:
    for seed in range(6):
        lines = list(history_lines(PART, history_of(year_of(PART, seed))))
        assert [line for line in lines if len(line) > WIDE] == [], seed


def test_days_are_written_as_people_say_them_and_settings_are_wrapped() -> None:
    began = lived(RUNNER)
    assert "No check-in yet; the first from 7 Mar 2027 on." in history_lines(PART, began)
    kept = KeptSettings(NOTED, 0, {"days": {"all": ["mon", "wed", "fri"]}, "not": ["tue", "sun"]})
    changed = lived(RUNNER, ran(18))._replace(settings=(kept,))
    lines = list(history_lines(PART, changed))
    assert any(each.startswith("1 Mar 2027, settings: ") for each in lines)
    assert [each for each in lines if ISO.search(each) or len(each) > WIDE] == []


def test_the_check_in_offers_the_parts_of_the_plan_by_the_names_that_the_weeks_bear() -> None:
    assert PART.base is not None
    for option in PART.questions["programme"].options:
        assert option.text == phase_words(PART, option.id)
    for phase in ("running_baseline", "gradual_ramp"):
        assert PART.base.interventions[phase].called == phase_words(PART, phase)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_week_has_one_number_wherever_it_is_told(seed: int) -> None:
    year = year_of(PART, seed)
    history, schedules = history_of(year), schedules_of(PART, history_of(year))
    said = [each.said for each in year.lived if each.said.actions]
    for place, kept in enumerate(history.check_ins[:12]):
        before = history._replace(check_ins=history.check_ins[:place])
        after = history._replace(check_ins=history.check_ins[: place + 1])
        page = week_page(PART, before, after, said[place], (schedules[place], schedules[place + 1])).whole
        named = [each.name for section in page.sections for each in section.points]
        assert not [each for each in named if "Week of" in each or each == "Part of the plan"]
        if not kept.standing.stopped:
            assert f"week {after.next_week}, " in page.title
            assert f"About week {kept.week} of your diary, " in page.lead


def test_a_week_that_is_done_again_says_so_without_another_number() -> None:
    history = lived(RUNNER, ran(18, run_pain=2))
    before = history._replace(check_ins=())
    schedules = schedules_of(PART, history)
    said = step(PART, before.standing, RUNNER, ran(18, run_pain=2), engine="compiled")[0]
    page = week_page(PART, before, history, said, (schedules[0], schedules[1])).whole
    assert page.title == "The plan goes on: week 2, 8 Mar to 14 Mar: Four weeks of the same amount"
    why = next(each for each in page.sections if each.title == "Why")
    assert "This week is done again" in [each.name for each in why.points]
    # A file knows no other number than that of the programme.
    alone = check_in_page(PART, said).whole
    assert alone.title == "The plan goes on: Four weeks of the same amount, week 1"
