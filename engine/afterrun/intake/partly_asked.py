"""An answer to a multiple choice some of whose options nobody offered."""

from __future__ import annotations

from collections.abc import Iterable


class PartlyAsked(frozenset[str]):
    """The options ticked, of a list of which some were never shown: those are open, not left unticked."""

    unasked: frozenset[str]

    def __new__(cls, ticked: Iterable[str] = (), unasked: Iterable[str] = ()) -> PartlyAsked:
        """`unasked` are the options that were not on the form."""
        made = super().__new__(cls, ticked)
        made.unasked = frozenset(unasked)
        return made
