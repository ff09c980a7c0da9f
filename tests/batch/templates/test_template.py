"""The template that people fill in is a valid data package and reads back."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook
from tests.support.batches.files import (
    cells_of,
    columns_of,
    csv_bytes,
    intakes,
    read_all,
)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_template_is_a_valid_data_package_and_reads_back(
    rulebook: Rulebook, tmp_path: Path, form: Any
) -> None:
    from frictionless import Package, validate

    from afterrun.batch.templates.template import write_template

    table, dictionary = write_template(rulebook, tmp_path / "out", form)
    assert Package(str(dictionary)).resources[0].schema.field_names == columns_of(rulebook, "plain")
    said = {
        field.name: field.description or "" for field in Package(str(dictionary)).resources[0].schema.fields
    }
    assert [each.id for each in rulebook.questions.values() if each.means not in said[each.id]] == []
    assert read_all(rulebook, table, tmp_path).rows_in == 0
    with pytest.raises(FileExistsError):
        write_template(rulebook, tmp_path / "out", form)
    if form == "csv":
        rows, chance = intakes(rulebook, 60, 40), random.Random(41)
        cells = [cells_of(rulebook, each, chance, "plain") for each in rows]
        table.write_bytes(csv_bytes(cells, chance, "plain"))
        report = validate(str(dictionary))
        assert report.valid, report.flatten(["message"])
