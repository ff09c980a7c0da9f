"""`afterrun history`: a person's own files in, what they say and what they offer out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

import afterrun
from afterrun.history import as_plain, offers, usual_unit
from afterrun.telling import as_markdown, history_page, page_html, shown_weeks, weeks_svg
from afterrun_cli.runner.own_files import (
    OwnFiles,
    history_from,
    left_out_lines,
    refuse_without_history,
    zone_of,
)
from afterrun_cli.terminal.days import read_day
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, leave
from afterrun_cli.terminal.files import write_json, write_out
from afterrun_cli.terminal.layout.text import as_text
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.shapes import SUFFIXES, Drawn, drawn_by
from afterrun_cli.terminal.show import show_page

PEOPLE = (".parquet", ".csv", ".jsonl", ".ndjson", ".arrow", ".feather", ".xlsx")
"""Endings of a table of people."""


def of_people(output: Path) -> bool:
    """Whether a file of this name holds a row for each of many people."""
    return output.suffix.lower() in PEOPLE


class HistoryOptions(NamedTuple):
    """What the command line says of how to read and what to write."""

    tz: str | None
    table_unit: str | None
    unit: str | None
    day: str | None
    shape: Drawn | None
    output: Path | None
    now: datetime
    full: bool = False
    """Whether each run is told, with the file it came from."""


def checked(rulebook: afterrun.Rulebook, options: HistoryOptions) -> tuple[tzinfo | None, date]:
    """Where and as on which day files are read, or leave where an option is wrong."""
    refuse_without_history(rulebook)
    assert rulebook.history is not None
    zone = zone_of(options.tz)
    today = options.now.astimezone(zone).date()
    if options.day is not None:
        today = read_day("--day", options.day, today)
    if options.unit is not None and options.unit not in rulebook.history.units:
        raise afterrun.UnknownNameError("unit", options.unit, rulebook.history.units)
    return zone, today


def show_history(files: Sequence[Path], options: HistoryOptions, folder: Path | None) -> None:
    """Show it, and leave with 1 where something of the files could not be read."""
    rulebook = rulebook_from(folder)
    zone, today = checked(rulebook, options)
    history = history_from(OwnFiles(files, zone, today, options.table_unit, options.now.date()))
    unit = options.unit or usual_unit(rulebook, history)
    offered = offers(rulebook, history, today, unit)
    shape = options.shape or _shape_by(options.output)
    if shape == "json":
        told = {"rulebook": rulebook.stamp, "unit": unit, **as_plain(history, offered, today)}
        write_json(told, str(options.output) if options.output else None)
    elif shape == "svg":
        write_out(weeks_svg(shown_weeks(rulebook, history, today, unit)), options.output)
    else:
        page = history_page(rulebook, history, offered, today, unit, full=options.full)
        if shape == "html":
            write_out(page_html(page, limits=rulebook.identity.limits), options.output)
        elif shape == "markdown":
            write_out(as_markdown(page) + "\n", options.output)
        elif options.output is None:
            show_page(page)
        else:
            write_out(as_text(page) + "\n", options.output)
    if history.left_out:
        leave(FOUND, *(left_out_lines(history) if shape == "svg" else ()))


def _shape_by(output: Path | None) -> Drawn:
    """What the suffix of a file calls for, or leave where it is none of these."""
    shape = drawn_by(output)
    if shape is None:
        known = ", ".join(SUFFIXES)
        leave(UNUSABLE, f"error: {output}: no history has this suffix; use one of {known}, or say --format")
    return shape
