"""What becomes of a plan that was stopped: it goes on once that was seen, or was a mistake."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import afterrun
from afterrun.schedule import day_words
from afterrun.telling import what_now
from afterrun_cli.diary.check_in_options import CALENDAR, CheckInOptions
from afterrun_cli.terminal.exits import RAN, UNUSABLE, leave, say
from afterrun_cli.terminal.loading import check_in_part_from
from afterrun_cli.terminal.show import put_json
from afterrun_cli.terminal.typing import line_or_nothing

if TYPE_CHECKING:
    from afterrun.diary import Diary, History


def take_back(diary: Diary, history: History, options: CheckInOptions) -> None:
    """A stop that was a slip of the finger; nothing in a file, and no single key, takes one back."""
    from afterrun.diary import schedules_of, stop_cause

    if options.answers is not None:
        leave(UNUSABLE, "error: a stop is taken back by who is asked:  afterrun checkin --correct")
    part, last = check_in_part_from(options.rulebook_folder), history.holding
    assert last is not None
    told = stop_cause(part, history, last)
    say(
        f"Your check-in of {day_words(last.day, year=True)} stopped the plan. You reported: {told}",
        "",
        "Take it back only if it was ticked by mistake and you have none of it. "
        "If you have it or had it, let it stand and be seen.",
        "Type mistake to take it back. Enter lets it stand.",
    )
    if line_or_nothing().lower() != "mistake":
        leave(RAN, "", "The stop stands. Nothing was changed.")
    going_on = diary.take_back(history, options.now)
    if options.shape == "json":
        put_json({"taken_back_on": options.now.date().isoformat(), "after": going_on.standing.to_dict()})
    if going_on.standing.stopped and going_on.holding is not None:
        still = stop_cause(part, going_on, going_on.holding)
        say("", "Written down: it was a mistake. The plan stays stopped by what you reported before:", still)
        say("Was that a mistake, too?  afterrun checkin --correct")
    else:
        say("", "Written down: it was a mistake, and the plan goes on.")
    say(*what_now(going_on, schedules_of(part, going_on)[-1]), "The weeks ahead:  afterrun plan", CALENDAR)


def go_on(
    diary: Diary, part: afterrun.Rulebook, history: History, day: date, options: CheckInOptions, why: str
) -> None:
    """A plan that was stopped goes on, though no week can be reported yet."""
    from afterrun.diary import schedules_of
    from afterrun_cli.diary.questions import DiaryQuestions

    if DiaryQuestions(part, history).ask_signs(why):
        leave(UNUSABLE, "error: there is a new warning sign, so the plan stays stopped: have that seen, too")
    resumed = diary.resume(history, day, options.now)
    if options.shape == "json":
        put_json({"seen_on": day.isoformat(), "after": resumed.standing.to_dict()})
    schedule = schedules_of(part, resumed)[-1]
    say("", "Written down: you have been seen, and you may go on.")
    say(*what_now(resumed, schedule), "The weeks ahead:  afterrun plan", CALENDAR)
