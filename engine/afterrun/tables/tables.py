"""Every rule and every decision of a rulebook as a table whose rows say under which cells it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from afterrun.rulebook import Decisions, Formula, LinkedRule, Rulebook
from afterrun.tables.columns import LEVEL, Columns
from afterrun.tables.rows import Row, RowAlgebra, Rows, rows_where

Kind = Literal["proposition", "triage", "pattern", "intervention", "parameter"]


class Line(NamedTuple):
    """One row of a table: what it asks for, what it gives, and the rule that says so."""

    row: Row
    gives: Any
    """True, an id, or a number."""
    rule: LinkedRule | None = None


class Table(NamedTuple):
    """What follows from which cells; nothing else follows from them, since answers are complete."""

    kind: Kind
    subject: str
    """The proposition, pattern, intervention or parameter; for the level `triage`."""
    columns: tuple[str, ...]
    """Those that a line speaks of, in the order in which they come up."""
    lines: tuple[Line, ...]
    otherwise: Any = None
    """What it gives where no line fits: false, the level of what is not settled, or nothing."""


class Tables:
    """The tables of a rulebook, none before those that it rests on, and their columns."""

    def __init__(self, rulebook: Rulebook) -> None:
        decisions = Decisions(rulebook)
        self.rulebook = rulebook
        self.columns = Columns(rulebook, decisions)
        self.tables = (*self._of_rules(), *self._of_levels(decisions.levels), *self._of_decisions(decisions))

    def _of_rules(self) -> Iterator[Table]:
        for name, rules in self.rulebook.propositions.items():
            lines = [Line(row, True, rule) for rule in rules for row in self._rows(rule.formula)]
            yield _table("proposition", name, lines, False)

    def _of_levels(self, levels: Mapping[str, Formula]) -> Iterator[Table]:
        found = [
            Line(row, level)
            for level, formula in levels.items()
            if not self.rulebook.triage[level].pending
            for row in self._made(self.columns.decided(formula))
        ]
        pending = next((each.id for each in self.rulebook.triage.values() if each.pending), None)
        yield _table("triage", LEVEL, found, pending)

    def _of_decisions(self, decisions: Decisions) -> Iterator[Table]:
        kinds: Iterable[tuple[Kind, Mapping[str, Mapping[Any, Formula]]]] = (
            ("pattern", decisions.patterns),
            ("intervention", decisions.given),
            ("parameter", decisions.choices),
        )
        for kind, subjects in kinds:
            for subject, values in subjects.items():
                lines = [Line(row, value) for value, each in values.items() for row in self._rows(each)]
                if lines:
                    yield _table(kind, subject, lines)

    def _rows(self, formula: Formula) -> Rows:
        return self._made(self.columns.over_them(formula))

    def _made(self, formula: Formula) -> Rows:
        return rows_where(formula, RowAlgebra(self.columns.cells))


def _table(kind: Kind, subject: str, lines: Iterable[Line], otherwise: Any = None) -> Table:
    kept = tuple(lines)
    columns = tuple(dict.fromkeys(column for line in kept for column in line.row))
    return Table(kind, subject, columns, kept, otherwise)
