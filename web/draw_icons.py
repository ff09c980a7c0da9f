"""Draws the icons of the pages as PNG from `icon.svg`, the same each time: python web/draw_icons.py"""

from __future__ import annotations

import re
import struct
import zlib
from math import hypot
from pathlib import Path
from typing import NamedTuple

STATIC = Path(__file__).parent / "afterrun_web" / "static"
ICONS = {"icon-192.png": (192, False), "icon-512.png": (512, False), "icon-maskable.png": (512, True)}
"""Pixels a side, and whether a launcher may cut it to any shape."""
SAFE = 0.72
"""How large the drawing is where its edge may be cut off."""


class Drawing(NamedTuple):
    """A line on a square with round corners."""

    side: float
    corner: float
    ground: bytes
    points: tuple[tuple[float, float], ...]
    stroke: float


def drawing_of(svg: str) -> Drawing:
    """The drawing that `icon.svg` holds."""

    def told(name: str) -> str:
        found = re.search(rf'\b{name}="([^"]+)"', svg)
        assert found is not None, f"the icon has no {name}"
        return found[1]

    points = tuple((float(x), float(y)) for x, y in (pair.split(",") for pair in told("points").split()))
    ground = bytes.fromhex(told("fill").removeprefix("#"))
    return Drawing(float(told("width")), float(told("rx")), ground, points, float(told("stroke-width")))


def pixels(drawing: Drawing, size: int, *, whole: bool) -> bytes:
    """Its pixels, row by row, as red, green, blue and alpha."""
    scale, middle = drawing.side / size, drawing.side / 2
    shrunk = SAFE if whole else 1.0
    rows = bytearray()
    for row in range(size):
        for column in range(size):
            x, y = (column + 0.5) * scale, (row + 0.5) * scale
            inside = 1.0 if whole else _covered(_from_square(drawing, x - middle, y - middle), scale)
            at = (middle + (x - middle) / shrunk, middle + (y - middle) / shrunk)
            far = min(_from_line(at, *ends) for ends in zip(drawing.points, drawing.points[1:], strict=False))
            white = _covered((far - drawing.stroke / 2) * shrunk, scale)
            rows += bytes(round(each + (255 - each) * white) for each in drawing.ground)
            rows.append(round(255 * inside))
    return bytes(rows)


def png(size: int, rgba: bytes) -> bytes:
    """The pixels as a file."""
    lines = b"".join(b"\0" + rgba[at : at + size * 4] for at in range(0, len(rgba), size * 4))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def _covered(beyond: float, scale: float) -> float:
    """How much of a pixel lies within an edge that is so far away."""
    return min(1.0, max(0.0, 0.5 - beyond / scale))


def _from_square(drawing: Drawing, x: float, y: float) -> float:
    half = drawing.side / 2 - drawing.corner
    over_x, over_y = abs(x) - half, abs(y) - half
    return hypot(max(over_x, 0), max(over_y, 0)) + min(max(over_x, over_y), 0) - drawing.corner


def _from_line(at: tuple[float, float], one: tuple[float, float], other: tuple[float, float]) -> float:
    long_x, long_y = other[0] - one[0], other[1] - one[1]
    along = ((at[0] - one[0]) * long_x + (at[1] - one[1]) * long_y) / (long_x**2 + long_y**2)
    along = min(1.0, max(0.0, along))
    return hypot(at[0] - one[0] - along * long_x, at[1] - one[1] - along * long_y)


if __name__ == "__main__":
    drawn = drawing_of((STATIC / "icon.svg").read_text("utf-8"))
    for name, (size, whole) in ICONS.items():
        (STATIC / name).write_bytes(png(size, pixels(drawn, size, whole=whole)))
