"""Columns against the reference evaluator, value for value, over a million random intakes."""

from __future__ import annotations

import os
import random

import polars as pl

from afterrun import Answers, Rulebook, assess, load_rulebook
from afterrun.batch import Columns, Leaves, frame_of, unpack
from afterrun.inference import CompiledLogic, facts_of, infer
from afterrun.rulebook import engine_of
from benchmarks.batches.rows import mixed_intake

INTAKES = int(os.environ.get("AFTERRUN_BENCH_EQUAL", "1_000_000"))
ASSESSED = 50
"""One intake in so many is also assessed whole: triage, patterns, interventions, plan, open questions."""
PIECE = 10_000


def main() -> None:
    """Print how many values were compared, and how many differed."""
    rulebook = load_rulebook()
    columns = Columns(rulebook)
    chance = random.Random(11)
    compared = differed = assessed = assessed_differed = 0
    for _ in range(INTAKES // PIECE):
        answers = [mixed_intake(rulebook, chance) for _ in range(PIECE)]
        frame = frame_of(rulebook, answers)
        truths = propositions(rulebook, frame)
        compared += len(answers) * len(truths)
        differed += differences(rulebook, answers, truths)
        decided = columns.decide(frame)[::ASSESSED].to_dicts()
        assessed += len(decided)
        for each, row in zip(answers[::ASSESSED], decided, strict=True):
            assessed_differed += not same(rulebook, each, row)
    print("### Columns against the reference evaluator\n")
    print(f"{INTAKES:,} random intakes, {compared:,} propositions: {differed:,} differ.")
    print(f"{assessed:,} of them assessed whole: {assessed_differed:,} differ.\n")


def propositions(rulebook: Rulebook, frame: pl.DataFrame) -> dict[str, list[bool | None]]:
    """Every proposition of each row; None: open."""
    logic, leaves = engine_of(rulebook, CompiledLogic), Leaves(rulebook, frame)
    tests = [bits for variable, mask in logic.tests for bits in leaves.outcome(variable, mask)]
    settled, _, _ = logic.evaluator()(tests, lambda _: None)
    leaves.forget()
    flags = [unpack(bits, frame.height).tolist() for bits in settled]
    return {
        name: [True if one else False if other else None for one, other in zip(true, false, strict=True)]
        for name, true, false in zip(logic.propositions, flags[::2], flags[1::2], strict=True)
    }


def differences(rulebook: Rulebook, answers: list[Answers], truths: dict[str, list[bool | None]]) -> int:
    """How many propositions differ."""
    count = 0
    for place, each in enumerate(answers):
        expected = infer(rulebook, facts_of(rulebook, each)).truths
        count += sum(values[place] is not expected.get(name) for name, values in truths.items())
    return count


def same(rulebook: Rulebook, answers: Answers, row: dict[str, object]) -> bool:
    """Whether a row says what `assess` says."""
    result = assess(rulebook, answers, engine="reference")
    patterns = {
        name.removeprefix("pattern_"): level
        for name, level in row.items()
        if name.startswith("pattern_") and level not in (None, "none")
    }
    plan = {name.removeprefix("plan_"): value for name, value in row.items() if name.startswith("plan_")}
    return (
        row["triage"] == result.triage
        and patterns == result.patterns
        and row["interventions"] == ";".join(result.interventions)
        and row["open_questions"] == ";".join(result.open_questions)
        and all(result.plan.get(key) == value for key, value in plan.items())
    )
