"""What there is to read: files, folders, tables and standard input, told apart by name and content.

A file that is wrong as a whole is refused here, before anything is computed. A compressed file and
standard input are first laid down in the job's own folder, so that any part of them can be read again;
a sheet of a workbook, a table of a database and records of another kind are laid down there as a table
of texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from afterrun.batch.foreign.addresses import Address, read_address
from afterrun.batch.foreign.databases import lay_down_table
from afterrun.batch.foreign.records import first_object, lay_down_objects, lay_down_records
from afterrun.batch.foreign.workbooks import OLD, ZIP, lay_down_sheet
from afterrun.batch.input.folders import STDIN, Input, found_in, plain_suffix
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.gaps import Gaps
from afterrun.batch.input.form.headers import meanings_of, of_quarantine, refuse_unknown
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.input.lines import Block, blocks, every
from afterrun.batch.input.other_kinds import refuse_other_kinds
from afterrun.batch.input.pseudonyms import Pseudonyms
from afterrun.batch.input.spool import MAGIC, STDIN_PREFIX, Compression, spool_stdin, unpack
from afterrun.batch.input.tables import Format, format_of, laid_table, look_at
from afterrun.batch.input.text.dialect import Dialect
from afterrun.batch.input.text.encoding import in_utf8, notes_on_encoding
from afterrun.batch.input.text.rows import RowShape, one_line_a_row
from afterrun.errors import Problem, ProblemsError
from afterrun.once import once
from afterrun.rulebook import Rulebook
from afterrun.storage import make_folder
from afterrun.visible import is_text, on_one_line

_HEAD = 64
"""Bytes at the beginning that tell what a file is."""
_ENDS = 64 << 10
"""Bytes at either end of a file that go into its fingerprint."""


@dataclass(frozen=True)
class Source:
    """One input file, looked at and found readable."""

    index: int
    """Its place among the job's files."""
    name: str
    """As it was given; `-` for standard input, an address without its secrets for a table."""
    given: Path | None
    """The file itself; None where what was laid down is all there is."""
    path: Path
    """Where its plain content lies: the file itself, or what was unpacked or laid down from it."""
    format: Format
    size: int
    """Bytes of the file as given."""
    fingerprint: str
    """Changes when the file does: made of its size, its time, its beginning and its end."""
    columns: tuple[Column, ...]
    """In the order of the file; for JSON lines, where each line names its own, those of the first lines."""
    begins: int
    """Byte of the first row; of a table of cells its place among the rows."""
    first_line: int
    """Line of the first row."""
    rows: int | None
    """Where the format says so beforehand."""
    notes: tuple[str, ...]
    """What was passed over, for the person who started the job."""
    gaps: Gaps
    """What nobody who filled in the form was asked."""
    dialect: Dialect
    """How its cells are written."""
    pseudonyms: Pseudonyms | None = None
    """What its record ids are replaced by."""
    turn: int = 0
    """Which run brought it: 0 is the first, later ones appended it."""

    @once
    def marked(self) -> bool:
        """Whether what looks like a formula has a mark in front."""
        return of_quarantine(column.name for column in self.columns)

    @property
    def ends_by_cr(self) -> bool:
        """Whether a carriage return ends a line, too."""
        return self.format == "csv" and not self.dialect.joined

    @property
    def shown(self) -> str:
        """Its name as text, which the name of a file need not be."""
        return on_one_line(self.name)


class Chunk(NamedTuple):
    """A part of a source that begins and ends at a row's end; counted in rows where their number is known,
    else in bytes."""

    offset: int
    length: int
    first_line: int


def find_inputs(
    rulebook: Rulebook,
    paths: Sequence[Input],
    spool: Path,
    max_unpacked: int | None = None,
    how: How = AS_IT_IS,
    earlier: int = 0,
) -> list[Source]:
    """Every file to read, in the order given, a folder's files by name.

    The first so many paths are `earlier` ones, which may be given once more.

    Raises ProblemsError with everything that is wrong with any file as a whole, such as a compressed one
    that holds more.
    """
    refuse_unknown(rulebook, how)
    problems: list[Problem] = []
    sources: list[Source] = []
    seen: dict[Path | Address, str] = {}
    for name, at in found_in(paths, problems):
        try:
            same = at.resolve() if isinstance(at, Path) else at
            if same is not None:
                if same in seen and len(sources) >= earlier > 0:
                    continue
                if same in seen:
                    before = f", before as {seen[same]}" if seen[same] != name else ""
                    raise ProblemsError([Problem(f"is given twice{before}", name)])
                seen[same] = name
            sources.append(_source(rulebook, len(sources), name, at, spool, max_unpacked, how))
        except ProblemsError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(f"cannot be read: {error.strerror or error}", name))
    if problems:
        raise ProblemsError(problems)
    return sources


def chunks(source: Source, rows_per_chunk: int) -> Iterator[Chunk]:
    """Cut a source into parts of so many rows or lines; the same file always gives the same parts."""
    if source.rows is not None:
        for row in range(0, source.rows, rows_per_chunk):
            yield Chunk(source.begins + row, min(rows_per_chunk, source.rows - row), row + 1)
        return
    begins, line = source.begins, source.first_line
    with source.path.open("rb") as file:
        file.seek(source.begins)
        for length in every(file, rows_per_chunk, source.ends_by_cr):
            end = source.begins + length
            if end > begins:
                yield Chunk(begins, end - begins, line)
            begins, line = end, line + rows_per_chunk


def blocks_of(source: Source, chunk: Chunk) -> Iterator[Block]:
    """The lines of a chunk, block by block."""
    return blocks(source.path, *chunk, carriage_returns=source.ends_by_cr)


def input_of(text: str) -> Input:
    """What a word of the command line, or of a frozen plan, names. Raises AddressError."""
    return STDIN if text == STDIN else read_address(text) or Path(text)


def _source(
    rulebook: Rulebook,
    index: int,
    name: str,
    at: Path | Address | None,
    spool: Path,
    max_unpacked: int | None,
    how: How,
) -> Source:
    if isinstance(at, Address):
        path = spool / f"table-{index}"
        table = laid_table(rulebook, path, lay_down_table(at, path), name, how)
        size, fingerprint = path.stat().st_size, _content(path)
        return Source(index, name, None, path, "cells", size, fingerprint, *table, how.pseudonyms)
    piped = STDIN_PREFIX if at is None else ""
    if at is None:
        path, fingerprint = spool_stdin(spool, name)
        suffix = ""
    else:
        _refuse_answers_in_path(rulebook, at, name, how)
        path, fingerprint, suffix = at, _fingerprint(at), plain_suffix(at)
    size, head = path.stat().st_size, _head(path)
    compressed: Compression = next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), "")
    # Two files may have one fingerprint, so that what is made of each is called by its place, too.
    made = f"{piped}{index}-"
    if compressed:
        path = unpack(path, compressed, spool / f"{made}{fingerprint}.plain", name, max_unpacked)
    begins = _head(path)
    if begins[:4] in (ZIP, OLD):
        laid = spool / f"{made}{fingerprint}.sheet"
        holds = partial(meanings_of, rulebook, how)
        sheet = lay_down_sheet(path, laid, name, how.sheet, holds, max_unpacked)
        table = laid_table(rulebook, laid, sheet, name, how)
        return Source(index, name, at, laid, "cells", size, fingerprint, *table, how.pseudonyms)
    refuse_other_kinds(begins, name)
    # Told something else, or by another rulebook, the same file may become another one.
    stamp = hashlib.sha256(f"{fingerprint} {rulebook.digest} {how}".encode()).hexdigest()[:32]
    text = in_utf8(path, spool / f"{made}{stamp}.utf-8", how.encoding)
    path = text.path
    format = format_of(path, suffix, name)
    if format == "jsonl" and how.records is not None and how.records.are_in(path):
        laid = spool / f"{made}{stamp}.records"
        records = lay_down_records(rulebook, path, laid, name, how.records)
        # What was told of columns and cells is of those that people write.
        table = laid_table(rulebook, laid, records, name, AS_IT_IS._replace(decimal="."))
        return Source(index, name, at, laid, "cells", size, fingerprint, *table, how.pseudonyms)
    if format == "jsonl" and of_quarantine(first_object(path) or ()):
        # Rejects are written as a table, whoever made lines of them.
        laid = spool / f"{made}{stamp}.records"
        table = laid_table(rulebook, laid, lay_down_objects(path, laid, name), name, how)
        return Source(index, name, at, laid, "cells", size, fingerprint, *table, how.pseudonyms)
    if format == "parquet" and not is_text(str(path)):
        path = _linked(path, spool / f"{made}{fingerprint}.parquet")
    table = look_at(rulebook, path, format, name, how)
    if not how.encoding:
        hides_ids = how.pseudonyms is not None
        notes = notes_on_encoding(text, table.columns, table.dialect, hides_ids=hides_ids)
        table = table._replace(notes=(*notes, *table.notes))
    if format == "csv":
        shape = RowShape(rulebook, table.columns, table.dialect)
        rows = one_line_a_row(
            path, spool / f"{made}{stamp}.rows", table.begins, table.first_line, shape.is_row
        )
        table = table._replace(dialect=table.dialect._replace(joined=rows != path))
        path = rows
    return Source(index, name, at, path, format, size, fingerprint, *table, how.pseudonyms)


def _refuse_answers_in_path(rulebook: Rulebook, path: Path, name: str, how: How) -> None:
    """Raise ProblemsError where a folder is called `question=answer`: programs that write a table in parts
    take such a column out of the files, and nobody may be said not to have been asked."""
    told = [part.partition("=")[0] for part in path.parent.parts if "=" in part]
    meanings = meanings_of(rulebook, how, told) if told else []
    if meant := [each for each, meaning in zip(told, meanings, strict=True) if meaning]:
        said = "stands in the name of a folder, where it is not read: write it as a column of the file"
        raise ProblemsError([Problem(said, name, key=each) for each in meant])


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _content(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def _fingerprint(path: Path) -> str:
    status = path.stat()
    digest = hashlib.sha256(f"{status.st_size} {status.st_mtime_ns} ".encode())
    with path.open("rb") as file:
        digest.update(file.read(_ENDS))
        file.seek(max(0, status.st_size - _ENDS))
        digest.update(file.read(_ENDS))
    return digest.hexdigest()[:32]


def _linked(path: Path, link: Path) -> Path:
    """Another name for a file, since the reader of Parquet takes one that is text only."""
    if not link.exists():
        make_folder(link.parent, private=True)
        link.symlink_to(path.resolve())
    return link
