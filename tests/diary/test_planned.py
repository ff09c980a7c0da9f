"""What the plan held for a week before its check-in, through corrections, gaps and stops."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import afterrun
from afterrun.diary import Diary, weeks_as_planned
from tests.support.diaries.weeks import GOOD, at, end_of, enrol, report


def planned(diary: Diary, part: afterrun.Rulebook) -> dict[int, float | None]:
    found = weeks_as_planned(part, diary.history("me"))
    return {number: week.amount.value for number, week in found.items() if week.amount is not None}


def test_what_was_corrected_no_longer_plans_the_next_week(
    tmp_path: Path, checkin_part: afterrun.Rulebook
) -> None:
    diary = Diary(str(tmp_path / "diary.sqlite"))
    enrol(diary, checkin_part)
    report(diary, checkin_part, 1, volume_done=16, run_pain=3)
    report(diary, checkin_part, 2, volume_done=12)
    assert planned(diary, checkin_part) == {1: 16, 2: 12.8}
    diary.correct(
        checkin_part, diary.history("me"), {**GOOD, "volume_done": 10, "run_pain": 2}, at(end_of(2))
    )
    report(diary, checkin_part, 3, volume_done=8)
    assert planned(diary, checkin_part) == {1: 16, 2: 12.8, 3: 8}
    diary.close()


def test_a_gap_holds_what_the_check_in_before_it_laid_out_and_a_stop_what_stood_then(
    tmp_path: Path, checkin_part: afterrun.Rulebook
) -> None:
    diary = Diary(str(tmp_path / "diary.sqlite"))
    enrol(diary, checkin_part)
    report(diary, checkin_part, 1, volume_done=16)
    report(diary, checkin_part, 3, volume_done=16, weeks_missed=1)
    assert planned(diary, checkin_part) == {1: 16, 2: 16, 3: 16}
    day = end_of(5) - timedelta(days=2)
    history = diary.history("me")
    diary.check_in(checkin_part, history, {"new_warning_signs": ["calf_swollen"]}, day, at(day))
    assert set(planned(diary, checkin_part)) == {1, 2, 3, 4, 5}
    diary.close()
