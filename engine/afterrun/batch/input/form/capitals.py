"""Words that may be written in other capitals, where that leaves one meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from afterrun.once import once

OF_PYTHON = "None"
"""How a program writes that nothing was answered: no other way to write the option `none`."""


class Words(dict[str, int]):
    """Every way to write something, with what it means; `meaning` takes other capitals and blanks, too.

    >>> words = Words({"none": 0, "muscle": 1, "a": 2, "A": 3})
    >>> [words.meaning(each) for each in ("Muscle", "NONE", "None", "a", "ä")]
    [1, 0, None, 2, None]
    """

    def __init__(
        self, words: Mapping[str, int], foldable: Iterable[str] | None = None, never: str = OF_PYTHON
    ) -> None:
        """Of the words only those that are `foldable` may be written otherwise; without it all.

        `never` is OF_PYTHON as it stands among these words.
        """
        super().__init__(words)
        self._never = never
        self.folded: dict[str, str] = {}
        meant: dict[str, set[int]] = {}
        for word in words if foldable is None else foldable:
            self.folded.setdefault(fold(word), word)
            meant.setdefault(fold(word), set()).add(words[word])
        for each, meanings in meant.items():
            if len(meanings) > 1:
                del self.folded[each]

    @once
    def known(self) -> pl.Enum:
        """The words as an enumeration."""
        return pl.Enum(list(self))

    @once
    def _tables(self) -> dict[Any, pl.Series]:
        return {}

    def meanings(self, dtype: Any) -> pl.Series:
        """What each word means, in the order of the enumeration."""
        if dtype not in self._tables:
            self._tables[dtype] = pl.Series(list(self.values()), dtype=dtype)
        return self._tables[dtype]

    def spelt(self, text: str) -> str | None:
        """The word that a text is; None where it is none, or could be two."""
        if text in self:
            return text
        return None if text == self._never else self.folded.get(fold(text))

    def meaning(self, text: str) -> int | None:
        """What a text means; None where it is no word."""
        word = self.spelt(text)
        return None if word is None else self[word]


def fold(text: str) -> str:
    """A word as it is compared where capitals do not matter."""
    return " ".join(text.split()).casefold()
