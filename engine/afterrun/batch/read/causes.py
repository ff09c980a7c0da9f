"""One cause that makes many cells of a row wrong, found: then it is told once, and not cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from afterrun.batch.input.form.cells import NUMBER
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.names import Names, folded
from afterrun.batch.input.form.words import WordBook, parts_of
from afterrun.batch.input.rejects import GivenRow, Kind
from afterrun.batch.input.sources import Source
from afterrun.batch.input.text.dialect import MISSING, as_typed
from afterrun.errors import Problem, ProblemsError
from afterrun.rulebook import Rulebook, engine_of

_MARK = "\ufeff"
_FEWEST = 3
"""Wrong cells of which one cause is sought."""
_LONGEST_CODE = 20
"""Characters of a word for no answer that is not among the usual ones."""


class Cause(NamedTuple):
    """What is wrong with a row as a whole."""

    kind: Kind
    reason: str


def cause_of(
    rulebook: Rulebook, source: Source, line: int, given: GivenRow, problems: Sequence[Problem]
) -> Cause | None:
    """What makes a row wrong in many columns at once; None where each is wrong by itself.

    Raises ProblemsError where another header begins: what follows would be read by the wrong one.
    """
    keys = {each.key for each in problems if each.key}
    cells = {name: text.replace(_MARK, "").strip() for name, text in given.cells.items()}
    if again := _header(rulebook, source, line, cells):
        return again
    if len(keys) < _FEWEST or source.format == "jsonl":
        return None
    return _shift(rulebook, source, cells, keys)


def code_for_none(source: Source, given: GivenRow, problems: Sequence[Problem]) -> list[Problem]:
    """What to say of a text such as -99 that is wrong in several columns: it may be a code for no answer."""
    keys = {each.key for each in problems if each.key}
    there: dict[str, set[str]] = {}
    for column in source.columns:
        text = given.cells.get(column.name, "").replace(_MARK, "").strip()
        if column.key in keys and column.role != "record_id" and text not in MISSING:
            there.setdefault(text, set()).add(column.key)
    return [
        Problem(
            f"'{text}' stands in {len(columns)} columns that do not take it: "
            f"if it means that no answer was given, add --na {as_typed(text)}"
        )
        for text, columns in there.items()
        if text and len(columns) >= _FEWEST and len(text) <= _LONGEST_CODE and "," not in text
    ]


def _header(rulebook: Rulebook, source: Source, line: int, cells: dict[str, str]) -> Cause | None:
    known, filled = engine_of(rulebook, Names), [each for each in cells.items() if each[1]]
    names = {folded(name) for name in cells}
    own = sum(folded(name) == folded(text) for name, text in filled)
    others = [text for name, text in filled if folded(name) != folded(text) and folded(text) in names]
    others += [text for _, text in filled if folded(text) not in names and folded(text) in known.native]
    if own >= 2 and own == len(filled):
        return Cause("header", "is the header once more, and no row: take it out")
    if own + len(others) >= max(_FEWEST, len(filled) / 2) and others:
        said = (
            f"another header begins here, with '{others[0][:40]}' in another place: "
            "what follows would be read by the first one; make two files of it"
        )
        raise ProblemsError([Problem(said, source.name, line)])
    return None


def _shift(rulebook: Rulebook, source: Source, cells: dict[str, str], keys: set[str]) -> Cause | None:
    """Whether the cells from one of the wrong ones on fit the column before or behind."""
    columns = [column for column in source.columns if column.role != "other"]
    every = list(source.columns)
    places = [at for at, column in enumerate(every) if column in columns]
    texts = [cells.get(column.name, "") for column in every]
    wrong = [at for at in places if every[at].key in keys and not _fits(rulebook, every[at], texts[at])]
    if len(wrong) < _FEWEST:
        return None
    for step, way in ((1, "right"), (-1, "left")):
        moved = [at for at in wrong if 0 <= at + step < len(texts)]
        better = [at for at in moved if texts[at + step] and _fits(rulebook, every[at], texts[at + step])]
        # A blank cell fits everywhere, and tells nothing.
        if len(better) > _FEWEST and 2 * len(better) > len(moved):
            first = every[wrong[0]].name
            said = (
                f"its cells stand one column too far to the {way} from about {first} on: "
                f"{len(wrong)} of them are no answers there; move them back"
            )
            return Cause("shifted", said)
    return None


def _fits(rulebook: Rulebook, column: Column, text: str) -> bool:
    """Whether a text can stand in a column, whatever the bounds of its number."""
    book = engine_of(rulebook, WordBook)
    if not text:
        return True
    if column.role == "number":
        return NUMBER.fullmatch(text.replace(",", ".")) is not None
    if column.role == "unit":
        return book.units(column).spelt(text) is not None
    if column.role == "tick":
        return book.ticks(column).spelt(text) is not None
    if column.role == "choice":
        return book.options(column).spelt(text) is not None
    if column.role == "list":
        words = book.options(column)
        return all(words.spelt(part) is not None for part in parts_of(words, text))
    return True
