"""Files that are wrong as a whole, files with nothing in them, and where files are looked for."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import zstandard

from afterrun import Rulebook
from afterrun.batch import InputChanged, Options, Request, run_to_stream
from afterrun.batch.input.folders import left_out
from afterrun.batch.input.form.headers import NO_RECORDS
from afterrun.batch.input.lines import every
from afterrun.batch.input.sources import chunks, find_inputs
from afterrun.batch.read.readers import read_chunk
from afterrun.batch.request import Watch
from afterrun.errors import ProblemsError
from tests.support.batches.files import read_all
from tests.support.batches.runs import batch

PACKED = zstandard.ZstdCompressor(write_checksum=True).compress(b"age_years\n1\n")
WHOLE = {
    "a typo": (b"record_id,age_years,pain_sight\n", "Did you mean 'pain_site'?"),
    "an option that does not exist": (b"age_years,pain_site___below_knee\n", "Did you mean 'below_kneecap'?"),
    "a page of a browser": (b"<table border=1>\n<tr><td>age_years", "is HTML or XML"),
    "a sheet of 2003": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<Workbook>', "is HTML or XML"),
    "no question": (b"name,city\n1,2\n", "no column is a question"),
    "a column twice": (b"age_years, Age_Years\n", "twice"),
    "an option column twice": (b"pain_site___1,pain_site___below_kneecap\n", "twice"),
    "codes of options": (
        b"record_id,age_years,warning_signs[SQ001]\n",
        "warning_signs has no option 'sq001'; say which it is with --rename",
    ),
    "an option in a group that does not exist": (
        b"record_id,age_years,warning_signs/calf\n",
        "warning_signs has no option 'calf'",
    ),
    "answers inside": (
        b'{"record_id": "P1", "answers": {"age_years": 34}}\n',
        "answers: holds answers inside: put them beside record_id",
    ),
    "bzip2": (b"BZh91AY&SY", "is packed as bzip2: unpack it, or pack it as .gz or .zst"),
    "empty": (b"", "is empty, and an export that failed looks so: export it again"),
    "blank": (b"\n \n", "is empty"),
    "UTF-16 of nothing": ("\n".encode("utf-16"), "is empty"),
    "zero bytes": (b"\0\1\2\3", "zero byte"),
    "a line without an end": (gzip.compress(b"age_years," * 1_000_000), "has no end within 8 MB"),
    "a damaged header": (b'age_years,"pain_site\n', "header"),
    "a JSON document": (b'[{"age_years": 3}]', "one JSON document"),
    "JSON over lines": (b'{\n"age_years": 3\n}\n{\n}\n', "jq -c . FILE"),
    "commas behind lines": (b'{"age_years": 3},\n{"age_years": 4},\n', "take the comma off its lines' ends"),
    "JSON of other things": (b'{"name": 3}\n', "no column is a question"),
    "damaged gzip": (gzip.compress(b"age_years\n1\n" * 99)[:-9], "damaged as a gzip"),
    "damaged zstd": (b"\x28\xb5\x2f\xfd1234567", "damaged as a zstd"),
    "cut zstd": (zstandard.compress(b"age_years\n1\n" * 99)[:-1], "cut short"),
    "cut after a whole frame": (zstandard.compress(b"age_years\n") + PACKED[:7], "cut short"),
    "zstd and something": (PACKED + b"more", "damaged as a zstd"),
    "gzip and something": (gzip.compress(b"age_years\n1\n") + b"more", "damaged as a gzip"),
    "zstd of nothing": (zstandard.compress(b""), "is empty"),
    "cut parquet": (b"PAR1 and nothing", "is cut off: its end is missing"),
    "damaged parquet": (b"PAR1 and nothing PAR1", "cannot be read as a Parquet file"),
    "encrypted parquet": (b"PARE and nothing\0PARE", "is an encrypted Parquet file: decrypt it"),
    "arrow": (b"ARROW1\0\0\xff\xff\xff\xff", "is an Arrow file: write it as Parquet, or give the frame to"),
    "sqlite": (b"SQLite format 3\0\x10\0", "is a SQLite database: give its table: sqlite:///FILE?table=NAME"),
    "duckdb": (b"\xc9\x18\xa3\x8b\0\0\0\0DUCK@\0", "is a DuckDB database: give its table: duckdb:///FILE"),
    "SPSS": (b"$FL2@(#) SPSS DATA FILE", "is a file of SPSS: export it as CSV or Parquet"),
    "HTML": (
        b"\n <TABLE><tr><td>age_years</td></tr></TABLE>",
        "is HTML or XML, whatever its name ends in: open it",
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_wrong_as_a_whole_is_refused(rulebook: Rulebook, tmp_path: Path, name: str) -> None:
    content, said = WHOLE[name]
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(ProblemsError) as caught:
        find_inputs(rulebook, [tmp_path / "in.csv"], tmp_path / "spool")
    assert said in str(caught.value)
    assert str(tmp_path / "in.csv") in str(caught.value)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_what_is_unpacked_is_bounded_where_it_is_asked(
    rulebook: Rulebook, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "in.csv").write_bytes(pack(b"age_years\n" + b"40\n" * 1_000_000))
    with pytest.raises(ProblemsError, match="holds more than 2 MB once it is unpacked"):
        find_inputs(rulebook, [tmp_path / "in.csv"], tmp_path / "spool", 2_000_000)
    assert list((tmp_path / "spool").iterdir()) == []
    (found,) = find_inputs(rulebook, [tmp_path / "in.csv"], tmp_path / "spool", 4_000_000)
    assert found.path.stat().st_size == 3_000_010


def test_a_stream_without_a_lines_end_is_given_up(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/zero").open(encoding="utf-8") as endless:
        monkeypatch.setattr("sys.stdin", endless)
        with pytest.raises(ProblemsError, match="a line of it has no end within 8 MB"):
            find_inputs(rulebook, ["-"], tmp_path / "spool")
    assert list((tmp_path / "spool").iterdir()) == []


def test_files_folders_and_what_is_wrong_with_each(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "b.csv").write_bytes(b"clinic,age_years\nx,34\n")
    (folder / "a.jsonl").write_bytes(b'{"age_years": 35}\n')
    (folder / "notes.txt").write_bytes(b"not read")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"age_years\n36"))))
    found = find_inputs(rulebook, [folder, "-"], tmp_path / "spool")
    assert [(each.format, Path(each.name).name) for each in found] == [
        ("jsonl", "a.jsonl"),
        ("csv", "b.csv"),
        ("csv", "-"),
    ]
    assert found[1].notes[:2] == ("passed over 'clinic': no question has this name", NO_RECORDS)
    assert found[0].notes[0] == NO_RECORDS
    ages = [read_chunk(rulebook, s, c).frame["age_years"].item() for s in found for c in chunks(s, 10)]
    assert ages == [35_000_000, 34_000_000, 36_000_000]
    nothing = tmp_path / "spool"
    with pytest.raises(ProblemsError) as caught:
        find_inputs(rulebook, [tmp_path / "none.csv", nothing, folder, folder / "b.csv"], tmp_path / "other")
    assert [each.message[:20] for each in caught.value.problems] == [
        "there is no such fil",
        "holds no file that e",
        "is given twice",
    ]


@pytest.mark.parametrize("name", ["out", "o.csv"])
def test_what_batches_wrote_is_nobodys_intake(tmp_path: Path, name: str) -> None:
    """Results may lie in the folder of the intakes: the same command goes on, and takes what came since."""
    folder, table = tmp_path / "in", "record_id,age_years\n{},34\n{},340\n"
    folder.mkdir()
    (folder / "a.csv").write_text(table.format("a", "b"), encoding="utf-8")
    head = "2 rows in = 1 rows out + 1 rejected"
    told = f"{folder / name}: passed over with what lies in it or beside it, since a batch wrote it"
    for _ in range(2):
        ran = batch(folder, folder / name)
        assert (ran.code, ran.out.splitlines()[0]) == (1, head)
        assert told in ran.err
        assert "left out" not in ran.err
    (folder / "c.csv").write_text(table.format("c", "d"), encoding="utf-8")
    assert batch(folder, folder / name, "--append").out.startswith("4 rows in = 2 rows out + 2 rejected")
    assert batch(folder, tmp_path / "other").out.startswith("4 rows in = 2 rows out + 2 rejected")
    if name == "out":
        assert "was written by a batch, and holds no intakes" in batch(folder / name, tmp_path / "o2").err


def test_links_in_a_folder_are_told_as_links(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "below").mkdir(parents=True)
    (folder / "a.csv").write_text("record_id,age_years\na,34\n", encoding="utf-8")
    (folder / "dead.csv").symlink_to("nowhere.csv")
    (folder / "below" / "round").symlink_to("..")
    ran = batch(folder, tmp_path / "o.csv")
    assert ran.code == 1
    assert f"{folder / 'dead.csv'}: left out, since it is a link to what is not there" in ran.err
    assert f"{folder / 'below' / 'round'}: left out, since it is a link to a folder" in ran.err
    (folder / "same.csv").symlink_to("a.csv")
    told = batch(folder, tmp_path / "o2.csv").err
    assert f"{folder / 'same.csv'}: is given twice, before as {folder / 'a.csv'}" in told


@pytest.mark.parametrize(
    "content", [b"record_id,age_years", b"record_id,age_years\r\n\r\n", b"\n\nage_years\n"]
)
def test_a_header_alone_is_no_rows(rulebook: Rulebook, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    assert read_all(rulebook, tmp_path / "in.csv", tmp_path).rows_in == 0


def test_a_single_column_and_blank_cells(rulebook: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b'age_years\n34\n\n \n""\n35')
    read = read_all(rulebook, tmp_path / "in.csv", tmp_path)
    assert read.frame.select("line", "age_years").rows() == [(2, 34_000_000), (6, 35_000_000)]
    assert read.blank == 2


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "mixed"])
def test_chunks_end_where_lines_do_however_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, ends: str
) -> None:
    of_row = ("\n", "\r\n", "\r") if ends == "mixed" else (ends, ends, ends)
    # A CR alone and a line feed in a blank line behind it would be one end.
    lines = ["x" * (row % 5 + (ends == "mixed")) + of_row[row % 3] for row in range(40)]
    path = tmp_path / "in.csv"
    path.write_bytes("".join(lines).encode() + b"end")
    for name in ("BLOCK", "SLICE"):
        monkeypatch.setattr(f"afterrun.batch.input.lines.{name}", size)
    for count in (1, 3, 8, 100):
        with path.open("rb") as file:
            found = list(every(file, count, carriage_returns="\r" in ends or ends == "mixed"))
        texts = [*lines, "end"]
        whole = [len("".join(texts[:upto])) for upto in range(count, len(texts), count)]
        assert found == [*whole, path.stat().st_size]


@pytest.mark.parametrize("kind", ["packed", "of another encoding", "of several lines"])
def test_files_that_look_alike_are_each_read(rulebook: Rulebook, tmp_path: Path, kind: str) -> None:
    """Files of one size and one time whose ends are the same differ in their middle alone."""
    note = {"packed": b"x", "of another encoding": b"\xe9", "of several lines": b'"x\ny"'}[kind]
    end = b"".join(b"A%04d,34,%s\n" % (row, note) for row in range(8000))
    paths = [tmp_path / "one.csv", tmp_path / "other.csv"]
    for path, middle in zip(paths, (b"B,34,x\n", b"C,34,x\n"), strict=True):
        parts = [b"record_id,age_years,note\n" + end, middle, end]
        packed = [gzip.compress(each, 0, mtime=0) if kind == "packed" else each for each in parts]
        path.write_bytes(b"".join(packed))
        os.utime(path, ns=(10**18, 10**18))
    found = [
        read_chunk(rulebook, source, chunk).frame["record_id"][8000]
        for source in find_inputs(rulebook, paths, tmp_path / "spool")
        for chunk in chunks(source, 40_000)
    ]
    assert found == ["B", "C"]


def test_a_stream_is_not_ended_where_an_input_changed_meanwhile(rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"record_id,age_years\nA,34\nB,35\n")
    request = Request(rulebook, [path], Options("csv"))

    def run(watch: Watch) -> None:
        run_to_stream(request, io.BytesIO(), tmp_path / "spool", watch, lambda _: None, print)

    run(lambda _: None)
    with pytest.raises(InputChanged, match="was changed while it was read; run the batch again"):
        run(lambda _: os.utime(path, ns=(1, 1)))


def test_an_answer_in_the_name_of_a_folder_is_told(rulebook: Rulebook, tmp_path: Path) -> None:
    for part in ("clinic=north", "Injury_Onset=within_week"):
        (tmp_path / "parts" / part).mkdir(parents=True)
        pl.DataFrame({"record_id": ["a"], "age_years": [34]}).write_parquet(
            tmp_path / "parts" / part / "p.parquet"
        )
    with pytest.raises(ProblemsError) as caught:
        find_inputs(rulebook, [tmp_path / "parts"], tmp_path / "spool")
    (problem,) = caught.value.problems
    assert (problem.key, problem.message) == (
        "Injury_Onset",
        "stands in the name of a folder, where it is not read: write it as a column of the file",
    )
    (found,) = find_inputs(rulebook, [tmp_path / "parts" / "clinic=north"], tmp_path / "spool")
    assert found.rows == 1


@pytest.mark.parametrize(
    ("inside", "kind"),
    [("_delta_log/0.json", "Delta"), (".hoodie/a", "Hudi"), ("metadata/v1.metadata.json", "Iceberg")],
)
def test_a_table_whose_files_may_hold_deleted_rows_is_refused(
    rulebook: Rulebook, tmp_path: Path, inside: str, kind: str
) -> None:
    table = tmp_path / "all" / "table"
    (table / inside).parent.mkdir(parents=True)
    (table / inside).write_text("{}")
    pl.DataFrame({"age_years": [34]}).write_parquet(table / "p.parquet")
    with pytest.raises(ProblemsError, match=f"table: is a table of {kind}, whose files hold rows"):
        find_inputs(rulebook, [tmp_path / "all"], tmp_path / "spool")


def test_what_programs_write_beside_parts_is_nobody_left_out(tmp_path: Path) -> None:
    pl.DataFrame({"record_id": ["a"], "age_years": [34]}).write_parquet(tmp_path / "p.parquet")
    for name in ("_SUCCESS", "_metadata", "_common_metadata", "_notes"):
        (tmp_path / name).write_bytes(b"")
    assert left_out([tmp_path]) == [tmp_path / "_notes"]


def test_what_took_the_place_of_a_result_or_lies_in_one_is_read(tmp_path: Path) -> None:
    intakes = tmp_path / "in"
    intakes.mkdir()
    (intakes / "a.csv").write_text("record_id,age_years\na,34\n")
    assert batch(intakes / "a.csv", intakes / "b.csv").code == 0
    assert batch(intakes / "a.csv", intakes / "res").code == 0
    assert "1 rows in = 1 rows" in batch(intakes, tmp_path / "one").out
    (intakes / "b.csv").write_text("record_id,age_years\nb,34\n")
    (intakes / "res" / "_rejects_mended.csv").write_text("record_id,age_years\nc,34\n")
    assert "3 rows in = 3 rows" in batch(intakes, tmp_path / "three").out


@pytest.mark.parametrize("header", ["PARENT_OK,record_id,age_years", "<Body side>,record_id,age_years"])
def test_a_header_may_begin_as_other_files_do(rulebook: Rulebook, tmp_path: Path, header: str) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\nx,a,34\n")
    assert read_all(rulebook, tmp_path / "a.csv", tmp_path / "spool", 7).frame.height == 1


@pytest.mark.parametrize("record_id", ["GEN-01", "SET-02", "MAI-03"])
def test_an_id_in_capitals_is_no_month_of_another_language(
    rulebook: Rulebook, tmp_path: Path, record_id: str
) -> None:
    (tmp_path / "a.csv").write_text(f"record_id,age_years\n{record_id},34\nmai-26,34\n03. Mai,34\n")
    read = read_all(rulebook, tmp_path / "a.csv", tmp_path / "spool", 7)
    assert (read.frame["record_id"].to_list(), len(read.rejects)) == ([record_id], 2)


def test_only_a_table_with_a_log_of_its_own_is_one_of_deleted_rows(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("record_id,age_years\na,34\n")
    for name in ("metadata/survey.metadata.json", ".cache/_delta_log/0.json"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("{}")
    assert len(find_inputs(rulebook, [tmp_path], tmp_path.parent / "spool")) == 1
