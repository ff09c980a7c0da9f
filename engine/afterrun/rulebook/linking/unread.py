"""What could not be read of a rulebook; whatever it may have named is no further mistake."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, get_args

from afterrun.errors import nearest
from afterrun.rulebook.proposition import Kind

SOURCES = "sources"
LEFT_OUT = "…"
"""The word that stands for a value that is left out, and that may have named anything."""
_SLIP = 0.9
"""How like another name one has to be to be a slip of it, rather than the one that was lost."""


class Unread(NamedTuple):
    """Every word in what could not be read, and the needed files that are not there."""

    words: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    nameless: bool = False
    """Whether some entry lacks the id by which it is known elsewhere."""

    def joined(self, words: Iterable[str], missing: Iterable[str] = (), nameless: bool = False) -> Unread:
        """This, and more that could not be read."""
        return Unread(self.words.union(words), self.missing.union(missing), self.nameless or nameless)

    @property
    def left_out(self) -> bool:
        """Whether a value is left out."""
        return LEFT_OUT in self.words

    def may_name(self, name: str, kind: str = "", known: Collection[str] = ()) -> bool:
        """Whether what could not be read may be where a name comes from that is not among the `known`.

        >>> Unread(frozenset({"tendon"})).may_name("pattern.tendon.likely")
        True
        >>> Unread(missing=frozenset({"patterns"})).may_name("patern.tendon.likely")
        False
        """
        if not kind and "." in name and name.split(".")[0] not in get_args(Kind):
            return False
        lacking = {SOURCES} if kind == "source" else self.missing - {SOURCES}
        subject = name.split(".")[1] if "." in name else name.split(":")[-1]
        own, others = name.split(":")[-1], (each.split(":")[-1] for each in known)
        lost = self.nameless and not nearest(own, others, _SLIP)
        return not name or lost or bool(lacking & self.missing) or not self.words.isdisjoint((name, subject))
