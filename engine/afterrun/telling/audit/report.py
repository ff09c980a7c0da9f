"""What stands in the report: everything said of one intake, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.assessment import Case, Result, result_of
from afterrun.explanation import Explanation, Standing, also_giving, explained, sources_in
from afterrun.inference import Engine
from afterrun.intake import Answers
from afterrun.rulebook import LinkedRule, Proposition, Rulebook, lack_of, review_words, written_rules
from afterrun.rulebook.schema import Classified, Code, Coded
from afterrun.telling.audit.proofs.tree import Claim, claim_of
from afterrun.telling.audit.view import View
from afterrun.telling.result import LedgerRow, PlanRow, ledger_rows, plan_rows


class AnswerRow(NamedTuple):
    """One answer: as the person gave it, and as a clinician would put it."""

    question: str
    ask: str
    answer: str
    clinician: str
    behind: str = ""
    """The runs of the person's own files that it came from."""


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
    codes: tuple[tuple[Code, str, str], ...]
    """What may be coded, with the codes of ICD-10-CM and of ICD-11 in words, the side left open."""
    sources: tuple[str, ...]
    """Every source that something in the report names."""


def contents_of(rulebook: Rulebook, answers: Answers, engine: Engine = "durable") -> Contents:
    """Assess and explain one intake, and lay out what to tell."""
    case = Case.of(rulebook, answers, engine)
    view = View(rulebook, answers, case.level.id, "clinician")
    result, told = result_of(case), explained(case)
    claims = tuple(claim_of(view, each, told.standings) for each in told.explanations)
    plan = tuple(plan_rows(rulebook, result))
    sources = [*sources_in(each.proof for each in told.explanations)]
    sources += [key for row in plan for key in row.sources]
    return Contents(
        view,
        result,
        tuple(answer_rows(view, result)),
        claims,
        tuple(ledger_rows(rulebook, result)),
        plan,
        tuple(_also(rulebook, claims, told.standings)),
        tuple(_codes(rulebook, told.explanations)),
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
            yield AnswerRow(name, question.ask, view.answer(name, value), clinician, view.behind(name))


def fired_rows(rulebook: Rulebook, result: Result) -> Iterator[FiredRow]:
    """The rules that somebody wrote among those that fired, in the order in which they did."""
    written = {rule.id: rule for rule in written_rules(rulebook)}
    return (_fired(rulebook, written[name]) for name in result.fired if name in written)


def _fired(rulebook: Rulebook, rule: LinkedRule) -> FiredRow:
    return FiredRow(rule.id, rule.because, review_words(rulebook, rule), lack_of(rulebook, rule) is None)


def _also(rulebook: Rulebook, claims: Iterable[Claim], standings: Iterable[Standing]) -> Iterator[FiredRow]:
    told = {reason.rule for claim in claims if claim.kind == "triage" for reason in claim.reasons}
    for each in standings:
        for given in each.proved if each.subject == "triage" else ():
            if given.conclusion == each.stands:
                yield from (_fired(rulebook, rule) for rule in also_giving(rulebook, given, told))


def _codes(rulebook: Rulebook, explanations: tuple[Explanation, ...]) -> Iterator[tuple[Code, str, str]]:
    if rulebook.codes is None:
        return
    concluded = (Proposition.parse(each.conclusion) for each in explanations if each.value)
    proved = {each.subject for each in concluded if each.kind == "pattern"}
    # The file's first code is its default, that of the symptom; the rest hang on a pattern.
    for place, code in enumerate(rulebook.codes.codes):
        if place == 0 or code.pattern in proved:
            yield code, classified_words(code.icd_10_cm), classified_words(code.icd_11)


def classified_words(classified: Classified) -> str:
    """What a classification has for a condition whose side nobody asked for.

    >>> from afterrun.rulebook.schema import Coded
    >>> right, open = Coded(code="M1", side="right"), Coded(code="M9", side="unspecified")
    >>> classified_words(Classified(check=("A",), title="Patella", codes=(right, open)))
    'M9 Patella'
    """
    asked = [each for each in classified.codes if each.side not in (None, "unspecified")]
    told = [each for each in classified.codes if each not in asked] or asked
    words = (_coded_words(classified, each) for each in told)
    return "; ".join((*filter(None, [classified.words]), *words))


def _coded_words(classified: Classified, coded: Coded) -> str:
    side = coded.side if coded.side not in (None, "unspecified") else ""
    note = ", ".join(filter(None, (side, coded.note)))
    words = f"{coded.code} {classified.title_of(coded)}".strip()
    return f"{words} ({note})" if note else words
