"""Numbers and times as tables write them: with points or commas, with or without thousands.

`1,234` can be read in two ways. Which one is meant is found in the other cells of the same file, or not at
all: then it is no number, and both readings are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

NOTHING = frozenset({"", "-", "--", "–", "—", "n/a", "na", "null", "none"})
"""What programs write in a cell without a value, in small letters."""

_LONGEST = 16
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_PLAIN = re.compile(r"[0-9]+", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}(?:\1[0-9]{3})*", re.ASCII)
_FRACTION = re.compile(r"[0-9]*([.,])[0-9]+", re.ASCII)
_TWO_MARKS = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})+([.,])[0-9]+", re.ASCII)
_CLOCK = re.compile(r"(?:([0-9]+):)?([0-9]{1,4}):([0-9]{2})(?:[.,]([0-9]+))?", re.ASCII)
_SPOKEN = re.compile(
    r"(?:([0-9]+) ?h(?:ours?|rs?)?)? ?(?:([0-9]+) ?m(?:in(?:utes?)?)?)? ?(?:([0-9]+) ?s(?:ec(?:onds?)?)?)?",
    re.ASCII | re.IGNORECASE,
)


_ANOTHER_WAY = "a number in it is written in another way than those of the other rows"


class Doubt(ValueError):
    """A cell that is not what it should be, or two such things; its argument says so and quotes no cell."""


def decimal_mark(cells: Iterable[str]) -> Literal["", ".", ","]:
    """The mark before fractions in cells like these; empty where none of them shows it, or they disagree."""
    shown = {mark for cell in cells if (mark := _mark_shown(_SPACES.sub("", cell)))}
    return shown.pop() if len(shown) == 1 else ""


def mark_before_three(cells: Iterable[str]) -> Literal["", ".", ","]:
    """The mark before fractions where none of these can be thousands; empty where they have several.

    >>> mark_before_three(["5.125", "10.250"]), mark_before_three(["5.125", "5,125"])
    ('.', '')
    """
    found = {text[-4] for cell in cells if _GROUPED.fullmatch(text := _SPACES.sub("", cell))}
    return "." if found == {"."} else "," if found == {","} else ""


def _mark_shown(text: str) -> Literal["", ".", ","]:
    if two := _TWO_MARKS.fullmatch(text):
        mark = two[2] if two[1] != two[2] else ""
    elif _GROUPED.fullmatch(text):
        # Two groups of three can only be thousands.
        mark = {".": ",", ",": "."}[text[-4]] if text.count(text[-4]) > 1 else ""
    else:
        found = _FRACTION.fullmatch(text)
        mark = found[1] if found else ""
    return "," if mark == "," else "." if mark == "." else ""


class Numbers(NamedTuple):
    """How the numbers of one file are written."""

    mark: Literal["", ".", ","]

    def read(self, cell: str) -> float | None:
        """The number in a cell, None where there is none.

        Raises Doubt where it is no number, or can be read in two ways.

        >>> Numbers(",").read("1.234,5"), Numbers(".").read("1,234"), Numbers("").read("--")
        (1234.5, 1234.0, None)
        """
        text = _SPACES.sub("", cell)
        if text.casefold() in NOTHING:
            return None
        if _PLAIN.fullmatch(text) and len(text) < _LONGEST:
            return float(text)
        if (grouped := _GROUPED.fullmatch(text)) and len(text) < _LONGEST:
            return self._grouped(text, grouped[1])
        shown = _mark_shown(text)
        if not shown or len(text) >= _LONGEST:
            raise Doubt("where a number should stand is none")
        return float(text.replace("." if shown == "," else ",", "").replace(",", "."))

    def _grouped(self, text: str, mark: str) -> float:
        once = text.count(mark) == 1
        if self.mark:
            if mark == self.mark and not once:
                raise Doubt(_ANOTHER_WAY)
            return float(text.replace(mark, "." if mark == self.mark else ""))
        if not once:
            return float(text.replace(mark, ""))
        raise Doubt("a number in it has a fraction or thousands, and no other row shows which")


def seconds_of(cell: str) -> float | None:
    """A duration in seconds: h:mm:ss or mm:ss, with or without a fraction, or '1 h 5 min'; None without one.

    Raises Doubt where it is none.

    >>> [seconds_of(each) for each in ("1:05:10", "28:10,5", "1h 05m", "--")]
    [3910.0, 1690.5, 3900.0, None]
    """
    text = " ".join(cell.split())
    if text.casefold() in NOTHING:
        return None
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds, fraction = clock.groups()
        if int(seconds) < 60 and (hours is None or int(minutes) < 60) and len(hours or "") < 4:
            whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
            return whole + float(f"0.{fraction or 0}")
    spoken = _SPOKEN.fullmatch(text)
    if spoken and any(spoken.groups()) and len(text) < 24:
        hours, minutes, seconds = (int(each or 0) for each in spoken.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    raise Doubt("where a duration should stand is none; write it as h:mm:ss")
