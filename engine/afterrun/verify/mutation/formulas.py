"""A formula, changed in one place: a function left out, doubled or turned, an operand swapped, a constant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from afterrun.rulebook import KeyPath, Rulebook, names_in
from afterrun.rulebook.schema import (
    Capped,
    Difference,
    FirstKnown,
    Function,
    LargestAboveZero,
    Operand,
    ParameterRef,
    PercentChange,
    Raised,
    Reduced,
    RoundedDown,
    Sum,
)
from afterrun.verify.mutation.edits import Edit

_KIND = "formula"
MORE = 2
"""Numbers that an operand is taken for besides those of its own formula."""


class FormulaEdits:
    """Every small change of a formula, the formula whole."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._parameters = list(rulebook.parameters)
        numbers = [each for each in rulebook.questions.values() if each.type in ("integer", "number")]
        self._counted = {each.id: each.quantity or f"{each.unit} of {each.id}" for each in numbers}
        for measure in rulebook.measures.values():
            # A measure is counted like that which it is made of, unless it is a share of it.
            behind = list(names_in(measure.formula))
            share = isinstance(measure.formula, PercentChange)
            self._counted[measure.id] = "%" if share else self._counted.get(behind[0], "")

    def of(self, operand: Operand, path: KeyPath) -> Iterator[Edit]:
        """Every change within an operand that stands at a path."""
        yield from self._of(operand, path, frozenset(names_in(operand)))

    def _of(self, operand: Operand, path: KeyPath, beside: frozenset[str]) -> Iterator[Edit]:
        match operand:
            case str():
                for other in self.alike(operand, beside):
                    yield Edit(_KIND, path, f"{operand} -> {other}", other)
            case Decimal():
                for near in (operand - 1, operand + 1):
                    yield Edit(_KIND, path, f"{operand} -> {near}", near)
            case ParameterRef():
                for other in self._parameters:
                    if other != operand.parameter:
                        said = f"{operand.parameter} -> {other}"
                        yield Edit(_KIND, path, said, ParameterRef(parameter=other))
            case Function():
                yield from self._turned(operand, (*path, operand.name))
                yield from self._within(operand, (*path, operand.name), beside)

    def alike(self, name: str, beside: Collection[str] = ()) -> Iterator[str]:
        """Other numbers that are counted in the same: those beside it, and a few more."""
        counted = self._counted.get(name, "")
        others = [other for other, each in self._counted.items() if each == counted and other != name]
        others.sort(key=lambda other: other not in beside)
        near = sum(other in beside for other in others)
        yield from others[: near + MORE] if counted else ()

    def _turned(self, function: Function, path: KeyPath) -> Iterator[Edit]:
        """The function itself mistaken."""
        name = function.name
        match function:
            case Raised(value=value, percent=percent):
                yield Edit(_KIND, path, f"{name} doubled", Raised(value=function, percent=percent))
                yield Edit(_KIND, path, f"{name} -> reduced", Reduced(value=value, percent=percent))
                yield Edit(_KIND, path, f"{name} dropped", value)
            case Reduced(value=value, percent=percent):
                yield Edit(_KIND, path, f"{name} doubled", Reduced(value=function, percent=percent))
                yield Edit(_KIND, path, f"{name} -> raised", Raised(value=value, percent=percent))
                yield Edit(_KIND, path, f"{name} dropped", value)
            case Capped(value=value, by=by):
                yield Edit(_KIND, path, f"{name} dropped", value)
                yield Edit(_KIND, path, f"{name} -> by alone", by)
            case RoundedDown(value=value):
                yield Edit(_KIND, path, f"{name} dropped", value)
            case Difference(of=of, minus=minus):
                yield Edit(_KIND, path, f"{name} turned", Difference(of=minus, minus=of))
            case PercentChange(from_=old, to=new):
                yield Edit(_KIND, path, f"{name} turned", PercentChange(from_=new, to=old))
            case Sum(parts=parts) | FirstKnown(parts=parts) | LargestAboveZero(parts=parts) if len(parts) > 1:
                if isinstance(function, FirstKnown):
                    yield Edit(_KIND, path, f"{name} turned", FirstKnown(parts=parts[::-1]))
                for place, part in enumerate(parts):
                    rest = (*parts[:place], *parts[place + 1 :])
                    said = f"{part if isinstance(part, str) else 'a part'} dropped"
                    yield Edit(_KIND, (*path, place), said, type(function)(parts=rest))

    def _within(self, function: Function, path: KeyPath, beside: frozenset[str]) -> Iterator[Edit]:
        for name, value in vars(function).items():
            if isinstance(value, tuple):
                for place, part in enumerate(value):
                    for edit in self._of(part, (*path, place), beside):
                        now: tuple[Any, ...] = (*value[:place], edit.now, *value[place + 1 :])
                        yield edit._replace(now=function.changed(**{name: now}))
            else:
                key = name.removesuffix("_")
                for edit in self._of(value, (*path, key) if len(vars(function)) > 1 else path, beside):
                    if isinstance(function, RoundedDown) and name == "to" and edit.now <= 0:
                        # There is no step of nothing to round to.
                        continue
                    yield edit._replace(now=function.changed(**{name: edit.now}))
