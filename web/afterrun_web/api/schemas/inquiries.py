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
        "rulebook": ref("Stamp"),
        "explanations": many(ref("Explanation")),
        "why_asked": many(ref("WhyAsked")),
        "what_if": ref("WhatIf"),
        "nearest": many(ref("Nearest")),
        "sources": by_name(ref("Citation"), "What stands behind the rules, for a clinician."),
        "evidence": many(
            {"type": "object"}, "How the claims behind it stand against the literature, for a clinician."
        ),
        "hidden": {**FLAG, "description": "Whether something was left out that a person may not see yet."},
    }
    return {
        "Findings": thing(findings, [name for name in findings if name != "rulebook"], "What was asked for."),
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
