"""Every way to write an answer in a cell: the option's name, its place from 1, its words in the rulebook.

A word that could mean two options means none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from afterrun.batch.input.form.capitals import OF_PYTHON, Words, fold
from afterrun.batch.input.form.columns import Coding, Column
from afterrun.batch.input.layout import UNKNOWN_CODE
from afterrun.rulebook import UNKNOWN, Rulebook
from afterrun.rulebook.schema import Option, Quantity, Question

_YES, _NO = ("true", "ja", "oui", "sí", "si", "sim"), ("false", "nein", "nee", "nej", "nei", "non", "não")
"""What programs make of a column that holds but yes and no, and what people write in it elsewhere."""
_MARKS = ("x", "✓", "✔", "☑", "on")
TICKS: Mapping[str, bool] = {
    **dict.fromkeys(("1", "1.0", "Checked", "Yes", "Y", *_MARKS, *_YES), True),
    **dict.fromkeys(("0", "0.0", "Unchecked", "No", "N", "☐", "off", *_NO), False),
}
LIST_SEPARATOR = ";"
UNKNOWN_WORDS = "I do not know"
"""The words of a form for `unknown`."""
_BETWEEN = re.compile(r"\s*[;,|\n]\s*|\s+")
"""What parts the options in a cell of several, in one program or another."""
_LIST_OF_PROGRAM = re.compile(r"\[(?P<list>.*)\]|\{(?P<set>.*)\}", re.DOTALL)
"""A list as Python, JSON and PostgreSQL write it: `['a', 'b']`, `["a"]`, `{a,b}`."""
_ITEM = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s\"',\[\]{}]+"
_ITEMS = re.compile(rf"(?:(?>{_ITEM})\s*+(?>,\s*+|(?<=\s)|$))*+", re.DOTALL)
"""Some of them in quotes, as PostgreSQL writes those that need it."""
_FIRST_WORD = re.compile(r"\w+")


class YesNo(NamedTuple):
    """The options of a question that can be read as a plain yes or no, by their places from 0."""

    yes: tuple[int, ...]
    no: tuple[int, ...]


def coded(question: Question) -> bool:
    """Whether an option may be given by its place, from 1: REDCap's codes.

    Not where an option's own name is a number.
    """
    return not any(option.id[:1].isdigit() for option in question.options)


def yes_no(question: Question) -> YesNo | None:
    """What yes and no are among a question's options; None where it does not ask for one of them."""
    said = [_yes_or_no(option) for option in question.options]
    found = YesNo(
        tuple(place for place, word in enumerate(said) if word == "yes"),
        tuple(place for place, word in enumerate(said) if word == "no"),
    )
    return found if found.yes and len(found.no) == 1 else None


def _yes_or_no(option: Option) -> str:
    first = _FIRST_WORD.match(option.text.casefold())
    return option.id if option.id in ("yes", "no") else first[0] if first else ""


def option_words(
    question: Question, coding: Coding = "", told: Sequence[tuple[str, int]] = ()
) -> dict[str, int]:
    """Every way to write an option in a cell, with the option's place from 0.

    Where codes were `told` with what they mean, no place is one by itself.
    """
    options = [(option.id, option.text) for option in question.options]
    codes: dict[str, int] = {}
    if told:
        return _as_told(options, told)
    if coded(question):
        # A column of whole numbers with blanks comes out of other programs as 1.0, 2.0, …
        codes = {
            f"{place + 1}{end}": place for place in _meant_by_place(question, coding) for end in ("", ".0")
        }
    meant = yes_no(question)
    if meant:
        codes |= dict.fromkeys(_NO, meant.no[0])
        codes |= dict.fromkeys(_YES, meant.yes[0]) if len(meant.yes) == 1 else {}
    if coding == "yes_no" and meant:
        codes |= {f"0{end}": meant.no[0] for end in ("", ".0")}
        codes |= {f"1{end}": meant.yes[0] for end in ("", ".0") if len(meant.yes) == 1}
    return _words(options, codes)


def _as_told(named: Sequence[tuple[str, str]], told: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Names and words, with the codes that were told; one that was told to mean nothing is no word."""
    words = _words(named, {})
    ends = {code: ("", ".0") if code.isdigit() else ("",) for code, _ in told}
    words |= {f"{code}{end}": place for code, place in told for end in ends[code]}
    return {word: place for word, place in words.items() if place >= 0}


def _meant_by_place(question: Question, coding: Coding) -> Iterable[int]:
    places = range(len(question.options))
    if coding == "yes_no":
        return () if yes_no(question) else places[1:]
    return places[1:] if coding == "unsure" else places


def _words(named: Sequence[tuple[str, str]], codes: Mapping[str, int]) -> dict[str, int]:
    """Codes, names and the rulebook's words, less those words that would mean something else as well."""
    words = {**codes, **{name: place for place, (name, _) in enumerate(named)}}
    told: dict[str, set[int]] = {}
    for place, (name, text) in enumerate(named):
        for each in (_on_one_space(text), f"{_on_one_space(text)} ({name})"):
            told.setdefault(each, set()).add(place)
    for text, places in told.items():
        places |= {words[text]} if text in words else set()
        if len(places) == 1 and text not in (UNKNOWN.value, UNKNOWN_WORDS):
            words[text] = min(places)
        elif text in words:
            del words[text]
    return words


def choice_words(
    question: Question, coding: Coding = "", told: Sequence[tuple[str, int]] = ()
) -> dict[str, int]:
    """Every way to write a single choice, with its code in the layout."""
    words = option_words(question, coding, told)
    words.pop(UNKNOWN.value, None)
    if question.unknown_reads is not None:
        words |= dict.fromkeys((UNKNOWN.value, UNKNOWN_WORDS), UNKNOWN_CODE)
    return words


def unit_words(quantity: Quantity, told: Sequence[tuple[str, int]] = ()) -> dict[str, int]:
    """Every way to write a unit, with its code in the layout; codes that were `told` stand for no place."""
    units = [(unit.id, unit.text) for unit in quantity.units]
    if told:
        return _as_told(units, told)
    codes = {f"{place + 1}{end}": place for place in range(len(quantity.units)) for end in ("", ".0")}
    return _words(units, codes)


def tick_words(question: Question, option: str) -> dict[str, bool]:
    """Every way to tick an option in its own column, or not: some programs write the option's words."""
    words = option_words(question)
    place = [each.id for each in question.options].index(option)
    text = _on_one_space(question.options[place].text)
    return {**({text: True} if words.get(text) == place else {}), **TICKS}


class WordBook:
    """The words of a rulebook, each list of them made once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._questions = rulebook.questions
        self._units = {quantity.unit_key: quantity for quantity in rulebook.quantities.values()}
        self._made: dict[tuple[str, ...], Words] = {}

    def of(self, column: Column) -> Words:
        """Of a column that is looked up as a whole, with what each word is in the layout."""
        if column.role == "unit":
            return self.units(column)
        if column.role == "tick":
            return self.ticks(column)
        if column.role == "list":
            return self.options(column)
        question = self._questions[column.key]
        key = (column.key, "choice", column.coding, *map(str, column.codes))
        return self._kept(key, lambda: choice_words(question, column.coding, column.codes))

    def options(self, column: Column) -> Words:
        """Of a column of choices."""
        question = self._questions[column.key]
        key = (column.key, column.coding, *map(str, column.codes))
        return self._kept(key, lambda: option_words(question, column.coding, column.codes))

    def units(self, column: Column) -> Words:
        """Of a column of units."""
        key = (column.key, "unit", *map(str, column.codes))
        return self._kept(key, lambda: unit_words(self._units[column.key], column.codes))

    def ticks(self, column: Column) -> Words:
        """Of a column of one option."""
        question = self._questions[column.key]
        return self._kept((column.key, "tick", column.option), lambda: tick_words(question, column.option))

    def _kept(self, key: tuple[str, ...], make: Callable[[], Mapping[str, int]]) -> Words:
        if key not in self._made:
            self._made[key] = Words(make())
        return self._made[key]


def parts_of(words: Words, text: str) -> list[str]:
    """The options named in a cell of several, by any of their words; as they stand where that is not clear.

    They may hold the very signs that part them, so the whole cell must come out as words in one way only.
    Microsoft Forms writes a separator behind the last one, too.
    """
    text = text.strip().removesuffix(LIST_SEPARATOR)
    simply = [part.strip() for part in text.split(LIST_SEPARATOR)]
    if all(words.spelt(part) is not None for part in simply):
        return simply
    if match := _LIST_OF_PROGRAM.fullmatch(text):
        text = (match["list"] or match["set"] or "").strip()
        if (set(text) & {'"', "'"} or not text) and _ITEMS.fullmatch(text):
            return [_unquoted(each[0]) for each in re.finditer(_ITEM, text, re.DOTALL)]
    found = _ways(words, text.strip())
    if not found and text.strip() != OF_PYTHON:
        found = _ways({each: words[word] for each, word in words.folded.items()}, fold(text))
    return list(found[0]) if len(found) == 1 else simply


def _ways(words: Mapping[str, int], text: str) -> list[tuple[str, ...]]:
    """Up to two ways to read a text as words with something between, told apart by what they mean."""
    text = _on_one_space(text)
    if not text or len(text) > sum(map(len, words)) + 3 * len(words):
        return []
    known = [each for each in words if each]
    reached: dict[int, dict[tuple[int, ...], tuple[str, ...]]] = {0: {(): ()}}
    waiting = [0]
    while waiting and (start := heappop(waiting)) < len(text):
        for word in known:
            end = start + len(word)
            if not text.startswith(word, start):
                continue
            if end < len(text):
                between = _BETWEEN.match(text, end)
                if between is None or between.end() == len(text):
                    continue
                end = between.end()
            if end not in reached:
                heappush(waiting, end)
            there = reached.setdefault(end, {})
            for meant, way in reached[start].items():
                if len(there) < 2:
                    there.setdefault((*meant, words[word]), (*way, word))
    return list(reached.get(len(text), {}).values())


def _unquoted(item: str) -> str:
    """An item of a program's list without its quotes."""
    if item[0] not in "\"'":
        return item
    try:
        return str(json.loads(item))
    except ValueError:
        return re.sub(r"\\(.)", r"\1", item[1:-1])


def _on_one_space(text: str) -> str:
    return " ".join(text.split())
