"""What is written as a tree, a condition, a claim or a formula, as a tree of plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

Place = Callable[[str], str]
"""From a name in one part of a rulebook to its place in the book."""


class WordTree(NamedTuple):
    """Some words, what they speak of, and what they join."""

    words: str
    shelf: str = ""
    """The shelf that tells of what a leaf speaks of, and the place there."""
    place: str = ""
    parts: tuple[WordTree, ...] = ()


def as_lines(tree: WordTree, depth: int = 0) -> Iterator[str]:
    """The tree as indented lines."""
    yield f"{'  ' * depth}- {tree.words}"
    for part in tree.parts:
        yield from as_lines(part, depth + 1)


def places_in(tree: WordTree, shelf: str) -> Iterator[str]:
    """Every place of a shelf that a tree speaks of."""
    if tree.shelf == shelf:
        yield tree.place
    for part in tree.parts:
        yield from places_in(part, shelf)
