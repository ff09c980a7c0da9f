"""Headers of several rows.

Qualtrics writes three: the names of columns, their words, and where they came from. SurveyMonkey writes two:
a question stands above the first of its columns alone, and each column's option below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from afterrun.batch.input.form.names import Names, folded
from afterrun.errors import Problem, ProblemsError
from afterrun.rulebook import Rulebook, engine_of

_THIRD = '{"ImportId"'
"""How the third row of Qualtrics begins."""
_OF_ANSWERS = ("response", "open-ended response")
"""What SurveyMonkey writes below a question that has but one column."""
_NAMELESS = re.compile(r"(?:Unnamed: [0-9]+(?:_level_[0-9]+)?)?\s*")
"""No name, or what pandas makes of none."""


def names_below(
    known: Names, names: Sequence[str], below: Sequence[object]
) -> tuple[list[str], Literal[0, 1, 2]]:
    """What columns are called, and how many of the rows `below` are header, too.

    Those are lists of cells where they are whole.
    """
    if of_three := names_of_three(known, names, below):
        return of_three, 2
    if below and isinstance(below[0], list) and (of_two := _names_of_two(known, names, below[0])):
        return of_two, 1
    return list(names), 0


def refuse_rows_of_header(
    rulebook: Rulebook, names: Sequence[str], rows: Iterable[Iterable[object]], file: str
) -> None:
    """Raise ProblemsError where the first rows of a table with typed columns, or of objects, are header:
    whoever converted it read but one row of it as such, and people's ticks stand below no name."""
    below = [["" if cell is None else str(cell) for cell in row] for row in rows]
    _, more = names_below(engine_of(rulebook, Names), names, below)
    if more:
        which = "first row is" if more == 1 else "first two rows are"
        said = f"its {which} header, too, as survey programs write it; give the export as it was"
        raise ProblemsError([Problem(said, file)])


def _names_of_two(known: Names, names: Sequence[str], options: Sequence[object]) -> list[str] | None:
    """The same where a row of options follows the names; None where it does not.

    A column of its own has nothing below it there, or the word for an answer: a person's row has more.
    """
    if len(options) != len(names):
        return None
    texts = [str(option or "").strip() for option in options]
    nameless = [*(_NAMELESS.fullmatch(name) is not None for name in names), False]
    called, question, are_options, answers = list[str](), "", 0, 0
    for place, (name, text) in enumerate(zip(names, texts, strict=True)):
        question = question if nameless[place] else name
        is_answer = folded(text) in _OF_ANSWERS
        answers += is_answer
        if not text or is_answer:
            called.append(name)
            continue
        if not nameless[place] and not nameless[place + 1]:
            return None
        called.append(f"{question} | {text}")
        are_options += nameless[place] and known.find(called[-1]) is not None
    return called if are_options or (answers >= 2 and answers == sum(map(bool, texts))) else None


def names_of_three(known: Names, names: Sequence[str], below: Sequence[object]) -> list[str] | None:
    """What columns are called where two more rows of header follow the names; None where they do not.

    A column goes by its words where these are the rulebook's, for an export numbers options as it likes.
    """
    rows = [row for row in below if isinstance(row, list) and len(row) == len(names)]
    if len(rows) < 2 or not all(str(cell).startswith(_THIRD) for cell in rows[1] if cell):
        return None
    if not any(rows[1]):
        return None
    return [words if known.find(words) else name for name, words in zip(names, rows[0], strict=True)]
