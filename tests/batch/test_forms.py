"""What columns mean: exports of survey programs, codes that can mean two things, what was never asked."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook, assess, read_answers
from afterrun.batch import Columns, How, frame_of, renames_in, write_template
from afterrun.batch.input.form.words import option_words, parts_of
from afterrun.batch.input.layout import answers_in, row_of
from afterrun.batch.input.sources import chunks, find_inputs
from afterrun.batch.read.readers import read_chunk
from afterrun.batch.read.reading import ChunkRead
from afterrun.batch.redcap import COLUMNS
from afterrun.errors import AfterrunError, ProblemsError, UnknownNameError
from afterrun.intake import PartlyAsked
from afterrun.rulebook import engine_of
from tests.support.batch_files import expected, intakes
from tests.support.batch_runs import batch, differences, expected_row
from tests.support.intakes_random import CALM, random_intake
from tests.support.paths import ROOT
from tests.support.survey_exports import SHAPES, exported

CLINIC = ROOT / "tests" / "data" / "clinic"


def read(rulebook: Rulebook, path: Path, how: How = How()) -> ChunkRead:  # noqa: B008
    """A small file, read whole."""
    (source,) = find_inputs(rulebook, [path], path.parent / "spool", how=how)
    (chunk,) = chunks(source, 100_000)
    return read_chunk(rulebook, source, chunk)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# --- exports ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_an_export_means_what_its_intakes_mean(rulebook: Rulebook, tmp_path: Path, shape: str) -> None:
    rows = intakes(rulebook, 150, 5)
    path = tmp_path / "export.csv"
    path.write_bytes(exported(rulebook, rows, shape))
    found = read(rulebook, path)
    assert found.rejects == []
    wanted = expected(rulebook, rows, 4 if shape == "qualtrics" else 2)
    assert list(found.frame.iter_rows(named=True)) == wanted


def test_the_manner_of_an_export_is_told(rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(exported(rulebook, intakes(rulebook, 2, 5), "redcap labels"))
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
    assert any("as REDCap writes them" in note for note in source.notes)
    assert any("by the rulebook's words" in note for note in source.notes)


def test_a_cell_of_several_is_read_in_one_way_or_not_at_all(rulebook: Rulebook) -> None:
    words = option_words(rulebook.questions["warning_signs"])
    hot, cold = "The knee is hot and red", "My foot is cold, pale or blue"
    for text in (f"{hot} {cold}", f"{hot};{cold}", f"{hot}, {cold}", f"{hot}\n{cold}", f"{hot} | {cold}"):
        assert parts_of(words, text) == [hot, cold], text
    assert parts_of(words, "2,8") == parts_of(words, "2 8") == ["2", "8"]
    assert parts_of(words, f"{hot};") == [hot, ""]
    assert parts_of({"a": 0, "a b": 1, "b": 2}, "a b") == ["a b"]
    assert parts_of({"a": 0, "a b": 1, "b c": 2, "c": 3}, "a b c") == ["a b c"]


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


# --- JSON lines ---------------------------------------------------------------------------------


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


# --- codes --------------------------------------------------------------------------------------


def test_yes_and_no_in_numbers_are_refused_until_somebody_says_what_they_mean(tmp_path: Path) -> None:
    given = CLINIC / "d08_yes_no_codes.csv"
    refused = batch(given, tmp_path / "out")
    assert refused.code == 2
    for reading in (
        "injury_onset: 1 may be the first option (no)",
        "1 may be yes and 0 no",
        "--codes yes_no",
    ):
        assert reading in refused.err
    assert not (tmp_path / "out").exists()
    assert "self_care" in batch(given, tmp_path / "out", "--codes", "places").out
    plain = batch(given, tmp_path / "yes", "--codes", "yes_no")
    assert plain.code == 1
    rejects = (tmp_path / "yes" / "_rejects.csv").read_text(encoding="utf-8")
    assert "leaves open which: within_week, within_six_weeks, older" in rejects


CODED = {
    "places, since there is a 2": ("relapses", ["1", "2"], "", ["never", "once"]),
    "words, and 1 among them": ("relapses", ["never", "1"], "", ["never", None]),
    "yes and no": ("injury_onset", ["0", "0.0"], "yes_no", ["no", "no"]),
    "places all the same": ("relapses", ["1", "1"], "places", ["never", "never"]),
    "a 0 is no place": ("pain_timing", ["1", "0"], "places", ["after_within_hours", None]),
    "yes and no beside places": (
        "pain_timing",
        ["1", "2"],
        "yes_no",
        ["after_within_hours", "after_next_day"],
    ),
}


@pytest.mark.parametrize("name", CODED)
def test_codes_are_read_as_told_or_as_is_clear(rulebook: Rulebook, tmp_path: Path, name: str) -> None:
    question, cells, codes, wanted = CODED[name]
    path = written(tmp_path / "in.csv", f"record_id,age_years,{question}", *(f",34,{each}" for each in cells))
    found = read(rulebook, path, How(codes=codes))  # type: ignore[arg-type]
    options = [each.id for each in rulebook.questions[question].options]
    by_line = dict(zip(found.frame["line"], found.frame[question], strict=True))
    assert [options[by_line[line]] if line in by_line else None for line in (2, 3)] == wanted


@pytest.mark.parametrize(
    ("question", "cells", "said"),
    [
        ("relapses", "1 1", "1 may be the first option"),
        ("pain_timing", "0 1", "1 may be the first option"),
        ("pain_timing", "0 3", "holds the code 0, and no 6"),
        ("provoked_by", "0 1", "1 may be the first option"),
    ],
)
def test_codes_that_may_be_others_are_refused(
    rulebook: Rulebook, tmp_path: Path, question: str, cells: str, said: str
) -> None:
    lines = [f",34,{each}" for each in cells.split()]
    for path in (
        written(tmp_path / "in.csv", f"record_id,age_years,{question}", *lines),
        written(tmp_path / "in.jsonl", *(json.dumps({question: int(each)}) for each in cells.split())),
    ):
        with pytest.raises(ProblemsError, match=said):
            read(rulebook, path)


# --- what was never asked -----------------------------------------------------------------------


def test_what_nobody_was_asked_is_open_told_and_counted(tmp_path: Path) -> None:
    given = CLINIC / "d05_form_without_8_options.csv"
    ran = batch(given, tmp_path / "out")
    assert "warning_signs: has no column for hot_red_joint" in ran.err
    assert "--assume-asked warning_signs" in ran.err
    assert "has no column for the questions" in ran.err
    assert "incomplete" in ran.out
    assert "Never asked" in ran.out
    told = json.loads(batch("summary", tmp_path / "out", "--format", "json").out)["not_asked"]
    assert told["warning_signs___calf_swollen"] == told["load_change"] == 1
    assert "warning_signs___none" not in told
    batch("summary", tmp_path / "out", "--html", tmp_path / "page.html")
    assert "Never asked" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert batch("view", tmp_path / "out", "P1").code == 0
    assumed = batch(given, tmp_path / "assumed", "--assume-asked", "warning_signs")
    assert "self_care" in assumed.out
    assert "warning_signs___" not in assumed.out
    assert (
        "no question of several options 'warning_sign'"
        in batch(given, tmp_path / "typo", "--assume-asked", "warning_sign").err
    )


def test_a_sign_that_was_ticked_counts_all_the_same(rulebook: Rulebook, tmp_path: Path) -> None:
    header, row = (CLINIC / "d05_form_without_8_options.csv").read_text(encoding="utf-8").splitlines()
    path = written(
        tmp_path / "in.csv", header, row.removesuffix("0,1") + "1,0", row.removesuffix("0,1") + "0,0"
    )
    frame = read(rulebook, path).frame
    fired, blank = engine_of(rulebook, Columns).decide(frame)["triage"].to_list()
    assert (fired, blank) == ("urgent", "incomplete")
    ticks = {
        name: frame[f"warning_signs___{name}"].to_list() for name in ("fever_unwell", "none", "dark_urine")
    }
    assert ticks == {"fever_unwell": [True, None], "none": [None, None], "dark_urine": [None, None]}


@pytest.mark.slow
def test_options_that_were_not_asked_are_open_in_columns_as_in_proofs(rulebook: Rulebook) -> None:
    chance = random.Random(7)
    for question in rulebook.questions.values():
        if question.type != "multi":
            continue
        gone = set(chance.sample([each.id for each in question.options], 3))
        answers = []
        for _ in range(6):
            whole = read_answers(rulebook, random_intake(rulebook, chance, CALM))
            values = dict(whole.values)
            if question.id in values:
                ticked = values[question.id]
                assert isinstance(ticked, frozenset)
                values[question.id] = PartlyAsked(ticked - gone, gone)
            answers.append(whole._replace(values=values))
        frame = frame_of(rulebook, answers)
        for stored, row in zip(
            engine_of(rulebook, Columns).decide(frame).iter_rows(named=True),
            frame.iter_rows(named=True),
            strict=True,
        ):
            result = assess(rulebook, answers_in(rulebook, row))
            assert stored["triage"] == result.triage
            assert stored["open_questions"] == ";".join(result.open_questions)
            assert stored["interventions"] == ";".join(result.interventions)


# --- rows of one record -------------------------------------------------------------------------


def test_rows_of_one_record_are_told_apart_and_its_other_forms_are_nobody(tmp_path: Path) -> None:
    ran = batch(CLINIC / "b04_redcap_repeating.csv", tmp_path / "out.csv")
    assert ran.code == 0
    assert "6 rows in = 3 rows out + 0 rejected + 3 blank" in ran.out
    assert "tells the rows of one record_id apart by 'redcap_event_name'" in ran.err
    rows = table(tmp_path / "out.csv")
    assert [(row["record_id"], row["occasion"]) for row in rows] == [
        (f"P{each}", "visit_1_arm_1/knee_intake/1") for each in (1, 2, 3)
    ]
    assert batch("view", tmp_path / "out.csv", "P2").code == 0


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_only_the_same_row_of_a_record_comes_twice(rulebook: Rulebook, tmp_path: Path, form: str) -> None:
    keys = ["record_id", "redcap_event_name", "redcap_repeat_instance", "visit", "age_years"]
    rows = [
        ["P1", "a", "1", "x", "34"],
        ["P1", "a", "2", "x", "34"],
        ["P1", "b", "1", "y", "34"],
        ["P1", "a", "1", "z", "34"],
        ["P1", "a/1", "", "x", "34"],
        ["P1", "", "", "", ""],
    ]
    path = tmp_path / f"in.{form}"
    if form == "csv":
        written(path, ",".join(keys), *(",".join(row) for row in rows))
    else:
        written(path, *(json.dumps(dict(zip(keys, row, strict=True))) for row in rows))
    first = 2 if form == "csv" else 1
    for told, refused in (((), [3]), (("--key", "visit"), [1, 4])):
        out = tmp_path / f"out{len(told)}"
        ran = batch(path, out, *told)
        assert f"{6 - 1 - len(refused)} rows out + {len(refused)} rejected + 1 blank" in ran.out
        rejects = table(out / "_rejects.csv")
        assert [int(row["reject_line"]) - first for row in rejects] == refused
        twice = batch("view", out, "P1").err
        assert "rows of" in twice
        assert f"line {first} (" in twice
    assert "so --key cannot tell rows apart" in batch(path, tmp_path / "o", "--key", "age_years").err
    assert "there is no such column for --key" in batch(path, tmp_path / "o", "--key", "visits").err


def test_a_row_is_found_by_its_record_first(tmp_path: Path) -> None:
    given, out = CLINIC / "d06_numeric_ids.csv", tmp_path / "out"
    assert batch(given, out).code == 1
    refused = batch("view", out, "3")
    assert refused.code == 2
    assert "the record '3' was refused:" in refused.err
    assert "340 is too large" in refused.err
    assert (
        batch("view", out, "1")
        .out.splitlines()[0]
        .endswith("line 3: the stored row is what the rulebook says.")
    )
    assert "no record is called '4': this is line 4" in batch("view", out, "4").out
    assert batch("view", out, "3", "--file", given).code == 0
    told = json.loads(batch("view", out, "4", "--format", "json").out)
    assert told["notes"] == ["no record is called '4': this is line 4"]


def test_rejects_that_were_mended_in_place_are_not_written_over(tmp_path: Path) -> None:
    given, out = CLINIC / "d06_numeric_ids.csv", tmp_path / "out"
    batch(given, out)
    mended = (out / "_rejects.csv").read_text(encoding="utf-8").replace("3,340", "3,34")
    (out / "_rejects.csv").write_text(mended, encoding="utf-8")
    assert batch(given, out).code == 1
    next(out.rglob("part-*.parquet")).unlink()
    refused = batch(given, out)
    assert refused.code == 2
    assert "was changed since it was written, and would be written over: move it" in refused.err
    assert (out / "_rejects.csv").read_text(encoding="utf-8") == mended
    (out / "_rejects.csv").rename(tmp_path / "mended.csv")
    assert batch(given, out).code == 1
    assert batch(tmp_path / "mended.csv", tmp_path / "more").code == 0


# --- REDCap -------------------------------------------------------------------------------------


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


# --- pseudonyms ---------------------------------------------------------------------------------


def test_with_a_key_no_id_is_left_anywhere(tmp_path: Path) -> None:
    ids = [f"CANARY-{each}" for each in range(6)]
    path = written(
        tmp_path / "in.csv",
        "record_id,age_years,note",
        f"{ids[0]},34,about {ids[0]}",
        f"{ids[1]},340,about {ids[1]}",
        f"{ids[0]},35,",
        f'"{ids[2]},34,',
        f"{ids[3]}{'x' * 300},34,",
        f"{ids[4]},34,",
    )
    odd = written(
        tmp_path / "odd.jsonl", json.dumps({"recordid": ids[5], "age_years": 34}), '{"age_years": 3}'
    )
    key, out = tmp_path / "key", tmp_path / "out"
    ran = batch(path, odd, out, "--pseudonymise", key)
    assert ran.code == 1
    assert key.stat().st_mode & 0o777 == 0o600
    for file in out.rglob("*"):
        assert not file.is_file() or b"CANARY" not in file.read_bytes(), file
    assert "CANARY" not in ran.out + ran.err
    assert "was refused" in batch("view", out, ids[1], "--pseudonymise", key).err
    found = batch("view", out, ids[0], "--pseudonymise", key)
    assert found.code == 0
    assert "another row of 'CANARY-0' was refused" in found.out
    assert "ids were replaced by pseudonyms" in batch("view", out, ids[0]).err
    other = tmp_path / "other"
    other.write_bytes(b"k" * 40)
    other.chmod(0o600)
    assert "give the key that made them" in batch("view", out, ids[0], "--pseudonymise", other).err
    assert "--pseudonyms was" in batch(path, odd, out, "--pseudonymise", other).err
    # What is fed back keeps its pseudonyms.
    rejects = (out / "_rejects.csv").read_text(encoding="utf-8").replace(",340,", ",34,")
    mended = written(tmp_path / "mended.csv", *rejects.splitlines()[:2])
    assert batch(mended, tmp_path / "more.csv", "--pseudonymise", key).code == 0
    assert rejects.splitlines()[1].split("pid-")[1][:32] in (tmp_path / "more.csv").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [(b"short", 0o600, "holds 5 bytes"), (b"k" * 40, 0o644, "others may read this key")],
)
def test_a_key_that_keeps_no_secret_is_refused(tmp_path: Path, content: bytes, mode: int, said: str) -> None:
    key = tmp_path / "key"
    key.write_bytes(content)
    key.chmod(mode)
    ran = batch(CLINIC / "d06_numeric_ids.csv", tmp_path / "out", "--pseudonymise", key)
    assert ran.code == 2
    assert said in ran.err


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
