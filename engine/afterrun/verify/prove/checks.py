"""What is proved of a rulebook, one check each; whatever fails comes with an intake that shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from afterrun.rulebook import Rulebook
from afterrun.verify.prove.findings import Check, Example, Finding, Outcome
from afterrun.verify.prove.result_checks import entries, numbers, reasons, safety
from afterrun.verify.prove.rule_checks import (
    concluded,
    conclusions,
    conflicts,
    contradictions,
    gaps,
    invariants,
    levels,
    monotone,
    questions,
    redundancy,
    rules,
)
from afterrun.verify.prove.search import Ground, Undecided

CHECKS = {
    check.name: check
    for check in (
        concluded,
        invariants,
        rules,
        conclusions,
        redundancy,
        conflicts,
        questions,
        levels,
        contradictions,
        gaps,
        safety,
        reasons,
        numbers,
        entries,
        monotone,
    )
}
"""Every check by name."""


class CheckReport(NamedTuple):
    """What one check tried, and what it found."""

    check: Check
    tried: int
    findings: tuple[Finding, ...]
    examples: tuple[Example, ...]
    seconds: float


def prove(
    rulebook: Rulebook,
    only: Sequence[str] = (),
    *,
    examples: bool = False,
    progress: Callable[[str, int], None] = lambda check, tried: None,
) -> Iterator[CheckReport]:
    """Prove a rulebook over all intakes, whole and partial: one report for each check, as it is done.

    Where a level or a value has no rule, that alone is reported: nearly all else fails of it, and what is
    blamed then is innocent.

    With `examples`, everything that can be comes with an intake in which it is. `progress` is told
    how many questions of a check the solver has answered.
    """
    ground = Ground(rulebook, examples=examples)
    for check in CHECKS.values():
        wanted = not only or check.name in only
        if not wanted and check is not concluded:
            continue
        began = time.perf_counter()
        tried: list[Outcome] = []
        try:
            for each in check.run(ground):
                tried.append(each)
                progress(check.name, len(tried))
        except Undecided as error:
            tried.append(Finding("the solver", f"gave up, so that nothing is proved: {error}"))
        findings = tuple(each for each in tried if isinstance(each, Finding))
        shown = tuple(each for each in tried if isinstance(each, Example))
        if wanted or findings:
            yield CheckReport(check, len(tried), findings, shown, time.perf_counter() - began)
        if check is concluded and findings:
            return
