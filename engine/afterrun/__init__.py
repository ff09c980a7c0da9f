"""afterrun: rules that say what they know about a knee that hurts after running, and why.

    rules/ knowledge/  ->  loading  ->  compiling, linking  ->  Rulebook

    intake  ->  facts  ->  forward, reference  ->  triage, ledger, plan  ->  Result
                                  \\->  proofs  ------------------------->  Result
    record  ->  check_in  ->  CheckIn
    Result  ->  weekly  ->  Schedule  ->  table, calendar, picture
    intake  ->  facts  ->  relevance  ->  interview  ->  NextQuestion
    intake  ->  explanation: why, why not    questions_why: why asked
            ->  what_if: what else           nearest_changes: what it would take

>>> import afterrun
>>> rulebook = afterrun.load_rulebook()
>>> result = afterrun.assess(rulebook, {"warning_signs": ["calf_swollen"]})
>>> result.triage
'urgent'
>>> afterrun.next_question(rulebook, {}).question.id
'age_years'
"""

from afterrun.assessment import Engine, Result, assess
from afterrun.checkins import CheckIn, check_in
from afterrun.errors import (
    AfterrunError,
    Disagreement,
    EngineFault,
    IntakeError,
    Problem,
    RulebookError,
    UnknownNameError,
)
from afterrun.explanation import Explanation, explain
from afterrun.intake import Answers, as_intake, read_answers
from afterrun.interview import NextQuestion, next_question
from afterrun.ledger import Entry
from afterrun.loading import load_rulebook
from afterrun.nearest_changes import AnswerChange, Nearest, NearestChange, nearest_changes
from afterrun.proofs import Leaf, Proof, ProofStep
from afterrun.questions_why import WhyAsked, why_asked
from afterrun.rulebook import Rulebook
from afterrun.weekly.layout import NoScheduleError, weeks
from afterrun.weekly.nouns import Schedule, Session, State, Week
from afterrun.what_if import WhatIf, what_if

__all__ = [
    "AfterrunError",
    "AnswerChange",
    "Answers",
    "CheckIn",
    "Disagreement",
    "Engine",
    "EngineFault",
    "Entry",
    "Explanation",
    "IntakeError",
    "Leaf",
    "Nearest",
    "NearestChange",
    "NextQuestion",
    "NoScheduleError",
    "Problem",
    "Proof",
    "ProofStep",
    "Result",
    "Rulebook",
    "RulebookError",
    "Schedule",
    "Session",
    "State",
    "UnknownNameError",
    "Week",
    "WhatIf",
    "WhyAsked",
    "as_intake",
    "assess",
    "check_in",
    "explain",
    "load_rulebook",
    "nearest_changes",
    "next_question",
    "read_answers",
    "weeks",
    "what_if",
    "why_asked",
]
