"""What every picture is made of: a document with words for those who do not see it, boxes and texts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from html import escape

from afterrun.visible import visible

WIDTH = 960

STYLE = """
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1d2733}
.title{font-size:19px;font-weight:600}.lead{font-size:13px;fill:#4a5663}.small{font-size:11px;fill:#4a5663}
.value{font-size:11px;font-weight:600}.grid{stroke:#e1e6eb}.axis{stroke:#7b8794}
.ceiling{stroke:#a3341f;stroke-width:2.5}.goal{stroke:#1d2733;stroke-dasharray:7 5}
.unknown{fill:#fff;stroke:#7b8794;stroke-dasharray:3 3}.nothing{fill:#f3f5f7}
.bar,.span{stroke:#17456b}.pill{fill:#fff}
"""

LETTERS = {"title": 12.4, "lead": 7.9, "small": 6.7, "value": 7.4}
"""Pixels that a letter of a kind of words takes at most, on average, whatever the typeface."""
PLAIN_LETTER = 7.3

COURSES = (
    ("#d9e8f5", '<path d="M0 4H8" stroke="#5b8db8" stroke-width="1.6"/>'),
    ("#d2ecee", '<path d="M0 6L4 2L8 6" stroke="#2a7f86" stroke-width="1.4" fill="none"/>'),
    ("#f6e7c8", '<circle cx="4" cy="4" r="1.7" fill="#a8741a"/>'),
    ("#e7dcef", '<path d="M4 0V8" stroke="#7a55a0" stroke-width="1.6"/>'),
    ("#efe3d8", '<path d="M0 4H8M4 0V8" stroke="#94663a" stroke-width="1"/>'),
    ("#e2e5f6", '<circle cx="4" cy="4" r="2.3" fill="none" stroke="#4a5aa8" stroke-width="1.2"/>'),
    ("#e9efd6", '<path d="M4 1V7M1 4H7" stroke="#6d8227" stroke-width="1.4"/>'),
)
"""Of the parts of a plan: a ground colour and what is drawn on it, so that no colour alone tells anything."""
MARKS = {
    "done": ("#cfe3dc", '<path d="M0 8L8 0M-2 2L2 -2M6 10L10 6" stroke="#3f8068" stroke-width="2"/>'),
    "pain": ("#f3d9d3", '<path d="M0 0L8 8M-2 6L2 10M6 -2L10 2" stroke="#a3341f" stroke-width="1.6"/>'),
    "missed": ("#dfe5ea", '<path d="M0 2H8M0 6H8" stroke="#5b6b7a" stroke-width="1"/>'),
}
"""The same of what a week held; no part of a plan looks like them."""


def document(
    title: str,
    words: str,
    height: float,
    drawn: Iterable[str],
    *,
    width: float = WIDTH,
    place: str = "plan",
    styled: bool = True,
) -> str:
    """An SVG that stands alone, with every pattern that its boxes may be filled with.

    Without its style it is for a page that has that in its own.
    """
    ground = f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>'
    defs = f"<defs>{''.join(_patterns())}</defs>"
    parts = [*([f"<style>{STYLE}</style>"] if styled else []), defs, ground, *drawn]
    return framed(place, (title, words), (0, 0, width, height), parts)


def fill_of(place: int) -> str:
    """The fill of the box of a course, by its place among all that there are: the same in every picture."""
    return f' fill="url(#p{place % len(COURSES)})"'


def marked(mark: str) -> str:
    """The fill of the box of what a week held: what was done, pain, or a missed week."""
    assert mark in MARKS
    return f' fill="url(#p-{mark})"'


def width_of(words: str, kind: str = "") -> float:
    """Pixels that words of a kind take at most.

    >>> width_of("goal: 20 mi", "small") > width_of("goal", "small") > 0
    True
    """
    return len(words) * LETTERS.get(kind, PLAIN_LETTER)


def framed(
    place: str, told: tuple[str, str], box: tuple[float, float, float, float], drawn: Iterable[str]
) -> str:
    """Something drawn, with words for those who do not see it; `place` names it on its page."""
    left, top, width, height = box
    title, words = map(escape, told)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}"'
        f' width="{width:g}" height="{height:g}" role="img"'
        f' aria-labelledby="{place}-title {place}-words">',
        f'<title id="{place}-title">{title}</title>',
        f'<desc id="{place}-words">{words}</desc>',
        *drawn,
        "</svg>",
        "",
    ]
    return visible("\n".join(lines))


def lines_of(words: str, kind: str, room: float) -> list[str]:
    """Words of a kind in lines that are no wider than there is room for."""
    return textwrap.wrap(words, int(room / LETTERS.get(kind, PLAIN_LETTER)))


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start", more: str = "") -> str:
    """Words at a place."""
    of_kind = f' class="{kind}"' if kind else ""
    return f'<text{of_kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def rect(kind: str, x: float, y: float, width: float, height: float, more: str = "") -> str:
    """A box of a kind, at least a pixel wide."""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {place}{more}/>'


def axis_top(amount: float) -> float:
    """A top for the axis whose quarters are round numbers.

    >>> axis_top(31.2), axis_top(7.5), axis_top(0)
    (32, 8, 1)
    """
    if amount <= 0:
        return 1
    scale = 1.0
    while amount > scale * 10:
        scale *= 10
    while amount < scale:
        scale /= 10
    top = next(step for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if step * scale >= amount) * scale
    return round(top, 6) if top % 1 else int(top)


def _patterns() -> Iterator[str]:
    for name, (ground, drawn) in (*enumerate(COURSES), *((f"-{mark}", each) for mark, each in MARKS.items())):
        yield (
            f'<pattern id="p{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="{ground}"/>{drawn}</pattern>'
        )
