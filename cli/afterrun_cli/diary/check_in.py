"""`afterrun checkin` where there is a diary: the week asked or read, the plan changed, all written down."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import afterrun
from afterrun.intake import Format, raw_intakes
from afterrun_cli.runner.drafts import Draft, draft_for
from afterrun_cli.runner.plan_wanted import DAY
from afterrun_cli.terminal.exits import UNUSABLE, leave, say, told
from afterrun_cli.terminal.loading import faults, rulebook_from
from afterrun_cli.terminal.show import put_json, show_page

if TYPE_CHECKING:
    from afterrun.diary import Diary, History


class Wanted(NamedTuple):
    """What the command line says of the diary."""

    answers: str | None
    day: str | None
    seen: bool
    correct: bool
    person: str
    db: str | None

    @property
    def named(self) -> bool:
        """Whether any of it asks for the diary."""
        return bool(self.answers or self.day or self.seen or self.correct or self.db or self.person != "me")

    @property
    def command(self) -> str:
        """The same command once more."""
        words = [
            "afterrun",
            "checkin",
            *(["--correct"] if self.correct else []),
            *(["--seen"] if self.seen else []),
        ]
        words += ["--date", self.day] if self.day else []
        words += ["--person", self.person] if self.person != "me" else []
        return shlex.join([*words, *(["--db", self.db] if self.db else [])])


def go_on(
    files: list[str], wanted: Wanted, shape: str, format: Format | None, rulebook_folder: Path | None
) -> bool:
    """Go on from the diary; False where there is none and none is asked for."""
    from afterrun_cli.diary.opening import default_file, installed, opened

    if files and wanted.named:
        leave(UNUSABLE, "error: a check-in FILE stands alone; with the diary give --answers FILE")
    if wanted.correct and (wanted.day or wanted.seen):
        leave(
            UNUSABLE, "error: --correct goes with the last check-in, whose day and --seen stay as they were"
        )
    if files or (not wanted.named and not (installed() and default_file().exists())):
        return False
    with opened(wanted.db) as diary:
        if not wanted.named and not diary.all_of(wanted.person):
            return False
        _check_in(diary, wanted, shape, format, rulebook_folder)
    return True


def _check_in(
    diary: Diary, wanted: Wanted, shape: str, format: Format | None, rulebook_folder: Path | None
) -> None:
    from afterrun.diary import NotYetError, schedules_of
    from afterrun.telling import changes_of, week_page, what_now

    now = datetime.now().replace(microsecond=0)
    history = diary.history(wanted.person)
    before_it = history.before_last() if wanted.correct else history
    day = history.check_ins[-1].day if wanted.correct else _day(wanted.day, now.date())
    part = rulebook_from(rulebook_folder, "checkin")
    if wanted.seen and wanted.answers is None and history.standing.stopped:
        try:
            history.week_of(day, now.date())
        except NotYetError as error:
            _goes_on(diary, part, history, day, now, str(error), shape)
            return
    with faults():
        # What was answered before the last check-in says nothing of the weeks since.
        stands = (history.number, len(before_it.check_ins), day, wanted.correct)
        draft = draft_for((wanted.db, history.person), *stands, again=wanted.command)
        before = schedules_of(part, history)[-1]
        earlier = history.check_ins[-1].answers if wanted.correct else {}
        answers = _answers(part, before_it, day, now.date(), wanted, format, draft, earlier)
        if wanted.correct:
            said, kept = diary.correct(part, history, answers, now)
        else:
            said, kept = diary.check_in(part, history, answers, day, now, seen=wanted.seen)
        what = "The stop" if kept.standing.stopped else f"Week {kept.week}"
        say(f"{what} is {'corrected' if wanted.correct else 'written down'}.")
        after = schedules_of(part, before_it._replace(check_ins=(*before_it.check_ins, kept)))[-1]
    draft.remove()
    if shape == "json":
        put_json(
            {
                **said.to_dict(),
                "calendar_week": None if kept.standing.stopped else kept.week,
                "before": history.standing.to_dict(),
                "after": kept.standing.to_dict(),
                "weeks": [each.to_dict() for each in changes_of(kept, before, after)],
            }
        )
        return
    now_stands = before_it._replace(check_ins=(*before_it.check_ins, kept))
    show_page(week_page(part, history, now_stands, said, (before, after)))
    sys.stdout.flush()
    say(*what_now(now_stands, after))
    if changes_of(kept, before, after):
        say("The weeks ahead have changed:  afterrun plan  (-o plan.ics updates your calendar)")


def _goes_on(
    diary: Diary,
    part: afterrun.Rulebook,
    history: History,
    day: date,
    now: datetime,
    why: str,
    shape: str,
) -> None:
    """A plan that was stopped goes on, though no week can be reported yet."""
    from afterrun.diary import schedules_of
    from afterrun.telling import what_now
    from afterrun_cli.diary.interview import signs_told

    if signs_told(part, history, why):
        leave(UNUSABLE, "error: there is a new warning sign, so the plan stays stopped: have that seen, too")
    resumed = diary.resume(history, day, now)
    if shape == "json":
        put_json({"seen_on": day.isoformat(), "after": resumed.standing.to_dict()})
    with faults():
        schedule = schedules_of(part, resumed)[-1]
    say("", "Written down: you have been seen, and you may go on.")
    say(*what_now(resumed, schedule), "The weeks ahead:  afterrun plan  (-o plan.ics updates your calendar)")


def _answers(
    part: afterrun.Rulebook,
    history: History,
    day: date,
    today: date,
    wanted: Wanted,
    format: Format | None,
    draft: Draft,
    earlier: Mapping[str, Any],
) -> Mapping[str, Any]:
    """The week's answers, read or asked. Before a week is over only new warning signs are asked for."""
    from afterrun.diary import NotYetError, refuse_stopped
    from afterrun_cli.diary.interview import asked, signs_told

    if wanted.answers is not None:
        return _read(wanted.answers, format)
    seen = wanted.seen or wanted.correct
    if history.standing.stopped and not seen:
        # A worse sign than the first is taken, too; without one the plan stays as it is.
        if answers := signs_told(part, history, "the plan is stopped"):
            return answers
        refuse_stopped(history, seen)
    try:
        week = history.week_of(day, today)
    except NotYetError as error:
        if answers := signs_told(part, history, str(error)):
            return answers
        say("", "No new warning sign, so the plan goes on as it is. Nothing was written down.")
        sys.exit(0)
    return asked(part, history, week, draft, earlier)


def _day(text: str | None, today: date) -> date:
    try:
        if text is not None and not DAY.match(text):
            raise ValueError
        return today if text is None else date.fromisoformat(text)
    except ValueError:
        leave(UNUSABLE, f"error: --date: '{str(text)[:40]}' is no date; write it as in {today}")


def _read(file: str, format: Format | None) -> Mapping[str, Any]:
    """The week's answers, flat, or under `checkin` as in a check-in file."""
    from afterrun_cli.runner.assess import Count, name_of, opened

    count = Count()
    with opened(file, count) as stream:
        if stream is None:
            sys.exit(UNUSABLE)
        raws = list(raw_intakes(stream, name_of(file), format))
    if len(raws) != 1:
        leave(UNUSABLE, f"error: {file}: one check-in is expected, and {len(raws)} were found")
    if raws[0].problems:
        leave(UNUSABLE, *told(raws[0].problems))
    data = raws[0].data
    if set(data) == {"checkin"} and isinstance(data["checkin"], Mapping):
        return dict(data["checkin"])
    return dict(data)
