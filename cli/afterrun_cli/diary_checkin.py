"""`afterrun checkin` where there is a diary: the week asked or read, the plan changed, all written down."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import afterrun
from afterrun.intake_files import Format, raw_intakes
from afterrun_cli.exits import INTERRUPTED, UNUSABLE, leave, say, told
from afterrun_cli.loading import faults, rulebook_from
from afterrun_cli.show import put_json, show_page

if TYPE_CHECKING:
    from afterrun.diary.keeping import Diary, History
    from afterrun.diary.standing import Standing


class Wanted(NamedTuple):
    """What the command line says of the diary."""

    answers: str | None
    day: str | None
    seen: bool
    person: str
    db: str | None

    @property
    def named(self) -> bool:
        """Whether any of it asks for the diary."""
        return bool(self.answers or self.day or self.seen or self.db or self.person != "me")


def go_on(
    files: list[str], wanted: Wanted, shape: str, format: Format | None, rulebook_folder: Path | None
) -> bool:
    """Go on from the diary; False where there is none and none is asked for."""
    from afterrun_cli.diary_open import default_file, installed, opened

    if files and wanted.named:
        leave(UNUSABLE, "error: a check-in FILE stands alone; with the diary give --answers FILE")
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
    from afterrun.diary.keeping import refuse_stopped
    from afterrun.diary.onward import schedules_of
    from afterrun.weekly.changes import changes_between

    now = datetime.now().replace(microsecond=0)
    day = _day(wanted.day, now.date())
    history = diary.history(wanted.person)
    # What is refused for its day or its standing is refused before anything is asked.
    history.week_of(day, now.date())
    refuse_stopped(history, wanted.seen)
    part = rulebook_from(rulebook_folder, "checkin")
    with faults():
        answers = _asked(part, history) if wanted.answers is None else _read(wanted.answers, format)
        said, kept = diary.check_in(part, history, answers, day, now, seen=wanted.seen)
        before, after = schedules_of(part, history._replace(check_ins=(*history.check_ins, kept)))[-2:]
    changes = changes_between(before, after, kept.week + 1)
    if shape == "json":
        put_json(
            {
                **said.to_dict(),
                "calendar_week": kept.week,
                "before": history.standing.to_dict(),
                "after": kept.standing.to_dict(),
                "weeks": [each.to_dict() for each in changes],
            }
        )
        return
    from afterrun_cli.checkin_page import page_of_checkin
    from afterrun_cli.diary_changes import changed_parts

    page = page_of_checkin(part, said)
    changed = changed_parts(part, (history.standing, kept.standing), (before, after), changes)
    place = next((at for at, each in enumerate(page.parts) if each.title == "Why"), len(page.parts))
    show_page(page._replace(parts=(*page.parts[:place], *changed, *page.parts[place:])))
    sys.stdout.flush()
    say(f"Week {kept.week} is written down.")
    if changes:
        say("The weeks ahead have changed:  afterrun plan  (-o plan.ics updates your calendar)")


def _day(text: str | None, today: date) -> date:
    try:
        return today if text is None else date.fromisoformat(text)
    except ValueError:
        leave(UNUSABLE, f"error: --date: '{str(text)[:40]}' is no date; write it as in {today}")


def _read(file: str, format: Format | None) -> Mapping[str, Any]:
    """The week's answers, flat, or under `checkin` as in a check-in file."""
    from afterrun_cli.assess import Count, name_of, opened

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


def _asked(part: afterrun.Rulebook, history: History) -> Mapping[str, Any]:
    from afterrun.checkins import part_of
    from afterrun.diary.standing import facts_told
    from afterrun_cli.interview import InputClosed, Interview, Left

    enrolment, _ = part_of(part)
    standing = history.standing
    known = {**standing.facts, "programme": standing.programme, "week": standing.week}
    for name in enrolment.from_answers:
        if name in history.intake:
            known.setdefault(name, history.intake[name])
    for name, reads in enrolment.unsaid.items():
        # A wish is a question of the week; all else that is unsaid the diary would know.
        if part.questions[name].section not in enrolment.checkin:
            known.setdefault(name, int(reads) if not isinstance(reads, str) else reads)
    first: dict[str, Any] = {}
    try:
        first = _asked_first(part, standing)
        known |= facts_told(part, standing, first)
        interview = Interview(part, dict(known), None, settled=True)
        interview.run()
    except KeyboardInterrupt:
        leave(INTERRUPTED, "", "Stopped.", "Nothing was saved.")
    except InputClosed:
        leave(UNUSABLE, "", "error: the input ended before the questions did: nothing was saved.")
    except Left:
        say("", "Nothing was saved.")
        sys.exit(0)
    return {**first, **{key: value for key, value in interview.intake.items() if key not in known}}


def _asked_first(part: afterrun.Rulebook, standing: Standing) -> dict[str, Any]:
    """The numbers without which the programme has none; a blank leaves them to the questions below."""
    from afterrun.checkins import part_of
    from afterrun.diary.standing import written_of
    from afterrun_cli.interview import InputClosed, Left, tolerate_what_is_no_text
    from afterrun_cli.question_words import hint_words
    from afterrun_cli.typed import Misread, read_line

    _, base = part_of(part)
    keys = [quantity.unit_key for quantity in base.quantities.values()]
    units = {key: standing.facts[key] for key in keys if key in standing.facts}
    found: dict[str, Any] = {}
    tolerate_what_is_no_text()
    for fact, asked in written_of(part).asked_first.items():
        if asked.in_ != standing.programme or fact in standing.facts:
            continue
        question = base.questions[asked.question]
        say("", question.ask, hint_words(base, question, units), "Enter passes it over.")
        while True:
            line = sys.stdin.readline()
            if not line:
                raise InputClosed
            if line.strip().lower() == "q":
                raise Left
            if not line.strip():
                break
            try:
                found |= read_line(base, question, line.strip(), units).adds
                break
            except Misread as error:
                say(str(error))
    return {key: value for key, value in found.items() if value != "unknown"}
