"""Check-ins that are kept: weeks, signs that stop the plan, and corrections."""

from datetime import date, timedelta
from typing import Any

import pytest

import afterrun
from afterrun.diary import Diary, DiaryError
from tests.support.diaries.replay import replay
from tests.support.diaries.weeks import GOOD, START, at, end_of, enrol, report

pytestmark = pytest.mark.slow

SIGN: dict[str, Any] = {"new_warning_signs": ["calf_swollen"]}


class TestWeeks:
    def test_flat_weeks_become_a_ramp_and_a_step_back(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for week in (1, 2, 3):
            assert report(diary, checkin_part, week, volume_done=16).actions == ("hold",)
        assert report(diary, checkin_part, 4, volume_done=16).plan["next_volume"] == 19.2
        assert diary.history("me").standing.programme == "gradual_ramp"
        report(diary, checkin_part, 5, volume_done=19)
        assert report(diary, checkin_part, 6, volume_done=24, run_pain=7).plan["next_volume"] == 19
        standing = diary.history("me").standing
        assert (standing.week, standing.facts["step_backs_in_a_row"]) == (7, 1)
        assert report(diary, checkin_part, 7, volume_done=24, run_pain=7).actions[0] == "routine_review"

    def test_every_standing_follows_from_intake_and_answers(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for week, (done, pain) in enumerate([(16, 0), (16, 2), (12, 0), (13, 0), (13, 0), (13, 0)], 1):
            report(diary, checkin_part, week, volume_done=done, run_pain=pain)
        report(diary, checkin_part, 12, volume_done=0, weeks_missed=5, volume_sustainable="unknown")
        report(diary, checkin_part, 13, volume_done=8, volume_sustainable=10)
        history = diary.history("me")
        assert replay(checkin_part, history) == [
            history.first,
            *(each.standing for each in history.check_ins),
        ]
        # 10 are claimed, and 13 went well before the gap.
        assert history.standing.facts["baseline_volume"] == 8

    def test_a_sign_stops_the_plan_until_the_person_was_seen(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        assert report(diary, checkin_part, 1, new_warning_signs=["calf_swollen"]).triage == "urgent"
        with pytest.raises(DiaryError, match="--seen"):
            report(diary, checkin_part, 2, volume_done=16)
        week = {**GOOD, "volume_done": 16, "weeks_missed": 1}
        said, _ = diary.check_in(checkin_part, diary.history("me"), week, end_of(2), at(end_of(2)), seen=True)
        assert said.actions == ("repeat_week",)
        assert not diary.history("me").standing.stopped


class TestSigns:
    @pytest.mark.parametrize("day", [0, 2, 8, 30])
    def test_a_sign_stops_the_plan_on_any_day_and_whatever_else_is_blank(
        self, diary: Diary, checkin_part: afterrun.Rulebook, day: int
    ) -> None:
        enrol(diary, checkin_part)
        when = START + timedelta(days=day)
        said, kept = diary.check_in(checkin_part, diary.history("me"), SIGN, when, at(when))
        assert (said.triage, kept.standing.stopped) == ("urgent", True)
        # It takes no week: what was run until then can still be reported.
        assert (kept.week, diary.history("me").next_week) == (0, 1)

    def test_a_sign_on_the_day_of_a_check_in_takes_no_week(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        _, kept = diary.check_in(checkin_part, diary.history("me"), SIGN, end_of(1), at(end_of(1)))
        assert kept.week == 1
        assert diary.history("me").changed_from == end_of(1)

    def test_a_day_that_has_not_come_or_lies_too_far_back_brings_no_sign(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for day, words in ((end_of(2), "has not come"), (date.min, "before the plan was begun")):
            with pytest.raises(DiaryError, match=words):
                diary.check_in(checkin_part, diary.history("me"), SIGN, day, at(end_of(1)))
        report(diary, checkin_part, 1, volume_done=16)
        with pytest.raises(DiaryError, match="before the last check-in"):
            diary.check_in(checkin_part, diary.history("me"), SIGN, START, at(end_of(1)))

    def test_a_worse_sign_is_taken_while_the_plan_is_stopped_and_the_first_is_not_forgotten(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for sign, triage in (
            ("gives_way", "clinician_first"), ("chest_breath", "emergency"), ("many_joints", "emergency"),
        ):  # fmt: skip
            answers = {"new_warning_signs": [sign]}
            said, kept = diary.check_in(checkin_part, diary.history("me"), answers, START, at(START))
            assert (said.triage, kept.standing.stopped) == (triage, True)
        history = diary.history("me")
        assert [each.week for each in history.check_ins] == [0, 0, 0]
        assert replay(checkin_part, history)[-1] == history.check_ins[-1].standing

    def test_whoever_was_seen_goes_on_before_a_week_is_over(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        stopped, seen = START + timedelta(days=9), START + timedelta(days=11)
        with pytest.raises(DiaryError, match="not stopped"):
            diary.resume(diary.history("me"), seen, at(seen))
        diary.check_in(checkin_part, diary.history("me"), SIGN, stopped, at(stopped))
        for day in (START, end_of(3)):
            with pytest.raises(DiaryError, match="not a day since"):
                diary.resume(diary.history("me"), day, at(seen))
        history = diary.resume(diary.history("me"), seen, at(seen))
        assert history == diary.history("me")
        assert not history.standing.stopped
        assert history.check_ins[-1].seen_on == seen
        with pytest.raises(DiaryError, match="a stop is not corrected"):
            diary.correct(checkin_part, history, {**GOOD, "volume_done": 16}, at(seen))
        assert report(diary, checkin_part, 2, volume_done=9).actions == ("repeat_week",)

    def test_a_stop_that_was_a_slip_is_taken_back_and_stays_written_down(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        with pytest.raises(DiaryError, match="not stopped"):
            diary.take_back(diary.history("me"), at(end_of(1)))
        slip = START + timedelta(days=9)
        diary.check_in(checkin_part, diary.history("me"), SIGN, slip, at(slip))
        stopped = diary.history("me")
        history = diary.take_back(stopped, at(slip))
        assert history == diary.history("me")
        assert not history.standing.stopped
        assert history.standing == stopped.check_ins[0].standing
        assert history.check_ins[-1] == stopped.check_ins[-1]._replace(taken_back_on=slip)
        enrol(diary, checkin_part, "twin")
        for week in (1, 2):
            day = end_of(week)
            answers = {**GOOD, "volume_done": 16}
            twin = diary.check_in(checkin_part, diary.history("twin"), answers, day, at(day))[1]
        report(diary, checkin_part, 2, volume_done=16)
        assert diary.history("me").standing == twin.standing

    def test_weeks_lost_around_a_stop_count_as_missed(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        diary.check_in(checkin_part, diary.history("me"), SIGN, end_of(9), at(end_of(9)))
        diary.resume(diary.history("me"), end_of(9), at(end_of(9)))
        answers: dict[str, Any] = {"volume_done": 0, "volume_sustainable": "unknown"}
        with pytest.raises(DiaryError, match="weeks 2 to 9"):
            report(diary, checkin_part, 10, **answers, weeks_missed=1)
        assert report(diary, checkin_part, 10, **answers, weeks_missed=8).actions == ("restart_baseline",)

    def test_after_more_weeks_than_can_be_counted_the_most_will_do(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        answers: dict[str, Any] = {"volume_done": 0, "volume_sustainable": "unknown", "weeks_missed": 52}
        assert report(diary, checkin_part, 61, **answers).actions == ("restart_baseline",)

    def test_a_stop_is_neither_corrected_nor_left_behind_unseen(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, **SIGN)
        with pytest.raises(DiaryError, match="a stop is not corrected"):
            diary.correct(checkin_part, diary.history("me"), {**GOOD, "volume_done": 16}, at(end_of(1)))
        with pytest.raises(DiaryError, match="--again --seen"):
            enrol(diary, checkin_part, again=True)
        assert [each.number for each in diary.all_of("me")] == [1]
        assert enrol(diary, checkin_part, again=True, seen=True).seen
        assert [(each.number, each.seen) for each in diary.all_of("me")] == [(1, False), (2, True)]


class TestCorrections:
    def test_what_was_mistyped_is_answered_anew_and_kept_beside_it(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        for week in (1, 2, 3, 4):
            report(diary, checkin_part, week, volume_done=16)
        report(diary, checkin_part, 5, volume_done=57)
        wrong = diary.history("me")
        for done in (19, 19.2):
            answers = {**GOOD, "volume_done": done}
            said, _ = diary.correct(checkin_part, diary.history("me"), answers, at(end_of(6)))
        assert said.plan["next_volume"] == 23.04
        history = diary.history("me")
        assert [each.week for each in history.check_ins] == [1, 2, 3, 4, 5]
        assert history.check_ins[:4] == wrong.check_ins[:4]
        last = history.check_ins[-1]
        assert (last.day, last.noted_at) == (end_of(5), at(end_of(6)))
        assert [each.answers["volume_done"] for each in last.corrected] == [57, 19]
        assert last.corrected[0] == wrong.check_ins[-1]
        assert replay(checkin_part, history)[-1] == history.standing
        report(diary, checkin_part, 6, volume_done=23)

    def test_what_cannot_be_corrected_stays_as_it_is(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        good = {**GOOD, "volume_done": 16}
        with pytest.raises(DiaryError, match="no check-in yet"):
            diary.correct(checkin_part, enrol(diary, checkin_part), good, at(end_of(1)))
        report(diary, checkin_part, 1, volume_done=16)
        stale = diary.history("me")
        with pytest.raises(afterrun.IntakeError, match="volume_done"):
            diary.correct(checkin_part, stale, {**good, "volume_done": -1}, at(end_of(1)))
        with pytest.raises(DiaryError, match="lacks answers"):
            diary.correct(checkin_part, stale, {"volume_done": 5}, at(end_of(1)))
        diary.correct(checkin_part, stale, {**good, "volume_done": 15}, at(end_of(1)))
        with pytest.raises(DiaryError, match="meanwhile"):
            diary.correct(checkin_part, stale, {**good, "volume_done": 14}, at(end_of(1)))
        assert [each.answers["volume_done"] for each in diary.history("me").check_ins] == [15]
