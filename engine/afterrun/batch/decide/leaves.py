"""A chunk of answers in, the outcome of every test out: true and false as bits, else open."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from afterrun.batch.decide.bits import BitAlgebra, Bits, pack
from afterrun.batch.decide.exact import Numbers, Ratio, TooWide, compute
from afterrun.batch.input.layout import UNKNOWN_CODE, UNKNOWN_NUMBER, columns_of, option_column
from afterrun.inference import FactMaker, number_read
from afterrun.intake import MILLION, Value
from afterrun.rulebook import NOTHING, OPEN, UNKNOWN, Rulebook, Variable, engine_of
from afterrun.rulebook.schema import Question

NOT_ANSWERED_CODE = 254
Flags = npt.NDArray[np.bool_]


class Leaves:
    """One chunk, seen as the variables of the rulebook."""

    def __init__(self, rulebook: Rulebook, frame: pl.DataFrame) -> None:
        self.rulebook = rulebook
        self.frame = frame
        self.rows = frame.height
        self.algebra = BitAlgebra(self.rows)
        # All blanks at once: one pass of polars costs less than one for each column.
        self._filled = frame.select(
            pl.col(pl.Boolean).fill_null(False),
            pl.col(pl.UInt8).fill_null(NOT_ANSWERED_CODE),
            pl.col(pl.Int64).fill_null(0),
        )
        self._nulls = {each.name: each.null_count() for each in frame.get_columns()}
        self._cells: dict[str, tuple[Bits, Callable[[int], Bits]]] = {}
        self._outcomes: dict[tuple[str, int], tuple[Bits, Bits]] = {}
        self._numbers: dict[str, Numbers] = {}
        self._answered: dict[str, Bits] = {}

    def outcome(self, variable: str, mask: int) -> tuple[Bits, Bits]:
        """Where the variable's cell is known to lie in the mask, and where known not to."""
        key = (variable, mask)
        if key not in self._outcomes:
            self._outcomes[key] = self._outcome(variable, mask)
        return self._outcomes[key]

    def _outcome(self, variable: str, mask: int) -> tuple[Bits, Bits]:
        if variable not in self._cells:
            self._cells[variable] = self._make_cells(self.rulebook.variables[variable])
        known, cell = self._cells[variable]
        size = len(self.rulebook.variables[variable].cells)
        inside = [index for index in range(size) if mask >> index & 1]
        if 2 * len(inside) > size:
            outside = [index for index in range(size) if not mask >> index & 1]
            false = self.algebra.some(cell(index) for index in outside)
            return known & ~false, false
        true = self.algebra.some(cell(index) for index in inside)
        return true, known & ~true

    def forget(self) -> None:
        """Let go of the chunk: the cells hold on to it, and it to them, until somebody collects circles."""
        self._cells.clear()
        self._outcomes.clear()
        self._numbers.clear()
        self._answered.clear()

    def answered(self, question: str) -> Bits:
        """Where a question was answered, 'unknown' included; of a multiple choice every option was asked."""
        if question not in self._answered:
            given = self._given(next(iter(columns_of(self.rulebook.questions[question]))))
            if self._partly_asked(question):
                for name in columns_of(self.rulebook.questions[question]):
                    given = given & self._given(name)
            self._answered[question] = given
        return self._answered[question]

    def _partly_asked(self, question: str) -> bool:
        """Whether a form left out some of the options, which are then open in rows that have an answer."""
        columns = columns_of(self.rulebook.questions[question])
        return len({self._nulls[name] for name in columns}) > 1

    def _given(self, column: str) -> Bits:
        """Where a column of the layout holds something."""
        if not self._nulls[column]:
            return self.algebra.everywhere
        return pack(self.frame.get_column(column).is_not_null().to_numpy())

    def numbers(self, name: str) -> Numbers:
        """A question's numbers or a measure's, as rules read them."""
        if name not in self._numbers:
            if name in self.rulebook.measures:
                formula = self.rulebook.measures[name].formula
                computed = compute(formula, self.numbers, no_parameter, self.rows)
                if isinstance(computed, Ratio):
                    raise TooWide
                self._numbers[name] = computed
            else:
                self._numbers[name] = self._question_numbers(self.rulebook.questions[name])
        return self._numbers[name]

    def values(self, row: int, questions: tuple[str, ...]) -> dict[str, Value]:
        """Some number questions of one row, as `read_answers` gives them."""
        found: dict[str, Value] = {}
        for question in questions:
            raw = self.frame.get_column(question)[row]
            if raw is not None:
                found[question] = UNKNOWN if raw == UNKNOWN_NUMBER else Fraction(raw, MILLION)
        return found

    def _question_numbers(self, question: Question) -> Numbers:
        column = self.frame.get_column(question.id)
        is_open = column.is_null().to_numpy()
        raw = self._filled.get_column(question.id).to_numpy()
        unknown = raw == UNKNOWN_NUMBER
        reads = number_read(question.unknown_reads)
        read = reads * MILLION if isinstance(reads, Fraction) else Fraction(0)
        if read.denominator != 1:
            raise TooWide
        top = np.where(unknown, int(read), raw) if unknown.any() else raw
        nothing = unknown if reads is NOTHING else np.zeros(self.rows, dtype=np.bool_)
        bound = int(np.abs(top).max()) if self.rows else 0
        return Numbers(top, MILLION, nothing, is_open, bound)

    def _make_cells(self, variable: Variable) -> tuple[Bits, Callable[[int], Bits]]:
        if variable.option is not None:
            return self._option_cells(variable)
        question = self.rulebook.questions.get(variable.subject)
        if question is not None and question.type == "single":
            return self._choice_cells(variable)
        try:
            return self._number_cells(variable, question)
        except TooWide:
            return self._cells_one_by_one(variable)

    def _option_cells(self, variable: Variable) -> tuple[Bits, Callable[[int], Bits]]:
        assert variable.option is not None
        name = option_column(variable.subject, variable.option)
        partly = self._partly_asked(variable.subject)
        known = self._given(name) if partly else self.answered(variable.subject)
        ticked = pack(self._filled.get_column(name).to_numpy())
        return known, lambda cell: ticked if cell else known & ~ticked

    def _choice_cells(self, variable: Variable) -> tuple[Bits, Callable[[int], Bits]]:
        codes = self._filled.get_column(variable.name).to_numpy()
        unknown = len(variable.cells) - 1 if variable.cells[-1].raw is UNKNOWN else None

        def cell(index: int) -> Bits:
            return pack(codes == (UNKNOWN_CODE if index == unknown else index))

        return self.answered(variable.subject), _once(cell)

    def _number_cells(
        self, variable: Variable, question: Question | None
    ) -> tuple[Bits, Callable[[int], Bits]]:
        """Cells of a number from two comparisons with each threshold."""
        if question is not None:
            raw = self._filled.get_column(question.id).to_numpy()
            nothing = (
                pack(raw == UNKNOWN_NUMBER) if question.unknown_reads is not None else self.algebra.nowhere
            )
            known = self.answered(question.id)
            compare = _comparer_of_millionths(raw)
        else:
            measured = compute(
                self.rulebook.measures[variable.subject].formula, self.numbers, no_parameter, self.rows
            )
            nothing, known = pack(measured.nothing), pack(~measured.open)
            compare = measured.compared if isinstance(measured, Ratio) else _comparer(measured)
        number = known & ~nothing
        thresholds = variable.thresholds
        below = _once(lambda place: pack(compare(thresholds[place], operator.lt)) & number)
        up_to = _once(lambda place: pack(compare(thresholds[place], operator.le)) & number)

        def cell(index: int) -> Bits:
            place = index // 2
            if index > 2 * len(thresholds):
                return nothing & known
            if index % 2:
                return up_to(place) & ~below(place)
            lower = up_to(place - 1) if place else self.algebra.nowhere
            upper = below(place) if place < len(thresholds) else number
            return upper & ~lower

        return known, _once(cell)

    def _cells_one_by_one(self, variable: Variable) -> tuple[Bits, Callable[[int], Bits]]:
        """The slow way, for a measure that has no exact form in columns."""
        maker = engine_of(self.rulebook, FactMaker)
        cells = np.full(self.rows, -1, dtype=np.int16)
        for row in range(self.rows):
            number = maker.numbers(self.values(row, variable.questions))(variable.subject)
            if number is not OPEN:
                cells[row] = variable.cell_of_number(number)
        return pack(cells >= 0), _once(lambda index: pack(cells == index))


def _once(function: Callable[[int], Bits]) -> Callable[[int], Bits]:
    kept: dict[int, Bits] = {}

    def kept_function(index: int) -> Bits:
        if index not in kept:
            kept[index] = function(index)
        return kept[index]

    return kept_function


def _comparer_of_millionths(raw: npt.NDArray[np.int64]) -> Callable[[Fraction, Any], Flags]:
    def compare(threshold: Fraction, how: Any) -> Flags:
        scaled = threshold * MILLION
        # Whole numbers lie below a fraction exactly when they lie below the next whole number.
        edge = math.ceil(scaled) if how is operator.lt else math.floor(scaled)
        flags: Flags = how(raw, edge)
        return flags

    return compare


def _comparer(column: Numbers) -> Callable[[Fraction, Any], Flags]:
    def compare(threshold: Fraction, how: Any) -> Flags:
        factor = threshold.denominator
        if column.bound * factor > 2**62 or abs(threshold.numerator) * column.bottom > 2**62:
            raise TooWide
        flags: Flags = how(column.top * factor, threshold.numerator * column.bottom)
        return flags

    return compare


def no_parameter(name: str) -> Numbers:
    """What a measure cannot speak of."""
    raise TooWide(name)
