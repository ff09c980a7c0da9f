"""The plan's numbers for all rows at once, as `plan` gives them for one intake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from functools import partial, reduce
from operator import or_
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.decide.bits import Bits, any_row, unpack
from afterrun.batch.decide.exact import Numbers, TooWide, in_hundredths, numbers
from afterrun.batch.decide.leaves import Leaves, no_parameter
from afterrun.inference import number_read, questions_of
from afterrun.rulebook import (
    NOTHING,
    OPEN,
    Decisions,
    Evaluation,
    Or,
    Quantity,
    Rulebook,
    engine_of,
    names_in,
    number_items,
    shown,
)
from afterrun.rulebook import compute as compute_one
from afterrun.rulebook.schema import PlanItem
from afterrun.rulebook.schema import Quantity as SchemaQuantity

_NEVER = Or(())


def amount_items(rulebook: Rulebook) -> dict[str, SchemaQuantity]:
    """The keys among the plan's numbers that are amounts, each with its quantity."""
    numbers = engine_of(rulebook, number_items)
    return {
        item.key: rulebook.quantities[item.quantity]
        for item in rulebook.plan
        if item.quantity is not None and item.key in numbers
    }


def unit_columns(rulebook: Rulebook) -> dict[str, SchemaQuantity]:
    """The columns that hold the unit of amounts, each with its quantity."""
    amounts = engine_of(rulebook, amount_items)
    return {f"plan_{quantity.unit_key}": quantity for quantity in amounts.values()}


class PlanNumbers:
    """The numbers of one chunk's plans."""

    def __init__(self, rulebook: Rulebook, leaves: Leaves, decided: Evaluation[Bits]) -> None:
        self._rulebook = rulebook
        self._leaves = leaves
        self._where = decided.where
        self._decisions = engine_of(rulebook, Decisions)
        self._read: dict[str, Numbers] = {}

    def column(self, key: str) -> pl.Series:
        """One number of the plan; null where it is not shown, does not apply, or is not known."""
        result = np.zeros(self._leaves.rows, dtype=np.float64)
        known = np.zeros(self._leaves.rows, dtype=np.bool_)
        for item, line in zip(self._rulebook.plan, self._decisions.plan, strict=True):
            if item.key == key and (item.parameter or item.formula):
                where = self._where(self._decisions.shows_plan) & self._where(line.gives)
                rows = np.flatnonzero(unpack(where, self._leaves.rows)) if any_row(where) else ()
                if len(rows):
                    values, there = self._values(item, rows)
                    result[rows] = values
                    known[rows] = there if item.quantity is None else there & (values > 0)
        series = pl.Series(result, dtype=pl.Float64).set(pl.Series(~known), None)
        return series.cast(pl.Int32) if engine_of(self._rulebook, number_items)[key] else series

    def display(self, quantity: SchemaQuantity, amounts: pl.Series) -> pl.Series:
        """An amount as one can run it; null where there is none, and where it is less than a step."""
        units = [*(unit.id for unit in quantity.units), ""]
        steps = np.array([int(quantity.step_of(unit) * 100) for unit in units])
        place = self._leaves.frame.get_column(quantity.unit_key).fill_null(len(units) - 1).to_numpy()
        step = steps[place]
        whole = np.rint(amounts.fill_null(0).to_numpy() * 100).astype(np.int64) // step * step
        return pl.Series(whole / 100, dtype=pl.Float64).set(pl.Series(whole <= 0), None)

    def unit(self, quantity: SchemaQuantity, amounts: Iterable[pl.Series]) -> pl.Series:
        """The unit that the person chose for a quantity; null where the plan has no amount of it."""
        units = pl.Enum([unit.id for unit in quantity.units])
        shown = self._leaves.frame.get_column(quantity.unit_key).cat.to(units)
        there = reduce(or_, (each.is_not_null() for each in amounts))
        return shown.set(~there, None)

    def missing(self) -> dict[str, list[Bits]]:
        """Where each unanswered question keeps a value of the plan from being known."""
        missing: dict[str, list[Bits]] = defaultdict(list)
        for item, line in zip(self._rulebook.plan, self._decisions.plan, strict=True):
            where = self._where(self._decisions.may_show_plan) & self._where(line.may_give)
            if any_row(where):
                for name, skipped in self._asked_by(item):
                    missing[name].append(where & ~skipped)
        return missing

    def _asked_by(self, item: PlanItem) -> list[tuple[str, Bits]]:
        """The questions that a value reads, each with where it is skipped."""
        nowhere = self._leaves.algebra.nowhere
        if item.formula is not None:
            names = (each for part in names_in(item.formula) for each in questions_of(self._rulebook, part))
            skips = self._rulebook.skips
            return [
                (name, self._where(skips[name]) if name in skips else nowhere)
                for name in dict.fromkeys(names)
            ]
        if item.answer is not None and item.answer in self._rulebook.questions:
            return [(item.answer, nowhere)]
        # Of several choices only the first one missing is asked for; the next follows its answer.
        asked, before = [], nowhere
        for name in item.by_option or ():
            asked.append((name, before))
            before = before | ~self._leaves.answered(name)
        return asked

    def _values(self, item: PlanItem, rows: Any) -> tuple[Any, Any]:
        parameter = partial(self._parameter, rows=rows)
        if item.parameter is not None:
            column = parameter(item.parameter)
            return column.top / column.bottom, ~column.open
        assert item.formula is not None
        try:
            column = numbers(item.formula, partial(self._number, rows=rows), parameter, len(rows))
            return in_hundredths(column) / 100, ~(column.open | column.nothing)
        except TooWide:
            return self._one_by_one(item, rows)

    def _number(self, name: str, rows: Any) -> Numbers:
        if name in self._rulebook.measures:
            formula = self._rulebook.measures[name].formula
            return numbers(formula, partial(self._number, rows=rows), no_parameter, len(rows))
        column = self._question(name)
        return Numbers(column.top[rows], column.bottom, column.nothing[rows], column.open[rows], column.bound)

    def _question(self, name: str) -> Numbers:
        """A question as a plan reads it: skipped, unknown and optional answers included."""
        if name not in self._read:
            self._read[name] = self._read_question(name)
        return self._read[name]

    def _read_question(self, name: str) -> Numbers:
        question = self._rulebook.questions[name]
        column = self._leaves.numbers(name)
        top, nothing, is_open, bound = column.top, column.nothing, column.open, column.bound
        if question.optional:
            nothing, is_open = nothing | is_open, np.zeros_like(is_open)
        if name in self._rulebook.skips:
            skip = self._rulebook.skips[name]
            skipped = unpack(self._where(skip), self._leaves.rows)
            undecided = self._where(skip, None) & self._leaves.answered(name)
            unreadable = unpack(undecided, self._leaves.rows)
            reads = number_read(question.skipped_reads)
            if isinstance(reads, Fraction):
                scaled = reads * column.bottom
                if scaled.denominator != 1:
                    raise TooWide
                top, bound = np.where(skipped, int(scaled), top), max(bound, abs(int(scaled)))
                nothing = nothing & ~skipped
            else:
                nothing = nothing | skipped
            is_open = (is_open & ~skipped) | unreadable
            nothing = nothing & ~unreadable
        return Numbers(top, column.bottom, nothing, is_open, bound)

    def _parameter(self, name: str, rows: Any) -> Numbers:
        chosen = self._decisions.choices[name]
        values = {value: Fraction(value) for value in chosen}
        bottom = int(np.lcm.reduce([value.denominator for value in values.values()]))
        top = np.zeros(len(rows), dtype=np.int64)
        is_open = np.ones(len(rows), dtype=np.bool_)
        for value, formula in chosen.items():
            here = unpack(self._where(formula), self._leaves.rows)[rows]
            top[here] = int(values[value] * bottom)
            is_open &= ~here
        bound = max(abs(int(value * bottom)) for value in values.values())
        return Numbers(top, bottom, np.zeros(len(rows), dtype=np.bool_), is_open, bound)

    def _one_by_one(self, item: PlanItem, rows: Any) -> tuple[Any, Any]:
        """The slow way, for a formula that has no exact form in columns."""
        values = np.zeros(len(rows), dtype=np.float64)
        known = np.zeros(len(rows), dtype=np.bool_)

        def of_row(column: Numbers, row: int) -> Quantity:
            if column.open[row]:
                return OPEN
            return NOTHING if column.nothing[row] else Fraction(int(column.top[row]), column.bottom)

        for place, row in enumerate(rows):

            def look_up(name: str, row: int = row) -> Quantity:
                if name in self._rulebook.measures:
                    return compute_one(self._rulebook.measures[name].formula, look_up)
                return of_row(self._question(name), row)

            def parameter(name: str, row: int = row) -> Quantity:
                return of_row(self._parameter(name, np.array([row])), 0)

            assert item.formula is not None
            number = compute_one(item.formula, look_up, parameter)
            if isinstance(number, Fraction):
                values[place], known[place] = shown(number), True
        return values, known
