"""Stops: by pain they take their week, by a sign none; those told by mistake are taken back."""

from datetime import timedelta
from typing import Any

import pytest

import afterrun
from afterrun.diary import (
    Diary,
    DiaryError,
    NotYetError,
    before_last,
    schedules_of,
    stop_cause,
    weeks_as_planned,
)
from afterrun.telling import diary_of, diary_svg, history_lines
from tests.support.diaries.replay import replay
from tests.support.diaries.weeks import GOOD, START, at, end_of, enrol, report

pytestmark = pytest.mark.slow

SEVERE: dict[str, Any] = {"volume_done": 8, "run_pain": 9}


def sign(diary: Diary, part: afterrun.Rulebook, name: str, day: int) -> None:
    when = START + timedelta(days=day)
    diary.check_in(part, diary.history("me"), {"new_warning_signs": [name]}, when, at(when))


class TestPain:
    def test_a_stop_by_pain_takes_its_week_and_names_the_pain(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        first = enrol(diary, checkin_part).standing
        report(diary, checkin_part, 1, **SEVERE)
        history = diary.history("me")
        assert history.standing == first._replace(stopped=True)
        assert (history.check_ins[0].week, history.next_week) == (1, 2)
        assert stop_cause(checkin_part, history, history.check_ins[0]) == "pain 9 of 10"
        week = diary_of(checkin_part, history).weeks[0]
        assert (week.planned, week.done, week.pain, week.told) == (16, 8, 9, "reported")
        assert set(weeks_as_planned(checkin_part, history)) == {1}
        lines = "\n".join(history_lines(checkin_part, history))
        assert "about week 1, the plan stopped: pain 9 of 10." in " ".join(lines.split())
        assert "warning sign" not in lines
        assert "not seen yet: pain 9 of 10." in diary_svg(checkin_part, history)
        with pytest.raises(DiaryError, match="since you reported: pain 9 of 10"):
            report(diary, checkin_part, 2, volume_done=16)
        with pytest.raises(DiaryError, match="since you reported: pain 9 of 10"):
            enrol(diary, checkin_part, again=True)
        assert replay(checkin_part, history)[-1] == history.standing

    def test_whoever_was_seen_goes_on_with_the_next_week(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        first = enrol(diary, checkin_part).standing
        report(diary, checkin_part, 1, **SEVERE)
        answers, day = {**GOOD, **SEVERE}, end_of(1)
        with pytest.raises(NotYetError, match=r"(?s)week 1 has its check-in already.*without a week"):
            diary.check_in(checkin_part, diary.history("me"), answers, day, at(day), seen=True)
        history = diary.resume(diary.history("me"), day, at(day))
        assert history.standing == first
        assert schedules_of(checkin_part, history)[-1].weeks[0].number == 2
        report(diary, checkin_part, 2, volume_done=16)
        assert [each.week for each in diary.history("me").check_ins] == [1, 2]

    def test_a_pain_that_was_mistyped_is_answered_anew(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, **SEVERE)
        diary.correct(
            checkin_part, diary.history("me"), {**GOOD, "volume_done": 16, "run_pain": 0}, at(end_of(1))
        )
        history = diary.history("me")
        assert not history.standing.stopped
        assert [each.answers["run_pain"] for each in history.check_ins[0].corrected] == [9]

    def test_where_no_week_can_be_reported_pain_stops_the_plan_and_takes_none(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        day = START + timedelta(days=2)
        answers = {"new_warning_signs": ["none"], "run_pain": 9}
        diary.check_in(checkin_part, diary.history("me"), answers, day, at(day))
        history = diary.history("me")
        assert (history.standing.stopped, history.next_week) == (True, 1)
        with pytest.raises(DiaryError, match="a stop is not corrected"):
            before_last(checkin_part, history)
        # A gap that is not counted is not written down as missed.
        report(diary, checkin_part, 3, **SEVERE)
        assert diary.history("me").next_week == 1

    def test_a_sign_takes_no_week_but_severe_pain_beside_it_does(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, new_warning_signs=["gives_way"], volume_done=16)
        assert diary.history("me").next_week == 1
        report(diary, checkin_part, 1, new_warning_signs=["calf_swollen"], **SEVERE)
        history = diary.history("me")
        assert history.next_week == 2
        assert "calf" in stop_cause(checkin_part, history, history.check_ins[1])
        with pytest.raises(DiaryError, match="a stop is not corrected"):
            before_last(checkin_part, history)


class TestMistakes:
    def test_several_stops_are_taken_back_one_after_the_other_the_last_first(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        first = enrol(diary, checkin_part).standing
        sign(diary, checkin_part, "gives_way", 1)
        sign(diary, checkin_part, "chest_breath", 2)
        before = diary.history("me")
        assert schedules_of(checkin_part, before)[-1].triage == "emergency"
        assert "gives way" not in stop_cause(checkin_part, before, before.check_ins[1])
        history = diary.take_back(before, at(START + timedelta(days=2)))
        assert history.standing.stopped
        assert history.holding == history.check_ins[0]
        assert history.stopped_on == START + timedelta(days=1)
        assert schedules_of(checkin_part, history)[-1].triage == "clinician_first"
        assert "an earlier stop holds" in " ".join(" ".join(history_lines(checkin_part, history)).split())
        with pytest.raises(DiaryError, match="is stopped"):
            report(diary, checkin_part, 1, volume_done=16)
        history = diary.take_back(history, at(START + timedelta(days=3)))
        assert history.standing == first
        assert [each.taken_back_on for each in history.check_ins] == [
            START + timedelta(days=3), START + timedelta(days=2),
        ]  # fmt: skip
        begun, *_, now = schedules_of(checkin_part, history)
        assert [(each.number, each.amount) for each in now.weeks] == [
            (each.number, each.amount) for each in begun.weeks
        ]
        report(diary, checkin_part, 1, volume_done=16)

    def test_after_one_was_taken_back_the_other_is_seen_to_and_brings_no_sign_of_it(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        sign(diary, checkin_part, "gives_way", 1)
        sign(diary, checkin_part, "chest_breath", 2)
        diary.take_back(diary.history("me"), at(START + timedelta(days=2)))
        sign(diary, checkin_part, "many_joints", 3)
        history = diary.history("me")
        assert set(history.check_ins[2].answers["new_warning_signs"]) == {"gives_way", "many_joints"}
        diary.take_back(history, at(START + timedelta(days=3)))
        day = START + timedelta(days=4)
        history = diary.resume(diary.history("me"), day, at(day))
        assert [each.seen_on for each in history.check_ins] == [day, None, None]
        assert not history.standing.stopped

    def test_a_stop_told_in_a_correction_gives_way_to_the_answers_before_it(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        before = diary.history("me")
        answers = {"new_warning_signs": ["calf_swollen"]}
        diary.correct(checkin_part, before, answers, at(end_of(1)))
        stopped = diary.history("me")
        assert (stopped.standing.stopped, stopped.next_week) == (True, 1)
        history = diary.take_back(stopped, at(end_of(1)))
        assert history.standing == before.standing
        last = history.check_ins[0]
        assert last._replace(corrected=()) == before.check_ins[0]
        assert [each.taken_back_on for each in last.corrected] == [None, end_of(1)]
        assert history.next_week == 2
        assert "Ticked by mistake" in "\n".join(history_lines(checkin_part, history))
        assert [each.cause != "" for each in diary_of(checkin_part, history).stops] == [True]
        report(diary, checkin_part, 2, volume_done=16)

    def test_a_week_that_comes_back_stands_before_the_mistake_that_took_it_meanwhile(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        before = diary.history("me")
        diary.correct(checkin_part, before, {"new_warning_signs": ["calf_swollen"]}, at(end_of(1)))
        report(diary, checkin_part, 1, new_warning_signs=["gives_way"], **SEVERE)
        for _ in range(2):
            diary.take_back(diary.history("me"), at(end_of(1)))
        history = diary.history("me")
        assert history.standing == before.standing
        assert [(each.week, each.taken_back_on is None) for each in history.check_ins] == [
            (1, True), (1, False),
        ]  # fmt: skip
        report(diary, checkin_part, 2, volume_done=16)
        assert diary.history("me").next_week == 3

    def test_whoever_was_seen_was_seen_for_every_stop_before(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        sign(diary, checkin_part, "gives_way", 1)
        sign(diary, checkin_part, "chest_breath", 2)
        day = START + timedelta(days=4)
        history = diary.resume(diary.history("me"), day, at(day))
        assert [each.seen_on for each in diary_of(checkin_part, history).stops] == [day, day]
