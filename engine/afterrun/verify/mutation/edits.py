"""A change of something written, and the plain changes that any written value can suffer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from afterrun.rulebook import KeyPath
from afterrun.rulebook.schema import FromPlan, Line, SessionKind, Written

_CLOCK = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORDS = frozenset({"id", "name", "text", "title", "sources", "say", "otherwise", "split", "hold", "quantity"})
"""Fields that only say something; what they say is for readers to try."""
ORDERED = frozenset({"value"})
"""Kinds of change in which the order of a list is said to somebody."""


NO_KEYS: Mapping[str, Any] = {}


class Edit(NamedTuple):
    """A change within something written."""

    kind: str
    path: KeyPath
    said: str
    now: Any
    """The whole of it, changed."""


def value_edits(value: Any, path: KeyPath, kind: str, keys: Mapping[str, Any] = NO_KEYS) -> Iterator[Edit]:
    """Every small change of a plain value, a mapping, a list or a written thing.

    A number by one, a switch turned, an entry dropped, two neighbours swapped, a clock by an hour, a
    day by one, an entry that need not be written left out; `keys` are those of the plan from which a
    number may be taken, with the constants that they hold.
    """
    match value:
        case bool():
            yield Edit(kind, path, f"{value} -> {not value}", not value)
        case int() | Decimal():
            for other in (value - 1, value + 1):
                if other >= 0:
                    yield Edit(kind, path, f"{value} -> {other}", other)
        case str() if _CLOCK.match(value):
            later = f"{(int(value[:2]) + 1) % 24:02}{value[2:]}"
            yield Edit(kind, path, f"{value} -> {later}", later)
        case str() if value in _DAYS:
            later = _DAYS[(_DAYS.index(value) + 1) % 7]
            yield Edit(kind, path, f"{value} -> {later}", later)
        case FromPlan():
            for key, constant in keys.items():
                # Of two keys that always hold the same number either will do.
                if key != value.plan and (constant is None or constant != keys.get(value.plan)):
                    yield Edit(kind, path, f"{value.plan} -> {key}", FromPlan(plan=key))
        case Written():
            yield from _written_edits(value, path, kind, keys)
        case Mapping():
            yield from _mapping_edits(value, path, kind, keys)
        case tuple() | list():
            yield from _list_edits(value, path, kind, keys)


def _written_edits(value: Written, path: KeyPath, kind: str, keys: Mapping[str, Any]) -> Iterator[Edit]:
    blank = value.defaults()
    for name, each in value.given().items():
        said = name in WORDS or (name == "week" and isinstance(value, SessionKind))
        if said and not (name == "otherwise" and isinstance(value, Line)):
            continue
        here = (*path, name.removesuffix("_"))
        if name in blank and not isinstance(each, bool):
            yield Edit(kind, here, f"{name.removesuffix('_')} dropped", value.changed(**{name: blank[name]}))
        for edit in value_edits(each, here, kind, keys):
            yield edit._replace(now=value.changed(**{name: edit.now}))


def _mapping_edits(
    value: Mapping[Any, Any], path: KeyPath, kind: str, keys: Mapping[str, Any]
) -> Iterator[Edit]:
    for key, each in value.items():
        here = (*path, key)
        rest = {name: other for name, other in value.items() if name != key}
        if rest:
            yield Edit(kind, here, f"{key} dropped", rest)
        for edit in value_edits(each, here, kind, keys):
            yield edit._replace(now={**value, key: edit.now})
    for (one, first), (other, second) in pairwise(value.items()):
        if isinstance(first, str) and isinstance(second, str) and first != second and kind in ORDERED:
            yield Edit(kind, (*path, one), f"{one} and {other} swapped", {**value, one: second, other: first})


def _list_edits(
    value: tuple[Any, ...] | list[Any], path: KeyPath, kind: str, keys: Mapping[str, Any]
) -> Iterator[Edit]:
    made = type(value)
    for place, each in enumerate(value):
        here = (*path, place)
        if len(value) > 1:
            yield Edit(kind, here, f"{_name(each)} dropped", made([*value[:place], *value[place + 1 :]]))
        for edit in value_edits(each, here, kind, keys):
            if edit.now not in value:
                yield edit._replace(now=made([*value[:place], edit.now, *value[place + 1 :]]))
    for place, (one, other) in enumerate(pairwise(value)):
        if isinstance(one, str) and kind in ORDERED:
            swapped = made([*value[:place], other, one, *value[place + 2 :]])
            yield Edit(kind, (*path, place), f"{one} and {other} swapped", swapped)


def _name(value: Any) -> str:
    return str(getattr(value, "id", "an entry")) if isinstance(value, Written) else str(value)
