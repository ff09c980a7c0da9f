"""`afterrun diary settings`: what holds, and a change of it, without a new plan."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import afterrun
from afterrun.intake import Misread
from afterrun.schedule import Preferences, changes_between
from afterrun.telling import changed_settings_page, settings_page
from afterrun_cli.diary.opening import open_diary
from afterrun_cli.runner.plans.wishes import Wishes
from afterrun_cli.terminal.exits import UNUSABLE, leave, say
from afterrun_cli.terminal.loading import check_in_part_from
from afterrun_cli.terminal.show import put_json, show_page

if TYPE_CHECKING:
    from afterrun.diary import History

GOAL = "goal"


class SettingsOptions(NamedTuple):
    """What the command line says of the settings."""

    wishes: Wishes
    goal: str | None
    clear: list[str]
    shape: str
    now: datetime

    @property
    def change(self) -> bool:
        """Whether any of it is to change."""
        return bool(self.clear or self.goal is not None or self.wishes != Wishes())


def diary_settings(options: SettingsOptions, person: str, db: str | None) -> None:
    """Show the settings, or change them and show what that changes."""
    from afterrun.diary import schedules_of

    part = check_in_part_from(None)
    assert part.base is not None
    with open_diary(db) as diary:
        history = diary.history(person)
        before = schedules_of(part, history)[-1]
        kept = Preferences.of(history.preferences_now)
        wishes = options.wishes.taking_back(name for name in options.clear if name != GOAL)
        chosen = wishes.preferences(part.base.schedule, kept)
        facts = _goal_facts(part, history, options)
        held = history.standing.facts
        if chosen == kept and all(held.get(name) == value for name, value in facts.items()):
            _show(part, history, before, options)
            return
        changed = diary.settle(part, history, chosen, facts, options.now)
    after = schedules_of(part, changed)[-1]
    changes = changes_between(before, after)
    if options.shape == "json":
        put_json({**_as_json(changed), "weeks": [each.to_dict() for each in changes]})
    else:
        show_page(changed_settings_page(part, (history, changed), (before, after)))
    say("Written down. What lies behind stays as it was.")
    if changes:
        say("The weeks ahead have changed:  afterrun plan  (-o plan.ics updates your calendar)")


def _show(
    part: afterrun.Rulebook, history: History, schedule: afterrun.Schedule, options: SettingsOptions
) -> None:
    if options.shape == "json":
        put_json(_as_json(history))
    else:
        show_page(settings_page(part, history, schedule))
    if options.change:
        say("That is how it is already; nothing was changed.")


def _as_json(history: History) -> dict[str, Any]:
    return {
        "preferences": dict(history.preferences_now),
        "facts": dict(history.standing.facts),
        "settings": [each.to_dict() for each in history.settings],
    }


def _goal_facts(part: afterrun.Rulebook, history: History, options: SettingsOptions) -> dict[str, Any]:
    """What another goal changes; nothing where none is named."""
    from afterrun.diary import typed_goal

    if options.goal is None and GOAL not in options.clear:
        return {}
    try:
        facts, note = typed_goal(part, history.standing, history.intake, options.goal or "")
    except Misread as error:
        leave(UNUSABLE, f"error: --goal: {error}")
    if note:
        say(note)
    return facts
