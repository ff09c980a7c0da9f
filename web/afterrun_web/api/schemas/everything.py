"""Every schema by its name: what is sent, what comes back, and what is refused."""

from __future__ import annotations

from afterrun import Rulebook
from afterrun_web.api.members import MOST_NAMES
from afterrun_web.api.operations import INSTEAD, INTAKE, MOST_CHANGES, MOST_NEAREST, READERS
from afterrun_web.api.preferences import MOST_AWAY, keys_of
from afterrun_web.api.schemas.inquiries import inquiry_schemas
from afterrun_web.api.schemas.intakes import files_schemas, intake_schema, record_schema
from afterrun_web.api.schemas.parts import COUNT, TEXT, VERSIONS, Schema, many, one_of, ref, thing
from afterrun_web.api.schemas.results import result_schemas
from afterrun_web.api.schemas.rulebooks import rulebook_schemas
from afterrun_web.api.schemas.schedules import DAY, preferences_schema, schedule_schemas


def schemas_of(main: Rulebook, check_in: Rulebook | None) -> dict[str, Schema]:
    """The schemas of a rulebook."""
    return {
        "Intake": intake_schema(main),
        **files_schemas(main),
        **({} if check_in is None else {"CheckInRecord": record_schema(check_in)}),
        **_requests(main),
        **result_schemas(main, check_in),
        **inquiry_schemas(main),
        **schedule_schemas(main),
        **rulebook_schemas(main),
        "Problems": thing(
            {
                "type": TEXT,
                "title": TEXT,
                "status": COUNT,
                "detail": {**TEXT, "description": "All of it in words, a line a problem."},
                "problems": many(ref("Problem")),
                **VERSIONS,
            },
            says="Why there is no answer (RFC 9457), in the words of the command line.",
        ),
        "Problem": thing(
            {
                "key": {**TEXT, "description": "The member that it is about; blank where it is about all."},
                "place": {**TEXT, "description": "Where it stands: body, and the line."},
                "message": TEXT,
                "nearest": {**TEXT, "description": "The nearest name that there is."},
            },
            ["nearest"],
        ),
    }


def _requests(main: Rulebook) -> dict[str, Schema]:
    intake = ref("Intake")
    optional = [each.id for each in main.questions.values() if each.optional]
    names = many(TEXT, f"Full names, as {next(iter(main.propositions))}, or short ones.", maxItems=MOST_NAMES)
    reader = one_of(READERS, "A person is told no more than the triage lets be shown; clinician if left out.")
    return {
        "NextRequest": thing(
            {
                INTAKE: intake,
                "passed_over": many(one_of(optional), "Optional questions left blank.", maxItems=MOST_NAMES),
            },
            ["passed_over"],
        ),
        "ExplainRequest": thing(
            {
                INTAKE: intake,
                "conclusions": {
                    **names,
                    "description": "Why these are so, or not so; keys of the plan, rules and sources too.",
                },
                "questions": many(one_of(main.questions), "Why these are asked.", maxItems=MOST_NAMES),
                "nearest": {
                    **names,
                    "maxItems": MOST_NEAREST,
                    "description": "What it would take to prove or refute these.",
                },
                "at_most": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MOST_CHANGES,
                    "description": "Answers that a nearest change may change.",
                },
                "reader": reader,
            },
            ["conclusions", "questions", "nearest", "at_most", "reader"],
            "Asked for nothing by name, every conclusion is explained.",
        ),
        "WhatIfRequest": thing(
            {
                INTAKE: intake,
                INSTEAD: {**intake, "description": "Other answers; null takes one away."},
                "reader": reader,
            },
            ["reader"],
        ),
        "PlanRequest": thing(
            {
                INTAKE: intake,
                "start": {**DAY, "description": "The first day of week 1."},
                "preferences": preferences_schema(MOST_AWAY, keys_of(main.schedule)),
                "person": {**TEXT, "description": "Whose plan it is; record_id, or me, if left out."},
            },
            ["preferences", "person"],
        ),
    }
