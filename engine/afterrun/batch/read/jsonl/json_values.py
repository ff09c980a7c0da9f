"""Values of JSON lines, as they are written, in; checked columns out.

Programs write them in few ways. What is not, to the letter, a value that can mean only one thing is doubted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.input.form.capitals import OF_PYTHON, Words
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.words import WordBook
from afterrun.batch.input.layout import OCCASION
from afterrun.batch.input.lines import Array
from afterrun.batch.input.text.dialect import Dialect, numbers_among
from afterrun.batch.read.columns.normalise import joined, put_all_ticks, put_ids
from afterrun.batch.read.columns.numbers import put_numbers
from afterrun.batch.read.columns.sheet import CheckedColumns, Series, Sheet, tidied
from afterrun.batch.read.columns.ticks import ListMemory, put_texts, ticks_in, ticks_of
from afterrun.batch.read.columns.words import LookedUp, all_looked_up
from afterrun.rulebook import Rulebook, engine_of
from afterrun.rulebook.schema import Question

_WHOLE = "0|[1-9][0-9]{0,17}"
_NUMBER = "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?"
_IS_NUMBER = re.compile(_NUMBER)
_ANY = f"true|false|{_NUMBER}"
_STRING = '"[^"\\\\]*"'


class Manner(NamedTuple):
    """What stands around values beside themselves."""

    lead: str = ""
    """In front of each."""
    ends: tuple[tuple[str, str], ...] = ()
    """Behind those of a key, where something does."""


class Cut(NamedTuple):
    """Lines that were cut at their keys."""

    values: Mapping[str, Series]
    """By key, the values as they are written, null where a line does not have the key."""
    lines: Array
    """Which lines these are."""
    manner: Manner = Manner()


class JsonValues:
    """What values that are written in one manner mean, by their keys."""

    def __init__(
        self, rulebook: Rulebook, by_key: Mapping[str, Column], manner: Manner, dialect: Dialect
    ) -> None:
        self._rulebook, self._by_key, self._dialect = rulebook, by_key, dialect
        self._manner, self._lead, self._ends = manner, manner.lead, dict(manner.ends)
        self._words = {key: self._words_of(column) for key, column in by_key.items()}
        self._understand = {
            column.key: partial(_ticks_in_json, self._end(key), dialect)
            for key, column in by_key.items()
            if column.role == "list"
        }

    def checked(self, values: Mapping[str, Series], height: int) -> CheckedColumns:
        """The values of so many lines as columns."""
        sheet, questions = Sheet(self._rulebook, height), self._rulebook.questions
        memory, form = (
            engine_of(self._rulebook, ListMemory),
            (self._manner, self._dialect, *self._by_key.values()),
        )
        lists = memory.take(form)
        tick_columns, ticks, occasion = list[Column](), list[Series | None](), list[Series]()
        choices, list_texts = list[tuple[str, LookedUp]](), list[tuple[Question, Series, Words]]()
        numbers = list[tuple[Question, Series]]()
        for key, column in self._by_key.items():
            role, raw = column.role, values.get(key)
            if role == "tick":
                tick_columns.append(column)
                ticks.append(raw)
            elif role == "occasion":
                occasion.append(tidied(self._plain(sheet, key, raw, _WHOLE)))
            elif raw is None:
                continue
            elif role in ("unit", "choice"):
                choices.append((column.key, LookedUp(raw, self._words[key], pl.UInt8)))
            elif role == "record_id":
                put_ids(sheet, self._plain(sheet, key, raw, _WHOLE))
            elif role == "number":
                text = self._plain(sheet, key, raw, _NUMBER, numbers=True)
                numbers.append((questions[column.key], text))
            elif role == "list":
                list_texts.append((questions[column.key], raw, self._words[key]))
            else:
                value = self._plain(sheet, key, raw, _ANY)
                if role in ("raw", "unread"):
                    sheet.doubt(value.is_not_null())
        looked_up = all_looked_up(sheet, [each for _, each in choices], trims=False)
        sheet.made |= zip((key for key, _ in choices), looked_up, strict=True)
        put_numbers(sheet, numbers)
        put_texts(sheet, list_texts, lists, self._understand)
        memory.keep(form, lists)
        put_all_ticks(sheet, tick_columns, self._ticked(sheet, tick_columns, ticks))
        if occasion:
            sheet.made[OCCASION] = joined(occasion)
        return sheet.finish()

    def _end(self, key: str) -> str:
        return self._ends.get(key, "")

    def _written_na(self, key: str) -> list[str]:
        """The words that mean no answer as they stand in a line, numbers without quotes too."""
        na = self._dialect.na
        written = [*(json.dumps(each, ensure_ascii=False) for each in na), *filter(_IS_NUMBER.fullmatch, na)]
        return [f"{self._lead}{each}{self._end(key)}" for each in written]

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

        def around(word: str) -> str:
            return f"{self._lead}{word}{self._end(column.name)}"

        means = {around(word): meaning for word, meaning in written.items()}
        in_quotes = [around(word) for word in written if word[0] == '"']
        none = dict.fromkeys(self._written_na(column.name))
        return Words(means | none, in_quotes, around(f'"{OF_PYTHON}"'))

    def _ticked(
        self, sheet: Sheet, columns: Sequence[Column], ticks: Sequence[Series | None]
    ) -> list[Series]:
        """Whether the option of each column is ticked; not said where no line has its key."""
        texts = [
            LookedUp(raw, self._words[column.name], pl.Boolean)
            for column, raw in zip(columns, ticks, strict=True)
            if raw is not None
        ]
        found = iter(all_looked_up(sheet, texts, trims=False))
        return [_nothing(sheet.height).cast(pl.Boolean) if raw is None else next(found) for raw in ticks]

    def _plain(
        self, sheet: Sheet, key: str, raw: Series | None, bare: str, *, numbers: bool = False
    ) -> Series:
        """The values of a key as text, in quotes or not; what is neither `bare` nor a text is doubted.

        `numbers` in quotes are written in the dialect of the lines.
        """
        if raw is None:
            return _nothing(sheet.height)
        lead, end = self._lead, self._end(key)
        sheet.doubt(~raw.str.contains(f"^{lead}(?:null|{bare}|{_STRING}){re.escape(end)}$"))
        if self._dialect.has_na(self._by_key[key]):
            raw = pl.select(pl.when(~raw.is_in(self._written_na(key))).then(raw)).to_series()
            if numbers and (named := numbers_among(self._dialect.na)):
                # It may be written in another way: a row with such a number needs a look.
                inside = raw.str.strip_suffix(end).str.strip_prefix(lead).str.strip_chars('"')
                as_numbers = inside.cast(pl.Float64, strict=False)
                sheet.doubt(as_numbers.is_in([float(each) for each in named]))
        text = raw.str.strip_suffix(end).str.strip_prefix(lead) if lead or end else raw
        is_null = text == "null"
        quoted = text.str.starts_with('"')
        if quoted.any():
            plain, text = text, text.str.strip_prefix('"').str.strip_suffix('"')
            if numbers and self._dialect.decimal:
                read = self._dialect.numbers(text)
                text = pl.select(pl.when(quoted).then(read).otherwise(plain)).to_series()
        return pl.select(pl.when(~is_null).then(text)).to_series() if is_null.any() else text


def _ticks_in_json(
    end: str, dialect: Dialect, question: Question, words: Words, text: str
) -> frozenset[int] | None:
    """What a list means, or a text that names several options; None where it means nothing."""
    try:
        value = json.loads(text.removesuffix(end))
        if value is None or dialect.is_na(value):
            return frozenset()
        if type(value) is str:
            return ticks_in(question, words, value)
        return ticks_of(question, words, value) if type(value) is list else None
    except (ValueError, TypeError, RecursionError):
        return None


def _nothing(height: int) -> Series:
    return Series([None], dtype=pl.String).new_from_index(0, height)
