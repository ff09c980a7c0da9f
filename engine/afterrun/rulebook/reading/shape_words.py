"""What belongs somewhere, what stands there, and how one comes from the one to the other, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from afterrun.errors import nearest
from afterrun.rulebook.schema import BY_KEY, BY_NAME, Written

Kind = Literal["nothing", "text", "number", "truth", "list", "keys"]
"""The kinds of plain values."""

_SHORT = 40
_CONDITION = "a condition"


def kind_of(node: Any) -> Kind:
    """Of which kind a plain value is."""
    if node is None:
        return "nothing"
    if isinstance(node, str):
        return "text"
    if isinstance(node, bool):
        return "truth"
    if isinstance(node, list | tuple):
        return "list"
    return "keys" if isinstance(node, dict) else "number"


def branches_of(shape: Any) -> tuple[Any, ...]:
    """The shapes of which a value may have one; a shape that leaves no choice is its only one."""
    return get_args(shape) if get_origin(shape) in (Union, UnionType) else (shape,)


def kinds_in(shape: Any) -> set[Kind]:
    """The kinds of values that may have this shape."""
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Annotated:
        return kinds_in(arguments[0])
    if origin in (Union, UnionType):
        return set().union(*map(kinds_in, arguments))
    if origin is Literal:
        return {kind_of(each) for each in arguments}
    if shape is Any:
        return {"nothing", "text", "number", "truth", "list", "keys"}
    plain: dict[Any, Kind] = {
        str: "text", int: "number", Decimal: "number", bool: "truth", type(None): "nothing"
    }  # fmt: skip
    return {"list" if origin is tuple else plain.get(shape, "keys")}


def likest(branches: list[Any], node: Any) -> Any:
    """Of the shapes that take a value of this kind, the one whose keys it has most of."""
    if not isinstance(node, dict):
        return branches[0]
    written = [each for each in branches if isinstance(each, type) and issubclass(each, Written)]

    def keys_in(kind: type[Written]) -> int:
        return sum(bool(nearest(str(key), kind.fields().values())) for key in node)

    return max(written, key=keys_in, default=branches[0])


def wanted(shape: Any) -> str:
    """What belongs where a shape stands."""
    words = dict.fromkeys(_wanted(shape))
    if "a number" in words:
        words.pop("a whole number", None)
    return " or ".join(words)


def _wanted(shape: Any) -> Iterator[str]:
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Annotated and arguments[1] == BY_KEY:
        yield _CONDITION
    elif origin is Annotated and arguments[1] == BY_NAME:
        yield "a formula"
    elif origin is Annotated:
        yield from _wanted(arguments[0])
    elif origin in (Union, UnionType):
        for each in arguments:
            yield from _wanted(each)
    elif origin is Literal:
        yield one_of(arguments)
    elif origin is tuple:
        yield "a list"
    elif isinstance(shape, type) and issubclass(shape, Written):
        defaults = shape.defaults()
        needed = [key for name, key in shape.fields().items() if name not in defaults]
        yield f"keys such as {_named(needed or shape.fields().values())}"
    else:
        words = {str: "a text", int: "a whole number", Decimal: "a number", bool: "true or false"}
        yield words.get(shape, "keys with values")


def one_of(words: tuple[Any, ...]) -> str:
    """One of several words.

    >>> one_of(("a", "b", "c"))
    "'a', 'b' or 'c'"
    """
    *others, last = map(repr, words)
    return f"{', '.join(others)} or {last}" if others else last


def told(node: Any) -> str:
    """What stands there."""
    short = str(node) if len(str(node)) <= _SHORT else f"{str(node)[:_SHORT]}…"
    words: Mapping[Kind, str] = {
        "nothing": "nothing",
        "text": f"the text '{short}'",
        "number": f"the number {short}",
        "truth": short.lower(),
        "list": "a list",
        "keys": "keys with values",
    }
    return words[kind_of(node)]


def misplaced(shape: Any, node: Any, spare: str = "") -> str:
    """What is wrong with a value of a kind that does not belong there, and the way out.

    `spare` is what can be left out if there is no value: a key, an entry.
    """
    belongs, found, fits = wanted(shape), kind_of(node), kinds_in(shape)
    if belongs == _CONDITION and found != "nothing":
        return f"{told(node)} {_stands(found)} where {belongs} belongs: name a finding, or write a test"
    if found == "nothing":
        return f"is left blank: write {belongs}{f', or leave the {spare} out' if spare else ''}"
    belong = "belong" if belongs.startswith("keys") else "belongs"
    return f"{told(node)} {_stands(found)} where {belongs} {belong}: {_way_out(found, fits, node)}"


def _stands(found: Kind) -> str:
    return "stand" if found == "keys" else "stands"


def _way_out(found: Kind, fits: set[Kind], node: Any) -> str:
    short = str(node)[:_SHORT].lower() if found == "truth" else str(node)[:_SHORT]
    dashes, quotes = "begin each entry with a dash ('- ')", "put a text with a colon in it into quotes"
    if found == "keys":
        return " or ".join(
            [*([dashes] if "list" in fits else ()), *([quotes] if "text" in fits else ())]
        ) or ("write the value alone")
    if found == "list":
        return "leave out the dash or the brackets"
    if "text" in fits:
        return f"put it into quotes, '{short}'"
    if "list" in fits:
        return f"write [{short}], or {dashes} on a line of its own"
    if "keys" in fits:
        return "write them below it, each with its value"
    return "write true or false" if "truth" in fits else "write it in digits, without a unit"


def _named(keys: Any) -> str:
    names = [f"'{key}'" for key in keys]
    return ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
