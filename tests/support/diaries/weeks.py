"""A diary of one person for tests: its first day, and weeks that go well."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import afterrun
from afterrun.diary import Diary, History, NewPlan
from tests.support.paths import DATA

START = date(2027, 3, 1)
GOOD: dict[str, Any] = {
    "new_warning_signs": ["none"], "weeks_missed": 0, "next_morning": "same", "run_pain": 0,
}  # fmt: skip


def at(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()).replace(hour=18)


def end_of(week: int) -> date:
    return START + timedelta(days=7 * week - 1)


def runner() -> dict[str, Any]:
    """Someone whose plan begins with flat weeks of 16 km."""
    cases = [json.loads(line) for line in (DATA / "cases.jsonl").read_text("utf-8").splitlines()]
    return next(
        case["answers"]
        for case in cases
        if (case["expect"].get("plan") or {}).get("baseline_volume") == 16.0
        and case["expect"]["plan"].get("ramp_pct") == 20
    )


def enrol(diary: Diary, part: afterrun.Rulebook, person: str = "me", **more: Any) -> History:
    assert part.base is not None
    intake = runner()
    return diary.enrol(
        part, intake, afterrun.assess(part.base, intake), NewPlan(person, START, at(START), **more)
    )


def report(diary: Diary, part: afterrun.Rulebook, week: int, **answers: Any) -> afterrun.CheckIn:
    history = diary.history("me")
    return diary.check_in(part, history, {**GOOD, **answers}, end_of(week), at(end_of(week)))[0]
