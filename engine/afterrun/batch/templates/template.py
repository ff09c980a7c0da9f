"""An empty intake table to fill in, and its data dictionary as a Frictionless data package."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal

import polars as pl

from afterrun.batch.input.form.words import LIST_SEPARATOR, coded
from afterrun.batch.input.layout import SEPARATOR
from afterrun.batch.input.rejects import question_columns
from afterrun.batch.templates.redcap import redcap_dictionary
from afterrun.intake import LONGEST_TEXT, RECORD_ID, bounds
from afterrun.rulebook import UNKNOWN, Rulebook, versions_of
from afterrun.rulebook.schema import Quantity, Question
from afterrun.visible import as_json

TemplateFormat = Literal["csv", "parquet", "redcap"]
REDCAP = "redcap_dictionary.csv"
DICTIONARY = "datapackage.json"

_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_WRITING = (
    "One row a person. Blank is not answered. A choice is the option's name, or its number in the list "
    f"given with each question. Several options go into one cell as a{LIST_SEPARATOR}b, or into one column "
    f"per option named question{SEPARATOR}option or question{SEPARATOR}1, holding 1 or 0; a question with "
    "none of its options ticked counts as not answered. Columns that are no question are passed over."
)


def template_files(rulebook: Rulebook, format: TemplateFormat) -> dict[str, bytes]:
    """The empty intake table and its data dictionary, by file name; for REDCap what it imports."""
    if format == "redcap":
        return {REDCAP: redcap_dictionary(rulebook)}
    name = f"intakes.{format}"
    package = as_json(data_dictionary(rulebook, format), indent=2) + "\n"
    return {name: _empty_table(rulebook, format), DICTIONARY: package.encode()}


def write_template(rulebook: Rulebook, folder: Path, format: TemplateFormat) -> list[Path]:
    """Write both files into a folder. Raises FileExistsError rather than overwrite one."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / name: content for name, content in template_files(rulebook, format).items()}
    for path in files:
        if path.exists():
            raise FileExistsError(f"{path} is there already")
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)


def data_dictionary(rulebook: Rulebook, format: TemplateFormat) -> dict[str, Any]:
    """Every column of the table: what is asked, which answers there are, and how each is written."""
    units = {quantity.unit_key: quantity for quantity in rulebook.quantities.values()}
    fields = []
    for name in question_columns(rulebook):
        if name == RECORD_ID:
            fields.append(_record_id())
        elif name in units:
            fields.append(_unit(units[name]))
        else:
            fields.append(_question(rulebook, rulebook.questions[name]))
    return {
        "name": f"{rulebook.identity.name}-intakes",
        "title": f"{rulebook.identity.title}: intakes",
        "description": _WRITING,
        "version": rulebook.identity.version,
        **versions_of(rulebook.stamp),
        "resources": [
            {
                "name": "intakes",
                "path": f"intakes.{format}",
                "format": format,
                "mediatype": _MEDIA[format],
                "encoding": "utf-8",
                "schema": {"fields": fields, "missingValues": [""]},
            }
        ],
    }


def _empty_table(rulebook: Rulebook, format: TemplateFormat) -> bytes:
    names = question_columns(rulebook)
    if format == "csv":
        return (",".join(names) + "\n").encode()
    schema: dict[str, Any] = dict.fromkeys(names, pl.String)
    for question in rulebook.questions.values():
        if question.type == "multi":
            schema[question.id] = pl.List(pl.String)
        elif question.type in ("integer", "number") and question.unknown_reads is None:
            schema[question.id] = pl.Int64 if question.type == "integer" else pl.Float64
    stream = io.BytesIO()
    pl.DataFrame(schema=schema).write_parquet(stream)
    return stream.getvalue()


def _record_id() -> dict[str, Any]:
    return {
        "name": RECORD_ID,
        "type": "string",
        "title": "Record",
        "description": "Whose intake this is; of two rows with the same the second is refused.",
        "constraints": {"maxLength": LONGEST_TEXT, "unique": True},
    }


def _unit(quantity: Quantity) -> dict[str, Any]:
    listed = _listed([(unit.id, unit.text) for unit in quantity.units], codes=True)
    words = [unit.id for unit in quantity.units]
    return {
        "name": quantity.unit_key,
        "type": "string",
        "title": quantity.ask,
        "description": f"{listed} Needed as soon as a number of this kind is given.",
        "constraints": {"enum": [*words, *map(str, range(1, len(words) + 1))]},
    }


def _question(rulebook: Rulebook, question: Question) -> dict[str, Any]:
    field: dict[str, Any] = {"name": question.id, "type": "string", "title": question.ask}
    said = [text for text in (question.help, question.means) if text]
    words = [option.id for option in question.options]
    if coded(question):
        words += [str(place) for place in range(1, len(words) + 1)]
    unknown = [UNKNOWN.value] if question.unknown_reads is not None and question.type != "multi" else []
    if question.options:
        said.append(_listed([(option.id, option.text) for option in question.options], coded(question)))
    if question.type == "single":
        field["constraints"] = {"enum": words + unknown}
    elif question.type == "multi":
        one = f"({'|'.join(words)})"
        field["constraints"] = {"pattern": f"{one}({LIST_SEPARATOR}{one})*"}
        if question.max_choices is not None:
            said.append(f"At most {question.max_choices}.")
    else:
        field |= _number(rulebook, question, bool(unknown), said)
    if unknown:
        said.append(f"'{UNKNOWN.value}' where the person was asked and does not know.")
    field["description"] = " ".join(said)
    return field


def _number(rulebook: Rulebook, question: Question, unknown: bool, said: list[str]) -> dict[str, Any]:
    quantity = rulebook.quantities[question.quantity] if question.quantity else None
    low, high = bounds(question, quantity, None)
    limits: dict[str, Any] = {}
    for name, bound in (("minimum", low), ("maximum", high)):
        if bound is not None:
            limits[name] = int(bound) if bound.denominator == 1 else float(bound)
            said.append(f"{name.capitalize()} {limits[name]}{f' {question.unit}' if question.unit else ''}.")
    if quantity:
        most = ", ".join(f"{unit.at_most} {unit.id}" for unit in quantity.units)
        said[-1:] = [f"In the unit of {quantity.unit_key}: at most {most}."]
    said += [f"{value}: {label}." for value, label in question.labels.items()]
    if not unknown:
        return {"type": question.type, "constraints": limits} if limits else {"type": question.type}
    digits = r"[0-9]+(\.0+)?" if question.type == "integer" else r"[-+]?[0-9]*\.?[0-9]+"
    return {"type": "string", "constraints": {"pattern": f"{UNKNOWN.value}|{digits}"}}


def _listed(options: list[tuple[str, str]], codes: bool) -> str:
    return " ".join(
        f"{place}, {name}: {text}." if codes else f"{name}: {text}."
        for place, (name, text) in enumerate(options, 1)
    )
