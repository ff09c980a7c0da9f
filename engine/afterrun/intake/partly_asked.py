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

    # Equal ticks say less here than where all options were shown: no set, key or comparison may mix the two.

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, frozenset | set):
            return False
        unasked = other.unasked if isinstance(other, PartlyAsked) else frozenset()
        return super().__eq__(other) and self.unasked == unasked

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((frozenset(self), self.unasked)) if self.unasked else super().__hash__()
