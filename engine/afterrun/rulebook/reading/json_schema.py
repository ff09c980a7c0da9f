"""JSON Schemas of the rule and knowledge files, for editors that complete and check while typing."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from afterrun.rulebook.reading.nameable import Nameable
from afterrun.rulebook.reading.question_schemas import Schema, answers, one_of, only, tests
from afterrun.rulebook.reading.validation import NAMES, core_schema_of
from afterrun.rulebook.schema import INVARIANTS, KNOWLEDGE, RULES, Written, as_written

_HERE = "#/$defs/"
_TEST = {"$ref": f"{_HERE}Test"}


def file_schemas(names: Nameable | None = None) -> dict[str, Schema]:
    """One JSON Schema for each kind of file, by the file's stem; `rules` is for every rule file.

    With the names of one rulebook they offer these and flag every other.
    """
    shapes = {"rules": RULES, "invariants": INVARIANTS, **KNOWLEDGE}
    return {stem: _schema(stem, shape, names) for stem, shape in shapes.items()}


def _schema(stem: str, shape: Any, names: Nameable | None) -> Schema:
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        """Tells a default as it would be written, and offers a number no quotes."""

        def encode_default(self, dft: Any) -> Any:
            return super().encode_default(as_written(dft))

        def decimal_schema(self, schema: Any) -> Schema:
            return {"type": "number"}

    made = Generator(by_alias=True).generate(core_schema_of(shape, _words))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_Naming(made.pop("$defs", {}), names).whole(made),
        "title": f"afterrun {stem} file",
    }


class _Naming:
    """Puts a rulebook's names where the schema says of which kind they are; without names it leaves texts.

    Mappings that are told apart by their one key become one mapping of all these keys: so an editor
    offers them together, and says which key is wrong instead of how little each mapping fits.
    """

    def __init__(self, definitions: Mapping[str, Schema], names: Nameable | None) -> None:
        self._definitions = dict(definitions)
        self._names = names

    def whole(self, made: Schema) -> Schema:
        """The schema of a file with all that it refers to."""
        whole = self._of(made)
        used: dict[str, Schema] = {}
        waiting = [*_references(whole)]
        while waiting:
            name = waiting.pop()
            if name not in used:
                used[name] = self._of(self._definitions[name])
                waiting += _references(used[name])
        return {"$defs": used, **whole} if used else whole

    def _of(self, schema: Any) -> Any:
        if isinstance(schema, list):
            return [self._of(each) for each in schema]
        if not isinstance(schema, dict):
            return schema
        kind, keys_kind = schema.get(NAMES), schema.get("propertyNames", {}).get(NAMES)
        if kind is not None:
            return self._named(kind, {key: each for key, each in schema.items() if key != NAMES})
        if "oneOf" in schema:
            return self._of(self._by_key(schema))
        made = {key: self._of(each) for key, each in schema.items() if key != "propertyNames"}
        if keys_kind is not None:
            return self._keyed(keys_kind, made)
        return self._with_tests(made) if made.get("additionalProperties") == _TEST else made

    def _named(self, kind: str, text: Schema) -> Schema:
        """One name of a kind, or the answers of an example."""
        if self._names is None:
            return text
        said = {key: text[key] for key in ("description", "title") if key in text}
        if kind == "answers":
            return said | only(dict(answers(self._names)))
        self._definitions.setdefault(f"{kind}_name", one_of(self._names.words[kind]))
        return {"$ref": f"{_HERE}{kind}_name"} | said

    def _keyed(self, kind: str, made: Schema) -> Schema:
        """A mapping whose keys are names."""
        if self._names is None:
            return made
        (value,) = made.pop("patternProperties").values()
        words = self._names.words[kind]
        return made | only({name: {**value, "description": said} for name, said in words.items()})

    def _by_key(self, schema: Schema) -> Schema:
        """A text, or one mapping of all the keys that begin the classes of a union."""
        texts = [each for each in schema["oneOf"] if "$ref" not in each]
        kinds = [each["$ref"].removeprefix(_HERE) for each in schema["oneOf"] if "$ref" in each]
        # An editor offers no key in a mapping that is full with the one being typed: its limit stands beside.
        one_key = {"minProperties": 1, "maxProperties": 1}
        mapping: Schema = {"type": "object", "properties": {}, "allOf": [one_key]}
        for kind in kinds:
            one = self._definitions[kind]
            mapping["additionalProperties"] = one["additionalProperties"]
            for key, value in one.get("properties", {}).items():
                mapping["properties"][key] = {**value, "description": one.get("description", "")}
        name = f"{kinds[0]}_or_another"
        self._definitions[name] = mapping
        said = {key: each for key, each in schema.items() if key != "oneOf"}
        return said | ({"anyOf": [*texts, {"$ref": _HERE + name}]} if texts else {"$ref": _HERE + name})

    def _with_tests(self, made: Schema) -> Schema:
        """A mapping that may hold a test on any question or measure, by its name."""
        if self._names is None:
            return made
        operators = self._definitions["Test"]["properties"]
        return made | only({**made.get("properties", {}), **dict(tests(self._names, operators))})


def _references(schema: Any) -> Iterator[str]:
    """The definitions that a schema refers to."""
    if isinstance(schema, list):
        for each in schema:
            yield from _references(each)
    elif isinstance(schema, dict):
        for key, each in schema.items():
            if key == "$ref":
                yield each.removeprefix(_HERE)
            else:
                yield from _references(each)


def _words(kind: type[Written]) -> Mapping[str, str]:
    """What stands below each field of a class."""
    return _words_in(kind.__module__)[kind.__name__]


@functools.cache
def _words_in(module: str) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {
        node.name: {
            field.target.id: inspect.cleandoc(str(below.value.value)).replace("\n", " ")
            for field, below in pairwise(node.body)
            if isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        }
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
