"""What schemas are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
ANYTHING: Schema = {}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def ref(name: str) -> Schema:
    """Another schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def thing(properties: Mapping[str, Schema], optional: Iterable[str] = (), says: str = "") -> Schema:
    """An object that holds these, all but the optional ones, and nothing else."""
    spared = set(optional)
    schema: Schema = {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in spared],
        "additionalProperties": False,
    }
    return described(schema, says)


def some(properties: Mapping[str, Schema], says: str = "") -> Schema:
    """An object that holds any of these, and nothing else."""
    schema = thing(properties, properties, says)
    del schema["required"]
    return schema


def by_name(each: Schema, says: str = "") -> Schema:
    """An object that holds the same kind of thing under any name."""
    return described({"type": "object", "additionalProperties": each}, says)


def many(each: Schema, says: str = "", **limits: Any) -> Schema:
    """A list."""
    return described({"type": "array", "items": each, **limits}, says)


def one_of(words: Iterable[str], says: str = "") -> Schema:
    """One of these words; any where a rulebook has none."""
    listed = list(words)
    return described({"type": "string", "enum": listed} if listed else TEXT, says)


def or_null(schema: Schema) -> Schema:
    """The same, or nothing."""
    kind = schema.get("type")
    if "enum" in schema:
        return {**schema, "type": [kind, "null"], "enum": [*schema["enum"], None]}
    if isinstance(kind, str):
        return {**schema, "type": [kind, "null"]}
    return {"oneOf": [schema, {"type": "null"}]}


def described(schema: Schema, says: str) -> Schema:
    """The same with a description."""
    return {**schema, "description": says} if says else schema


VERSIONS = {
    "rulebook": ref("Stamp"),
    "schema": {**TEXT, "description": "The version of the shapes described here."},
    "engine": {**TEXT, "description": "The version of the program that answered."},
}
"""What every answer carries: rules, shapes and program are versioned apart."""
