"""`afterrun diary`, `diary export` and `diary delete`: looking back, taking along, forgetting."""

from __future__ import annotations

import sys

from afterrun.telling import diary_svg, history_lines
from afterrun_cli.diary.opening import open_diary
from afterrun_cli.interview.drafts import deleting, finished_interviews, forget_drafts
from afterrun_cli.terminal.exits import UNUSABLE, leave, say
from afterrun_cli.terminal.files import write_json, write_out
from afterrun_cli.terminal.loading import check_in_part_from
from afterrun_cli.terminal.show import put_json, put_lines
from afterrun_cli.terminal.typing import line_or_nothing


def show_diary(person: str, db: str | None, shape: str, svg: str | None) -> None:
    """The history of the latest enrolment."""
    with open_diary(db) as diary:
        history = diary.history(person)
    part = check_in_part_from(None)
    if svg is not None:
        write_out(diary_svg(part, history), svg)
    if shape == "json":
        put_json(history.to_dict())
        return
    put_lines(*history_lines(part, history))


def export_diary(person: str, db: str | None, output: str | None) -> None:
    """Every enrolment of a person with all that belongs to it."""
    with open_diary(db) as diary:
        diary.history(person)
        found = diary.all_of(person)
    write_json({"person": person, "enrolments": [each.to_dict() for each in found]}, output)


def delete_diary(person: str, db: str | None, yes: bool) -> None:
    """Forget, once that is confirmed."""
    with open_diary(db) as diary:
        diary.history(person)
        if not yes:
            if not sys.stdin.isatty():
                leave(UNUSABLE, "error: nothing was deleted: there is nobody to ask; add --yes")
            say(f"This deletes every week of {person}, for good. Type yes to go on:")
            if line_or_nothing().lower() != "yes":
                say("Nothing was deleted.")
                return
        count = diary.forget(person)
    forget_drafts(db, person)
    say("A calendar that you made from it is yours to empty.")
    if files := finished_interviews():
        say("Answers to the questions are files of their own, and stay. To delete them:")
        say(*(f"  {deleting(file)}" for file in files))
    put_lines(f"Deleted: {count} plan{'s' if count != 1 else ''} of {person}, with each check-in.")
