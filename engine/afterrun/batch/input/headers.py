"""The columns of an input file: which question, option or unit each one holds.

Headers are compared trimmed and in lower case, as REDCap writes them. A multiple choice is one column
of `a;b`, or one column per option, `question___option` or `question___1`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from afterrun.batch.input.layout import SEPARATOR
from afterrun.errors import Problem, nearest
from afterrun.intake import RECORD_ID, gone_words
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question

Role = Literal["record_id", "unit", "choice", "number", "list", "tick", "raw", "other"]

REJECT_PREFIX = "reject_"
"""Columns that quarantine put in front of a row; they say nothing when the row is fed back."""
RAW = "reject_raw"
FRONT = ("reject_file", "reject_line", "reject_reason", "reject_question", RAW)
"""The columns in front of a rejected row."""
SURELY_MEANT = 0.8
"""How alike (difflib) an unknown header is to a known one that is missing, to be a slip of the pen."""


class Column(NamedTuple):
    """One column of a file and what its cells speak about."""

    name: str
    """As written in the file."""
    role: Role
    key: str = ""
    """The question's id or the unit's key."""
    option: str = ""


NO_RECORDS = f"has no {RECORD_ID}: its rows are known by their lines alone, and none is found to come twice"


class Headers(NamedTuple):
    """All columns of a file, what was passed over, and what is wrong."""

    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]


def coded(question: Question) -> bool:
    """Whether an option may be given by its place, from 1: REDCap's codes.

    Not where an option's own name is a number.
    """
    return not any(option.id[:1].isdigit() for option in question.options)


def of_quarantine(names: Iterable[str]) -> bool:
    """Whether a file with these columns came from the quarantine, which marks what looks like a formula."""
    return any(name.strip().lower() in FRONT for name in names)


def named(rulebook: Rulebook) -> frozenset[str]:
    """Every column that has a meaning, in lower case."""
    return frozenset(_known(rulebook))


def resolve(rulebook: Rulebook, names: Sequence[str], file: str) -> Headers:
    """What each column holds. A file without any question, or with a column twice, has problems."""
    known = _known(rulebook)
    columns, problems = [], []
    seen: dict[str, str] = {}
    for name in names:
        folded = name.strip().lower()
        column = known.get(folded, Column("", "other"))._replace(name=name)
        what = _meaning(column, folded)
        if what and what in seen:
            said = f"the column is there twice, as '{seen[what]}' and '{name}'"
            problems.append(Problem(said, file, 1, name))
        seen.setdefault(what, name)
        columns.append(column)
    missing = [name for name, column in known.items() if _meaning(column, name) not in seen]
    passed_over = []
    for column in columns:
        folded = column.name.strip().lower()
        if column.role != "other" or not folded:
            continue
        problem = _misspelt(rulebook, folded, missing)
        if problem:
            problems.append(problem._replace(file=file, line=1, key=column.name[:60]))
        else:
            passed_over.append(column.name)
    if all(column.role in ("record_id", "unit", "raw", "other") for column in columns):
        problems.append(nothing_known(rulebook, names, file))
    notes = (f"passed over {_few(passed_over)}: no question has this name",) if passed_over else ()
    if "record_id" not in {column.role for column in columns}:
        notes = (*notes, NO_RECORDS)
    return Headers(tuple(columns), notes, tuple(problems))


def _known(rulebook: Rulebook) -> dict[str, Column]:
    known = {RECORD_ID: Column("", "record_id", RECORD_ID), RAW: Column("", "raw")}
    for quantity in rulebook.quantities.values():
        known[quantity.unit_key] = Column("", "unit", quantity.unit_key)
    for question in rulebook.questions.values():
        if question.type == "multi":
            known[question.id] = Column("", "list", question.id)
            for place, option in enumerate(question.options, 1):
                tick = Column("", "tick", question.id, option.id)
                if coded(question):
                    known[f"{question.id}{SEPARATOR}{place}"] = tick
                known[f"{question.id}{SEPARATOR}{option.id}"] = tick
        else:
            known[question.id] = Column("", "choice" if question.type == "single" else "number", question.id)
    return known


def _meaning(column: Column, folded: str) -> str:
    """The same for two columns that mean the same."""
    return folded if column.role == "other" else f"{column.role} {column.key} {column.option}"


def _misspelt(rulebook: Rulebook, folded: str, missing: Iterable[str]) -> Problem | None:
    """What to say of an unknown column that is surely meant for a question; passing it over would
    leave that question open in every row."""
    if folded.startswith(REJECT_PREFIX):
        return None
    base, separator, option = folded.partition(SEPARATOR)
    question: Mapping[str, Question] = rulebook.questions
    if separator and base in question:
        if gone := gone_words(question[base], option):
            return Problem(gone)
        options = [each.id for each in question[base].options]
        return Problem(f"{base} has no option '{option[:40]}'", nearest=nearest(option, options))
    alike = difflib.get_close_matches(folded[:200], list(missing), n=1, cutoff=SURELY_MEANT)
    return Problem("no question has this name", nearest=alike[0]) if alike else None


def nothing_known(rulebook: Rulebook, names: Sequence[str], file: str) -> Problem:
    """What to say of a file none of whose columns is a question."""
    near = next((found for name in names if (found := nearest(name.strip()[:200], rulebook.questions))), "")
    return Problem(f"no column is a question: {_few(names)}", file, 1, nearest=near)


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name[:40]}'" for name in names[:5])
    return f"{shown} and {len(names) - 5} more columns" if len(names) > 5 else shown
