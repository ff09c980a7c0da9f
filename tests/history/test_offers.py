"""What files offer: the window that each question names, exact numbers, or why there is no offer."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import afterrun
from afterrun.history import LeftOut, Offers, Run, RunningHistory, offers, usual_unit
from afterrun.intake import FROM_FILES
from tests.support.history.by_hand import TODAY, every, half_a_year, history_of, run_on
from tests.support.random_input.intakes import LAW

LAST, BEFORE, LONGEST = "volume_last_week", "volume_before", "longest_run_30_days"


def back(days: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days)


def told(found: Offers, question: str) -> Any:
    return found.offered[question].plain if question in found.offered else found.withheld[question]


def test_the_last_seven_days_are_added_up_today_included(rulebook: afterrun.Rulebook) -> None:
    runs = [run_on(back(0), 4001), run_on(back(6), 5004), run_on(back(7), 9000), run_on(back(60), 1000)]
    found = offers(rulebook, history_of(runs), TODAY)
    assert told(found, LAST) == 9.01  # 9005 m, a half rounded up
    assert [each.day for each in found.offered[LAST].runs] == [back(6), back(0)]


def test_the_four_weeks_before_are_a_weekly_mean_with_empty_weeks_as_nothing(
    rulebook: afterrun.Rulebook,
) -> None:
    runs = [
        run_on(back(34), 10_000),
        run_on(back(7), 11_000),
        run_on(back(6), 50_000),
        run_on(back(35), 50_000),
    ]
    assert told(offers(rulebook, history_of(runs), TODAY), BEFORE) == 5.25


def test_the_longest_run_is_that_of_thirty_days(rulebook: afterrun.Rulebook) -> None:
    runs = [run_on(back(29), 12_345), run_on(back(30), 20_000), run_on(back(1), 3000)]
    assert told(offers(rulebook, history_of(runs), TODAY), LONGEST) == 12.35


@pytest.mark.parametrize(("unit", "amount"), [("km", 16.09), ("mi", 10), ("min", 90)])
def test_amounts_are_in_the_unit_that_is_chosen(
    rulebook: afterrun.Rulebook, unit: str, amount: float
) -> None:
    history = history_of([run_on(back(60)), run_on(back(2), 16_093, 5400)])
    assert told(offers(rulebook, history, TODAY, unit), LAST) == amount
    assert offers(rulebook, history, TODAY, unit).offered[LAST].unit == unit


def test_miles_are_the_unit_of_files_that_speak_of_them(rulebook: afterrun.Rulebook) -> None:
    runs = [run_on(back(60)), run_on(TODAY)]
    assert usual_unit(rulebook, history_of(runs)) == "km"
    assert usual_unit(rulebook, history_of(runs, miles=True)) == "mi"
    assert offers(rulebook, history_of(runs, miles=True), TODAY).offered[LAST].unit == "mi"


def test_files_that_begin_within_the_window_offer_nothing_and_say_since_when_they_tell(
    rulebook: afterrun.Rulebook,
) -> None:
    found = offers(rulebook, history_of([run_on(back(3)), run_on(back(1))]), TODAY)
    assert "your files begin on 5 March 2026" in told(found, LAST)
    assert not found.offered
    whole = offers(rulebook, history_of([run_on(back(3))], first=back(6)), TODAY)
    assert told(whole, LAST) == 5
    assert "begin on 2 March 2026" in told(whole, BEFORE)


def test_an_activity_before_the_window_that_is_no_run_makes_it_known(rulebook: afterrun.Rulebook) -> None:
    history = history_of([run_on(back(1))], first=back(400), others={"ride": 9})
    assert told(offers(rulebook, history, TODAY), BEFORE) == 0


def test_files_whose_newest_activity_is_older_than_the_window_offer_nothing(
    rulebook: afterrun.Rulebook,
) -> None:
    found = offers(rulebook, history_of([run_on(back(90)), run_on(back(7))]), TODAY)
    assert told(found, LAST).startswith("the newest activity in your files is of 1 March 2026")
    assert told(found, BEFORE) == 1.25


def test_a_newest_activity_within_the_window_is_told_with_the_offer(rulebook: afterrun.Rulebook) -> None:
    found = offers(rulebook, history_of([run_on(back(90)), run_on(back(3))]), TODAY)
    assert found.offered[LAST].note == "the newest activity in your files is of 5 March 2026"
    assert found.offered[BEFORE].note == ""
    assert offers(rulebook, half_a_year(), TODAY).offered[LAST].note == ""


def test_no_run_in_a_week_that_the_files_cover_is_an_offer_of_nothing(rulebook: afterrun.Rulebook) -> None:
    history = history_of([run_on(back(20))], first=back(100), last=TODAY, others={"walk": 5})
    assert told(offers(rulebook, history, TODAY), LAST) == 0


def test_a_run_without_distance_is_offered_in_minutes_alone(rulebook: afterrun.Rulebook) -> None:
    runs = [run_on(back(60)), run_on(back(2), None, 1800, "treadmill"), run_on(back(1), 4000, 1500)]
    history = history_of(runs)
    assert told(offers(rulebook, history, TODAY, "km"), LAST) == "1 of 2 runs has no distance"
    assert told(offers(rulebook, history, TODAY, "min"), LAST) == 55
    assert told(offers(rulebook, history, TODAY, "km"), BEFORE) == 0


def test_what_the_question_would_not_take_is_not_offered(rulebook: afterrun.Rulebook) -> None:
    runs = [run_on(back(60)), *(run_on(back(day), 90_000) for day in range(7))]
    assert "630 km, which the question does not take" in told(offers(rulebook, history_of(runs), TODAY), LAST)


def test_days_after_the_day_asked_about_count_for_nothing(rulebook: afterrun.Rulebook) -> None:
    history = history_of([run_on(back(60)), run_on(back(10), 7000), run_on(back(2), 5000)])
    assert told(offers(rulebook, history, back(7)), LAST) == 7
    before_all = offers(rulebook, history, back(100))
    assert not before_all.offered
    assert "no activity up to 28 November 2025" in told(before_all, LAST)


def test_files_without_any_activity_offer_nothing(rulebook: afterrun.Rulebook) -> None:
    found = offers(rulebook, RunningHistory((), {}, (), None, None, False), TODAY)
    assert not found.offered
    assert set(found.withheld.values()) == {"your files hold no activity"}


def weekly(late: int, early: int) -> list[Run]:
    """Three runs in each of thirty weeks, those of the last four of another length."""
    return [
        run_on(back(7 * week + day), late if week < 4 else early) for week in range(30) for day in (0, 2, 4)
    ]


STEADY = every(3, back(400), back(141), 6000)
"""Runs up to twenty weeks ago."""


@pytest.mark.parametrize(
    ("runs", "first", "status", "weeks"),
    [
        pytest.param(every(3, back(200), TODAY), None, "regular_same", "no break", id="all the time"),
        pytest.param(
            weekly(4800, 4000),
            None,
            "regular_more",
            "no break",
            id="a fifth more",
        ),
        pytest.param(
            weekly(4799, 4000),
            None,
            "regular_same",
            "no break",
            id="less than a fifth more",
        ),
        pytest.param(
            [*STEADY, *every(3, back(60), TODAY)], None, "returning", 11, id="back since two months"
        ),
        pytest.param(
            [*STEADY, run_on(back(120)), run_on(back(95)), *every(3, back(60), TODAY)],
            None,
            "returning",
            11,
            id="a run now and then does not end the break",
        ),
        pytest.param(
            [*STEADY, *every(3, back(84), TODAY)], None, "regular_same", "no break", id="back for long"
        ),
        pytest.param([*STEADY, run_on(back(60))], TODAY, "not_running", 20, id="stopped since"),
        pytest.param(every(3, back(200), back(14)), TODAY, "not_running", 2, id="stopped two weeks ago"),
        pytest.param(every(3, back(201), back(12)), TODAY, "regular_same", "no break", id="a rest of days"),
        pytest.param([*STEADY, run_on(back(5))], TODAY, "only you know", "only you know", id="one run again"),
        pytest.param(every(3, back(100), TODAY), back(400), "new", "no break", id="the first run of a year"),
        pytest.param(every(3, back(80), TODAY), back(200), "only you know", "only you know", id="half of it"),
        pytest.param(every(3, back(100), TODAY), None, "begin on", "begin on", id="files of three months"),
        pytest.param(every(14, back(200), TODAY), None, "no regular", "no regular", id="once in two weeks"),
        pytest.param(every(7, back(203), TODAY), None, "regular_same", "no break", id="once a week"),
    ],
)
def test_what_speaks_for_which_status_and_how_long_a_break_was(
    rulebook: afterrun.Rulebook, runs: list[Run], first: date | None, status: str, weeks: int | str
) -> None:
    last = TODAY if first == TODAY else None
    found = offers(rulebook, history_of(runs, None if first == TODAY else first, last), TODAY)
    for question, wanted in (("running_status", status), ("weeks_off", weeks)):
        if isinstance(wanted, int) or wanted.isidentifier():
            assert told(found, question) == wanted
        else:
            assert question not in found.offered
            assert wanted in found.withheld[question]


def test_whether_somebody_stopped_is_not_told_by_files_that_end(rulebook: afterrun.Rulebook) -> None:
    found = offers(rulebook, history_of(every(3, back(200), back(14))), TODAY)
    for question in ("running_status", "weeks_off"):
        assert "the newest activity in your files is of 22 February 2026" in found.withheld[question]


def left(day: date | None, *, may_be_run: bool = True) -> LeftOut:
    return LeftOut("a.csv", "row 2", "its distance is 0", day, may_be_run)


@pytest.mark.parametrize(
    ("left_out", "short"),
    [
        ([left(back(6))], {LAST: 1, BEFORE: 0, LONGEST: 1}),
        ([left(back(7))], {LAST: 0, BEFORE: 1, LONGEST: 1}),
        ([left(back(29)), left(back(34))], {LAST: 0, BEFORE: 2, LONGEST: 1}),
        ([left(back(35)), left(TODAY + timedelta(1))], {LAST: 0, BEFORE: 0, LONGEST: 0}),
        ([left(None, may_be_run=False), left(back(0), may_be_run=False)], {LAST: 0, BEFORE: 0, LONGEST: 0}),
    ],
)
def test_no_number_is_offered_where_a_run_of_its_days_may_be_left_out(
    rulebook: afterrun.Rulebook, left_out: list[LeftOut], short: dict[str, int]
) -> None:
    history = history_of(every(3, back(200), TODAY), last=TODAY, left_out=tuple(left_out))
    found = offers(rulebook, history, TODAY)
    for question, count in short.items():
        what = "a run" if count == 1 else "runs"
        if count:
            assert found.withheld[question] == f"{count} of what was left out may be {what} of these days"
        else:
            assert found.offered[question].note == ""


def test_a_number_that_may_lack_a_run_of_an_unknown_day_says_so(rulebook: afterrun.Rulebook) -> None:
    history = history_of(every(3, back(200), TODAY), last=TODAY, left_out=(left(None), left(None)))
    for question in (LAST, BEFORE, LONGEST):
        offer = offers(rulebook, history, TODAY).offered[question]
        assert offer.found.left_out == 2
        assert offer.note == (
            "2 of what was left out may be runs of these days, and then the number is too low"
        )


@pytest.mark.parametrize(
    "runs", [every(3, back(200), TODAY), [*every(3, back(400), back(141)), run_on(TODAY)]]
)
def test_a_break_or_none_is_not_told_where_a_run_of_these_days_may_be_left_out(
    rulebook: afterrun.Rulebook, runs: list[Run]
) -> None:
    def status(*left_out: LeftOut) -> tuple[str, str]:
        found = offers(rulebook, history_of(runs, last=TODAY, left_out=left_out), TODAY)
        offer = found.offered.get("running_status")
        return told(found, "running_status"), offer.note if offer else ""

    whole, _ = status()
    assert status(left(back(398)))[0] == whole
    assert status(left(back(50), may_be_run=False)) == (whole, "")
    if whole.isidentifier():
        assert status(left(back(50)))[0] == "1 of what was left out may be a run of these days"
        assert status(left(None)) == (
            whole,
            "1 of what was left out may be a run of these days, and then this may be wrong",
        )


def test_a_number_that_may_count_a_run_twice_says_so(rulebook: afterrun.Rulebook) -> None:
    runs = every(3, back(200), TODAY)
    found = offers(rulebook, history_of(runs, last=TODAY, perhaps_twice=(back(1), back(3))), TODAY).offered
    assert found[LAST].note == (
        "2 runs of these days may be told twice, for a clock has no time zone, "
        "and then the number is too high"
    )
    assert found[BEFORE].note == ""
    assert found["running_status"].note.endswith("and then this may be wrong")


def test_what_is_not_known_is_told_together(rulebook: afterrun.Rulebook) -> None:
    history = history_of(every(3, back(200), back(2)), left_out=(left(None),))
    assert offers(rulebook, history, TODAY).offered[LAST].note == (
        "the newest activity in your files is of 6 March 2026; "
        "1 of what was left out may be a run of these days, and then the number is too low"
    )


def test_an_offer_keeps_days_and_the_number_that_counts_and_no_name(rulebook: afterrun.Rulebook) -> None:
    history = history_of([run_on(back(60)), run_on(back(2), 4000, 1500, file="Home to lake.fit")])
    kept = offers(rulebook, history, TODAY).answers(rulebook)[FROM_FILES][LAST]
    (run,) = kept["runs"]
    assert run.keys() == {"day", "metres", "file"}
    assert kept["since"] == "2026-03-02"
    assert kept["until"] == "2026-03-08"
    assert "lake" not in str(kept)
    assert len(run["file"]) == 12


running_days = st.sets(st.integers(0, 260), max_size=90)


@LAW
@given(running_days, st.integers(0, 300), st.integers(0, 20), st.sampled_from(["km", "mi", "min"]), st.data())
def test_every_offer_is_an_answer_that_its_runs_prove_again(
    rulebook: afterrun.Rulebook, days: set[int], first: int, last: int, unit: str, data: st.DataObject
) -> None:
    """Law: what is offered is taken with its runs; another number is not."""
    runs = [run_on(back(day), data.draw(st.integers(800, 30_000))) for day in days if last <= day <= first]
    if not runs:
        return
    found = offers(rulebook, history_of(runs, back(first), back(min(last, first))), TODAY, unit)
    intake = found.answers(rulebook)
    read = afterrun.read_answers(rulebook, intake)
    assert afterrun.as_intake(rulebook, read) == intake or not found.offered
    for name, offer in found.offered.items():
        if isinstance(offer.value, Fraction) and offer.unit:
            with pytest.raises(afterrun.IntakeError, match="come to"):
                afterrun.read_answers(rulebook, {**intake, name: offer.plain + 1})
