"""Codes that can mean two things, and a dictionary that says which."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from afterrun import Rulebook
from afterrun.batch import How, codes_told
from afterrun.batch.input.how import how_from
from afterrun.batch.templates.redcap import COLUMNS
from afterrun.errors import ProblemsError
from tests.support.batches.forms import CLINIC, read, written
from tests.support.batches.runs import batch


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


def _dictionary(folder: Path, *fields: tuple[str, str, str]) -> Path:
    path = folder / "dictionary.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        for name, kind, choices in fields:
            writer.writerow({COLUMNS[0]: name, COLUMNS[3]: kind, COLUMNS[5]: choices})
    return path


def test_a_dictionary_says_what_units_mean(rulebook: Rulebook, tmp_path: Path) -> None:
    given = ("volume_unit", "radio", "1, miles | 2, km | 3, leagues")
    how = How(dictionary=codes_told(str(_dictionary(tmp_path, given)))[1])
    rows = [{"record_id": str(each), "volume_unit": each, "volume_last_week": 30} for each in (1, 2, 3)]
    pl.DataFrame(rows).write_parquet(tmp_path / "in.parquet")
    for path in (
        written(tmp_path / "in.csv", ",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)),
        written(
            tmp_path / "in.jsonl", *(json.dumps(row | {"volume_unit": str(row["record_id"])}) for row in rows)
        ),
        tmp_path / "in.parquet",
    ):
        found = read(rulebook, path, how)
        units = [each.id for each in rulebook.quantities["volume"].units]
        assert [units[each] for each in found.frame["volume_unit"]] == ["mi", "km"], path
        (leagues,) = found.rejects
        assert leagues.reason.startswith("volume_unit: '3' is no unit"), path
        assert [units[each] for each in read(rulebook, path).frame["volume_unit"]] == ["km", "mi", "min"]


def test_a_dictionary_holds_for_keys_that_only_later_lines_have(rulebook: Rulebook, tmp_path: Path) -> None:
    given = ("volume_unit", "radio", "1, miles | 2, kilometres")
    how = How(dictionary=codes_told(str(_dictionary(tmp_path, given)))[1])
    early = [json.dumps({"age_years": 30})] * 1200
    late = json.dumps({"volume_unit": "1", "volume_last_week": 30})
    found = read(rulebook, written(tmp_path / "in.jsonl", *early, late), how)
    assert found.frame["volume_unit"].drop_nulls().to_list() == [1]


def _refuses(rulebook: Rulebook, path: Path, how: How) -> bool:
    """Whether a file is refused, or its last row."""
    try:
        return len(read(rulebook, path, how).rejects) == 1
    except ProblemsError:
        return True


def test_a_column_whose_code_the_dictionary_lacks_is_refused(rulebook: Rulebook, tmp_path: Path) -> None:
    first = rulebook.questions["equipment"].options[0]
    how = How(
        dictionary=codes_told(str(_dictionary(tmp_path, ("equipment", "checkbox", f"1, {first.text}"))))[1]
    )
    for name in ("equipment___2", "EQUIPMENT___99"):
        with pytest.raises(ProblemsError, match="the dictionary has no code"):
            read(rulebook, written(tmp_path / "in.csv", f"record_id,equipment___1,{name}", "a,0,1"), how)
        early = [json.dumps({"age_years": 30, "equipment___1": 0})] * 1200
        for before in ([], early):
            lines = written(tmp_path / "in.jsonl", *before, json.dumps({"equipment___1": 0, name: 1}))
            assert _refuses(rulebook, lines, how)
    by_name = written(tmp_path / "in.csv", f"record_id,equipment___{first.id},age_years", "a,1,30")
    assert read(rulebook, by_name, how).frame[f"equipment___{first.id}"].to_list() == [True]


def test_a_dictionary_says_what_codes_mean(rulebook: Rulebook, tmp_path: Path) -> None:
    texts = {each.id: each.text for each in rulebook.questions["pain_timing"].options}
    sites = {each.id: each.text for each in rulebook.questions["pain_site"].options}
    dictionary = _dictionary(
        tmp_path,
        ("age_years", "text", ""),
        ("pain_timing", "radio", f"0, {texts['during_only']} | 1, {texts['after_next_day']} | 7, Always"),
        ("relapses", "yesno", ""),
        ("pain_site", "checkbox", f"1, {sites['muscle']} | 9, {sites['outer_side']}"),
    )
    told = codes_told(str(dictionary))
    how = How(codes=told[0], dictionary=told[1])
    assert how_from(json.loads(json.dumps(how.as_json()))) == how
    rows = ("a,34,0,0,1,0", "b,34,1,0,0,1", "c,34,7,,0,0", "d,34,,1,0,0", "e,34,2,,0,0")
    header = "record_id,age_years,pain_timing,relapses,pain_site___1,pain_site___9"
    found = read(rulebook, written(tmp_path / "in.csv", header, *rows), how)
    options = [each.id for each in rulebook.questions["pain_timing"].options]
    assert [options[each] for each in found.frame["pain_timing"]] == ["during_only", "after_next_day"]
    assert found.frame["relapses"].to_list() == [0, 0]
    assert found.frame["pain_site___muscle"].to_list() == [True, False]
    assert found.frame["pain_site___outer_side"].to_list() == [False, True]
    assert [each.line for each in found.rejects] == [4, 5, 6]
    dictionary.write_text(
        dictionary.read_text(encoding="utf-8").replace(sites["muscle"], "Elsewhere"), encoding="utf-8"
    )
    refused = batch(tmp_path / "in.csv", tmp_path / "out", "--codes", dictionary)
    assert "by the dictionary it is 'Elsewhere', and no option of pain_site has these words" in refused.err
    assert (
        "is no data dictionary"
        in batch(tmp_path / "in.csv", tmp_path / "o", "--codes", tmp_path / "in.csv").err
    )


@pytest.mark.parametrize("kind", ["csv", "R's csv", "jsonl", "parquet"])
def test_what_other_programs_made_true_and_false_is_yes_and_no(
    rulebook: Rulebook, tmp_path: Path, kind: str
) -> None:
    """Readers of tables make Booleans of a column that holds but yes and no, and so of our own template."""
    frame = pl.DataFrame(
        {
            "age_years": [34, 35, 36],
            "injury_onset": [False, True, None],
            "strength_range": [False, True, None],
        }
    )
    path = tmp_path / f"in.{'csv' if 'csv' in kind else kind}"
    if kind == "parquet":
        frame.write_parquet(path)
    elif kind == "jsonl":
        frame.write_ndjson(path)
    else:
        text = frame.write_csv()
        text = text.replace("true", "TRUE").replace("false", "FALSE") if kind != "csv" else text
        path.write_text(text, encoding="utf-8")
    found = read(rulebook, path)
    first = 1 if kind in ("jsonl", "parquet") else 2
    assert found.frame["line"].to_list() == [first, first + 2]
    options = [each.id for each in rulebook.questions["injury_onset"].options]
    strengths = [each.id for each in rulebook.questions["strength_range"].options]
    assert found.frame["injury_onset"].to_list() == [options.index("no"), None]
    assert found.frame["strength_range"].to_list() == [strengths.index("no"), None]
    # True leaves open which; where one option is yes it is that one.
    (refused,) = found.rejects
    assert (refused.line, refused.question) == (first + 1, "injury_onset")


@pytest.mark.parametrize(
    "manner", ["warning_signs___{}", "warning_signs/{}", "g1/warning_signs/{}", "warning_signs[{}]"]
)
def test_codes_of_a_dictionary_hold_in_columns_of_any_manner(
    rulebook: Rulebook, tmp_path: Path, manner: str
) -> None:
    texts = {each.id: each.text for each in rulebook.questions["warning_signs"].options}
    # By place 1 would be another option than the one that the dictionary names.
    choices = (("1", texts["none"]), ("2", texts["fever_unwell"]))
    how = How(dictionary=(("warning_signs", choices),))
    names = [manner.format(code) for code in (1, 2)]
    for path in (
        written(tmp_path / "in.csv", ",".join(["record_id", *names]), "a,0,1"),
        written(tmp_path / "in.jsonl", json.dumps({"record_id": "a", names[0]: 0, names[1]: 1})),
    ):
        frame = read(rulebook, path, how).frame
        assert frame["warning_signs___fever_unwell"].to_list() == [True]
        assert frame["warning_signs___hot_red_joint"].to_list() == [None]
    with pytest.raises(ProblemsError, match="has no code 7 for warning_signs"):
        read(rulebook, written(tmp_path / "odd.csv", f"record_id,{manner.format(7)}", "a,1"), how)
