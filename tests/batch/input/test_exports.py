"""Exports of survey programs, other names, and JSON lines: what their columns and cells mean."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook, read_answers
from afterrun.batch import How, renames_in
from afterrun.batch.input.form.capitals import Words
from afterrun.batch.input.form.words import option_words, parts_of
from afterrun.batch.input.layout import row_of
from afterrun.batch.input.sources import find_inputs
from afterrun.errors import AfterrunError, ProblemsError, UnknownNameError
from tests.support.batches.files import expected, intakes
from tests.support.batches.forms import CLINIC, read, table, written
from tests.support.batches.runs import batch, differences, expected_row
from tests.support.batches.survey_exports import SHAPES, exported


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_an_export_means_what_its_intakes_mean(rulebook: Rulebook, tmp_path: Path, shape: str) -> None:
    rows = intakes(rulebook, 150, 5)
    path = tmp_path / "export.csv"
    path.write_bytes(exported(rulebook, rows, shape))
    found = read(rulebook, path)
    assert found.rejects == []
    wanted = expected(rulebook, rows, {"qualtrics": 4, "surveymonkey": 3}.get(shape, 2))
    assert list(found.frame.iter_rows(named=True)) == wanted


def test_the_manner_of_an_export_is_told(rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(exported(rulebook, intakes(rulebook, 2, 5), "redcap labels"))
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
    assert any("as REDCap writes them" in note for note in source.notes)
    assert any("by the rulebook's words" in note for note in source.notes)


def test_a_cell_of_several_is_read_in_one_way_or_not_at_all(rulebook: Rulebook) -> None:
    words = Words(option_words(rulebook.questions["warning_signs"]))
    hot, cold = "The knee is hot and red", "My foot is cold, pale or blue"
    for text in (f"{hot} {cold}", f"{hot};{cold}", f"{hot}, {cold}", f"{hot}\n{cold}", f"{hot} | {cold}"):
        assert parts_of(words, text) == [hot, cold], text
    assert parts_of(words, "2,8") == parts_of(words, "2 8") == ["2", "8"]
    assert parts_of(words, f"{hot};") == parts_of(words, f"['{hot}']") == [hot]
    assert parts_of(words, f"{hot};;{cold}") == [hot, "", cold]
    assert parts_of(Words({"a": 0, "a b": 1, "b": 2}), "a b") == ["a b"]
    assert parts_of(Words({"a": 0, "a b": 1, "b c": 2, "c": 3}), "a b c") == ["a b c"]


def test_words_of_two_questions_are_refused(rulebook: Rulebook, tmp_path: Path) -> None:
    questions = dict(rulebook.questions)
    questions["relapses"] = questions["relapses"].changed(ask=questions["injury_onset"].ask)
    twins = replace(rulebook, questions=questions)
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["record_id", questions["relapses"].ask], ["P1", "x"]])
    with pytest.raises(ProblemsError, match="these words are those of 'injury_onset' or 'relapses'"):
        read(twins, path)


def test_columns_are_renamed(rulebook: Rulebook, tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", "patient_id,AGE (years),x", "P1,34,1")
    yaml = written(tmp_path / "names.yaml", "patient_id: record_id", '"age (YEARS)": age_years')
    for told in ("patient_id=record_id, Age (years)=age_years", str(yaml)):
        found = read(rulebook, path, How(rename=renames_in(told)))
        assert found.frame.select("record_id", "age_years").row(0) == ("P1", 34_000_000)
    for told, error, said in (
        ("patient=record_id", ProblemsError, "no such column to rename. Did you mean 'patient_id'"),
        ("x=age_yers", UnknownNameError, "Did you mean 'age_years'"),
        ("x", AfterrunError, "is no pair"),
        ("missing.yaml", AfterrunError, "cannot be read"),
        (str(written(tmp_path / "list.yaml", "- x")), AfterrunError, "holds no names"),
        (str(written(tmp_path / "two.yaml", "x: [a, b]")), AfterrunError, "takes the name of one column"),
    ):
        with pytest.raises(error, match=said.replace("?", ".")):
            read(rulebook, path, How(rename=renames_in(told)))


def test_a_renamed_id_is_found_among_rejects_and_can_be_fed_back(rulebook: Rulebook, tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", "patient_id,age_years", "P1,340", "P2,34")
    told = ("--rename", "patient_id=record_id")
    assert batch(path, tmp_path / "out", *told).code == 1
    assert "the record 'P1' was refused" in batch("view", tmp_path / "out", "P1").err
    back = batch(tmp_path / "out" / "_rejects.csv", tmp_path / "again", *told)
    assert "340 is too large" in (tmp_path / "again" / "_rejects.csv").read_text(encoding="utf-8")
    assert back.code == 1


def test_a_kobo_export_may_write_options_in_both_its_ways(rulebook: Rulebook, tmp_path: Path) -> None:
    ran = batch(CLINIC / "b02_kobo_both.csv", tmp_path / "out")
    assert ran.code == 0
    assert "as Kobo writes them" in ran.err
    assert "warning_signs: has no column for tingling" in ran.err
    whole = batch(
        CLINIC / "b02_kobo_both.csv", tmp_path / "whole.jsonl",
        "--assume-asked", "warning_signs", "--assume-asked", "provoked_by",
    )  # fmt: skip
    assert whole.code == 0
    first = json.loads((tmp_path / "whole.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert differences(_of_b04(rulebook), first) == {}


def _of_b04(rulebook: Rulebook) -> dict[str, Any]:
    """The first person of the same story, read from the REDCap file by hand."""
    rows = table(CLINIC / "b04_redcap_repeating.csv")
    row = next(each for each in rows if each["age_years"])
    intake: dict[str, Any] = {"record_id": row["record_id"], "volume_unit": row["volume_unit"]}
    for question in rulebook.questions.values():
        cell = row.get(question.id)
        if cell:
            numeric = question.type in ("integer", "number")
            intake[question.id] = (
                cell.split(";") if question.type == "multi" else float(cell) if numeric else cell
            )
    wanted = expected_row(rulebook, intake)
    return {name: wanted[name] for name in ("record_id", "triage", "interventions")}


def test_json_lines_are_as_lenient_as_tables(rulebook: Rulebook, tmp_path: Path) -> None:
    plain = {"record_id": "P1", "age_years": 34, "pain_timing": "after_next_day", "provoked_by": ["squat"]}
    path = tmp_path / "in.jsonl"
    odd = [
        {"Record_ID": "P1", " AGE_years": "34", "pain_timing": 2, "provoked_by": "squat"},
        {"record_id": "P1", "age_years": 34.0, "pain_timing": "2", "provoked_by": [2]},
        {"record_id": "P1", "age_years": "34", "pain_timing": "Only the next day", "provoked_by": "2"},
    ]
    rows = [*odd, plain]
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    wanted = [row_of(rulebook, read_answers(rulebook, plain), line) for line in range(1, 5)]
    assert list(read(rulebook, path).frame.iter_rows(named=True)) == wanted


def test_options_as_keys_of_json_are_ticks(rulebook: Rulebook, tmp_path: Path) -> None:
    ticks: dict[str, object] = {
        f"provoked_by___{each.id}": False for each in rulebook.questions["provoked_by"].options
    }
    rows = [ticks | {"provoked_by___squat": True}, ticks | {"provoked_by___2": 1}, ticks]
    del rows[1]["provoked_by___squat"]
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    with pytest.raises(ProblemsError, match="the column is there twice"):
        read(rulebook, path)
    rows[1] = ticks | {"provoked_by___squat": "1"}
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    assert read(rulebook, path).frame["provoked_by___squat"].to_list() == [True, True, None]


def test_a_key_that_was_not_understood_stays_refused_until_it_is_mended(tmp_path: Path) -> None:
    given, out = CLINIC / "d07_misspelt_key.jsonl", tmp_path / "out"
    assert batch(given, out).code == 1
    for turn in ("again", "and again"):
        assert batch(out / "_rejects.csv", tmp_path / turn).code == 1
        (row,) = table(tmp_path / turn / "_rejects.csv")
        assert "'worst_pian=9' was not understood" in row["reject_reason"]
        out = tmp_path / turn
    mended = tmp_path / "mended.csv"
    with mended.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(row))
        writer.writeheader()
        writer.writerow(row | {"worst_pain": "9", "reject_unread": ""})
    assert batch(mended, tmp_path / "last").code == 0


STRANGERS = (
    "Mother's age when she began (age_years) in full",
    "Age of my partner (age_years)",
    "(age_years) of partner",
    "age_years: of your mother",
    "age_years. of your mother",
    "partner/age_years",
    "household/partner/age_years",
)


@pytest.mark.parametrize("name", STRANGERS)
def test_the_answer_of_somebody_else_is_not_the_persons_own(
    rulebook: Rulebook, tmp_path: Path, name: str
) -> None:
    beside = {"record_id": "P1", "worst_pain": "4"}
    for path in (
        written(tmp_path / "in.csv", f"record_id,worst_pain,{name}", "P1,4,61"),
        written(tmp_path / "in.jsonl", json.dumps(beside | {name: "61"})),
        written(tmp_path / "late.jsonl", *[json.dumps(beside)] * 1200, json.dumps(beside | {name: "61"})),
    ):
        found = read(rulebook, path)
        assert not found.frame["age_years"].drop_nulls().to_list(), path
        assert found.frame.height + len(found.rejects) == found.rows_in
    header = f"record_id,age_years,worst_pain,{name}"
    assert read(rulebook, written(tmp_path / "both.csv", header, "P1,30,4,61")).frame["age_years"][0] == 30e6


@pytest.mark.parametrize(
    "header",
    [
        "id. Response,age_years. Your age,worst_pain. Your pain,note",
        "Response (id),Your age (age_years),Your pain (worst_pain),note",
        "record_id,g1/age_years,g1/worst_pain,note",
        "record_id,g1/g2/age_years,g1/g2/worst_pain,note",
    ],
)
def test_what_most_headers_of_a_file_have_in_common_is_its_manner(
    rulebook: Rulebook, tmp_path: Path, header: str
) -> None:
    names, cells = header.split(","), ("P1", "30", "4", "x")
    for path in (
        written(tmp_path / "in.csv", header, ",".join(cells)),
        written(tmp_path / "in.jsonl", json.dumps(dict(zip(names, cells, strict=True)))),
    ):
        found = read(rulebook, path).frame
        assert found.select("age_years", "worst_pain").row(0) == (30_000_000, 4_000_000), path


def test_groups_of_one_form_that_ask_the_same_are_refused(rulebook: Rulebook, tmp_path: Path) -> None:
    header = "record_id,me/age_years,me/worst_pain,partner/age_years,partner/worst_pain"
    with pytest.raises(ProblemsError, match="there twice, as 'me/age_years' and 'partner/age_years'"):
        read(rulebook, written(tmp_path / "in.csv", header, "P1,30,4,61,2"))
