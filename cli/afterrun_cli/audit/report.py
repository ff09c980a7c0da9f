"""`afterrun report`: all that can be told of one intake, as HTML or PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from afterrun.intake import Format
from afterrun.telling import report_html
from afterrun_cli.terminal.files import write_out
from afterrun_cli.terminal.intakes import single_intake
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.pdf import pdf_of, refuse_pdf_on_terminal


def report_file(
    file: str,
    output: Path | None,
    shape: Literal["html", "pdf"] | None,
    input_format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Write the audit report of one intake."""
    pdf = shape == "pdf" or (shape is None and output is not None and output.suffix.lower() == ".pdf")
    if pdf:
        refuse_pdf_on_terminal(output)
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, input_format)
    html = report_html(rulebook, answers)
    write_out(pdf_of(html) if pdf else html, output)
