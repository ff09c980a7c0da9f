"""What stands twice where once is enough: ids in a list, names in a list, and keys of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from afterrun.rulebook.documents import KeyPath
from afterrun.rulebook.linking.index import Items
from afterrun.rulebook.linking.written_files import Item, WrittenFile
from afterrun.rulebook.schema import AllOf, AnyOf, Count, Function, PlanItem, Test, Written, as_written

_LOOKED_UP = {(), ("sections",), ("quantities",), ("questions",), ("exercises",)}
"""Lists whose ids are told to be taken where they are looked up, for they may stand in several files."""


def check_repeats(items: Items) -> None:
    """Add a problem for whatever stands a second time in a list, and names the first."""
    written = items.written
    for file in (*written.rules, *written.knowledge.values(), *filter(None, [written.invariants])):
        for path, value in _lists(file.model, ()):
            _check_list(items, file, path, value)
    _check_plan(items)


def _check_list(items: Items, file: WrittenFile, path: KeyPath, value: tuple[Any, ...]) -> None:
    first: dict[Any, Item] = {}
    for place, each in enumerate(value):
        name = getattr(each, "id", each)
        # A text may be meant to stand twice, and so may an example.
        if (
            not isinstance(name, str | Decimal)
            or " " in str(name)
            or (name is not each and path in _LOOKED_UP)
        ):
            continue
        at = Item(each, file, (*path, place))
        before = first.setdefault(name, at)
        if before is not at:
            items.problem(
                at, f"'{name}' stands twice in this list, first on line {before.line}: take one out"
            )


def _lists(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, tuple[Any, ...]]]:
    """Every list in what is written, with its place."""
    if isinstance(value, Function | Test | AllOf | AnyOf | Count):
        return  # a number may count twice, and a condition that does is one for `rules prove`
    if isinstance(value, Written):
        keys = value.fields()
        for name, each in vars(value).items():
            yield from _lists(each, (*path, keys[name]))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _lists(each, (*path, str(key)))
    elif isinstance(value, tuple):
        yield path, value
        for place, each in enumerate(value):
            yield from _lists(each, (*path, place))


def _check_plan(items: Items) -> None:
    """Of two entries for one key and one status, or under one condition, the second would never stand."""
    first: dict[tuple[str, str], Item] = {}
    for item in items.plan:
        for when in _stands(item.value):
            before = first.setdefault((item.value.key, when), item)
            if before is not item:
                message = f"'{item.value.key}' has a value {when} already, on line {before.line}"
                items.problem(item, f"{message}, and the first wins: keep one of them")


def _stands(plan: PlanItem) -> Iterator[str]:
    """When an entry of the plan stands, in words that are the same for the same."""
    for intervention, statuses in (plan.for_ or {}).items():
        yield from (f"for '{intervention}' when {status}" for status in statuses)
    if plan.when is not None:
        yield f"when {as_written(plan.when)}"
