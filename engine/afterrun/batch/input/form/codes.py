"""Whether 1 and 0 in a choice are an option's place or yes and no: looked up in the file's first rows.

An option may be given by its place from 1. A form that writes 1 for yes and 0 for no looks the same, so a
column that could be either is taken for neither until somebody says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from afterrun.batch.input.form.columns import Coding, Column
from afterrun.batch.input.form.words import LIST_SEPARATOR, coded, yes_no
from afterrun.errors import Problem
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question

_SEPARATORS = re.compile(rf"[{LIST_SEPARATOR},\s]+")
_CODE = re.compile(r"([0-9]+)(?:\.0)?", re.ASCII)
OUT = "say --codes places, --codes yes_no, or --codes with REDCap's data dictionary"


class _Seen(NamedTuple):
    """The codes in the first cells of a column."""

    codes: frozenset[int]
    words: bool
    """Whether some cell holds no code."""


def with_coding(
    rulebook: Rulebook, column: Column, cells: Iterable[Any], told: Coding
) -> tuple[Column, Problem | None]:
    """The column as its codes are to be read; a problem where its cells can be read in two ways."""
    question = rulebook.questions.get(column.key)
    if question is None or column.codes or column.role not in ("choice", "list") or not coded(question):
        return column, None
    seen = _seen(cells)
    suspect = not seen.words and 0 in seen.codes and len(question.options) not in seen.codes
    asks_yes_no = column.role == "choice" and yes_no(question) is not None
    if told:
        said_so = told == "places" or asks_yes_no or (suspect and seen.codes <= {0, 1})
        return column._replace(coding=told if said_so else "places"), None
    either = asks_yes_no and seen.codes <= {0, 1}
    if suspect or (either and seen.codes and not seen.words):
        return column, Problem(_both_readings(question, seen.codes), key=column.name)
    # A code beyond 1 tells that codes are places; where there are only words, a 1 among them does not.
    return column._replace(coding="unsure" if either else "places"), None


def unsure_words(question: Question) -> str:
    """What to say of a 1 or 0 that may be an option's place or yes or no."""
    return _both_readings(question, {0, 1})


def not_plain_words(question: Question, cell: str) -> str:
    """What to say of a plain yes or no that is no answer to the question, or none where that is not why."""
    meant = yes_no(question)
    code = _CODE.fullmatch(cell.strip())
    if code is None or int(code[1]) > 1:
        return ""
    yes = meant is not None and int(code[1]) == 1
    offered = ", ".join(question.options[place].id for place in (meant.yes if yes and meant else ()))
    return f"'{cell}' is a plain {'yes' if int(code[1]) else 'no'}, by --codes yes_no, and " + (
        f"leaves open which: {offered}" if offered else "that is none of the options"
    )


def _seen(cells: Iterable[Any]) -> _Seen:
    codes: set[int] = set()
    words = False
    for text in set(map(_text_of, cells)):
        for part in _SEPARATORS.split(text):
            match = _CODE.fullmatch(part)
            if match:
                codes.add(int(match[1]))
            words = words or (match is None and part != "")
    return _Seen(frozenset(codes), words)


def _text_of(cell: Any) -> str:
    if isinstance(cell, list):
        return LIST_SEPARATOR.join(map(_text_of, cell))
    return "" if cell is None else str(cell).strip()


def _both_readings(question: Question, codes: Iterable[int] | Mapping[int, str]) -> str:
    first, shown = question.options[0].id, sorted(codes)
    if len(shown) > 1 and max(shown) > 1:
        last = len(question.options)
        return (
            f"holds the code 0, and no {last}: codes here run from 1 ({first}) to {last}, so these may be "
            "another list of codes; say --codes places if they run from 1 all the same"
        )
    meant = yes_no(question)
    plain = "1 may be yes and 0 no"
    if meant:
        options = [" or ".join(question.options[at].id for at in places) for places in meant]
        plain += f" ({options[0]}, {options[1]})"
    return f"1 may be the first option ({first}), and {plain}; {OUT}"
