"""A person's own files on the way to a question: read once, and what they say offered beside it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import afterrun
from afterrun.assessment import Scope
from afterrun.history import RunningHistory, UnknownZoneError, read_history, zone_named
from afterrun.telling import FileOffers, left_out_words, read_words, weeks_section
from afterrun_cli.interview.conversation import Manner
from afterrun_cli.terminal.exits import UNUSABLE, leave, say
from afterrun_cli.terminal.layout.lines import width_of
from afterrun_cli.terminal.layout.text import as_block
from afterrun_cli.terminal.progress import waiting

MOST_NAMED = 5
"""Files left out that are named on the way to another command."""


class OwnFiles(NamedTuple):
    """Files, and how they are read."""

    files: Sequence[Path]
    zone: tzinfo | None
    today: date
    table_unit: str | None = None
    """What tables count distances in that do not say it."""
    now: date | None = None
    """The day that it really is, where files are read as of an earlier one."""

    @property
    def words(self) -> list[str]:
        """The same on a command line."""
        files = [word for each in self.files for word in ("--history", str(each))]
        zone = ["--tz", str(self.zone)] if self.zone is not None else []
        return [*files, *zone, *(["--table-unit", self.table_unit] if self.table_unit is not None else [])]


def own_files(
    files: Sequence[Path] | None, tz: str | None, table_unit: str | None, now: datetime
) -> OwnFiles | None:
    """What the command line says of them, or leave; None where it names none."""
    zone = zone_of(tz)
    if not files:
        for option, given in (("--tz", tz), ("--table-unit", table_unit)):
            if given is not None:
                leave(UNUSABLE, f"error: {option} is about the files of --history, and none is named")
        return None
    return OwnFiles(files, zone, now.astimezone(zone).date(), table_unit)


def beside_questions(rulebook: afterrun.Rulebook, own: OwnFiles) -> tuple[Scope, Manner]:
    """How an interview is led with them: each offer beside its question, the weeks beside the first."""
    refuse_without_history(rulebook)
    history = history_from(own)
    say_left_out(history)
    found = FileOffers(rulebook, history, own.today)
    drawn_at: list[str] = []

    def lines(question: str, intake: Mapping[str, Any]) -> list[str]:
        told = found.lines(question, intake)
        if told and drawn_at in ([], [question]):
            drawn_at[:] = [question]
            return [as_block(weeks_section(found.weeks(intake)), width_of(sys.stderr)), "", *told]
        return told

    return Scope(of_files=found.answers), Manner(of_files=lines)


def history_from(own: OwnFiles) -> RunningHistory:
    """What the files hold up to a day, or leave where that is nothing at all."""
    with waiting("Reading your files"):
        miles = None if own.table_unit is None else own.table_unit == "mi"
        history = read_history(own.files, own.zone, today=own.today, miles=miles, now=own.now)
    if history.first is None:
        reasons = left_out_lines(history) or ["They hold no activity."]
        leave(UNUSABLE, "error: nothing could be read of these files", *reasons)
    return history


def say_left_out(history: RunningHistory) -> None:
    """What of the files was read and what not, and what was assumed, before another command goes on."""
    told = left_out_lines(history)
    say(read_words(history), *told[:MOST_NAMED])
    if len(told) > MOST_NAMED:
        say(f"and {len(told) - MOST_NAMED} more; all of them:  afterrun history FILES")
    say(*history.notes, "")


def refuse_without_history(rulebook: afterrun.Rulebook) -> None:
    """Leave where the rulebook asks no file for anything."""
    if rulebook.history is None:
        name = rulebook.identity.name
        leave(
            UNUSABLE, f"error: the rulebook {name} asks files for nothing: it has no knowledge/history.yaml"
        )


def zone_of(name: str | None) -> tzinfo | None:
    """The time zone of a name, or leave."""
    try:
        return None if name is None else zone_named(name)
    except UnknownZoneError as error:
        leave(UNUSABLE, f"error: --tz: {error}")


def left_out_lines(history: RunningHistory) -> list[str]:
    """What could not be read, each with its reason."""
    return [f"left out: {where}: {reason}" for where, reason in left_out_words(history)]
