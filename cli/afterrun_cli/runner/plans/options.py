"""What `afterrun plan` and `afterrun start` are asked for: shape, output, first day, time of day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from afterrun.extras import require
from afterrun.schedule import EVERY
from afterrun_cli.runner.plans.wishes import Wishes
from afterrun_cli.terminal.days import read_day
from afterrun_cli.terminal.exits import UNUSABLE, leave
from afterrun_cli.terminal.pdf import refuse_pdf_on_terminal

PlanShape = Literal["text", "json", "csv", "ics", "html", "svg", "markdown", "pdf"]
FURTHEST = timedelta(days=366)


class PlanOptions:
    """The shape of a plan, where it goes, and what is wished of its weeks, checked."""

    def __init__(
        self, wishes: Wishes, shape: str | None, output: str | None, now: datetime, *, full: bool
    ) -> None:
        self.now = now
        self.full = full
        self.output = None if output == "-" else output
        self.wishes = wishes
        self.at = wishes.preferences(None).at.get(EVERY)
        """The time for all sessions, where one is wished."""
        refuse_blank(wishes)
        suffix = Path(output or "").suffix.removeprefix(".").lower()
        by_suffix = {
            **{each: each for each in get_args(PlanShape)},
            "htm": "html",
            "md": "markdown",
            "txt": "text",
        }
        if shape is None and suffix and suffix not in by_suffix:
            leave(
                UNUSABLE,
                f"error: {output}: no plan has this suffix; use one of "
                f"{', '.join(f'.{each}' for each in by_suffix)}, or say --format",
            )
        self.shape = shape or by_suffix.get(suffix, "text")
        if self.shape == "ics":
            require("icalendar")
        if self.shape == "pdf":
            require("weasyprint")
            refuse_pdf_on_terminal(self.output)


def refuse_blank(wishes: Wishes) -> None:
    """A blank takes a setting back, and where a plan begins there is none yet."""
    for option, values in (("--at", wishes.at), ("--days", wishes.days), ("--away", wishes.away)):
        if values is not None and not all(each.strip() for each in values):
            what = "time of day; write it as in 07:30" if option == "--at" else "value"
            leave(UNUSABLE, f"error: {option}: '' is no {what}")


def refuse_mixed(file: str | None, db: str | None, start: str | None, past: bool, wishes: Wishes) -> None:
    """An intake has no diary, and a diary has its first day and its settings already."""
    kinds = any("=" in each for each in wishes.at or ())
    if file is None and (kinds or wishes._replace(at=None) != Wishes()):
        leave(
            UNUSABLE,
            "error: without a FILE the plan is that of the diary, which knows your days and times. "
            "Change them with:  afterrun diary settings",
        )
    if file is not None and db is not None:
        leave(UNUSABLE, "error: give an intake FILE, or --db for a diary, and not both")
    if file is None and (start is not None or past):
        leave(
            UNUSABLE,
            "error: without a FILE the plan is that of the diary, which knows its first day",
            "With one:  afterrun plan FILE --start DATE",
        )


def first_day(text: str | None, today: date, past: bool) -> date:
    """The first day of week 1, or leave: a day that is none, that is over, or that lies too far ahead."""
    if text is None:
        return today + timedelta(days=-today.weekday() % 7)
    start = read_day("--start", text, today + timedelta(days=1))
    if start < today and not past:
        leave(
            UNUSABLE,
            f"error: --start: {start} is over (today is {today}). "
            "For a plan that began earlier add --past; otherwise give today or a later day.",
        )
    if start > today + FURTHEST:
        leave(
            UNUSABLE, f"error: --start: {start} is more than a year away; by then the answers are out of date"
        )
    return start
