"""The weeks that a diary leaves: what each kind of check-in does to the plan and to its calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from afterrun import Rulebook, Schedule, State, assess, load_rulebook, weeks
from afterrun.diary import DiaryError, History, KeptCheckIn, schedules_of, step
from afterrun.diary.standing import begin
from afterrun.rulebook import rename
from afterrun.schedule import Earlier, as_calendar, changes_between
from tests.schedule.test_weeks import BELOW, INNER, ROSE, SAME, START, STRONG, WEAK
from tests.support.random_input.intakes import CALM, LAW, random_intake
from tests.support.rulebooks.copies import copied
from tests.support.rulebooks.shipped import shipped

pytestmark = pytest.mark.slow

PART = shipped("checkin")
assert PART.base is not None
BASE: Rulebook = PART.base
NOTED = datetime(2027, 3, 1, 18)
NOW = datetime(2027, 3, 2, 8, tzinfo=UTC)
TENDON = {**BELOW, "pain_timing": "after_within_hours", "equipment": ["barbell"]}
CALM_WEEK = {"new_warning_signs": ["none"], "weeks_missed": 0, "next_morning": "same", "run_pain": 0}
LOADED = {**CALM_WEEK, "sessions_done": 3, "sessions_planned": 3, "session_pain": 2, "reps_in_reserve": 2}


def lived(
    intake: Mapping[str, Any], *reports: Mapping[str, Any], from_week: int = 1, part: Rulebook = PART
) -> History:
    """The diary of someone who reported these weeks, one after the other."""
    standing = first = begin(part, assess(part.base or part, intake, engine="compiled"))
    kept: list[KeptCheckIn] = []
    week = from_week - 1
    for number, answers in enumerate(reports, 1):
        week += 1 + int(answers.get("weeks_missed", 0))
        said, standing = step(part, standing, intake, answers, engine="compiled")
        assert said.actions, answers
        day = START + timedelta(days=7 * week - 1)
        kept.append(
            KeptCheckIn(number, week, day, NOTED, answers, False, said.to_dict(), said.rulebook, standing)
        )
    return History("me", 1, START, NOTED, dict(intake), {}, {}, first, tuple(kept))


def ahead(intake: Mapping[str, Any], *reports: Mapping[str, Any]) -> Schedule:
    """The weeks that the last of the reports leaves."""
    return schedules_of(PART, lived(intake, *reports))[-1]


def ran(done: float, **answers: Any) -> dict[str, Any]:
    return {**CALM_WEEK, "volume_done": done, **answers}


def amounts(schedule: Schedule, count: int) -> list[tuple[int, str, float | None]]:
    found = [(week.number, week.amount) for week in schedule.weeks[:count]]
    return [(number, amount.course, amount.value) for number, amount in found if amount is not None]


def flat(first: int, last: int, amount: float) -> list[tuple[int, str, float]]:
    return [(week, "running_baseline", amount) for week in range(first, last + 1)]


RUNNER = {**INNER, **ROSE, **STRONG, "volume_goal": 30}
"""Flat weeks of 18 km, then 20 % a week."""


@LAW
@given(st.randoms(use_true_random=False))
def test_before_the_first_check_in_the_diary_tells_the_plan_of_the_intake(chance: Any) -> None:
    intake = random_intake(
        BASE, chance, {**CALM, "pain_site": chance.choice([["below_kneecap"], ["inner_side"]])}
    )
    result = assess(BASE, intake, engine="compiled")
    try:
        first = begin(PART, result)
    except DiaryError:
        return
    history = History("me", 1, START, NOTED, intake, {}, {}, first, ())
    told = schedules_of(PART, history)[0]
    if first.programme != "tendon_watch":
        assert told.weeks == weeks(BASE, State.of(result, "me"), START).weeks
        assert told.decisions == weeks(BASE, State.of(result, "me"), START).decisions


def test_a_flat_week_with_pain_holds_less_and_comes_again() -> None:
    before = ahead(RUNNER, ran(18))
    assert amounts(before, 4) == [*flat(2, 4, 18), (5, "gradual_ramp", 21.6)]
    after = ahead(RUNNER, ran(18), ran(18, run_pain=2))
    assert amounts(after, 4) == [*flat(3, 5, 14.4), (6, "gradual_ramp", 17.2)]
    changed = changes_between(before, after, 3)
    assert [each.number for each in changed][:2] == [3, 4]
    assert changed[0].to_dict()["before"]["amount"] == 18


def test_the_ceiling_of_the_next_week_stands_on_what_was_really_run() -> None:
    schedule = ahead(RUNNER, *[ran(16)] * 4, ran(18))
    first = schedule.weeks[0].amount
    assert first is not None
    assert (first.value, first.ceiling) == (21.6, 23.4)


def test_after_a_step_back_or_a_hold_the_amount_is_the_most() -> None:
    on_the_way = [*[ran(18)] * 4, ran(21.6), ran(25.9)]
    for answers in ({"run_pain": 7}, {"run_pain": 4}):
        first = ahead(RUNNER, *on_the_way, ran(26, **answers)).weeks[0].amount
        assert first is not None
        assert first.ceiling == first.value


def test_a_single_run_is_held_against_those_of_the_last_weeks() -> None:
    schedule = ahead({**RUNNER, "volume_sustainable": 20}, *[ran(16)] * 4)
    runs = [each.amount for each in schedule.weeks[0].sessions if each.amount is not None]
    assert max(runs) <= 16 / 3 * 1.1 + 0.01
    assert len(runs) == 4


def test_a_gap_takes_up_less_in_a_later_week() -> None:
    schedule = ahead(RUNNER, *[ran(16)] * 4, ran(19), ran(0, weeks_missed=2))
    assert amounts(schedule, 2) == [(9, "gradual_ramp", 15.2), (10, "gradual_ramp", 18.2)]
    gone = [*[ran(16)] * 4, ran(19)]
    unknown = ahead(RUNNER, *gone, ran(0, weeks_missed=5))
    assert [week.courses for week in unknown.weeks] == [("find_pain_free_volume",)] * 4
    told = ahead(RUNNER, *gone, ran(0, weeks_missed=5, volume_sustainable=10))
    assert amounts(told, 5) == [
        *((week, "running_baseline", 8) for week in range(12, 16)),
        (16, "gradual_ramp", 8.8),
    ]


def test_after_a_gap_in_the_flat_weeks_the_first_of_them_alone_holds_less() -> None:
    schedule = ahead(RUNNER, ran(18), ran(0, weeks_missed=2))
    assert amounts(schedule, 4) == [*flat(5, 5, 14.4), *flat(6, 7, 18), (8, "gradual_ramp", 21.6)]


UNKNOWN = {
    **INNER, **STRONG, "running_status": "returning", "weeks_off": 9, "volume_last_week": "unknown",
    "volume_before": "unknown", "volume_sustainable": "unknown", "pain_timing": "after_within_hours",
}  # fmt: skip
"""Someone who names no amount, and so no unit."""
WALKED = {**CALM_WEEK, "volume_done": 0, "volume_unit": "mi", "volume_sustainable": "unknown"}


def test_weeks_of_walking_are_no_flat_weeks_and_end_in_a_review() -> None:
    first = begin(PART, assess(BASE, UNKNOWN, engine="compiled"))
    assert (first.programme, first.amount) == ("find_pain_free_volume", None)
    schedule = ahead(UNKNOWN, WALKED, WALKED)
    assert [week.courses for week in schedule.weeks] == [("find_pain_free_volume",)] * 2
    assert {each.kind for each in schedule.sessions} == {"walk_run", "check_in"}
    history = lived(UNKNOWN, *[WALKED] * 4)
    assert history.check_ins[-1].said["actions"] == ["routine_review", "keep"]
    assert schedules_of(PART, history)[-1].weeks[0].courses == ("routine_review", "find_pain_free_volume")


def test_an_amount_that_is_found_begins_the_flat_weeks_in_its_unit() -> None:
    schedule = ahead(UNKNOWN, WALKED, {**WALKED, "volume_sustainable": 5})
    assert schedule.unit == "mi"
    assert amounts(schedule, 5) == [*flat(3, 6, 2), (7, "gradual_ramp", 2.2)]
    assert schedule.weeks[0].sessions[0].title == "Run 0.7 mi"
    # A unit without an amount binds nobody.
    assert ahead({**UNKNOWN, "volume_unit": "km"}, {**WALKED, "volume_sustainable": 5}).unit == "mi"


@pytest.mark.parametrize(
    ("before", "done", "claimed", "flat_amount"),
    [
        ([], 0, 5, 2),  # half of the claim, where nothing is known to have been run
        ([], 3, 5, 2.4),  # no more than was run this week
        ([6], 3, 5, 4),  # 6 went well the week before
        ([6], 3, 9, 4.8),
    ],
)
def test_what_is_claimed_is_held_against_what_was_run(
    before: list[float], done: float, claimed: float, flat_amount: float
) -> None:
    walked = [{**WALKED, "volume_done": each} for each in before]
    history = lived(UNKNOWN, *walked, {**WALKED, "volume_done": done, "volume_sustainable": claimed})
    assert history.standing.facts["baseline_volume"] == flat_amount


def test_after_twelve_weeks_a_claim_is_held_against_the_running_before_them() -> None:
    intake = {**TENDON, **ROSE, **STRONG}
    last = {**LOADED, "volume_sustainable": 40}
    assert amounts(ahead(intake, *[LOADED] * 11, last), 1) == [(13, "running_baseline", 10.8)]
    modest = {**LOADED, "volume_sustainable": 10}
    assert amounts(ahead(intake, *[LOADED] * 11, modest), 1) == [(13, "running_baseline", 8)]


def test_after_a_long_gap_a_claim_is_held_against_what_was_tolerated_before() -> None:
    schedule = ahead(RUNNER, *[ran(18)] * 4, ran(20), ran(0, weeks_missed=5, volume_sustainable=40))
    assert amounts(schedule, 1) == [(12, "running_baseline", 16)]


def test_unknown_after_a_gap_does_not_let_a_claim_pass_what_was_tolerated_before_it() -> None:
    """Found by a review: 9 km a week became 48, by way of walking."""
    gone = [*[ran(18)] * 4, ran(20), ran(0, weeks_missed=5, volume_sustainable="unknown")]
    history = lived(RUNNER, *gone)
    assert history.standing.programme == "find_pain_free_volume"
    found = lived(RUNNER, *gone, ran(0, volume_sustainable=60))
    assert found.standing.facts["baseline_volume"] == 16
    never_ran = [ran(0, weeks_missed=5, volume_sustainable="unknown"), ran(0, volume_sustainable=60)]
    assert lived(RUNNER, *never_ran).standing.facts["baseline_volume"] == 14.4


def test_a_long_gap_while_looking_slows_the_ramp_that_comes_later() -> None:
    fast = {key: value for key, value in UNKNOWN.items() if key != "weeks_off"}
    fast |= {"running_status": "regular_more"}
    assert begin(PART, assess(BASE, fast, engine="compiled")).facts["ramp_pct"] == 20
    for missed, rate in ((3, 20), (4, 10), (13, 5)):
        away = [{**WALKED, "weeks_missed": missed}, {**WALKED, "volume_sustainable": 6}]
        assert lived(fast, *away).standing.facts["ramp_pct"] == rate


def test_what_hurt_is_not_taken_up_again_after_a_gap() -> None:
    """Found by a trial: after a cut to 14.4 one missed week led back to 18."""
    schedule = ahead(RUNNER, ran(18), ran(18, run_pain=2), ran(14.4, weeks_missed=1))
    assert amounts(schedule, 3) == flat(5, 7, 14.4)


def test_what_waits_keeps_its_reason_while_the_weeks_go_on() -> None:
    hurt = [ran(8, run_pain=3), ran(8, run_pain=3)]
    for more in ([], [LOADED], [LOADED] * 3):
        decided = {each.entry.id: each.because for each in ahead(watcher(), *hurt, *more).decisions}
        assert "two weeks" in decided["running_baseline"]


STRENGTH = {**INNER, **WEAK, **SAME, "pain_timing": "after_within_hours", "strength_belief": "no_time"}
LIFTED = {**LOADED, "sessions_done": 2, "sessions_planned": 2}


def test_strength_alone_is_followed_week_by_week() -> None:
    history = lived(STRENGTH, LIFTED, {**LIFTED, "session_pain": 4, "session_pain_less_depth": 3})
    assert history.first.programme == "full_range_strength"
    assert [each.said["actions"] for each in history.check_ins] == [["progress", "keep"], ["reduce_depth"]]
    schedule = schedules_of(PART, history)[-1]
    assert (schedule.weeks[0].number, schedule.weeks[0].plan_week) == (3, 2)
    assert [each.kind for each in schedule.weeks[0].sessions] == ["strength", "strength", "check_in"]
    gap = lived(STRENGTH, LIFTED, {**LIFTED, "weeks_missed": 2})
    assert gap.check_ins[-1].said["actions"] == ["repeat_week"]


def test_strength_that_leaves_the_knee_sore_for_twelve_weeks_ends_in_a_review() -> None:
    calm = lived(STRENGTH, *[LIFTED] * 12)
    assert calm.check_ins[-1].said["actions"] == ["progress", "keep"]
    sore = lived(STRENGTH, *[LIFTED] * 11, {**LIFTED, "session_pain": 4})
    assert "routine_review" in sore.check_ins[-1].said["actions"]


def test_strength_beside_a_watched_tendon_begins_at_once() -> None:
    intake = {**BELOW, **SAME, **WEAK, "pain_timing": "during_and_after", "strength_belief": "no_time"}
    assert begin(PART, assess(BASE, intake, engine="compiled")).programme == "tendon_watch"
    for reports in ((), (ran(8),)):
        assert "full_range_strength" in ahead(intake, *reports).weeks[0].courses


def test_whoever_holds_the_goal_still_sees_the_next_weeks() -> None:
    schedule = ahead({**RUNNER, "volume_goal": 16}, *[ran(16)] * 4)
    assert schedule.length == "You are at your goal of 16 km a week. Stay there."
    assert {week.amount.ceiling for week in schedule.weeks if week.amount is not None} == {16}
    assert amounts(schedule, 9) == [(week, "gradual_ramp", 16) for week in range(5, 9)]


def test_a_goal_can_be_named_and_changed_on_the_way() -> None:
    intake = {key: value for key, value in RUNNER.items() if key != "volume_goal"}
    assert ahead(intake, *[ran(16)] * 4).goal is None
    assert "You have not named a goal" in ahead(intake, *[ran(16)] * 4).length
    assert ahead(intake, *[ran(16)] * 4, ran(19, volume_goal=25)).goal == 25
    assert ahead(intake, *[ran(16)] * 4, ran(19, volume_goal=25), ran(22, volume_goal=40)).goal == 40


def test_twelve_weeks_end_in_running_and_strength_on_its_own() -> None:
    intake = {**TENDON, **ROSE, **WEAK}
    begun = ahead(intake, *[LOADED] * 11)
    assert [week.courses for week in begun.weeks[:2]] == [
        ("tendon_loading",), ("running_baseline", "full_range_strength"),
    ]  # fmt: skip
    assert {each.entry.id: each.entry.status for each in begun.decisions}["running_baseline"] == "postponed"
    done = ahead(intake, *[LOADED] * 12)
    assert (done.weeks[0].number, done.weeks[0].plan_week) == (13, 1)
    assert done.weeks[0].courses == ("find_pain_free_volume", "full_range_strength")
    assert done.decisions == ()
    light = [each for each in done.weeks[0].sessions if each.kind == "strength"]
    assert "Make this first week light." in light[0].lines
    told = ahead(intake, *[LOADED] * 12, ran(8, volume_sustainable=10))
    # Less than the 10 that are claimed: no more than 8 have been run.
    assert amounts(told, 1) == [(14, "running_baseline", 6.4)]
    later = [each for each in told.weeks[0].sessions if each.kind == "strength"]
    assert "Make this first week light." not in later[0].lines


def test_a_step_back_in_loading_is_seen_in_the_sessions() -> None:
    intake = {**TENDON, **SAME, **STRONG}
    schedule = ahead(intake, *[LOADED] * 6, {**LOADED, "weeks_missed": 2})
    assert (schedule.weeks[0].number, schedule.weeks[0].plan_week) == (10, 4)
    assert schedule.weeks[0].sessions[0].title == "Tendon training 4x10"
    assert len([week for week in schedule.weeks if "tendon_loading" in week.courses]) == 9


def test_strength_after_the_tendon_weeks_keeps_its_limit_in_a_diary() -> None:
    schedule = ahead({**TENDON, **ROSE, **WEAK})
    strength = next(each for each in schedule.sessions if each.kind == "strength")
    assert "Go as deep as you can with knee pain at 3 of 10 or less." in strength.do


def test_a_course_goes_by_its_own_id_and_not_by_that_of_what_brings_it(tmp_path: Path) -> None:
    rename(copied(tmp_path), "tendon_loading", "loading_programme").write()
    part = load_rulebook(tmp_path, part="checkin")
    intake = {**TENDON, **ROSE, **WEAK}
    for reports in ([LOADED], [LOADED] * 12):
        now = schedules_of(part, lived(intake, *reports, part=part))[-1]
        assert now.weeks == ahead(intake, *reports).weeks
        assert [each.id for each in now.spans] == [each.id for each in ahead(intake, *reports).spans]


def watcher() -> dict[str, Any]:
    """Someone whose tendon is watched beside the even weeks, with a strength gap; and it is possible."""
    story = {"pain_timing": "after_within_hours", "provoked_by": ["squat"], "worst_pain": 2}
    return {**BELOW, **ROSE, **WEAK, **story}


def test_flat_weeks_count_from_the_end_of_the_watch() -> None:
    intake = watcher()
    courses = [week.courses for week in ahead(intake).weeks[:7]]
    assert ["tendon_watch" in each for each in courses] == [True] * 2 + [False] * 5
    assert ["running_baseline" in each for each in courses] == [True] * 6 + [False]
    calm = ahead(intake, ran(8), ran(8))
    assert [("running_baseline" in week.courses) for week in calm.weeks[:5]] == [True] * 4 + [False]


def test_a_watched_tendon_that_still_hurts_turns_the_plan_round() -> None:
    schedule = ahead(watcher(), ran(8, run_pain=3), ran(8, run_pain=3))
    assert [week.courses for week in schedule.weeks[:12]] == [("tendon_loading",)] * 12
    assert {week.amount.value for week in schedule.weeks[:12] if week.amount} == {0}
    assert "running_baseline" in schedule.weeks[12].courses
    decided = {each.entry.id: (each.entry.status, each.because) for each in schedule.decisions}
    assert decided["running_baseline"][0] == "postponed"
    assert "two weeks" in decided["running_baseline"][1]
    assert decided["full_range_strength"][0] == "merged"


def test_a_review_stands_in_the_next_week() -> None:
    worse = {**LOADED, "session_pain": 5}
    schedule = ahead({**TENDON, **SAME, **STRONG}, worse, *[LOADED] * 10, worse)
    assert [week.courses for week in schedule.weeks] == [("routine_review",)]
    assert schedule.weeks[0].number == 13
    assert [each.kind for each in schedule.sessions] == ["routine_review"]
    hurt = ran(8, run_pain=2)
    both = ahead(RUNNER, *[hurt] * 4)
    assert both.weeks[0].courses == ("routine_review", "running_baseline")
    assert "routine_review" not in both.weeks[1].courses


def test_a_review_after_the_twelve_weeks_says_what_waits_for_it() -> None:
    worse = {**LOADED, "session_pain": 5}
    schedule = ahead({**TENDON, **ROSE, **WEAK}, worse, *[LOADED] * 10, worse)
    waits = {each.entry.id: (each.entry.status, each.from_week) for each in schedule.decisions}
    assert set(waits) == {"running_baseline", "gradual_ramp", "full_range_strength"}
    assert set(waits.values()) == {("postponed", None)}
    assert all("no less than at the start" in each.because for each in schedule.decisions)


def test_an_appointment_lies_after_the_check_in_that_asks_for_it() -> None:
    history = lived(RUNNER, *[ran(8, run_pain=2)] * 4)
    last = history.check_ins[-1]
    for late in (0, 3, 9):
        kept = last._replace(day=last.day + timedelta(days=late))
        schedule = schedules_of(PART, history._replace(check_ins=(*history.check_ins[:-1], kept)))[-1]
        booked = [each.at.date() for each in schedule.sessions if each.kind == "routine_review"]
        assert len(booked) == 1
        assert booked[0] > kept.day


SIGN = {**CALM_WEEK, "new_warning_signs": ["calf_swollen"]}


def test_a_sign_leaves_no_week() -> None:
    schedule = ahead(RUNNER, ran(16), SIGN)
    assert (schedule.triage, schedule.weeks, schedule.decisions) == ("urgent", (), ())


class TestCalendar:
    def read(self, *reports: Mapping[str, Any]) -> dict[str, Any]:
        history = lived(RUNNER, *reports)
        *earlier, now = schedules_of(PART, history)
        since = history.first_day(history.next_week)
        before = [Earlier(each, since) for each in earlier]
        content = as_calendar(now, now=NOW, sequence=2, instead_of=before)
        assert IcsCalendarStream.calendar_from_ics(content.decode()).events
        return {str(each["uid"]): each for each in icalendar.Calendar.from_ical(content).walk("VEVENT")}

    def test_a_check_in_updates_what_stood_there(self) -> None:
        before = {key: each for key, each in self.read(ran(16)).items() if each["status"] == "CONFIRMED"}
        after = self.read(ran(16), ran(16, run_pain=2))
        same = [key for key in before if key in after and "Run" in before[key]["summary"]]
        assert any(before[key]["summary"] != after[key]["summary"] for key in same)
        gone = {key for key in before if key not in after}
        assert {str(before[key].decoded("dtstart").date()) for key in gone} <= {
            str(START + timedelta(days=7 + day)) for day in range(7)
        }

    def test_a_stop_takes_back_every_session_to_come_and_none_that_is_past(self) -> None:
        planned = self.read(ran(16))
        stopped = self.read(ran(16), SIGN)
        assert {str(each["status"]) for each in stopped.values()} == {"CANCELLED"}
        third_week = START + timedelta(days=14)
        assert {key for key, each in planned.items() if each.decoded("dtstart").date() >= third_week} <= set(
            stopped
        )
        assert min(each.decoded("dtstart").date() for each in stopped.values()) >= third_week

    def test_what_a_corrected_check_in_had_left_is_taken_back_too(self) -> None:
        wrong, right = lived(RUNNER, ran(18), ran(18, run_pain=7)), lived(RUNNER, ran(18), ran(18))
        mended = right.check_ins[1]._replace(corrected=(wrong.check_ins[1],))
        told = schedules_of(PART, right._replace(check_ins=(right.check_ins[0], mended)))
        assert schedules_of(PART, wrong)[-1] in told
        assert told[-1] == schedules_of(PART, right)[-1]

    def test_a_correction_leaves_no_trace_in_the_weeks_that_count(self) -> None:
        """Strength that a slip of the pen had ended does not begin anew."""
        intake = watcher()
        right, wrong = lived(intake, ran(8), ran(8)), lived(intake, ran(8), ran(8, run_pain=3))
        assert wrong.standing.programme == "tendon_loading"
        mended = right.check_ins[1]._replace(corrected=(wrong.check_ins[1],))
        told = schedules_of(PART, right._replace(check_ins=(right.check_ins[0], mended)))
        assert told[-1] == schedules_of(PART, right)[-1]
        assert schedules_of(PART, wrong)[-1] in told

    def test_a_plan_that_is_begun_anew_has_events_of_its_own_and_takes_back_the_old(self) -> None:
        first = schedules_of(PART, lived(RUNNER))[-1]
        anew = schedules_of(PART, lived(RUNNER)._replace(number=2, start=START + timedelta(21)))[-1]
        since = START + timedelta(16)
        content = as_calendar(anew, now=NOW, instead_of=[Earlier(first, since)])
        events = icalendar.Calendar.from_ical(content).walk("VEVENT")
        gone = [each.decoded("dtstart").date() for each in events if each["status"] == "CANCELLED"]
        assert len(gone) == len([each for each in first.sessions if each.at.date() >= since])
        assert min(gone) >= since
        assert len({str(each["uid"]) for each in events}) == len(events)

    def test_what_an_earlier_export_held_is_taken_back_too(self) -> None:
        """Someone exports at the start, checks in twice, and exports again."""
        strong = [ran(16), ran(16, run_pain=1), ran(12.8)]
        first = {
            key for key, each in self.read().items() if each.decoded("dtstart").date() > START + timedelta(21)
        }
        assert first <= set(self.read(*strong))


@pytest.mark.parametrize("time", ["07:30", None])
def test_the_time_of_day_is_kept(time: str | None) -> None:
    schedule = schedules_of(PART, lived(RUNNER, ran(16)), usual_time=time)[-1]
    assert schedule.weeks[0].sessions[0].at.strftime("%H:%M") == (time or "18:00")
