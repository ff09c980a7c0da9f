"""What comes back of a question that is asked next, and of the rulebook."""

from __future__ import annotations

from afterrun import Rulebook
from afterrun_web.api.schemas.parts import (
    COUNT,
    FLAG,
    NUMBER,
    TEXT,
    VERSIONS,
    Schema,
    many,
    one_of,
    or_null,
    ref,
    thing,
)

_SAID = ("help", "means", "example", "why", "unit", "gate")


def rulebook_schemas(main: Rulebook) -> dict[str, Schema]:
    """The next question, and all of them with what can be concluded."""
    return {
        "Next": thing(
            {
                **VERSIONS,
                "triage": ref("TriageLevel"),
                "at_once": many(TEXT, "What must be told now, before the next question or the result."),
                "next": or_null(ref("Asked")),
            },
            says="What stands so far, and what to ask now; null where no answer can change the result.",
        ),
        "Asked": thing(
            {
                "question": ref("Question"),
                "changes": many(TEXT, "The conclusions that an answer can still change."),
                "left_at_most": {**COUNT, "description": "Questions left, this one included."},
            }
        ),
        "Question": _question(),
        "Option": thing(
            {
                "id": TEXT,
                "text": TEXT,
                "alone": {**FLAG, "description": "Excludes the others: none of these."},
            }
        ),
        "Unit": thing({"id": TEXT, "text": TEXT, "at_most": NUMBER}),
        "Rulebook": thing(
            {
                **VERSIONS,
                "check_in": ref("Stamp"),
                "title": TEXT,
                "purpose": TEXT,
                "limits": many(TEXT, "What it is not."),
                "approval": {**TEXT, "description": "How many rules nobody answers for, and why."},
                "questions": many(ref("Question")),
                "check_in_questions": many(ref("Question")),
                "triage": many(thing({"id": ref("TriageLevel"), "name": TEXT, "do": TEXT})),
                "patterns": many(
                    thing({"id": one_of(main.patterns), "name": TEXT, "text": TEXT, "levels": many(TEXT)})
                ),
                "interventions": many(
                    thing(
                        {
                            "id": one_of(main.interventions),
                            "kind": TEXT,
                            "name": TEXT,
                            "short": TEXT,
                            "steps": many(TEXT),
                        }
                    )
                ),
                "plan": many(thing({"key": TEXT, "text": TEXT, "unit": TEXT})),
                "conclusions": many(TEXT, "Every proposition that `explain` knows by its full name."),
            },
            ["check_in"],
            "What the rulebook asks and can conclude; `check_in` where it has check-ins.",
        ),
    }


def _question() -> Schema:
    properties: dict[str, Schema] = {
        "id": TEXT,
        "section": TEXT,
        "type": one_of(("single", "multi", "integer", "number")),
        "ask": TEXT,
        **dict.fromkeys(_SAID, TEXT),
        "optional": {**FLAG, "description": "May be passed over."},
        "offers_unknown": {**FLAG, "description": "Takes the answer `unknown`."},
        "options": many(ref("Option")),
        "max_choices": COUNT,
        "groups": many(thing({"title": TEXT, "options": many(TEXT)}), "Headings for a long list."),
        "at_least": NUMBER,
        "at_most": NUMBER,
        "unit_key": {**TEXT, "description": "Where the unit of the number stands in an intake."},
        "units": many(ref("Unit")),
    }
    spared = (*_SAID, "max_choices", "groups", "at_least", "at_most", "unit_key", "units")
    return thing(properties, spared, "A question with its words, options and bounds.")
