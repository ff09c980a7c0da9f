"""Decided rows out: Parquet with bit masks, or CSV, JSON lines, Arrow and xlsx with names.

In Parquet the fired rules are bit masks and the file's metadata holds their names. The other
formats have no place for such a key that every reader shows, so they hold the names themselves.
In CSV and xlsx, which spreadsheets open, texts that look like formulas are marked.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

import polars as pl
from polars.io.plugins import register_io_source

from afterrun.batch.decide.columns import Columns, columns_for
from afterrun.batch.decide.fired import FIRED, fired_names
from afterrun.batch.decide.plan_numbers import unit_columns
from afterrun.batch.formula_marks import given_text, marked
from afterrun.batch.input.layout import PLACE_COLUMNS
from afterrun.batch.input.spool import Compression
from afterrun.batch.stored import read_parquet, scan_parquet
from afterrun.batch.write.packed import packed
from afterrun.batch.write.reasons import BECAUSE, with_reasons
from afterrun.batch.write.workbook import write_workbook
from afterrun.errors import AfterrunError, UnknownNameError
from afterrun.rulebook import Rulebook, versions_of

Format = Literal["parquet", "csv", "jsonl", "arrow", "xlsx"]

SUFFIXES: dict[str, Format] = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".xlsx": "xlsx",
}
PACKABLE = ("csv", "jsonl")
"""Formats of text, which are also written compressed."""
AT_ONCE = 2500
"""Rows that are turned into text at once."""
METADATA = "afterrun"
"""The key of what a Parquet file says about the rulebook."""


class NoReasons(AfterrunError):
    """The reasons were chosen but not asked for."""


class Output:
    """Which columns are kept and which are handed out, in the rulebook's words."""

    def __init__(self, columns: Columns, *, explain: bool = False, chosen: Sequence[str] = ()) -> None:
        """`chosen` are the columns wanted, none meaning all.

        Raises UnknownNameError with the nearest name.
        """
        known = [*columns_for(columns.rulebook), *([BECAUSE] if explain else [])]
        for name in chosen:
            if name == BECAUSE and not explain:
                raise NoReasons("the column 'because' is only there with --explain")
            if name not in known:
                raise UnknownNameError("output column", name, known)
        self.columns = [name for name in known if not chosen or name in chosen]
        self.kept = [name for name in known if name in PLACE_COLUMNS or name in self.columns]
        """A row keeps its place even where it is not handed out: it is found again by it."""
        self.rulebook = columns.rulebook
        counted = {"triage", "open_questions", *(f"pattern_{each}" for each in columns.rulebook.patterns)}
        self._held = [name for name in known if name in counted or name in self.kept]
        self._rules = list(columns.rules)
        self._explain = explain

    def keep(self, decided: pl.DataFrame) -> pl.DataFrame:
        """The rows with the columns that are kept in a chunk's Parquet file, and those counted by."""
        if not self._explain:
            return decided.select(self._held)
        slices = [with_reasons(self.rulebook, self._rules, each) for each in decided.iter_slices(AT_ONCE)]
        return pl.concat(slices or [with_reasons(self.rulebook, self._rules, decided)]).select(self._held)

    @property
    def keeps_all(self) -> bool:
        """Whether the columns that a batch is counted by are all kept."""
        return self._held == self.kept

    def write_part(self, kept: pl.DataFrame, path: Path) -> None:
        """Write a chunk: packed lightly, and without the statistics that nobody filters a chunk by."""
        kept.write_parquet(path, compression_level=1, statistics=False, metadata=self._metadata())

    def join(
        self,
        parts: Sequence[Path],
        path: Path,
        form: tuple[Format, Compression],
        sources: Sequence[str],
        rejects: Path,
        scratch: Path,
    ) -> None:
        """Write all chunks as one file, never holding more than a few of them; into a workbook the
        `rejects` as well, if there are any, by way of the folder `scratch`."""
        format, compression = form
        if format == "parquet":
            rows = scan_parquet(*parts).select(self.columns)
            rows.sink_parquet(path.absolute(), metadata=self._metadata())
        elif format == "arrow":
            rows = self._pieces(parts, sources)
            rows.sink_ipc(path.absolute(), compat_level=pl.CompatLevel.oldest(), record_batch_size=AT_ONCE)
        elif format == "xlsx":
            write_workbook(path, self._rows(parts, sources), rejects, scratch)
        else:
            with path.open("wb") as file, packed(file, compression) as sink:
                stream = self.stream(sink, format, sources)
                for part in parts:
                    stream.put(read_parquet(part))

    def stream(self, sink: BinaryIO, format: Format, sources: Sequence[str]) -> RowStream:
        """One stream of rows in a format with names; `sources` are those of the inputs."""
        return RowStream(sink, format, self.shown(sources))

    def _pieces(self, parts: Sequence[Path], sources: Sequence[str]) -> pl.LazyFrame:
        """All chunks with names, made piece by piece; polars alone would hold them all."""
        schema = read_parquet(parts[0]).head(0).select(self.shown(sources)).schema
        return register_io_source(lambda *_: self._rows(parts, sources), schema=schema)

    def _rows(self, parts: Sequence[Path], sources: Sequence[str]) -> Iterator[pl.DataFrame]:
        shown = self.shown(sources)
        for part in parts:
            rows = read_parquet(part)
            for piece in rows.iter_slices(AT_ONCE) if rows.height else [rows]:
                yield piece.select(shown)

    def shown(self, sources: Sequence[str]) -> list[pl.Expr]:
        """The columns as the formats with names have them."""
        shown = {name: pl.col(name) for name in self.columns}
        if FIRED in shown:
            shown[FIRED] = fired_names(self._rules)
        if "source" in shown:
            shown["source"] = pl.col("source").replace_strict(
                list(range(len(sources))), list(sources), return_dtype=pl.String
            )
        named = ("triage", "interventions", "open_questions", "rulebook", *unit_columns(self.rulebook))
        for name in self.columns:
            if name in named or name.startswith("pattern_"):
                shown[name] = pl.col(name).cast(pl.String)
        return list(shown.values())

    def _metadata(self) -> dict[str, str]:
        key = {**versions_of(self.rulebook.stamp), "rules": self._rules}
        return {METADATA: json.dumps(key, separators=(",", ":"))}

    def key(self) -> dict[str, object]:
        """What a reader needs to know to read bit masks, levels and ids."""
        rulebook = self.rulebook
        return {
            **versions_of(rulebook.stamp),
            "rules": self._rules,
            "levels": {each.id: list(each.levels) for each in rulebook.patterns.values()},
            "names": names_of(rulebook),
        }


class RowStream:
    """Rows as the bytes of one stream, written in pieces: as text, rows take many times their room."""

    def __init__(self, sink: BinaryIO, format: Format, shown: Sequence[pl.Expr]) -> None:
        self.begun = False
        self._sink, self._format, self._shown = sink, format, shown

    def put(self, kept: pl.DataFrame) -> None:
        """The rows of a chunk; without any still the names of the columns, if it is the first."""
        for piece in kept.iter_slices(AT_ONCE) if kept.height else [kept]:
            rows, buffer = piece.select(self._shown), io.BytesIO()
            if self._format == "csv":
                rows.with_columns(marked(given_text(rows.columns))).write_csv(
                    buffer, include_header=not self.begun
                )
            elif self._format == "jsonl":
                rows.write_ndjson(buffer)
            else:
                rows.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
            written = buffer.getvalue()
            self._sink.write(_continued(written, self.begun) if self._format == "arrow" else written)
            self.begun = True

    def end(self) -> None:
        """Close the stream, not the sink."""
        if self._format == "arrow":
            self._sink.write(_END_OF_STREAM)
        self._sink.flush()


def names_of(rulebook: Rulebook) -> dict[str, dict[str, str]]:
    """The words for what a row holds only the id of."""
    return {
        "texts": {"triage": rulebook.identity.triage_text},
        "triage": {each.id: each.name for each in rulebook.triage.values()},
        "patterns": {each.id: each.called for each in rulebook.patterns.values()},
        "interventions": {each.id: each.called for each in rulebook.interventions.values()},
        "questions": {each.id: each.ask for each in rulebook.questions.values()},
    }


_END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"


def _continued(stream: bytes, begun: bool) -> bytes:
    """An Arrow stream without its end and, if another came before, without its schema.

    A stream is a row of messages, each led by a mark, its length and itself; the first is the schema
    and carries nothing after it. So streams of one schema are joined by leaving out what lies between.
    """
    start = 8 + int.from_bytes(stream[4:8], "little") if begun else 0
    return stream[start : len(stream) - len(_END_OF_STREAM)]
