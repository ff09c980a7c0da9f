"""What stands in the report: everything said of one intake, in the order in which it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from afterrun.assessment import Result, assess
from afterrun.explanation import Explanation, explain, number, plan_words, sources_in, with_unit
from afterrun.inference import Engine
from afterrun.intake import Answers
from afterrun.rulebook import Proposition, Rulebook
from afterrun.rulebook.schema import Code, PlanItem
from afterrun.telling.audit_words import answer_in_words

_UNSPECIFIED = re.compile(r"(\S+) unspecified( \([^)]*\))?")


class AnswerRow(NamedTuple):
    """One answer: as the runner gave it, and as a clinician would put it."""

    question: str
    ask: str
    answer: str
    clinician: str


class PlanRow(NamedTuple):
    """One key of the plan."""

    key: str
    text: str
    value: str
    by: str
    """The rule that chose the value, if rules chose it."""
    lost: tuple[tuple[str, str], ...]
    """Each value that lost, and its rule."""
    sources: tuple[str, ...]


class LedgerRow(NamedTuple):
    """What became of one intervention."""

    id: str
    name: str
    do: str
    status: str
    note: str
    by: str
    given: bool


class SuggestedCode(NamedTuple):
    """A classification code with the side left open."""

    condition: str
    icd_10: str
    icd_11: str
    confidence: str
    caution: str


class Contents(NamedTuple):
    """The report before it is drawn."""

    rulebook: Rulebook
    result: Result
    answers: tuple[AnswerRow, ...]
    triage: tuple[Explanation, ...]
    holding: tuple[Explanation, ...]
    """Patterns, interventions and chosen numbers that are proved, whatever the triage hides."""
    refuted: tuple[Explanation, ...]
    """Patterns that are ruled out."""
    open: tuple[Explanation, ...]
    ledger: tuple[LedgerRow, ...]
    plan: tuple[PlanRow, ...]
    codes: tuple[SuggestedCode, ...]
    sources: tuple[str, ...]
    """Every source that something in the report names."""


def contents_of(rulebook: Rulebook, answers: Answers, engine: Engine = "durable") -> Contents:
    """Assess and explain one intake, and lay out what to tell."""
    result = assess(rulebook, answers, engine=engine)
    explanations = explain(rulebook, answers, engine=engine)
    triage = tuple(each for each in explanations if _kind(each) == "triage" and each.value)
    others = [each for each in explanations if _kind(each) != "triage"]
    plan = tuple(_plan_rows(rulebook, result))
    told = [each.proof for each in explanations]
    sources = [*sources_in(told), *(source for row in plan for source in row.sources)]
    return Contents(
        rulebook,
        result,
        tuple(_answer_rows(rulebook, result)),
        triage,
        tuple(each for each in others if each.value),
        tuple(each for each in others if each.value is False),
        tuple(each for each in explanations if each.value is None),
        tuple(_ledger_rows(rulebook, result)),
        plan,
        tuple(_codes(rulebook, explanations)),
        tuple(dict.fromkeys(sources)),
    )


def _kind(explanation: Explanation) -> str:
    return Proposition.parse(explanation.conclusion).kind


def _answer_rows(rulebook: Rulebook, result: Result) -> Iterator[AnswerRow]:
    for name, question in rulebook.questions.items():
        if name not in result.answers:
            continue
        value: Any = result.answers[name]
        given = value if isinstance(value, list) else [value]
        clinician = [option.clinician or option.text for option in question.options if option.id in given]
        differs = any(option.clinician for option in question.options if option.id in given)
        words = answer_in_words(rulebook, name, value, result.answers)
        yield AnswerRow(name, question.ask, words, "; ".join(clinician) if differs else "")


def _plan_rows(rulebook: Rulebook, result: Result) -> Iterator[PlanRow]:
    for key, value in result.plan.items():
        item = next(each for each in rulebook.plan if each.key == key)
        choice = result.plan_choices.get(key, {})
        lost = tuple(
            (with_unit(number(each["value"]), item.unit), str(each["by"])) for each in choice.get("lost", ())
        )
        words = _not_known(item) if value is None else plan_words(rulebook, item, value, result.answers)
        yield PlanRow(key, item.text, words, str(choice.get("by", "")), lost, item.sources)


def _not_known(item: PlanItem) -> str:
    return f"not known yet. {item.asked_later}".strip()


def _ledger_rows(rulebook: Rulebook, result: Result) -> Iterator[LedgerRow]:
    for entry in result.ledger:
        intervention = rulebook.interventions[entry.id]
        note = f"from week {entry.from_week}" if entry.from_week else ""
        if entry.into:
            note = f"part of: {rulebook.interventions[entry.into].name}"
        given = entry.id in result.interventions
        yield LedgerRow(
            entry.id,
            intervention.name,
            intervention.do,
            entry.status.replace("_", " "),
            note,
            entry.by,
            given,
        )


def _codes(rulebook: Rulebook, explanations: tuple[Explanation, ...]) -> Iterator[SuggestedCode]:
    if rulebook.codes is None:
        return
    concluded = (Proposition.parse(each.conclusion) for each in explanations if each.value)
    proved = {each.subject for each in concluded if each.kind == "pattern"}
    # The file's first code is its default, that of the symptom; the rest hang on a pattern.
    for place, code in enumerate(rulebook.codes.codes):
        if place == 0 or code.pattern in proved:
            yield _suggested(code)


def _suggested(code: Code) -> SuggestedCode:
    found = _UNSPECIFIED.search(code.icd_10_cm)
    icd_10 = f"{found[1]} (side unspecified){found[2] or ''}" if found else code.icd_10_cm
    return SuggestedCode(code.condition, icd_10, code.icd_11, code.confidence, code.caution)
