"""Typical mistakes, made mechanically: at every place of the shipped files that the models tell apart."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from afterrun.rulebook import Document, KeyPath, read_yaml, shipped
from afterrun.rulebook.linking.written_files import WrittenFile, WrittenRulebook
from afterrun.rulebook.reading.shape_words import branches_of, kind_of, kinds_in
from afterrun.rulebook.reading.validation import fields_of
from afterrun.rulebook.schema import BY_KEY, INVARIANTS, KNOWLEDGE, RULES, Function, TestOn, Written

PYDANTIC = (
    "Input should",
    "Extra inputs",
    "value_error",
    "type=",
    "Field required",
    "validation error",
    "Unable to",
    "Value error",
    "should have at least",
    "String should",
    "pydantic",
    "does not belong here",  # our own last resort, which says no way out
)
"""Words that no message holds."""


class Place(NamedTuple):
    """A value in a file, and what belongs there."""

    file: str
    path: KeyPath
    shape: Any
    owner: str
    """The class and field, by which places are told apart."""
    needed: bool = True


class Shipped(NamedTuple):
    """A file as it is shipped."""

    name: str
    shape: Any
    document: Document

    def at(self, path: KeyPath) -> Any:
        """The value at a place."""
        return value_at(self.document.data, path)

    def changed(self, path: KeyPath, change: Callable[[Any], None]) -> Document:
        """The document with a change in what holds a place; a key that is new there keeps the line."""
        data = copy.deepcopy(self.document.data)
        holder = value_at(data, path[:-1])
        change(holder)
        lines = self.document.lines
        if isinstance(holder, dict):
            lines = {(*path[:-1], str(key)): self.document.line(path) for key in holder} | lines
        return Document(data, lines)

    def alone(self, path: KeyPath) -> tuple[Shipped, KeyPath]:
        """The file with little else than the entry in which a place lies, and the place in that."""
        data, lines = self.document
        if isinstance(data, dict):
            data = {
                key: each if key == path[0] or not isinstance(each, list) else each[:1]
                for key, each in data.items()
            }
        at = next((number for number, step in enumerate(path) if isinstance(step, int)), len(path))
        above, entry = path[:at], path[: at + 1]
        if at > 1 or at == len(path):
            return self._replace(document=Document(data, lines)), path
        only = [self.at(entry)]
        within = {
            (*above, 0, *each[at + 1 :]): line for each, line in lines.items() if each[: at + 1] == entry
        }
        holders = {above[:length]: lines[above[:length]] for length in range(at + 1)}
        data = data | {above[0]: only} if above else only
        return self._replace(document=Document(data, holders | within)), (*above, 0, *path[at + 1 :])


def value_at(data: Any, path: KeyPath) -> Any:
    """What stands at a place of plain values."""
    for step in path:
        data = data[step]
    return data


def shipped_files(part: str = "", root: Path | None = None) -> list[Shipped]:
    """The files of a part of the shipped rulebook, or of another one, each with its shape."""
    found = []
    for folder in ("rules", "knowledge"):
        for path in sorted(((root or shipped()) / folder / part).glob("*.yaml")):
            shape = KNOWLEDGE[path.stem] if folder == "knowledge" else RULES
            shape = INVARIANTS if path.stem == "invariants" else shape
            name = Path(folder, part, path.name).as_posix()
            found.append(Shipped(name, shape, read_yaml(path.read_text(encoding="utf-8"), name)))
    return found


def places_of(file: Shipped) -> dict[str, Place]:
    """The first place of each field of each class in a file, and of what is in lists."""
    found: dict[str, Place] = {}
    for place in _within(file.shape, file.document.data, (), file.name, "file", True):
        found.setdefault(place.owner, place)
    return found


def _within(shape: Any, node: Any, path: KeyPath, file: str, owner: str, needed: bool) -> Iterator[Place]:
    if path:
        yield Place(file, path, shape, owner, needed)
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is Annotated and arguments[1] == BY_KEY:
        yield from _in_condition(arguments[0], node, path, file, owner)
    elif origin is Annotated:
        yield from _deeper(_within(arguments[0], node, path, file, owner, needed), path)
    elif len(branches_of(shape)) > 1:
        fits = [each for each in branches_of(shape) if kind_of(node) in kinds_in(each)]
        yield from _deeper(_within(_likest(fits, node), node, path, file, owner, needed), path)
    elif origin is tuple:
        for at, each in enumerate(node):
            yield from _within(arguments[0], each, (*path, at), file, f"{owner}[]", True)
    elif origin is not None and origin is not Literal and issubclass(origin, Mapping):
        for key, each in node.items():
            yield from _within(arguments[1], each, (*path, key), file, f"{owner}{{}}", True)
    elif isinstance(shape, type) and issubclass(shape, Written):
        yield from _in_class(shape, node, path, file)


def _in_class(shape: type[Written], node: Any, path: KeyPath, file: str) -> Iterator[Place]:
    shapes, defaults, keys = fields_of(shape), shape.defaults(), shape.fields()
    if issubclass(shape, Function):
        if len(shapes) == 1:
            (field,) = shapes.values()
            yield from _within(field, node[shape.name], (*path, shape.name), file, shape.name, True)
            return
        node, path = node[shape.name], (*path, shape.name)
    for name, field in shapes.items():
        if keys[name] in node:
            here, owner = (*path, keys[name]), f"{shape.__name__}.{name}"
            yield from _within(field, node[keys[name]], here, file, owner, name not in defaults)


def _in_condition(shape: Any, node: Any, path: KeyPath, file: str, owner: str) -> Iterator[Place]:
    if isinstance(node, str):
        return
    ((key, inner),) = node.items()
    _, *kinds = branches_of(shape)
    kind = next((each for each in kinds if each is not TestOn and key in each.fields().values()), None)
    if kind is None:
        test = fields_of(TestOn)["test"]
        yield from _within(test, inner, (*path, key), file, "TestOn.test", True)
    else:
        yield from _in_class(kind, node, path, file)


def _likest(shapes: list[Any], node: Any) -> Any:
    if isinstance(node, dict):
        kinds = [each for each in shapes if isinstance(each, type) and issubclass(each, Written)]
        functions = [each for each in kinds if issubclass(each, Function) and each.name in node]
        kinds.sort(key=lambda each: -len(node.keys() & set(each.fields().values())))
        return (functions or kinds or shapes)[0]
    return shapes[0]


def _deeper(places: Iterator[Place], path: KeyPath) -> Iterator[Place]:
    return (each for each in places if each.path != path)


def with_file(written: WrittenRulebook, file: WrittenFile) -> WrittenRulebook:
    """A rulebook with another file in place of the one of its name."""
    stem = PurePath(file.name).stem
    if file.name.startswith("knowledge/"):
        return written._replace(knowledge={**written.knowledge, stem: file})
    if stem == "invariants":
        return written._replace(invariants=file)
    return written._replace(rules=[file if each.name == file.name else each for each in written.rules])


def mistakes_at(place: Place, node: Any) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Changes of what holds a place, each of which makes it wrong, by what they are."""
    last, kinds = place.path[-1], kinds_in(place.shape)
    if kinds == {"nothing", "text", "number", "truth", "list", "keys"}:
        return

    def put(value: Any) -> Callable[[Any], None]:
        def change(holder: Any) -> None:
            holder[last] = value

        return change

    yield "left blank", put(None)
    if "list" not in kinds:
        yield "a list", put([node])
    if "text" not in kinds and "number" in kinds:
        yield "words", put("plenty")
    if "list" in kinds and "text" not in kinds:
        yield "a text for a list", put("some words")
    if "list" in kinds and "keys" not in kinds:
        yield "a dash forgotten", put({"some": "words"})
    if "text" in kinds and "number" not in kinds:
        yield "a number for a text", put(17)
    if "keys" not in kinds and "list" not in kinds:
        yield "a colon", put({"He said": "go"})
    if "truth" not in kinds:
        yield "true", put(True)
    if isinstance(node, dict) and "text" not in kinds and get_origin(place.shape) is not dict:
        yield "a word for keys", put("words")
    if isinstance(last, str) and place.needed and not place.owner.endswith("{}"):

        def drop(holder: Any) -> None:
            del holder[last]

        yield "left out", drop
    if isinstance(last, str) and not place.owner.endswith("{}") and place.owner != "TestOn.test":

        def misspell(holder: Any) -> None:
            holder[f"{last}x"] = holder.pop(last)

        yield "misspelt", misspell
    if _is_a_form(place.shape):
        yield "a wrong form", put("!" + str(node).replace("_", " ").title())
    if "number" in kinds and "text" not in kinds:
        yield "endless", put(float("inf"))
    if get_origin(place.shape) is Literal and isinstance(node, str):
        yield "a word that is none", put(f"{node}ly")


def _is_a_form(shape: Any) -> bool:
    limits = get_args(shape)[1] if get_origin(shape) is Annotated else None
    return bool(getattr(limits, "pattern", None))
