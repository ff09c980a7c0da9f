"""`afterrun history`: a person's own files in, what they say and what they offer out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Literal, NamedTuple

import afterrun
from afterrun.errors import nearest
from afterrun.history import RunningHistory, as_plain, offers, read_history, usual_unit
from afterrun.telling import history_page, page_html, shown_weeks, weeks_svg
from afterrun_cli.runner.plan_options import read_day
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, leave, say
from afterrun_cli.terminal.files import write_json, write_out
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.markdown import as_markdown
from afterrun_cli.terminal.progress import waiting
from afterrun_cli.terminal.show import show_page
from afterrun_cli.terminal.text import as_text

Shape = Literal["text", "json", "markdown", "html", "svg"]
SUFFIXES: dict[str, Shape] = {
    ".txt": "text",
    ".json": "json",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".svg": "svg",
}
MOST_NAMED = 5
"""Files left out that are named on the way to another command."""


class HistoryOptions(NamedTuple):
    """What the command line says of how to read and what to write."""

    tz: str | None
    unit: str | None
    day: str | None
    shape: Shape | None
    output: Path | None
    now: datetime


def show_history(files: Sequence[Path], options: HistoryOptions, folder: Path | None) -> None:
    """Show it, and leave with 1 where something of the files could not be read."""
    rulebook = rulebook_from(folder)
    refuse_without_history(rulebook)
    assert rulebook.history is not None
    zone = zone_named(options.tz)
    today = options.now.astimezone(zone).date()
    if options.day is not None:
        today = read_day("--day", options.day, today)
    if options.unit is not None and options.unit not in rulebook.history.units:
        raise afterrun.UnknownNameError("unit", options.unit, rulebook.history.units)
    history = history_from(files, zone, today)
    unit = options.unit or usual_unit(rulebook, history)
    offered = offers(rulebook, history, today, unit)
    shape = options.shape or SUFFIXES.get(options.output.suffix.lower() if options.output else "", "text")
    if shape == "json":
        told = {"rulebook": rulebook.stamp, "unit": unit, **as_plain(history, offered, today)}
        write_json(told, str(options.output) if options.output else None)
    elif shape == "svg":
        write_out(weeks_svg(shown_weeks(rulebook, history, today, unit)), options.output)
    else:
        page = history_page(rulebook, history, offered, today, unit)
        if shape == "html":
            write_out(page_html(page, limits=rulebook.identity.limits), options.output)
        elif shape == "markdown":
            write_out(as_markdown(page) + "\n", options.output)
        elif options.output is None:
            show_page(page)
        else:
            write_out(as_text(page) + "\n", options.output)
    if history.left_out:
        leave(FOUND, *(_left_out(history) if shape == "svg" else ()))


def history_from(files: Sequence[Path], zone: tzinfo | None, today: date) -> RunningHistory:
    """What the files hold up to a day, or leave where that is nothing at all."""
    with waiting("Reading your files"):
        history = read_history(files, zone, today=today)
    if history.first is None:
        reasons = _left_out(history) or ["They hold no activity."]
        leave(UNUSABLE, "error: nothing could be read of these files", *reasons)
    return history


def say_left_out(history: RunningHistory) -> None:
    """What of the files was not read, and what was assumed, before another command goes on."""
    told = _left_out(history)
    say(*told[:MOST_NAMED])
    if len(told) > MOST_NAMED:
        say(f"and {len(told) - MOST_NAMED} more; all of them:  afterrun history FILES")


def refuse_without_history(rulebook: afterrun.Rulebook) -> None:
    """Leave where the rulebook asks no file for anything."""
    if rulebook.history is None:
        name = rulebook.identity.name
        leave(
            UNUSABLE, f"error: the rulebook {name} asks files for nothing: it has no knowledge/history.yaml"
        )


def zone_named(name: str | None) -> tzinfo | None:
    """The time zone of a name, or leave."""
    if name is None:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(name, available_timezones())
        hint = f"Did you mean '{near}'?" if near else "Names are as Europe/Berlin or America/New_York."
        leave(UNUSABLE, f"error: --tz: there is no time zone '{name[:60]}'. {hint}")


def _left_out(history: RunningHistory) -> list[str]:
    return [
        f"left out: {each.file}{f', {each.place}' if each.place else ''}: {each.reason}"
        for each in history.left_out
    ]
