"""A story answered from files and the same typed by hand: equal results, and proofs but for the origin."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import afterrun
from afterrun.history import Run, RunningHistory, offers
from afterrun.intake import FROM_FILES
from afterrun.telling import Reader, View
from tests.support.history.by_hand import TODAY, every, history_of, run_on
from tests.support.paths import ROOT

METRES = {"km": Decimal(1000), "mi": Decimal("1609.344")}
STORIES = [
    json.loads(line) for line in (ROOT / "tests/data/cases.jsonl").read_text(encoding="utf-8").splitlines()
]


def history_for(answers: dict[str, Any]) -> RunningHistory:
    """Runs that come to the answers of a story, as far as any can."""
    size = METRES.get(answers.get("volume_unit", ""), Decimal(1000))
    week, before, off = (answers.get(name) for name in ("volume_last_week", "volume_before", "weeks_off"))
    runs: list[Run] = []
    if answers.get("running_status") in ("returning", "not_running") and isinstance(off, int) and off >= 4:
        restart = TODAY if answers["running_status"] == "not_running" else TODAY - timedelta(40)
        last = restart - timedelta(7 * off)
        runs = every(3, last - timedelta(30), last)
        runs += every(5, restart, TODAY, 1) if restart < TODAY else []
    elif answers.get("running_status") == "regular_same":
        runs = every(7, TODAY - timedelta(210), TODAY - timedelta(63))
    for days, amount in ((3, week), (20, before if before is None else before * 4)):
        if isinstance(amount, int | float):
            runs.append(run_on(TODAY - timedelta(days), round(Decimal(str(amount)) * size)))
    runs.append(run_on(TODAY - timedelta(500), 1000))
    return history_of(runs, last=TODAY)


def stories(rulebook: afterrun.Rulebook) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Each story as it was typed, and with the runs behind those answers that files would give."""
    found = []
    for case in STORIES:
        typed = case["answers"]
        told = offers(rulebook, history_for(typed), TODAY, typed.get("volume_unit") or "km").answers(rulebook)
        same = {
            name: entry
            for name, entry in told[FROM_FILES].items()
            if name in typed and typed[name] == told[name]
        }
        if same:
            found.append((case["id"], typed, {**typed, FROM_FILES: same}))
    return found


def without_origin(value: Any) -> Any:
    """JSON without what says where an answer came from."""
    if isinstance(value, dict):
        return {key: without_origin(each) for key, each in value.items() if key != FROM_FILES}
    return [without_origin(each) for each in value] if isinstance(value, list) else value


def origins(value: Any) -> set[str]:
    """The questions whose answers came from files, wherever it is said."""
    if isinstance(value, dict):
        return {*value.get(FROM_FILES, ())}.union(*map(origins, value.values()))
    return set().union(*map(origins, value)) if isinstance(value, list) else set()


@pytest.mark.slow
def test_the_result_is_equal_and_proofs_say_where_numbers_came_from(rulebook: afterrun.Rulebook) -> None:
    found = stories(rulebook)
    named: set[str] = set()
    for name, typed, from_files in found:
        by_hand, by_files = (afterrun.assess(rulebook, each).to_dict() for each in (typed, from_files))
        assert without_origin(by_files) == by_hand, name
        assert origins(by_hand) == set()
        assert origins(by_files) <= from_files[FROM_FILES].keys(), name
        named |= origins(by_files)
    assert len(found) > 60
    assert named >= {"volume_last_week", "volume_before", "running_status", "weeks_off"}


def test_an_audit_tells_each_run_and_a_person_how_many(rulebook: afterrun.Rulebook) -> None:
    wanted = {"volume_last_week", "volume_before"}
    _, typed, from_files = next(each for each in stories(rulebook) if wanted <= each[2][FROM_FILES].keys())

    def view(intake: dict[str, Any], reader: Reader) -> View:
        answers = afterrun.read_answers(rulebook, intake)
        return View(rulebook, answers, afterrun.assess(rulebook, answers).triage, reader)

    clinician, person = view(from_files, "clinician"), view(from_files, "person")
    assert view(typed, "clinician").behind("volume_last_week") == ""
    assert clinician.behind("volume_last_week") == person.behind("volume_last_week")
    assert person.behind("volume_last_week") == "from your files: 1 run, 5 March 2026"
    assert person.runs("volume_last_week") == ()
    (run,) = clinician.runs("volume_last_week")
    assert run == "File 0a43033dcb0a: 5 Mar 2026: 20 km"
    entry = {**from_files[FROM_FILES]["volume_last_week"], "left_out": 2}
    short = {**from_files, FROM_FILES: {**from_files[FROM_FILES], "volume_last_week": entry}}
    assert view(short, "person").behind("volume_last_week") == (
        "from your files: 1 run, 5 March 2026; 2 left out that may be runs"
    )
