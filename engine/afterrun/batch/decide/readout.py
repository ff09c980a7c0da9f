"""Propositions in, decisions out, for all rows at once: what `triage` and `ledger` say of one intake.

Everything here is bits: which rows have which triage level, which status, which value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from afterrun.assessment import allowed, proposition_of, values_in_order
from afterrun.batch.decide.bits import Bits
from afterrun.rulebook import STATUSES, Rulebook
from afterrun.rulebook.schema import TriageLevel

Truths = Mapping[str, tuple[Bits, Bits]]
"""Where each proposition is true, and where it is false."""


class Readout:
    """The decisions of one chunk."""

    def __init__(self, rulebook: Rulebook, truths: Truths, every_row: Bits) -> None:
        self._rulebook = rulebook
        self._truths = truths
        self._every_row = every_row
        self._nowhere = every_row & ~every_row
        self.levels, self.reachable = self._triage()
        self.statuses, self.status_open = self._statuses()

    def showing(self, what: str) -> Bits:
        """Where the level acted on shows 'patterns' or 'plan'."""
        return self._union(
            bits for level, bits in self._of_levels(self.levels) if getattr(level, f"shows_{what}")
        )

    def may_show(self, what: str) -> Bits:
        """Where some level that can still be reached shows 'patterns' or 'plan'."""
        return self._union(
            bits for level, bits in self._of_levels(self.reachable) if getattr(level, f"shows_{what}")
        )

    def allowing(self, intervention: str) -> Bits:
        """Where the level acted on lets an intervention be given."""
        return self._union(
            bits for level, bits in self._of_levels(self.levels) if allowed(level, intervention)
        )

    def may_allow(self, intervention: str) -> Bits:
        """Where some level that can still be reached lets an intervention be given."""
        return self._union(
            bits for level, bits in self._of_levels(self.reachable) if allowed(level, intervention)
        )

    def given(self, intervention: str) -> Bits:
        """Where an intervention is to be done, now or later."""
        bits = self._union(
            self.statuses[intervention][status] for status in STATUSES if status != "set_aside"
        )
        return bits & self.allowing(intervention)

    def choices(self, parameter: str) -> tuple[dict[Decimal, Bits], dict[Decimal, Bits]]:
        """Where each value of a parameter was chosen, and where it may still be."""
        chosen, wanted = {}, {}
        left, none_proved = self._every_row, self._every_row
        for value in values_in_order(self._rulebook.parameters[parameter]):
            true, false = self._truth(f"parameter.{parameter}.{value}")
            chosen[value] = left & true
            wanted[value] = none_proved
            left = left & false
            none_proved = none_proved & ~true
        return chosen, wanted

    def _triage(self) -> tuple[dict[str, Bits], dict[str, Bits]]:
        acted: dict[str, Bits] = {}
        reachable: dict[str, Bits] = {}
        undecided, some_open, none_proved = self._every_row, self._nowhere, self._every_row
        for level in self._rulebook.triage.values():
            if level.pending:
                continue
            true, false = self._truth(proposition_of(level))
            acted[level.id] = undecided & true & (self._every_row if level.settles else ~some_open)
            reachable[level.id] = none_proved & ~false
            undecided = undecided & ~true
            some_open = some_open | ~(true | false)
            none_proved = none_proved & ~true
        pending = self._every_row & ~self._union(acted.values())
        for level in self._rulebook.triage.values():
            if level.pending:
                acted[level.id] = pending
        return {name: acted[name] for name in self._rulebook.triage}, reachable

    def _statuses(self) -> tuple[dict[str, dict[str, Bits]], dict[str, Bits]]:
        statuses, is_open = {}, {}
        for name in self._rulebook.interventions:
            recommended, refuted = self._truth(f"intervention.{name}.recommended")
            left = recommended
            found = {}
            for status in STATUSES:
                true, false = self._truth(f"intervention.{name}.{status}")
                found[status] = left & true
                left = left & false
            statuses[name] = found
            is_open[name] = self._every_row & ~refuted & ~self._union(found.values())
        return statuses, is_open

    def _truth(self, proposition: str) -> tuple[Bits, Bits]:
        """A proposition that no rule concludes is refuted everywhere."""
        return self._truths.get(proposition, (self._nowhere, self._every_row))

    def _of_levels(self, bits: Mapping[str, Bits]) -> list[tuple[TriageLevel, Bits]]:
        return [(self._rulebook.triage[name], each) for name, each in bits.items()]

    def _union(self, parts: Iterable[Bits]) -> Bits:
        union = self._nowhere
        for part in parts:
            union = union | part
        return union
