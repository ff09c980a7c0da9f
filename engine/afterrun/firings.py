"""What an engine reports: each rule that was settled, in order, with the premises it stood on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from afterrun.logic import Leaf


class Answered(NamedTuple):
    """A premise read off an answer: a test, and whether it holds."""

    leaf: Leaf
    holds: bool


class Settled(NamedTuple):
    """A premise that is itself concluded: a proposition, proved or refuted."""

    proposition: str
    value: bool


Premise = Answered | Settled


class Firing(NamedTuple):
    """A rule that was settled: proved and fired, or refuted."""

    rule: str
    holds: bool
    premises: tuple[Premise, ...]


class Inference(NamedTuple):
    """What follows from some facts."""

    truths: Mapping[str, bool]
    """Every proposition that is settled; one that is open is absent."""
    firings: tuple[Firing, ...]
    """In the order in which they happened: premises are facts or conclusions of earlier ones."""
