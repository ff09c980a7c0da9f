"""Where a file names something: each text with its place in it, and what it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple, get_args, get_origin

import yaml

from afterrun.rulebook.reading.shape_words import branches_of
from afterrun.rulebook.reading.validation import fields_of
from afterrun.rulebook.renaming.roles import OF_QUESTION, OPERAND, OPTION, PROPOSITION, QUESTION, ROLES
from afterrun.rulebook.schema import BY_KEY, BY_NAME, Test, TestOn, Written


class Spot(NamedTuple):
    """A text that names something."""

    role: str
    name: str
    node: yaml.ScalarNode
    question: str = ""
    """For an option, whose it is."""


def compose(text: str) -> Any:
    """The nodes of a YAML document, with their places; None where it has none."""
    return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def spots_in(shape: Any, node: Any) -> Iterator[Spot]:
    """What the nodes of a file of this shape name."""
    return _Walk().shaped(shape, node)


def spots_by_role(role: Any, node: Any) -> Iterator[Spot]:
    """The same of nodes of no shape, by their role; a mapping gives the roles of some keys."""
    return _Walk().by_role(role, node)


class _Walk:
    def __init__(self) -> None:
        self._question = ""

    def by_role(self, role: Any, node: Any) -> Iterator[Spot]:
        if isinstance(node, yaml.ScalarNode):
            if isinstance(role, str):
                yield Spot(role, node.value, node, self._question if role == OPTION else "")
        elif isinstance(node, yaml.SequenceNode):
            for each in node.value:
                yield from self.by_role(role, each)
        elif isinstance(role, Mapping):
            for key, value in node.value:
                yield from self.by_role(role.get(key.value), value)
        elif isinstance(role, tuple):
            for key, value in node.value:
                yield from self.by_role(role[0], key)
                before = self._question
                self._question = key.value if role[0] == QUESTION else before
                yield from self.by_role(role[1], value)
                self._question = before

    def shaped(self, shape: Any, node: Any, role: Any = None) -> Iterator[Spot]:
        origin, arguments = get_origin(shape), get_args(shape)
        if role == OPERAND:
            yield from self._function(node)
        elif role is not None and not (isinstance(role, str) and isinstance(node, yaml.MappingNode)):
            yield from self.by_role(role, node)
        elif origin is Annotated and arguments[1] == BY_KEY:
            yield from self._condition(branches_of(arguments[0]), node)
        elif origin is Annotated and arguments[1] == BY_NAME:
            yield from self._function(node)
        elif origin is Annotated:
            yield from self.shaped(arguments[0], node)
        elif isinstance(node, yaml.SequenceNode):
            inner = next((each for each in branches_of(shape) if get_origin(_plain(each)) is tuple), None)
            for each in node.value if inner is not None else ():
                yield from self.shaped(get_args(_plain(inner))[0], each)
        elif isinstance(node, yaml.MappingNode):
            yield from self._mapping(shape, node)

    def _mapping(self, shape: Any, node: yaml.MappingNode) -> Iterator[Spot]:
        keys = {key.value for key, _ in node.value}
        branches = [_plain(each) for each in branches_of(shape)]
        kinds = [each for each in branches if isinstance(each, type) and issubclass(each, Written)]
        fitting = [kind for kind in kinds if keys <= set(kind.fields().values())]
        mappings = (
            each for each in branches if isinstance(get_origin(each), type) and get_origin(each) is not tuple
        )
        mapping = next((each for each in mappings if issubclass(get_origin(each) or object, Mapping)), None)
        if TestOn in kinds:
            yield from self._condition(tuple(branches_of(shape)), node)
        elif fitting:
            yield from self._fields(fitting[0], node)
        elif mapping is not None:
            for _, value in node.value:
                yield from self.shaped(get_args(mapping)[1], value)
        elif any(
            get_origin(each) is Annotated and get_args(each)[1] == BY_NAME for each in branches_of(shape)
        ):
            yield from self._function(node)

    def _fields(self, kind: type[Written], node: yaml.MappingNode) -> Iterator[Spot]:
        shapes = {key: fields_of(kind)[name] for name, key in kind.fields().items()}
        roles, own = ROLES.get(kind.__name__, {}), OF_QUESTION.get(kind.__name__)
        before = self._question
        self._question = next((value.value for key, value in node.value if key.value == own), before)
        for key, value in node.value:
            yield from self.shaped(shapes[key.value], value, roles.get(key.value))
        self._question = before

    def _condition(self, branches: tuple[Any, ...], node: Any) -> Iterator[Spot]:
        if isinstance(node, yaml.ScalarNode):
            yield Spot(PROPOSITION, node.value, node)
            return
        ((key, value),) = node.value
        kinds = [each for each in branches[1:] if each is not TestOn]
        for kind in kinds:
            if key.value in kind.fields().values():
                yield from self._fields(kind, node)
                return
        yield Spot(QUESTION, key.value, key)
        before, self._question = self._question, key.value
        yield from self._fields(Test, value)
        self._question = before

    def _function(self, node: Any) -> Iterator[Spot]:
        """All texts in a formula are questions or measures, but the names of functions and parameters."""
        if isinstance(node, yaml.ScalarNode):
            if node.tag.endswith(":str"):
                yield Spot(QUESTION, node.value, node)
        elif isinstance(node, yaml.SequenceNode):
            for each in node.value:
                yield from self._function(each)
        else:
            for key, value in node.value:
                if key.value != "parameter":
                    yield from self._function(value)


def _plain(shape: Any) -> Any:
    """A shape without its limits."""
    unlimited = get_origin(shape) is Annotated and get_args(shape)[1] not in (BY_KEY, BY_NAME)
    return get_args(shape)[0] if unlimited else shape
