"""A page as PDF, and what is said where it cannot be made or has nowhere to go."""

from __future__ import annotations

import sys
from pathlib import Path

from afterrun.telling import as_pdf
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave


def pdf_of(html: str) -> bytes:
    """The page as PDF, or leave."""
    try:
        return as_pdf(html)
    except OSError as error:
        # weasyprint is there, but not the system library that it draws text with.
        leave(COULD_NOT_RUN, f"error: PDF needs pango (Debian: apt install libpangoft2-1.0-0): {error}")


def refuse_pdf_on_terminal(output: str | Path | None) -> None:
    """Leave where a PDF would be written on a terminal."""
    if output is None and sys.stdout.isatty():
        leave(UNUSABLE, "error: a PDF is no text; name a file with --output")
