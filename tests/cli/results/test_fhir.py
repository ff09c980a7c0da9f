"""`afterrun fhir`: what a clinic's own systems read and write, in files; and their responses in a batch."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.interchange import questionnaire_of, response_of
from tests.support.batch_runs import batch, differences, expected_row, rows_of
from tests.support.cli_runs import run
from tests.support.fhir import cases_in, contradicts
from tests.support.second_rulebook import MOULD


class TestQuestionnaire:
    def test_it_comes_on_stdout_or_in_a_file(self, rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
        ran = run("fhir", "questionnaire")
        assert (ran.code, json.loads(ran.out)) == (0, questionnaire_of(rulebook))
        assert run("fhir", "questionnaire", "-o", tmp_path / "q.json").code == 0
        assert json.loads((tmp_path / "q.json").read_text(encoding="utf-8")) == questionnaire_of(rulebook)

    def test_it_is_of_the_rulebook_that_is_named(self) -> None:
        ran = run("fhir", "questionnaire", "--rulebook", MOULD)
        assert json.loads(ran.out)["url"] == "https://fhir.afterrun.invalid/Questionnaire/mould-at-home"


@pytest.fixture(scope="module")
def intakes(rulebook: afterrun.Rulebook) -> list[dict[str, Any]]:
    """The shared cases that a response may say."""
    return [
        {"record_id": each["id"], **each["answers"]}
        for each in cases_in("cases")
        if not contradicts(rulebook, each["answers"])
    ]


@pytest.fixture(scope="module")
def lines(rulebook: afterrun.Rulebook, intakes: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(response_of(rulebook, each)) for each in intakes]


def written(path: Path, *lines: str) -> Path:
    text = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
class TestABatchOfResponses:
    @pytest.mark.parametrize("name", ["responses.ndjson", "responses.ndjson.gz", "export"])
    def test_each_is_decided_as_its_intake_is(
        self,
        rulebook: afterrun.Rulebook,
        intakes: list[dict[str, Any]],
        lines: list[str],
        tmp_path: Path,
        name: str,
    ) -> None:
        out = tmp_path / "rows.jsonl"
        ran = batch(written(tmp_path / name, *lines), out)
        assert ran.code == 0, ran.err
        for row, intake in zip(rows_of(rulebook, out), intakes, strict=True):
            assert differences(expected_row(rulebook, intake), row) == {}

    def test_one_that_is_refused_is_a_reject_with_its_line_its_record_and_every_reason(
        self, rulebook: afterrun.Rulebook, lines: list[str], tmp_path: Path
    ) -> None:
        bad = response_of(rulebook, {"record_id": "P-7", "age_years": 34})
        bad["status"] = "entered-in-error"
        bad["item"][0]["item"][0]["answer"] = [{"valueString": "34"}]
        given = written(
            tmp_path / "r.ndjson", lines[0], "", json.dumps(bad), '{"resourceType": "Patient"}', "{", lines[1]
        )
        ran = batch(given, tmp_path / "rows.csv")
        assert ran.code == 1
        assert [row["line"] for row in table(tmp_path / "rows.csv")] == ["1", "6"]
        rejects = table(tmp_path / "rows.csv.rejects.csv")
        places = [(each["reject_line"], each["record_id"]) for each in rejects]
        assert places == [("3", "P-7"), ("4", ""), ("5", "")]
        assert rejects[0]["reject_reason"].startswith("QuestionnaireResponse.status: 'entered-in-error'")
        assert "age_years: takes a whole number (valueInteger), not a text" in rejects[0]["reject_reason"]
        assert rejects[1]["reject_reason"] == "a QuestionnaireResponse is wanted, not a Patient"
        assert "not JSON" in rejects[2]["reject_reason"]

    def test_a_row_is_shown_with_its_proof(self, lines: list[str], tmp_path: Path) -> None:
        given = written(tmp_path / "r.ndjson", *lines[:5])
        assert batch(given, tmp_path / "out").code == 0
        ran = run("batch", "view", tmp_path / "out", "V003")
        assert ran.code == 0, ran.err
        assert "line 2: the stored row is what the rulebook says" in ran.out

    def test_it_goes_on_and_takes_more(self, lines: list[str], tmp_path: Path) -> None:
        first = written(tmp_path / "a.ndjson", *lines[:5])
        assert batch(first, tmp_path / "out").code == 0
        assert batch(first, tmp_path / "out").code == 0, "the same command again changes nothing"
        more = written(tmp_path / "b.ndjson", *lines[5:8])
        ran = batch(first, more, tmp_path / "out", "--append")
        assert ran.code == 0, ran.err
        assert "8 rows in = 8 rows out" in ran.out

    def test_ids_that_are_words_for_nothing_elsewhere_stay_ids(
        self, rulebook: afterrun.Rulebook, tmp_path: Path
    ) -> None:
        names = ["NA", "0012", "-", "=1+1"]
        given = [json.dumps(response_of(rulebook, {"record_id": each, "age_years": 34})) for each in names]
        assert batch(written(tmp_path / "r.ndjson", *given), tmp_path / "rows.jsonl").code == 0
        assert [row["record_id"] for row in rows_of(rulebook, tmp_path / "rows.jsonl")] == names
