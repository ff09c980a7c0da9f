"""What formulas range over: each question, option or measure as a variable with a few cells.

Cells of a choice are its options. Cells of a number are the thresholds that some rule mentions
and the stretches between them, so that every comparison is exact and every value that rules
cannot tell apart is one cell. A last cell holds 'I don't know', or a measure that is nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from enum import Enum
from fractions import Fraction
from math import inf
from typing import Final, NamedTuple

from afterrun.rulebook.schema import Test, as_written


class Mark(Enum):
    """Values that are not numbers or options."""

    UNKNOWN = "unknown"
    """'I don't know', as answered."""
    NOTHING = "nothing"
    """No value: every test on it is refuted."""
    OPEN = "open"
    """Not answered yet."""


UNKNOWN: Final = Mark.UNKNOWN
NOTHING: Final = Mark.NOTHING
OPEN: Final = Mark.OPEN

Number = Fraction | float
"""An exact number, or `math.inf` (a rise from nothing); no other float."""
Reading = Number | str | Mark
"""What one answer or measure is read as."""


class Cell(NamedTuple):
    """One class of answers that no rule tells apart: how it was given and how it is read."""

    raw: Reading
    reading: Reading


class Variable(NamedTuple):
    """One thing a formula can test."""

    name: str
    subject: str
    """The question or measure it belongs to."""
    option: str | None
    """The option, when the question is multiple choice: the cells are not ticked, ticked."""
    questions: tuple[str, ...]
    """The questions whose answers give its value."""
    cells: tuple[Cell, ...]
    thresholds: tuple[Fraction, ...] = ()
    """Ascending, for a number."""
    edges: tuple[int | Fraction, ...] = ()
    """The thresholds, whole ones as whole numbers."""

    def cell_of_number(self, value: Reading) -> int:
        """The index of the cell that holds a number, or a number that is unknown or nothing."""
        if isinstance(value, Mark):
            return len(self.cells) - 1
        if value == inf:
            return 2 * len(self.thresholds)
        assert isinstance(value, Fraction)
        # Whole numbers compare many times faster as such, and nearly all are whole.
        number = value.numerator if value.denominator == 1 else value
        place = bisect_left(self.edges, number)
        exact = place < len(self.edges) and self.edges[place] == number
        return 2 * place + 1 if exact else 2 * place

    def mask(self, test: Test) -> int:
        """The cells under which a test on a choice or a number holds."""
        return sum(1 << index for index, cell in enumerate(self.cells) if holds(test, cell))


def number_cells(thresholds: tuple[Fraction, ...], last: Cell | None) -> tuple[Cell, ...]:
    """The cells of a number: below, at and between its thresholds, each by a number within it."""
    cells = []
    for place in range(len(thresholds) + 1):
        if not thresholds:
            between = Fraction(0)
        elif place == 0:
            between = thresholds[0] - 1
        elif place == len(thresholds):
            between = thresholds[-1] + 1
        else:
            between = (thresholds[place - 1] + thresholds[place]) / 2
        cells.append(Cell(between, between))
        if place < len(thresholds):
            cells.append(Cell(thresholds[place], thresholds[place]))
    return (*cells, *([last] if last else []))


def holds(test: Test, cell: Cell) -> bool:
    """Does a test on a choice or a number hold of a cell?

    'unknown' is matched against the answer as given, everything else against its reading;
    a reading of nothing passes no test.
    """
    raw, reading = cell
    wanted = [test.is_] if test.is_ is not None else []
    checks = [_equals(value, raw, reading) for value in wanted]
    if test.one_of is not None:
        checks.append(any(_equals(value, raw, reading) for value in test.one_of))
    if isinstance(reading, Mark | str):
        return all(checks) and not _comparisons(test)
    checks += [
        {
            "at_least": reading >= bound,
            "at_most": reading <= bound,
            "over": reading > bound,
            "under": reading < bound,
        }[operator]
        for operator, bound in _comparisons(test)
    ]
    return all(checks)


def thresholds_of(test: Test) -> set[Fraction]:
    """Every number that a test mentions."""
    equal = [test.is_, *(test.one_of or ())]
    numbers = {Fraction(value) for value in equal if value is not None and not isinstance(value, str)}
    return numbers | {bound for _, bound in _comparisons(test)}


def words(test: Test) -> str:
    """A test as it is written in a rule."""
    written = as_written(test)
    return ", ".join(
        f"{operator.replace('_', ' ')} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for operator, value in written.items()
    )


def _equals(value: object, raw: Reading, reading: Reading) -> bool:
    if value == UNKNOWN.value:
        return raw is UNKNOWN
    if isinstance(value, str) or isinstance(reading, Mark | str):
        return value == reading
    return Fraction(str(value)) == reading


def _comparisons(test: Test) -> list[tuple[str, Fraction]]:
    bounds = {"at_least": test.at_least, "at_most": test.at_most, "over": test.over, "under": test.under}
    return [(operator, Fraction(bound)) for operator, bound in bounds.items() if bound is not None]
