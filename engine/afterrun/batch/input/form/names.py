"""Which column a header names, in the manner of each survey program: by the question's id or by its words.

Headers are compared trimmed and in lower case. A multiple choice is one column of several options, or a
column per option: REDCap writes `question___1` or `words (choice=option's words)`, Kobo `question/option`,
LimeSurvey `question[option]`, Qualtrics `question_1` or `words - option's words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.words import coded
from afterrun.batch.input.layout import SEPARATOR
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question

RAW = "reject_raw"
UNREAD = "reject_unread"
EVENTS = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
"""Columns that tell the rows of one record apart in a project with events or repeated forms."""
_IN_BRACKETS = re.compile(r".*\((?P<code>[^()]+)\)", re.DOTALL)
_CODE_FIRST = re.compile(r"(?P<code>[^\s.:]+)[.:] ", re.DOTALL)
Shape = str
NATIVE: Shape = ""


class Found(NamedTuple):
    """What a header names, and in whose manner; several columns where its words do not say which."""

    columns: tuple[Column, ...]
    shape: Shape = NATIVE


class Names:
    """Every header that has a meaning."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.native = dict(_native(rulebook))
        """By folded name: those of this program, which are REDCap's too."""
        self._foreign: dict[str, tuple[Column, Shape]] = {}
        for name, column, shape in _exported(rulebook):
            self._foreign.setdefault(name, (column, shape))
        self._told: dict[str, tuple[dict[Column, None], Shape]] = {}
        for words, column, shape in _told(rulebook):
            self._told.setdefault(folded(words), ({}, shape))[0][column] = None

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.find(name) is not None

    def find(self, name: str) -> Found | None:
        """What a header names; None where it names nothing."""
        found = self._whole(folded(name))
        if found is not None:
            return found
        path = folded(name)
        while "/" in path:
            # Kobo puts the groups of a form in front.
            path = path.partition("/")[2]
            if found := self._whole(path):
                return found._replace(shape="Kobo")
        for pattern in (_IN_BRACKETS, _CODE_FIRST):
            if (match := pattern.match(folded(name))) and (found := self._by_name(match["code"])):
                return found._replace(shape="LimeSurvey")
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
                yield f"{question.id}[{each}]", column, "LimeSurvey"
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
            yield f"{ask} [{texts[name]}]", column, "LimeSurvey"
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
