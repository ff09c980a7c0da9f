"""JSON Schemas of the rule and knowledge files, for editors that complete and check while typing."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from afterrun.rulebook.schema import INVARIANTS, KNOWLEDGE, RULES, Written, as_written


def file_schemas() -> dict[str, dict[str, Any]]:
    """One JSON Schema for each kind of file, by the file's stem; `rules` is for every rule file."""
    shapes = {"rules": RULES, "invariants": INVARIANTS, **KNOWLEDGE}
    return {stem: _schema(stem, shape) for stem, shape in shapes.items()}


def _schema(stem: str, shape: Any) -> dict[str, Any]:
    from pydantic.json_schema import GenerateJsonSchema

    from afterrun.rulebook.reading.validation import core_schema_of

    class Generator(GenerateJsonSchema):
        """Tells a default as it would be written."""

        def encode_default(self, dft: Any) -> Any:
            return super().encode_default(as_written(dft))

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Generator(by_alias=True).generate(core_schema_of(shape, _words)),
        "title": f"afterrun {stem} file",
    }


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
