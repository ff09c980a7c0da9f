"""What a first intake says to whoever treats the person: the story, what it looks like, what was advised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from afterrun.assessment import Case, Result, result_of
from afterrun.explanation import Explanation, explanations_of
from afterrun.inference import Engine, Leaf, Proof
from afterrun.intake import Answers
from afterrun.rulebook import Proposition, Rulebook, approval_words, name_of, stamp_words
from afterrun.rulebook.schema import TriageLevel
from afterrun.telling.audit.report import AnswerRow, answer_rows
from afterrun.telling.audit.view import View
from afterrun.telling.handover.sheet import Block, Handover, Item
from afterrun.telling.result import FIRST_LIMITS, LedgerRow, ledger_rows, plan_rows
from afterrun.versions import ENGINE, SCHEMA

FOLLOWS = ("pattern", "parameter", "intervention", "triage")
"""Kinds of conclusions where there is a plan: answers behind the first of them are cut last."""
PRESSES = ("triage", "pattern", "intervention", "parameter")
"""The same where somebody is to be seen first."""
FROM = " (from files of a watch or an app)"
NOT_SHOWN = " (not shown to the person)"


class Basis(NamedTuple):
    """A first intake, assessed and explained."""

    rulebook: Rulebook
    answers: Answers
    result: Result
    patterns: Mapping[str, str]
    """The strongest proved level of each, whatever the triage hides."""
    explanations: tuple[Explanation, ...]

    @property
    def level(self) -> TriageLevel:
        """How soon to be seen."""
        return self.rulebook.triage[self.result.triage]


def basis_of(rulebook: Rulebook, answers: Answers, engine: Engine = "durable") -> Basis:
    """Assess and explain a first intake."""
    case = Case.of(rulebook, answers, engine)
    return Basis(rulebook, answers, result_of(case), case.proved_patterns, explanations_of(case))


def handover_of(rulebook: Rulebook, answers: Answers, engine: Engine = "durable") -> Handover:
    """The page of one intake."""
    basis = basis_of(rulebook, answers, engine)
    about = f"Record {answers.record_id}. " if answers.record_id else ""
    return Handover(
        title_of(rulebook),
        f"{about}One intake, as it was answered. {answered_words(basis)}",
        basis.level.name,
        said_of(basis.level),
        not basis.level.shows_plan,
        answers_block(basis),
        (pattern_block(basis), advice_block(basis), open_block(basis), plan_block(basis)),
        None,
        foot_of(rulebook),
    )


def said_of(level: TriageLevel) -> str:
    """What the person was told to do, said to whoever treats them."""
    return level.clinician or level.do


def title_of(rulebook: Rulebook) -> str:
    """What the page is."""
    return f"{rulebook.identity.title}: one page for whoever treats it"


def answered_words(basis: Basis) -> str:
    """How much was answered."""
    questions = basis.rulebook.questions
    answered = sum(name in questions for name in basis.result.answers)
    return f"{answered} of {len(questions)} questions answered."


def answers_block(basis: Basis) -> Block:
    """The answers that stand in the proofs of what was concluded, in the order in which they were asked."""
    view = View(basis.rulebook, basis.answers, basis.result.triage, "clinician")
    ranks = _ranks(basis)
    rows = [row for row in answer_rows(view, basis.result) if row.question in ranks]
    clear = [row for row in rows if _none_ticked(basis, row)]
    # That no sign was ticked is one thing to know, and takes the room of one.
    items = [Item(" ".join(row.ask for row in clear), clear[0].answer, -1)] if clear else []
    items += [
        Item(row.ask, f"{row.clinician or row.answer}{FROM if row.behind else ''}", ranks[row.question])
        for row in rows
        if row not in clear
    ]
    title = "The story: answers behind what is said here"
    return Block(title, tuple(items), bold_name=False, passes_over=True)


def pattern_block(basis: Basis) -> Block:
    """What the story looks like, and what was concluded but is not shown."""
    rulebook, shown = basis.rulebook, basis.level.shows_patterns
    proofs = {each.conclusion: each.proof for each in basis.explanations}
    items = []
    for name, strength in basis.patterns.items():
        proof = proofs.get(name_of("pattern", name, strength))
        because = proof.steps[0].because if proof is not None and proof.steps else ""
        items.append(Item(f"{rulebook.patterns[name].called}: {strength}.", because))
    note = "" if items else "None is proved."
    return Block(f"Patterns{'' if shown else NOT_SHOWN}", tuple(items), note)


def advice_block(basis: Basis) -> Block:
    """What was advised, what to do before what to know."""
    items = (Item(f"{row.intervention.called}.", row.note, rank_of(row)) for row in given(basis))
    return Block("Advised", tuple(sorted(items, key=lambda item: item.rank)))


def given(basis: Basis) -> Iterator[LedgerRow]:
    """What is to be done, now or later."""
    return (row for row in ledger_rows(basis.rulebook, basis.result) if row.given)


def rank_of(row: LedgerRow) -> int:
    """What to know is cut before what to do."""
    return int(row.intervention.kind == "explanation")


def open_block(basis: Basis) -> Block:
    """The questions whose answers could still change something."""
    rulebook = basis.rulebook
    items = tuple(Item("", rulebook.questions[name].ask) for name in basis.result.open_questions)
    return Block(
        "Open questions", items, "" if items else "No answer that has to be given could change this."
    )


def plan_block(basis: Basis) -> Block:
    """The plan in numbers."""
    rows = plan_rows(basis.rulebook, basis.result)
    return Block(
        "The plan in numbers", tuple(Item(f"{row.text}:", row.value) for row in rows), bold_name=False
    )


def foot_of(*parts: Rulebook) -> tuple[str, ...]:
    """What the rulebook is not, who answers for it, and which it is."""
    first = parts[0]
    approval = approval_words(*parts)
    stamps = "; ".join(stamp_words(part.stamp) for part in parts)
    return (
        " ".join(first.identity.limits[:FIRST_LIMITS]),
        f"{approval[:1].upper()}{approval[1:]}. Rulebook {stamps}; schema {SCHEMA}, engine {ENGINE}.",
    )


def _ranks(basis: Basis) -> dict[str, int]:
    """Each question that stands in a proof of something concluded, with the rank of the first such thing."""
    order = FOLLOWS if basis.level.shows_plan else PRESSES
    ranks: dict[str, int] = {}
    for each in basis.explanations:
        kind = Proposition.parse(each.conclusion).kind
        if each.value and each.proof is not None and kind in order:
            for question in _questions_in(each.proof):
                rank = order.index(kind)
                ranks[question] = min(rank, ranks.get(question, rank))
    return ranks


def _questions_in(proof: Proof) -> Iterator[str]:
    for step in proof.steps:
        for premise in step.premises:
            if isinstance(premise, Leaf):
                yield from premise.answers
            else:
                yield from _questions_in(premise)


def _none_ticked(basis: Basis, row: AnswerRow) -> bool:
    """Whether a safety question was answered with nothing but 'none of these'."""
    question, given = basis.rulebook.questions[row.question], basis.result.answers[row.question]
    alone = [option.id for option in question.options if option.alone]
    return basis.rulebook.sections[question.section].safety and given == alone
