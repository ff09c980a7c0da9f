"""JSON Schemas of the rule and knowledge files, for editors that complete and check while typing."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from afterrun.rulebook.schema import KNOWLEDGE, InvariantFile, RuleFile


def file_schemas() -> dict[str, dict[str, Any]]:
    """One JSON Schema for each kind of file, by the file's stem; `rules` is for every rule file."""
    return {
        "rules": _schema("rules", RuleFile),
        "invariants": _schema("invariants", InvariantFile),
        **{stem: _schema(stem, model) for stem, model in KNOWLEDGE.items()},
    }


def _schema(stem: str, model: type[Any]) -> dict[str, Any]:
    schema = TypeAdapter(model).json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": f"afterrun {stem} file",
    }
