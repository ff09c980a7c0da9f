"""JSON lines in, checked columns out: an intake a line, with the meaning that `assess` gives it.

Each line is decoded by itself, so that a damaged one spoils no other. Whatever is not plain goes, alone,
through the reader of intake files.
"""

from __future__ import annotations

import gc
import io
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.cells import choice_words
from afterrun.batch.lines import Block, blocks
from afterrun.batch.reading import ChunkRead, accept, gather
from afterrun.batch.rejects import Kind, Reject, cell, for_problems, question_columns, readable
from afterrun.batch.sheet import Sheet
from afterrun.batch.sources import Chunk, Source
from afterrun.batch.ticks import put_known, ticks_of
from afterrun.errors import IntakeError, Problem
from afterrun.intake import LONGEST_TEXT, RECORD_ID, read_answers
from afterrun.intake_files import LONGEST_LINE, RawIntake, raw_intakes
from afterrun.rulebook import Rulebook
from afterrun.variables import UNKNOWN
from afterrun.written.questions import Question

Row = dict[str, Any]

_WRONG, _BLANK = 254, 253
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
        self.ticked = {each.id: _Ticked(each) for each in rulebook.questions.values() if each.type == "multi"}

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
        _record_ids(sheet, columns[RECORD_ID])
        for key, quantity in self.units.items():
            words = {unit.id: place for place, unit in enumerate(quantity.units)}
            sheet.made[key] = _codes(sheet, columns[key], words)
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
                sheet.made[question.id] = _codes(sheet, values, words)
            elif question.type == "multi":
                self.ticked[question.id].put(sheet, values)
            else:
                zeros |= _numbers(sheet, question, values)
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


def _record_ids(sheet: Sheet, values: Sequence[Any]) -> None:
    kinds = set(map(type, values))
    wrong = None
    if not kinds <= {str, type(None)}:
        wrong = [type(each) not in (str, int, type(None)) for each in values]
        values = [str(each) if type(each) is int else each if type(each) is str else None for each in values]
    try:
        text = pl.Series(values, dtype=pl.String)
    except (UnicodeEncodeError, TypeError, pl.exceptions.PolarsError):
        halves = [each is not None and not _is_text(each) for each in values]
        sheet.doubt(pl.Series(halves, dtype=pl.Boolean))
        text = pl.Series(
            [None if half else each for half, each in zip(halves, values, strict=True)], dtype=pl.String
        )
    if text.str.contains(r"^\s|\s$|^$|\pC").any():
        text = pl.Series([None if each is None else each.strip() or None for each in text], dtype=pl.String)
    sheet.doubt((text.str.len_bytes() > LONGEST_TEXT).fill_null(False))
    if wrong is not None:
        sheet.doubt(pl.Series(wrong, dtype=pl.Boolean))
    sheet.made[RECORD_ID] = text


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _codes(sheet: Sheet, values: Sequence[Any], words: Mapping[str, int]) -> pl.Series:
    """The code of each word; anything else is doubted."""
    table: dict[Any, int] = {**words, None: _BLANK, "": _BLANK}
    get = table.get
    try:
        codes = [get(each, _WRONG) for each in values]
    except TypeError:
        codes = [get(each, _WRONG) if type(each) is str or each is None else _WRONG for each in values]
    series = pl.Series(np.array(codes, np.uint8))
    sheet.doubt(series == _WRONG)
    marked = (series == _WRONG) | (series == _BLANK)
    return pl.select(pl.when(~marked).then(series)).to_series()


class _Ticked:
    """A multiple choice: each different list is understood once."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.words = {option.id: place for place, option in enumerate(question.options)}
        self.codes: dict[tuple[Any, ...], int] = {}
        self.meanings: list[frozenset[int] | None] = []
        self._forget()

    def _forget(self) -> None:
        self.codes = {(): 0}
        self.meanings = [frozenset(), None]

    def put(self, sheet: Sheet, values: Sequence[Any]) -> None:
        if len(self.codes) > 50_000:
            self._forget()
        codes = [self._code(each) for each in values]
        series = pl.Series(codes, dtype=pl.UInt32)
        put_known(sheet, self.question, self.meanings, series)

    def _code(self, value: Any) -> int:
        if value is None or value == "":
            return 0
        if type(value) is not list:
            return 1
        key = tuple(value)
        try:
            code = self.codes.get(key)
            if code is None:
                meaning = ticks_of(self.question, self.words, value)
                self.meanings.append(meaning)
                code = self.codes[key] = len(self.meanings) - 1
        except TypeError:
            return 1
        return code


def _numbers(sheet: Sheet, question: Question, values: Sequence[Any]) -> set[int]:
    """The numbers of a column; gives back the rows of those that are 0.0."""
    kinds = set(map(type, values))
    unknown = None
    if not kinds <= {int, float, type(None)}:
        wrong = [type(each) not in (int, float, type(None)) and each != "" for each in values]
        if question.unknown_reads is not None and str in kinds:
            told = [type(each) is str and each == UNKNOWN.value for each in values]
            wrong = [bad and not fine for bad, fine in zip(wrong, told, strict=True)]
            unknown = pl.Series(told, dtype=pl.Boolean)
        sheet.doubt(pl.Series(wrong, dtype=pl.Boolean))
        values = [each if type(each) in (int, float) else None for each in values]
    # A float that is no number stays apart from what is missing.
    floats = pl.Series(np.array(values, np.float64)) if values else pl.Series([], dtype=pl.Float64)
    if type(None) in set(map(type, values)):
        missing = pl.Series([each is None for each in values], dtype=pl.Boolean)
        floats = pl.select(pl.when(~missing).then(floats)).to_series()
    sheet.numbers(question, floats, unknown)
    if float not in kinds:
        return set()
    return {row for row in (floats == 0).arg_true().to_list() if type(values[row]) is float}
