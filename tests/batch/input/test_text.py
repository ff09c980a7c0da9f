"""Tables as clinics' programs write them: they mean what the same table means in plain UTF-8 CSV."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import os
import random
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest
import zstandard

from afterrun import Rulebook
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.input.sources import find_inputs
from afterrun.batch.input.text.dialect import as_typed
from afterrun.storage import StorageFault
from tests.support.batches.files import by_line, hostile_cells, read_all, verdicts
from tests.support.batches.runs import batch, random_intakes, rows_of, write_csv
from tests.support.paths import DATA

CLINIC = DATA / "clinic"
IDS = ["P1", "P2", "P3"]
WRITTEN = {
    "b01_line_break_in_comment.csv": ("3 rows in = 3 rows out + 0 rejected", ""),
    "b07_excel_european.csv": ("3 rows in = 3 rows out + 0 rejected", "a decimal comma"),
    "b08_R_write_csv_NA.csv": ("3 rows in = 3 rows out + 0 rejected", "NA is read as not answered"),
    "b10_whole.csv.zst": ("43 rows in = 43 rows out + 0 rejected", ""),
    "b15_trailing_blank_rows.csv": ("8 rows in = 3 rows out + 0 rejected + 5 blank", ""),
    "b16_cp1252_comment.csv": ("3 rows in = 3 rows out + 0 rejected", "is read as cp1252"),
}


def test_the_files_of_a_clinic_are_the_same_three_people(rulebook: Rulebook, tmp_path: Path) -> None:
    found = []
    for name, (said, note) in WRITTEN.items():
        run = batch(CLINIC / name, tmp_path / f"{name}.jsonl")
        assert run.code == 0, run.err
        assert said in run.out
        assert note in run.err
        view = batch("view", tmp_path / f"{name}.jsonl", "P2")
        assert view.code == 0, view.err
        rows = [row for row in rows_of(rulebook, tmp_path / f"{name}.jsonl") if row["record_id"] in IDS]
        found.append([{key: row[key] for key in row if key not in ("line", "source")} for row in rows])
    assert [row["record_id"] for row in found[0]] == IDS
    assert [row["triage"] for row in found[0]] == ["self_care", "urgent", "self_care_with_review"]
    assert all(each == found[0] for each in found)


def test_blank_rows_are_told_in_every_shape_of_the_summary(tmp_path: Path) -> None:
    assert batch(CLINIC / "b15_trailing_blank_rows.csv", tmp_path / "out", "--chunk-rows", 2).code == 0
    page = tmp_path / "page.html"
    told = batch("summary", tmp_path / "out", "--html", page, "--format", "json").out
    assert '"blank": 5' in told
    assert "8 rows in = 3 rows out + 0 rejected + 5 blank" in page.read_text(encoding="utf-8")
    assert "+ 5 blank" in batch("summary", tmp_path / "out").out


BLANK_ROWS = b',,\n , ,\n"","",""\n\n   \n,\n,,,,,\n'


def test_what_is_blank_is_nobodys_and_what_is_not_is_somebodys(rulebook: Rulebook, tmp_path: Path) -> None:
    table = b"record_id,age_years,comment\n" + BLANK_ROWS + b'"\n,,note\na,34,\n'
    (tmp_path / "in.csv").write_bytes(table)
    for rows in (1, 3, 100):
        read = read_all(rulebook, tmp_path / "in.csv", tmp_path, rows)
        assert (read.blank, [each.line for each in read.rejects]) == (6, [9])
        assert read.frame.select("line", "record_id").rows() == [(10, None), (11, "a")]
    frame = pl.DataFrame(
        {
            "record_id": [None, " ", "", None, "a"],
            "age_years": ["", None, " ", None, "34"],
            "comment": [None, "", " ", "note", None],
        }
    )
    typed = frame.with_columns(pl.col("age_years").str.strip_chars().cast(pl.Int64, strict=False))
    for each in (frame, typed):
        each.with_columns(provoked_by=pl.Series([[]] * each.height, dtype=pl.List(pl.String))).write_parquet(
            tmp_path / "in.parquet"
        )
        read = read_all(rulebook, tmp_path / "in.parquet", tmp_path, 3)
        assert (read.blank, read.frame["line"].to_list()) == (3, [4, 5])


NOTES = ("", "é", 'say "x"', "1;2|3", "two\nlines", "a\n\nb\n", "tab\there", "ü;ß")
EITHER = "either 1.234 or 1234"
FOREIGN = {
    "semicolons": (";", "utf-8", "\r\n", ".", AS_IT_IS),
    "tabs": ("\t", "utf-8", "\n", ".", AS_IT_IS),
    "bars, Windows": ("|", "cp1252", "\r\n", ".", AS_IT_IS),
    "Excel's text": ("\t", "utf-16", "\r\n", ".", AS_IT_IS),
    "big-endian": (",", "utf-16-be", "\r", ".", How(encoding="utf-16", decimal=".")),
    "European": (";", "cp1252", "\r\n", ",", How(decimal=",")),
    "all told": ("\t", "cp1252", "\n", ",", How("\t", ",", "cp1252")),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_table_means_what_the_plain_one_means(
    rulebook: Rulebook, tmp_path: Path, kind: str
) -> None:
    separator, encoding, end, decimal, how = FOREIGN[kind]
    chance = random.Random(kind)
    rows = [
        {name: text for name, text in row.items() if name != "equipment"}
        for row in hostile_cells(rulebook, 17, 120, "plain")
    ]
    for row in rows:
        # What no one-byte encoding has, and what a decimal comma makes of numbers, is told elsewhere.
        for name, text in row.items():
            if text.encode("cp1252", "ignore").decode("cp1252") != text or "," in text or "1.0" in text:
                row[name] = ""
        row["note"] = chance.choice(NOTES)
    (tmp_path / "plain.csv").write_bytes(_table(rows, ",", "\n").encode())
    numbers = [each.id for each in rulebook.questions.values() if each.type in ("integer", "number")]
    foreign = [
        {name: text.replace(".", decimal) if name in numbers else text for name, text in row.items()}
        for row in rows
    ]
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    (tmp_path / "in.csv").write_bytes(mark + _table(foreign, separator, end).encode(encoding))
    plain = verdicts(read_all(rulebook, tmp_path / "plain.csv", tmp_path / "spool"))
    found = verdicts(read_all(rulebook, tmp_path / "in.csv", tmp_path / "spool", 7, how))
    assert len(plain) == len(rows)
    assert found.keys() == plain.keys()
    assert sum(isinstance(each, str) for each in plain.values()) > 20
    for line, wanted in plain.items():
        if isinstance(wanted, str):
            assert isinstance(found[line], str), line
        else:
            assert found[line] == wanted


def _table(rows: list[dict[str, str]], separator: str, end: str) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0], delimiter=separator, lineterminator=end)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: text.replace("\n", end) for name, text in row.items()})
    return stream.getvalue()


NUMBERS: dict[str, tuple[str, How, dict[str, str | float | None]]] = {
    "found": (
        "20,5",
        How(),
        {"20,5": 20.5, "20.5": 20.5, "1.234,5": None, "7": 7, "0,125": 0.125, ",5": 0.5},
    ),
    "not found": ("20.5", How(), {"20.5": 20.5, "1.234": 1.234, "7": 7}),
    "ambiguous": ("7", How(), {"1,234": EITHER, "-1,234": "either", "1,234,567": "takes"}),
    "in a file of commas": (
        "20,5",
        How(),
        {"1,234": EITHER, "1.234": EITHER},
    ),
    "told a comma": (
        "7",
        How(decimal=","),
        {"20,5": 20.5, "1,234": 1.234, "0.1": "has a point", "1,2,3": "takes"},
    ),
    "told a point": ("7", How(decimal="."), {"20.5": 20.5, "1,234": None, "1.234": 1.234, "20,5": "takes"}),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_is_read_where_it_can_be_read_in_one_way(
    rulebook: Rulebook, tmp_path: Path, kind: str
) -> None:
    first, how, cells = NUMBERS[kind]
    for separator in ";,\t":
        rows = [["record_id", "volume_unit", "volume_goal", "note"], ["first", "km", first, "two\nlines"]]
        rows += [[str(place), "km", text, ""] for place, text in enumerate(cells)]
        stream = io.StringIO()
        csv.writer(stream, delimiter=separator).writerows(rows)
        (tmp_path / "in.csv").write_text(stream.getvalue(), encoding="utf-8")
        read = by_line(read_all(rulebook, tmp_path / "in.csv", tmp_path, 2, how))
        for line, (text, wanted) in enumerate(cells.items(), 4):
            found = read[line]
            if isinstance(wanted, str):
                assert not isinstance(found, dict), text
                assert wanted in found.reason, text
            elif wanted is None:
                # Read as it was meant, it is more than anybody runs.
                assert not isinstance(found, dict), text
                assert "is too large" in found.reason, found.reason
            else:
                assert isinstance(found, dict), (text, found)
                assert found["volume_goal"] == wanted * 1_000_000, text


def test_words_for_no_answer_are_told_of_json_too(rulebook: Rulebook, tmp_path: Path) -> None:
    lines = [
        '{"record_id": "a", "age_years": "NA", "pain_site": "NULL"}',
        '{"record_id": "NA", "age_years": 4.5}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    read = read_all(rulebook, tmp_path / "in.jsonl", tmp_path, how=How(na=("NA", "NULL")))
    assert read.frame.select("record_id", "age_years").rows() == [("a", None)]
    assert [(each.line, each.question) for each in read.rejects] == [(2, "age_years")]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_words_for_no_answer_are_told_or_refused_with_a_hint(
    rulebook: Rulebook, tmp_path: Path, form: str
) -> None:
    frame = pl.DataFrame(
        {
            "record_id": ["NA", "b", "c", "d"],
            "age_years": ["40", " NULL ", ".", "x"],
            "warning_signs": ["none", "none", "NULL", "."],
            "pain_site___muscle": ["0", "1", ".", "NULL"],
        }
    )
    path = tmp_path / f"in.{form}"
    frame.write_csv(path) if form == "csv" else frame.write_parquet(path)
    read = by_line(read_all(rulebook, path, tmp_path))
    reasons = [getattr(each, "reason", "") for each in read.values()]
    assert read_all(rulebook, path, tmp_path).frame["record_id"].to_list() == ["NA"]
    words = ["NULL", ".", "NULL"]
    assert reasons[0] == ""
    assert all(f"add --na {word}" in text for word, text in zip(words, reasons[1:], strict=True))
    told = read_all(rulebook, path, tmp_path, how=How(na=("NA", "NULL", ".")))
    assert told.frame.select("record_id", "age_years").rows() == [
        (None, 40_000_000),
        ("b", None),
        ("c", None),
    ]
    assert [each.reason for each in told.rejects] == ["age_years: takes a whole number, not the text 'x'"]


@pytest.mark.parametrize("word", ["-99", "999", "#NULL!", "(null)", ".a", "\\N", "Refused"])
def test_a_code_for_no_answer_is_told_once_with_the_way_out(
    rulebook: Rulebook, tmp_path: Path, word: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(f"record_id,age_years,worst_pain,relapses,injury_onset\na,34,{word},{word},{word}\n")
    (reject,) = read_all(rulebook, path, tmp_path).rejects
    assert f"means that no answer was given, add --na {as_typed(word)}" in reject.reason
    assert sorted(reject.question.split(";")) == ["injury_onset", "relapses", "worst_pain"]
    told = read_all(rulebook, path, tmp_path, how=How(na=(word,)))
    assert told.frame.select("age_years", "worst_pain", "relapses").row(0) == (34_000_000, None, None)


WIDE = {"UTF-16, no mark": "utf-16-le", "half a pair": "utf-16-be", "half a character": "utf-16-le"}
ENCODED = {
    "cp1252": ("Zoë,34,x".encode("cp1252"), "", "cp1252", ["Zoë"], []),
    "cp1252 with UTF-8 somewhere": ("é,34,x\n".encode() + b"Zo\xeb,34,x", "", "", ["é"], [3]),
    "damage": (b"a\xff,34,x\nb,34,x", "", "", ["b"], [2]),
    "no cp1252 either": (b"a,34,\xe9\nb\x81,34,x\nc,34,x", "", "", ["c"], [2, 3]),
    "told cp1252": (b"a\xff,34,x\nb\x81,34,x", "cp1252", "", ["aÿ"], [3]),
    "a mark, told cp1252": (codecs.BOM_UTF8 + "é,34,x".encode(), "cp1252", "", ["é"], []),
    "told UTF-8": ("Zoë,34,x\nb,34,x".encode("cp1252"), "utf-8", "", ["b"], [2]),
    "UTF-16, no mark": ("é,34,x".encode("utf-16-le"), "", "UTF-16", ["é"], []),
    "half a pair": (
        "a\ud800,34,x\nb,34,\U0001f600".encode("utf-16-be", "surrogatepass"),
        "",
        "UTF-16",
        ["b"],
        [2],
    ),
    "half a character": ("a,34,x\nb,34,x".encode("utf-16-le") + b"x", "", "UTF-16", ["a"], [3]),
}


@pytest.mark.parametrize("kind", ENCODED)
def test_an_encoding_is_found_or_told_and_damage_stays_damage(
    rulebook: Rulebook, tmp_path: Path, kind: str
) -> None:
    rows, told, found, ids, refused = ENCODED[kind]
    header = "record_id,age_years,comment\n"
    mark = codecs.BOM_UTF8 if rows.startswith(codecs.BOM_UTF8) else b""
    text = header.encode(WIDE.get(kind, "ascii")) + rows.removeprefix(mark)
    (tmp_path / "in.csv").write_bytes(mark + text)
    how = How(encoding=told)  # type: ignore[arg-type]
    read = read_all(rulebook, tmp_path / "in.csv", tmp_path / "spool", 1, how)
    assert read.frame["record_id"].to_list() == ids
    assert [(each.line, each.kind) for each in read.rejects] == [(line, "encoding") for line in refused]
    (source,) = find_inputs(rulebook, [tmp_path / "in.csv"], tmp_path / "spool", how=how)
    assert any(found in note for note in source.notes)
    if kind == "cp1252":
        assert "line 2: record_id is read as 'Zoë'" in source.notes


def test_letters_at_the_border_of_a_piece_are_whole(rulebook: Rulebook, tmp_path: Path) -> None:
    for place in range(3):
        text = "record_id,comment,age_years\n" + "a" * ((1 << 20) - 33 + place) + "\n"
        content = text.encode() + "é,é,34\n".encode()
        (tmp_path / "in.csv").write_bytes(content)
        (source,) = find_inputs(rulebook, [tmp_path / "in.csv"], tmp_path / "spool")
        assert source.path == tmp_path / "in.csv", place


def test_a_first_line_says_what_parts_cells_and_folders_hold_tsv(rulebook: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_bytes(b"sep=;\r\nrecord_id;age_years\r\na;34\r\n")
    (tmp_path / "in" / "b.TSV").write_bytes(b"\t\t\n\nrecord_id\tage_years\nb\t35\n")
    run = batch(tmp_path / "in", tmp_path / "out.csv")
    assert run.code == 0, run.err
    assert pl.read_csv(tmp_path / "out.csv").select("record_id", "line").rows() == [("a", 3), ("b", 4)]
    for separator, code in ((";", 2), ("tab", 0)):
        told = batch(tmp_path / "in" / "b.TSV", tmp_path / f"{separator}.csv", "--separator", separator)
        assert told.code == code, told.err


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """A limit on the size of a file stands for the disk: the system refuses to write more either way."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("kind", ["gz", "zst", "stdin", "utf-16", "rows"])
def test_a_full_disk_is_not_the_fault_of_an_input(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    content = write_csv(tmp_path / "plain", rulebook, random_intakes(rulebook, 300)).read_bytes()
    made = {
        "gz": gzip.compress(content),
        "zst": zstandard.compress(content),
        "utf-16": content.decode().encode("utf-16"),
        "rows": b'age_years,note\n34,"a\nb"\n' + b"34,x\n" * 9000,
    }.get(kind, content)
    path = tmp_path / f"in.csv.{kind}"
    path.write_bytes(made)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    with files_no_larger_than(20_000), pytest.raises(StorageFault, match="may not grow"):
        find_inputs(rulebook, ["-" if kind == "stdin" else path], tmp_path / "spool")
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize(
    "name", [b"caf\xe9.csv", b"c.\xe9", b"caf\xe9.csv.gz", b"caf\xe9.parquet", b"p.\xe9", b"d\xff/in.csv"]
)
def test_a_name_that_is_no_text_can_be_worked_with(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.parent.mkdir(exist_ok=True)
    content = (CLINIC / "b15_trailing_blank_rows.csv").read_bytes().replace(b"P3,28", b"P3,280")
    if name.startswith(b"p.") or name.endswith(b"parquet"):
        pl.read_csv(content, infer_schema=False).write_parquet(tmp_path / "made")
        content = (tmp_path / "made").read_bytes()
    line = 2 if content.startswith(b"PAR1") else 3
    path.write_bytes(gzip.compress(content) if name.endswith(b".gz") else content)
    given = path.parent if path.parent != tmp_path else path
    for out in ("out", "out.csv"):
        run = batch(given, tmp_path / out)
        assert run.code == 1, run.err
        assert "8 rows in = 2 rows out + 1 rejected + 5 blank" in run.out
        for asked in (["P2"], ["P2", "--format", "json"], [line, "--file", path]):
            view = batch("view", tmp_path / out, *asked)
            assert (view.code, "Traceback" in view.err) == (0, False), view.err
        for shape in ("text", "json"):
            told = batch("summary", tmp_path / out, "--format", shape, "--html", tmp_path / f"{out}.html")
            assert told.code == 0, told.err


def test_what_another_reading_laid_down_is_not_gone_on_with(rulebook: Rulebook, tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out"
    # By semicolons two of its lines are one row, by commas both are none.
    path.write_bytes(b'age_years,warning_signs;pain_timing\n34,none\n"34\n";during_only\n40,none\n')
    assert batch(path, out).code == 1
    before = (out / "_rejects.csv").read_bytes()
    (out / "_SUCCESS").unlink()
    told = batch(path, out, "--separator", ";", "--na", "x")
    assert told.code == 2, told.err
    assert batch(path, out).code == 1
    assert (out / "_rejects.csv").read_bytes() == before
