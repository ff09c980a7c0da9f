"""`afterrun checkin` where there is a diary: the week asked or read, the plan changed, all written down."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import afterrun
from afterrun.intake import CHECKIN, FROM_FILES, Format, half_texts, read_raw
from afterrun.telling import WeekOffers, other_sum_lines
from afterrun_cli.diary.check_in_options import CALENDAR, CheckInOptions
from afterrun_cli.diary.opening import has_begun, open_diary, place_of
from afterrun_cli.diary.stops import go_on, take_back
from afterrun_cli.interview.drafts import Draft, draft_for
from afterrun_cli.interview.leaving import offer_rest
from afterrun_cli.runner.logged import logged
from afterrun_cli.runner.own_files import history_from, refuse_without_history, say_left_out
from afterrun_cli.terminal.days import read_day
from afterrun_cli.terminal.exits import RAN, UNUSABLE, leave, say
from afterrun_cli.terminal.intakes import single_record
from afterrun_cli.terminal.loading import check_in_part_from
from afterrun_cli.terminal.show import put_json, show_page

if TYPE_CHECKING:
    from afterrun.diary import Diary, History, KeptCheckIn


def check_in_from_diary(files: list[str], options: CheckInOptions) -> bool:
    """Go on from the diary; False where there is none and none is asked for."""
    if files and options.names_diary:
        leave(UNUSABLE, "error: a check-in FILE stands alone; with the diary give --answers FILE")
    if options.correct and (options.day or options.seen):
        leave(
            UNUSABLE, "error: --correct goes with the last check-in, whose day and --seen stay as they were"
        )
    if files or not (options.names_diary or has_begun()):
        return False
    with open_diary(options.db) as diary:
        if not options.names_diary and not diary.all_of(options.person):
            return False
        _check_in(diary, options)
    return True


def _check_in(diary: Diary, options: CheckInOptions) -> None:
    from afterrun.diary import asked_on, before_last, is_answered_anew, schedules_of
    from afterrun.telling import asked_again_words, changes_of, week_page, what_now

    now, today = options.now, options.now.date()
    history = diary.history(options.person)
    part = check_in_part_from(options.rulebook_folder)
    with logged(options.logs, part):
        # Found out before anything is asked or written: a log that cannot be added to.
        pass
    holding = history.holding
    stop = holding if holding is not None and holding.left.stopped else None
    anew = stop is None or (stop == history.check_ins[-1] and is_answered_anew(part, history, stop))
    if options.correct and not anew:
        _say_unread(options)
        take_back(diary, history, options)
        return
    before_it = before_last(part, history) if options.correct else history
    if options.correct:
        day = history.check_ins[-1].day
    else:
        day = today if options.day is None else read_day("--date", options.day, today)
    why, again = asked_again_words(part, history)
    if again:
        say(
            why,
            *(f"- {ask}" for ask in again),
            "All of the questions:  afterrun ask",
            "Then, with your new answers:  afterrun start FILE --again",
            "",
        )
    if options.seen and options.answers is None and history.standing.stopped:
        asked = asked_on(history, day, today, seen=True)
        if asked.week is None:
            _say_unread(options)
            go_on(diary, part, history, day, options, asked.why)
            return
    # What was answered before the last check-in says nothing of the weeks since.
    stands = (history.number, len(before_it.check_ins), day, options.correct)
    draft = draft_for((place_of(options.db), history.person), *stands, again=options.command)
    before = schedules_of(part, history)[-1]
    earlier = history.check_ins[-1].answers if options.correct else {}
    answers = _answers(part, before_it, day, options, draft, earlier)
    with logged(options.logs, part) as log:
        # Before the diary keeps it: what the log cannot hold is not kept either, and is asked for again.
        def logged_first(said: afterrun.CheckIn) -> None:
            log.check_in(said, history.intake)

        if options.correct:
            said, kept = diary.correct(part, history, answers, now, first=logged_first)
        else:
            said, kept = diary.check_in(
                part, history, answers, day, now, seen=options.seen, first=logged_first
            )
        what = "The stop" if kept.standing.stopped else f"Week {kept.week}"
        say(f"{what} is {'corrected' if options.correct else 'written down'}.")
    now_stands = history._replace(check_ins=(*before_it.check_ins, kept))
    after = schedules_of(part, now_stands)[-1]
    draft.remove()
    changes = changes_of(kept, before, after)
    if options.shape == "json":
        put_json(
            {
                **said.to_dict(),
                "calendar_week": kept.week if now_stands.reports(kept) else None,
                "before": history.standing.to_dict(),
                "after": kept.standing.to_dict(),
                "weeks": [each.to_dict() for each in changes],
                **_from_files(part, now_stands, kept),
            }
        )
        return
    page = week_page(part, history, now_stands, said, (before, after))
    show_page(page, full=options.full)
    sys.stdout.flush()
    if not options.full:
        offer_rest(page)
    say("", *what_now(now_stands, after))
    if changes and kept.standing.stopped:
        say("To clear your calendar:  afterrun plan -o plan.ics")
    elif changes:
        say("The weeks ahead have changed:  afterrun plan", CALENDAR)


def _answers(
    part: afterrun.Rulebook,
    history: History,
    day: date,
    options: CheckInOptions,
    draft: Draft,
    earlier: Mapping[str, Any],
) -> Mapping[str, Any]:
    """The week's answers, read or asked. Before a week is over only new warning signs are asked for."""
    from afterrun.diary import CheckInQuestions, asked_on, refuse_stopped
    from afterrun.telling import NO_NEW_SIGN
    from afterrun_cli.diary.questions import DiaryQuestions

    asked = asked_on(history, day, options.now.date(), seen=options.seen or options.correct)
    files = None
    if options.own is not None:
        files = _week_files(part, history, asked.week, options, earlier)
    if options.answers is not None:
        answers = _read_answers(part, options.answers, options.input_format)
        if files is not None:
            say(*files.lacking(answers, CheckInQuestions(part, history).known))
        return answers
    questions = DiaryQuestions(part, history)
    if asked.week is None:
        if told := questions.ask_signs(asked.why):
            return told
        refuse_stopped(part, history, options.seen or options.correct)
        leave(RAN, "", NO_NEW_SIGN)
    return questions.ask_week(asked.week, draft, earlier, files)


def _week_files(
    part: afterrun.Rulebook,
    history: History,
    week: int | None,
    options: CheckInOptions,
    confirmed: Mapping[str, Any],
) -> WeekOffers | None:
    """What the person's own files say of a week, and what they now say of those before it."""
    own = options.own
    assert own is not None
    refuse_without_history(part)
    if week is None:
        _say_unread(options)
        return None
    files = history_from(own)
    say_left_out(files)
    for line in other_sum_lines(part, history, files):
        say(line)
    return WeekOffers(part, history, files, week, confirmed)


def _say_unread(options: CheckInOptions) -> None:
    if options.own is not None:
        say("No week is reported now, so your files are not read.")


def _from_files(part: afterrun.Rulebook, history: History, kept: KeptCheckIn) -> dict[str, Any]:
    """What the check-in keeps of files, beside the plan; nothing where it keeps none."""
    from afterrun.diary import planned_runs, weeks_as_planned

    if FROM_FILES not in kept.answers:
        return {}
    rows = planned_runs(part, weeks_as_planned(part, history).get(kept.week), kept)
    return {FROM_FILES: kept.answers[FROM_FILES], "planned_and_done": [each.to_dict() for each in rows]}


def _read_answers(part: afterrun.Rulebook, file: str, input_format: Format | None) -> Mapping[str, Any]:
    """The week's answers, flat, or under `checkin` as in a check-in file."""

    def week_in(_: afterrun.Rulebook, record: Mapping[str, Any]) -> Mapping[str, Any]:
        if problems := half_texts(record):
            raise afterrun.IntakeError(problems)
        week = record.get(CHECKIN)
        return dict(week if set(record) == {CHECKIN} and isinstance(week, Mapping) else record)

    return read_raw(part, single_record(file, input_format, "check-ins"), week_in)
