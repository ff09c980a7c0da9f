"""Words in; the leaves of the book that hold them out, the likeliest first, with where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import log, sqrt
from typing import NamedTuple

from afterrun.errors import nearest
from afterrun.telling.book.shelf import Leaf, Shelf

MOST_WORDS, LONGEST_WORD = 8, 40
"""Of what is looked for; the rest is not."""
SNIPPET = 180
_TITLE, _EXACT, _OFTEN = 18, 2, 3
"""How much more a title counts, the less so the longer it is; and the very word; how often one is counted."""
_SHORT = 6
"""Words up to which a title is none the longer: many a short one is but a name."""
_EVERYWHERE = 0.3
"""The share of leaves from which on a word says nothing."""
_WORD = re.compile(r"[^\W_]+")


class Found(NamedTuple):
    """A leaf that holds what was looked for."""

    leaf: Leaf
    snippet: tuple[tuple[str, bool], ...]
    """Part of its text, piece by piece, and whether a piece is what was looked for."""


class Search(NamedTuple):
    """What came of looking for something."""

    words: tuple[str, ...]
    found: tuple[Leaf, ...]
    whole: bool
    """Whether each leaf holds all of the words."""
    meant: str
    """What may have been meant where a word stands nowhere."""

    def shown(self, leaf: Leaf) -> Found:
        """A leaf with the place where the words stand."""
        return Found(leaf, _snippet(leaf.text, self.words))


def search(shelf: Shelf, text: str) -> Search:
    """Look for words; where no leaf holds all of them, those that hold some come."""
    index = _index_of(shelf)
    words = tuple(dict.fromkeys(each[:LONGEST_WORD] for each in _folded_words(text)))[:MOST_WORDS]
    scores = [index.scores(each) for each in words]
    telling = [each for each in scores if len(each) < _EVERYWHERE * len(index.leaves)] or scores
    total: Counter[int] = Counter()
    for each in telling:
        total.update(each)
    having_all = [at for at in total if all(at in each for each in telling)]
    ranked = sorted(having_all or total, key=lambda at: (-total[at], at))
    meant = [
        each if score else nearest(each, index.vocabulary) or each
        for each, score in zip(words, scores, strict=True)
    ]
    return Search(
        words,
        tuple(index.leaves[at] for at in ranked),
        bool(having_all),
        " ".join(meant) if tuple(meant) != words else "",
    )


@lru_cache(maxsize=2)
def _index_of(shelf: Shelf) -> _Index:
    return _Index(shelf)


class _Index:
    """Which leaf holds which word, and how much it counts there."""

    def __init__(self, shelf: Shelf) -> None:
        self.leaves = shelf.leaves
        self._postings: dict[str, dict[int, float]] = {}
        for at, leaf in enumerate(self.leaves):
            title = Counter(_folded_words(f"{leaf.title} {leaf.key}"))
            text = Counter(_folded_words(leaf.text))
            named = _TITLE / sqrt(max(len(title), _SHORT))
            for word in title | text:
                weight = named * bool(title[word]) + min(text[word], _OFTEN)
                self._postings.setdefault(word, {})[at] = weight

    @property
    def vocabulary(self) -> Mapping[str, object]:
        """Every word that stands somewhere."""
        return self._postings

    def scores(self, wanted: str) -> dict[int, float]:
        """What each leaf counts for one word, also as another form of it; a rare word counts for more."""
        scores: dict[int, float] = {}
        for word, places in self._postings.items():
            if _is_like(word, wanted):
                factor = _EXACT if word == wanted else 1
                for at, weight in places.items():
                    scores[at] = max(scores.get(at, 0), factor * weight)
        rarity = log(1 + len(self.leaves) / len(scores)) if scores else 0.0
        return {at: score * rarity for at, score in scores.items()}


def _is_like(word: str, wanted: str) -> bool:
    """Whether a word is the one that is looked for, begins so, or is that one without its ending."""
    return word.startswith(wanted) or (
        len(word) > 3 and wanted.startswith(word) and len(wanted) < len(word) + 4
    )


def _folded_words(text: str) -> Iterator[str]:
    return (_folded(found[0]) for found in _WORD.finditer(text))


def _folded(word: str) -> str:
    """Letters alone, without case and accents."""
    return "".join(
        each for each in unicodedata.normalize("NFKD", word).casefold() if not unicodedata.combining(each)
    )


def _snippet(text: str, words: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    hits = [
        found.span()
        for found in _WORD.finditer(text)
        if any(_is_like(_folded(found[0]), each) for each in words)
    ]
    first = hits[0][0] if hits else 0
    begin = 0 if first < SNIPPET // 3 else text.rfind(" ", 0, first - SNIPPET // 4) + 1
    end = len(text) if len(text) <= begin + SNIPPET else text.rfind(" ", begin, begin + SNIPPET)
    end = end if end > begin else begin + SNIPPET
    pieces = [("… ", False)] if begin else []
    at = begin
    for start, stop in hits:
        if begin <= start and stop <= end:
            pieces += [(text[at:start], False), (text[start:stop], True)]
            at = stop
    pieces.append((f"{text[at:end]}{' …' if end < len(text) else ''}", False))
    return tuple(each for each in pieces if each[0])
