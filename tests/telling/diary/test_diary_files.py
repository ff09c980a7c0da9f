"""What files say beside a check-in and in its page: runs planned and done, and what is noticed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from afterrun.assessment import Scope
from afterrun.diary import History, schedules_of, step
from afterrun.history import RunningHistory, offers
from afterrun.intake import FROM_FILES
from afterrun.telling import KeptOffers, WeekOffers, history_lines, other_sum_lines, week_page
from tests.diary.test_onward import LOADED, PART, RUNNER, TENDON, lived, ran
from tests.schedule.test_weeks import ROSE, START, STRONG
from tests.support.history.by_hand import history_of, run_on

pytestmark = pytest.mark.slow

KM = {"volume_unit": "km"}
DONE = "volume_done"
LOADING = lived({**TENDON, **ROSE, **STRONG})
FLAT = lived(RUNNER)


def files_of(*runs: tuple[int, int], first: int = -20, last: int | None = None) -> RunningHistory:
    """Runs by the day of the plan and their metres; the files reach from the first day to the last."""
    return history_of(
        [run_on(START + timedelta(day), metres) for day, metres in runs],
        START + timedelta(first),
        None if last is None else START + timedelta(last),
    )


def page_of(history: History, files: RunningHistory, week: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The tables of the next week's page, by title, with the week answered from files."""
    last = history.last_day(history.next_week)
    answers = {**week, **offers(PART, files, last, "km").answers(PART)}
    said, _ = step(PART, history.standing, history.intake, answers, engine="compiled")
    after = lived(history.intake, *(each.answers for each in history.check_ins), answers)
    *_, before, now = schedules_of(PART, after)
    page = week_page(PART, history, after, said, (before, now)).whole
    return {each.title: {point.name: point.text for point in each.points} for each in page.sections}


def test_the_page_tells_each_session_beside_its_run() -> None:
    sections = page_of(FLAT, files_of((1, 6000), (5, 9500), (8, 1)), ran(18))
    assert sections["Your runs, planned and done"] == {
        "Tue 2 Mar, Run 6 km": "6 km",
        "Fri 5 Mar, Run 6 km": "9.5 km, Sat 6 Mar, the nearest day",
        "Sun 7 Mar, Run 6 km": "no run",
        "The longest": "9.5 km, Sat 6 Mar",
        "From your files": "2 runs, 2 to 6 March 2027",
    }
    more = page_of(FLAT, files_of((1, 6000), (2, 1500), (4, 6000), (6, 4500), (8, 1)), ran(18))
    assert more["Your runs, planned and done"]["Wed 3 Mar, not planned"] == "1.5 km"


def test_a_run_beyond_the_plan_s_limit_for_one_run_is_told_as_that() -> None:
    limit = schedules_of(PART, lived(RUNNER, ran(18)))[-1].weeks[0].amount
    assert limit is not None
    assert limit.longest == 6.6
    for metres, said in ((6600, None), (6700, "6.6 km, and the longest was more")):
        sections = page_of(lived(RUNNER, ran(18)), files_of((8, 5000), (11, metres), (14, 1)), ran(18))
        assert sections["Your runs, planned and done"].get("The plan's most for one run") == said


def test_runs_in_a_week_without_any_are_told_and_strength_is_not_called_missed() -> None:
    sections = page_of(LOADING, files_of((3, 6000), (8, 1)), {**LOADED, "run_pain": 0})
    assert sections["Runs in a week without running"] == {
        "Thu 4 Mar": "6 km",
        "From your files": "1 run, 4 March 2027",
    }


def test_a_week_that_was_typed_has_no_such_section() -> None:
    after = lived(RUNNER, ran(18))
    said, _ = step(PART, FLAT.standing, FLAT.intake, ran(18), engine="compiled")
    page = week_page(PART, FLAT, after, said, (schedules_of(PART, FLAT)[0], schedules_of(PART, after)[-1]))
    assert not [each.title for each in page.whole.sections if "run" in each.title.lower()]


def test_the_diary_says_in_a_line_where_the_amount_of_a_week_is_from() -> None:
    files = files_of((1, 6000), (5, 9500), (8, 1))
    answers = {**ran(0), **offers(PART, files, START + timedelta(6), "km").answers(PART)}
    lines = " ".join(history_lines(PART, lived(RUNNER, answers, ran(18))))
    assert "From your files: 2 runs, 2 to 6 March 2027; 2 of 3 planned runs done." in " ".join(lines.split())
    assert lines.count("From your files") == 1


def test_a_run_in_a_week_without_running_is_asked_about_whatever_else_is() -> None:
    found = WeekOffers(PART, LOADING, files_of((3, 6000), (8, 1)), 1)
    first, *others = found.lines(DONE, KM)
    assert first == (
        "Your files have a run of 6 km on 4 March 2027, in a week without running. "
        "Did you run then? If not, type 0."
    )
    assert others == ["From your files: 1 run, 4 March 2027.", "  Thu 4 Mar: 6 km"]
    assert found.within(Scope(always=("weeks_missed",))).always == ("weeks_missed", DONE)
    two = WeekOffers(PART, LOADING, files_of((3, 6000), (4, 2000), (8, 1)), 1)
    assert two.noticed(KM) == "Your files have 2 runs, 4 to 5 March 2027, in a week without running."


def test_neither_a_week_of_runs_nor_a_quiet_one_is_asked_about() -> None:
    for found in (
        WeekOffers(PART, FLAT, files_of((3, 6000), (8, 1)), 1),
        WeekOffers(PART, LOADING, files_of((-3, 6000), (8, 1)), 1),
    ):
        assert found.noticed(KM) == ""
        assert found.within(Scope()).always == ()
        assert len([each for each in found.lines(DONE, KM) if "Did you run then?" in each]) == 0


def test_files_that_end_before_the_week_say_so_and_those_that_begin_in_it_offer_nothing() -> None:
    short = WeekOffers(PART, FLAT, files_of((1, 6000), (3, 6000)), 1)
    assert "The newest activity in your files is of 4 March 2027." in " ".join(short.lines(DONE, KM))
    late = WeekOffers(PART, FLAT, files_of((1, 6000), (8, 1), first=1), 1)
    (line,) = late.lines(DONE, KM)
    assert line.startswith("Your files offer nothing here. Your files begin on 2 March 2027")
    assert DONE not in late.within(Scope()).of_files(KM)


def test_what_was_confirmed_stays_the_offer_and_another_sum_is_told() -> None:
    files, confirmed = files_of((1, 6000), (3, 6000), (8, 1)), {**KM, DONE: 10, "run_pain": 0}
    found = WeekOffers(PART, FLAT, files, 1, confirmed)
    offered = found.within(Scope()).of_files(KM)
    assert DONE not in offered
    assert offered[FROM_FILES] == {}
    assert found.lines(DONE, KM)[0] == "You confirmed 10 km. Your files now say 12 km."
    same = WeekOffers(PART, FLAT, files, 1, {**confirmed, DONE: 12})
    assert same.lines(DONE, KM)[0] == "From your files: 2 runs, 2 to 4 March 2027."


def test_answers_that_lack_a_number_are_told_what_files_would_offer_and_none_is_filled_in() -> None:
    found = WeekOffers(PART, FLAT, files_of((1, 6000), (3, 6000), (8, 1)), 1)
    assert found.lacking({DONE: 9}, KM) == []
    assert found.lacking({}, KM) == [
        "Your files would offer 1 number that these answers lack, and nothing is filled in:",
        "How much did you run in that week? 12 km",
    ]
    banned = WeekOffers(PART, LOADING, files_of((3, 6000), (8, 1)), 1)
    (line,) = banned.lacking({DONE: 0}, KM)
    assert line.startswith("Your files have a run of 6 km on 4 March 2027")


@pytest.mark.parametrize("unit", ["km", "mi", "min"])
def test_a_page_carries_on_what_a_terminal_would_say(unit: str) -> None:
    files, chosen = files_of((3, 6000), (8, 1)), {"volume_unit": unit}
    found = WeekOffers(PART, LOADING, files, 1)
    kept = KeptOffers(PART, found.kept(), START + timedelta(6))
    assert kept.asks == (DONE,)
    assert kept.answers(chosen) == found.within(Scope()).of_files(chosen)
    assert kept.answers(chosen)[FROM_FILES].keys() == {DONE}
    assert kept.lines(DONE, chosen) == [each.strip() for each in found.lines(DONE, chosen)]
    another: date = START + timedelta(13)
    assert KeptOffers(PART, found.kept(), another).asks == ()


def test_another_sum_of_a_reported_week_is_told_with_the_way_to_change_it() -> None:
    history = lived(RUNNER, {**ran(12), **KM})
    files = files_of((1, 8000), (3, 6240), (8, 1))
    told = "Your files now say 14.24 km for week 1, 1 to 7 March 2027. You confirmed 12 km, and that stays."
    assert [*other_sum_lines(PART, history, files)] == [told, "To change it:  afterrun checkin --correct"]
    by_page = other_sum_lines(PART, history, files, commands=False)
    assert [*by_page] == [told, "Your diary lets you correct it."]
    assert not list(other_sum_lines(PART, history, files_of((1, 12_040), (8, 1))))
