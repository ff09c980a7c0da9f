"""`afterrun report`: all that can be told of one intake, as HTML or PDF."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from afterrun.intake import Format
from afterrun.telling import as_pdf, report_html
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave
from afterrun_cli.terminal.files import write_out
from afterrun_cli.terminal.intakes import single_intake
from afterrun_cli.terminal.loading import rulebook_from


def report_file(
    file: str,
    output: Path | None,
    shape: Literal["html", "pdf"] | None,
    input_format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Write the audit report of one intake."""
    pdf = shape == "pdf" or (shape is None and output is not None and output.suffix.lower() == ".pdf")
    if pdf and output is None and sys.stdout.isatty():
        leave(UNUSABLE, "error: a PDF is no text; name a file with --output")
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, input_format)
    html = report_html(rulebook, answers)
    write_out(_pdf(html) if pdf else html, output)


def _pdf(html: str) -> bytes:
    try:
        return as_pdf(html)
    except OSError as error:
        # weasyprint is there, but not the system library that it draws text with.
        leave(COULD_NOT_RUN, f"error: PDF needs pango (Debian: apt install libpangoft2-1.0-0): {error}")
