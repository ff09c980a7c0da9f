"""`afterrun report`, and the pages of `explain` and `rules docs`: HTML and PDF into files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import afterrun
from afterrun.intake import Format
from afterrun.telling import Reader
from afterrun_cli.explain_told import Told
from afterrun_cli.explain_words import Words
from afterrun_cli.runner.assess import single_intake
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave
from afterrun_cli.terminal.loading import faults, rulebook_from
from afterrun_cli.terminal.private_files import write_out


def report_file(
    file: str,
    output: Path | None,
    shape: Literal["html", "pdf"] | None,
    format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Write the audit report of one intake."""
    pdf = shape == "pdf" or (shape is None and output is not None and output.suffix.lower() == ".pdf")
    if pdf and output is None and sys.stdout.isatty():
        leave(UNUSABLE, "error: a PDF is no text; name a file with --output")
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, format)
    need_jinja()
    from afterrun.telling.report import report_html

    with faults():
        html = report_html(rulebook, answers)
    write_out(_pdf(html) if pdf else html, None if output is None else str(output))


def explanation_page(
    rulebook: afterrun.Rulebook, answers: afterrun.Answers, found: Told, reader: Reader, triage: str
) -> str:
    """What `explain` found, as a page."""
    need_jinja()
    from afterrun.telling.report import explanation_html

    rows = Words(rulebook, triage, reader).rows(found.what_if) if found.what_if is not None else ()
    return explanation_html(
        rulebook,
        answers,
        triage,
        reader,
        found.explanations,
        found.asked,
        found.what_if,
        found.nearest,
        rows,
        found.sources(),
        found.hidden,
    )


def need_jinja() -> None:
    """Leave unless the library that fills templates is here."""
    try:
        import jinja2  # noqa: F401
    except ImportError:
        leave(COULD_NOT_RUN, "error: this needs jinja2, which comes with: pip install 'afterrun[report]'")


def _pdf(html: str) -> bytes:
    from afterrun.telling.report import as_pdf

    try:
        return as_pdf(html)
    except ImportError:
        leave(COULD_NOT_RUN, "error: PDF needs weasyprint, which comes with: pip install 'afterrun[pdf]'")
    except OSError as error:
        # weasyprint is there, but not the system library that it draws text with.
        leave(COULD_NOT_RUN, f"error: PDF needs pango (Debian: apt install libpangoft2-1.0-0): {error}")
