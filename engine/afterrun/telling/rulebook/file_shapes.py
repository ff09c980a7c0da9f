"""What each file of a rulebook may hold, in words: told from the models that check it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from afterrun.rulebook import OPTIONAL_FILES, file_schemas
from afterrun.telling.page import Page, Point, Section, capital

_LEAD = (
    "What each file of a rulebook may hold, key by key. A key may be left out unless it is needed. "
    "A file that may be left out is asked for as soon as a rule concludes what it names. "
    "What has a name of its own, as a condition or a Review, is told under that name: in the section of the "
    "file, or in the last one. docs/rules.md tells how rules are written."
)
_FOOT = "Made by afterrun rules schema --words docs/knowledge.md from the models that check the files."
_FORMS = {
    "^[a-z][a-z0-9_]*$": "a name_like_this",
    "^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "a name-like-this",
    "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$": "a day, as 2027-03-01",
    "^([01][0-9]|2[0-3]):[0-5][0-9]$": "a time of day, as 18:00",
    "^[0-9a-f]{64}$": "a sha256",
    "^((row|article|resolution):[A-Z]+[0-9]+[a-z]?|[a-z][a-z0-9-]*)$": "a source",
}
"""Patterns of texts, as a person would say them."""
_KINDS = {"string": "text", "integer": "a whole number", "boolean": "true or false", "object": "a mapping"}
_OWN = {"rules": "rules/NAME.yaml", "invariants": "rules/invariants.yaml"}
_FAMILIES = {
    "AllClaims_or_another": "a claim",
    "AllOf_or_another": "a condition",
    "Sum_or_another": "a formula",
}
"""What may be one of many shapes, by what its schema is called."""
Schema = Mapping[str, Any]


def file_shapes_page() -> Page:
    """A section for each file, and one for what stands in several."""
    schemas = file_schemas()
    tops = {stem: _top(schema) for stem, schema in schemas.items()}
    used = Counter(name for schema in schemas.values() for name in schema.get("$defs", {}))
    shared: dict[str, Schema] = {}
    sections = []
    for stem, schema in schemas.items():
        shapes: Mapping[str, Schema] = schema.get("$defs", {})
        own = {name: each for name, each in shapes.items() if used[name] == 1 and name != tops[stem]}
        shared |= {name: each for name, each in shapes.items() if used[name] > 1 and name != tops[stem]}
        top = shapes[tops[stem]] if tops[stem] else schema
        points = (*_keys(top), *map(_shape, own.items()))
        sections.append(
            Section(_OWN.get(stem, f"knowledge/{stem}.yaml"), points, note=_note(stem, schema, top))
        )
    several = Section(
        "In several files", tuple(map(_shape, sorted(shared.items()))), note="The parts that they share."
    )
    return Page("The files of a rulebook", _LEAD, (*sections, several), _FOOT)


def _top(schema: Schema) -> str:
    """The shape of each entry of a file that is a list, or of the file; empty where it stands in the open."""
    found: str = schema.get("items", schema).get("$ref", "")
    return found.rpartition("/")[2]


def _note(stem: str, schema: Schema, top: Schema) -> str:
    kind = "A list; each entry: " if schema.get("type") == "array" else ""
    needed = " May be left out." if stem in (*OPTIONAL_FILES, "invariants") else ""
    return f"{kind}{top.get('description', '')}{needed}"


def _shape(named: tuple[str, Schema]) -> Point:
    name, schema = named
    steps = tuple(f"{each.name}: {each.text}" for each in _keys(schema))
    called = capital(_FAMILIES.get(name, name))
    return Point(called, schema.get("description", "") or capital(_words(schema)), steps)


def _keys(schema: Schema) -> Iterator[Point]:
    needed = schema.get("required", ())
    for key, each in schema.get("properties", {}).items():
        said = [f"{_words(each)}{', needed' if key in needed else ''}.", each.get("description", "")]
        yield Point(key, capital(" ".join(filter(None, said))))


def _words(schema: Schema) -> str:
    """What may stand for a value.

    >>> _words({"type": "array", "items": {"enum": ["mon", "tue"]}})
    "a list of: 'mon' or 'tue'"
    """
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return _FAMILIES.get(name, name)
    if "enum" in schema or "const" in schema:
        return " or ".join(f"'{each}'" for each in schema.get("enum", [schema.get("const")]))
    for kind in ("anyOf", "oneOf"):
        if kind in schema:
            parts = [each for each in schema[kind] if each.get("type") != "null"]
            kinds = {each.get("type") for each in parts}
            if "number" in kinds and "integer" not in kinds:
                # A decimal number is written as one; that its text would do helps nobody.
                parts = [each for each in parts if each != {"type": "string"}]
            return " or ".join(dict.fromkeys(map(_words, parts)))
    kind = schema.get("type", "")
    if kind == "array":
        return f"a list of: {_words(schema.get('items', {}))}"
    if kind == "object" and "properties" in schema:
        return f"a mapping of: {', '.join(schema['properties'])}"
    if kind == "object" and (held := _held(schema)):
        return f"a mapping to: {_words(held)}"
    if kind in ("number", "integer"):
        return f"{_KINDS.get(kind, 'a number')}{_bounds(schema)}"
    return _FORMS.get(schema.get("pattern", ""), _KINDS.get(kind, "anything"))


def _held(schema: Schema) -> Schema:
    """What a mapping by any name holds."""
    found = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    return next((each for each in found if isinstance(each, dict) and each), {})


def _bounds(schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    said = [f"from {least}" if least is not None else "", f"to {most}" if most is not None else ""]
    return "".join(f" {each}" for each in said if each)
