"""How many questions the interview asks, when the worked cases answer it."""

from __future__ import annotations

import statistics
from typing import Any

from afterrun import load_rulebook, next_question
from afterrun.rulebook import Rulebook
from benchmarks.assessments.one_assessment import cases
from benchmarks.machine import print_table


def main() -> None:
    """Print the mean and the spread over the cases."""
    rulebook = load_rulebook()
    asked = sorted(questions_asked(rulebook, case) for case in cases())
    print(f"### Interview: questions asked over {len(asked)} cases, of {len(rulebook.questions)}\n")
    print_table(
        ("mean", "least", "median", "most"),
        [(statistics.mean(asked), asked[0], statistics.median(asked), asked[-1])],
    )


def questions_asked(rulebook: Rulebook, case: dict[str, Any]) -> int:
    """Ask until nothing is open; what the case leaves blank is passed over."""
    units = {quantity.unit_key for quantity in rulebook.quantities.values()}
    given = {key: value for key, value in case.items() if key in units}
    passed: frozenset[str] = frozenset()
    while (step := next_question(rulebook, given, passed)) is not None:
        if step.question.id in case:
            given[step.question.id] = case[step.question.id]
        else:
            passed |= {step.question.id}
    return len(given.keys() - units) + len(passed)
