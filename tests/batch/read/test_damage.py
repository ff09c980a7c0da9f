"""Files with damage: every kind is told by its line, no row is lost, and rejects can be mended."""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from afterrun import Rulebook
from afterrun.batch.input.rejects import Quarantine
from afterrun.batch.input.sources import chunks, find_inputs
from afterrun.batch.read.readers import given_columns, read_chunk
from afterrun.errors import ProblemsError
from tests.support.batches.files import (
    by_line,
    cells_of,
    csv_bytes,
    hostile_cells,
    intakes,
    json_lines,
    read_all,
    verdicts,
)
from tests.support.random_input.intakes import LAW

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


@pytest.mark.slow
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
        assert (read.rows_in, read.blank) == (len(kinds) + len(accepted) + 1, 1)
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
        ('"b","34","none\n"\n', []),
        ('"b","34",","\n', [5]),
        ('"b",""","none"\n', [5]),
        ('","34","none",\n', [5]),
    ):
        path.write_text(f'"record_id","age_years","warning_signs"\n{good}{odd}{good}', encoding="utf-8")
        read = read_all(rulebook, path, tmp_path)
        assert [each.line for each in read.rejects] == refused, odd
        assert read.rows_in == 6 + (odd.count("\n") if refused else 1)


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
    assert read.rejects[2].reason == "provoked_by___squat: takes 1 or 0, or yes or no, not '2'"
    ticks = read.frame.select("line", "provoked_by___squat", "provoked_by___stairs").rows()
    assert ticks == [
        (2, True, False),
        (4, True, False),
        (5, True, True),
        (7, True, True),
        (9, None, None),
        (10, False, True),
    ]


@pytest.mark.slow
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


@pytest.mark.slow
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
            (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
        except ProblemsError:
            return
        told = by_line(read)
        if form == "jsonl":
            assert sorted(told) == [line for line, text in enumerate(damaged.split(b"\n"), 1) if text.strip()]
            return
        lines = damaged.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        odd = [line for line, text in enumerate(lines, 1) if text.count(b'"') % 2]
        found, blank = list[int](), 0
        for line, text in enumerate(lines, 1):
            if line < source.first_line or _within_a_row(line, told, odd):
                assert line not in told
            elif line in odd or text.strip(b' ",'):
                found.append(line)
            else:
                blank += bool(text)
        assert (found, blank) == (sorted(told), read.blank)

    law()


def _within_a_row(line: int, told: Iterable[int], odd: Sequence[int]) -> bool:
    """Whether a line that is none by itself lies behind one with an open quote, no further than its end."""
    before = max((each for each in told if each < line), default=0)
    return line not in told and before in odd and line <= min(each for each in [*odd, 10**9] if each > before)


def test_rejects_are_mended_and_fed_back(rulebook: Rulebook, tmp_path: Path) -> None:
    path, back = tmp_path / "in.csv", tmp_path / "rejects.csv"
    path.write_bytes(
        b"Record_ID,age_years,warning_signs,clinic,pain_timing\n"
        b'a,340,none,"North, 1",during_only\nb,34,none\nc,34,none,South,during_only\n'
    )
    lines = tmp_path / "in.jsonl"
    lines.write_text(
        '{"record_id": "d", "age_years": "340", "warning_signs": ["none"]}\nnothing\n{}\n', encoding="utf-8"
    )
    found = find_inputs(rulebook, [path, lines], tmp_path)
    rejects = [each for s in found for c in chunks(s, 10) for each in read_chunk(rulebook, s, c).rejects]
    quarantine = Quarantine(rulebook, [given_columns(rulebook, source) for source in found])
    quarantine.write(back, rejects)
    table = list(csv.DictReader(io.StringIO(back.read_text(encoding="utf-8"))))
    assert [(row["record_id"], row["age_years"], row["reject_line"]) for row in table] == [
        ("a", "340", "2"), ("", "", "3"), ("d", "340", "1"), ("", "", "2"),
    ]  # fmt: skip
    assert (table[0]["clinic"], table[0]["reject_question"], table[1]["reject_raw"]) == (
        "North, 1",
        "age_years",
        "b,34,none",
    )

    read = read_all(rulebook, back, tmp_path)
    assert [each.line for each in read.rejects] == [2, 3, 4, 5]
    assert "still to be mended" in read.rejects[1].reason
    table[0]["age_years"] = table[2]["age_years"] = "34"
    table[1] |= {"record_id": "b", "age_years": "34", "warning_signs": "none"}
    table[3] |= {"record_id": "e"}
    with back.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, quarantine.columns)
        writer.writeheader()
        writer.writerows(table)
    assert read_all(rulebook, back, tmp_path).frame["record_id"].to_list() == ["a", "b", "d", "e"]
