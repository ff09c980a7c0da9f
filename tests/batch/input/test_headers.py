"""Headers as people write them: near a name of ours, below a title, not there at all."""

from __future__ import annotations

import csv
import io
import json
import shlex
from pathlib import Path

import polars as pl
import pytest

from afterrun import Rulebook
from afterrun.batch import How, renames_in
from afterrun.batch.input.form.near import rename_words
from afterrun.batch.input.sources import find_inputs
from afterrun.errors import ProblemsError
from tests.support.batches.files import expected, intakes, read_all
from tests.support.batches.forms import read, written
from tests.support.batches.runs import batch, write_csv
from tests.support.batches.survey_exports import exported


def notes(rulebook: Rulebook, path: Path) -> str:
    (source,) = find_inputs(rulebook, [path], path.parent / "notes")
    return "\n".join(source.notes)


@pytest.mark.parametrize(
    "name", ["Age Years", "age-years", "Age (years)", "age.years", "AgeYears", "AGE__YEARS?"]
)
def test_a_name_of_ours_but_for_its_signs_is_taken_and_told(
    rulebook: Rulebook, tmp_path: Path, name: str
) -> None:
    for path in (
        written(tmp_path / "in.csv", f"record_id,{name},note", "a,34,x"),
        written(tmp_path / "in.jsonl", json.dumps({"record_id": "a", name: 34, "note": "x"})),
    ):
        assert read(rulebook, path).frame.select("record_id", "age_years").rows() == [("a", 34_000_000)]
        assert f"'{name}' for age_years" in notes(rulebook, path)
    with pytest.raises(ProblemsError, match="there twice, as 'age_years' and '"):
        read(rulebook, written(tmp_path / "both.csv", f"age_years,{name}", "34,35"))


def test_a_line_of_json_may_write_a_key_otherwise_than_the_rest(rulebook: Rulebook, tmp_path: Path) -> None:
    lines = ['{"age_years": 34}', '{"Age years": 35}', '{"age_years": 36, "Age years": 37}']
    found = read(rulebook, written(tmp_path / "in.jsonl", *lines))
    assert found.frame["age_years"].to_list() == [34_000_000, 35_000_000]
    assert ["is there twice" in each.reason for each in found.rejects] == [True]


def test_what_may_be_meant_is_told_as_it_is_typed(rulebook: Rulebook, tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", "Patient,Age,Site of pain,Unit,note", "a,34,muscle,km,x")
    run = batch(path, tmp_path / "out.jsonl")
    assert run.code == 2
    told = '--rename "Patient=record_id,Age=age_years,Site of pain=pain_site,Unit=volume_unit"'
    assert "no column is a question: 'Patient', 'Age', 'Site of pain', 'Unit', 'note'" in run.err
    assert told in " ".join(run.err.split())
    assert batch(path, tmp_path / "out.jsonl", *shlex.split(told)).code == 0
    slip = batch(written(tmp_path / "slip.csv", "record_id,age_in_years", "a,34"), tmp_path / "slip")
    assert (slip.code, '--rename "age_in_years=age_years"' in " ".join(slip.err.split())) == (2, True)
    loose = batch(
        written(tmp_path / "loose.csv", "record_id,Age,worst_pain", "a,34,3"), tmp_path / "loose.jsonl"
    )
    assert loose.code == 0
    shown = " ".join(loose.err.split())
    assert "passed over 'Age': no question has this name; if age_years is meant, add " in shown
    assert '--rename "Age=age_years"' in shown
    none = batch(written(tmp_path / "none.csv", "xyzzy", "a"), tmp_path / "none")
    assert "say which are with --rename THEIRS=OURS" in " ".join(none.err.split())


def test_the_option_is_what_a_shell_takes(tmp_path: Path) -> None:
    odd = {
        "a=b": "age_years",
        'say "x"': "pain_site",
        "x, y": "relapses",
        "$A": "equipment",
        " Q ": "weeks_off",
    }
    option, words = shlex.split(rename_words(odd))
    assert option == "--rename"
    assert renames_in(words) == (
        ("a=b", "age_years"),
        ('say "x"', "pain_site"),
        ("$A", "equipment"),
        ("Q", "weeks_off"),
    )
    assert rename_words({"x, y": "relapses"}) == ""


TITLES = {
    "one": ("Export of 3 March\n\n", 1, 3),
    "some": ('"Knee study, all sites"\nby: anna, bob\n,,,\nopen "quote\n', 3, 5),
    "of separators": ("Export;;;\n;;\n", 1, 3),
    "over two lines": ('"Export\nof March"\n', 1, 3),
}


@pytest.mark.parametrize("kind", TITLES)
def test_titles_above_a_header_are_passed_over_and_told(
    rulebook: Rulebook, tmp_path: Path, kind: str
) -> None:
    titles, count, line = TITLES[kind]
    rows = intakes(rulebook, 20, 3)
    table = write_csv(tmp_path / "plain.csv", rulebook, rows).read_text(encoding="utf-8")
    (tmp_path / "in.csv").write_text(titles + table, encoding="utf-8")
    found = read_all(rulebook, tmp_path / "in.csv", tmp_path / "spool", 7)
    assert list(found.frame.iter_rows(named=True)) == expected(rulebook, rows, line + 1)
    assert f"passed over {count} row{'s' * (count > 1)} above its header in line {line}" in notes(
        rulebook, tmp_path / "in.csv"
    )


def test_a_row_that_names_one_column_is_no_header(rulebook: Rulebook, tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", "name,topic", "a,equipment", "b,relapses")
    with pytest.raises(ProblemsError, match="no column is a question: 'name', 'topic'"):
        read(rulebook, path)
    titled = written(tmp_path / "titled.csv", "Our study", "Patient;Age", "a;34")
    renamed = How(rename=(("Patient", "record_id"), ("Age", "age_years")))
    assert read(rulebook, titled, renamed).frame.select("record_id", "line").rows() == [("a", 3)]


def test_three_rows_of_header_of_which_the_first_names_nothing(rulebook: Rulebook, tmp_path: Path) -> None:
    rows = intakes(rulebook, 20, 5)
    text = exported(rulebook, rows, "qualtrics").replace(b"record_id,", b"Q0,", 1)
    for titles in (b"", b"Our study\r\n"):
        (tmp_path / "in.csv").write_bytes(titles + text)
        found = read_all(rulebook, tmp_path / "in.csv", tmp_path / "spool")
        assert found.rejects == []
        assert list(found.frame.iter_rows(named=True)) == expected(rulebook, rows, 5 if titles else 4)
        assert ("passed over 1 row above" in notes(rulebook, tmp_path / "in.csv")) == bool(titles)


@pytest.mark.parametrize(
    "header",
    [
        "g1-age_years,g1-worst_pain",
        "data:g1:age_years,data:g1:worst_pain",
        "answers.age_years,answers.worst_pain",
        "Q1. How old are you?,G01Q02. How bad was the worst pain in the last 7 days?",
        "How old are you? (Q1),How bad was the worst pain in the last 7 days? (Q2)",
        "ageyears. Your age,worstpain. Your pain",
    ],
)
def test_groups_and_codes_of_any_program_are_taken_off(
    rulebook: Rulebook, tmp_path: Path, header: str
) -> None:
    found = read(rulebook, written(tmp_path / "in.csv", f"{header},note", "30,4,x")).frame
    assert found.select("age_years", "worst_pain").row(0) == (30_000_000, 4_000_000)


@pytest.mark.parametrize(
    "header",
    ["partner-age_years,worst_pain", "mother. How old are you?,mother. Does the knee do any of this?"],
)
def test_what_no_other_column_has_in_front_is_no_group(
    rulebook: Rulebook, tmp_path: Path, header: str
) -> None:
    path = written(tmp_path / "in.csv", f"record_id,relapses,{header}", "a,once,61,4")
    found = read(rulebook, path).frame
    assert found["age_years"].to_list() == [None]
    assert f"passed over '{header.split(',')[0]}'" in notes(rulebook, path)


def test_options_in_a_second_row_of_header_are_those_of_the_question_above(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "in.csv",
        "record_id,Where is it? Choose up to two places.,,,worst_pain",
        ",On the outer side of the knee,On the inner side of the knee,Other (please specify),Response",
        "a,On the outer side of the knee,On the inner side of the knee,,4",
        "b,,On the inner side of the knee,toe,",
    )
    found = read(rulebook, path)
    chosen = found.frame.select("line", "pain_site___outer_side", "pain_site___inner_side").rows()
    assert chosen == [(3, True, True), (4, False, True)]
    assert found.rejects == []
    # What was told in words beside the options is of nobody's columns.
    assert "passed over 'Where is it? Choose up to two places. | " in notes(rulebook, path)


def test_a_person_below_the_names_is_no_header(rulebook: Rulebook, tmp_path: Path) -> None:
    """Words of options stand in a row of answers as well; what stands below a column of its own tells."""
    words = [option.text for option in rulebook.questions["warning_signs"].options[:2]]
    rows = [["record_id", "age_years", "warning_signs", ""], ["p1", "34", *words], ["p2", "40", "", ""]]
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    found = read(rulebook, path)
    assert found.frame.height + len(found.rejects) == 2
    assert found.frame["record_id"].to_list() == ["p1", "p2"]
    assert found.frame["warning_signs___fever_unwell"].to_list() == [True, None]
    assert "passed over column 4" in notes(rulebook, path)


def test_cells_below_no_name_are_told(rulebook: Rulebook, tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", ",record_id,age_years,,", "1,a,34,,below")
    assert "passed over column 1, 5: they have no name" in notes(rulebook, path)
    assert "no name" not in notes(rulebook, written(tmp_path / "blank.csv", "record_id,age_years,", "a,34,"))


def test_columns_of_events_are_not_what_a_persons_name_may_mean(rulebook: Rulebook, tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", "record_id,age_years,Name", "a,34,Ann")
    assert "redcap" not in notes(rulebook, path)


@pytest.mark.parametrize(
    ("program", "said"), [("qualtrics", "first two rows are"), ("surveymonkey", "first row is")]
)
def test_rows_of_header_that_became_rows_of_a_table_stop_it(
    rulebook: Rulebook, tmp_path: Path, program: str, said: str
) -> None:
    """What another program made of the export lacks the names of most options, and ticks would be lost."""
    head, *rows = csv.reader(io.StringIO(exported(rulebook, intakes(rulebook, 5, 5), program).decode()))
    names = [name or f"Unnamed: {at}" for at, name in enumerate(head)]
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    table.write_parquet(tmp_path / "in.parquet")
    table.write_ndjson(tmp_path / "in.jsonl")
    for file in ("in.parquet", "in.jsonl"):
        ran = batch(tmp_path / file, tmp_path / "out.csv")
        assert (ran.code, f"its {said} header, too" in ran.err) == (2, True)


def test_objects_that_hold_no_answer_but_an_id_are_no_intakes(tmp_path: Path) -> None:
    """They would be people who answered nothing."""
    path = tmp_path / "in.jsonl"
    path.write_text('{"record_id": "a", "Q1": 34}\n' * 2, encoding="utf-8")
    assert "no column is a question: 'record_id', 'Q1'" in batch(path, tmp_path / "out.csv").err
    path.write_text('{"record_id": "a"}\n', encoding="utf-8")
    assert batch(path, tmp_path / "out.csv").out.startswith("1 rows in = 1 rows out")
