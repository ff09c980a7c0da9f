"""The data dictionary that REDCap imports, and what it exports of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook
from afterrun.batch import write_template
from afterrun.batch.templates.redcap import COLUMNS
from tests.support.batches.files import expected, intakes
from tests.support.batches.forms import read, table


@pytest.mark.parametrize("labels", [False, True], ids=["codes", "labels"])
def test_what_redcap_exports_of_our_dictionary_reads_back(
    rulebook: Rulebook, tmp_path: Path, labels: bool
) -> None:
    (path,) = write_template(rulebook, tmp_path, "redcap")
    fields = table(path)
    assert tuple(fields[0]) == COLUMNS
    assert len(COLUMNS) == 18
    rows = intakes(rulebook, 60, 9)
    # A validated number takes no 'unknown' in REDCap.
    numbers = [each.id for each in rulebook.questions.values() if each.type in ("integer", "number")]
    rows = [{k: None if k in numbers and v == "unknown" else v for k, v in row.items()} for row in rows]
    export = [_as_redcap(fields, rulebook, row, labels) for row in rows]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(export[0]))
    writer.writeheader()
    writer.writerows(export)
    path = tmp_path / "export.csv"
    path.write_text(stream.getvalue(), encoding="utf-8")
    found = read(rulebook, path)
    assert found.rejects == []
    assert list(found.frame.iter_rows(named=True)) == expected(rulebook, rows)


def _as_redcap(
    fields: list[dict[str, str]], rulebook: Rulebook, row: dict[str, Any], labels: bool
) -> dict[str, str]:
    made = {}
    units = {quantity.unit_key: quantity.units for quantity in rulebook.quantities.values()}
    for field in fields:
        name, value = field["Variable / Field Name"], row.get(field["Variable / Field Name"])
        header = field["Field Label"] if labels else name
        choices = [each.split(", ", 1) for each in field[COLUMNS[5]].split(" | ") if each]
        question = rulebook.questions.get(name)
        ids = [each.id for each in (question.options if question else units.get(name, ()))] + ["unknown"]
        if field["Field Type"] == "checkbox":
            for (code, label), option in zip(choices, ids, strict=False):
                ticked = option in (value or [])
                if labels:
                    made[f"{header} (choice={label})"] = "Checked" if ticked else "Unchecked"
                else:
                    made[f"{header}___{code}"] = str(int(ticked))
        elif field["Field Type"] == "radio":
            made[header] = choices[ids.index(value)][labels] if value else ""
        else:
            made[header] = "" if value in (None, []) else str(value)
    return made


def test_the_dictionary_says_what_redcap_can_check(rulebook: Rulebook, tmp_path: Path) -> None:
    (path,) = write_template(rulebook, tmp_path, "redcap")
    fields = {row[COLUMNS[0]]: row for row in table(path)}
    assert {name for name, row in fields.items() if row["Branching Logic (Show field only if...)"]} == {
        name for name in rulebook.skips if name != "volume_sustainable"
    }
    assert fields["pain_duration"][COLUMNS[11]] == "[pain_timing]<>'5' and [pain_timing]<>'6'"
    assert fields["morning_stiffness"][COLUMNS[11]] == "[age_years]='' or [age_years]>=45"
    assert [fields["age_years"][name] for name in COLUMNS[7:10]] == ["integer", "10", "100"]
    assert fields["warning_signs"]["Field Annotation"] == "@NONEOFTHEABOVE='10'"
    assert fields["pain_site"]["Field Annotation"] == "@MAXCHECKED=2"
