"""What comes back of an intake and of a check-in, as `to_dict` of `Result` and `CheckIn` writes it."""

from __future__ import annotations

from collections.abc import Iterable

from afterrun import Rulebook
from afterrun.assessment import part_of
from afterrun.intake import FROM_FILES, RECORD_ID
from afterrun.rulebook import DISPLAY, STATUSES
from afterrun_web.api.schemas.parts import (
    ANYTHING,
    COUNT,
    DIGEST,
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

STAMP = {
    "Stamp": thing(
        {
            "name": TEXT,
            "version": TEXT,
            "digest": DIGEST,
            "review_was_due": {"type": "string", "format": "date"},
        },
        ["review_was_due"],
        "Which rules answered; `review_was_due` where they should have been looked at again before today.",
    )
}
PROOFS = {
    "Proof": thing(
        {"conclusion": TEXT, "value": FLAG, "steps": many(ref("ProofStep"))},
        says="Why a proposition is true (one rule proved it) or false (every rule for it is refuted).",
    ),
    "ProofStep": thing(
        {
            "rule": TEXT,
            "holds": FLAG,
            "because": TEXT,
            "sources": many(TEXT),
            "premises": many({"anyOf": [ref("Proof"), ref("Leaf")]}),
        },
        ["rule", "sources"],
        "One rule within a proof: fired, or refuted. A person is told no rules and sources.",
    ),
}


def _leaf(main: Rulebook) -> Schema:
    answers = {"answers": by_name(ANYTHING, "The answers it was read off, by question.")}
    if main.history is not None:
        answers[FROM_FILES] = by_name(ref("FromFiles"), "The runs behind those that came from files.")
    return thing({"test": TEXT, "holds": FLAG, **answers}, [FROM_FILES], "A premise read off answers.")


def result_schemas(main: Rulebook, check_in: Rulebook | None) -> dict[str, Schema]:
    """The result of an intake, and of a check-in."""
    result = thing(
        {
            RECORD_ID: TEXT,
            **VERSIONS,
            "triage": ref("TriageLevel"),
            **_told(main, "Intake"),
        },
        [RECORD_ID],
        "What the rules say about one intake, with a proof for each conclusion.",
    )
    return {
        **STAMP,
        **PROOFS,
        "Leaf": _leaf(main),
        "TriageLevel": one_of(main.triage, main.identity.triage_text),
        "IntakeEntry": _entry(main.interventions),
        "Result": result,
        **(_check_in_schemas(check_in) if check_in is not None else {}),
    }


def _check_in_schemas(check_in: Rulebook) -> dict[str, Schema]:
    _, base = part_of(check_in)
    said = thing(
        {
            RECORD_ID: TEXT,
            **VERSIONS,
            "status": one_of(check_in.triage, check_in.identity.triage_text),
            "actions": many(one_of(check_in.interventions), "What to do, most pressing first."),
            "triage": one_of(base.triage, f"{base.identity.triage_text}, where a new sign changes it."),
            "triage_note": TEXT,
            **_told(check_in, "CheckIn"),
        },
        [RECORD_ID, "triage", "triage_note", "patterns"],
        "What the rules say about one check-in; triage and patterns only where they change.",
    )
    for spared in ("interventions", "plan_choices"):
        del said["properties"][spared]
        said["required"].remove(spared)
    return {"CheckInEntry": _entry(check_in.interventions), "CheckIn": said}


def pattern_levels(rulebook: Rulebook) -> Schema:
    """The level of each pattern that has one."""
    return some(
        {each.id: one_of(each.levels, each.name) for each in rulebook.patterns.values()},
        "The strongest proved level of each pattern that may be shown.",
    )


def _told(rulebook: Rulebook, part: str) -> dict[str, Schema]:
    choice = thing({"by": TEXT, "lost": many(thing({"value": NUMBER, "by": TEXT}))})
    return {
        "patterns": pattern_levels(rulebook),
        "interventions": many(one_of(rulebook.interventions), "What to do now or later."),
        "beyond_article": many(
            one_of([*rulebook.patterns, *rulebook.interventions]),
            "Patterns and interventions among what is told that the article does not cover.",
        ),
        "ledger": many(ref(f"{part}Entry"), "Every intervention that a rule gave, with that rule."),
        "plan": _plan(rulebook),
        "plan_choices": by_name(
            choice, "For each key that rules chose among several values: by which rule, and what lost."
        ),
        "open_questions": many(
            one_of(rulebook.questions), "Questions whose answer can still change what is told."
        ),
        "fired": many(TEXT, "The rules that fired, in order."),
        "because": by_name(ref("Proof"), "The proof of each conclusion."),
    }


def _entry(interventions: Iterable[str]) -> Schema:
    names = list(interventions)
    return thing(
        {
            "id": one_of(names),
            "status": one_of(STATUSES),
            "by": TEXT,
            "from_week": COUNT,
            "into": one_of(names),
        },
        ["from_week", "into"],
        "What became of an intervention, and the rule that decided.",
    )


def _plan(rulebook: Rulebook) -> Schema:
    keys: dict[str, Schema] = {}
    for item in rulebook.plan:
        for key, text in ((item.key, item.text), *item.also.items()):
            keys.setdefault(key, {"description": text})
    keys[DISPLAY] = by_name(or_null(NUMBER), "The plan's amounts in whole steps.")
    return some(keys, "The plan's values by key; null where an answer is missing, or it is asked first.")
