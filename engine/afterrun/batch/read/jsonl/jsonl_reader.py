"""JSON lines in, checked columns out: an intake a line, whose keys mean what the columns of a table do.

Lines that programs write are cut at their keys and read at once. Any other is decoded by itself, so that a
damaged one spoils no other. Whatever is not plain goes, alone, through the reader of intake files.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.input.form.cells import RowIntake, intake_of
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.dictionary import NOTHING
from afterrun.batch.input.form.names import Names, folded
from afterrun.batch.input.form.near import as_option
from afterrun.batch.input.form.words import WordBook
from afterrun.batch.input.layout import option_column
from afterrun.batch.input.lines import Array, Block, places_of
from afterrun.batch.input.rejects import damage_of, reason_of
from afterrun.batch.input.sources import Chunk, blocks_of
from afterrun.batch.input.text.dialect import EXACT
from afterrun.batch.input.text.sieve import line_of, without
from afterrun.batch.read.columns.sheet import CheckedColumns, Sheet
from afterrun.batch.read.hidden import hidden_problems
from afterrun.batch.read.jsonl.json_alike import Shape, cut_alike, shape_of
from afterrun.batch.read.jsonl.json_columns import (
    ListCodes,
    codes_of,
    put_numbers,
    put_occasions,
    put_record_ids,
    put_ticks,
)
from afterrun.batch.read.jsonl.json_given import given_columns, given_row, intake_in
from afterrun.batch.read.jsonl.json_keys import cut_at_keys
from afterrun.batch.read.jsonl.json_values import Cut, JsonValues, Manner
from afterrun.batch.read.reading import Reading
from afterrun.errors import Problem
from afterrun.intake import LONGEST_LINE
from afterrun.rulebook import engine_of

_AT_ONCE = 32
"""Lines that are decoded before their values go into columns. Python's collector of garbage looks at all
objects again and again while their number grows; so few at a time never wake it."""
_SAMPLE = 16
"""Lines of a block that tell how most are written."""
_LF = 10
_DIGITS = 13
"""Of a run of more than LONGEST_NUMBER digits, three bytes 13 apart are digits."""
_WITH_EXPONENT = re.compile(rb"[0-9.][eE][-+0-9]")


def read_json_lines(reading: Reading, chunk: Chunk) -> None:
    """Read a part of a file of JSON lines."""
    reader = _BlockReader(reading)
    for block in blocks_of(reading.source, chunk):
        reader.read(block)


class _BlockReader:
    def __init__(self, reading: Reading) -> None:
        self.reading, self.rulebook = reading, reading.rulebook
        self.by_key = {column.name: column for column in reading.source.columns}
        native = engine_of(self.rulebook, Names).native
        for name in given_columns(self.rulebook, reading.source)[len(self.by_key) :]:
            self.by_key[name] = native[name]._replace(name=name)
        self.manner = engine_of(self.rulebook, Names).manner_of(list(self.by_key))
        self.told = {each.key: each.codes for each in self.by_key.values() if each.role == "list"}
        self.ids = {key for key, each in self.by_key.items() if each.role == "record_id"}
        self.exact = {key for key, each in self.by_key.items() if each.role in EXACT}
        self.by_folded = {folded(key): column for key, column in self.by_key.items()}
        self.blank: dict[str, Any] = dict.fromkeys(self.by_key)
        book = engine_of(self.rulebook, WordBook)
        self.lists = {
            key: ListCodes(self.rulebook.questions[column.key], book.options(column))
            for key, column in self.by_key.items()
            if column.role == "list"
        }
        self.values: dict[Manner, JsonValues] = {}

    def read(self, block: Block) -> None:
        """Read some lines: those that can be cut at their keys at once, the others each by itself."""
        ends = places_of(block.data, _LF)
        left = self._left(block, ends)
        if not len(left):
            return
        raw_lines = [line_of(block.data, ends, line) for line in left.tolist()]
        careful = np.flatnonzero(np.isin(left, _lines_with_long_numbers(block.data)))
        columns, lines, odd = self._decoded(raw_lines, set(careful.tolist()))
        checked = self._checked(columns, [raw_lines[line] for line in lines])
        self.reading.rows_in += len(lines) + len(odd)
        numbers = left[np.array(lines, np.int64)] + block.first_line
        odd += [lines[row] for row in self.reading.accept(checked, numbers)]
        for line in odd:
            self._judge(int(left[line]) + block.first_line, raw_lines[line])

    def _left(self, block: Block, ends: Array) -> Array:
        """Read the lines of the block that can be cut at their keys; gives back the others."""
        left, data = np.arange(len(ends)), block.data
        shape = self._shape(data, ends)
        if shape is not None:
            alike = cut_alike(data, ends, shape)
            self._accept(alike, block, ends)
            left = np.setdiff1d(left, alike.lines, assume_unique=True)
            data, _ = without(data, ends, ~np.isin(np.arange(len(ends)), left))
        if len(left):
            cut = cut_at_keys(data, places_of(data, _LF), list(self.by_key))
            cut = cut._replace(lines=left[cut.lines])
            self._accept(cut, block, ends)
            left = np.setdiff1d(left, cut.lines, assume_unique=True)
        return left

    def _shape(self, data: bytes, ends: Array) -> Shape | None:
        """How most lines of a block are written, by a few of them; None where they differ."""
        places = np.linspace(0, len(ends) - 1, min(_SAMPLE, len(ends)), dtype=np.int64).tolist()
        shapes = Counter(shape_of(line_of(data, ends, line)) for line in places)
        shape, times = shapes.most_common(1)[0]
        known = shape is not None and all(key in self.by_key for key in shape.keys)
        return shape if known and 2 * times > len(places) else None

    def _accept(self, cut: Cut, block: Block, ends: Array) -> None:
        """Read lines that were cut; which of them is in doubt is judged by itself."""
        values, lines, manner = cut
        if not len(lines):
            return
        if manner not in self.values:
            dialect = self.reading.source.dialect
            self.values[manner] = JsonValues(self.rulebook, self.by_key, manner, dialect)
        self.reading.rows_in += len(lines)
        checked = self.values[manner].checked(values, len(lines))
        for row in self.reading.accept(checked, lines + block.first_line):
            line = int(lines[row])
            self._judge(line + block.first_line, line_of(block.data, ends, line))

    def _judge(self, line: int, raw: bytes) -> None:
        """One line by itself."""
        read, given = intake_in(raw), given_row(self.rulebook, self.reading.source, raw)
        if read.problems:
            damage = damage_of(raw)
            kind = damage.kind if damage else "not_json"
            problems = hidden_problems(self.rulebook, self.reading.source, read.problems, given)
            self.reading.refuse(line, kind, reason_of(problems), given)
        else:
            row, doubts = self._row(read.data)
            self.reading.judge(line, row, given, doubts)

    def _answered(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of an object without those that were told to be none."""
        dialect = self.reading.source.dialect
        if not dialect.na:
            return data
        ids = () if dialect.na_told else self.ids
        return {
            key: None if key not in ids and dialect.is_na(value, exactly=key in self.exact) else value
            for key, value in data.items()
        }

    def _row(self, data: Mapping[str, Any]) -> tuple[RowIntake, list[Problem]]:
        """The values of a line by what their keys mean, and what is doubtful in how they are written.

        A key that means nothing stays, to be refused.
        """
        data = self._answered(data)
        columns = dict.fromkeys(self.reading.source.columns)
        values: dict[Column, Any] = {}
        strange: dict[str, Any] = {}
        problems: list[Problem] = []
        for key, value in data.items():
            column = self.by_folded.get(folded(key)) or self._found(key)
            if column is None:
                strange[key] = value
            elif values.get(column) is not None:
                problems.append(Problem("is there twice, under names that mean the same", key=key))
            else:
                values[column] = value
                columns.setdefault(column)
        named = list(columns)
        cells, doubts = self.reading.source.dialect.cells(named, [values.get(each) for each in named])
        row = intake_of(self.rulebook, named, cells)
        row = row._replace(intake={**row.intake, **strange}, problems=[*row.problems, *problems])
        return row, doubts

    def _found(self, key: str) -> Column | None:
        base, code = as_option(self.rulebook, folded(key))
        told = {each.lower(): place for each, place in self.told.get(base, ())}
        options = [option.id for option in self.rulebook.questions[base].options] if told else []
        if told and code not in options:
            if told.get(code, NOTHING) == NOTHING:
                return None
            found = engine_of(self.rulebook, Names).find(option_column(base, options[told[code]]))
        else:
            found = engine_of(self.rulebook, Names).find(key, self.manner)
        if found is None or len(found.columns) > 1:
            return None
        column = found.columns[0]
        same = (each for each in self.by_key.values() if each[1:4] == column[1:4])
        return next(same, column._replace(name=key))

    def _values(self, pairs: list[tuple[str, Any]]) -> tuple[Any, ...]:
        """The values of an object in the order of the questionnaire."""
        given = self._answered(dict(pairs))
        values = {**self.blank, **given}
        if len(given) < len(pairs) or len(values) > len(self.blank):
            raise ValueError("a key is there twice, or is unknown")
        return tuple(values.values())

    def _decoded(
        self, raw_lines: list[bytes], careful: set[int]
    ) -> tuple[dict[str, list[Any]], list[int], list[int]]:
        """The values of the plain lines by key, their places, and the places of the lines that need care.

        Multiple choices are codes already.
        """
        decode = json.JSONDecoder(object_pairs_hook=self._values).raw_decode
        columns: dict[str, list[Any]] = {key: [] for key in self.blank}
        lines, odd = [], []
        for codes in self.lists.values():
            codes.forget_many()
        for start in range(0, len(raw_lines), _AT_ONCE):
            objects = []
            for place, raw in enumerate(raw_lines[start : start + _AT_ONCE], start):
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
            for key, values in zip(columns, zip(*objects, strict=True), strict=False):
                columns[key] += map(self.lists[key].code, values) if key in self.lists else values
        return columns, lines, odd

    def _checked(self, columns: Mapping[str, list[Any]], raw_lines: list[bytes]) -> CheckedColumns:
        sheet, questions = Sheet(self.rulebook, len(raw_lines)), self.rulebook.questions
        book = engine_of(self.rulebook, WordBook)
        zeros: set[int] = set()
        for key, column in self.by_key.items():
            values = columns[key]
            if column.role == "record_id":
                put_record_ids(sheet, values)
            elif column.role in ("unit", "choice"):
                sheet.made[column.key] = codes_of(sheet, values, book.of(column))
            elif column.role == "list":
                self.lists[key].put(sheet, values)
            elif column.role == "number":
                zeros |= put_numbers(sheet, questions[column.key], values, self.reading.source.dialect)
            elif column.role in ("raw", "unread"):
                sheet.doubt(pl.Series([each is not None for each in values], dtype=pl.Boolean))
        put_ticks(sheet, [(column, columns[key]) for key, column in self.by_key.items()])
        put_occasions(sheet, [columns[key] for key, each in self.by_key.items() if each.role == "occasion"])
        # 0.0 may have been written 1e-400 or 0e99, which an intake file refuses.
        strange = [row for row in zeros if _WITH_EXPONENT.search(raw_lines[row])]
        if strange:
            sheet.doubt(pl.Series(np.isin(np.arange(len(raw_lines)), strange)))
        return sheet.finish()


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
