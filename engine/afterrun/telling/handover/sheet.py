"""The page and what has room on it: a Handover in, a Sheet out that is no longer than its paper.

What is said is measured by letters that are as wide as those of a wide typeface, so that no other takes more
room. Nothing is ever shrunk: what has no room is left out, the least telling first, and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Literal, NamedTuple

from afterrun.telling.diary.picture import Drawing

Paper = Literal["a4", "letter"]

SIZES: dict[Paper, tuple[float, float]] = {"a4": (595.3, 841.9), "letter": (612.0, 792.0)}
"""Width and height in points."""
MARGIN, GUTTER = 31.0, 15.0
FONT, SMALL, LINE = 8.8, 8.5, 11.4
"""Points: of words, of the smallest words, and from line to line; the page's style has the same."""
NARROW = {**dict.fromkeys("ijlI'|", 0.3), **dict.fromkeys(" .,:;/", 0.34), **dict.fromkeys("ftr-()[]", 0.42)}
WIDE = {**dict.fromkeys("sczJ", 0.56), "w": 0.82, **dict.fromkeys("mMW%@+", 0.99)}
LETTERS, CAPITAL, LETTER, BOLD = NARROW | WIDE, 0.74, 0.64, 1.14
"""Ems that a letter takes in a wide typeface, and how much more where it is bold."""
TITLE, CARD, HEAD, GAP, SLACK = 30.0, 30.0, 19.0, 1.6, 12.0
"""Points that the title, the frame of the card and a heading take; between things; and kept in reserve."""


class Item(NamedTuple):
    """One thing told: what it is, and what there is to say of it."""

    name: str
    text: str = ""
    rank: int = 0
    """What goes first has the lowest; things of one rank go in their order."""


class Block(NamedTuple):
    """A headed part of the page."""

    title: str
    items: tuple[Item, ...]
    note: str = ""
    left_out: int = 0
    """Things that have no room."""
    bold_name: bool = True
    """Whether the name of a thing weighs more than its text."""
    passes_over: bool = False
    """Whether what has no room may be followed by what has."""
    whole: str = "the full report"
    """Where all of it stands."""

    @property
    def more(self) -> str:
        """What is said of the things that have no room."""
        return f"and {self.left_out} more: see {self.whole}" if self.left_out else ""


class Handover(NamedTuple):
    """All that could stand on the page, the most pressing first."""

    title: str
    about: str
    """Whose it is, and when."""
    level: str
    do: str
    urgent: bool
    """Whether the plan has to wait."""
    answers: Block
    told: tuple[Block, ...]
    """Everything beside the answers, what is cut last first."""
    picture: Drawing | None
    foot: tuple[str, ...]


class Sheet(NamedTuple):
    """What stands on the page, in two columns."""

    handover: Handover
    paper: Paper
    columns: tuple[tuple[Block, ...], tuple[Block, ...]]


def fitted(handover: Handover, paper: Paper) -> Sheet:
    """As much of it as the paper holds."""
    width, height = (side - 2 * MARGIN for side in SIZES[paper])
    room = height - TITLE - CARD - SLACK
    room -= LINE * (_lines(handover.about, width) + _lines(handover.do, width - 24))
    room -= LINE * sum(_lines(each, width, SMALL) for each in handover.foot) + GAP * 4
    if handover.picture is not None:
        room -= handover.picture.height * width / handover.picture.width + 2 * GAP
    across = (width - GUTTER) / 2
    told = [each for each in handover.told if each.items or each.note]
    left, right = [handover.answers], told
    shown = _filled(left, room, across), _filled(right, room, across)
    if right and shown[1][-1].left_out and not shown[0][-1].left_out:
        # What has no room on the right goes on below the answers.
        last, kept = right[-1], shown[1][-1]
        rest = tuple(item for item in last.items if item not in kept.items)
        left = [*left, last._replace(title=f"{last.title}, continued", items=rest)]
        shown = _filled(left, room, across), [*shown[1][:-1], kept._replace(left_out=0)]
        if not shown[0][-1].items:
            shown = shown[0][:-1], [*shown[1][:-1], kept]
    return Sheet(handover, paper, (tuple(shown[0]), tuple(shown[1])))


def _filled(blocks: Sequence[Block], room: float, width: float) -> list[Block]:
    """The blocks with the items that have room, one block after the other."""
    heights = [[_height(item, each, width) for item in each.items] for each in blocks]
    heads = sum(HEAD + _note(each, width) for each in blocks)
    # Each keeps a line for what is left out, until all of it is in.
    used = heads + LINE * len(blocks)
    kept: list[Block] = []
    for each, tall in zip(blocks, heights, strict=True):
        shown: set[int] = set()
        for place in sorted(range(len(each.items)), key=lambda place: (each.items[place].rank, place)):
            spare = LINE if len(shown) == len(each.items) - 1 else 0.0
            if used + tall[place] - spare <= room:
                shown.add(place)
                used += tall[place]
            elif not each.passes_over:
                break
        used -= LINE if len(shown) == len(each.items) else 0.0
        items = tuple(item for place, item in enumerate(each.items) if place in shown)
        kept.append(each._replace(items=items, left_out=len(each.items) - len(items)))
    return kept


def _height(item: Item, block: Block, width: float) -> float:
    wide = [BOLD, 1.0] if block.bold_name else [1.0, BOLD]
    parts = [
        (word, by) for part, by in zip((item.name, item.text), wide, strict=True) for word in part.split()
    ]
    return LINE * _rows(parts, width, FONT) + GAP


def _note(block: Block, width: float) -> float:
    return LINE * _lines(block.note, width) + GAP if block.note else 0.0


def _lines(words: str, width: float, size: float = FONT) -> int:
    """Lines that words take at most."""
    return _rows([(word, 1.0) for word in words.split()], width, size)


def _rows(words: Iterable[tuple[str, float]], width: float, size: float) -> int:
    """The same of words each of which is so much wider than a plain one."""
    rows, taken = 0, width
    for word, wider in words:
        long = size * wider * sum(map(_ems, word))
        if taken + size * LETTERS[" "] + long > width:
            rows += max(ceil(long / width), 1)
            taken = long % width
        else:
            taken += size * LETTERS[" "] + long
    return rows


def _ems(letter: str) -> float:
    return LETTERS.get(letter, CAPITAL if letter.isupper() or not letter.isascii() else LETTER)
