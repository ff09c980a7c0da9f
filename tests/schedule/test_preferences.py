"""A plan that fits a life: days, times, runs a week; laws over random wishes, and each wish alone."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterrun import Schedule, State, Week, assess, weeks
from afterrun.schedule import (
    EVERY,
    WEEKDAYS,
    Away,
    Preferences,
    PreferencesError,
    changes_between,
    shared_kind,
)
from tests.schedule.test_weeks import BELOW, INNER, ROSE, RULEBOOK, SAME, START, STARTS, STRONG, WEAK, exact
from tests.support.random_input.intakes import CALM, as_many, random_intake, randoms
from tests.support.random_input.intakes import LAW as EVERY_LAW

pytestmark = pytest.mark.slow
LAW = settings(EVERY_LAW, max_examples=as_many(60))
"""Each example lays out two plans."""

assert RULEBOOK.schedule is not None
WRITTEN = RULEBOOK.schedule
KINDS = {kind.id: kind for kind in WRITTEN.sessions}
RESTS = {"tendon_loading": 48, "walk_run": 48, "strength": 48, "kneecap": 48, "hips": 48, "run": 24}
AFTER = {"pain_timing": "after_within_hours"}
BOTH = (INNER, AFTER, ROSE, WEAK, {"volume_goal": 30})
"""Running and leg strength beside each other."""
RUNS = (INNER, AFTER, ROSE, STRONG, {"volume_goal": 60})


def state(*parts: dict[str, Any]) -> State:
    intake = {key: value for part in parts for key, value in part.items()}
    return State.of(assess(RULEBOOK, intake, engine="compiled"))


def plan(*parts: dict[str, Any], start: date = START, **wishes: Any) -> Schedule:
    return weeks(RULEBOOK, state(*parts), start, preferences=Preferences(**wishes).checked(WRITTEN))


def weekdays(week: Week, kind: str) -> list[str]:
    return [WEEKDAYS[each.at.weekday()] for each in week.doings if each.kind == kind]


def said(week: Week) -> set[tuple[str, str, str]]:
    return {(each.what, each.why, each.name) for each in week.conflicts}


day_sets = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True).map(tuple)


@st.composite
def wishes(draw: st.DrawFn, start: date) -> Preferences:
    """Any preferences at all, sensible or not; those that are refused are none."""
    day = st.integers(-10, 120).map(lambda days: start + timedelta(days=days))
    away = st.tuples(day, st.integers(0, 20)).map(lambda each: Away(each[0], each[0] + timedelta(each[1])))
    clock = st.sampled_from(["00:00", "05:10", "06:30", "08:00", "12:00", "21:45"])
    kinds = st.sampled_from([EVERY, *(kind.id for kind in KINDS.values() if not kind.not_before)])
    wanted = Preferences(
        days=draw(st.dictionaries(kinds, day_sets, max_size=2)),
        runs=draw(st.none() | st.integers(1, 5)),
        at=draw(st.dictionaries(kinds, clock, max_size=2)),
        taken=draw(st.just(()) | st.lists(st.sampled_from(WEEKDAYS), max_size=4, unique=True).map(tuple)),
        away=tuple(draw(st.lists(away, max_size=3))),
        long_day=draw(st.none() | st.sampled_from(WEEKDAYS)),
    )
    try:
        return wanted.checked(WRITTEN)
    except PreferencesError:
        return Preferences()


@st.composite
def wished_plans(draw: st.DrawFn) -> tuple[State, date, Preferences]:
    chance, start = draw(randoms()), draw(STARTS)
    places = ["below_kneecap", "inner_side", "around_behind_kneecap", "outer_side"]
    mostly = {**CALM, "pain_site": [chance.choice(places)]}
    result = assess(RULEBOOK, random_intake(RULEBOOK, chance, mostly), engine="compiled")
    return State.of(result), start, draw(wishes(start))


@LAW
@given(wished_plans())
def test_no_session_falls_on_a_taken_or_an_away_day(plan: tuple[State, date, Preferences]) -> None:
    standing, start, wanted = plan
    for session in weeks(RULEBOOK, standing, start, preferences=wanted).sessions:
        if not session.checks_in:
            assert wanted.is_free(session.at.date())
            kind = KINDS[session.kind]
            assert kind.not_before or WEEKDAYS[session.at.weekday()] in wanted.allowed(kind)


@LAW
@given(wished_plans())
def test_rests_are_kept_and_what_finds_no_day_is_said(plan: tuple[State, date, Preferences]) -> None:
    standing, start, wanted = plan
    schedule = weeks(RULEBOOK, standing, start, preferences=wanted)
    usual = {week.number: week for week in weeks(RULEBOOK, standing, start).weeks}
    for name, hours in RESTS.items():
        sessions = [each for each in schedule.sessions if each.kind == name]
        for sooner, later in itertools.pairwise(sessions):
            assert later.at - sooner.at >= timedelta(hours=hours)
    for week in schedule.weeks:
        told = {(each.what, each.name) for each in week.conflicts}
        before = usual.get(week.number)
        for kind in KINDS.values():
            count = len(weekdays(week, kind.id))
            if kind.share is None and before is not None and week.courses == before.courses:
                # What shares the week's amount has laws of its own.
                assert count == len(weekdays(before, kind.id)) or ("left_out", kind.name) in told
            for other in kind.apart_from:
                meet = set(weekdays(week, kind.id)) & set(weekdays(week, other))
                names = {kind.name, KINDS[other].name}
                assert not meet or any(what == "shared" and name in names for what, name in told)


@LAW
@given(wished_plans())
def test_no_wish_raises_an_amount(plan: tuple[State, date, Preferences]) -> None:
    standing, start, wanted = plan
    usual = {week.number: week.amount for week in weeks(RULEBOOK, standing, start).weeks}
    for week in weeks(RULEBOOK, standing, start, preferences=wanted).weeks:
        before = usual.get(week.number)
        if week.amount is None or before is None or before.value is None or week.amount.value is None:
            continue
        assert week.amount.value <= before.value
        assert (week.amount.ceiling or 0) <= (before.ceiling or 0)
        shares = [exact(each.amount) for each in week.doings if each.amount is not None]
        assert sum(shares) == exact(week.amount.value) or not shares


@LAW
@given(wished_plans())
def test_after_weeks_without_a_run_no_amount_is_more_than_the_last(
    plan: tuple[State, date, Preferences],
) -> None:
    standing, start, wanted = plan
    last: float | None = None
    missed = 0
    for week in weeks(RULEBOOK, standing, start, preferences=wanted).weeks:
        value = None if week.amount is None else week.amount.value
        if any((each.name, each.placed) == ("Run", 0) and each.what == "left_out" for each in week.conflicts):
            missed += 1
            assert value == 0
        elif missed:
            assert value is None or (missed == 1 and (last is None or value <= last))
            missed = 0
        last = value or last


@LAW
@given(wished_plans())
def test_fewer_runs_are_never_longer_than_advised(
    plan: tuple[State, date, Preferences],
) -> None:
    standing, start, wanted = plan
    usual = {week.number: week for week in weeks(RULEBOOK, standing, start).weeks}
    for week in weeks(RULEBOOK, standing, start, preferences=wanted).weeks:
        if week.number not in usual or week.amount is None or week.amount.longest is None:
            continue
        longest = max(
            (exact(each.amount) for each in week.doings if each.amount is not None), default=exact(0)
        )
        before = max(
            (exact(each.amount) for each in usual[week.number].doings if each.amount is not None),
            default=exact(0),
        )
        fits = longest <= max(before, exact(week.amount.longest)) + exact(1 if week.amount.value else 0)
        assert fits or ("Split runs" in week.amount.words and not week.conflicts)


@LAW
@given(wished_plans())
def test_every_check_in_comes_before_the_sessions_that_it_decides_about(
    plan: tuple[State, date, Preferences],
) -> None:
    standing, start, wanted = plan
    schedule = weeks(RULEBOOK, standing, start, preferences=wanted)
    for week, after in itertools.pairwise(schedule.weeks):
        for check_in in week.sessions[len(week.doings) :]:
            assert all(check_in.at <= each.at for each in after.doings)
            assert check_in.at.date() == week.end + timedelta(days=1)


@LAW
@given(randoms(), STARTS)
def test_without_a_wish_the_weeks_are_as_they_are_written(chance: Any, start: date) -> None:
    mostly = {**CALM, "pain_site": chance.choice([["below_kneecap"], ["inner_side"]])}
    standing = State.of(assess(RULEBOOK, random_intake(RULEBOOK, chance, mostly), engine="compiled"))
    usual = weeks(RULEBOOK, standing, start)
    assert weeks(RULEBOOK, standing, start, preferences=Preferences()) == usual
    for session in usual.sessions:
        kind = KINDS.get(session.kind)
        written = {day for days in kind.days.values() for day in days} if kind else set(WEEKDAYS)
        assert WEEKDAYS[session.at.weekday()] in written
    assert not any(week.conflicts for week in usual.weeks)


@LAW
@given(wished_plans())
def test_preferences_are_kept_as_they_were(plan: tuple[State, date, Preferences]) -> None:
    _, _, wanted = plan
    assert Preferences.of(wanted.to_dict()) == wanted


def test_days_for_one_kind_move_the_other_out_of_the_way() -> None:
    schedule = plan(*BOTH, days={"run": ("mon", "wed", "sat")})
    assert weekdays(schedule.weeks[0], "run") == ["mon", "wed", "sat"]
    assert weekdays(schedule.weeks[0], "strength") == ["tue", "fri"]
    assert [week.conflicts for week in schedule.weeks[:4]] == [()] * 4
    # More kilometres would take more runs than there are days.
    assert said(schedule.weeks[4]) == {("long", "limit", "Run")}


def test_three_days_for_all_are_shared_and_that_is_said() -> None:
    schedule = plan(*BOTH, days={EVERY: ("tue", "thu", "sat")})
    first = schedule.weeks[0]
    assert (weekdays(first, "run"), weekdays(first, "strength")) == (["tue", "thu", "sat"], ["tue", "sat"])
    assert said(first) == {("shared", "days", "Run")}
    assert (first.conflicts[0].other, first.conflicts[0].placed) == ("Leg strength", 2)


def test_a_rest_is_never_broken_for_the_sake_of_a_session() -> None:
    schedule = plan(*BOTH, days={"strength": ("mon", "tue")})
    assert weekdays(schedule.weeks[0], "strength") == ["mon"]
    assert ("left_out", "days", "Leg strength") in said(schedule.weeks[0])
    # The rest holds across the end of a week, too.
    wide = plan(*BOTH, days={"strength": ("mon", "sun")})
    days = [each.at for each in wide.sessions if each.kind == "strength"]
    assert min(b - a for a, b in itertools.pairwise(days)) >= timedelta(days=2)


def test_days_as_written_keep_their_rest_from_a_week_that_had_others() -> None:
    sunday = replace(state(*BOTH), week=2, calendar_week=2, last_days={"strength": START + timedelta(days=6)})
    after = weeks(RULEBOOK, sunday, START)
    assert "mon" not in weekdays(after.weeks[0], "strength")
    assert len(weekdays(after.weeks[0], "strength")) == 2
    assert weekdays(after.weeks[2], "strength") == ["mon", "thu"]


def test_whoever_is_away_for_most_of_a_week_goes_back_up_step_by_step() -> None:
    usual = plan(*RUNS)
    away = Away(START + timedelta(weeks=5), START + timedelta(weeks=5, days=4))
    schedule = plan(*RUNS, away=(away,))
    week = schedule.weeks[5]
    assert weekdays(week, "run") == ["sat", "sun"]
    assert said(week) == {("left_out", "away", "Run")}
    before = usual.weeks[5]
    assert max(each.amount or 0 for each in week.doings) <= max(each.amount or 0 for each in before.doings)
    assert held(schedule)[5:8] == [13.0, 16.9, 20.2]
    assert held(usual)[4:6] == [21.6, 25.9]


def test_most_of_a_week_is_enough_for_its_amount_to_come_again() -> None:
    away = Away(START + timedelta(weeks=7), START + timedelta(weeks=7, days=2))
    usual, schedule = held(plan(*RUNS)), held(plan(*RUNS, away=(away,)))
    assert 0.8 * (usual[7] or 0) <= (schedule[7] or 0) < (usual[7] or 0)
    assert schedule[8:10] == usual[7:9]


def test_after_a_light_flat_week_the_next_holds_at_most_three_tenths_more() -> None:
    away = Away(START + timedelta(weeks=1), START + timedelta(weeks=1, days=4))
    assert held(plan(*RUNS, away=(away,)))[:5] == [18.0, 12.0, 15.6, 18.0, 21.6]


def test_a_week_away_holds_nothing_and_says_from_when_to_when() -> None:
    away = Away(START + timedelta(weeks=5), START + timedelta(weeks=6, days=6))
    schedule = plan(*RUNS, away=(away,))
    assert [week.doings for week in schedule.weeks[5:7]] == [(), ()]
    assert schedule.nothing == "No running from 5 Apr to 18 Apr 2027."
    assert [week.amount.value for week in schedule.weeks[5:7] if week.amount] == [0, 0]


def test_a_ban_says_from_when_to_when() -> None:
    schedule = plan(BELOW, AFTER, ROSE, WEAK, {"equipment": ["none"], "volume_goal": 40})
    assert schedule.nothing == "No running from 1 Mar to 23 May 2027."
    assert schedule.to_dict()["nothing"] == schedule.nothing
    later = replace(state(BELOW, AFTER, ROSE, WEAK, {"equipment": ["none"]}), week=4, calendar_week=6)
    assert weeks(RULEBOOK, later, START).nothing.startswith("No running from 15 Mar to")
    begun = replace(later, begun={"tendon_loading": 1})
    assert weeks(RULEBOOK, begun, START).nothing.startswith("No running from 1 Mar to")
    assert plan(*RUNS).nothing == ""


def test_the_long_run_has_its_day_and_its_share() -> None:
    schedule = plan(*RUNS, long_day="sat")
    for week in schedule.weeks:
        runs = [each for each in week.doings if each.kind == "run"]
        long = next(each for each in runs if each.at.weekday() == 5)
        assert long.amount == max(each.amount or 0 for each in runs)
    assert any(len({each.amount for each in week.doings}) > 1 for week in schedule.weeks)


def test_runs_a_week_are_as_many_as_are_wished_within_the_plan() -> None:
    assert {len(weekdays(week, "run")) for week in plan(*RUNS, runs=4).weeks} == {4}
    beside = plan(*BOTH, runs=5).weeks[0]
    assert len(weekdays(beside, "run")) == 4
    assert ("fewer", "limit", "Run") in said(beside)


def held(schedule: Schedule) -> list[float | None]:
    """What each week holds."""
    return [None if week.amount is None else week.amount.value for week in schedule.weeks]


@pytest.mark.parametrize("wish", [{"runs": 1}, {"days": {"run": ("mon",)}}])
def test_one_run_a_week_is_no_longer_and_the_week_holds_less(wish: dict[str, Any]) -> None:
    schedule = plan(*RUNS, **wish)
    first = schedule.weeks[0].amount
    assert first is not None
    assert (first.value, first.longest) == (6, 6)
    assert "No run is to be longer than 6 km" in first.words
    assert all(("long", "limit", "Run") in said(week) for week in schedule.weeks)
    # The steady weeks stay steady, and the rise counts from what is laid out, a run at most a tenth longer.
    runs = [exact(value) for value in held(schedule) if value is not None]
    assert runs[:4] == [6] * 4
    assert all(later <= sooner * exact(1.1) for sooner, later in itertools.pairwise(runs))
    ceilings = [week.amount.ceiling for week in schedule.weeks if week.amount and week.amount.ceiling]
    assert ceilings == held(schedule)[4:]
    # Once a run may be as long as the goal, it is reached.
    assert runs[-1] == schedule.goal
    assert f"In week {len(runs)} you reach" in schedule.length


def test_a_week_away_is_no_week_of_the_plan() -> None:
    away = Away(START + timedelta(weeks=1), START + timedelta(weeks=1, days=6))
    usual, schedule = plan(*RUNS), plan(*RUNS, away=(away,))
    assert [week.plan_week for week in schedule.weeks[:6]] == [1, 2, 2, 3, 4, 5]
    assert held(schedule) == [18, 0, *held(usual)[1:]]
    assert schedule.weeks[5].amount == usual.weeks[4].amount


def test_after_one_week_away_in_the_rise_the_last_amount_comes_once_more() -> None:
    away = Away(START + timedelta(weeks=6), START + timedelta(weeks=6, days=6))
    usual, schedule = held(plan(*RUNS)), held(plan(*RUNS, away=(away,)))
    assert schedule == [*usual[:6], 0, usual[5], *usual[6:]]


@pytest.mark.parametrize(
    ("gap", "words"), [(2, "asked at your check-in"), (3, "asked at your check-in"), (4, "no longer counts")]
)
@pytest.mark.parametrize("at", [2, 7])
def test_after_more_weeks_away_no_amount_is_known(gap: int, words: str, at: int) -> None:
    away = Away(START + timedelta(weeks=at), START + timedelta(weeks=at + gap, days=-1))
    schedule = plan(*RUNS, away=(away,))
    amounts = held(schedule)
    assert amounts[:at] == held(plan(*RUNS))[:at]
    assert amounts[at : at + gap] == [0] * gap
    assert set(amounts[at + gap :]) == {None}
    assert all(week.amount and words in week.amount.words for week in schedule.weeks[at + gap :])
    assert schedule.length.endswith("A check-in that knows an amount tells when you reach 60 km a week.")
    assert {each.amount for each in schedule.weeks[at + gap].doings} == {None}


@pytest.mark.parametrize(
    ("goal", "says"), [(15, "You are at your goal of 15 km"), (19, "In week 5 you reach")]
)
def test_whoever_runs_the_goal_from_the_first_week_is_at_it(goal: int, says: str) -> None:
    assert plan(INNER, AFTER, ROSE, STRONG, {"volume_goal": goal}).length.startswith(says)


def test_after_a_missed_week_that_a_check_in_named_no_amount_is_known() -> None:
    named = replace(state(*RUNS), week=6, calendar_week=6, amount=20.0, most=24.0)
    away = Away(START + timedelta(weeks=5), START + timedelta(weeks=5, days=6))
    schedule = weeks(RULEBOOK, named, START, preferences=Preferences(away=(away,)))
    assert held(schedule)[:2] == [0, None]
    assert schedule.weeks[1].plan_week == 6


def test_a_ban_stays_a_ban_after_weeks_away() -> None:
    away = Away(START + timedelta(weeks=2), START + timedelta(weeks=4, days=6))
    schedule = plan(BELOW, AFTER, ROSE, WEAK, {"volume_goal": 40}, away=(away,))
    usual = plan(BELOW, AFTER, ROSE, WEAK, {"volume_goal": 40})
    banned = held(usual).index(None)
    assert held(schedule)[: banned + 3] == [0] * (banned + 3)
    assert [week.plan_week for week in schedule.weeks[:6]] == [1, 2, 3, 3, 3, 3]


def test_each_kind_has_its_time_and_the_check_in_comes_first() -> None:
    schedule = plan(*BOTH, at={"run": "07:00", "strength": "06:30"})
    clocks = {each.kind: f"{each.at:%H:%M}" for each in schedule.weeks[1].sessions}
    assert clocks == {"run": "07:00", "strength": "06:30", "check_in": "06:20"}
    assert schedule.weeks[0].sessions[-1].at == datetime(2027, 3, 8, 6, 20)
    at_night = plan(*BOTH, at={EVERY: "00:05"}).weeks
    assert at_night[0].sessions[-1].at == datetime(2027, 3, 8, 0, 0)
    assert f"{plan(*BOTH, at={'check_in': '10:00'}).sessions[-1].at:%H:%M}" == "10:00"


def test_a_run_lasts_as_long_as_its_minutes_say() -> None:
    minutes = {"volume_unit": "min", "volume_last_week": 60, "volume_before": 45, "volume_sustainable": 45}
    runs = [each for each in plan(INNER, AFTER, ROSE, STRONG, minutes).sessions if each.kind == "run"]
    assert (runs[0].amount, runs[0].minutes) == (14, 15)
    assert all(0 <= each.minutes - (each.amount or 0) < 5 for each in runs)
    assert {each.minutes for each in plan(*RUNS).sessions if each.kind == "run"} == {60}


def test_no_text_of_the_schedule_names_a_command() -> None:
    """It is read on pages, in an export and in a calendar, where none can be typed."""
    assert RULEBOOK.schedule is not None
    assert "Answer the weekly check-in." in " ".join(plan(*RUNS).weeks[0].sessions[-1].lines)
    assert "afterrun " not in repr(RULEBOOK.schedule)


def test_an_appointment_is_put_off_until_the_person_is_there() -> None:
    parts = (BELOW, {"pain_timing": "during_and_after"}, ROSE, STRONG)
    assert plan(*parts).sessions[0].kind == "routine_review"
    away = Away(START, START + timedelta(days=2))
    booked = next(
        each for each in plan(*parts, away=(away,), taken=("thu",)).sessions if each.remind_minutes == 0
    )
    assert booked.at == datetime(2027, 3, 5, 12)


def lived(check_in: datetime, **wishes: Any) -> Schedule:
    """The weeks after a check-in on week 1, at that moment."""
    after = replace(
        state(*BOTH), week=2, calendar_week=2, amount=18.0, asked_on=check_in.date(), decided_at=check_in
    )
    return weeks(RULEBOOK, after, START, preferences=Preferences(**wishes))


def test_what_lay_before_its_check_in_is_left_out_and_never_moved() -> None:
    in_time, late = lived(datetime(2027, 3, 8, 8)), lived(datetime(2027, 3, 10, 20))
    assert weekdays(in_time.weeks[0], "run") == ["tue", "fri", "sun"]
    assert weekdays(late.weeks[0], "run") == ["fri", "sun"]
    assert weekdays(late.weeks[0], "strength") == ["thu"]
    assert [each.number for each in late.weeks[0].doings if each.kind == "run"] == [2, 3]
    assert said(late.weeks[0]) == {("left_out", "late", "Run"), ("left_out", "late", "Leg strength")}
    # The amount is that of the whole week: what was run of it before counts.
    assert late.weeks[0].amount == in_time.weeks[0].amount
    assert late.weeks[1:] == in_time.weeks[1:]
    morning = lived(datetime(2027, 3, 8, 8, 5), at={EVERY: "06:30"})
    assert all(each.at > datetime(2027, 3, 8, 8, 5) for each in morning.weeks[0].doings)


def test_weeks_that_had_begun_stay_when_preferences_change() -> None:
    before = plan(*BOTH)
    changed = datetime(2027, 3, 11, 9)
    begun = {week.number: week for week in before.weeks if week.start <= changed.date()}
    now = replace(state(*BOTH), laid=begun, settled_at=changed)
    wanted = Preferences(
        days={"run": ("mon", "wed", "sat")}, away=(Away(date(2027, 3, 12), date(2027, 3, 12)),)
    )
    after = weeks(RULEBOOK, now, START, preferences=wanted)
    assert after.weeks[0] == before.weeks[0]
    assert weekdays(after.weeks[1], "run") == ["tue", "sun"]
    assert said(after.weeks[1]) == {("left_out", "away", "Run")}
    taken = weeks(RULEBOOK, now, START, preferences=Preferences(taken=("fri",)))
    assert said(taken.weeks[1]) == {("left_out", "taken", "Run")}
    assert after.weeks[1].amount is not None
    assert after.weeks[1].amount.value == 12
    assert weekdays(after.weeks[2], "run") == ["wed", "sat"] or weekdays(after.weeks[2], "run") == [
        "mon", "wed", "sat",
    ]  # fmt: skip
    assert changes_between(before, after)[0].number == 2


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"days": {"runs": ("mon",)}}, "Did you mean 'run'"),
        ({"days": {"routine_review": ("mon",)}}, "no kind of session"),
        ({"at": {"strenght": "07:00"}}, "Did you mean 'strength'"),
        ({"at": {"run": "7"}}, "no time of day"),
        ({"taken": ("someday",)}, "no day of the week"),
        ({"taken": WEEKDAYS}, "not: no day of the week is left$"),
        ({"at": {"foo": "07:00"}}, r"run, .*strength \(Leg strength\).* check_in \(Check-in\)"),
        ({"days": {"strength": ("mon",)}, "taken": ("mon",)}, "left for leg strength"),
        ({"away": (Away(date(2027, 4, 17), date(2027, 4, 10)),)}, "ends before it begins"),
        ({"away": (Away(date(2027, 4, 17), date(2072, 4, 10)),)}, "more than a year"),
        ({"runs": 6}, "at most 5"),
        ({"runs": 0}, "not 1 to 5"),
        ({"runs": 4, "days": {"run": ("mon", "wed", "fri")}}, "more than the days for a run: mon, wed, fri"),
        ({"long_day": "sun", "taken": ("sun",)}, "sun is no day for a run"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(wishes: dict[str, Any], words: str) -> None:
    with pytest.raises(PreferencesError, match=words):
        Preferences(**wishes).checked(WRITTEN)


def test_the_kind_that_shares_the_amount_is_found_in_the_knowledge() -> None:
    kind = shared_kind(WRITTEN)
    assert kind is not None
    assert kind.id == "run"


def test_a_search_over_two_years_is_quick_enough_to_be_tried_at_all() -> None:
    far = {"volume_goal": 300, "volume_last_week": 4, "volume_before": 4, "volume_sustainable": 4}
    schedule = plan(INNER, AFTER, {**SAME, **far}, WEAK, days={EVERY: ("mon", "tue", "thu", "sat")})
    assert all(week.conflicts or week.doings for week in schedule.weeks)
