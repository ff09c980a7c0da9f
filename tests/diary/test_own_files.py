"""A diary whose weeks are answered from files: the same as one typed, and nothing confirmed changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.diary import (
    Diary,
    DiaryError,
    History,
    is_without_running,
    kept_runs,
    other_sums,
    planned_runs,
    runs_of,
    schedules_of,
    sessions_with_runs,
    week_ahead,
    weeks_as_planned,
)
from afterrun.history import Run, RunningHistory, offers, read_history
from afterrun.intake import FROM_FILES, FileRun, longest_of
from tests.diary.test_onward import LOADED, TENDON, lived
from tests.schedule.test_weeks import ROSE, STRONG
from tests.support.diaries.weeks import START, at, end_of, enrol, report
from tests.support.history.activity_files import BERLIN, Recorded, gpx_of, tcx_of
from tests.support.history.by_hand import history_of, run_on
from tests.support.history.exports import laid_out, plain_of, zipped

METRES = {1: (5000, 5400, 5600), 2: (6000, 5000, 5000), 3: (5000, 6100), 4: (5300, 5300, 5400)}
"""By week, runs on Tuesday, Friday and Sunday."""


@pytest.fixture
def plan(tmp_path: Path, checkin_part: afterrun.Rulebook) -> Diary:
    """A plan of flat weeks of 16 km."""
    diary = Diary(str(tmp_path / "diary.sqlite"))
    enrol(diary, checkin_part)
    return diary


def recorded() -> list[Recorded]:
    """The runs of four weeks, after one on the eve of the plan."""
    found = [Recorded(datetime(2027, 2, 28, 9, tzinfo=BERLIN), 7000, 2700)]
    for week, lengths in METRES.items():
        for day, metres in zip((1, 4, 6), lengths, strict=False):
            began = datetime(2027, 3, 1, 18, tzinfo=BERLIN) + timedelta(days=7 * (week - 1) + day)
            found.append(Recorded(began, metres, metres * 36 // 100))
    return found


def told(part: afterrun.Rulebook, files: RunningHistory, week: int) -> dict[str, Any]:
    """What files offer for a week, as answers."""
    return offers(part, files, end_of(week), "km").answers(part)


def week_of(*runs: tuple[int, int], week: int = 1) -> list[Run]:
    """Runs of a week, by day and metres."""
    return [run_on(START + timedelta(days=7 * (week - 1) + day), metres) for day, metres in runs]


def files_of(runs: Iterable[Run], last: date | None = None) -> RunningHistory:
    """Files that reach back before the plan."""
    return history_of([run_on(START - timedelta(days=20)), *runs], last=last)


def without_origin(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_origin(each) for key, each in value.items() if key != FROM_FILES}
    return [without_origin(each) for each in value] if isinstance(value, list) else value


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["gpx", "tcx", "csv"])
def test_weeks_answered_from_files_are_those_typed_by_hand_but_for_where_numbers_come_from(
    tmp_path: Path, checkin_part: afterrun.Rulebook, shape: str
) -> None:
    runs = recorded()
    match shape:
        case "gpx":
            given = laid_out(tmp_path / "runs", {f"{n}.gpx": gpx_of(each) for n, each in enumerate(runs)})
        case "tcx":
            given = zipped(tmp_path / "runs.zip", {"a.tcx": tcx_of(*runs[:5]), "b.tcx": tcx_of(*runs[4:])})
        case _:
            given = laid_out(tmp_path, {"runs.csv": plain_of(runs)}) / "runs.csv"
    files = read_history([given], BERLIN, today=end_of(4))
    from_files: list[dict[str, Any]] = []
    typed_by_hand: list[dict[str, Any]] = []
    for place, answered in (("files", from_files), ("hand", typed_by_hand)):
        diary = Diary(str(tmp_path / f"{place}.sqlite"))
        enrol(diary, checkin_part)
        for week, lengths in METRES.items():
            answers = {"volume_unit": "km", "volume_done": sum(lengths) / 1000}
            if place == "files":
                answers = told(checkin_part, files, week)
            answered.append(report(diary, checkin_part, week, **answers).to_dict())
        answered.append(diary.history("me").to_dict())
        diary.close()
    for by_files, by_hand in zip(from_files[:-1], typed_by_hand[:-1], strict=True):
        assert without_origin(by_files) == by_hand
        assert by_files != by_hand
    by_files, by_hand = (each[-1]["check_ins"] for each in (from_files, typed_by_hand))
    for kept, typed in zip(by_files, by_hand, strict=True):
        assert without_origin(kept) == typed
        metres = [each["metres"] for each in kept["answers"][FROM_FILES]["volume_done"]["runs"]]
        assert tuple(metres) == METRES[kept["week"]]


def test_the_runs_are_kept_with_the_week_and_leave_with_it(
    plan: Diary, checkin_part: afterrun.Rulebook
) -> None:
    files = files_of(week_of((1, 8000), (4, 8000), (8, 1000)))
    report(plan, checkin_part, 1, **told(checkin_part, files, 1))
    history = plan.history("me")
    found = kept_runs(checkin_part, history.check_ins[0])
    assert found is not None
    assert [each.day for each in found.runs] == [START + timedelta(1), START + timedelta(4)]
    assert (found.since, found.until) == (START, end_of(1))
    digest = found.runs[0].file
    assert digest in json.dumps(history.to_dict())
    assert plan.forget("me") == 1
    assert not plan.is_kept("me")


def test_runs_of_other_days_than_the_week_are_refused(plan: Diary, checkin_part: afterrun.Rulebook) -> None:
    files = files_of(week_of((1, 8000), (4, 8000), (8, 1000)))
    with pytest.raises(DiaryError, match=r"from_files\.volume_done: .* up to 2027-03-07, and week 2 ends on"):
        report(plan, checkin_part, 2, weeks_missed=1, **told(checkin_part, files, 1))
    assert not plan.history("me").check_ins


def test_another_import_says_once_what_is_another_sum_and_changes_nothing(
    plan: Diary, checkin_part: afterrun.Rulebook
) -> None:
    first = files_of(week_of((1, 8000), (4, 8000), (7, 4000)))
    report(plan, checkin_part, 1, **told(checkin_part, first, 1))
    report(plan, checkin_part, 2, volume_done=15, run_pain=0)
    history = plan.history("me")

    def now(*runs: Run, last: date | None = None) -> list[tuple[int, float, Any, bool]]:
        found = other_sums(checkin_part, history, files_of(runs, last))
        return [(each.kept.week, each.confirmed, each.offer.plain, each.is_last) for each in found]

    same = week_of((1, 8000), (4, 8000), (7, 15_000), (20, 1))
    assert now(*same) == []
    assert now(*same, *week_of((3, 2240))) == [(1, 16.0, 18.24, False)]
    # What was typed is somebody's word, and of the last week alone.
    assert now(*same, *week_of((9, 90))) == []
    assert now(*same, *week_of((9, 100))) == [(2, 15.0, 15.1, True)]
    typed = history._replace(
        check_ins=(history.check_ins[1]._replace(number=1, week=1), *history.check_ins[1:])
    )
    assert [
        each.kept.week for each in other_sums(checkin_part, typed, files_of(week_of((1, 9000), (20, 1))))
    ] == [2]
    # Files that end before the week is over tell a part of it.
    assert now(*week_of((1, 8000))) == []
    assert now(*week_of((1, 8000)), last=end_of(1)) == [(1, 16.0, 8, False)]
    assert plan.history("me") == history


def test_what_was_told_with_a_sign_in_the_middle_of_a_week_is_the_sum_of_none(
    plan: Diary, checkin_part: afterrun.Rulebook
) -> None:
    files = files_of(week_of((1, 8000), (4, 8000), (8, 5000)), last=end_of(2))
    report(plan, checkin_part, 1, **told(checkin_part, files, 1))
    day = START + timedelta(days=8)
    sign = {"new_warning_signs": ["calf_swollen"], "volume_unit": "km", "volume_done": 5}
    plan.check_in(checkin_part, plan.history("me"), sign, day, at(day))
    assert list(other_sums(checkin_part, plan.history("me"), files)) == []


def test_a_week_without_running_is_known_by_the_plan(checkin_part: afterrun.Rulebook) -> None:
    loading = lived({**TENDON, **ROSE, **STRONG}, {**LOADED, "volume_done": 0})
    assert is_without_running(week_ahead(checkin_part, loading, 2))
    assert not is_without_running(week_ahead(checkin_part, loading, 13))
    assert not is_without_running(None)
    files = files_of(week_of((6, 1000), (7, 2000), (13, 3000), (14, 4000)))
    assert [each.metres for each in runs_of(loading, files, 2)] == [2000, 3000]


def matched(
    history: History, part: afterrun.Rulebook, *runs: tuple[int, int]
) -> list[tuple[int, int, int | None]]:
    """Rows of week 1: the day of the session or -1, the day of the run or -1, its metres."""
    sessions = [each for each in schedules_of(part, history)[-1].weeks[0].doings if each.amount is not None]
    found = sessions_with_runs(
        sessions, [FileRun(START + timedelta(day), metres, None, "") for day, metres in runs]
    )
    return [
        (
            -1 if each.session is None else (each.session.at.date() - START).days,
            -1 if each.run is None else (each.run.day - START).days,
            None if each.run is None else each.run.metres,
        )
        for each in found
    ]


@pytest.mark.parametrize(
    ("runs", "rows"),
    [
        pytest.param([], [(1, -1, None), (4, -1, None), (6, -1, None)], id="none"),
        pytest.param([(1, 5), (4, 6), (6, 7)], [(1, 1, 5), (4, 4, 6), (6, 6, 7)], id="as planned"),
        pytest.param([(0, 5), (3, 6)], [(1, 0, 5), (4, 3, 6), (6, -1, None)], id="the nearest day"),
        pytest.param(
            [(4, 3), (4, 6)],
            [(1, -1, None), (4, 4, 6), (6, 4, 3)],
            id="the longest of one day, the other near",
        ),
        pytest.param(
            [(1, 5), (2, 2), (4, 6), (6, 7)],
            [(1, 1, 5), (-1, 2, 2), (4, 4, 6), (6, 6, 7)],
            id="one unplanned",
        ),
        pytest.param([(5, 9)], [(1, -1, None), (4, 5, 9), (6, -1, None)], id="the earlier of two as near"),
    ],
)
def test_each_session_takes_the_run_of_its_day_or_the_nearest_that_is_left(
    plan: Diary,
    checkin_part: afterrun.Rulebook,
    runs: list[tuple[int, int]],
    rows: list[tuple[int, int, Any]],
) -> None:
    assert matched(plan.history("me"), checkin_part, *runs) == rows


def test_a_week_keeps_what_was_planned_for_it_beside_what_was_run(
    plan: Diary, checkin_part: afterrun.Rulebook
) -> None:
    files = files_of(week_of((1, 8000), (5, 9000)), last=end_of(1))
    report(plan, checkin_part, 1, **told(checkin_part, files, 1))
    report(plan, checkin_part, 2, volume_done=15)
    history = plan.history("me")
    planned = weeks_as_planned(checkin_part, history)
    rows = [each.to_dict() for each in planned_runs(checkin_part, planned[1], history.check_ins[0])]
    assert [(each["session"], (each["run"] or {}).get("metres")) for each in rows] == [
        ("w001-run-1", 8000),
        ("w001-run-2", 9000),
        ("w001-run-3", None),
    ]
    assert rows[0]["day"] == "2027-03-02"
    assert rows[0]["planned"] == pytest.approx(5.4)
    assert planned_runs(checkin_part, planned[2], history.check_ins[1]) == ()
    found = kept_runs(checkin_part, history.check_ins[0])
    assert found is not None
    assert longest_of(found.runs)[0].metres == 9000


def test_a_correction_by_hand_has_no_files_and_the_first_word_keeps_its_own(
    plan: Diary, checkin_part: afterrun.Rulebook
) -> None:
    files = files_of(week_of((1, 8000), (4, 8000)), last=end_of(1))
    report(plan, checkin_part, 1, **told(checkin_part, files, 1))
    history = plan.history("me")
    before = dict(history.check_ins[0].answers)
    changed = {**before, "volume_done": 12}
    with pytest.raises(afterrun.IntakeError, match="come to 16 km"):
        plan.correct(checkin_part, history, changed, at(end_of(1)))
    changed.pop(FROM_FILES)
    plan.correct(checkin_part, history, changed, at(end_of(1)))
    (kept,) = plan.history("me").check_ins
    assert kept_runs(checkin_part, kept) is None
    assert kept.corrected[0].answers == before
