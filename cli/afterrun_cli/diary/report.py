"""`afterrun report --summary` without an intake: the one page of someone who keeps a diary."""

from __future__ import annotations

from pathlib import Path

from afterrun.telling import diary_handover, handover_html
from afterrun_cli.diary.opening import open_diary
from afterrun_cli.terminal.loading import check_in_part_from
from afterrun_cli.terminal.pdf import PageOptions


def report_diary(page: PageOptions, person: str, db: str | None, rulebook_folder: Path | None) -> None:
    """Write the page of the latest enrolment."""
    page.refuse_terminal()
    part = check_in_part_from(rulebook_folder)
    with open_diary(db) as diary:
        history = diary.history(person)
        html = handover_html(diary_handover(part, history), page.paper)
    page.write(html)
