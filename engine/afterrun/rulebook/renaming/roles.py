"""What the texts of each field name: a question, an option of one, a finding, a pattern.

A role says it of a text or a list of texts. A pair is for a mapping: of its keys, and of their values; an
option is one of the question that the key or field beside it names. Fields without a role name none of
these; a test holds that every field that names something is either here or among the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

QUESTION = "question"
"""Or a measure: whatever a test may be on."""
OPTION = "option"
PROPOSITION = "proposition"
PATTERN = "pattern"
OPERAND = "operand"
"""A formula, or the question or measure that stands for one."""
NEEDS = "needs"
"""An option of the question about equipment."""

ANSWERS = (QUESTION, OPTION)
"""Answers, by question."""

ROLES: Mapping[str, Mapping[str, Any]] = {
    "Question": {
        "id": QUESTION,
        "options_from": QUESTION,
        "options_but": OPTION,
        "ungrouped": OPTION,
        "unknown_reads": OPTION,
        "skipped_reads": OPTION,
    },
    "Option": {"id": OPTION},
    "Group": {"options": OPTION},
    "Earlier": {"gone": (None, OPTION), "narrower": OPTION, "where": ANSWERS},
    "TestOn": {"subject": QUESTION},
    "Test": {"is": OPTION, "one_of": OPTION, "includes": OPTION, "includes_any": OPTION},
    "Measure": {"id": QUESTION},
    "Finding": {"id": PROPOSITION},
    "Pattern": {"id": PATTERN},
    "Code": {"pattern": PATTERN},
    "PlanItem": {"answer": QUESTION, "by_option": (QUESTION, (OPTION, None))},
    "SchemeEntry": {"week": OPERAND},
    "Exercise": {"needs": NEEDS},
    "Rise": {"goal": QUESTION},
    "Ask": {"unless_known": QUESTION},
    "Rule": {"then": PROPOSITION},
    "Examples": {"fires": ANSWERS, "silent": ANSWERS, "open": ANSWERS},
    "Refuted": {"refuted": PROPOSITION},
    "Open": {"open": PROPOSITION},
    "Shows": {"shows": PATTERN},
    "Blank": {"blank": QUESTION},
    "AnswerNumber": {"answer": QUESTION},
    "Enrolment": {"from_answers": QUESTION, "unsaid": ANSWERS, "ran": QUESTION},
    "Unasked": {"facts": ANSWERS, "where": ANSWERS},
    "Doubt": {"answer": QUESTION, "over": QUESTION, "where": ANSWERS},
    "Signs": {"question": QUESTION, "joins": QUESTION, "otherwise": QUESTION, "without_answers": ANSWERS},
    "Move": {"forgets": QUESTION},
    "Keep": {
        "fact": QUESTION,
        "answer": QUESTION,
        "value": OPTION,
        "counts": PROPOSITION,
        "at_most": QUESTION,
        "when": PROPOSITION,
        "unless": PROPOSITION,
    },
    "Stage": {"plans": (QUESTION, None), "needs": QUESTION, "finds": QUESTION},
    "Diary": {
        "from_plan": QUESTION,
        "from_answers": QUESTION,
        "programme": QUESTION,
        "looks_back_on": QUESTION,
        "looks_ahead": QUESTION,
        "may_change": QUESTION,
        "begins_with": (None, ANSWERS[:1] * 2),
        "forgets": (None, QUESTION),
        "measures_pain": QUESTION,
        "measures_amount": QUESTION,
        "missed": QUESTION,
    },
}
"""By class and by the key as it is written. The operands of functions, all texts, are questions."""

OF_QUESTION = {"Question": "id", "Keep": "fact"}
"""The field that names the question to which the options of an entry belong."""
