"""Every mistake in one file, with its place and the way out, and what of the file is right all the same.

The core only says that a file does not fit. Then file and shape are walked side by side: a value that
fits is taken as it is, one that does not is told where it stands, and what holds it goes on without it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from pydantic_core import ValidationError

from afterrun.errors import Problem, nearest
from afterrun.rulebook.documents import Document, KeyPath
from afterrun.rulebook.linking.unread import LEFT_OUT
from afterrun.rulebook.numerals import TOO_LONG
from afterrun.rulebook.reading.own_words import among, mended, own_words, quoted
from afterrun.rulebook.reading.remains import (
    GONE,
    NAMING,
    blank,
    entry_of,
    is_named,
    moved,
    names_in,
    without,
)
from afterrun.rulebook.reading.shape_words import branches_of, kind_of, kinds_in, likest, misplaced
from afterrun.rulebook.reading.validation import fields_of, made_of
from afterrun.rulebook.schema import BY_KEY, BY_NAME, Count, Function, Test, TestOn, Written


class Read(NamedTuple):
    """What a file says, as far as it can be read."""

    value: Any
    document: Document
    """Without what could not be read."""
    damaged: frozenset[KeyPath] = frozenset()
    """The entries that lack something, or hold something wrong."""
    unread: frozenset[str] = frozenset()
    """Every word in what could not be read; it may have named something."""
    nameless: bool = False
    """Whether an entry lacks the id by which it is known elsewhere."""


def read_as(shape: Any, document: Document, file: str, problems: list[Problem]) -> Read:
    """What a document of this shape says, and one problem more for each mistake in it."""
    try:
        return Read(made_of(shape, document.data), document)
    except ValidationError:
        walk = _Walk(document, file)
        value = walk.value(shape, document.data, ())
        problems += walk.problems
        # What a damaged entry names with a word of its own, such as the level of a pattern, may be lost.
        walk.unread.update(document.named(entry).split(".")[-1] for entry in walk.damaged)
        return Read(
            blank(shape, whole=True) if value is GONE else value,
            without(document, walk.gone),
            frozenset(left for each in walk.damaged if (left := moved(each, walk.gone)) is not None),
            frozenset(walk.unread),
            walk.nameless,
        )


class _Walk:
    def __init__(self, document: Document, file: str) -> None:
        self.document = document
        self.file = file
        self.problems: list[Problem] = []
        self.gone: set[KeyPath] = set()
        self.damaged: set[KeyPath] = set()
        self.unread: set[str] = set()
        self.nameless = False
        self._above: list[type[Written]] = []

    def value(self, shape: Any, node: Any, path: KeyPath, spare: str = "") -> Any:
        """What a value says, or as much of it as can be read; GONE where that is nothing.

        `spare` names what can be left out if there is no value.
        """
        try:
            return made_of(shape, node)
        except ValidationError as error:
            errors = error.errors(include_url=False)
            own = next((each for each in errors if not each["loc"]), errors[0])
        before = len(self.problems)
        if own["type"] == "decimal_max_digits" and not own["loc"]:
            self._tell(path, TOO_LONG)
            found = GONE
        elif kind_of(node) not in kinds_in(shape) and (node is None or get_origin(shape) is not Literal):
            self._tell(path, misplaced(shape, node, spare))
            self._note_left_out(kind_of(node) in ("nothing", "number", "truth"), shape)
            found = _empty_connective(shape)
        else:
            found = self._parts(shape, node, path)
        if len(self.problems) == before:
            self._tell(path, *own_words(shape, node, own))
        if found is GONE:
            self.unread.update(names_in(node), [mended(shape, node)] if isinstance(node, str) else ())
        return found

    def _parts(self, shape: Any, node: Any, path: KeyPath) -> Any:
        origin, arguments = get_origin(shape), get_args(shape)
        if origin is Annotated and arguments[1] == BY_KEY:
            return self._condition(shape, node, path)
        if origin is Annotated and arguments[1] == BY_NAME:
            return self._formula(branches_of(arguments[0]), node, path)
        if origin is Annotated:
            return self._parts(arguments[0], node, path)
        if origin is tuple:
            return self._list(arguments[0], node, path)
        if isinstance(node, dict) and isinstance(origin, type) and issubclass(origin, Mapping):
            return self._mapping(arguments, node, path)
        branches = [each for each in branches_of(shape) if kind_of(node) in kinds_in(each)]
        if len(branches_of(shape)) > 1:
            meant = likest(branches, node)
            if get_origin(meant) is Literal and not nearest(str(node), map(str, get_args(meant))):
                self._tell(path, misplaced(shape, node))
                return GONE
            return self.value(meant, node, path)
        if isinstance(shape, type) and issubclass(shape, Function):
            return self._function(shape, node, path)
        return (
            self._fields(shape, node, path)
            if isinstance(shape, type) and issubclass(shape, Written)
            else GONE
        )

    def _list(self, shape: Any, node: Any, path: KeyPath) -> Any:
        found = [self.value(shape, each, (*path, place), "entry") for place, each in enumerate(node)]
        lost = [place for place, each in enumerate(found) if each is GONE]
        self.gone.update((*path, place) for place in lost)
        if not all(isinstance(node[place], dict) for place in lost):
            self.nameless |= is_named(shape)
            self._note_left_out(True, shape)
        return tuple(each for each in found if each is not GONE)

    def _mapping(self, shapes: tuple[Any, ...], node: dict[Any, Any], path: KeyPath) -> Any:
        found = {}
        for key, each in node.items():
            here = (*path, str(key))
            name, value = self.value(shapes[0], key, here), self.value(shapes[1], each, here)
            if name is GONE or value is GONE:
                self.unread.update(names_in({key: each}))
            else:
                found[name] = value
        return found

    def _fields(self, kind: type[Written], node: dict[Any, Any], path: KeyPath) -> Any:
        keys, defaults = kind.fields(), kind.defaults()
        slips = self._unknown_keys(kind, node, path)
        given: dict[str, Any] = {}
        self._above.append(kind)
        for name, shape in fields_of(kind).items():
            key = slips.get(keys[name], keys[name])
            if key not in node and name not in defaults:
                self._tell(path, f"the key '{key}' is missing")
                self._note_left_out(True, shape)
            spare = "key" if name in defaults else ""
            value = self.value(shape, node[key], (*path, key), spare) if key in node else GONE
            lost = value is GONE and (key in node or name not in defaults)
            self.nameless |= lost and (keys[name] in NAMING or is_named(shape))
            if value is GONE and keys[name] in NAMING and isinstance(node.get(key), str):
                value = node[key]  # of a wrong form, and a name all the same
            elif value is GONE and not (keys[name] in NAMING and _in_a_list(path)):
                value = defaults[name] if name in defaults else blank(shape, whole=not _in_a_list(path))
            given[name] = value
        self._above.pop()
        return GONE if GONE in given.values() else kind.restored(given)

    def _unknown_keys(self, kind: type[Written], node: dict[Any, Any], path: KeyPath) -> dict[str, Any]:
        """Tells the keys that a class does not have; gives the slips by the keys that are meant."""
        keys = list(kind.fields().values())
        free = [key for key in keys if key not in node]
        slips: dict[str, Any] = {}
        for wrong in (each for each in node if each not in keys):
            near = nearest(str(wrong), [key for key in free if key not in slips])
            self._tell((*path, str(wrong)), *self._unknown(wrong, near, free))
            if near:
                slips[near] = wrong
            else:
                self.unread.update(names_in(node[wrong]))
        return slips

    def _unknown(self, wrong: Any, near: str, free: Collection[str]) -> tuple[str, str]:
        if near:
            return f"the key '{wrong}' is not known here", near
        if any(wrong in kind.fields().values() for kind in self._above):
            return f"the key '{wrong}' is not known here: it belongs further out, so indent it less", ""
        return f"the key '{wrong}' is not known here{among(free)}", ""

    def _function(self, kind: type[Function], node: dict[str, Any], path: KeyPath) -> Any:
        shapes, inside, here = fields_of(kind), node[kind.name], (*path, kind.name)
        if len(shapes) > 1:
            if not isinstance(inside, dict):
                self._tell(
                    here,
                    misplaced(dict[str, Any], inside) + f"; it takes {quoted(kind.fields().values())}",
                )
                return GONE
            return self._fields(kind, inside, here)
        ((name, shape),) = shapes.items()
        value = self.value(shape, inside, here)
        return GONE if value is GONE else kind.restored({name: value})

    def _formula(self, kinds: Collection[type[Function]], node: dict[str, Any], path: KeyPath) -> Any:
        by_name = {kind.name: kind for kind in kinds}
        if len(node) != 1:
            self._tell(path, f"a formula takes exactly one function{among(by_name)}")
            return GONE
        (name,) = node
        if name in by_name:
            return self._function(by_name[name], node, path)
        near = nearest(str(name), by_name)
        self._tell(
            (*path, str(name)), f"the key '{name}' is not known here{'' if near else among(by_name)}", near
        )
        return self._function(by_name[near], {near: node[name]}, path) if near else GONE

    def _condition(self, shape: Any, node: Any, path: KeyPath) -> Any:
        """A condition or a claim; where nothing of it can be read, an empty one stands in its place."""
        word, *kinds = branches_of(get_args(shape)[0])
        by_key = {next(iter(kind.fields().values())): kind for kind in kinds if kind is not TestOn}
        if isinstance(node, str):
            value = self.value(word, node, path)
        elif len(node) != 1:
            value = self._several(shape, node, path, [key for key in node if key in by_key])
        elif (key := next(iter(node))) in by_key:
            value = self.value(by_key[key], node, path)
        else:
            value = self._test(key, node[key], path, by_key)
        return _empty_connective(shape) if value is GONE else value

    def _several(self, shape: Any, node: dict[Any, Any], path: KeyPath, known: list[Any]) -> Any:
        """Conditions that should stand one below the other, each after a dash, and do not."""
        if not node:
            self._tell(
                path, "an empty condition: name a finding, or write a test, as in {NUMBER: {under: 18}}"
            )
            return GONE
        if node.keys() <= set(Count.fields()):
            self._tell(
                path, f"{quoted(node)} stand below 'at_least': write {{at_least: {{count: 2, of: […]}}}}"
            )
            return GONE
        message = f"{quoted(node)} stand in one condition: begin each with a dash ('- ')"
        self._tell(path, message if known else f"{message}, below 'all' or 'any'")
        whole_parts = {key: each for key, each in node.items() if key in known or isinstance(each, dict)}
        parts = tuple(self._condition(shape, {key: each}, path) for key, each in whole_parts.items())
        whole = blank(shape, whole=False)
        return type(whole).restored(dict.fromkeys(whole.fields(), parts))

    def _test(self, subject: Any, node: Any, path: KeyPath, by_key: Mapping[str, type[Written]]) -> Any:
        here, operators = (*path, str(subject)), list(Test.fields().values())
        near = nearest(str(subject), by_key)
        is_test = isinstance(node, dict) and any(nearest(str(key), operators) for key in node)
        if isinstance(node, list) or (near and not is_test):
            self._tell(here, f"the key '{subject}' is not known here{'' if near else among(by_key)}", near)
            return self.value(by_key[near], {near: node}, path) if near else GONE
        if not isinstance(node, dict):
            some = "OPTION" if node is None else node
            self._tell(here, f"a test names an operator: {{is: {some}}}, or one of {quoted(operators[1:])}")
            return GONE
        test = self.value(Test, node, here)
        return GONE if test is GONE else TestOn.restored({"subject": str(subject), "test": test})

    def _note_left_out(self, is_nothing: bool, shape: Any) -> None:
        # A plain text names nothing, but for the option that a test names.
        if is_nothing and (shape is not str or Test in self._above):
            self.unread.add(LEFT_OUT)

    def _tell(self, path: KeyPath, message: str, near: str = "") -> None:
        self.damaged.add(entry_of(path))
        self.problems.append(
            Problem(message, self.file, self.document.line(path), self.document.named(path), near)
        )


def _empty_connective(shape: Any) -> Any:
    """An 'all' of nothing, for a condition that could not be read; GONE for any other shape."""
    is_condition = get_origin(shape) is Annotated and get_args(shape)[1] == BY_KEY
    return blank(shape, whole=False) if is_condition else GONE


def _in_a_list(path: KeyPath) -> bool:
    return any(isinstance(step, int) for step in path)
