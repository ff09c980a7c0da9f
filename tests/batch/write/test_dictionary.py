"""The data dictionary beside a result: what others can check the result by."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import afterrun
from afterrun.batch import Columns
from afterrun.batch.decide.plan_numbers import amount_items, unit_columns
from afterrun.batch.input.form.headers import FRONT
from afterrun.batch.write.output import Output
from afterrun.rulebook import engine_of
from tests.support.batches.runs import batch, differences, expected_row, random_intakes, rows_of, write_csv


@pytest.fixture(scope="module")
def given(rulebook: afterrun.Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    intakes = random_intakes(rulebook, 40, 3)
    intakes[7]["age_years"] = "old"
    return write_csv(tmp_path_factory.mktemp("given") / "in.csv", rulebook, intakes)


@pytest.mark.parametrize("name", ["out", "o.csv", "o.csv.gz", "o.parquet", "o.jsonl", "o.arrow"])
def test_every_column_is_told_of(rulebook: afterrun.Rulebook, given: Path, tmp_path: Path, name: str) -> None:
    from frictionless import Package

    assert batch(given, tmp_path / name, "--chunk-rows", 30).code == 1
    path = tmp_path / ("out/_datapackage.json" if name == "out" else f"{name}.datapackage.json")
    package = json.loads(path.read_text(encoding="utf-8"))
    assert Package(str(path)).resource_names == ["results", "rejects"]
    results, rejects = package["resources"]
    for each in [results["path"]] if isinstance(results["path"], str) else results["path"]:
        assert (path.parent / each).is_file()
    fields = {each["name"]: each for each in results["schema"]["fields"]}
    assert list(fields) == Output(engine_of(rulebook, Columns)).columns
    assert all(each["title"] for each in fields.values())
    assert (path.parent / rejects["path"]).is_file()
    told = {each["name"]: each.get("title", "") for each in rejects["schema"]["fields"]}
    assert all(told[name] for name in FRONT)
    for key, quantity in amount_items(rulebook).items():
        assert fields[f"plan_{key}"]["unit"] == f"plan_{quantity.unit_key}"
        assert fields[f"plan_display_{key}"]["unit"] in fields


def test_a_result_is_valid_by_its_own_dictionary_and_one_that_was_changed_is_not(
    given: Path, tmp_path: Path
) -> None:
    from frictionless import validate

    assert batch(given, tmp_path / "o.csv").code == 1
    dictionary = tmp_path / "o.csv.datapackage.json"
    report = validate(str(dictionary))
    assert report.valid, report.flatten(["message"])[:3]
    lines = (tmp_path / "o.csv").read_text(encoding="utf-8").split("\n")
    lines[3] = (
        lines[3].replace("self_care", "no_care").replace("urgent", "no_care").replace("incomplete", "no_care")
    )
    (tmp_path / "o.csv").write_text("\n".join(lines), encoding="utf-8")
    assert not validate(str(dictionary)).valid


def test_amounts_carry_the_unit_of_the_person(rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
    intakes = random_intakes(rulebook, 100, 9)
    assert batch(write_csv(tmp_path / "in.csv", rulebook, intakes), tmp_path / "o.csv").code == 0
    (unit,) = unit_columns(rulebook)
    rows = rows_of(rulebook, tmp_path / "o.csv")
    assert {row[unit] or None for row in rows} == {None, "km", "mi", "min"}
    for intake, row in zip(intakes, rows, strict=True):
        wanted = expected_row(rulebook, intake)
        assert differences({unit: wanted[unit]}, {unit: row[unit] or None}) == {}
    parquet = tmp_path / "out"
    assert batch(tmp_path / "in.csv", parquet).code == 0
    stored = pl.read_parquet(parquet / "data")
    assert stored[unit].cast(pl.String).to_list() == [row[unit] or None for row in rows]
    given = [pl.col(f"plan_{key}").is_not_null() for key in amount_items(rulebook)]
    assert stored.filter(pl.col(unit).is_not_null() != pl.any_horizontal(given)).is_empty()
