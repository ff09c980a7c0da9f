"""What a check asks of the solver, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from afterrun.rulebook import LinkedRule
from afterrun.verify.prove.encoding.terms import Term
from afterrun.verify.prove.encoding.world import World
from afterrun.verify.prove.search import Ground, Intake


class Finding(NamedTuple):
    """One thing that does not hold."""

    name: str
    """What it is about: an invariant, rule, conclusion, question or pair of interventions."""
    message: str
    intakes: tuple[Intake, ...] = ()
    """The plainest intake that shows it, or two that belong together."""
    explain: str = ""
    """The conclusion to look at in it; without one, the whole result."""
    file: str = ""
    line: int | None = None


class Example(NamedTuple):
    """Something that can be, and an intake in which it is, or two that belong together."""

    name: str
    intakes: tuple[Intake, ...]


Outcome = Finding | Example | None
"""What came of one question put to the solver; None where all is well and nothing is to be shown."""


class Check(NamedTuple):
    """One thing that is proved of a rulebook."""

    name: str
    proves: str
    run: Callable[[Ground], Iterator[Outcome]]


def check(proves: str) -> Callable[[Callable[[Ground], Iterator[Outcome]]], Check]:
    """Makes a check of the function below, under the function's name."""
    return lambda run: Check(run.__name__, proves, run)


def never(
    ground: Ground,
    name: str,
    message: str,
    *terms: Term,
    explain: str | None = None,
    beside: World | None = None,
) -> Outcome:
    """Something must not be possible; without `explain`, look at what it is named after."""
    found = ground.intakes(*terms, beside=beside)
    return Finding(name, message, found, name if explain is None else explain) if found else None


def can(
    ground: Ground,
    name: str,
    message: str,
    *terms: Term,
    rule: LinkedRule | None = None,
    explain: str = "",
    beside: World | None = None,
) -> Outcome:
    """Something must be possible."""
    if ground.wants_examples:
        found = ground.intakes(*terms, beside=beside)
        if found:
            return Example(name, found)
    elif ground.search.possible(*terms):
        return None
    place = (rule.file, rule.line) if rule and rule.file else ()
    return Finding(name, message, (), explain, *place)
