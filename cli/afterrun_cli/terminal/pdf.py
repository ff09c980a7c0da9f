"""A page as HTML or PDF, and what is said where a PDF cannot be made or has nowhere to go."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal, NamedTuple

from afterrun.telling import Paper, as_pdf
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave
from afterrun_cli.terminal.files import write_out


class PageOptions(NamedTuple):
    """What the command line says of a page: where to, in which shape, on which paper."""

    output: Path | None
    shape: Literal["html", "pdf"] | None
    paper: Paper

    @property
    def pdf(self) -> bool:
        """Whether it is to be a PDF."""
        by_name = self.output is not None and self.output.suffix.lower() == ".pdf"
        return self.shape == "pdf" or (self.shape is None and by_name)

    def refuse_terminal(self) -> None:
        """Leave where a PDF would be written on a terminal."""
        if self.pdf:
            refuse_pdf_on_terminal(self.output)

    def write(self, html: str) -> None:
        """Write the page."""
        write_out(pdf_of(html) if self.pdf else html, self.output)


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
