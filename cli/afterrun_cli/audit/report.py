"""`afterrun report FILE`: all that can be told of one intake, or the one page of it, as HTML or PDF."""

from __future__ import annotations

from pathlib import Path

from afterrun.intake import Format
from afterrun.telling import handover_html, handover_of, report_html
from afterrun_cli.terminal.intakes import single_intake
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.pdf import PageOptions


def report_file(
    file: str,
    page: PageOptions,
    input_format: Format | None,
    rulebook_folder: Path | None,
    *,
    summary: bool,
) -> None:
    """Write the audit report of one intake, or the one page of it."""
    page.refuse_terminal()
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, input_format)
    if summary:
        page.write(handover_html(handover_of(rulebook, answers), page.paper))
    else:
        page.write(report_html(rulebook, answers, paper=page.paper if page.pdf else None))
