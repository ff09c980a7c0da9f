"""Cells, measures and values in FEEL, the expression language of DMN 1.3.

>>> text('say "so"')
'"say \\\\"so\\\\""'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.rulebook import UNKNOWN, Mark, Rulebook, Variable, evaluate
from afterrun.rulebook.schema import Measure
from afterrun.tables.columns import Column
from afterrun.tables.rows import PROVED

INFINITE = "1000000000000"
"""A rise from nothing: FEEL has no number without end, and this is above every threshold."""

_CONNECTIVES = {"and", "between", "in", "instance", "not", "of", "or", "satisfies"}
_FORMS = {"else", "every", "external", "for", "function", "if", "return", "some", "then"}
_VALUES = {"false", "item", "null", "true"}
RESERVED = frozenset(_CONNECTIVES | _FORMS | _VALUES)
"""Words that cannot be names."""


def text(words: str) -> str:
    """Words as a string of FEEL."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def value(given: Any) -> str:
    """What a line gives."""
    if given is None:
        return "null"
    if isinstance(given, bool):
        return str(given).lower()
    return number(Fraction(given)) if isinstance(given, Decimal | int) else text(given)


def number(exact: Fraction) -> str:
    """A number; one that no decimal says exactly is written as a division."""
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(decimal) == exact:
        return f"{decimal.normalize():f}"
    return f"({exact.numerator} / {exact.denominator})"


def input_expression(column: Column, name: str) -> str:
    """What a column looks at; of a multiple choice whether one of its options is ticked."""
    if column.kind == "question" and column.variable and _is_number(column.variable):
        # What is compared with a number has to be one: engines differ in how they compare a text.
        return f"if {name} = {text(UNKNOWN.value)} then null else {name}"
    if column.kind != "ticked":
        return name
    if len(column.options) == 1:
        return f"list contains({name}, {text(column.options[0])})"
    return f"some each in {name} satisfies each in ({', '.join(map(text, column.options))})"


def cell(column: Column, mask: int | None) -> str:
    """The unary tests of a cell; any value will do where nothing is asked for."""
    if mask is None:
        return "-"
    if column.kind == "level":
        return ", ".join(text(each) for place, each in enumerate(column.options) if mask >> place & 1)
    if column.variable is None:
        return "true" if mask == PROVED else "false"
    if _is_number(column.variable):
        return ", ".join(_stretches(column.variable, mask))
    chosen = (each.raw for place, each in enumerate(column.variable.cells) if mask >> place & 1)
    return ", ".join(text(each.value if isinstance(each, Mark) else str(each)) for each in chosen)


def _is_number(variable: Variable) -> bool:
    return bool(variable.thresholds) or isinstance(variable.cells[0].reading, Fraction)


def _stretches(variable: Variable, mask: int) -> Iterator[str]:
    """The stretches of numbers that a mask allows, and null for 'I don't know', or a measure of nothing."""
    edges, place = variable.thresholds, 0
    numbers = 2 * len(edges) + 1
    while place < numbers:
        if not mask >> place & 1:
            place += 1
            continue
        first = place
        while place + 1 < numbers and mask >> place + 1 & 1:
            place += 1
        yield _stretch(edges, first, place)
        place += 1
    if mask >> numbers & 1:
        yield "null"


def _stretch(edges: tuple[Fraction, ...], first: int, last: int) -> str:
    """From one cell to another; even ones lie between thresholds, odd ones are thresholds."""
    low = number(edges[(first - 1) // 2]) if first else ""
    high = number(edges[last // 2]) if last < 2 * len(edges) else ""
    if first == last and first % 2:
        return low
    open_below, open_above = first % 2 == 0, last % 2 == 0
    if low and high:
        return f"{'(' if open_below else '['}{low}..{high}{')' if open_above else ']'}"
    if low:
        return f"{'>' if open_below else '>='} {low}"
    if high:
        return f"{'<' if open_above else '<='} {high}"
    return "-"


def measure(rulebook: Rulebook, each: Measure, names: Mapping[str, str]) -> str:
    """The formula of a measure; null is a number that there is none of."""
    return _rounded(evaluate(each.formula, _Feel(rulebook, names)))


def _rounded(expression: str) -> str:
    """To twelve decimals, for engines that count in binary: there 1.3 is more than 30 % above 1."""
    return f"decimal({expression}, 12)"


class _Feel(NamedTuple):
    """The arithmetic of FEEL, where a null that takes part makes null of the whole."""

    rulebook: Rulebook
    names: Mapping[str, str]

    def named(self, name: str) -> str:
        question = self.rulebook.questions.get(name)
        if question is None or question.unknown_reads is None:
            return self.names[name]
        reads = question.unknown_reads
        read = "null" if isinstance(reads, str) else number(Fraction(reads))
        return f"(if {self.names[name]} = {text(UNKNOWN.value)} then {read} else {self.names[name]})"

    def parameter(self, name: str) -> str:
        raise ValueError("a measure speaks of no parameter")

    def constant(self, number: Fraction) -> str:
        return _number(number)

    def sum(self, parts: Iterator[str]) -> str:
        return f"({' + '.join(parts)})"

    def first_known(self, parts: Iterator[str]) -> str:
        return f"[{', '.join(parts)}][item != null][1]"

    def rounded_down(self, value: str, to: Fraction) -> str:
        whole = _rounded(f"{value} / {_number(to)}")
        return f"(floor({whole}) * {_number(to)})"

    def percent_change(self, old: str, new: str) -> str:
        rise = f"if {new} > 0 then {INFINITE} else 0"
        known = f"if {old} = 0 then ({rise}) else ({new} - {old}) / {old} * 100"
        return f"(if {old} = null or {new} = null then null else {known})"

    def difference(self, of: str, minus: str) -> str:
        return f"({of} - {minus})"

    def largest_above_zero(self, parts: Iterator[str]) -> str:
        return f"max([{', '.join(parts)}][item > 0])"

    def capped(self, value: str, by: str) -> str:
        return f"(if {value} = null then null else min([{value}, {by}][item != null]))"

    def changed(self, sign: int, value: str, percent: str) -> str:
        return f"({value} * (1 {'+' if sign > 0 else '-'} {percent} / 100))"


_number: Callable[[Fraction], str] = number
