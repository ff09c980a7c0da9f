"""A schedule as a table for spreadsheets: one row a session."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from afterrun.schedule.nouns import Schedule
from afterrun.spreadsheets import neutral
from afterrun.visible import visible

COLUMNS = (
    "id",
    "week",
    "plan_week",
    "date",
    "weekday",
    "time",
    "minutes",
    "kind",
    "title",
    "amount",
    "unit",
    "week_amount",
    "week_ceiling",
    "week_note",
    "do",
)


def as_csv(schedule: Schedule) -> str:
    """The table as CSV: a head line, then the sessions in order; no session leaves the head alone."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")

    def put(cells: Iterable[object]) -> None:
        writer.writerow(neutral(each) if isinstance(each, str) else each for each in cells)

    put(COLUMNS)
    for week in schedule.weeks:
        of_week = (
            (week.amount.value, week.amount.ceiling, week.amount.words) if week.amount else (None, None, "")
        )
        for session in week.sessions:
            put(
                (
                    session.id,
                    week.number,
                    week.plan_week,
                    session.at.date().isoformat(),
                    f"{session.at:%a}",
                    f"{session.at:%H:%M}",
                    session.minutes,
                    session.kind,
                    session.title,
                    session.amount,
                    schedule.unit if session.amount is not None else "",
                    *of_week,
                    " ".join(session.lines),
                )
            )
    return visible(text.getvalue())
