"""Plain values of one file in, what they are written as out; what does not fit is told by `mistakes`.

The annotations of the schema's classes are read here, and become one schema for pydantic's core.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic_core import SchemaValidator, core_schema
from pydantic_core.core_schema import CoreSchema

from afterrun.rulebook.numerals import LONGEST_NUMBER
from afterrun.rulebook.schema import BY_KEY, BY_NAME, ONE, Function, Limits, Names, Test, TestOn, Written

Words = Callable[[type[Written]], Mapping[str, str]]
"""What is said about a class and its fields, by the field's name; about the class itself under ''."""

NAMES = "x-names"
"""The key under which a schema says what a text names."""


def made_of(shape: Any, data: Any) -> Any:
    """What plain values of this shape say; the core's ValidationError tells what does not fit."""
    return _validator(shape).validate_python(data)


def fields_of(kind: type[Written]) -> Mapping[str, Any]:
    """What may be written for each field of a class: what may be left out may not be left blank."""
    if kind not in _FIELDS:
        _FIELDS[kind] = _shapes_of(kind)
    return _FIELDS[kind]


_FIELDS: dict[Any, Mapping[str, Any]] = {}


def _shapes_of(kind: type[Written]) -> Mapping[str, Any]:
    defaults = kind.defaults()
    shapes = get_type_hints(kind, include_extras=True)
    return {
        name: _without_none(shapes[name]) if defaults.get(name, ...) is None else shapes[name]
        for name in kind.fields()
    }


def core_schema_of(shape: Any, words: Words = lambda kind: {}) -> CoreSchema:
    """The schema of a file, with `words` for those who read it."""
    shapes = _Shapes(words)
    schema = shapes.of(shape)
    return core_schema.definitions_schema(schema, list(shapes.definitions.values()))


_PLAIN: dict[Any, Callable[[], CoreSchema]] = {
    str: core_schema.str_schema,
    int: partial(core_schema.int_schema, strict=True),  # true is no 1
    bool: core_schema.bool_schema,
    # A quoted number comes here as it is written, and 1e999999999 would never end.
    Decimal: partial(core_schema.decimal_schema, max_digits=LONGEST_NUMBER),
    Any: core_schema.any_schema,
    type(None): core_schema.none_schema,
}


class _Shapes:
    """Annotations in, schemas out; each class becomes a definition once."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.definitions: dict[type[Written], Any] = {}

    def of(self, shape: Any) -> Any:
        origin, arguments = get_origin(shape), get_args(shape)
        if shape in _PLAIN:
            return _PLAIN[shape]()
        if origin is Annotated and arguments[1] == BY_KEY:
            return self._by_key(get_args(arguments[0]))
        if origin is Annotated and arguments[1] == BY_NAME:
            return self._by_name(get_args(arguments[0]))
        if origin is Annotated:
            return self._marked(arguments)
        if origin is Literal:
            return core_schema.literal_schema(list(arguments))
        if origin is tuple:
            return core_schema.tuple_schema([self.of(arguments[0])], variadic_item_index=0)
        if origin in (Union, UnionType):
            return self._any_of(arguments)
        if origin is not None and issubclass(origin, Mapping):
            return core_schema.dict_schema(*map(self.of, arguments))
        return self._defined(shape)

    def _marked(self, arguments: tuple[Any, ...]) -> Any:
        """What limits a value, and what it names: those who check for themselves need not know the names."""
        shape, *marks = arguments
        schema = self.of(shape)
        for mark in marks:
            if isinstance(mark, Names) and mark.offered:
                schema["metadata"] = {"pydantic_js_updates": {NAMES: mark.kind}}
            elif isinstance(mark, Limits):
                schema |= mark.given()
        return schema

    def _any_of(self, shapes: tuple[Any, ...]) -> CoreSchema:
        some = [self.of(each) for each in shapes if each is not type(None)]
        either = some[0] if len(some) == 1 else core_schema.union_schema(some)
        return core_schema.nullable_schema(either) if type(None) in shapes else either

    def _by_key(self, shapes: tuple[Any, ...]) -> CoreSchema:
        """A word, a mapping with one of the keys that begin the classes, or else a test."""
        word, *kinds = shapes
        by_key = {next(iter(kind.fields().values())): kind for kind in kinds if kind is not TestOn}
        choices = {"proposition": word, **by_key, "test": TestOn}

        def key_of(value: Any) -> str:
            if isinstance(value, str):
                return "proposition"
            keys = value if isinstance(value, dict) else ()
            return next((key for key in keys if key in by_key), "test")

        return core_schema.tagged_union_schema({tag: self.of(each) for tag, each in choices.items()}, key_of)

    def _by_name(self, kinds: tuple[type[Function], ...]) -> CoreSchema:
        """A mapping with one key, the name of one of the functions."""

        def name_of(value: Any) -> str | None:
            return str(*value) if isinstance(value, dict) and len(value) == 1 else None

        return core_schema.tagged_union_schema({kind.name: self.of(kind) for kind in kinds}, name_of)

    def _function(self, kind: type[Function]) -> CoreSchema:
        """A function's name, and below it its one field, or all of them by name."""
        shape, *others = fields_of(kind).values()
        inside = self._fields(kind) if others else self.of(shape)
        return core_schema.typed_dict_schema(
            {kind.name: core_schema.typed_dict_field(inside)}, cls=kind, extra_behavior="forbid"
        )

    def _defined(self, kind: type[Written]) -> CoreSchema:
        ref = f"{kind.__module__}.{kind.__qualname__}:{id(kind)}"
        if kind not in self.definitions:
            self.definitions[kind] = None  # a class may hold itself
            made: Any
            if kind is TestOn:
                shape = self.of(Annotated[dict[str, Test], ONE])
                made = core_schema.no_info_after_validator_function(_test_on, shape)
            elif issubclass(kind, Function):
                shape = self._function(kind)
                made = core_schema.no_info_after_validator_function(partial(_function, kind), shape)
            else:
                shape = self._fields(kind)
                made = core_schema.no_info_after_validator_function(lambda given: kind(**given), shape)
            self.definitions[kind] = {**made, "ref": ref}
        return core_schema.definition_reference_schema(ref)

    def _fields(self, kind: type[Written]) -> CoreSchema:
        words = self._words(kind)
        keys, defaults = kind.fields(), kind.defaults()
        fields = {}
        for name, shape in fields_of(kind).items():
            schema = self.of(shape)
            if name in defaults:
                schema = core_schema.with_default_schema(schema, default=defaults[name])
            said = {"pydantic_js_updates": {"description": words[name]}} if name in words else None
            fields[name] = core_schema.typed_dict_field(
                schema, required=name not in defaults, validation_alias=keys[name], metadata=said
            )
        return core_schema.typed_dict_schema(fields, cls=kind, extra_behavior="forbid")


def _test_on(given: dict[str, Test]) -> TestOn:
    ((subject, test),) = given.items()
    return TestOn(subject=subject, test=test)


def _function(kind: type[Function], given: dict[str, Any]) -> Function:
    inside = given[kind.name]
    return kind(**(inside if len(kind.fields()) > 1 else dict.fromkeys(kind.fields(), inside)))


@functools.cache
def _validator(shape: Any) -> SchemaValidator:
    return SchemaValidator(core_schema_of(shape))


def _without_none(shape: Any) -> Any:
    """A shape that may be None, and without that."""
    if get_origin(shape) not in (Union, UnionType):
        return shape
    return functools.reduce(operator.or_, (each for each in get_args(shape) if each is not type(None)))
