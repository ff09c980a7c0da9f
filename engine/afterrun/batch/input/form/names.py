"""Which column a header names, in the manner of each survey program: by the question's id or by its words.

Headers are compared trimmed and in lower case. A multiple choice is one column of several options, or a
column per option: REDCap writes `question___1` or `words (choice=option's words)`, Kobo `question/option`,
LimeSurvey `question[option]` or `question(option)`, Qualtrics `question_1` or `words - option's words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.near import squashed
from afterrun.batch.input.form.words import coded
from afterrun.batch.input.layout import SEPARATOR
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question

RAW = "reject_raw"
UNREAD = "reject_unread"
EVENTS = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
"""Columns that tell the rows of one record apart in a project with events or repeated forms."""
_IN_BRACKETS = re.compile(r"(?P<words>.*)\((?P<code>[^()]+)\)", re.DOTALL)
_CODE_FIRST = re.compile(r"(?P<code>[^\s.:]+)[.:] (?P<words>.*)", re.DOTALL)
_GROUP_ENDS = re.compile(r"[/:.-]")
_SHAPES_OF_GROUPS: Mapping[str, str] = {"/": "Kobo", ".": "Kobo", ":": "ODK", "-": "ODK"}
"""Who puts this between a group and a question."""
_OPTION_BEHIND = re.compile(r"(?P<base>[^/\[(]+)(?P<option>/[^/]+|\[[^\[\]]+\]|\([^()]+\))")
_NUMBERED = re.compile(r".*[0-9].*")
_SEVERAL = 2
Shape = str
NATIVE: Shape = ""
LIMESURVEY: Shape = "LimeSurvey"
NEAR: Shape = "near"
"""A name of ours but for capitals and signs: `Age (years)`."""


class Found(NamedTuple):
    """What a header names, and in whose manner; several columns where its words do not say which."""

    columns: tuple[Column, ...]
    shape: Shape = NATIVE


class Manner(NamedTuple):
    """What the headers of a file have in common, without which some of them would mean nothing."""

    groups: frozenset[str] = frozenset()
    """What Kobo and ODK put in front, where several known columns share it."""
    codes: bool = False
    """Whether most have a code beside words, as LimeSurvey writes them: then the words may be any."""
    own_codes: bool = False
    """Whether most have a code beside words, and our words: then the code may be any number."""


class Names:
    """Every header that has a meaning."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.native = dict(_native(rulebook))
        """By folded name: those of this program, which are REDCap's too."""
        self._squashed: dict[str, Column | None] = {}
        for name, column in self.native.items():
            # An id under another name would stand in two columns of the rejects of several files.
            if column.role not in ("record_id", "tick", "raw", "unread"):
                self._squashed[squashed(name)] = None if squashed(name) in self._squashed else column
        self._foreign: dict[str, tuple[Column, Shape]] = {}
        for name, column, shape in _exported(rulebook):
            self._foreign.setdefault(name, (column, shape))
        self._told: dict[str, tuple[dict[Column, None], Shape]] = {}
        for words, column, shape in _told(rulebook):
            self._told.setdefault(folded(words), ({}, shape))[0][column] = None

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.find(name) is not None

    def find(self, name: str, manner: Manner = Manner()) -> Found | None:  # noqa: B008
        """What a header of a file in some manner names; None where it names nothing."""
        name = folded(name)
        found = self._whole(name)
        if found is not None:
            return found
        group, found = self._in_group(name)
        if found is not None and group in manner.groups:
            return found._replace(shape=_SHAPES_OF_GROUPS[group[-1]])
        for code, words, found in self._beside_words(name):
            told, _ = self._told.get(words, ({}, NATIVE))
            if found is not None and (manner.codes or found.columns[0] in told):
                return found._replace(shape=LIMESURVEY)
            if found is None and told and manner.own_codes and _NUMBERED.fullmatch(code):
                return Found(tuple(told), LIMESURVEY)
        return self._near(name)

    def manner_of(self, names: Sequence[str]) -> Manner:
        """What the headers of one file have in common."""
        named = [name for name in map(folded, names) if name]
        strange = [name for name in named if self._whole(name) is None]
        grouped: dict[str, set[Column]] = {}
        for group, found in map(self._in_group, strange):
            if found is not None:
                grouped.setdefault(group, set()).add(found.columns[0])
        shaped = [each for name in strange if (each := list(self._beside_words(name)))]
        most = 2 * len(shaped) > len(named)
        known = sum(any(found for _, _, found in each) for each in shaped)
        told = sum(any(words in self._told for _, words, _ in each) for each in shaped)
        return Manner(
            frozenset(group for group, columns in grouped.items() if len(columns) >= _SEVERAL),
            most and known >= _SEVERAL,
            most and told >= _SEVERAL,
        )

    def find_all(self, names: Sequence[str]) -> list[Found | None]:
        """What each header of one file names."""
        manner = self.manner_of(names)
        return [self.find(name, manner) for name in names]

    def _in_group(self, name: str) -> tuple[str, Found | None]:
        """What a header names without the groups in front of it, and those with what ends them."""
        for end in _GROUP_ENDS.finditer(name):
            rest = name[end.end() :]
            # The rulebook's words may hold the other signs themselves.
            if found := self._whole(rest) if end[0] == "/" else self._by_name(rest):
                return name[: end.end()], found
        return "", None

    def _beside_words(self, name: str) -> Iterator[tuple[str, str, Found | None]]:
        """A code, the words beside it, and what the code names."""
        for pattern in (_IN_BRACKETS, _CODE_FIRST):
            if match := pattern.fullmatch(name):
                code = match["code"]
                yield code, match["words"].strip(), self._by_name(code) or self._near(code)

    def _near(self, name: str) -> Found | None:
        """What a name is but for its signs; an option must be written as it is."""
        if column := self._squashed.get(squashed(name)):
            return Found((column,), NEAR)
        if match := _OPTION_BEHIND.fullmatch(name):
            column = self._squashed.get(squashed(match["base"]))
            return self._by_name(f"{column.key}{match['option']}") if column else None
        return None

    def _whole(self, name: str) -> Found | None:
        found = self._by_name(name)
        if found is None and name in self._told:
            columns, shape = self._told[name]
            found = Found(tuple(columns), shape)
        return found

    def _by_name(self, name: str) -> Found | None:
        if name in self.native:
            return Found((self.native[name],))
        if name in self._foreign:
            column, shape = self._foreign[name]
            return Found((column,), shape)
        return None


def folded(name: str) -> str:
    """A header as it is compared."""
    return " ".join(name.split()).lower()


def _native(rulebook: Rulebook) -> Iterator[tuple[str, Column]]:
    yield RECORD_ID, Column("", "record_id", RECORD_ID)
    yield RAW, Column("", "raw")
    yield UNREAD, Column("", "unread")
    for name in EVENTS:
        yield name, Column("", "occasion", name)
    for quantity in rulebook.quantities.values():
        yield quantity.unit_key, Column("", "unit", quantity.unit_key)
    for question in rulebook.questions.values():
        yield question.id, _whole_column(question)
        for name, place, column in _ticks(question):
            if coded(question):
                yield f"{question.id}{SEPARATOR}{place}", column
            yield f"{question.id}{SEPARATOR}{name}", column


def _exported(rulebook: Rulebook) -> Iterator[tuple[str, Column, Shape]]:
    """Columns of single options by the names of question and option."""
    for question in rulebook.questions.values():
        for name, place, column in _ticks(question):
            for each in (name, *([str(place)] if coded(question) else [])):
                yield f"{question.id}/{each}", column, "Kobo"
                yield f"{question.id}[{each}]", column, LIMESURVEY
                yield f"{question.id}({each})", column, LIMESURVEY
            if coded(question):
                yield f"{question.id}_{place}", column, "Qualtrics"


def _told(rulebook: Rulebook) -> Iterator[tuple[str, Column, Shape]]:
    """Columns by the rulebook's words for them."""
    yield "Record ID", Column("", "record_id", RECORD_ID), "labels"
    yield "Event Name", Column("", "occasion", EVENTS[0]), "REDCap"
    yield "Repeat Instrument", Column("", "occasion", EVENTS[1]), "REDCap"
    yield "Repeat Instance", Column("", "occasion", EVENTS[2]), "REDCap"
    for quantity in rulebook.quantities.values():
        yield quantity.ask, Column("", "unit", quantity.unit_key), "labels"
    for question in rulebook.questions.values():
        ask = question.ask
        yield ask, _whole_column(question), "labels"
        yield f"{ask} - Selected Choice", _whole_column(question), "Qualtrics"
        texts = {option.id: option.text for option in question.options}
        for name, _, column in _ticks(question):
            yield f"{ask} (choice={texts[name]})", column, "REDCap"
            yield f"{ask}/{texts[name]}", column, "Kobo"
            yield f"{ask} [{texts[name]}]", column, LIMESURVEY
            for each in (ask, question.id):
                yield f"{each} | {texts[name]}", column, "SurveyMonkey"
            yield f"{ask} - {texts[name]}", column, "Qualtrics"
            yield f"{ask} - Selected Choice - {texts[name]}", column, "Qualtrics"


def _whole_column(question: Question) -> Column:
    roles: Mapping[str, str] = {"multi": "list", "single": "choice"}
    return Column("", roles.get(question.type, "number"), question.id)  # type: ignore[arg-type]


def _ticks(question: Question) -> Iterator[tuple[str, int, Column]]:
    """Each option of a multiple choice: its name, its place from 1, and the column of its ticks."""
    if question.type == "multi":
        for place, option in enumerate(question.options, 1):
            yield option.id, place, Column("", "tick", question.id, option.id)
