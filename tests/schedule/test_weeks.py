"""Laws of the weeks that a plan is laid out in, over random intakes and random days to start."""

from __future__ import annotations

import csv
import itertools
import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import afterrun
from afterrun import Schedule, State, assess, weeks
from afterrun.schedule import as_csv, first_week
from tests.support.random_input.intakes import CALM, LAW, random_intake, randoms
from tests.support.rulebooks.copies import copied, spoil
from tests.support.rulebooks.shipped import shipped

RULEBOOK = shipped()
STARTS = st.dates(date(2024, 1, 1), date(2035, 1, 1))
RUNS = ("run", "walk_run")

PAIN: dict[str, Any] = {
    "provoked_by": ["squat"],
    "relapses": "never",
    "pain_duration": "under_a_day",
    "load_change": ["none"],
}
BELOW = {**CALM, **PAIN, "pain_site": ["below_kneecap"], "weeks_since_onset": 3}
INNER = {**CALM, **PAIN, "pain_site": ["inner_side"], "weeks_since_onset": 3}
ROSE = {
    "running_status": "regular_more",
    "volume_unit": "km",
    "volume_last_week": 27,
    "volume_before": 20,
    "volume_sustainable": 20,
}
SAME = {"running_status": "regular_same", "volume_unit": "km", "volume_last_week": 20, "volume_before": 20}
STRONG = {"strength_sessions": 2, "strength_range": "yes", "strength_check": "pass"}
WEAK = {"strength_sessions": 0, "strength_check": "both_fail"}
START = date(2027, 3, 1)
STEPS = {"": Fraction(1), **{each.id: Fraction(each.step) for each in RULEBOOK.quantities["volume"].units}}


def plan(*parts: dict[str, Any], start: date = START, **more: Any) -> Schedule:
    """The weeks for an intake made of parts."""
    intake = {key: value for part in (*parts, more) for key, value in part.items()}
    return weeks(RULEBOOK, assess(RULEBOOK, intake, engine="compiled"), start)


def test_no_cell_of_the_table_begins_like_a_formula() -> None:
    schedule = plan(BELOW, SAME, STRONG)
    week = schedule.weeks[0]
    session = week.sessions[0]._replace(title="=1+1", today=("-2 sets",), do=(), amount=-1.0, kind="+49")
    odd = replace(schedule, weeks=(week._replace(sessions=(session,)),))
    (row,) = csv.DictReader(as_csv(odd).splitlines())
    assert (row["title"], row["do"], row["kind"], row["amount"]) == ("'=1+1", "'-2 sets", "'+49", "-1.0")
    cells = csv.reader(as_csv(schedule).splitlines())
    assert [cell for row in cells for cell in row if cell[:1] in set("=+-@")] == []


def exact(number: float) -> Fraction:
    return Fraction(str(number))


def random_plan(chance: Any, start: date) -> tuple[afterrun.Result, Schedule]:
    mostly = {**CALM, "pain_site": chance.choice([["below_kneecap"], ["inner_side"]])}
    result = assess(RULEBOOK, random_intake(RULEBOOK, chance, mostly), engine="compiled")
    return result, weeks(RULEBOOK, result, start)


@LAW
@given(randoms(), STARTS)
def test_no_week_of_the_ramp_holds_more_than_thirty_per_cent_above_the_week_before(
    chance: Any, start: date
) -> None:
    result, schedule = random_plan(chance, start)
    for before, week in itertools.pairwise(schedule.weeks):
        if before.amount is None or week.amount is None or not before.amount.value:
            continue
        if week.amount.value is None:
            # A blank answer holds up the rate.
            assert result.plan["ramp_pct"] is None
            assert result.open_questions
            continue
        most = exact(before.amount.value) * Fraction(13, 10)
        # A few steps cannot rise by whole ones and stay below: what lies below a step counts as run.
        few = exact(before.amount.value) < 12 * STEPS[schedule.unit]
        assert exact(week.amount.value) <= most + few * STEPS[schedule.unit]
        if week.amount.course == "gradual_ramp":
            assert week.amount.ceiling is not None
            assert exact(week.amount.value) <= exact(week.amount.ceiling)
            assert exact(week.amount.ceiling) <= max(most, exact(week.amount.value))


@LAW
@given(randoms(), STARTS)
def test_all_amounts_of_a_week_can_be_run(chance: Any, start: date) -> None:
    _, schedule = random_plan(chance, start)
    for week in schedule.weeks:
        told = [] if week.amount is None else [week.amount.value, week.amount.ceiling, week.amount.longest]
        told += [session.amount for session in week.sessions]
        assert [each for each in told if each is not None and exact(each) % STEPS[schedule.unit]] == []


@LAW
@given(randoms(), STARTS)
def test_the_ban_means_nothing_in_each_of_its_weeks(chance: Any, start: date) -> None:
    result, schedule = random_plan(chance, start)
    if "tendon_loading" not in result.interventions:
        return
    assert len(schedule.weeks) >= 12
    for week in schedule.weeks[:12]:
        assert week.amount is not None
        assert week.amount.value == 0
        assert not [each for each in week.sessions if each.kind in RUNS]


@LAW
@given(randoms(), STARTS)
def test_a_run_much_longer_than_the_longest_of_the_last_thirty_days_is_told_to_be_split(
    chance: Any, start: date
) -> None:
    _, schedule = random_plan(chance, start)
    runs = [each for each in schedule.sessions if each.amount is not None]
    for run in runs:
        if "gradual_ramp" not in schedule.weeks[run.week - 1].courses or not run.amount:
            continue
        before = [
            each.amount
            for each in runs
            if each.amount and each.week < run.week and run.at - each.at <= timedelta(days=30)
        ]
        amount = schedule.weeks[run.week - 1].amount
        assert amount is not None
        if not before:
            continue
        # Even shares of whole steps: a step for the share, one for the week's rounding.
        fits = exact(run.amount) <= exact(max(before)) * Fraction(11, 10) + 2 * STEPS[schedule.unit]
        assert fits or "Split runs" in amount.words


@LAW
@given(randoms(), STARTS)
def test_the_runs_of_a_week_add_up_to_its_amount(chance: Any, start: date) -> None:
    _, schedule = random_plan(chance, start)
    for week in schedule.weeks:
        if week.amount is not None and week.amount.value is not None:
            shares = [exact(each.amount) for each in week.sessions if each.amount is not None]
            assert sum(shares) == exact(week.amount.value)


@LAW
@given(randoms(), STARTS)
def test_sessions_rest_and_keep_apart(chance: Any, start: date) -> None:
    _, schedule = random_plan(chance, start)
    by_kind: dict[str, list[afterrun.Session]] = {}
    for session in schedule.sessions:
        by_kind.setdefault(session.kind, []).append(session)
    for kind in ("tendon_loading", "strength", "walk_run"):
        for sooner, later in itertools.pairwise(by_kind.get(kind, [])):
            assert later.at - sooner.at >= timedelta(hours=48)
    strength = {each.at.date() for each in by_kind.get("strength", [])}
    assert not strength & {each.at.date() for kind in RUNS for each in by_kind.get(kind, [])}


@LAW
@given(randoms(), STARTS)
def test_every_session_has_a_name_of_its_own_and_lies_in_its_week(chance: Any, start: date) -> None:
    result, schedule = random_plan(chance, start)
    ids = [session.id for session in schedule.sessions]
    assert len(set(ids)) == len(ids)
    assert bool(schedule.weeks) <= RULEBOOK.triage[result.triage].shows_plan
    for place, week in enumerate(schedule.weeks):
        assert week.start == start + timedelta(weeks=place)
        assert all(week.start <= each.at.date() <= week.end for each in week.doings)
        assert list(week.sessions) == sorted(week.sessions, key=lambda each: each.at)
        checks_in = [each for each in week.sessions if each.checks_in]
        assert bool(checks_in) == (week.courses != ("routine_review",))
        # The morning after the last session belongs to what the week is asked about.
        assert [each.at.date() - week.end for each in checks_in] == [timedelta(days=1)] * len(checks_in)
        assert week.sessions[: len(week.doings)] == week.doings
        assert all(each.lines and "{" not in " ".join(each.lines) for each in week.sessions)


@LAW
@given(randoms(), STARTS)
@example(random.Random(10000), date(2024, 1, 1))
def test_the_first_weeks_of_the_ramp_are_those_of_the_plan_and_the_goal_is_its_end(
    chance: Any, start: date
) -> None:
    result, schedule = random_plan(chance, start)
    ramp = [
        week.amount
        for week in schedule.weeks
        if week.amount is not None and week.amount.course == "gradual_ramp"
    ]
    for amount, key in zip(ramp, ("week5_volume", "week6_volume"), strict=False):
        assert (amount.value or None) == result.display.get(key)
    if schedule.goal is not None:
        assert all(each.value is None or each.value <= schedule.goal for each in ramp)
        if ramp and len(schedule.weeks) < 104 and ramp[-1].value is not None:
            assert ramp[-1].value == schedule.goal


@LAW
@given(randoms(), STARTS, st.integers(2, 20))
def test_who_goes_on_as_planned_sees_the_same_weeks_again(chance: Any, start: date, week: int) -> None:
    result, schedule = random_plan(chance, start)
    if week > len(schedule.weeks):
        return
    later = weeks(RULEBOOK, replace(State.of(result), week=week, calendar_week=week), start)
    common = min(len(later.weeks), len(schedule.weeks) - week + 1)
    assert common > 0
    assert later.weeks[:common] == schedule.weeks[week - 1 :][:common]


def test_running_waits_for_the_tendon_and_is_asked_about_in_week_12() -> None:
    schedule = plan(
        BELOW, {"pain_timing": "after_within_hours"}, ROSE, WEAK, volume_goal=40, equipment=["none"]
    )
    spans = {span.id: (span.first, span.last, span.open) for span in schedule.spans}
    assert spans == {
        "tendon_loading": (1, 12, False),
        "running_baseline": (13, 16, False),
        "gradual_ramp": (17, 26, True),
        "full_range_strength": (13, 26, True),
    }
    amounts = [week.amount for week in schedule.weeks if week.amount is not None]
    assert [each.value for each in amounts] == [0] * 12 + [None] * 14
    assert {each.words for each in amounts[12:16]} == {"asked in week 12"}
    assert "What could you run every week with no pain?" in " ".join(
        schedule.weeks[11].sessions[-1].today
    ).replace("\n", " ")
    loading = [each.title.split()[-1] for each in schedule.sessions if each.kind == "tendon_loading"]
    scheme = ["3x15"] + ["3x12"] * 2 + ["4x10"] * 2 + ["4x8"] * 3 + ["4x6"] * 4
    assert loading == [each for each in scheme for _ in range(3)]
    assert "One-leg squat to a chair" in " ".join(schedule.weeks[0].sessions[0].do)
    assert {each.entry.id: (each.entry.status, each.from_week) for each in schedule.decisions} == {
        "running_baseline": ("postponed", 13),
        "gradual_ramp": ("postponed", 17),
        "full_range_strength": ("merged", 13),
    }
    assert all(each.because for each in schedule.decisions)
    assert schedule.weeks[12].sessions[0].today == ("Make this first week light.",)


def test_strength_waits_for_the_programme_that_it_is_part_of() -> None:
    schedule = plan(
        {**CALM, **PAIN, "pain_site": ["around_behind_kneecap"], "weeks_since_onset": 3},
        {"provoked_by": ["stairs", "long_sitting"], "pain_timing": "during_and_after"},
        SAME,
        WEAK,
        equipment=["none"],
    )
    spans = {span.id: (span.first, span.last) for span in schedule.spans}
    assert spans["kneecap_programme"] == (1, 12)
    assert spans["full_range_strength"][0] == 13
    assert "strength" not in {each.kind for week in schedule.weeks[:12] for each in week.sessions}


def test_a_session_says_nothing_of_a_limit_that_the_person_does_not_have() -> None:
    story = {"pain_timing": "after_within_hours", "relapses": "once"}
    alone = plan(BELOW, story, SAME, STRONG)
    both = plan(
        {**BELOW, "pain_site": ["below_kneecap", "around_behind_kneecap"]},
        {**story, "provoked_by": ["jump_hop", "stairs", "long_sitting"]},
        SAME,
        STRONG,
    )
    limit = "The joint under the kneecap has a lower limit: 2 of 10."
    for schedule, wanted in ((alone, False), (both, True)):
        training = next(each for each in schedule.sessions if each.kind == "tendon_loading")
        assert (limit in training.do) is wanted


def test_load_and_strength_start_together_on_different_days() -> None:
    schedule = plan(INNER, {"pain_timing": "after_within_hours"}, ROSE, WEAK, volume_goal=30)
    amounts = [week.amount.value for week in schedule.weeks if week.amount is not None]
    assert amounts[:8] == [18, 18, 18, 18, 21.6, 25.9, 30, 30]
    assert len(schedule.weeks) == 12
    assert "In week 7 you reach your goal of 30 km" in schedule.length
    kinds = [each.kind for each in schedule.weeks[0].sessions]
    assert (kinds.count("run"), kinds.count("strength"), kinds.count("check_in")) == (3, 2, 1)


def test_no_week_holds_a_run_that_it_calls_too_long() -> None:
    long: dict[str, Any] = {"volume_goal": 100, "longest_run_30_days": 7}
    schedule = plan(INNER, {"pain_timing": "after_within_hours"}, ROSE, STRONG, **long)
    runs = [each for each in schedule.sessions if each.kind == "run"]
    limited = [each for each in runs if "No run longer than 7.7 km for now." in each.do]
    assert limited
    assert max(each.amount or 0 for each in limited) <= 7.7
    assert max(each.amount or 0 for each in runs) > 7.7


def test_a_limit_of_one_run_is_told_without_weekly_amounts_and_as_one_can_run_it() -> None:
    outer = {**CALM, **PAIN, "pain_site": ["around_behind_kneecap"], "weeks_since_onset": 3}
    story = {"provoked_by": ["stairs", "long_sitting"], "pain_timing": "during_and_after"}
    schedule = plan(outer, story, SAME, STRONG, longest_run_30_days=6.6)
    span = next(each for each in schedule.spans if each.id == "run_within_limit")
    assert "No run longer than 7.2 km for now." in span.do


def test_without_a_goal_the_ramp_rises_for_four_weeks_and_asks() -> None:
    schedule = plan(INNER, {"pain_timing": "after_within_hours"}, ROSE, STRONG)
    amounts = [week.amount for week in schedule.weeks if week.amount is not None]
    assert len(schedule.weeks) == 26
    assert [each.value for each in amounts[4:9]] == [21.6, 25.9, 31.1, 37.3, 37.3]
    assert amounts[6].words == ""
    assert amounts[8].words.startswith("Held until you name a goal.")
    asked = [week.number for week in schedule.weeks if len(week.sessions[-1].today) > 0]
    assert asked == [8]


def test_a_goal_of_nothing_is_none() -> None:
    parts = (INNER, {"pain_timing": "after_within_hours"}, ROSE, STRONG)
    nothing, blank = plan(*parts, volume_goal=0), plan(*parts)
    assert nothing.goal is None
    assert [week.amount for week in nothing.weeks] == [week.amount for week in blank.weeks]
    asked = [[week.sessions[-1].today for week in each.weeks] for each in (nothing, blank)]
    assert asked[0] == asked[1]


def test_the_number_of_runs_grows_before_a_run_grows_too_long() -> None:
    schedule = plan(INNER, {"pain_timing": "after_within_hours"}, ROSE, STRONG, volume_goal=200)
    runs = [sum(each.kind == "run" for each in week.sessions) for week in schedule.weeks]
    assert runs[:4] == [3, 3, 3, 3]
    assert runs[4] == 4
    assert max(runs) == 5
    split = [week for week in schedule.weeks if week.amount and "Split runs" in week.amount.words]
    assert split[0].number == 8
    assert "Split runs so that none is longer than 7.1 km" in " ".join(split[0].sessions[0].today)


def test_a_pain_free_amount_is_found_before_any_is_planned() -> None:
    schedule = plan(INNER, {"pain_timing": "after_within_hours"}, ROSE, STRONG, volume_sustainable="unknown")
    assert [span.id for span in schedule.spans] == ["find_pain_free_volume"]
    assert {week.amount.words for week in schedule.weeks if week.amount} == {"to be found"}
    assert {each.kind for each in schedule.sessions} == {"walk_run", "check_in"}
    known = plan(INNER, {"pain_timing": "after_within_hours"}, ROSE, STRONG, volume_sustainable=0)
    assert [span.id for span in known.spans] == ["find_pain_free_volume"]


def test_a_watched_tendon_is_looked_at_after_two_weeks() -> None:
    schedule = plan(BELOW, {"pain_timing": "during_and_after"}, ROSE, STRONG, volume_goal=30)
    watch = next(span for span in schedule.spans if span.id == "tendon_watch")
    assert (watch.first, watch.last) == (1, 2)
    assert schedule.weeks[1].sessions[-1].today
    only = "Do not jump. Run only while fully pain-free."
    for week, wanted in ((0, True), (1, True), (2, False)):
        run = next(each for each in schedule.weeks[week].sessions if each.kind == "run")
        assert (only in run.do) is wanted
    assert [each.title for each in schedule.weeks[0].sessions if each.kind == "routine_review"]


def test_a_plan_that_a_check_in_changed_goes_on_from_there() -> None:
    intake = {**INNER, "pain_timing": "after_within_hours", **ROSE, **STRONG, "volume_goal": 30}
    state = State.of(assess(RULEBOOK, intake, engine="compiled"), person="ann")
    changed = replace(state, week=6, calendar_week=8, amount=20.0, longest=6.0)
    schedule = weeks(RULEBOOK, changed, START)
    first = schedule.weeks[0]
    assert (first.number, first.plan_week, first.start) == (8, 6, START + timedelta(weeks=7))
    assert [week.amount.value for week in schedule.weeks if week.amount] == [20, 24, 28.8, 30]
    assert schedule.person == "ann"
    # Running and the watched tendon may fall out of step.
    behind = weeks(
        RULEBOOK, replace(state, week=3, calendar_week=3, spans={"running_baseline": (2, 5)}), START
    )
    assert behind.weeks[2].courses[0] == "running_baseline"


def test_a_red_flag_leaves_no_weeks() -> None:
    schedule = plan(BELOW, ROSE, STRONG, warning_signs=["calf_swollen"])
    assert (schedule.weeks, schedule.decisions, schedule.length) == ((), (), "")


def test_a_calendar_that_ends_is_told() -> None:
    result = assess(RULEBOOK, {**INNER, "pain_timing": "after_within_hours", **ROSE, **STRONG})
    with pytest.raises(afterrun.NoScheduleError, match="not enough days"):
        weeks(RULEBOOK, result, date(9999, 12, 1))


def test_a_part_of_the_rulebook_lays_out_the_weeks_of_its_main_part() -> None:
    result = assess(RULEBOOK, {**INNER, "pain_timing": "after_within_hours", **ROSE, **STRONG})
    part = shipped("checkin")
    assert weeks(part, State.of(result), START) == weeks(RULEBOOK, result, START)


def test_a_tendon_that_is_only_watched_says_how() -> None:
    schedule = plan(BELOW, {"pain_timing": "during_and_after"}, SAME, STRONG)
    assert [span.id for span in schedule.spans] == ["routine_review", "tendon_watch"]
    watch = schedule.spans[1]
    assert "only while fully pain-free" in " ".join(watch.do)
    assert "do not jump" in " ".join(schedule.weeks[0].sessions[-1].lines)


def test_where_no_check_in_can_be_made_none_is_laid_out() -> None:
    schedule = plan(INNER, {"pain_timing": "after_within_hours"}, SAME, STRONG)
    assert [[each.kind for each in week.sessions] for week in schedule.weeks] == [["routine_review"]]
    assert "answer the questions again" in schedule.length


@pytest.mark.slow
def test_the_first_week_alone_is_the_first_of_all(tmp_path: Path) -> None:
    # So early that the second week's first session moves the check-in of the first.
    folder = copied(tmp_path)
    spoil(folder, "knowledge/schedule.yaml", 'usual_time: "18:00"', 'usual_time: "00:10"')
    early = afterrun.load_rulebook(folder)
    chance, seen, moved = random.Random(8), 0, 0
    for _ in range(60):
        result = assess(RULEBOOK, random_intake(RULEBOOK, chance, CALM), engine="compiled")
        alone = [first_week(each, result) for each in (RULEBOOK, early)]
        laid = [weeks(each, result, date(2001, 1, 1)).weeks[:1] for each in (RULEBOOK, early)]
        assert alone == [each[0] if each else None for each in laid]
        seen += alone[0] is not None
        moved += len({week.sessions[-1].at for week in alone if week}) > 1
    assert (seen > 10, moved > 0) == (True, True)
