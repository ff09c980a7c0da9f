"""Simulated runners live through a year of check-ins; the 10,000 of the benchmark break no law either."""

import json
from collections import Counter

import pytest

from afterrun import Rulebook, check_in
from afterrun.diary import Standing
from tests.support.diaries.simulation import Year, faults, lives_on, plan_faults, replay, year_of
from tests.support.random_input.intakes import as_many

pytestmark = pytest.mark.slow

RUNNERS = as_many(200)
BY_BOTH_ENGINES = 4


@pytest.fixture(scope="module")
def years(checkin_part: Rulebook) -> list[Year]:
    return [year_of(checkin_part, seed) for seed in range(RUNNERS)]


def test_no_week_breaks_a_law(years: list[Year]) -> None:
    assert [fault for year in years for fault in faults(year)] == []


def test_every_end_and_every_action_is_met(checkin_part: Rulebook, years: list[Year]) -> None:
    """A law that nobody comes near holds of nothing."""
    outcomes = Counter(year.outcome for year in years)
    assert set(outcomes) >= {"reached goal", "review", "stopped for assessment"}
    # Only a stiff knee with nothing else runs within a limit and follows no other programme: no such here.
    assert {each.before.programme for year in years for each in year.lived} == {
        option.id for option in checkin_part.questions["programme"].options
    } - {"run_within_limit"}
    met = {action for year in years for each in year.lived for action in each.said.actions}
    # These want twelve weeks without a miss, or first answers of a rare kind; whole cases hold them.
    rare = {"start_tendon_loading", "finish_kneecap_programme"}
    assert met | rare == set(checkin_part.interventions)


def test_nobody_is_stuck_who_keeps_to_the_plan(checkin_part: Rulebook, years: list[Year]) -> None:
    lives = years[: RUNNERS * 2 // 5]
    later = [lives_on(checkin_part, year) for year in lives if not year.ended]
    assert len(later) > 10
    # 5 % of less than 0.2 is no hundredth, and an amount is never rounded up.
    small = {year.seed for year in later if (year.lived[-1].after.amount or 1) < 0.2}
    assert [year.seed for year in later if not (year.ended or year.held or year.seed in small)] == []
    assert [fault for year in later for fault in faults(year)] == []


def test_the_dated_weeks_are_those_of_the_last_check_in(checkin_part: Rulebook, years: list[Year]) -> None:
    assert [fault for year in years[::4] for fault in plan_faults(checkin_part, year)] == []


def test_whoever_does_not_move_on_is_told_why(years: list[Year]) -> None:
    for year in years:
        for each in year.lived:
            moved = (each.before.programme, each.before.week) != (each.after.programme, each.after.week)
            assert moved or each.said.because or each.said.open_questions, (year.seed, each.week)


def test_the_same_seed_gives_the_same_year(checkin_part: Rulebook, years: list[Year]) -> None:
    for year in years[:: RUNNERS // 10]:
        again = year_of(checkin_part, year.seed)
        assert [each.said.to_dict() for each in again.lived] == [each.said.to_dict() for each in year.lived]
        assert again == year


def test_a_year_can_be_told_from_its_answers_alone(checkin_part: Rulebook, years: list[Year]) -> None:
    for year in years[:: RUNNERS // 20]:
        assert replay(checkin_part, year) == [year.first, *(each.after for each in year.lived)]


def test_the_engine_that_is_cross_checked_tells_the_same(checkin_part: Rulebook, years: list[Year]) -> None:
    for year in years[:BY_BOTH_ENGINES]:
        told = replay(checkin_part, year, engine="durable")
        assert told == [year.first, *(each.after for each in year.lived)]


def test_a_standing_survives_being_written_down(years: list[Year]) -> None:
    for year in years:
        for each in year.lived:
            assert Standing.of(json.loads(json.dumps(each.after.to_dict()))) == each.after


def test_nobody_is_stuck_at_next_to_nothing(checkin_part: Rulebook) -> None:
    """Found by a simulated runner: 5 % more than 0.07 is 0.07 again, week after week."""
    ramp = {
        "programme": "gradual_ramp",
        "week": 8,
        "last_tolerated_volume": 2,
        "volume_unit": "km",
        "ramp_pct": 5,
    }
    week = {"new_warning_signs": ["none"], "weeks_missed": 0, "run_pain": 0, "next_morning": "same"}
    for done, action, following in ((0.07, "hold", 2), (0.2, "progress", 0.21)):
        said = check_in(checkin_part, {"enrolled": ramp, "checkin": {**week, "volume_done": done}})
        assert (said.actions, said.plan["next_volume"]) == ((action,), following)


def test_whoever_ran_little_and_hurt_is_not_sent_up(checkin_part: Rulebook) -> None:
    """Found by a simulated runner: the last tolerated amount can lie above what was run and hurt."""
    ramp = {"programme": "gradual_ramp", "week": 8, "last_tolerated_volume": 30, "volume_unit": "km"}
    week = {"new_warning_signs": ["none"], "weeks_missed": 0, "run_pain": 7, "next_morning": "same"}
    for done, following in ((10, 8), (23, 18.4), (30, 24), (36, 28.8)):
        said = check_in(checkin_part, {"enrolled": ramp, "checkin": {**week, "volume_done": done}})
        assert (said.actions, said.plan["next_volume"]) == (("step_back",), following)
