"""Tables in: each row becomes the checked intake that `assess` would take, or a reject with its reason."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from afterrun import Rulebook, read_answers
from afterrun.batch import Reject
from afterrun.batch.input.cells import intake_of
from afterrun.batch.input.headers import resolve
from afterrun.batch.input.layout import row_of
from afterrun.batch.input.rejects import header, write_file
from afterrun.batch.input.sources import chunks, find_inputs
from afterrun.batch.read.duplicates import DuplicateFinder
from afterrun.batch.read.readers import read_chunk
from afterrun.errors import IntakeError, ProblemsError
from afterrun.intake import raw_intakes, read_intake
from tests.support.batch_files import HOSTILE, by_line, cells_of, columns_of, csv_bytes, json_lines, read_all
from tests.support.intakes_random import LAW, random_intake

MANNERS = ("plain", "redcap", "loose")


def intakes(rulebook: Rulebook, count: int, seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    made = [random_intake(rulebook, chance) for _ in range(count)]
    return [{"record_id": f"r{number}", **each} for number, each in enumerate(made)]


def expected(rulebook: Rulebook, rows: list[dict[str, Any]], first: int = 2) -> list[dict[str, Any]]:
    return [row_of(rulebook, read_answers(rulebook, each), line) for line, each in enumerate(rows, first)]


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


def test_json_lines_mean_what_their_intakes_mean(rulebook: Rulebook, tmp_path: Path) -> None:
    rows = intakes(rulebook, 1500, 5)
    (tmp_path / "in.jsonl").write_bytes(json_lines(rows))
    read = read_all(rulebook, tmp_path / "in.jsonl", tmp_path)
    assert read.rejects == []
    assert read.frame.to_dicts() == expected(rulebook, rows, 1)


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


def hostile_cells(rulebook: Rulebook, seed: int, count: int, manner: str) -> list[dict[str, str]]:
    """Valid rows of which one to three cells hold something odd."""
    chance = random.Random(seed)
    made = []
    for each in intakes(rulebook, count, seed):
        cells = cells_of(rulebook, each, chance, manner)
        for name in chance.sample(list(cells), chance.choice((1, 1, 1, 2, 3))):
            cells[name] = chance.choice(HOSTILE)
        made.append(cells)
    return made


def alone(rulebook: Rulebook, cells: dict[str, Any], line: int) -> dict[str, Any] | str:
    """What a row is by itself: its layout, or the reasons against it."""
    columns = resolve(rulebook, list(cells), "").columns
    intake, problems = intake_of(rulebook, columns, list(cells.values()))
    try:
        answers = read_answers(rulebook, intake)
    except IntakeError as error:
        problems += error.problems
    return "; ".join(dict.fromkeys(map(str, problems))) if problems else row_of(rulebook, answers, line)


def verdicts(read: Any) -> dict[int, dict[str, Any] | str]:
    return {line: each.reason if isinstance(each, Reject) else each for line, each in by_line(read).items()}


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
    wanted = {line: alone(rulebook, cells, line) for line, cells in enumerate(rows, first)}
    assert verdicts(read) == wanted
    assert 200 < len(read.rejects) < 760


ODD_JSON: tuple[Any, ...] = (
    *HOSTILE, None, True, False, 0, 1, 3, -1, 5.5, 1e-50, 0.0, -0.0, 10.0000004, 10**18, 10**30, 1e300, [],
    [""], ["none"], ["none", "none"], [" none"], ["squat", 1], [True], [None], [[]], {}, {"a": 1}, [{}],
    float("nan"), float("inf"), "\ud800", "a\u0000b", ["squat", "stairs"],
    ["below_kneecap", "muscle", "outer_side"], [{"x": []}],
)  # fmt: skip


def test_odd_json_is_judged_as_an_intake_file_is(rulebook: Rulebook, tmp_path: Path) -> None:
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
    wanted: dict[int, Any] = {}
    with path.open("rb") as stream:
        for raw in raw_intakes(stream, "", "jsonl"):
            try:
                answers = read_intake(rulebook, raw)
                half = answers.record_id is not None and "\ud800" in answers.record_id
                wanted[raw.line] = (
                    "record_id: is no text: it holds half a character"
                    if half
                    else row_of(rulebook, answers, raw.line)
                )
            except IntakeError as error:
                problems = [each._replace(line=None, file="") for each in error.problems]
                wanted[raw.line] = "; ".join(dict.fromkeys(map(str, problems)))
    assert verdicts(read_all(rulebook, path, tmp_path)) == wanted


GOOD = "r{},34,none,after_within_hours"
DAMAGED: dict[str, tuple[bytes, str]] = {
    "bad number": (b"a,3x,none,during_only", "answer"),
    "no such option": (b"a,34,nonne,during_only", "answer"),
    "out of bounds": (b"a,134,none,during_only", "answer"),
    "one field too few": (b"a,34,none", "fields"),
    "one field too many": (b"a,34,none,during_only,", "fields"),
    "bad text": (b"a\xff,34,none,during_only", "encoding"),
    "stray quote": (b'a"b,34,none,during_only', "quote"),
    "stray quotes": (b'a"b",34,none,during_only', "quote"),
    "text after a quote": (b'"a"b,34,none,during_only', "quote"),
    "unclosed quote": (b'"a,34,none,during_only', "quote"),
    "unclosed quote at the end": (b'a,34,none,"during_only', "quote"),
    "zero byte": (b"a\0,34,none,during_only", "zero_byte"),
    "not a number": (b"a,NaN,none,during_only", "answer"),
    "field too long": (b"a" * 70_000 + b",34,none,during_only", "too_long"),
    "line too long": (b"a" * 1_100_000 + b",34,none,during_only", "too_long"),
    "endless line": (b"a" * 40_000_000, "too_long"),
    "record id too long": (b"a" * 201 + b",34,none,during_only", "answer"),
}
HARMLESS = (
    b'"a ""b""",34,none,during_only',
    b' "c" , "34", none ,during_only',
    b"",
    b"   ",
    "é,34,none,during_only".encode(),
)


def test_every_kind_of_damage_is_told_by_its_line(rulebook: Rulebook, tmp_path: Path) -> None:
    lines: list[bytes] = [b"record_id,age_years,warning_signs,pain_timing"]
    kinds: dict[int, str] = {}
    accepted = []
    for place, (damaged, kind) in enumerate(DAMAGED.values()):
        lines += [GOOD.format(place).encode(), damaged]
        accepted.append(len(lines) - 1)
        kinds[len(lines)] = kind
    for harmless in HARMLESS:
        lines.append(harmless)
        accepted += [len(lines)] if harmless.strip() else []
    path = tmp_path / "in.csv"
    path.write_bytes(b"\n".join(lines))
    for rows in (1, 2, 7, 1000):
        read = read_all(rulebook, path, tmp_path, rows)
        assert {each.line: each.kind for each in read.rejects} == kinds
        assert read.frame["line"].to_list() == accepted
        assert read.rows_in == len(kinds) + len(accepted)
        assert all(each.reason for each in read.rejects)


def test_two_wrong_field_counts_do_not_make_up_for_each_other(rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    good = "a,34,none\n" * 50
    for pair in ("b,34\nc,34,none,\n", "c,34,none,\nb,34\n", 'b,34\n"c,c",34,none\n'):
        path.write_text("record_id,age_years,warning_signs\n" + good + pair + good, encoding="utf-8")
        read = read_all(rulebook, path, tmp_path)
        assert [each.line for each in read.rejects] == ([52] if '"' in pair else [52, 53])
        assert read.rows_in == 102


def test_quotes_and_commas_do_not_make_up_for_each_other(rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    good = '"a","34","none"\n' * 3
    for odd, refused in (
        ('"b,34","none"\n', [5]),
        ('"b","34"\n"c","34","none",""\n', [5, 6]),
        ('"b","34"\n"c","34","none,"\n', [5, 6]),
        ('"b","34",none\n"c","3""4","none"\n', [6]),
        ('"b,","34"\n"c",,"34","none"\n', [5, 6]),
        ('"b","34","none\n"\n', [5, 6]),
        ('"b","34",","\n', [5]),
        ('"b",""","none"\n', [5]),
        ('","34","none",\n', [5]),
    ):
        path.write_text(f'"record_id","age_years","warning_signs"\n{good}{odd}{good}', encoding="utf-8")
        read = read_all(rulebook, path, tmp_path)
        assert [each.line for each in read.rejects] == refused, odd
        assert read.rows_in == 6 + odd.count("\n")


def test_contradictory_option_columns_are_refused(rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    rows = [
        "squat,1,0",
        "squat,0,1",
        "squat,,",
        ",1,1",
        "squat,0,0",
        "squat;stairs,1,1",
        "squat,2,",
        ",0,0",
        ",,1",
    ]
    path.write_text("provoked_by,provoked_by___squat,provoked_by___3\n" + "\n".join(rows), encoding="utf-8")
    read = read_all(rulebook, path, tmp_path)
    assert [each.line for each in read.rejects] == [3, 6, 8]
    assert "contradict" in read.rejects[0].reason
    assert read.rejects[2].reason == "provoked_by___squat: takes 1 or 0, not '2'"
    ticks = read.frame.select("line", "provoked_by___squat", "provoked_by___stairs").rows()
    assert ticks == [
        (2, True, False),
        (4, True, False),
        (5, True, True),
        (7, True, True),
        (9, None, None),
        (10, False, True),
    ]


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".csv.zst"])
def test_chunks_of_any_size_and_compression_give_the_same(
    rulebook: Rulebook, tmp_path: Path, suffix: str
) -> None:
    chance = random.Random(2)
    content = csv_bytes(hostile_cells(rulebook, 21, 70, "plain"), chance, "loose")
    packed = {".csv.gz": gzip.compress, ".csv.zst": zstandard.ZstdCompressor().compress}.get(suffix, bytes)
    (tmp_path / "plain.csv").write_bytes(content)
    path = tmp_path / f"in{suffix}"
    path.write_bytes(packed(content))
    whole = verdicts(read_all(rulebook, tmp_path / "plain.csv", tmp_path))
    assert len(whole) == 70
    for rows in (1, 3, 69, 70, 71) if suffix == ".csv" else (11, 70):
        assert verdicts(read_all(rulebook, path, tmp_path / "spool", rows)) == whole


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_bytes_damaged_anywhere_lose_no_row(rulebook: Rulebook, tmp_path: Path, form: str) -> None:
    rows, chance = intakes(rulebook, 12, 30), random.Random(31)
    table = csv_bytes(
        [cells_of(rulebook, each, chance, "plain") for each in rows], chance, "plain", csv.QUOTE_ALL
    )
    content = table if form == "csv" else json_lines(rows)
    path = tmp_path / f"in.{form}"
    odd = st.sampled_from(
        [b'"', b"\n", b"\r", b",", b"\0", b"\xff", b"", b'""', b"\r\n", b"\\", b"{", b"}", b"\xc3"]
    )

    @LAW
    @given(
        st.lists(st.tuples(st.integers(0, len(content)), odd, st.integers(0, 3)), max_size=6),
        st.integers(1, 15),
    )
    def law(damage: list[tuple[int, bytes, int]], size: int) -> None:
        damaged = content
        for place, put, dropped in damage:
            damaged = damaged[:place] + put + damaged[place + dropped :]
        path.write_bytes(damaged)
        try:
            read = read_all(rulebook, path, tmp_path / "spool", size)
        except ProblemsError:
            return
        body = damaged.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if form == "csv" else damaged
        lines = [number for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
        assert sorted(by_line(read)) == (lines[1:] if form == "csv" else lines)

    law()


def test_rejects_are_mended_and_fed_back(rulebook: Rulebook, tmp_path: Path) -> None:
    path, back = tmp_path / "in.csv", tmp_path / "rejects.csv"
    path.write_bytes(
        b"Record_ID,age_years,warning_signs,clinic,pain_timing\n"
        b'a,340,none,"North, 1",during_only\nb,34,none\nc,34,none,South,during_only\n'
    )
    lines = tmp_path / "in.jsonl"
    lines.write_text(
        '{"record_id": "d", "age_years": "34", "warning_signs": ["none"]}\nnothing\n{}\n', encoding="utf-8"
    )
    found = find_inputs(rulebook, [path, lines], tmp_path)
    rejects = [each for s in found for c in chunks(s, 10) for each in read_chunk(rulebook, s, c).rejects]
    columns = header(rulebook, [source.columns or None for source in found])
    write_file(back, columns, rejects)
    table = list(csv.DictReader(io.StringIO(back.read_text(encoding="utf-8"))))
    assert [(row["record_id"], row["age_years"], row["reject_line"]) for row in table] == [
        ("a", "340", "2"), ("", "", "3"), ("d", "34", "1"), ("", "", "2"),
    ]  # fmt: skip
    assert (table[0]["clinic"], table[0]["reject_question"], table[1]["reject_raw"]) == (
        "North, 1",
        "age_years",
        "b,34,none",
    )

    read = read_all(rulebook, back, tmp_path)
    assert [each.line for each in read.rejects] == [2, 3, 5]
    assert "still to be mended" in read.rejects[1].reason
    table[0]["age_years"] = "34"
    table[1] |= {"record_id": "b", "age_years": "34", "warning_signs": "none"}
    table[3] |= {"record_id": "e"}
    with back.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(table)
    assert read_all(rulebook, back, tmp_path).frame["record_id"].to_list() == ["a", "b", "d", "e"]


WHOLE = {
    "a typo": (b"record_id,age_years,pain_sight\n", "Did you mean 'pain_site'?"),
    "an option that does not exist": (b"age_years,pain_site___below_knee\n", "Did you mean 'below_kneecap'?"),
    "no question": (b"name,city\n1,2\n", "no column is a question"),
    "a column twice": (b"age_years, Age_Years\n", "twice"),
    "an option column twice": (b"pain_site___1,pain_site___below_kneecap\n", "twice"),
    "semicolons": (b"record_id;age_years;pain_site\n", "parted by semicolons"),
    "empty": (b"", "is empty"),
    "blank": (b"\n \n", "is empty"),
    "UTF-16": ("age_years,x\n".encode("utf-16"), "UTF-16"),
    "zero bytes": (b"\0\1\2\3", "zero byte"),
    "a damaged header": (b'age_years,"pain_site\n', "header"),
    "a JSON document": (b'[{"age_years": 3}]', "one JSON document"),
    "JSON of other things": (b'{"name": 3}\n', "no column is a question"),
    "damaged gzip": (gzip.compress(b"age_years\n1\n" * 99)[:-9], "damaged as a gzip"),
    "damaged zstd": (b"\x28\xb5\x2f\xfd1234567", "damaged as a zstd"),
    "damaged parquet": (b"PAR1 and nothing", "damaged as a Parquet"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_wrong_as_a_whole_is_refused(rulebook: Rulebook, tmp_path: Path, name: str) -> None:
    content, said = WHOLE[name]
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(ProblemsError) as caught:
        find_inputs(rulebook, [tmp_path / "in.csv"], tmp_path / "spool")
    assert said in str(caught.value)
    assert str(tmp_path / "in.csv") in str(caught.value)


def test_files_folders_and_what_is_wrong_with_each(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "b.csv").write_bytes(b"redcap_event_name,age_years\nx,34\n")
    (folder / "a.jsonl").write_bytes(b'{"age_years": 35}\n')
    (folder / "notes.txt").write_bytes(b"not read")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"age_years\n36"))))
    found = find_inputs(rulebook, [folder, "-"], tmp_path / "spool")
    assert [(each.format, Path(each.name).name) for each in found] == [
        ("jsonl", "a.jsonl"),
        ("csv", "b.csv"),
        ("csv", "-"),
    ]
    assert found[1].notes == ("passed over 'redcap_event_name': no question has this name",)
    ages = [read_chunk(rulebook, s, c).frame["age_years"].item() for s in found for c in chunks(s, 10)]
    assert ages == [35_000_000, 34_000_000, 36_000_000]
    with pytest.raises(ProblemsError) as caught:
        find_inputs(rulebook, [tmp_path / "none.csv", tmp_path, folder, folder / "b.csv"], tmp_path / "spool")
    assert [each.message[:20] for each in caught.value.problems] == [
        "there is no such fil",
        "holds no file that e",
        "is given twice",
    ]


@pytest.mark.parametrize(
    "content", [b"record_id,age_years", b"record_id,age_years\r\n\r\n", b"\n\nage_years\n"]
)
def test_a_header_alone_is_no_rows(rulebook: Rulebook, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    assert read_all(rulebook, tmp_path / "in.csv", tmp_path).rows_in == 0


def test_a_single_column_and_blank_cells(rulebook: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b'age_years\n34\n\n \n""\n35')
    read = read_all(rulebook, tmp_path / "in.csv", tmp_path)
    assert read.frame.select("line", "age_years").rows() == [(2, 34_000_000), (5, None), (6, 35_000_000)]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_the_first_of_equal_record_ids_stays(rulebook: Rulebook, tmp_path: Path, form: str) -> None:
    chance = random.Random(9)
    ids = [
        chance.choice((f"r{chance.randint(0, 400)}", "", f" r{chance.randint(0, 400)} ")) for _ in range(1000)
    ]
    files = [tmp_path / f"{name}.{form}" for name in "ab"]
    for path, part in zip(files, (ids[:600], ids[600:]), strict=True):
        if form == "csv":
            path.write_text(
                "age_years,record_id\n" + "".join(f"34,{each}\n" for each in part), encoding="utf-8"
            )
        elif form == "jsonl":
            path.write_bytes(json_lines([{"record_id": each} for each in part]))
        else:
            pl.DataFrame({"record_id": part, "age_years": [34] * len(part)}).write_parquet(path)
    found = find_inputs(rulebook, files, tmp_path)
    finder = DuplicateFinder(tmp_path / "ids")
    kept, later = [], []
    for number, (source, chunk) in enumerate((s, c) for s in found for c in chunks(s, 13)):
        read = finder.refuse(rulebook, source, chunk, read_chunk(rulebook, source, chunk))
        assert read.rows_in == read.frame.height + len(read.rejects)
        kept += read.frame["record_id"].to_list()
        later += read.rejects
        if number == 20:
            # As after a stop: a new finder is told what an earlier run accepted.
            finder = DuplicateFinder(tmp_path / "ids")
            finder.remember(
                pl.DataFrame(
                    {"record_id": kept, "source": [0] * len(kept), "line": range(len(kept))},
                    schema_overrides={"source": pl.UInt32, "line": pl.UInt64},
                )
            )
    wanted = list(dict.fromkeys(each.strip() for each in ids if each.strip()))
    assert [each for each in kept if each] == wanted
    assert len(kept) + len(later) == 1000
    assert all(each.kind == "duplicate" and each.given.cells["record_id"].strip() in wanted for each in later)


def test_ids_that_share_a_hash_are_told_apart(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import numpy as np

    monkeypatch.setattr("afterrun.batch.read.duplicates._hashes", lambda ids: np.full(len(ids), 5, np.uint64))
    monkeypatch.setattr("afterrun.batch.read.duplicates.RUNS_MERGED", 3)
    (tmp_path / "in.csv").write_text(
        "age_years,record_id\n" + "".join(f"34,{n % 30}\n" for n in range(40)), encoding="utf-8"
    )
    (source,) = find_inputs(rulebook, [tmp_path / "in.csv"], tmp_path)
    finder = DuplicateFinder(tmp_path / "ids")
    reads = [finder.refuse(rulebook, source, c, read_chunk(rulebook, source, c)) for c in chunks(source, 4)]
    assert [row for read in reads for row in read.frame["record_id"].to_list()] == [str(n) for n in range(30)]
    assert [each.line for read in reads for each in read.rejects] == list(range(32, 42))
    assert reads[-1].rejects[-1].reason == "record_id: '9' is already in line 11"


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_template_is_a_valid_data_package_and_reads_back(
    rulebook: Rulebook, tmp_path: Path, form: Any
) -> None:
    from frictionless import Package, validate

    from afterrun.batch.template import write_template

    table, dictionary = write_template(rulebook, tmp_path / "out", form)
    assert Package(str(dictionary)).resources[0].schema.field_names == columns_of(rulebook, "plain")
    assert read_all(rulebook, table, tmp_path).rows_in == 0
    with pytest.raises(FileExistsError):
        write_template(rulebook, tmp_path / "out", form)
    if form == "csv":
        rows, chance = intakes(rulebook, 60, 40), random.Random(41)
        cells = [cells_of(rulebook, each, chance, "plain") for each in rows]
        table.write_bytes(csv_bytes(cells, chance, "plain"))
        report = validate(str(dictionary))
        assert report.valid, report.flatten(["message"])


def test_other_programs_read_no_line_differently(rulebook: Rulebook, tmp_path: Path) -> None:
    """What the careful path makes of well-formed CSV is what Python's csv module makes of it."""
    rows = hostile_cells(rulebook, 50, 300, "plain")
    content = csv_bytes(rows, random.Random(1), "plain")
    from afterrun.batch.input.csv_fields import split_line

    for line, row in zip(content.decode().split("\n")[1:-1], rows, strict=True):
        assert split_line(line.encode()) in ([*row.values()], next(csv.reader([line])))
