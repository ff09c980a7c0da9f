"""What a person sets for a plan that goes on: kept with its day, told, and without effect on the past."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

import afterrun
from afterrun import IntakeError, Preferences, PreferencesError, Schedule
from afterrun.diary import Diary, DiaryError, History, NewPlan, goal_facts, goal_question, schedules_of
from afterrun.schedule import WEEKDAYS, Away, changes_between, day_words
from afterrun.telling import history_lines, stopped_words
from tests.schedule.test_weeks import INNER, ROSE, WEAK
from tests.support.diaries.replay import replay
from tests.support.diaries.weeks import GOOD, START, at, end_of, enrol, report, runner

pytestmark = pytest.mark.slow

MORNINGS = Preferences(days={"run": ("mon", "thu", "sat")}, at={"run": "07:00"})


def settle(diary: Diary, part: afterrun.Rulebook, day: date, wished: Preferences, **facts: Any) -> History:
    return diary.settle(part, diary.history("me"), wished, facts, at(day))


def runs(schedule: Schedule, number: int) -> list[str]:
    week = next(each for each in schedule.weeks if each.number == number)
    return [f"{WEEKDAYS[each.at.weekday()]} {each.at:%H:%M}" for each in week.doings if each.kind == "run"]


def test_what_is_chosen_at_the_start_is_kept_and_laid_out(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    history = enrol(diary, checkin_part, preferences=MORNINGS)
    assert diary.history("me") == history
    assert Preferences.of(history.to_dict()["preferences"]) == MORNINGS
    (schedule,) = schedules_of(checkin_part, history)
    assert runs(schedule, 1) == ["mon 07:00", "thu 07:00", "sat 07:00"]
    report(diary, checkin_part, 1, volume_done=16)
    assert runs(schedules_of(checkin_part, diary.history("me"))[-1], 2) == runs(schedule, 1)


def test_what_cannot_be_is_not_kept(diary: Diary, checkin_part: afterrun.Rulebook) -> None:
    with pytest.raises(PreferencesError, match="at most 5"):
        enrol(diary, checkin_part, preferences=Preferences(runs=6))
    enrol(diary, checkin_part)
    with pytest.raises(PreferencesError, match="Did you mean 'run'"):
        settle(diary, checkin_part, START, Preferences(days={"runn": ("mon",)}))
    assert diary.history("me").settings == ()


def test_a_change_holds_from_the_next_week_on_and_what_is_away_at_once(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    enrol(diary, checkin_part)
    report(diary, checkin_part, 1, volume_done=16)
    before = schedules_of(checkin_part, diary.history("me"))[-1]
    away = Away(START + timedelta(days=11), START + timedelta(days=11))
    wished = Preferences(days=MORNINGS.days, at=MORNINGS.at, away=(away,))
    history = settle(diary, checkin_part, START + timedelta(days=9), wished)
    after = schedules_of(checkin_part, history)[-1]
    assert runs(before, 2) == ["tue 18:00", "fri 18:00", "sun 18:00"]
    assert runs(after, 2) == ["tue 18:00", "sun 18:00"]
    assert runs(after, 3) == ["mon 07:00", "thu 07:00", "sat 07:00"]
    assert after.weeks[0].conflicts[0].why == "away"
    assert [each.number for each in changes_between(before, after)][:2] == [2, 3]
    # The schedules of before are still told as they were, so that a calendar can take back what it holds.
    assert schedules_of(checkin_part, history)[:-1] == schedules_of(
        checkin_part, history._replace(settings=())
    )


def test_settings_before_the_plan_begins_hold_from_its_first_day(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    enrol(diary, checkin_part)
    history = settle(diary, checkin_part, START - timedelta(days=2), MORNINGS)
    assert runs(schedules_of(checkin_part, history)[-1], 1) == ["mon 07:00", "thu 07:00", "sat 07:00"]


def test_a_goal_is_changed_in_the_middle_and_no_check_in_with_it(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    enrol(diary, checkin_part)
    for week in range(1, 5):
        report(diary, checkin_part, week, volume_done=16)
    before = diary.history("me")
    facts = goal_facts(checkin_part, before.standing, 60)
    history = settle(diary, checkin_part, end_of(4), Preferences(), **facts)
    assert history.check_ins == before.check_ins
    assert schedules_of(checkin_part, history)[-1].goal == 60
    assert "goal of 60 km" in schedules_of(checkin_part, history)[-1].length
    said = report(diary, checkin_part, 5, volume_done=19)
    assert said.answers["volume_goal"] == 60
    after = diary.history("me")
    assert after.check_ins[:-1] == before.check_ins
    assert after.standing.facts["volume_goal"] == 60
    assert replay(checkin_part, after) == [after.first, *(each.standing for each in after.check_ins)]
    lines = "\n".join(history_lines(checkin_part, after))
    assert (
        lines.index("Week 4, ")
        < lines.index(f"{day_words(end_of(4), year=True)}, settings: Goal: ")
        < lines.index("Week 5, ")
    )
    assert "→ 60 km a week" in lines


def test_a_goal_that_is_reached_holds_and_one_taken_back_is_none(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    enrol(diary, checkin_part)
    settle(diary, checkin_part, START, Preferences(), volume_goal=16)
    for week in range(1, 5):
        report(diary, checkin_part, week, volume_done=16)
    history = diary.history("me")
    assert "hold_at_goal" in history.check_ins[-1].said["actions"]
    gone = settle(diary, checkin_part, end_of(4), Preferences(), volume_goal=None)
    assert schedules_of(checkin_part, gone)[-1].goal is None
    assert "volume_goal" not in gone.standing.facts
    report(diary, checkin_part, 5, volume_done=16, volume_goal=50)
    assert schedules_of(checkin_part, diary.history("me"))[-1].goal == 50


def test_a_goal_in_another_unit_or_out_of_bounds_is_refused(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    standing = enrol(diary, checkin_part).standing
    question = goal_question(checkin_part)
    assert question is not None
    assert question.id == "volume_goal"
    with pytest.raises(DiaryError, match="counts in km"):
        goal_facts(checkin_part, standing, 25, "mi")
    with pytest.raises(IntakeError, match="is too large"):
        goal_facts(checkin_part, standing, 4000)
    assert goal_facts(checkin_part, standing, 40, "km") == {"volume_goal": 40, "volume_unit": "km"}


def test_a_correction_keeps_the_settings_and_does_not_work_with_later_ones(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    enrol(diary, checkin_part)
    settle(diary, checkin_part, START, Preferences(), volume_goal=40)
    report(diary, checkin_part, 1, volume_done=16, run_pain=3)
    settle(diary, checkin_part, end_of(1), MORNINGS, volume_goal=70)
    history = diary.history("me")
    assert history.without_last().standing.facts["volume_goal"] == 40
    assert len(history.without_last().settings) == 1
    diary.correct(checkin_part, history, {**GOOD, "volume_done": 16}, at(end_of(1)))
    mended = diary.history("me")
    assert mended.check_ins[0].standing.facts["volume_goal"] == 40
    assert mended.standing.facts["volume_goal"] == 70
    assert mended.preferences_now == MORNINGS.to_dict()
    assert runs(schedules_of(checkin_part, mended)[-1], 2) == ["mon 07:00", "thu 07:00", "sat 07:00"]


def test_settings_that_were_changed_meanwhile_are_not_written_over(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    stale = enrol(diary, checkin_part)
    settle(diary, checkin_part, START, MORNINGS)
    with pytest.raises(DiaryError, match="meanwhile"):
        diary.settle(checkin_part, stale, Preferences(), {}, at(START))
    with pytest.raises(DiaryError, match="meanwhile"):
        diary.check_in(checkin_part, stale, {**GOOD, "volume_done": 9}, end_of(1), at(end_of(1)))
    assert diary.history("me").preferences_now == MORNINGS.to_dict()


def test_a_session_that_lay_before_its_check_in_stays_in_the_past(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    enrol(diary, checkin_part)
    late = end_of(1) + timedelta(days=3)
    history = diary.history("me")
    diary.check_in(checkin_part, history, {**GOOD, "volume_done": 16}, late, at(late))
    history = diary.history("me")
    schedule = schedules_of(checkin_part, history)[-1]
    assert runs(schedule, 2) == ["fri 18:00", "sun 18:00"]
    assert history.changed_from == late
    assert history.decided_at(history.check_ins[0]) == datetime.combine(late, datetime.min.time()).replace(
        hour=18
    )
    # Days later it is still Wednesday from which on the week was decided.
    assert schedules_of(checkin_part, diary.history("me"))[-1] == schedule


def test_a_correction_decides_from_when_the_first_was_told(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    enrol(diary, checkin_part)
    report(diary, checkin_part, 1, volume_done=16, run_pain=3)
    later = at(end_of(1) + timedelta(days=4))
    diary.correct(checkin_part, diary.history("me"), {**GOOD, "volume_done": 16}, later)
    schedule = schedules_of(checkin_part, diary.history("me"))[-1]
    assert runs(schedule, 2) == ["tue 18:00", "fri 18:00", "sun 18:00"]


def test_days_that_are_taken_back_keep_their_rest_from_the_last_session(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    assert checkin_part.base is not None
    intake = {**INNER, **ROSE, **WEAK, "pain_timing": "after_within_hours", "volume_goal": 30}
    result = afterrun.assess(checkin_part.base, intake)
    sundays = Preferences(days={"strength": ("thu", "sun")})
    diary.enrol(checkin_part, intake, result, NewPlan("me", START, at(START), preferences=sundays))
    report(diary, checkin_part, 1, volume_done=18)
    settle(diary, checkin_part, end_of(1), Preferences())
    told = schedules_of(checkin_part, diary.history("me"))
    first = next(each.at for each in told[-1].sessions if each.kind == "strength")
    last = [each.at for each in told[0].weeks[0].doings if each.kind == "strength"][-1]
    assert (last.weekday(), first - last >= timedelta(days=2)) == (6, True)


def test_a_week_that_is_reported_late_lies_where_it_lay(
    diary: Diary, checkin_part: afterrun.Rulebook
) -> None:
    enrol(diary, checkin_part)
    diary.check_in(checkin_part, diary.history("me"), {**GOOD, "volume_done": 16}, end_of(1), at(end_of(5)))
    schedule = schedules_of(checkin_part, diary.history("me"))[-1]
    assert runs(schedule, 2) == ["tue 18:00", "fri 18:00", "sun 18:00"]


def test_a_stop_says_since_when_and_until_when(diary: Diary, checkin_part: afterrun.Rulebook) -> None:
    history = enrol(diary, checkin_part)
    assert stopped_words(history) == ""
    for day, sign in (
        (START + timedelta(days=2), "calf_swollen"),
        (START + timedelta(days=4), "chest_breath"),
    ):
        sign_alone = {"new_warning_signs": [sign]}
        diary.check_in(checkin_part, diary.history("me"), sign_alone, day, at(day))
    stopped = diary.history("me")
    assert stopped_words(stopped) == "The plan is stopped since 3 Mar 2027, until you have been seen."
    seen = diary.resume(stopped, START + timedelta(days=5), at(START + timedelta(days=5)))
    assert stopped_words(seen) == ""
    # What lay between the stop and that day is over.
    assert runs(schedules_of(checkin_part, seen)[-1], 1) == ["sun 18:00"]


def test_a_ban_of_which_weeks_were_repeated_began_when_it_began(checkin_part: afterrun.Rulebook) -> None:
    from tests.diary.test_onward import LOADED, TENDON, ahead
    from tests.schedule.test_weeks import SAME, STRONG

    again = ahead({**TENDON, **SAME, **STRONG}, LOADED, {**LOADED, "sessions_done": 1}, LOADED)
    assert again.nothing.startswith("No running from 1 Mar to ")


def test_another_plan_has_settings_of_its_own(diary: Diary, checkin_part: afterrun.Rulebook) -> None:
    enrol(diary, checkin_part, preferences=MORNINGS)
    assert checkin_part.base is not None
    intake = runner()
    result = afterrun.assess(checkin_part.base, intake)
    anew = diary.enrol(checkin_part, intake, result, NewPlan("me", START, at(START), again=True))
    assert anew.preferences_now == {}
