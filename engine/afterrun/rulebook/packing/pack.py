"""A linked rulebook as one text, and back: no YAML is read, and no pydantic is loaded.

The first line says what the rest is; every other line is JSON and holds some fields of the rulebook:
the second what each assessment needs, and then a line for each that is read only when it is asked for.

A line is [shapes, known, value]. What JSON lacks is an array: the place of its shape, and then what it
is made of; or one number below zero, for a value in `known` that stands in several places. A shape is
a kind of value, and of what people write the fields that are given. The kinds are a closed list:
whatever a text holds, nothing but values of ours is made of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from importlib import import_module
from math import isfinite
from typing import Any

from afterrun.errors import AfterrunError
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.schema import Written

FORMAT = 1
"""Another number for each change after which an older text would be misunderstood."""

_LATER = (
    *("background", "evidence", "hazards", "codes", "sources", "enrolment", "schedule", "exercises", "doses"),
    *("history", "invariants"),
)
"""The fields that no assessment needs."""

_ROOM = "afterrun.rulebook"
_MODULES = {
    *("logic", "model", "variables", "schema.codes", "schema.conclusions", "schema.conditions"),
    *(
        "schema.enrolment",
        "schema.exercises",
        "schema.formulas",
        "schema.history",
        "schema.invariants",
        "schema.names",
        "schema.plans",
        "schema.questions",
    ),
    *("schema.rules", "schema.schedule", "schema.sources"),
}
"""Where the classes stand that a text may name."""

_PLAIN: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple,
    "list": list,
    "dict": lambda parts: dict(zip(parts[::2], parts[1::2], strict=True)),
    "Decimal": lambda parts: Decimal(*parts),
    "Fraction": lambda parts: Fraction(*parts),
    "float": lambda parts: float(*parts),
}


class PackError(AfterrunError):
    """A text is no packed rulebook, or not whole, or made from something else."""


def pack_rulebook(rulebook: Rulebook, made_from: str) -> str:
    """A rulebook with all that it holds, and the one that it is a part of, as one text."""
    now = {name: getattr(rulebook, name) for name in _now()}
    now["propositions"] = {name: [rule.id for rule in rules] for name, rules in rulebook.propositions.items()}
    base = None if rulebook.base is None else pack_rulebook(rulebook.base, "")
    lines = [_line(now), *(_line(getattr(rulebook, name)) for name in _LATER), json.dumps(base)]
    body = "".join(f"{line}\n" for line in lines)
    return json.dumps({"format": FORMAT, "made_from": made_from, "sha256": _sha256(body)}) + "\n" + body


def unpack_rulebook(text: str, made_from: str = "") -> Rulebook:
    """The rulebook of a text; raises PackError where it is not whole, or made from something else."""
    first, _, body = text.partition("\n")
    try:
        header = json.loads(first)
        if header != {"format": FORMAT, "made_from": made_from, "sha256": _sha256(body)}:
            raise PackError("it is not whole, or made from something else")
        line, *later, base = body.splitlines()
        now = _value(line)
        rules = now["rules"]
        now["propositions"] = {
            name: tuple(rules[rule] for rule in ids) for name, ids in now["propositions"].items()
        }
        waiting: dict[str, Callable[[], Any]] = {
            name: partial(_value, line) for name, line in zip(_LATER, later, strict=True)
        }
        whole = json.loads(base)
        waiting["base"] = partial(unpack_rulebook, whole) if whole else lambda: None
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise PackError(f"it is no packed rulebook: {error}") from error
    rulebook = Rulebook.__new__(Rulebook)
    vars(rulebook).update(now, _later=waiting)
    return rulebook


def origin_of(text: str) -> str:
    """The fingerprint of what a text says that it was made from; empty where it says nothing."""
    try:
        return str(json.loads(text.partition("\n")[0])["made_from"])
    except (LookupError, RecursionError, TypeError, ValueError):
        return ""


def _now() -> list[str]:
    names = (each.name for each in fields(Rulebook))
    return [name for name in names if name not in (*_LATER, "base", "day") and not name.startswith("_")]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _line(value: Any) -> str:
    return _Writer().line(value)


class _Writer:
    """Takes values apart; what is equal in shape and parts is one row, however often it stands there."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, ...], int] = {}
        self._rows: list[list[Any]] = []
        self._uses: list[int] = []
        self._places: dict[str, int] = {}
        self._seen: dict[int, tuple[Any, Any]] = {}

    def line(self, value: Any) -> str:
        whole = self._node(value)
        shared = [place for place, uses in enumerate(self._uses) if uses > 1]
        number = {place: ~index for index, place in enumerate(shared)}

        def inlined(node: Any, alone: bool = False) -> Any:
            """A node with what stands only there in place."""
            if not isinstance(node, list):
                return node
            place = ~node[0]
            if place in number and not alone:
                return [number[place]]
            shape, *parts = self._rows[place]
            return [shape, *map(inlined, parts)]

        known = [inlined([~place], alone=True) for place in shared]
        return json.dumps([[*self._shapes], known, inlined(whole)], separators=(",", ":"), allow_nan=False)

    def _node(self, value: Any) -> Any:
        if value is None or isinstance(value, str | int) or (isinstance(value, float) and isfinite(value)):
            return value
        if id(value) in self._seen:
            return self._seen[id(value)][1]
        shape, parts = _taken_apart(value)
        row = [self._shapes.setdefault(shape, len(self._shapes)), *map(self._node, parts)]
        place = self._places.setdefault(json.dumps(row), len(self._rows))
        if place == len(self._rows):
            self._rows.append(row)
            self._uses.append(0)
            for part in row[1:]:
                if isinstance(part, list):
                    self._uses[~part[0]] += 1
        self._seen[id(value)] = (value, [~place])
        return [~place]


def _taken_apart(value: Any) -> tuple[tuple[str, ...], list[Any]]:
    """The shape of a value and what it is made of."""
    kind = type(value)
    match value:
        case Decimal() | float():
            return (kind.__name__,), [str(value)]
        case Fraction():
            return ("Fraction",), [value.numerator, value.denominator]
        case dict():
            return ("dict",), [each for pair in value.items() for each in pair]
    if kind in (tuple, list):
        return (kind.__name__,), [*value]
    name = f"{kind.__module__.removeprefix(_ROOM + '.')}.{kind.__name__}"
    if isinstance(value, Written):
        given = value.given()
        return (name, *given), [*given.values()]
    if isinstance(value, Enum):
        return (name,), [value.value]
    parts = value if isinstance(value, tuple) else [getattr(value, each.name) for each in fields(value)]
    return (name,), [*parts]


def _value(line: str) -> Any:
    shapes, rows, whole = json.loads(line)
    makers = [_maker(*shape) for shape in shapes]
    known: list[Any] = []

    def made(row: list[Any]) -> Any:
        first = row[0]
        if first < 0:
            return known[~first]
        return makers[first]([made(part) if type(part) is list else part for part in row[1:]])

    for row in rows:
        known.append(made(row))
    return made(whole) if isinstance(whole, list) else whole


def _maker(name: str, *given: str) -> Callable[[list[Any]], Any]:
    """What makes a value of this shape of its parts."""
    if name in _PLAIN:
        return _PLAIN[name]
    module, _, kind_name = name.rpartition(".")
    if module not in _MODULES:
        raise PackError(f"it names a kind that is none of ours: {name}")
    kind = getattr(import_module(f"{_ROOM}.{module}"), kind_name)
    if not isinstance(kind, type) or kind.__module__ != f"{_ROOM}.{module}":
        raise PackError(f"it names a kind that is none of ours: {name}")
    if issubclass(kind, Written):
        return lambda parts: kind.restored(dict(zip(given, parts, strict=True)))
    return lambda parts: kind(*parts)
