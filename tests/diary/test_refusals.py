"""What a diary refuses, so that nothing of it is written."""

from datetime import timedelta
from typing import Any

import pytest

import afterrun
from afterrun.diary import Diary, DiaryError, NewPlan
from tests.support.diaries.weeks import GOOD, START, at, end_of, enrol, report

pytestmark = pytest.mark.slow


class TestRefusals:
    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({"volume_done": -1}, "volume_done"),
            ({"volume_done": 1e9}, "volume_done"),
            ({"volume_done": float("nan")}, "volume_done"),
            ({"volume_done": 16, "volume_unit": "mi"}, "two units"),
            ({"volume_done": 16, "weeks_missed": 9}, "no week lies between the start and week 1"),
            ({"run_pain": 99}, "run_pain"),
            ({"nonsense": 1}, "nonsense"),
            ({"baseline_volume": 50}, "the diary holds 16"),
            ({"volume_done": float("inf")}, "volume_done"),
            ({"volume_done": 16, "weeks_lost_to_pain": 9}, "knows that itself"),
            ({"volume_done": 16, "running_status": "new"}, "knows that itself"),
            ({"volume_done": None}, "lacks answers: volume_done"),
            ({"new_warning_signs": None}, "new_warning_signs"),
            ({"volume_sustainable": -1}, "volume_sustainable"),
            ({"volume_sustainable": 1e9}, "volume_sustainable"),
        ],
    )
    def test_a_bad_check_in_is_told_and_nothing_is_written(
        self, diary: Diary, checkin_part: afterrun.Rulebook, answers: dict[str, Any], words: str
    ) -> None:
        enrol(diary, checkin_part)
        with pytest.raises(afterrun.AfterrunError, match=words):
            report(diary, checkin_part, 1, **answers)
        assert diary.history("me").check_ins == ()
        report(diary, checkin_part, 1, volume_done=16)

    def test_days(self, diary: Diary, checkin_part: afterrun.Rulebook) -> None:
        history = enrol(diary, checkin_part)
        for day, today, words in (
            (START - timedelta(days=1), START, "before the plan"),
            (START + timedelta(days=5), START + timedelta(days=5), "not over"),
            (end_of(1), START, "has not come"),
        ):
            with pytest.raises(DiaryError, match=words):
                history.week_of(day, today)
        report(diary, checkin_part, 1, volume_done=16)
        with pytest.raises(DiaryError, match="has its check-in already"):
            report(diary, checkin_part, 1, volume_done=16)

    def test_no_week_is_passed_over_in_silence(self, diary: Diary, checkin_part: afterrun.Rulebook) -> None:
        enrol(diary, checkin_part)
        for missed, words in (
            (0, "weeks 1 to 3 have no check-in"),
            (2, "count 3 as missed"),
            (4, "only 3 weeks lie"),
        ):
            with pytest.raises(DiaryError, match=words):
                report(diary, checkin_part, 4, volume_done=16, weeks_missed=missed)
        report(diary, checkin_part, 1, volume_done=16)
        with pytest.raises(DiaryError, match=f"--date {end_of(2)}"):
            report(diary, checkin_part, 3, volume_done=16)
        with pytest.raises(DiaryError, match="only 1 week lies between the last check-in and week 3"):
            report(diary, checkin_part, 3, volume_done=16, weeks_missed=2)
        report(diary, checkin_part, 4, volume_done=16, weeks_missed=2)
        assert [each.week for each in diary.history("me").check_ins] == [1, 4]

    def test_one_plan_a_person(self, diary: Diary, checkin_part: afterrun.Rulebook) -> None:
        enrol(diary, checkin_part)
        with pytest.raises(DiaryError, match="--again"):
            enrol(diary, checkin_part)
        enrol(diary, checkin_part, "you")
        enrol(diary, checkin_part, again=True)
        report(diary, checkin_part, 1, volume_done=16)
        assert [(each.person, each.number) for each in diary.all_of()] == [("me", 1), ("me", 2), ("you", 1)]

    def test_no_plan_no_diary(self, diary: Diary, checkin_part: afterrun.Rulebook) -> None:
        assert checkin_part.base is not None
        urgent = {"warning_signs": ["calf_swollen"]}
        result = afterrun.assess(checkin_part.base, urgent)
        with pytest.raises(DiaryError, match="no plan follows"):
            diary.enrol(checkin_part, urgent, result, NewPlan("me", START, at(START)))
        assert diary.all_of() == []

    def test_a_diary_that_went_on_meanwhile_is_not_written_over(
        self, diary: Diary, checkin_part: afterrun.Rulebook
    ) -> None:
        stale = enrol(diary, checkin_part)
        report(diary, checkin_part, 1, volume_done=16)
        with pytest.raises(DiaryError, match="meanwhile"):
            diary.check_in(checkin_part, stale, {**GOOD, "volume_done": 9}, end_of(1), at(end_of(1)))
        assert len(diary.history("me").check_ins) == 1
