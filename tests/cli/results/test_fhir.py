"""`afterrun fhir`: what a clinic's own systems read and write, in files; and their responses in a batch."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.interchange import bundle_of, library_of, questionnaire_of, read_response, response_of
from tests.support.batches.runs import batch, differences, expected_row, rows_of
from tests.support.cli_runs import run
from tests.support.fhir.resources import cases_in
from tests.support.rulebooks.second import MOULD

DAY = date(2027, 3, 1)


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
def intakes() -> list[dict[str, Any]]:
    """The shared cases."""
    return [{"record_id": each["id"], **each["answers"]} for each in cases_in("cases")]


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


class TestAssess:
    def test_a_response_and_the_intake_in_it_give_the_same_bundle(
        self, rulebook: afterrun.Rulebook, intakes: list[dict[str, Any]], tmp_path: Path
    ) -> None:
        response = tmp_path / "response.json"
        response.write_text(json.dumps(response_of(rulebook, intakes[0])), encoding="utf-8")
        intake = tmp_path / "intake.json"
        intake.write_text(json.dumps(intakes[0]), encoding="utf-8")
        ran, typed = (run("fhir", "assess", each, "--date", "2027-03-01") for each in (response, intake))
        assert (ran.code, ran.err) == (0, "")
        assert ran.out == typed.out
        expected = bundle_of(rulebook, read_response(rulebook, response_of(rulebook, intakes[0])), DAY)
        assert json.loads(ran.out) == expected
        assert run("fhir", "assess", "-", "--date", "2027-03-01", stdin=response.read_bytes()).out == ran.out
        out = tmp_path / "bundle.json"
        assert run("fhir", "assess", response, "--date", "2027-03-01", "-o", out).code == 0
        assert json.loads(out.read_text(encoding="utf-8")) == expected
        assert out.stat().st_mode & 0o077 == 0, "it tells of someone's health"

    def test_a_number_is_kept_as_it_was_written(self, rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
        text = json.dumps(response_of(rulebook, {"volume_last_week": 8.5, "volume_unit": "km"}))
        ran = run("fhir", "assess", "-", stdin=text)
        assert json.loads(ran.out)["entry"][-1]["resource"] == json.loads(text)

    def test_what_cannot_be_used_is_an_outcome_on_stdout_and_words_on_stderr(
        self, rulebook: afterrun.Rulebook, tmp_path: Path
    ) -> None:
        bad = response_of(rulebook, {"age_years": 34})
        bad["status"] = "entered-in-error"
        bad["item"][0]["item"][0]["answer"] = [{"valueString": "34"}]
        given = tmp_path / "bad.json"
        given.write_text(json.dumps(bad), encoding="utf-8")
        out = tmp_path / "bundle.json"
        for output in ((), ("-o", str(out))):
            ran = run("fhir", "assess", given, *output)
            assert ran.code == 2
            outcome = json.loads(ran.out)
            assert outcome["resourceType"] == "OperationOutcome"
            assert [each["expression"] for each in outcome["issue"]] == [
                ["QuestionnaireResponse.status"],
                ["QuestionnaireResponse.item[0].item[0].answer[0].value"],
            ]
            assert {each["diagnostics"] for each in outcome["issue"]} == {str(given)}
            assert len(ran.err.splitlines()) == 2
            assert ran.err.startswith(f"error: {given}: QuestionnaireResponse.status: 'entered-in-error'")
        assert not out.exists()

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("{", "not JSON"),
            ("", "is empty"),
            ("[]", "not a list"),
            ('{"resourceType": "Patient"}', "a QuestionnaireResponse is wanted, not a Patient"),
            ('{"age_years": "old"}', "age_years"),
            ('{"age_years": 34, "age_years": 35}', "written twice"),
        ],
    )
    def test_input_of_another_kind_is_told(self, tmp_path: Path, text: str, found: str) -> None:
        given = tmp_path / "given.json"
        given.write_text(text, encoding="utf-8")
        ran = run("fhir", "assess", given)
        assert ran.code == 2
        assert found in ran.err
        assert json.loads(ran.out)["resourceType"] == "OperationOutcome"

    def test_a_file_that_is_not_there_is_told_and_leaves_nothing(self, tmp_path: Path) -> None:
        ran = run("fhir", "assess", tmp_path / "none.ndjson", "-o", tmp_path / "out.ndjson")
        assert (ran.code, "there is no such file" in ran.err) == (2, True)
        assert list(tmp_path.iterdir()) == []

    def test_many_give_a_bundle_a_line_and_those_refused_an_outcome_each_with_its_line(
        self, rulebook: afterrun.Rulebook, lines: list[str], tmp_path: Path
    ) -> None:
        given = written(tmp_path / "r.ndjson", lines[0], "", '{"resourceType": "Patient"}', "{", lines[1])
        out, rejects = tmp_path / "bundles.ndjson", tmp_path / "bundles.rejects.ndjson"
        ran = run("fhir", "assess", given, "--date", "2027-03-01", "-o", out)
        assert ran.code == 1
        told = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert told == [
            bundle_of(rulebook, read_response(rulebook, json.loads(line)), DAY) for line in lines[:2]
        ]
        refused = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
        assert [each["issue"][0]["diagnostics"] for each in refused] == [f"{given}:3", f"{given}:4"]
        assert "2 told in" in ran.err
        assert "2 refused, with the reasons in" in ran.err
        piped = run("fhir", "assess", given, "--date", "2027-03-01")
        assert (piped.code, piped.out) == (1, out.read_text(encoding="utf-8"))
        packed = tmp_path / "r.ndjson.gz"
        packed.write_bytes(gzip.compress(given.read_bytes()))
        piped = run("fhir", "assess", packed, "--date", "2027-03-01")
        assert (piped.code, piped.out) == (1, out.read_text(encoding="utf-8"))
        assert f"{packed}:3" in piped.err
        # All good ones leave no file of rejects, not even that of the run before.
        assert run("fhir", "assess", written(given, *lines[:2]), "-o", out).code == 0
        assert not rejects.exists()
        none = run("fhir", "assess", written(given, "{", "{"), "-o", out)
        assert (none.code, out.read_text(encoding="utf-8")) == (2, "")

    def test_the_file_that_is_read_is_never_written_over(self, lines: list[str], tmp_path: Path) -> None:
        given = written(tmp_path / "r.ndjson", *lines[:2])
        before = given.read_bytes()
        ran = run("fhir", "assess", given, "-o", tmp_path / "." / "r.ndjson")
        assert (ran.code, given.read_bytes()) == (2, before)
        assert "is the file that is read" in ran.err
        # Nor by the file of rejects, which goes away where there are none.
        again = given.rename(tmp_path / "r.rejects.ndjson")
        ran = run("fhir", "assess", again, "-o", given)
        assert (ran.code, again.read_bytes(), given.exists()) == (2, before, False)
        assert "r.rejects.ndjson is the file that is read" in ran.err

    @pytest.mark.parametrize("day", ["2027-02-30", "soon", "2027-3-1"])
    def test_a_day_that_is_none_is_wrong_usage(self, lines: list[str], tmp_path: Path, day: str) -> None:
        ran = run("fhir", "assess", written(tmp_path / "r.ndjson", lines[0]), "--date", day)
        assert (ran.code, ran.out) == (2, "")
        assert f"--date: '{day}' is no date" in ran.err

    def test_a_rulebook_of_ones_own_is_told_as_well(self) -> None:
        ran = run("fhir", "assess", MOULD / "intake.yaml", "--rulebook", MOULD)
        assert ran.code == 0, ran.err
        kinds = [each["resource"]["resourceType"] for each in json.loads(ran.out)["entry"]]
        assert kinds[0] == "GuidanceResponse"
        assert "Condition" not in kinds, "it names no symptom"


class TestLibrary:
    def test_it_comes_on_stdout_or_in_a_file(self, rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
        ran = run("fhir", "library")
        assert (ran.code, json.loads(ran.out)) == (0, library_of(rulebook))
        assert run("fhir", "library", "-o", tmp_path / "l.json").code == 0
        assert json.loads((tmp_path / "l.json").read_text(encoding="utf-8")) == library_of(rulebook)

    def test_it_is_of_the_rulebook_that_is_named(self) -> None:
        first = json.loads(run("fhir", "library", "--rulebook", MOULD).out)["entry"][0]
        assert first["fullUrl"] == "https://fhir.afterrun.invalid/PlanDefinition/mould-at-home"
