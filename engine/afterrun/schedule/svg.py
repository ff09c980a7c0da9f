"""What every picture is made of: a document with words for those who do not see it, boxes and texts."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

WIDTH = 960

STYLE = """
text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1d2733}
.title{font-size:19px;font-weight:600}.lead{font-size:13px;fill:#4a5663}.small{font-size:11px;fill:#4a5663}
.value{font-size:11px;font-weight:600}.grid{stroke:#e1e6eb}.axis{stroke:#7b8794}
.ceiling{stroke:#a3341f;stroke-width:2.5}.goal{stroke:#1d2733;stroke-dasharray:7 5}
.on{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.unknown{fill:#fff;stroke:#7b8794;stroke-dasharray:3 3}.nothing{fill:#f3f5f7}
.bar,.span{stroke:#17456b}.pill{fill:#fff}
"""


def document(title: str, words: str, height: float, defs: Iterable[str], drawn: Iterable[str]) -> str:
    """An SVG that stands alone."""
    ground = f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    return framed(
        "plan", (title, words), (0, 0, WIDTH, height), [f"<style>{STYLE}</style>", *defs, ground, *drawn]
    )


def framed(
    place: str, told: tuple[str, str], box: tuple[float, float, float, float], drawn: Iterable[str]
) -> str:
    """Something drawn, with words for those who do not see it; `place` names it on its page."""
    left, top, width, height = box
    title, words = map(escape, told)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}"'
            f' width="{width:g}" height="{height:g}" role="img"'
            f' aria-labelledby="{place}-title {place}-words">',
            f'<title id="{place}-title">{title}</title>',
            f'<desc id="{place}-words">{words}</desc>',
            *drawn,
            "</svg>",
            "",
        ]
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start", more: str = "") -> str:
    """Words at a place."""
    of_kind = f' class="{kind}"' if kind else ""
    return f'<text{of_kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def rect(kind: str, x: float, y: float, width: float, height: float, more: str = "") -> str:
    """A box of a kind, at least a pixel wide."""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {place}{more}/>'
