"""Whoever must be seen hears why now: the reason of the level acted on, wherever it is told."""

import csv
import json
from pathlib import Path
from typing import Any, get_args

import pytest

from afterrun import Rulebook, assess
from afterrun.inference import Engine
from tests.support.cli_runs import run
from tests.support.random_input.intakes import CALM

STOP = "stop_and_get_assessed"
RULES = {
    "emergency": "call-for-help-now",
    "urgent": "get-seen-today",
    "clinician_first": "see-a-clinician-first",
}
# With signs of weaker levels too; the last two need two answers, of which one proves a weaker level.
SIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "out of shape": ("emergency", {"right_now": ["deformed"], "worst_pain": 8}),
    "all at once": (
        "emergency",
        {"warning_signs": ["chest_breath", "calf_swollen"], "knee_behaviour": ["catches_or_locks"]},
    ),
    "stuck": ("urgent", {"knee_behaviour": ["stuck_now", "catches_or_locks"], "worst_pain": 9}),
    "night pain and a sore bone": ("urgent", {"worrying_signs": ["night_pain", "bone_point_tender"]}),
    "catches": ("clinician_first", {"knee_behaviour": ["catches_or_locks"]}),
    "a hot joint that was replaced": (
        "emergency",
        {"warning_signs": ["fever_unwell", "hot_red_joint"], "health_conditions": ["knee_replacement"]},
    ),
    "swollen, with weak defences": (
        "urgent",
        {"knee_behaviour": ["swollen_now"], "health_conditions": ["blood_thinner_or_bleeding_disorder"]},
    ),
}


@pytest.mark.parametrize("signs", SIGNS)
def test_the_entry_and_its_proof_give_the_reason_of_the_level(rulebook: Rulebook, signs: str) -> None:
    level, answers = SIGNS[signs]
    for engine in get_args(Engine):
        result = assess(rulebook, {**CALM, **answers}, engine=engine)
        assert result.triage == level
        (entry,) = (each for each in result.ledger if each.id == STOP)
        proof = result.because[f"intervention.{STOP}.recommended"]
        assert entry.by == proof.steps[0].rule == RULES[level]


@pytest.mark.slow
def test_text_pages_and_columns_give_it_too(rulebook: Rulebook, tmp_path: Path) -> None:
    intakes = [{"record_id": name, **CALM, **answers} for name, (_, answers) in SIGNS.items()]
    file = tmp_path / "intakes.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in intakes), encoding="utf-8")
    reasons = {level: " ".join(rulebook.rules[rule].because.split()) for level, rule in RULES.items()}
    assert run("batch", file, tmp_path / "rows.csv", "--explain").code == 0
    with (tmp_path / "rows.csv").open(encoding="utf-8") as rows:
        told = {row["record_id"]: row["because"] for row in csv.DictReader(rows)}
    for intake in intakes:
        level = SIGNS[intake["record_id"]][0]
        others = [reason for each, reason in reasons.items() if each != level]
        one = tmp_path / "one.json"
        one.write_text(json.dumps(intake), encoding="utf-8")
        pages = [run("assess", one, "--format", shape).out for shape in ("json", "text", "markdown")]
        pages.append(run("report", one).out)
        for page in (told[intake["record_id"]], *pages):
            assert not any(other in " ".join(page.split()) for other in others)
        assert reasons[level] in told[intake["record_id"]]
        assert reasons[level] in pages[0]
