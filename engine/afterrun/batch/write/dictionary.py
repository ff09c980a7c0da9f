"""What each column of a result means, as a Frictionless data package beside the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterrun.batch.decide.columns import BETWEEN_NAMES, REFUTED, columns_for
from afterrun.batch.decide.fired import FIRED
from afterrun.batch.decide.plan_numbers import amount_items, unit_columns
from afterrun.batch.input.spool import Compression
from afterrun.batch.write.output import Format, Output
from afterrun.batch.write.reasons import BECAUSE
from afterrun.batch.write.workbook import REJECTS, RESULTS
from afterrun.rulebook import Rulebook, engine_of, number_items, versions_of
from afterrun.visible import as_json

_KINDS: dict[Format, dict[str, Any]] = {
    "parquet": {"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
    "csv": {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"},
    "jsonl": {"format": "jsonl", "mediatype": "application/jsonl", "encoding": "utf-8"},
    "arrow": {"format": "arrow", "mediatype": "application/vnd.apache.arrow.file"},
    "xlsx": {
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "dialect": {"sheet": RESULTS},
    },
}
_PACKED = {"gzip": "gz", "zstd": "zst"}
OF_REJECTS = {
    "reject_file": "the input that it came from",
    "reject_line": "the line where the row begins; in a table its number",
    "reject_reason": "what is wrong, and with which value",
    "reject_question": "the columns that it is wrong with, parted by ';'; blank where the line is damaged",
    "reject_raw": "the line as it was read, its first 2,000 characters; blank where an input has no lines",
    "reject_unread": "of JSON what was under keys that mean nothing: clear it once it is seen to",
}
_NOT_SHOWN = "Blank: open, or not shown at this level."


def data_dictionary(
    output: Output,
    format: Format,
    compression: Compression,
    paths: Sequence[str],
    rejects: tuple[str, Sequence[str]] | None,
) -> str:
    """The package as JSON: the result in these files, and the table of rejects by its name and columns."""
    rulebook = output.rulebook
    fields = [_field(rulebook, name, format == "parquet") for name in output.columns]
    results: dict[str, Any] = {
        "name": RESULTS,
        "path": paths[0] if len(paths) == 1 else list(paths),
        **_KINDS[format],
        **({"compression": _PACKED[compression]} if compression else {}),
        "schema": {"fields": fields, "missingValues": [""]},
    }
    resources = [results]
    if rejects is not None:
        path, columns = rejects
        told = [
            {"name": name, "type": "string", **({"title": OF_REJECTS[name]} if name in OF_REJECTS else {})}
            for name in columns
        ]
        resources.append(
            {
                "name": REJECTS,
                "title": "Rows that were refused, each with its file, its line and the reason",
                "path": path,
                **_KINDS["csv"],
                "schema": {"fields": told, "missingValues": [""]},
            }
        )
    package = {
        "name": f"{rulebook.identity.name}-results",
        "title": f"{rulebook.identity.title}: results",
        "description": "One row for each intake that was accepted.",
        "version": rulebook.identity.version,
        **versions_of(rulebook.stamp),
        "resources": resources,
    }
    return as_json(package, indent=2) + "\n"


def _field(rulebook: Rulebook, name: str, typed: bool) -> dict[str, Any]:
    """One column: its type, its meaning, its unit and its values."""
    field: dict[str, Any] = {"name": name, "type": "string", "title": _title(rulebook, name)}
    units = engine_of(rulebook, unit_columns)
    if name == "line":
        field["type"] = "integer"
    elif name == "source":
        field["type"] = "integer" if typed else "string"
        field["description"] = "Counted from 0, in the order given." if typed else "By its name."
    elif name == "triage":
        field |= _one_of({each.id: each.name for each in rulebook.triage.values()})
    elif name.startswith("pattern_"):
        levels = rulebook.patterns[name.removeprefix("pattern_")].levels
        field |= _one_of({**dict.fromkeys(levels, ""), REFUTED: "the rules speak against it"}, _NOT_SHOWN)
    elif name == "interventions":
        field |= _several({each.id: each.called for each in rulebook.interventions.values()})
    elif name == "open_questions":
        field |= _several({each.id: each.ask for each in rulebook.questions.values()})
    elif name in units:
        field |= _one_of({unit.id: unit.text for unit in units[name].units}, "Blank: no amount stands here.")
    elif name.startswith("plan_"):
        field |= _number(rulebook, name)
    elif name == FIRED:
        said = "Bits, the first of the first number the first rule; their names are in the file's metadata."
        field |= {"type": "array", "description": said} if typed else _several({})
    elif name == BECAUSE:
        field["description"] = "Each conclusion with the reason of a rule that proved it, parted by ' | '."
    return field


def _title(rulebook: Rulebook, name: str) -> str:
    return "why" if name == BECAUSE else engine_of(rulebook, columns_for)[name]


def _number(rulebook: Rulebook, name: str) -> dict[str, Any]:
    display = name.startswith("plan_display_")
    key = name.removeprefix("plan_display_" if display else "plan_")
    whole = engine_of(rulebook, number_items)[key] and not display
    quantity = engine_of(rulebook, amount_items).get(key)
    found: dict[str, Any] = {"type": "integer" if whole else "number"}
    said = "Blank: it does not stand in the plan, or is open."
    if quantity is not None:
        found["unit"] = f"plan_{quantity.unit_key}"
        said = f"In the unit of the column plan_{quantity.unit_key}. {said}"
    else:
        unit = next((item.unit for item in rulebook.plan if item.key == key and item.unit), "")
        found |= {"unit": unit} if unit else {}
        said = f"In {unit}. {said}" if unit else said
    return {**found, "description": said}


def _one_of(words: dict[str, str], more: str = "") -> dict[str, Any]:
    return {"constraints": {"enum": list(words)}, "description": f"{_listed(words)} {more}".strip()}


def _several(words: dict[str, str]) -> dict[str, Any]:
    said = f"Names, parted by '{BETWEEN_NAMES}'. {_listed(words)}".strip()
    one = f"({'|'.join(words)})" if words else f"[^{BETWEEN_NAMES}]+"
    return {"constraints": {"pattern": f"{one}({BETWEEN_NAMES}{one})*"}, "description": said}


def _listed(words: dict[str, str]) -> str:
    return " ".join(f"{name}: {text.rstrip('.')}." if text else f"{name}." for name, text in words.items())
