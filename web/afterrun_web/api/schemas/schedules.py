"""What comes back of a plan: its weeks and days, as `Schedule.to_dict` writes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args, get_type_hints

from afterrun import Rulebook
from afterrun.rulebook import STATUSES
from afterrun.schedule import WEEKDAYS, Conflict
from afterrun_web.api.schemas.parts import (
    COUNT,
    FLAG,
    NUMBER,
    TEXT,
    VERSIONS,
    Schema,
    by_name,
    many,
    one_of,
    or_null,
    ref,
    some,
    thing,
)

DAY: Schema = {"type": "string", "format": "date"}


def schedule_schemas(rulebook: Rulebook) -> dict[str, Schema]:
    """The weeks, and what they consist of."""
    interventions = one_of(rulebook.interventions)
    return {
        "Schedule": thing(
            {
                **VERSIONS,
                "person": TEXT,
                "triage": ref("TriageLevel"),
                "edition": COUNT,
                "start": DAY,
                "amount_text": TEXT,
                "unit": or_null(TEXT),
                "goal": or_null(NUMBER),
                "length": TEXT,
                "nothing": TEXT,
                "courses": many(ref("Course")),
                "decisions": many(
                    thing(
                        {
                            "id": interventions,
                            "status": one_of(STATUSES),
                            "by": TEXT,
                            "from_week": or_null(COUNT),
                            "into": interventions,
                            "name": TEXT,
                            "because": TEXT,
                        },
                        ["into"],
                    ),
                    "What was postponed, merged or set aside, and why.",
                ),
                "weeks": many(ref("Week"), "None where there is nothing to do by the week."),
                "now": {**TEXT, "description": "What to do now, and when to stop or call."},
            },
            says="The weeks of one person's plan.",
        ),
        "Course": thing(
            {
                "id": TEXT,
                "name": TEXT,
                "first": COUNT,
                "last": COUNT,
                "open": FLAG,
                "do": many(TEXT),
                "place": COUNT,
            }
        ),
        "Week": thing(
            {
                "week": COUNT,
                "plan_week": COUNT,
                "from": DAY,
                "to": DAY,
                "courses": many(TEXT),
                "amount": thing(
                    {
                        "value": or_null(NUMBER),
                        "ceiling": or_null(NUMBER),
                        "longest": or_null(NUMBER),
                        "course": TEXT,
                        "words": TEXT,
                    }
                ),
                "conflicts": many(ref("Conflict"), "What the week cannot hold of what was chosen."),
                "sessions": many(ref("Session")),
            },
            ["amount"],
        ),
        "Conflict": _conflict(),
        "Session": thing(
            {
                "id": TEXT,
                "kind": TEXT,
                "at": {**TEXT, "description": "Day and time, in no time zone: 2027-03-01T18:00."},
                "minutes": COUNT,
                "title": TEXT,
                "amount": or_null(NUMBER),
                "today": many(TEXT),
                "do": many(TEXT),
                "exercises": many(one_of(rulebook.exercises) if rulebook.exercises else TEXT),
            }
        ),
    }


def preferences_schema(most_away: int, keys: Collection[str]) -> Schema:
    """Days, times and the rest that can be chosen, as `Preferences.to_dict` writes them."""
    weekdays = many(one_of(WEEKDAYS))
    every = {
        "days": by_name(weekdays, "The days that may be used, by kind of session or for `all`."),
        "runs": {"type": "integer", "minimum": 1, "description": "Sessions a week that share the amount."},
        "at": by_name(
            {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
            "The time of day, by kind of session or for `all`.",
        ),
        "not": {**weekdays, "description": "Days on which there is no session."},
        "away": many(
            many(DAY, minItems=2, maxItems=2), "First and last day of each time away.", maxItems=most_away
        ),
        "long-run": one_of(WEEKDAYS, "The day of the longest of them."),
    }
    return some(
        {key: schema for key, schema in every.items() if key in keys},
        "What a person chooses of the weeks; without any they are as the knowledge writes them.",
    )


def _conflict() -> Schema:
    hints = get_type_hints(Conflict)
    return thing(
        {
            "what": one_of(get_args(hints["what"])),
            "why": one_of(get_args(hints["why"])),
            "name": TEXT,
            "placed": COUNT,
            "of": COUNT,
            "other": TEXT,
        }
    )
