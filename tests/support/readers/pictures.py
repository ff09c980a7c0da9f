"""Pictures as a person sees them: where the words stand, and which of them are printed over something."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from typing import NamedTuple

SPACE = "{http://www.w3.org/2000/svg}"
SIZES = {"title": 19.0, "lead": 13.0, "small": 11.0, "value": 11.0}
PLAIN = 12.0
BOLD = ("title", "value")
WIDE, WIDE_AND_BOLD = 0.58, 0.64
"""Ems of a letter in a wide typeface, on average over words and numbers."""


class Box(NamedTuple):
    """Where something stands."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two have a place in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def words_in(svg: str) -> list[Box]:
    """Every text of a picture in its place, turned ones too."""
    return [_box(each) for each in ET.fromstring(svg).iter(f"{SPACE}text")]


def overprinted(svg: str) -> list[str]:
    """Words that stand on other words, on a line, or outside the picture."""
    root = ET.fromstring(svg)
    page = Box("", 0, 0, float(root.attrib["width"]), float(root.attrib["height"]))
    boxes = words_in(svg)
    found = [
        f"{one.words!r} on {two.words!r}" for one, two in itertools.combinations(boxes, 2) if one.meets(two)
    ]
    for line in _lines(root):
        found += [f"{each.words!r} under the {line.words}" for each in boxes if each.meets(line)]
    found += [
        f"{each.words!r} outside"
        for each in boxes
        if each.left < 0 or each.top < 0 or each.right > page.right or each.bottom > page.bottom
    ]
    return found


def _box(text: ET.Element) -> Box:
    kind = text.attrib.get("class", "")
    words, size = "".join(text.itertext()), SIZES.get(kind, PLAIN)
    wide = len(words) * size * (WIDE_AND_BOLD if kind in BOLD else WIDE)
    x, y = float(text.attrib["x"]), float(text.attrib["y"])
    left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib["text-anchor"]]
    top, bottom = y - 0.75 * size, y + 0.2 * size
    turned = re.match(r"rotate\(-90 ([0-9.]+) ([0-9.]+)\)", text.attrib.get("transform", ""))
    if turned is None:
        return Box(words, left, top, left + wide, bottom)
    middle, half = float(turned[1]), float(turned[2])
    return Box(
        words, middle + top - half, half + middle - left - wide, middle + bottom - half, half + middle - left
    )


def _lines(root: ET.Element) -> list[Box]:
    """The lines that mark an amount or a day: across a chart, and down it."""
    found = []
    for each in root.iter(f"{SPACE}path"):
        kind = each.attrib.get("class", "")
        across = re.match(r"M([0-9.]+) ([0-9.]+)(?:H([0-9.]+)|h([0-9.]+))$", each.attrib["d"])
        down = re.match(r"M([0-9.]+) ([0-9.]+)V([0-9.]+)$", each.attrib["d"])
        if kind in ("goal", "ceiling") and across is not None:
            x, y = float(across[1]), float(across[2])
            end = float(across[3]) if across[3] else x + float(across[4])
            found.append(Box(kind, x, y - 0.5, end, y + 0.5))
        if kind in ("goal", "ceiling") and down is not None:
            x = float(down[1])
            found.append(Box(kind, x - 1, float(down[2]), x + 1, float(down[3])))
    return found
