"""Tables in: each row becomes the checked intake that `assess` would take, or a reject with its reason."""

from __future__ import annotations

import csv
import json
import random
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest

from afterrun import Rulebook
from afterrun.batch.input.form.cells import SPOILT_ID
from afterrun.batch.input.sources import find_inputs
from afterrun.errors import ProblemsError
from tests.support.batches.files import (
    HOSTILE,
    MANNERS,
    alone,
    cells_of,
    columns_of,
    csv_bytes,
    expected,
    hostile_cells,
    intakes,
    json_lines,
    json_verdicts,
    read_all,
    verdicts,
)


@pytest.mark.slow
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["bare", "quoted"])
@pytest.mark.parametrize("manner", MANNERS)
def test_a_table_means_what_its_intakes_mean(
    rulebook: Rulebook, tmp_path: Path, manner: str, quoting: Literal[0, 1]
) -> None:
    rows, chance = intakes(rulebook, 800, 3), random.Random(4)
    cells = [cells_of(rulebook, each, chance, manner) for each in rows]
    (tmp_path / "in.csv").write_bytes(csv_bytes(cells, chance, manner, quoting))
    read = read_all(rulebook, tmp_path / "in.csv", tmp_path)
    assert read.rejects == []
    assert read.frame.to_dicts() == expected(rulebook, rows)


@pytest.mark.slow
def test_json_lines_mean_what_their_intakes_mean(rulebook: Rulebook, tmp_path: Path) -> None:
    rows = intakes(rulebook, 1500, 5)
    (tmp_path / "in.jsonl").write_bytes(json_lines(rows))
    read = read_all(rulebook, tmp_path / "in.jsonl", tmp_path)
    assert read.rejects == []
    assert read.frame.to_dicts() == expected(rulebook, rows, 1)


@pytest.mark.slow
@pytest.mark.parametrize("manner", MANNERS)
def test_parquet_of_text_means_what_its_intakes_mean(rulebook: Rulebook, tmp_path: Path, manner: str) -> None:
    rows, chance = intakes(rulebook, 500, 6), random.Random(7)
    cells = [cells_of(rulebook, each, chance, manner) for each in rows]
    pl.DataFrame(cells).write_parquet(tmp_path / "in.parquet")
    read = read_all(rulebook, tmp_path / "in.parquet", tmp_path)
    assert read.rejects == []
    assert read.frame.to_dicts() == expected(rulebook, rows, 1)


def typed(rulebook: Rulebook, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Columns as a data engineer types them: numbers, categories, lists, and one Boolean per option."""
    frame = {}
    for name in columns_of(rulebook, "plain"):
        question = rulebook.questions.get(name)
        values = [None if row.get(name) in ("", []) else row.get(name) for row in rows]
        if question is None or question.type == "single":
            frame[name] = pl.Series(values, dtype=pl.Categorical if question else pl.String)
        elif question.type == "multi" and len(frame) % 2:
            frame[name] = pl.Series(values, dtype=pl.List(pl.String))
        elif question.type == "multi":
            for option in question.options:
                ticks = [None if each is None else option.id in each for each in values]
                dtype = pl.Boolean if len(option.id) % 2 else pl.Float32
                frame[f"{name}___{option.id}"] = pl.Series(ticks, dtype=pl.Boolean).cast(dtype)
        elif "unknown" in values:
            frame[name] = pl.Series([None if each is None else str(each) for each in values])
        else:
            frame[name] = pl.Series(values, dtype=pl.Float64)
    return pl.DataFrame(frame)


def test_typed_parquet_means_what_its_intakes_mean(rulebook: Rulebook, tmp_path: Path) -> None:
    rows = intakes(rulebook, 500, 8)
    typed(rulebook, rows).write_parquet(tmp_path / "in.parquet")
    read = read_all(rulebook, tmp_path / "in.parquet", tmp_path)
    assert read.rejects == []
    assert read.frame.to_dicts() == expected(rulebook, rows, 1)


def test_odd_typed_values_are_judged_as_one_row_alone_is(rulebook: Rulebook, tmp_path: Path) -> None:
    lists: list[Any] = [
        None,
        [],
        ["squat"],
        ["squat", "stairs"],
        ["squat", "squat"],
        ["2", "squat"],
        [" squat"],
        [""],
    ]
    lists += [
        [None],
        ["squat", None],
        ["squat;stairs"],
        ["nothing"],
        ["3", "3", "stairs"],
        ["none"] * 5,
        ["kneeling"],
    ]
    numbers = [
        None,
        4.0,
        4.5,
        float("nan"),
        float("inf"),
        -1.0,
        10.0,
        10.0000004,
        10.0000006,
        1e300,
        1e-50,
        0.0,
        -0.0,
        11,
        3,
    ]
    codes = [None, 1, 2, 3, 4, 5, 0, -1, 1, 2, 3, 2**40, 1, 2, 3]
    ids = [None, 1.0, 2.5, float("nan"), 3.0, 1e18, *map(float, range(9))]
    frame = pl.DataFrame(
        {
            "record_id": pl.Series(ids, dtype=pl.Float64),
            "provoked_by": pl.Series(lists, dtype=pl.List(pl.String)),
            "worst_pain": pl.Series(numbers, dtype=pl.Float64),
            "relapses": pl.Series(codes, dtype=pl.Int64),
        }
    )
    chance = random.Random(3)
    frame = frame.select(
        each.sample(400, with_replacement=True, seed=chance.randint(0, 99)) for each in frame
    )
    frame.write_parquet(tmp_path / "in.parquet")
    wanted = {line: alone(rulebook, row, line) for line, row in enumerate(frame.to_dicts(), 1)}
    assert verdicts(read_all(rulebook, tmp_path / "in.parquet", tmp_path)) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("kind", ["bare", "quoted", "parquet"])
def test_odd_cells_are_judged_as_one_row_alone_is(
    rulebook: Rulebook, tmp_path: Path, kind: str, manner: str
) -> None:
    rows = hostile_cells(rulebook, 11, 800, manner)
    if kind == "parquet":
        path, first = tmp_path / "in.parquet", 1
        pl.DataFrame(rows).write_parquet(path)
    else:
        path, first = tmp_path / "in.csv", 2
        quoting: Literal[0, 1] = csv.QUOTE_ALL if kind == "quoted" else csv.QUOTE_MINIMAL
        path.write_bytes(csv_bytes(rows, random.Random(1), "plain", quoting))
    read = read_all(rulebook, path, tmp_path)
    (source,) = find_inputs(rulebook, [path], tmp_path)
    wanted = {line: alone(rulebook, cells, line, source.dialect) for line, cells in enumerate(rows, first)}
    assert verdicts(read) == wanted
    assert 200 < len(read.rejects) < 760


ODD_JSON: tuple[Any, ...] = (
    *HOSTILE, None, True, False, 0, 1, 3, -1, 5.5, 1e-50, 0.0, -0.0, 10.0000004, 10**18, 10**30, 1e300, [],
    [""], ["none"], ["none", "none"], [" none"], ["squat", 1], [True], [None], [[]], {}, {"a": 1}, [{}],
    float("nan"), float("inf"), "\ud800", "a\u0000b", ["squat", "stairs"],
    ["below_kneecap", "muscle", "outer_side"], [{"x": []}],
)  # fmt: skip


@pytest.mark.slow
def test_odd_json_is_judged_as_an_intake_file_is_or_as_a_cell(rulebook: Rulebook, tmp_path: Path) -> None:
    chance = random.Random(12)
    rows = intakes(rulebook, 3000, 12)
    for each in rows:
        for name in chance.sample(columns_of(rulebook, "plain"), chance.choice((1, 1, 2))):
            each[name] = chance.choice(ODD_JSON)
        if chance.random() < 0.02:
            each["pain_sight"] = "none"
    lines = [json.dumps(each) for each in rows]
    odd = (
        '"age_years": 1e-400',
        '"age_years": 0e99',
        '"age_years": 0.0',
        '"age_years": 1' + "0" * 50,
        '"worst_pain": 0e-90',
    )
    lines += [f'{{"record_id": "z{place}", {each}}}' for place, each in enumerate(odd)]
    lines += [
        '{"age_years": 34, "age_years": 34}',
        '{"age_years": 034}',
        "{}",
        "[]",
        "5",
        '{"age_years": 34}}',
        '{"a":',
    ]
    lines += [
        '  {"age_years": 34}  ',
        '\t{"age_years": 34}\r',
        '{"age_years": 34} {"age_years": 34}',
        "[" * 90_000,
    ]
    lines += [
        '{"age_years": 0.1' + "0" * 60 + "}",
        '{"record_id": "' + "1" * 60 + '"}',
        '{"record_id": "\\u00e9 "}',
    ]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    wanted, by_intake = json_verdicts(rulebook, path, tmp_path)
    found = verdicts(read_all(rulebook, path, tmp_path))
    assert found == wanted
    # What an intake file takes means the same here; cells take more.
    # Among many rows an id such as 1.0 is what a program made of another, and one row alone cannot tell.
    ids = {line: row["record_id"] or "" for line, row in by_intake.items() if isinstance(row, dict)}
    spoilt = {line for line, each in ids.items() if re.fullmatch(SPOILT_ID, each)}
    assert spoilt
    assert all(str(found[line]).startswith("record_id: ") for line in spoilt)
    assert {line: found[line] for line in by_intake if line not in spoilt} == {
        line: row for line, row in by_intake.items() if line not in spoilt
    }
    more = [line for line, each in found.items() if isinstance(each, dict) and line not in by_intake]
    assert len(more) > 100


def test_other_programs_read_no_line_differently(rulebook: Rulebook, tmp_path: Path) -> None:
    """What the careful path makes of well-formed CSV is what Python's csv module makes of it."""
    rows = hostile_cells(rulebook, 50, 300, "plain")
    content = csv_bytes(rows, random.Random(1), "plain")
    from afterrun.batch.input.text.csv_fields import split_line

    for line, row in zip(content.decode().split("\n")[1:-1], rows, strict=True):
        assert split_line(line.encode()) in ([*row.values()], next(csv.reader([line])))


@pytest.mark.parametrize(
    ("dtype", "given", "known", "said"),
    [
        (pl.Float64, [1.0, 1e17, 7.5], ["1"], "a number of more than 15 digits in a column of floats"),
        (pl.Decimal(38, 0), [Decimal(1), Decimal(10**17 + 1), None], ["1", "100000000000000001", None], ""),
        (pl.UInt64, [1, 2**64 - 1, None], ["1", "18446744073709551615", None], ""),
    ],
)
def test_ids_of_many_digits_stay_apart_or_are_refused(
    rulebook: Rulebook, tmp_path: Path, dtype: Any, given: list[Any], known: list[Any], said: str
) -> None:
    pl.DataFrame({"record_id": pl.Series(given, dtype=dtype), "worst_pain": [3, 3, 3]}).write_parquet(
        tmp_path / "in.parquet"
    )
    read = read_all(rulebook, tmp_path / "in.parquet", tmp_path)
    assert read.frame["record_id"].to_list() == known
    assert said in "".join(each.reason for each in read.rejects)
    assert len(read.rejects) == len(given) - len(known)
    # A row that is judged by itself, for its pain, is told in the same way.
    pl.DataFrame({"record_id": pl.Series(given, dtype=dtype), "worst_pain": ["a", "a", "a"]}).write_parquet(
        tmp_path / "doubted.parquet"
    )
    doubted = read_all(rulebook, tmp_path / "doubted.parquet", tmp_path).rejects
    ids = [each.line for each in doubted if "record_id" in each.question]
    assert ids == [each.line for each in read.rejects]


@pytest.mark.parametrize("dtype", [pl.Float32, pl.Decimal(18, 2)])
def test_a_column_in_which_ids_may_have_become_one_is_refused(
    rulebook: Rulebook, tmp_path: Path, dtype: Any
) -> None:
    frame = pl.DataFrame({"record_id": [1, 2], "worst_pain": [3, 3]})
    frame.with_columns(pl.col("record_id").cast(dtype)).write_parquet(tmp_path / "in.parquet")
    with pytest.raises(ProblemsError, match=r"record_id: a column of .* cannot hold this: write text"):
        read_all(rulebook, tmp_path / "in.parquet", tmp_path)


def test_codes_that_are_decimals_mean_the_same_in_every_row(rulebook: Rulebook, tmp_path: Path) -> None:
    codes = pl.Series([Decimal(2), Decimal(2)], dtype=pl.Decimal(10, 2))
    pl.DataFrame({"relapses": codes, "worst_pain": ["3", " 3"]}).write_parquet(tmp_path / "in.parquet")
    read = read_all(rulebook, tmp_path / "in.parquet", tmp_path)
    assert (read.rejects, read.frame["relapses"].to_list()) == ([], [1, 1])
