"""What the tables of a rulebook may have for columns: answers, measures, propositions, and the level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from afterrun.rulebook import (
    And,
    AtLeast,
    CellTest,
    Decisions,
    Formula,
    Is,
    Not,
    Or,
    Rulebook,
    Variable,
    propositions_of,
)
from afterrun.tables.rows import PROVED, REFUTED

LEVEL = "triage"
"""The column of the level acted on: no question or proposition is called so."""


class Column(NamedTuple):
    """One thing that the rows of a table may test."""

    kind: Literal["question", "ticked", "measure", "proposition", "level"]
    subject: str
    """The question, measure or proposition."""
    options: tuple[str, ...] = ()
    """Of a multiple choice those of which one is ticked; of the level all that there are."""
    variable: Variable | None = None
    """What the cells of an answer or a measure are."""

    @property
    def cells(self) -> int:
        """The mask of all its cells."""
        if self.kind == "level":
            return (1 << len(self.options)) - 1
        return (1 << len(self.variable.cells)) - 1 if self.variable else PROVED | REFUTED


class Columns:
    """Every column by its name, and formulas over nothing but these."""

    def __init__(self, rulebook: Rulebook, decisions: Decisions) -> None:
        self.by_name: dict[str, Column] = {
            each.name: Column("proposition", each.name)
            for each in propositions_of(rulebook)
            if each.name in rulebook.propositions
        }
        for name, variable in rulebook.variables.items():
            if variable.option is not None:
                self.by_name[name] = Column("ticked", variable.subject, (variable.option,))
            else:
                kind: Literal["measure", "question"] = (
                    "measure" if variable.subject in rulebook.measures else "question"
                )
                self.by_name[name] = Column(kind, variable.subject, variable=variable)
        self.by_name[LEVEL] = Column("level", LEVEL, tuple(decisions.levels))
        self._levels = {id(formula): place for place, formula in enumerate(decisions.levels.values())}

    @property
    def cells(self) -> Mapping[str, int]:
        """The mask of all cells of each column."""
        return {name: column.cells for name, column in self.by_name.items()}

    def over_them(self, formula: Formula) -> Formula:
        """The same formula with a level as a test on the level, and several ticks of a question as one."""
        if id(formula) in self._levels:
            return CellTest(LEVEL, 1 << self._levels[id(formula)], "")
        return self._within(formula)

    def decided(self, level: Formula) -> Formula:
        """The formula of a level itself."""
        return self._within(level)

    def _within(self, formula: Formula) -> Formula:
        match formula:
            case And(parts):
                return And(tuple(map(self.over_them, parts)))
            case AtLeast(needed, parts):
                return AtLeast(needed, tuple(map(self.over_them, parts)))
            case Or(parts):
                return self._ticked_together(parts) or Or(tuple(map(self.over_them, parts)))
            case Not(part):
                return Not(self.over_them(part))
            case Is(part, truth):
                return Is(self.over_them(part), truth)
        return formula

    def _ticked_together(self, parts: tuple[Formula, ...]) -> CellTest | None:
        """One column for several ticks of which one is enough."""
        tests = [part for part in parts if isinstance(part, CellTest) and part.mask == PROVED]
        columns = [self.by_name[test.variable] for test in tests]
        subjects = {column.subject for column in columns if column.kind == "ticked"}
        if len(tests) < len(parts) or len(tests) < 2 or len(subjects) != 1:
            return None
        if any(column.kind != "ticked" for column in columns):
            return None
        options = tuple(dict.fromkeys(option for column in columns for option in column.options))
        name = f"{subjects.pop()}:{'|'.join(sorted(options))}"
        self.by_name.setdefault(name, Column("ticked", columns[0].subject, options))
        return CellTest(name, PROVED, "")
