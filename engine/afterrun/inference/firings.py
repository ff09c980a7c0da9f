"""What an engine reports: each rule that was settled, in order, with the premises it stood on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from afterrun.once import once
from afterrun.rulebook import CellTest


class TestPremise(NamedTuple):
    """A premise read off an answer: a test, and whether it holds."""

    leaf: CellTest
    holds: bool


class PropositionPremise(NamedTuple):
    """A premise that is itself concluded: a proposition, proved or refuted."""

    proposition: str
    value: bool


Premise = TestPremise | PropositionPremise


class Firing(NamedTuple):
    """A rule that was settled: proved and fired, or refuted."""

    rule: str
    holds: bool
    premises: tuple[Premise, ...]


class Inference:
    """What follows from some facts."""

    def __init__(
        self, truths: Mapping[str, bool], firings: tuple[Firing, ...] | Callable[[], tuple[Firing, ...]]
    ) -> None:
        self.truths = truths
        """Every proposition that is settled; one that is open is absent."""
        self._firings = firings

    @once
    def firings(self) -> tuple[Firing, ...]:
        """In the order in which they happened: premises are facts or conclusions of earlier ones.

        An engine that keeps its evidence in another form puts it into words only when it is asked.
        """
        return self._firings() if callable(self._firings) else self._firings
