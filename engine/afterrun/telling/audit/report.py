"""What stands in the report: everything said of one intake, in the order in which it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from afterrun.assessment import Case, Result, result_of
from afterrun.explanation import Explanation, explanations_of, sources_in
from afterrun.inference import Engine
from afterrun.intake import Answers
from afterrun.rulebook import Proposition, Rulebook, lack_of, name_of, review_words, written_rules
from afterrun.rulebook.schema import Code
from afterrun.telling.audit.proof import Claim, claim_of
from afterrun.telling.audit.view import View
from afterrun.telling.result import LedgerRow, PlanRow, ledger_rows, plan_rows

_UNSPECIFIED = re.compile(r"(\S+) unspecified( \([^)]*\))?")


class AnswerRow(NamedTuple):
    """One answer: as the person gave it, and as a clinician would put it."""

    question: str
    ask: str
    answer: str
    clinician: str


class FiredRow(NamedTuple):
    """One rule that fired, and who answers for it."""

    rule: str
    because: str
    approval: str
    approved: bool


class Contents(NamedTuple):
    """The report before it is drawn."""

    view: View
    result: Result
    answers: tuple[AnswerRow, ...]
    claims: tuple[Claim, ...]
    """Every conclusion, whatever its truth and whatever the triage hides."""
    ledger: tuple[LedgerRow, ...]
    plan: tuple[PlanRow, ...]
    also: tuple[FiredRow, ...]
    """Rules that gave the level beside the one whose proof is told."""
    codes: tuple[tuple[Code, str], ...]
    """Classification codes, each with that of ICD-10 written with the side left open."""
    sources: tuple[str, ...]
    """Every source that something in the report names."""


def contents_of(rulebook: Rulebook, answers: Answers, engine: Engine = "durable") -> Contents:
    """Assess and explain one intake, and lay out what to tell."""
    case = Case.of(rulebook, answers, engine)
    result, explanations = result_of(case), explanations_of(case)
    view = View(rulebook, answers, result.triage, "clinician")
    plan = tuple(plan_rows(rulebook, result))
    sources = [*sources_in(each.proof for each in explanations)]
    sources += [key for row in plan for key in row.sources]
    return Contents(
        view,
        result,
        tuple(answer_rows(view, result)),
        tuple(claim_of(view, each) for each in explanations),
        tuple(ledger_rows(rulebook, result)),
        plan,
        tuple(also_giving(rulebook, result)),
        tuple(_codes(rulebook, explanations)),
        tuple(dict.fromkeys(sources)),
    )


def answer_rows(view: View, result: Result) -> Iterator[AnswerRow]:
    """The answers in the order of their questions."""
    for name, question in view.rulebook.questions.items():
        if name in result.answers:
            value = result.answers[name]
            given = value if isinstance(value, list) else [value]
            options = [option for option in question.options if option.id in given]
            differs = any(option.clinician for option in options)
            clinician = "; ".join(option.clinician or option.text for option in options) if differs else ""
            yield AnswerRow(name, question.ask, view.answer(name, value), clinician)


def fired_rows(rulebook: Rulebook, result: Result) -> Iterator[FiredRow]:
    """The rules that somebody wrote among those that fired, in the order in which they did."""
    written = {rule.id: rule for rule in written_rules(rulebook)}
    for rule in (written[name] for name in result.fired if name in written):
        approved = lack_of(rulebook, rule) is None
        yield FiredRow(rule.id, rule.because, review_words(rulebook, rule), approved)


def also_giving(rulebook: Rulebook, result: Result) -> Iterator[FiredRow]:
    """The rules that gave the level besides the one whose proof is told: no sign stands behind another."""
    level = name_of("triage", result.triage)
    proof = result.because.get(level)
    told = {step.rule for step in proof.steps} if proof is not None else set()
    for row in fired_rows(rulebook, result):
        if level in rulebook.rules[row.rule].conclusions and row.rule not in told:
            yield row


def _codes(rulebook: Rulebook, explanations: tuple[Explanation, ...]) -> Iterator[tuple[Code, str]]:
    if rulebook.codes is None:
        return
    concluded = (Proposition.parse(each.conclusion) for each in explanations if each.value)
    proved = {each.subject for each in concluded if each.kind == "pattern"}
    # The file's first code is its default, that of the symptom; the rest hang on a pattern.
    for place, code in enumerate(rulebook.codes.codes):
        if place == 0 or code.pattern in proved:
            found = _UNSPECIFIED.search(code.icd_10_cm)
            yield code, found.expand(r"\1 (side unspecified)\2") if found else code.icd_10_cm
