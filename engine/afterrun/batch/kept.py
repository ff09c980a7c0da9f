"""What stays of the inputs when a batch is finished: of standard input the rows that were accepted.

They can be had from nowhere else when a row is to be proved. What was refused stands in the quarantine,
before everybody's eyes, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

import polars as pl

from afterrun.batch.input.folders import STDIN
from afterrun.batch.input.lines import blocks
from afterrun.batch.input.sources import Source
from afterrun.batch.input.spool import STDIN_PREFIX
from afterrun.batch.stored import scan_parquet
from afterrun.spreadsheets import neutral
from afterrun.storage import write_whole

_ACCEPTED_PREFIX = "accepted-"
_EMPTY_ROW = {"csv": b"", "jsonl": b"{}"}
"""What stands for a refused row, so that every other one keeps its line."""

# What follows the header is written with line feeds: the first would make one line end of two.
_ENDED_BY_CR = re.compile(rb"\r\n?\Z")


def kept_stdin(spool: Path, fingerprint: str) -> Path:
    """Where the standard input of a batch lies, be it finished or not."""
    accepted = spool / f"{_ACCEPTED_PREFIX}{fingerprint}"
    return accepted if accepted.is_file() else spool / f"{STDIN_PREFIX}{fingerprint}"


def keep_accepted(sources: Iterable[Source], rejects_parts: Iterable[Path], spool: Path) -> None:
    """Lay down standard input once more, without the rows that were refused, if there are any."""
    source = next((each for each in sources if each.name == STDIN), None)
    if source is None:
        return
    refused = {line for part in rejects_parts for line in _refused_lines(part)}
    if refused:
        write = _without_rows if source.format == "parquet" else _without_lines
        target = spool / f"{_ACCEPTED_PREFIX}{source.fingerprint}"
        write_whole(target, lambda path: write(source, refused, path), private=True)


def tidy_spool(spool: Path) -> None:
    """Throw away what was unpacked, and standard input where the rows accepted are kept by themselves."""
    for each in list(spool.glob("*")):
        fingerprint = each.name.removeprefix(STDIN_PREFIX)
        is_kept = each.name.startswith(_ACCEPTED_PREFIX) or each == kept_stdin(spool, fingerprint)
        if not is_kept:
            each.unlink(missing_ok=True)


def _refused_lines(part: Path) -> Iterable[int]:
    """The lines of standard input among the rejects of a chunk."""
    rows = pl.read_csv(part, glob=False, has_header=False, columns=[0, 1], infer_schema=False)
    file, line = rows.get_columns()
    return [int(each) for each in line.filter(file == neutral(STDIN))]


def _without_lines(source: Source, refused: Collection[int], path: Path) -> None:
    empty = _EMPTY_ROW[source.format]
    length = source.path.stat().st_size - source.begins
    csv = source.format == "csv"
    with source.path.open("rb") as file, path.open("wb") as kept:
        kept.write(_ENDED_BY_CR.sub(b"\n", file.read(source.begins)))
        for block in blocks(source.path, source.begins, length, source.first_line, carriage_returns=csv):
            lines = block.data.split(b"\n")
            for place in range(len(lines) - 1):
                if block.first_line + place in refused:
                    lines[place] = empty
            kept.write(b"\n".join(lines))


def _without_rows(source: Source, refused: Collection[int], path: Path) -> None:
    row = pl.int_range(1, pl.len() + 1)
    kept = pl.when(~row.is_in(list(refused))).then(pl.all())
    scan_parquet(source.path).select(kept).sink_parquet(path.absolute())
