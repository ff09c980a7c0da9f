"""Multiple choices in every form in, one Boolean column per option out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.input.form.capitals import Words
from afterrun.batch.input.form.words import parts_of
from afterrun.batch.input.layout import option_column
from afterrun.batch.read.columns.sheet import Series, Sheet
from afterrun.batch.read.columns.words import at_once, gathered, places_among
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question

Meaning = frozenset[int] | None
"""The places of the options ticked, or None where a cell is wrong."""


class KnownCells:
    """The different cells of a question met so far, as an enumeration, and what each means."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self.meanings = dict(meanings)
        self.cells = pl.Enum(list(meanings))
        self.table: TickTable | None = None


KnownLists = dict[str, KnownCells]
"""By question, what the cells met so far mean."""
_FORMS = 8
"""Forms of which what was met is remembered."""
MANY_LISTS = 5000
"""Different cells of one question that are worth remembering."""
_GROUP = 32
"""Options whose ticks are carried in one number, a bit each; there is room for what adding carries over."""


class ListMemory:
    """What cells of several options mean, kept from one chunk to the next of the same form.

    While somebody reads with it nobody else has it: a thread that comes meanwhile begins anew.
    """

    def __init__(self, _: Rulebook) -> None:
        self._kept: dict[Hashable, KnownLists] = {}

    def take(self, form: Hashable) -> KnownLists:
        """What is known of the cells of a form."""
        return self._kept.pop(form, {})

    def keep(self, form: Hashable, lists: KnownLists) -> None:
        """Give back what was taken, and what was met since."""
        if len(self._kept) >= _FORMS:
            self._kept.clear()
        self._kept[form] = lists


Understand = Callable[[Question, Words, str], Meaning]
"""What a text means."""


def ticks_in(question: Question, words: Words, text: str) -> frozenset[int] | None:
    """The places of the options that a cell of `a;b` names, or None where it is wrong."""
    if not text.strip():
        return frozenset()
    return ticks_of(question, words, parts_of(words, text))


def put_texts(
    sheet: Sheet,
    wanted: Sequence[tuple[Question, Series, Words]],
    lists: KnownLists,
    understand: Mapping[str, Understand] = MappingProxyType({}),
) -> None:
    """Cells of several options: each different text is understood once, in the way told for its question."""
    tables: list[tuple[TickTable, Series]] = []
    known = [lists.get(question.id) or KnownCells({}) for question, _, _ in wanted]
    coded = places_among([(text, each.cells) for (_, text, _), each in zip(wanted, known, strict=True)])
    for (question, text, words), cells, codes in zip(wanted, known, coded, strict=True):
        if codes.null_count() > text.null_count():
            meanings = cells.meanings if len(cells.meanings) < MANY_LISTS else {}
            different = text.filter(codes.is_null() & text.is_not_null()) if meanings else text
            means = understand.get(question.id, ticks_in)
            for each in different.unique(maintain_order=True).drop_nulls():
                meanings[each] = means(question, words, each)
            cells = KnownCells(meanings)
            codes = text.cast(cells.cells)
        lists[question.id] = cells
        cells.table = cells.table or TickTable(question, list(cells.meanings.values()))
        tables.append((cells.table, codes.to_physical()))
    put_coded(sheet, tables)


class TickTable:
    """The few different answers to a question, ready to be looked up: None is a wrong one."""

    def __init__(self, question: Question, meanings: Sequence[Meaning]) -> None:
        self.question = question
        wrong = [each is None for each in meanings]
        self.wrong = Series(wrong, dtype=pl.Boolean) if any(wrong) else None
        self.bits: list[Series] = []
        """The ticks of each group of options, a bit each."""
        for first in range(0, len(question.options), _GROUP):
            bits = [_bits(ticks, first) if ticks else None for ticks in meanings]
            # One byte a row where eight options are all.
            dtype = pl.UInt8 if len(question.options) - first <= 8 else pl.UInt64
            self.bits.append(Series(bits, dtype=dtype))


def put_coded(sheet: Sheet, coded: Sequence[tuple[TickTable, Series]]) -> None:
    """The ticks of rows, of which each has one of the answers of a table: its place there."""
    tables: list[Series] = []
    codes: list[Series] = []
    names: list[list[str]] = []
    for table, places in coded:
        if table.wrong is not None:
            sheet.doubt(table.wrong.gather(places))
        columns = [option_column(table.question.id, option.id) for option in table.question.options]
        for at, bits in enumerate(table.bits):
            tables.append(bits)
            codes.append(places)
            names.append(columns[at * _GROUP : (at + 1) * _GROUP])
    _put_bits(sheet, names, gathered(tables, codes))


def put_lists(sheet: Sheet, question: Question, lists: Series, words: Mapping[str, int]) -> None:
    """A column of lists of text."""
    lengths = lists.list.len().fill_null(0).cast(pl.Int64).to_numpy()
    filled = np.flatnonzero(lengths)
    items = lists.filter(Series(lengths > 0)).explode().cast(pl.String)
    places = items.cast(pl.Enum(list(words)), strict=False).to_physical()
    starts = np.cumsum(lengths[filled]) - lengths[filled]
    counted = np.zeros(sheet.height, np.int64)
    for first in range(0, len(question.options), _GROUP):
        table = Series([_bit(place, first) for place in words.values()], dtype=pl.UInt64)
        bits = table.gather(places).fill_null(0).to_numpy()
        sums = np.zeros(sheet.height, np.uint64)
        if len(filled):
            sums[filled] = np.add.reduceat(bits, starts)
        counted += Series(sums).bitwise_count_ones().cast(pl.Int64).to_numpy()
        rows = pl.select(pl.when(Series(lengths > 0)).then(Series(sums))).to_series()
        names = [option_column(question.id, option.id) for option in question.options]
        _put_bits(sheet, [names[first : first + _GROUP]], [rows])
    # A word that is no option adds no bit; one that is there twice adds up to a bit elsewhere, one fewer.
    wrong = counted != lengths
    if question.max_choices is not None:
        wrong |= lengths > question.max_choices
    sheet.doubt(Series(wrong))


def _bit(place: int, first: int) -> int:
    return 1 << (place - first) if 0 <= place - first < _GROUP else 0


@lru_cache(maxsize=2**16)
def _bits(ticks: frozenset[int], first: int) -> int:
    return sum(_bit(place, first) for place in ticks)


def _put_bits(sheet: Sheet, names: Sequence[Sequence[str]], rows: Sequence[Series]) -> None:
    """Columns from numbers whose bits are ticks: to fetch one number a row and look at its bits is a tenth
    of the cost of fetching each tick."""
    groups = tuple((len(each), series.dtype) for each, series in zip(names, rows, strict=True))
    ticks = at_once(rows, _bit_columns(groups))
    sheet.made |= zip((name for group in names for name in group), ticks, strict=True)


@lru_cache
def _bit_columns(groups: tuple[tuple[int, Any], ...]) -> list[pl.Expr]:
    return [
        pl.col(str(at)) & pl.lit(1 << place, dtype=dtype) != 0
        for at, (count, dtype) in enumerate(groups)
        for place in range(count)
    ]


def ticks_of(question: Question, words: Words, parts: Sequence[Any]) -> frozenset[int] | None:
    """The places of the options named, or None where one is unknown, named twice, or too many."""
    places = [words.meaning(part) if isinstance(part, str) else None for part in parts]
    chosen = frozenset(place for place in places if place is not None)
    too_many = question.max_choices is not None and len(chosen) > question.max_choices
    return None if too_many or len(chosen) < len(places) else chosen


def put_columns(
    sheet: Sheet, question: Question, by_option: Mapping[str, Series], still_open: Collection[str] = ()
) -> None:
    """Option columns of a file, beside the list column where there is one.

    Where no option is ticked nothing was answered; `still_open` are options that were not offered, or were
    said of those that were. All columns go in one pass of polars: a pass for each
    costs more than what it does.
    """
    names = {option.id: option_column(question.id, option.id) for option in question.options}
    frame = pl.DataFrame([each.alias(names[option]) for option, each in by_option.items()])
    flat = [pl.col(names[option]).fill_null(False) for option in by_option]
    every = [
        pl.col(name).fill_null(False) if option in by_option else pl.lit(False).alias(name)
        for option, name in names.items()
    ]
    some = pl.any_horizontal(flat)
    if question.max_choices is not None:
        count = pl.sum_horizontal(each.cast(pl.UInt32) for each in flat)
        sheet.doubt(frame.select(count > question.max_choices).to_series())
    answered = frame.select(some).to_series()
    if all((each.is_null() != answered).all() for each in by_option.values()) and len(by_option) == len(
        names
    ):
        # As the layout wants them already: blank exactly where nothing is ticked.
        columns = [by_option[option] for option in names]
    else:
        chosen = pl.when(pl.lit(answered))
        columns = frame.select(chosen.then(each) for each in every).get_columns()
    for option, series in zip(names, columns, strict=True):
        name = names[option]
        if name not in sheet.made:
            sheet.made[name] = series
            continue
        in_list = sheet.made[name]
        if option in by_option:
            sheet.doubt((by_option[option] != in_list).fill_null(False))
        sheet.made[name] = pl.select(pl.coalesce(in_list, series)).to_series()
    alone = {option.id for option in question.options if option.alone}
    for option in still_open:
        made = sheet.made[names[option]]
        ticked = made & (option not in alone)
        sheet.made[names[option]] = pl.select(pl.when(ticked).then(made)).to_series()


def open_blanks(sheet: Sheet, question: Question, by_option: Mapping[str, Series]) -> None:
    """Where a row says 0 of one option, what it leaves blank was not asked, and "none" was said of fewer."""
    if not any(each.null_count() for each in by_option.values()):
        return
    frame = pl.DataFrame([each.alias(option) for option, each in by_option.items()])
    partly = frame.select(
        pl.any_horizontal(~pl.all().fill_null(True)) & pl.any_horizontal(pl.all().is_null())
    ).to_series()
    if not partly.any():
        return
    for option in question.options:
        name = option_column(question.id, option.id)
        made = sheet.made[name]
        if option.alone:
            stays = ~partly
        elif option.id in by_option:
            stays = ~partly | by_option[option.id].is_not_null() | made.fill_null(False)
        else:
            stays = ~partly | made.fill_null(False)
        sheet.made[name] = pl.select(pl.when(stays).then(made)).to_series()
