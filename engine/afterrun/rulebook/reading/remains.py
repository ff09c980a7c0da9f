"""What is left of a file in which something is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from afterrun.rulebook.documents import Document, KeyPath
from afterrun.rulebook.reading.shape_words import branches_of, kinds_in
from afterrun.rulebook.reading.validation import fields_of
from afterrun.rulebook.schema import BY_KEY, Written

GONE: Final = object()
"""What nothing is left of."""

NAMING = ("id", "key", "unit_key")
"""The keys by which an entry of a list is known, and without which it is none."""
_NAME = re.compile(r"[\w.-]+")


def blank(shape: Any, *, whole: bool) -> Any:
    """What stands where something of this shape could not be read; what names nothing leads nowhere.

    Where a word makes the entry what it is, such as the type of a question, the entry is GONE; a `whole`
    file never is.
    """
    first = branches_of(shape)[0]
    origin, arguments = get_origin(first), get_args(first)
    if origin is Annotated and arguments[1] == BY_KEY:
        connective: type[Written] = branches_of(arguments[0])[1]
        return connective.restored(dict.fromkeys(connective.fields(), ()))
    if origin is Annotated:
        return blank(arguments[0], whole=whole)
    if origin is tuple:
        return ()
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {}
    if first is str:
        return ""
    if origin is Literal:
        return arguments[0] if whole else GONE
    if isinstance(first, type) and issubclass(first, Written):
        defaults = first.defaults()
        given = {
            name: defaults[name] if name in defaults else blank(each, whole=whole)
            for name, each in fields_of(first).items()
        }
        return GONE if GONE in given.values() else first.restored(given)
    return {int: 0, Decimal: Decimal(0), bool: False}.get(first, GONE)


def is_named(shape: Any) -> bool:
    """Whether something of this shape is known elsewhere by its id, or holds a list of what is."""
    if get_origin(shape) in (Annotated, tuple):
        return is_named(get_args(shape)[0])
    if not isinstance(shape, type) or not issubclass(shape, Written):
        return False
    lists = (each for each in fields_of(shape).values() if "list" in kinds_in(each))
    return not shape.fields().keys().isdisjoint(NAMING) or any(map(is_named, lists))


def names_in(value: Any) -> Iterator[str]:
    """Every word in plain values, or in the text of a file."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from names_in(key)
            yield from names_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from names_in(each)
    elif value is not None:
        yield from _NAME.findall(str(value))


def entry_of(path: KeyPath) -> KeyPath:
    """The entry of a file in which a place lies."""
    numbers = [at for at, step in enumerate(path) if isinstance(step, int)]
    return path[: numbers[0] + 1] if numbers else path[:1]


def without(document: Document, gone: Collection[KeyPath]) -> Document:
    """A document without some entries of its lists; those behind them move up."""
    if not gone:
        return document
    found = ((moved(path, gone), line) for path, line in document.lines.items())
    return Document(_left(document.data, (), gone), {path: line for path, line in found if path is not None})


def moved(path: KeyPath, gone: Collection[KeyPath]) -> KeyPath | None:
    """Where something stands once some entries of its lists are gone; None if it went with one."""
    found: list[str | int] = []
    for at, step in enumerate(path):
        above = path[:at]
        if (*above, step) in gone:
            return None
        before = sum((*above, place) in gone for place in range(step)) if isinstance(step, int) else 0
        found.append(step - before if isinstance(step, int) else step)
    return tuple(found)


def _left(node: Any, path: KeyPath, gone: Collection[KeyPath]) -> Any:
    if isinstance(node, dict):
        return {key: _left(each, (*path, str(key)), gone) for key, each in node.items()}
    if isinstance(node, list):
        return [
            _left(each, (*path, place), gone) for place, each in enumerate(node) if (*path, place) not in gone
        ]
    return node
