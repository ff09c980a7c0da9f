"""JSON lines in, checked columns out: an intake a line, with the meaning that `assess` gives it.

Each line is decoded by itself, so that a damaged one spoils no other. Whatever is not plain goes, alone,
through the reader of intake files.
"""

from __future__ import annotations

import gc
import io
import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.input.cells import choice_words
from afterrun.batch.input.lines import Block, blocks
from afterrun.batch.input.rejects import Kind, Reject, cell, for_problems, question_columns, readable
from afterrun.batch.input.sources import Chunk, Source
from afterrun.batch.read.json_columns import Ticked, codes_of, put_numbers, put_record_ids
from afterrun.batch.read.reading import ChunkRead, accept, gather
from afterrun.batch.read.sheet import Sheet
from afterrun.errors import IntakeError, Problem
from afterrun.intake import LONGEST_LINE, RECORD_ID, RawIntake, raw_intakes, read_answers
from afterrun.rulebook import UNKNOWN, Rulebook

Row = dict[str, Any]

_DIGITS = 13
"""Of a run of more than LONGEST_NUMBER digits, three bytes 13 apart are digits."""
_WITH_EXPONENT = re.compile(rb"[0-9.][eE][-+0-9]")


def read_json_lines(rulebook: Rulebook, source: Source, chunk: Chunk) -> ChunkRead:
    """Read a part of a file of JSON lines."""
    reader = _Reader(rulebook, source)
    for block in blocks(source.path, chunk.offset, chunk.length, chunk.first_line, carriage_returns=False):
        with _without_pauses():
            reader.read(block)
    return gather(rulebook, reader.frames, reader.rows, reader.rejects, reader.rows_in)


@contextmanager
def _without_pauses() -> Iterator[None]:
    """Thousands of fresh dicts make the garbage collector look at them all, again and again, for nothing:
    none of them is part of a circle. It costs as much as the reading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Reader:
    def __init__(self, rulebook: Rulebook, source: Source) -> None:
        self.rulebook, self.source = rulebook, source
        self.frames: list[pl.DataFrame] = []
        self.rows: list[Row] = []
        self.rejects: list[Reject] = []
        self.rows_in = 0
        self.units = {quantity.unit_key: quantity for quantity in rulebook.quantities.values()}
        self.blank: Row = dict.fromkeys([RECORD_ID, *self.units, *rulebook.questions])
        self.ticked = {each.id: Ticked(each) for each in rulebook.questions.values() if each.type == "multi"}

    def read(self, block: Block) -> None:
        """Read some lines."""
        raw_lines = block.data.split(b"\n")[:-1]
        careful = set(_lines_with_long_numbers(block.data))
        objects, lines, odd = self._decoded(raw_lines, careful)
        frame, suspect = self._columns(objects, raw_lines, lines)
        numbers = pl.Series("line", np.array(lines, np.int64) + block.first_line, dtype=pl.UInt64)
        frame = frame.with_columns(numbers, pl.lit(self.source.index, dtype=pl.UInt32).alias("source"))
        if suspect.any():
            odd += [lines[row] for row in suspect.arg_true()]
            frame = frame.filter(~suspect)
        for line in odd:
            judged = judge(self.rulebook, self.source, line + block.first_line, raw_lines[line])
            self.rejects.append(judged) if isinstance(judged, Reject) else self.rows.append(judged)
        self.rows_in += len(lines) + len(odd) - int(suspect.sum())
        self.frames.append(frame)

    def _values(self, pairs: list[tuple[str, Any]]) -> tuple[Any, ...]:
        """The values of an object in the order of the questionnaire."""
        given = dict(pairs)
        values = {**self.blank, **given}
        if len(given) < len(pairs) or len(values) > len(self.blank):
            raise ValueError("a key is there twice, or is unknown")
        return tuple(values.values())

    def _decoded(
        self, raw_lines: list[bytes], careful: set[int]
    ) -> tuple[list[tuple[Any, ...]], list[int], list[int]]:
        """The values of the plain lines, their places, and the places of the lines that need care."""
        decode = json.JSONDecoder(object_pairs_hook=self._values).raw_decode
        objects, lines, odd = [], [], []
        for place, raw in enumerate(raw_lines):
            if len(raw) <= LONGEST_LINE and place not in careful:
                try:
                    text = raw.decode("utf-8")
                    value, end = decode(text)
                    if type(value) is tuple and (end == len(text) or not text[end:].strip(" \t\r")):
                        objects.append(value)
                        lines.append(place)
                        continue
                except (ValueError, RecursionError):
                    pass
            if raw.strip():
                odd.append(place)
        return objects, lines, odd

    def _columns(
        self, objects: list[tuple[Any, ...]], raw_lines: list[bytes], lines: list[int]
    ) -> tuple[pl.DataFrame, pl.Series]:
        sheet = Sheet(self.rulebook, len(objects))
        columns = dict(
            zip(self.blank, zip(*objects, strict=True) if objects else [()] * len(self.blank), strict=True)
        )
        put_record_ids(sheet, columns[RECORD_ID])
        for key, quantity in self.units.items():
            words = {unit.id: place for place, unit in enumerate(quantity.units)}
            sheet.made[key] = codes_of(sheet, columns[key], words)
        zeros: set[int] = set()
        for question in self.rulebook.questions.values():
            values = columns[question.id]
            if question.type == "single":
                ids = {option.id for option in question.options}
                words = {
                    word: code
                    for word, code in choice_words(question).items()
                    if word in ids | {UNKNOWN.value}
                }
                sheet.made[question.id] = codes_of(sheet, values, words)
            elif question.type == "multi":
                self.ticked[question.id].put(sheet, values)
            else:
                zeros |= put_numbers(sheet, question, values)
        # 0.0 may have been written 1e-400 or 0e99, which an intake file refuses.
        strange = [row for row in zeros if _WITH_EXPONENT.search(raw_lines[lines[row]])]
        if strange:
            sheet.doubt(pl.Series(np.isin(np.arange(len(objects)), strange)))
        return sheet.finish()


def judge(rulebook: Rulebook, source: Source, line: int, raw: bytes) -> Row | Reject:
    """One line by itself: its row of the layout, or why it is refused."""
    place = (source.index, source.name, line)
    read = _intake_of(raw)
    shown = _cells(rulebook, read.data)
    if read.problems:
        reason = "; ".join(str(each._replace(file="", line=None)) for each in read.problems)
        return Reject(*place, _kind(raw), reason, "", readable(raw), shown)
    try:
        answers = read_answers(rulebook, read.data)
    except IntakeError as error:
        return for_problems(place, error.problems, readable(raw), shown)
    return accept(rulebook, answers, place, readable(raw), shown)


def given_rows(
    rulebook: Rulebook, source: Source, chunk: Chunk, lines: Collection[int]
) -> dict[int, tuple[str, dict[str, str]]]:
    """The raw text and the cells of some rows of a chunk that were read before."""
    found = {}
    for block in blocks(source.path, chunk.offset, chunk.length, chunk.first_line, carriage_returns=False):
        for number, raw in enumerate(block.data.split(b"\n")[:-1], block.first_line):
            if number in lines:
                found[number] = readable(raw), _cells(rulebook, _intake_of(raw).data)
    return found


def _intake_of(raw: bytes) -> RawIntake:
    if len(raw) > LONGEST_LINE:
        said = f"the line is longer than {LONGEST_LINE} bytes"
        return RawIntake("", 1, {}, {}, (Problem(said),))
    return next(iter(raw_intakes(io.BytesIO(raw + b"\n"), "", "jsonl")))


def _kind(raw: bytes) -> Kind:
    if len(raw) > LONGEST_LINE:
        return "too_long"
    if b"\0" in raw:
        return "zero_byte"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "encoding"
    return "not_json"


def _cells(rulebook: Rulebook, data: Mapping[str, Any]) -> dict[str, str]:
    return {name: cell(data.get(name)) for name in question_columns(rulebook)}


def _lines_with_long_numbers(data: bytes) -> list[int]:
    """Lines that may hold a number of more than LONGEST_NUMBER digits; seldom another one."""
    array = np.frombuffer(data, np.uint8)
    samples = array[::_DIGITS]
    digit = (samples >= 46) & (samples <= 57)
    runs = (
        np.flatnonzero(digit[:-2] & digit[1:-1] & digit[2:]) if len(samples) > 2 else np.array([], np.int64)
    )
    whole = [
        place
        for place in (runs * _DIGITS).tolist()
        if not data[place : place + 2 * _DIGITS + 1].strip(b"0123456789.")
    ]
    if not whole:
        return []
    ends = np.flatnonzero(array == 10)
    return [int(line) for line in np.searchsorted(ends, whole)]
