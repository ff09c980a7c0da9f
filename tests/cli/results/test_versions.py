"""Rules, schema and engine are versioned apart, and whatever tells a result names all three."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

import afterrun
from afterrun.batch.write.output import METADATA
from afterrun.rulebook import versions_of
from afterrun.versions import ENGINE, SCHEMA
from tests.support.batches.runs import batch
from tests.support.cli_runs import SAMPLE, run

WEEK = {
    "enrolled": {"programme": "gradual_ramp", "week": 8, "last_tolerated_volume": 20, "volume_unit": "km"},
    "checkin": {"new_warning_signs": ["none"], "weeks_missed": 0, "volume_done": 10, "run_pain": 0},
}
NAMED = f", schema {SCHEMA}, engine {ENGINE}"


def versions_in(told: Mapping[str, Any]) -> dict[str, Any]:
    stamp = {name: told["rulebook"][name] for name in ("name", "version", "digest")}
    return {"rulebook": stamp, "schema": told["schema"], "engine": told["engine"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [("assess",), ("explain",), ("explain", "training_load"), ("plan", "--start", "2027-03-01")]
)
def test_the_json_of_an_intake_names_them(rulebook: afterrun.Rulebook, words: tuple[str, ...]) -> None:
    ran = run(words[0], SAMPLE, *words[1:], "--format", "json")
    assert ran.code == 0, ran.err
    assert versions_in(json.loads(ran.out)) == versions_of(rulebook.stamp)


def test_a_check_in_names_them(checkin_part: afterrun.Rulebook, tmp_path: Path) -> None:
    week = tmp_path / "week.json"
    week.write_text(json.dumps(WEEK), encoding="utf-8")
    told = json.loads(run("checkin", week, "--format", "json").out)
    assert versions_in(told) == versions_of(checkin_part.stamp)
    assert NAMED in " ".join(run("checkin", week).out.split())


@pytest.mark.slow
@pytest.mark.parametrize("words", [("assess", SAMPLE), ("plan", SAMPLE, "--start", "2027-03-01")])
def test_the_last_line_for_a_person_names_them(words: tuple[str, ...]) -> None:
    assert " ".join(run(*words).out.split()).endswith(NAMED)


@pytest.mark.slow
@pytest.mark.parametrize("words", [("report",), ("report", "--summary")])
def test_a_page_to_hand_over_names_them(words: tuple[str, ...], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run(*words, SAMPLE, "-o", page).code == 0
    said = re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8"))
    assert f"schema {SCHEMA}, engine {ENGINE}." in said.replace("Schema", "schema")


@pytest.mark.slow
def test_a_batch_names_them_in_each_file_beside_the_rows(rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
    versions, out = versions_of(rulebook.stamp), tmp_path / "out"
    (tmp_path / "in.csv").write_text("record_id,age_years\na,34\n", encoding="utf-8")
    assert batch(tmp_path / "in.csv", out).code == 0
    for name in ("_datapackage.json", "_rulebook.json"):
        assert versions_in(json.loads((out / name).read_text(encoding="utf-8"))) == versions, name
    (part,) = (out / "data").glob("*.parquet")
    assert versions_in(json.loads(parquet.read_metadata(part).metadata[METADATA.encode()])) == versions
    assert versions_in(json.loads(batch("summary", out, "--format", "json").out)) == versions
    assert batch("summary", out, "--html", tmp_path / "page.html").code == 0
    assert NAMED in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert run("batch", "--template", "csv", cwd=tmp_path).code == 0
    (dictionary,) = tmp_path.glob("*.json")
    assert versions_in(json.loads(dictionary.read_text(encoding="utf-8"))) == versions


@pytest.mark.slow
def test_a_batch_that_began_before_schemas_had_versions_names_none(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "in.csv").write_text("age_years\n34\n", encoding="utf-8")
    assert batch(tmp_path / "in.csv", out).code == 0
    frozen = out / "_job" / "plan.json"
    plan = json.loads(frozen.read_text(encoding="utf-8"))
    assert versions_in(plan)["schema"] == plan.pop("schema")
    frozen.write_text(json.dumps({**plan, "program": "afterrun 0.1.0"}), encoding="utf-8")
    told = json.loads(batch("summary", out, "--format", "json").out)
    assert (told["schema"], told["engine"]) == ("", "0.1.0")
    assert batch("summary", out, "--html", tmp_path / "page.html").code == 0
    assert "), engine 0.1.0" in (tmp_path / "page.html").read_text(encoding="utf-8")
