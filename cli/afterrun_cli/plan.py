"""`afterrun plan`: one intake in, the weeks of its plan out, in the shape asked for."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

import afterrun
from afterrun.intake_files import Format
from afterrun_cli.assess import single_intake
from afterrun_cli.exits import COULD_NOT_RUN, UNUSABLE, leave, say
from afterrun_cli.loading import faults, rulebook_from
from afterrun_cli.pages import Page, page_of
from afterrun_cli.show import can_draw, put, put_json

PlanShape = Literal["text", "json", "csv", "ics", "html", "svg"]
FURTHEST = timedelta(days=366)
DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
TIME = re.compile(r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$")


class Wanted:
    """What the command line asks for, checked."""

    def __init__(
        self,
        start: str | None,
        at: str | None,
        shape: str | None,
        output: str | None,
        past: bool,
        now: datetime,
    ) -> None:
        self.now = now
        self.output = None if output == "-" else output
        self.start = _start(start, now.date(), past)
        self.at = _at(at)
        suffix = Path(output or "").suffix.removeprefix(".").lower()
        by_suffix = {**{each: each for each in get_args(PlanShape)}, "htm": "html", "txt": "text"}
        self.shape = shape or by_suffix.get(suffix, "text")


def plan_file(
    file: str,
    wanted: Wanted,
    person: str | None,
    format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Show the weeks of one intake's plan, or say what to do instead; both are an answer, with exit 0."""
    if wanted.shape == "ics" and find_spec("icalendar") is None:
        leave(
            COULD_NOT_RUN,
            "error: a calendar needs icalendar, which is not installed. "
            "Install it with:  pip install 'afterrun[calendar]'",
        )
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, format)
    with faults():
        result = afterrun.assess(rulebook, answers)
    try:
        state = afterrun.State.of(result, person)
        schedule = afterrun.weeks(rulebook, state, wanted.start, usual_time=wanted.at)
    except afterrun.NoScheduleError as error:
        leave(UNUSABLE, f"error: {error}")
    if wanted.shape == "json":
        level = rulebook.triage[result.triage]
        _put_schedule_json({**schedule.to_dict(), "now": level.do}, wanted.output)
    elif wanted.shape == "csv":
        from afterrun.weekly.table import as_csv

        _write(as_csv(schedule), wanted.output)
    elif schedule.weeks:
        _write_weeks(rulebook, schedule, wanted)
    if not schedule.weeks:
        _tell_instead(rulebook, result, wanted)


def _write_weeks(rulebook: afterrun.Rulebook, schedule: afterrun.Schedule, wanted: Wanted) -> None:
    if wanted.shape == "ics":
        from afterrun.weekly.calendar import as_calendar

        # A count that grows from export to export, so that readers take the later one.
        sequence = int(wanted.now.timestamp()) // 60
        _write(as_calendar(schedule, now=wanted.now.astimezone(), sequence=sequence), wanted.output)
        return
    if wanted.shape == "svg":
        from afterrun.weekly.picture import as_svg

        _write(as_svg(schedule), wanted.output)
        return
    from afterrun_cli.plan_page import plan_page

    page = plan_page(rulebook, schedule)
    if wanted.shape == "html":
        from afterrun_cli.plan_html import as_html

        _write(as_html(rulebook, schedule, page), wanted.output)
        return
    from afterrun_cli.plan_text import as_text, draw

    if wanted.output is None and can_draw():
        draw(page)
    else:
        _write(as_text(page) + "\n", wanted.output)


def _tell_instead(rulebook: afterrun.Rulebook, result: afterrun.Result, wanted: Wanted) -> None:
    """Nothing goes by the week: say what to do now. A calendar or a picture of nothing is not written."""
    level = rulebook.triage[result.triage]
    because = (
        "Nothing that is recommended goes by the week, so there are no weeks to lay out."
        if level.shows_plan
        else "There is no plan by the week."
    )
    page = page_of(rulebook, result)
    told = ("What to do", "Still open")
    page = page._replace(parts=tuple(part for part in page.parts if part.title in told))
    if wanted.shape == "html":
        from afterrun_cli.plan_html import as_html_without_weeks

        _write(as_html_without_weeks(rulebook, page, because), wanted.output)
    elif wanted.shape == "text":
        from afterrun_cli.render_text import as_text

        _write(as_text(_with_reason(page, because)) + "\n", wanted.output)
    else:
        say(f"{level.name}. {level.do}", because)
        if wanted.shape in ("ics", "svg"):
            say("Nothing was written.")


def _with_reason(page: Page, because: str) -> Page:
    return page._replace(lead=f"{page.lead} {because}")


def _start(text: str | None, today: date, past: bool) -> date:
    """The first day of week 1, or leave: a day that is none, that is over, or that lies too far ahead."""
    if text is None:
        return today + timedelta(days=-today.weekday() % 7)
    try:
        if not DAY.match(text):
            raise ValueError
        start = date.fromisoformat(text)
    except ValueError:
        leave(
            UNUSABLE, f"error: --start: '{text[:40]}' is no date; write it as in {today + timedelta(days=1)}"
        )
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


def _at(text: str | None) -> str | None:
    if text is None:
        return None
    if not TIME.match(text):
        leave(UNUSABLE, f"error: --at: '{text[:40]}' is no time of day; write it as in 07:30")
    return text.zfill(5)


def _put_schedule_json(value: dict[str, object], output: str | None) -> None:
    if output is None:
        put_json(value)
        return
    import json

    _write(json.dumps(value, indent=2, ensure_ascii=False) + "\n", output)


def _write(content: str | bytes, output: str | None) -> None:
    """To stdout, or to a file at one stroke that only its owner can read: it tells of someone's health."""
    if output is None:
        if isinstance(content, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
        else:
            put(content.removesuffix("\n"))
        sys.stdout.flush()
        return
    data = content if isinstance(content, bytes) else content.encode()
    path = Path(output)
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        leave(UNUSABLE, f"error: {output}: cannot be written: {error.strerror}")
