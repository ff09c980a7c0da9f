"""What comes back of why, why not, why asked, what if and the nearest changes."""

from __future__ import annotations

from afterrun import Rulebook
from afterrun.intake import RECORD_ID
from afterrun.rulebook import STATUSES
from afterrun_web.api.schemas.parts import (
    ANYTHING,
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

TRUTH = one_of(("true", "false", "open"))


def inquiry_schemas(rulebook: Rulebook) -> dict[str, Schema]:
    """Findings, and what they consist of."""
    question = one_of(rulebook.questions)
    findings = {
        RECORD_ID: TEXT,
        **VERSIONS,
        "explanations": many(ref("Explanation")),
        "why_asked": many(ref("WhyAsked")),
        "what_if": ref("WhatIf"),
        "nearest": many(ref("Nearest")),
        "standings": many(
            ref("Standing"), "Of several levels, statuses or values, which one stands, and why."
        ),
        "plan_numbers": many(ref("PlanNumber"), "How numbers of the plan and measures came by their values."),
        "rules": many(ref("RuleStanding"), "Why rules fired, did not, or are open; for a clinician."),
        "named_sources": many({"type": "object"}, "What sources stand behind; for a clinician."),
        "measures": many(_working({"measure": TEXT}), "The computed numbers in the proofs."),
        "unknown": many(
            thing({"question": question, "read_as": TEXT}), 'What each "I don\'t know" was read as.'
        ),
        "asked_because": many(
            thing(
                {
                    "rule": TEXT,
                    "question": question,
                    "state": one_of(("asked", "skipped")),
                    "because": TEXT,
                }
            ),
            "Premises of rules that only say whether a question is asked; for a clinician.",
        ),
        "sources": by_name(ref("Citation"), "What stands behind the rules, for a clinician."),
        "evidence": many(
            {"type": "object"}, "How the claims behind it stand against the literature, for a clinician."
        ),
        "hidden": {**FLAG, "description": "Whether something was left out that a person may not see yet."},
    }
    return {
        "Findings": thing(
            findings, [name for name in findings if name not in VERSIONS], "What was asked for."
        ),
        "Explanation": thing(
            {"conclusion": TEXT, "value": TRUTH, "proof": _proof(), "settled_by": many(question)},
            says="One proposition: true or false with its proof, or open with the questions that settle it.",
        ),
        "WhyAsked": thing(
            {
                "question": question,
                "state": one_of(("open", "answered", "skipped", "idle")),
                "answer": ANYTHING,
                "changes": many(TEXT, "Conclusions that the answer can change, or settled."),
                "plan_keys": many(TEXT),
                "rules": many(
                    thing({"rule": TEXT, "because": TEXT, "sources": many(TEXT)}, ["rule", "sources"])
                ),
            },
            says="One question, and what hangs on it.",
        ),
        "Standing": _standing(),
        "PlanNumber": _plan_number(rulebook),
        "RuleStanding": thing(
            {
                "rule": TEXT,
                "fired": TRUTH,
                "because": TEXT,
                "sources": many(TEXT),
                "concludes": many(thing({"name": TEXT, "value": TRUTH})),
                "parts": many(thing({"name": TEXT, "value": TRUTH}), "Its condition, test by test."),
                "step": or_null(ref("ProofStep")),
                "settled_by": many(question),
            },
            says="One rule before one person.",
        ),
        "WhatIf": _what_if(rulebook),
        "ChangedConclusion": thing(
            {
                "conclusion": TEXT,
                "before": TRUTH,
                "after": TRUTH,
                "proof_before": _proof(),
                "proof_after": _proof(),
            }
        ),
        "Nearest": thing(
            {
                "conclusion": TEXT,
                "value": TRUTH,
                "wanted": TRUTH,
                "at_most": COUNT,
                "fixed": many(question, "Questions behind it whose answers are never changed."),
                "sets": many(
                    thing(
                        {"size": COUNT, "changes": many(ref("AnswerChange")), "intake": ref("Intake")},
                        says="A set of changes that suffices, and no part of which does.",
                    )
                ),
            },
            says="Every smallest set of other answers that would prove or refute a conclusion.",
        ),
        "AnswerChange": thing(
            {
                "question": question,
                "now": ANYTHING,
                "instead": ANYTHING,
                "ticked": many(TEXT),
                "unticked": many(TEXT),
                "range": some(dict.fromkeys(("at_least", "over", "at_most", "under"), NUMBER)),
            },
            ["ticked", "unticked", "range"],
            "One question answered otherwise.",
        ),
        "Citation": thing({"key": TEXT, "kind": TEXT, "text": TEXT, "note": TEXT, "url": TEXT}),
    }


def _standing() -> Schema:
    candidate = thing({"conclusion": TEXT, "value": TRUTH, "by": many(TEXT)}, ["by"])
    return thing(
        {
            "subject": TEXT,
            "stands": or_null(TEXT),
            "waits_for": or_null(TEXT),
            "wins": one_of(("strongest", "overrules", "largest", "smallest")),
            "set_aside": {**FLAG, "description": "Whether the triage level keeps it from the person."},
            "candidates": many(candidate, "The one that wins over all others first."),
        },
        says="What stands of several levels, statuses or values.",
    )


def _plan_number(rulebook: Rulebook) -> Schema:
    status = one_of(("", "stands", "absent", "gives_way", "open"))
    waits = thing(
        {
            "name": TEXT,
            "value": TRUTH,
            "by": many(TEXT),
            "asks": many(TEXT),
            "status": {**status, "description": "What became of a status of an intervention."},
            "over": {**TEXT, "description": "The status that it gives way to."},
        }
    )
    line = thing({"applies": TRUTH, "from": TEXT, "waits_for": many(waits)})
    given = thing(
        {
            "question": {**TEXT, "description": "Or a key of the plan, or a week's amount."},
            "answer": ANYTHING,
            "how": one_of(("answered", "unknown", "skipped", "blank", "open", "plan")),
            "reads": TEXT,
            "text": {**TEXT, "description": "What it is called where it is no question."},
        }
    )
    return thing(
        {
            "key": TEXT,
            "kind": one_of(("plan", "week", "measure")),
            "text": TEXT,
            "state": one_of(("given", "asked_later", "open", "absent")),
            "value": ANYTHING,
            "display": or_null(NUMBER),
            "hidden": FLAG,
            "line": or_null(COUNT),
            "lines": many(line, "The first that applies gives the value; for a clinician."),
            "working": or_null(_working({})),
            "inputs": many(given),
            "choices": many(ref("Standing"), "The rates in it, each with the rule that chose it."),
            "rounded_down_to": many(NUMBER),
            "asked_later": TEXT,
            "note": {**TEXT, "description": "What the plan says beside it."},
            "missing": many(one_of(rulebook.questions)),
            "sources": many(TEXT),
        },
        ["lines", "sources"],
        "How a key of the plan, the amount of one of its weeks or a measure came by its value.",
    )


def _working(more: dict[str, Schema]) -> Schema:
    found = {"formula": TEXT, "value": or_null(NUMBER), "unit": TEXT, "words": TEXT, "steps": many(TEXT)}
    return thing({**more, **found}, says="A number, and the arithmetic that gave it.")


def _proof() -> Schema:
    return or_null(ref("Proof"))


def _pair(each: Schema) -> Schema:
    return thing({"before": each, "after": each})


def _what_if(rulebook: Rulebook) -> Schema:
    status = or_null(one_of(STATUSES))
    questions = many(one_of(rulebook.questions))
    return thing(
        {
            "answers": by_name(_pair(ANYTHING)),
            "triage": _pair(ref("TriageLevel")),
            "patterns": some(
                {each.id: _pair(or_null(one_of(each.levels))) for each in rulebook.patterns.values()}
            ),
            "interventions": some({name: _pair(status) for name in rulebook.interventions}),
            "plan": by_name(_pair(ANYTHING)),
            "open_questions": thing({"opened": questions, "closed": questions}),
            "skipped": questions,
            "conclusions": many(ref("ChangedConclusion")),
        },
        ["conclusions"],
        "All that differs; a mapping holds only what differs. A person is told no conclusions by name.",
    )
