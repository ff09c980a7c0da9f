"""One column of a file and what its cells speak about; and how many of them are told in few words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

Role = Literal["record_id", "occasion", "unit", "choice", "number", "list", "tick", "raw", "unread", "other"]
Coding = Literal["", "places", "yes_no", "unsure"]
"""How 1 and 0 are meant where a choice is given by a code; `unsure` takes neither."""


class Column(NamedTuple):
    """One column of a file and what its cells speak about."""

    name: str
    """As written in the file."""
    role: Role
    key: str = ""
    """The question's id or the unit's key."""
    option: str = ""
    coding: Coding = ""
    codes: tuple[tuple[str, int], ...] = ()
    """What codes were told to mean: places of options from 0, or nothing where below."""
    assumed: bool = False
    """Whether an option of its question that has no column is taken to have been asked."""


REASON = "reject_reason"
REJECT_PREFIX = "reject_"
"""Columns that quarantine put in front of a row; they say nothing when the row is fed back."""

MOST_TOLD = 5


def few(names: Sequence[str], more: str = "more", *, most: int = MOST_TOLD) -> str:
    """The first of what may be many names, and how many there are beside them.

    >>> few("abcd"), few("abcdefg", "more columns")
    ('a, b, c, d', 'a, b, c, d, e and 2 more columns')
    """
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} {more}" if len(names) > most else shown
