"""Answers in other spellings: capitals, ticks, decimal commas, and what programs make of ids."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from afterrun import Rulebook
from afterrun.batch import How
from afterrun.batch.input.form.capitals import Words
from afterrun.batch.input.sources import find_inputs
from afterrun.errors import ProblemsError
from tests.support.batches.files import by_line, expected, intakes, read_all
from tests.support.batches.forms import read, written

SITES = (
    "below_kneecap around_behind_kneecap above_kneecap outer_side inner_side back_of_knee shin_bump muscle"
)


def capital(value: Any) -> Any:
    """A value in capitals, lists by their items."""
    if isinstance(value, list):
        return [capital(each) for each in value]
    return value.upper() if isinstance(value, str) else value


def reasons(found: Any) -> dict[int, str]:
    return {each.line: each.reason for each in found.rejects}


def test_other_capitals_mean_the_same_in_every_format(rulebook: Rulebook, tmp_path: Path) -> None:
    rows = intakes(rulebook, 60, 11)
    loud = [
        {key.upper(): value if key == "record_id" else capital(value) for key, value in each.items()}
        for each in rows
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(each) + "\n" for each in loud), encoding="utf-8")
    assert list(read(rulebook, tmp_path / "in.jsonl").frame.iter_rows(named=True)) == expected(
        rulebook, rows, 1
    )
    names = list(dict.fromkeys(key for each in loud for key in each))
    cells = [
        {name: ";".join(each[name]) if isinstance(each.get(name), list) else each.get(name) for name in names}
        for each in loud
    ]
    frame = pl.DataFrame(
        {name: [None if row[name] is None else str(row[name]) for row in cells] for name in names}
    )
    frame.write_csv(tmp_path / "in.csv")
    frame.write_parquet(tmp_path / "in.parquet")
    for path, first in ((tmp_path / "in.csv", 2), (tmp_path / "in.parquet", 1)):
        found = read(rulebook, path)
        assert found.rejects == []
        assert list(found.frame.iter_rows(named=True)) == expected(rulebook, rows, first), path


def test_lines_written_alike_take_capitals_in_quotes_alone(rulebook: Rulebook, tmp_path: Path) -> None:
    lines = ['{"record_id": "a", "injury_onset": "No", "volume_unit": "KM"}'] * 3
    lines += ['{"record_id": "b", "injury_onset": NULL, "volume_unit": "km"}']
    lines += ['{"record_id": "c", "injury_onset": null, "volume_unit": "km"}']
    found = read(rulebook, written(tmp_path / "in.jsonl", *lines))
    assert found.frame["injury_onset"].to_list() == [0, 0, 0, None]
    assert [(each.line, each.kind) for each in found.rejects] == [(4, "not_json")]


def test_a_word_that_would_be_two_in_other_capitals_is_none() -> None:
    words = Words({"a": 0, "A": 1, "b": 2, "B b": 2})
    assert [words.meaning(each) for each in ("a", "A", "B", "b  B", "c")] == [0, 1, 2, 2, None]
    assert Words({"ab": 0, "aB": 1}).meaning("AB") is None


def test_the_nothing_of_a_program_is_not_the_option_none(rulebook: Rulebook, tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", "record_id,warning_signs,pain_site", "a,None,Muscle", "b,NONE,muscle")
    found = read(rulebook, path)
    assert found.frame["record_id"].to_list() == ["b"]
    assert "'None' may be the option none, or how a program writes" in reasons(found)[2]
    told = read(rulebook, path, How(na=("None",)))
    assert told.frame["warning_signs___none"].to_list() == [None, True]


@pytest.mark.parametrize("tick", ["x", "X", "✓", "CHECKED", "Ja", "oui", "on"])
def test_ticks_as_people_set_them(rulebook: Rulebook, tmp_path: Path, tick: str) -> None:
    header = ",".join(
        ["record_id", *(f"pain_site___{each}" for each in SITES.split()), "pain_site___cannot_localise"]
    )
    found = read(rulebook, written(tmp_path / "in.csv", header, f"a{',' * 8}{tick},"))
    assert found.frame["pain_site___muscle"].to_list() == [True]
    told = reasons(read(rulebook, written(tmp_path / "in.csv", header, f"a{',' * 8}maybe,")))
    assert "takes 1 or 0, or yes or no, not 'maybe'" in told[2]


def test_yes_and_no_of_other_languages_where_an_option_is_one(rulebook: Rulebook, tmp_path: Path) -> None:
    rows = ["record_id,injury_onset,strength_range", "a,nein,Ja", "b,Nein,nein", "c,ja,ja"]
    found = read(rulebook, written(tmp_path / "in.csv", *rows))
    assert found.frame.select("record_id", "injury_onset", "strength_range").rows() == [
        ("a", 0, 0),
        ("b", 0, 2),
    ]
    # There are several injuries that a plain yes may mean.
    assert "injury_onset: has no option 'ja'" in reasons(found)[4]


SPOILT = {
    "12345.0": "with a fraction",
    "1.23E+05": "rounded",
    "1,23E+05": "rounded",
    "3-May": "is a date",
    "Mar-05": "is a date",
}


@pytest.mark.parametrize("text", SPOILT)
def test_an_id_that_a_program_made_another_of_is_refused(
    rulebook: Rulebook, tmp_path: Path, text: str
) -> None:
    semicolons = written(
        tmp_path / "in.csv", "record_id;age_years", f"{text};34", "12E5;35", "1.5;36", "0012;37"
    )
    lines = [{"record_id": each, "age_years": 34} for each in (text, "12E5", "1.5", "0012")]
    for path in (semicolons, written(tmp_path / "in.jsonl", *map(json.dumps, lines))):
        found = read(rulebook, path)
        assert found.frame["record_id"].to_list() == ["12E5", "1.5", "0012"]
        (reject,) = found.rejects
        assert (SPOILT[text] in reject.reason, reject.question) == (True, "record_id")


NUMBERS: dict[str, tuple[How, list[Any]]] = {
    "found": (How(), [20.5, "either 1.234 or 1234", "either 1.234 or 1234", 1.234, 7.0, None]),
    "told a comma": (How(decimal=","), [20.5, 1.234, "is too large", 1.234, 7.0, None]),
    "told a point": (How(decimal="."), ["takes", "is too large", 1.234, 1.234, 7.0, None]),
}


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("alike", [True, False])
def test_numbers_of_json_as_text_are_read_as_those_of_tables(
    rulebook: Rulebook, tmp_path: Path, kind: str, alike: bool
) -> None:
    how, wanted = NUMBERS[kind]
    values = ["20,5", "1,234", "1.234", 1.234, "7", "NA"]
    lines = [
        {"record_id": str(at), "volume_unit": "km", "volume_goal": value}
        | ({} if alike or at % 2 else {"age_years": 30})
        for at, value in enumerate(values)
    ]
    na = How(na=("NA",)) if alike else How()
    path = written(tmp_path / "in.jsonl", *map(json.dumps, lines if not alike else lines[:5]))
    found = by_line(
        read_all(rulebook, path, tmp_path / "spool", how=how._replace(na=na.na if not alike else ()))
    )
    assert len(found) == (5 if alike else 6)
    for line, each in found.items():
        value = wanted[line - 1]
        if isinstance(value, str):
            assert not isinstance(each, dict)
            assert value in each.reason
        else:
            assert isinstance(each, dict), each
            assert each["volume_goal"] == (None if value is None else value * 1_000_000)


def test_what_is_found_of_json_and_of_parquet_is_told(rulebook: Rulebook, tmp_path: Path) -> None:
    rows = [
        {"record_id": "NA", "volume_unit": "km", "volume_goal": "20,5"},
        {"record_id": "b", "volume_unit": "NA", "volume_goal": ""},
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "in.parquet")
    for path in (written(tmp_path / "in.jsonl", *map(json.dumps, rows)), tmp_path / "in.parquet"):
        (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
        assert source.notes[:2] == (
            "its numbers have a decimal comma: 20,5 is read as 20.5",
            "NA is read as not answered, as R writes it",
        )
        assert read(rulebook, path).frame.select("record_id", "volume_goal").rows() == [
            ("NA", 20_500_000),
            ("b", None),
        ]


LATE = [
    {"record_id": "L1", "injury_onset": 1},
    {"record_id": "L2", "injury_onset": 0},
    {"record_id": "L3", "injury_onset": 3},
]


def test_codes_of_a_key_that_only_later_lines_have_are_doubted_and_told(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    first = [{"record_id": str(at), "age_years": 30} for at in range(2100)]
    path = written(tmp_path / "in.jsonl", *map(json.dumps, [*first, *LATE]))
    found = read(rulebook, path)
    assert [each.line for each in found.rejects] == [2101, 2102]
    assert all("1 may be the first option (no), and 1 may be yes" in each.reason for each in found.rejects)
    for codes, refused in (("places", [2102]), ("yes_no", [2101, 2103])):
        told = read(rulebook, path, How(codes=codes))  # type: ignore[arg-type]
        assert [each.line for each in told.rejects] == refused
    words = tuple((str(code), text) for code, text in enumerate(("No", "x", "Within the last 7 days")))
    told = read(rulebook, path, How(dictionary=(("injury_onset", words),)))
    assert [each.line for each in told.rejects] == [2101, 2103]


def test_first_lines_without_a_question_are_no_intakes_even_where_more_follow(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "in.jsonl", *[json.dumps({"name": "a", "note": "x"})] * 2100, json.dumps(LATE[0])
    )
    with pytest.raises(ProblemsError, match="no column is a question"):
        read(rulebook, path)
