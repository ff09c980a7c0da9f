"""afterrun: rules that say what they know about a knee that hurts after running, and why.

    rules/ knowledge/  ->  loading  ->  compiling, linking  ->  Rulebook

    intake  ->  facts  ->  forward, reference  ->  triage, ledger, plan  ->  Result
                                  \\->  proofs  ------------------------->  Result
    Result  ->  weekly  ->  Schedule  ->  table, calendar, picture
    intake  ->  facts  ->  relevance  ->  interview  ->  NextQuestion

>>> import afterrun
>>> rulebook = afterrun.load_rulebook()
>>> result = afterrun.assess(rulebook, {"warning_signs": ["calf_swollen"]})
>>> result.triage
'urgent'
>>> afterrun.next_question(rulebook, {}).question.id
'age_years'
"""

from afterrun.assessment import Engine, Result, assess
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
from afterrun.proofs import Leaf, Proof, ProofStep
from afterrun.rulebook import Rulebook
from afterrun.weekly.layout import NoScheduleError, weeks
from afterrun.weekly.nouns import Schedule, Session, State, Week

__all__ = [
    "AfterrunError",
    "Answers",
    "Disagreement",
    "Engine",
    "EngineFault",
    "Entry",
    "Explanation",
    "IntakeError",
    "Leaf",
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
    "as_intake",
    "assess",
    "explain",
    "load_rulebook",
    "next_question",
    "read_answers",
    "weeks",
]
