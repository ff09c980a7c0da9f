"""JSON lines that are all written alike, with the same keys in the same order, as checked columns.

Programs write nothing else. A colon then stands after each key and nowhere else, so that a reader of CSV
parts the lines at colons, at once. Between two of them stands a value and the next key: what is not, to the
letter, a value that can mean only one thing is doubted, and a line with another key there is left to others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.input.form.capitals import Words
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.words import WordBook
from afterrun.batch.input.layout import OCCASION
from afterrun.batch.input.lines import Array
from afterrun.batch.input.text.dialect import Dialect
from afterrun.batch.input.text.sieve import bulk_columns
from afterrun.batch.read.normalise import joined, looked_up, put_all_ticks, put_ids, put_number_text
from afterrun.batch.read.sheet import CheckedColumns, Series, Sheet, tidied
from afterrun.batch.read.ticks import ListMemory, put_text, ticks_in, ticks_of
from afterrun.rulebook import Rulebook, engine_of
from afterrun.rulebook.schema import Question

_WHOLE = "0|[1-9][0-9]{0,17}"
_NUMBER = "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?"
_ANY = f"true|false|{_NUMBER}"
_STRING = '"[^"\\\\]*"'


class Shape(NamedTuple):
    """How the lines of a file are written: what stands around their values."""

    keys: tuple[str, ...]
    begin: str
    """What stands before the first colon."""
    lead: str
    """What stands between a colon and a value."""
    ends: tuple[str, ...]
    """What follows each value up to the next colon, or the line's end."""


def shape_of(raw: bytes) -> Shape | None:
    """The shape of a line; None where it is damaged, or where colons do not part its values."""
    try:
        text = raw.decode("utf-8")
        pairs = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    if type(pairs) is not tuple or not pairs:
        return None
    keys = tuple(key for key, _ in pairs)
    names = [json.dumps(key, ensure_ascii=False) for key in keys]
    lead = " " if text.startswith(f"{{{names[0]}: ") else ""
    between = ", " if lead else ","
    begin, ends = f"{{{names[0]}", (*(f"{between}{name}" for name in names[1:]), "}")
    first, *rest = text.split(":")
    fits = len(rest) == len(keys) == len(set(keys)) and first == begin
    if not fits or not all(each.endswith(end) for each, end in zip(rest, ends, strict=True)):
        return None
    return Shape(keys, begin, lead, ends)


class AlikeLines:
    """Lines of one shape, whose keys all mean a column."""

    def __init__(
        self, rulebook: Rulebook, by_key: Mapping[str, Column], shape: Shape, dialect: Dialect
    ) -> None:
        self.shape, self._dialect = shape, dialect
        self._rulebook, self._by_key = rulebook, by_key
        self._places = {key: place for place, key in enumerate(shape.keys)}
        self._words = {key: self._words_of(column) for key, column in by_key.items()}

    def parted(self, data: bytes, ends: Array) -> tuple[pl.DataFrame, Array]:
        """What follows each colon, for the lines that are of the shape, and which lines they are."""
        shape, width = self.shape, len(self.shape.keys) + 1
        frame, sieved = bulk_columns(data, ends, width, ":", range(width), quotes=False)
        texts = [pl.col(str(place)) for place in range(width)]
        same = [each.str.ends_with(end) for each, end in zip(texts[1:], shape.ends, strict=True)]
        fits = frame.select(pl.all_horizontal(texts[0] == shape.begin, *same).fill_null(False)).to_series()
        frame = frame.drop("0")
        if fits.all():
            return frame, sieved.bulk_lines
        return frame.filter(fits), sieved.bulk_lines[fits.to_numpy()]

    def checked(self, frame: pl.DataFrame) -> CheckedColumns:
        """The values of these lines as columns."""
        sheet, questions = Sheet(self._rulebook, frame.height), self._rulebook.questions
        memory, form = engine_of(self._rulebook, ListMemory), (self.shape, tuple(self._by_key.values()))
        lists = memory.take(form)
        tick_columns, ticks, occasion = list[Column](), list[Series](), list[Series]()
        for key, column in self._by_key.items():
            role, place = column.role, self._places.get(key)
            if role == "tick":
                tick_columns.append(column)
                ticks.append(self._looked_up(sheet, frame, key, pl.Boolean))
            elif role == "occasion":
                occasion.append(tidied(self._plain(sheet, frame, key, _WHOLE)))
            elif place is None:
                continue
            elif role in ("unit", "choice"):
                sheet.made[column.key] = self._looked_up(sheet, frame, key, pl.UInt8)
            elif role == "record_id":
                put_ids(sheet, self._plain(sheet, frame, key, _WHOLE))
            elif role == "number":
                text = self._plain(sheet, frame, key, _NUMBER, self._dialect)
                put_number_text(sheet, questions[column.key], text)
            elif role == "list":
                understand = partial(_ticks_in_json, self._end(place))
                text, words = frame.to_series(place), self._words[key]
                put_text(sheet, questions[column.key], text, words, lists, understand)
            else:
                value = self._plain(sheet, frame, key, _ANY)
                if role in ("raw", "unread"):
                    sheet.doubt(value.is_not_null())
        memory.keep(form, lists)
        put_all_ticks(sheet, tick_columns, ticks)
        if occasion:
            sheet.made[OCCASION] = joined(occasion)
        return sheet.finish()

    def _end(self, place: int) -> str:
        return self.shape.ends[place]

    def _words_of(self, column: Column) -> Words:
        """The words of a column of options; but for lists as they stand in a line, with all around them."""
        if column.role not in ("unit", "choice", "tick", "list"):
            return Words({})
        words = engine_of(self._rulebook, WordBook).of(column)
        if column.role == "list":
            return words
        written: dict[str, Any] = {"null": None, '""': None}
        for word, meaning in words.items():
            if json.dumps(word, ensure_ascii=False) == f'"{word}"':
                written[f'"{word}"'] = meaning
            if re.fullmatch(_WHOLE, word) or (column.role == "tick" and word in ("true", "false")):
                written[word] = meaning
        place = self._places.get(column.name)
        end = "" if place is None else self._end(place)
        around = {f"{self.shape.lead}{word}{end}": meaning for word, meaning in written.items()}
        return Words(around, (f"{self.shape.lead}{word}{end}" for word in written if word[0] == '"'))

    def _looked_up(self, sheet: Sheet, frame: pl.DataFrame, key: str, dtype: Any) -> Series:
        place = self._places.get(key)
        if place is None:
            return _nothing(frame.height).cast(dtype)
        return looked_up(sheet, frame.to_series(place), self._words[key], dtype, trims=False)

    def _plain(
        self, sheet: Sheet, frame: pl.DataFrame, key: str, bare: str, dialect: Dialect | None = None
    ) -> Series:
        """The values of a key as text, in quotes or not; what is neither `bare` nor a text is doubted.

        With a `dialect` they are numbers, of which those in quotes are written in it.
        """
        place = self._places.get(key)
        if place is None:
            return _nothing(frame.height)
        lead, end, raw = self.shape.lead, self._end(place), frame.to_series(place)
        sheet.doubt(~raw.str.contains(f"^{lead}(?:null|{bare}|{_STRING}){re.escape(end)}$"))
        text = raw.str.strip_suffix(end).str.strip_prefix(lead)
        is_null = text == "null"
        quoted = text.str.starts_with('"')
        if quoted.any():
            bare_text = text
            text = text.str.strip_prefix('"').str.strip_suffix('"')
            if dialect is not None and dialect.decimal:
                read = dialect.numbers(text)
                text = pl.select(pl.when(quoted).then(read).otherwise(bare_text)).to_series()
        return pl.select(pl.when(~is_null).then(text)).to_series() if is_null.any() else text


def _ticks_in_json(end: str, question: Question, words: Words, text: str) -> frozenset[int] | None:
    """What a list means, or a text that names several options; None where it means nothing."""
    try:
        value = json.loads(text.removesuffix(end))
        if value is None:
            return frozenset()
        if type(value) is str:
            return ticks_in(question, words, value)
        return ticks_of(question, words, value) if type(value) is list else None
    except (ValueError, TypeError, RecursionError):
        return None


def _nothing(height: int) -> Series:
    return Series([None], dtype=pl.String).new_from_index(0, height)
