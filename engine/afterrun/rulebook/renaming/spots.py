"""Where a file names something: each name with its place in the text, by the marks of the schema.

An option is one of the question that its entry names first, or of the one that the entry stands below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple, get_args, get_origin

import yaml

from afterrun.rulebook.reading.shape_words import branches_of
from afterrun.rulebook.reading.validation import fields_of
from afterrun.rulebook.schema import BY_KEY, BY_NAME, PLACEHOLDER, Names, Test, TestOn, Written

QUESTION = ("question", "number")
"""What is marked as one is a question or a measure."""


class Spot(NamedTuple):
    """A name in a text."""

    kind: str
    """Of the mark."""
    name: str
    start: int
    end: int
    question: str = ""
    """For an option, whose it is."""


def spots_in(shape: Any, text: str) -> Iterator[Spot]:
    """What a YAML document of this shape names. Raises YAMLError."""
    node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return _Walk(text).at(shape, node) if node is not None else iter(())


def kinds_of(shape: Any) -> tuple[str, ...]:
    """What a text of this shape names."""
    marks = get_args(shape)[1:] if get_origin(shape) is Annotated else ()
    return tuple(each.kind for each in marks if isinstance(each, Names))


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._question = ""

    def at(self, shape: Any, node: Any) -> Iterator[Spot]:
        """What a node names; nothing where it is of another kind than the shape."""
        origin, arguments = get_origin(shape), get_args(shape)
        if origin is Annotated and BY_KEY in arguments:
            yield from self._condition(branches_of(arguments[0]), node)
        elif origin is Annotated and BY_NAME in arguments:
            yield from self._function(branches_of(arguments[0]), node)
        elif origin is Annotated:
            yield from self._marked(shape, node)
        elif isinstance(shape, Mapping):
            yield from self._by_key(shape, node)
        elif len(branches := branches_of(shape)) > 1:
            for each in branches:
                yield from self.at(each, node)
        elif isinstance(shape, type) and issubclass(shape, Written):
            yield from self._entry(shape, node)
        elif origin is tuple and isinstance(node, yaml.SequenceNode):
            for each in node.value:
                yield from self.at(arguments[0], each)
        elif isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(node, yaml.MappingNode):
            of_key, of_value = arguments
            for key, value in node.value:
                yield from self._pair(of_key, of_value, key, value)

    def _marked(self, shape: Any, node: Any) -> Iterator[Spot]:
        kinds = kinds_of(shape)
        if "answers" in kinds:
            yield from self._answers(node)
        elif "value" in kinds:
            for each in node.value if isinstance(node, yaml.SequenceNode) else ():
                yield from self._named(QUESTION[0], each)
        elif isinstance(node, yaml.ScalarNode):
            for kind in kinds:
                yield from self._named(kind, node)
        else:
            yield from self.at(get_args(shape)[0], node)

    def _named(self, kind: str, node: Any) -> Iterator[Spot]:
        if not isinstance(node, yaml.ScalarNode):
            return
        start, end = node.start_mark.index, node.end_mark.index
        if kind == "text":
            for found in PLACEHOLDER.finditer(self._text, start, end):
                yield Spot("plan", found[1], *found.span(1))
        else:
            yield Spot(kind, node.value, start, end, self._question if kind == "option" else "")

    def _pair(self, key_shape: Any, value_shape: Any, key: Any, value: Any) -> Iterator[Spot]:
        yield from self.at(key_shape, key)
        before = self._question
        self._question = key.value if set(kinds_of(key_shape)) & set(QUESTION) else before
        yield from self.at(value_shape, value)
        self._question = before

    def _by_key(self, shapes: Mapping[Any, Any], node: Any) -> Iterator[Spot]:
        """A mapping with a shape for some keys; one whose place is a shape itself is for all others."""
        others = next(((key, each) for key, each in shapes.items() if not isinstance(key, str)), None)
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.value in shapes:
                yield from self.at(shapes[key.value], value)
            elif others is not None:
                yield from self._pair(*others, key, value)

    def _answers(self, node: Any) -> Iterator[Spot]:
        """Answers by question; one of a check-in may be a whole intake."""
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            yield from self._named(QUESTION[0], key)
            before, self._question = self._question, key.value
            yield from self._answers(value)
            for each in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                yield from self._named("option", each)
            self._question = before

    def _entry(self, kind: type[Written], node: Any) -> Iterator[Spot]:
        """The fields of a class, where the keys are its own."""
        if not isinstance(node, yaml.MappingNode):
            return
        if kind is TestOn:
            ((key, value),) = node.value
            yield from self._pair(fields_of(TestOn)["subject"], Test, key, value)
            return
        shapes = {key: fields_of(kind)[name] for name, key in kind.fields().items()}
        written = {key.value: value for key, value in node.value}
        if not written.keys() <= shapes.keys():
            return
        before = self._question
        named = (
            written[key].value
            for key, shape in shapes.items()
            if key in written and set(kinds_of(shape)) & set(QUESTION)
        )
        self._question = next(named, before)
        for key, value in node.value:
            yield from self.at(shapes[key.value], value)
        self._question = before

    def _condition(self, branches: tuple[Any, ...], node: Any) -> Iterator[Spot]:
        if isinstance(node, yaml.ScalarNode):
            yield from self.at(branches[0], node)
            return
        first = node.value[0][0].value
        kinds = [each for each in branches[1:] if each is not TestOn]
        own = (each for each in kinds if first == next(iter(each.fields().values())))
        yield from self._entry(next(own, TestOn), node)

    def _function(self, kinds: tuple[Any, ...], node: Any) -> Iterator[Spot]:
        """A function's name, and below it its one field, or all of them by name."""
        if not isinstance(node, yaml.MappingNode):
            return
        for key, value in node.value:
            for kind in (each for each in kinds if each.name == key.value):
                shapes = [*fields_of(kind).values()]
                yield from self.at(shapes[0], value) if len(shapes) == 1 else self._entry(kind, value)
