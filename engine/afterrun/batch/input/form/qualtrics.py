"""Exports of Qualtrics: three rows of header, the names of columns, their words, and where they came from."""

from __future__ import annotations

from collections.abc import Sequence

from afterrun.batch.input.form.names import Names

_THIRD = '{"ImportId"'


def names_of_three(known: Names, names: Sequence[str], below: Sequence[object]) -> list[str] | None:
    """What columns are called where two more rows of header follow the names; None where they do not.

    Those `below` are lists of cells where they are whole.

    A column goes by its words where these are the rulebook's, for an export numbers options as it likes.
    """
    rows = [row for row in below if isinstance(row, list) and len(row) == len(names)]
    if len(rows) < 2 or not all(str(cell).startswith(_THIRD) for cell in rows[1] if cell):
        return None
    if not any(rows[1]):
        return None
    return [words if known.find(words) else name for name, words in zip(names, rows[0], strict=True)]
