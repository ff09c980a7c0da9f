"""`afterrun diary`, `diary export` and `diary delete`: looking back, taking along, forgetting."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from afterrun.telling import diary_svg, history_lines
from afterrun_cli.diary.opening import address_of, open_diary, place_of
from afterrun_cli.interview.drafts import deleting, drafts_of, finished_interviews, forget_drafts
from afterrun_cli.terminal.exits import COULD_NOT_RUN, FOUND, UNUSABLE, error_lines, leave, say
from afterrun_cli.terminal.files import write_json, write_out
from afterrun_cli.terminal.loading import check_in_part_from
from afterrun_cli.terminal.show import put_json, put_lines
from afterrun_cli.terminal.typing import line_or_nothing

if TYPE_CHECKING:
    from datetime import date

    from afterrun.diary import Diary

_AGAIN = "Repeat:  afterrun diary delete"


def show_diary(person: str, db: str | None, shape: str, svg: str | None, today: date) -> None:
    """The history of the latest enrolment."""
    with open_diary(db) as diary:
        history = diary.history(person)
    part = check_in_part_from(None)
    if svg is not None:
        write_out(diary_svg(part, history), svg)
    if shape == "json":
        put_json(history.to_dict())
        return
    put_lines(*history_lines(part, history, today))


def export_diary(person: str, db: str | None, output: str | None) -> None:
    """Every enrolment of a person with all that belongs to it; of a damaged diary what can be read."""
    from afterrun.diary import DamagedError

    try:
        with open_diary(db) as diary:
            found = [each.to_dict() for each in diary.enrolments(person)]
    except DamagedError as error:
        _export_damaged(person, db, output, str(error).splitlines()[0])
    write_json({"person": person, "enrolments": found}, output)


def _export_damaged(person: str, db: str | None, output: str | None, why: str) -> NoReturn:
    from afterrun.diary import salvage

    read = salvage(address_of(db), person)
    if not read.enrolments and not read.damaged:
        leave(COULD_NOT_RUN, f"error: {why}", f"Nothing of {person} can be read. Is there a copy of it?")
    damaged = [each.to_dict() for each in read.damaged]
    write_json({"person": person, "enrolments": list(read.enrolments), "damaged": damaged}, output)
    say(f"error: {why}")
    if read.damaged:
        say("Not readable as it was:", *(f"- {each.what}: {each.why}" for each in read.damaged))
        say("What stands there still is under 'damaged' in the export.")
    if read.ownerless:
        say(f"{read.ownerless} more rows cannot be read, or nobody can tell whose they are.")
    leave(FOUND, "The rest of what can be read is in the export. Some of the last weeks may be lacking.")


def delete_diary(person: str, db: str | None, yes: bool) -> None:
    """Forget, once that is confirmed; "Deleted" is said when all of it is."""
    from afterrun.diary import DamagedError, NotForgottenError, StorageError

    try:
        with open_diary(db) as diary:
            _delete(diary, person, db, yes)
    except NotForgottenError:
        raise
    except DamagedError as error:
        # Rows are deleted unread, so it is the file itself that is damaged.
        everyone = "It cannot be deleted person by person. To delete all of it, of everyone, remove the file."
        leave(COULD_NOT_RUN, *error_lines([error]), everyone)
    except StorageError as error:
        leave(COULD_NOT_RUN, *error_lines([error]), f"No week of {person} was deleted.", _AGAIN)


def _delete(diary: Diary, person: str, db: str | None, yes: bool) -> None:
    drafts = drafts_of(place_of(db), person) + drafts_of(db, person)
    if not drafts and not diary.is_kept(person):
        diary.history(person)
    if not yes:
        if not sys.stdin.isatty():
            leave(UNUSABLE, "error: nothing was deleted: there is nobody to ask; add --yes")
        say(f"This deletes every week of {person}, for good. Type yes to go on:")
        if line_or_nothing().lower() != "yes":
            say("Nothing was deleted.")
            return
    if left := forget_drafts(drafts):
        say("error: not finished: these answers cannot be deleted:", *map(str, left))
    count = diary.forget(person)
    if left:
        leave(COULD_NOT_RUN, f"All weeks of {person} in the diary are gone.", _AGAIN)
    say("A calendar that you made from it is yours to empty.")
    if files := finished_interviews():
        say("Answers to the questions are files of their own, and stay. To delete them:")
        say(*(f"  {deleting(file)}" for file in files))
    if db is not None and "://" in db and not db.startswith("sqlite"):
        say("The server may have it still in its own log and backups: ask whoever runs it.")
    what = f"{count} plan{'s' if count != 1 else ''} of {person}, with each check-in"
    put_lines(f"Deleted: {what if count else f'what was left of {person}'}.")
