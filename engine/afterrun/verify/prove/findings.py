"""What a check gives back: what does not hold, and what can be."""

from __future__ import annotations

from typing import NamedTuple

from afterrun.verify.prove.search import Intake


class Finding(NamedTuple):
    """One thing that does not hold."""

    check: str
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


class Tried(NamedTuple):
    """One question put to the solver, and its outcome."""

    finding: Finding | None = None
    example: Example | None = None


class Report(NamedTuple):
    """What one check tried, and what it found."""

    check: str
    about: str
    tried: int
    findings: tuple[Finding, ...]
    examples: tuple[Example, ...]
    seconds: float
