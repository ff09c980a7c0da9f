"""The shapes of a page with a picture, and which one the name of a file calls for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Drawn = Literal["text", "json", "markdown", "html", "svg"]
SUFFIXES: dict[str, Drawn] = {
    ".txt": "text",
    ".json": "json",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".svg": "svg",
}


def drawn_by(output: Path | None) -> Drawn | None:
    """What the ending of a file calls for: text where it has none, None where it is none of these."""
    suffix = output.suffix.lower() if output is not None else ""
    return SUFFIXES.get(suffix) if suffix else "text"
