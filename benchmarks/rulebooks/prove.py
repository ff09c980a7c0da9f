"""How long a proof of the shipped rulebook takes, and what single questions of a solver cost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

import afterrun
from afterrun.verify.prove import Ground, equivalent, prove, relevant_questions
from benchmarks.machine import print_table
from tests.support.random_input.intakes import CALM, random_intake

T = TypeVar("T")
INTAKES = 100


def main() -> None:
    """Print CPU seconds of every check, then milliseconds of one comparison and one relevance."""
    rulebook = afterrun.load_rulebook()
    print("### `rules prove`, the shipped rulebook (s of CPU)\n")
    rows: list[tuple[object, ...]] = []
    began = whole = time.process_time()
    for report in prove(rulebook):
        now = time.process_time()
        rows.append((report.check.name, report.tried, now - began))
        began = now
    _, made = timed(lambda: Ground(rulebook))
    print_table(("check", "tried", "s"), [*rows, ("all", "", began - whole), ("making the model", "", made)])

    print("### One question (ms of CPU)\n")
    other = afterrun.load_rulebook()
    equivalent(rulebook, other)
    _, same = timed(lambda: equivalent(rulebook, other))
    chance = random.Random(1)
    intakes = [random_intake(rulebook, chance, CALM) for _ in range(INTAKES)]
    relevant_questions(rulebook, {})
    exact, spent = timed(lambda: [relevant_questions(rulebook, intake) for intake in intakes])
    listed = [afterrun.assess(rulebook, intake, engine="compiled").open_questions for intake in intakes]
    longer = sum(set(one) > set(two) for one, two in zip(listed, exact, strict=True))
    print_table(
        ("what", "ms"),
        [
            ("equivalent, of two that are the same", same * 1000),
            ("relevant_questions, mean", spent / INTAKES * 1000),
        ],
    )
    print(f"`open_questions` lists more than can matter in {longer} of {INTAKES} random intakes.\n")


def timed(function: Callable[[], T]) -> tuple[T, float]:
    """What a function gives, and the CPU seconds that it takes."""
    began = time.process_time()
    return function(), time.process_time() - began
