"""Two assessments side by side: the answers as they are, and as they might be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from afterrun.assessment import Case, Result, result_of
from afterrun.explanation.words import TRUTH_WORDS
from afterrun.inference import Engine, Proof
from afterrun.intake import Answers, as_intake, with_answers
from afterrun.rulebook import Rulebook

T = TypeVar("T")


class Pair(NamedTuple):
    """One thing before and after; None where there is none."""

    before: Any
    after: Any


class ChangedConclusion(NamedTuple):
    """A proposition whose truth changed, with both proofs; an open one has none."""

    conclusion: str
    value: Pair
    proof: Pair

    def to_dict(self) -> dict[str, Any]:
        """The conclusion as JSON."""

        def plain(proof: Proof | None) -> dict[str, Any] | None:
            return proof.to_dict() if proof else None

        return {
            "conclusion": self.conclusion,
            "before": TRUTH_WORDS[self.value.before],
            "after": TRUTH_WORDS[self.value.after],
            "proof_before": plain(self.proof.before),
            "proof_after": plain(self.proof.after),
        }


class WhatIf(NamedTuple):
    """All that differs between two results; a mapping holds only what differs."""

    before: Result
    after: Result
    answers: Mapping[str, Pair]
    patterns: Mapping[str, Pair]
    interventions: Mapping[str, Pair]
    """The statuses in the ledger, by intervention."""
    plan: Mapping[str, Pair]
    opened: tuple[str, ...]
    """Questions that would newly be open."""
    closed: tuple[str, ...]
    skipped: tuple[str, ...]
    """Questions that no longer apply, so that their answers no longer count."""
    conclusions: tuple[ChangedConclusion, ...]

    @property
    def triage(self) -> Pair:
        """The triage level before and after, the same or not."""
        return Pair(self.before.triage, self.after.triage)

    def to_dict(self) -> dict[str, Any]:
        """The differences as JSON."""
        return {
            "answers": _plain(self.answers),
            "triage": self.triage._asdict(),
            "patterns": _plain(self.patterns),
            "interventions": _plain(self.interventions),
            "plan": _plain(self.plan),
            "open_questions": {"opened": list(self.opened), "closed": list(self.closed)},
            "skipped": list(self.skipped),
            "conclusions": [each.to_dict() for each in self.conclusions],
        }


def what_if(
    rulebook: Rulebook,
    intake: Mapping[str, Any] | Answers,
    instead: Mapping[str, Any],
    *,
    engine: Engine = "durable",
) -> WhatIf:
    """Assess an intake, and again with some answers given otherwise (None takes one away).

    Raises IntakeError as `read_answers` does when an answer is not allowed, and EngineFault as `assess`.
    """
    first = Case.of(rulebook, intake, engine)
    given = with_answers(rulebook, {**as_intake(rulebook, first.answers), **first.answers.units}, instead)
    second = Case.of(rulebook, given, engine)
    before, after = result_of(first), result_of(second)
    return WhatIf(
        before,
        after,
        _differing(before.answers, after.answers),
        _differing(before.patterns, after.patterns),
        _differing(_statuses(before), _statuses(after)),
        _differing(before.plan, after.plan),
        tuple(name for name in after.open_questions if name not in before.open_questions),
        tuple(name for name in before.open_questions if name not in after.open_questions),
        tuple(_newly_skipped(first, second)),
        tuple(_changed_conclusions(first, second)),
    )


def _newly_skipped(first: Case, second: Case) -> Iterable[str]:
    for name, skip in first.rulebook.skips.items():
        if name in second.answers.values and second.truth(skip) and not first.truth(skip):
            yield name


def _changed_conclusions(first: Case, second: Case) -> Iterable[ChangedConclusion]:
    for name in first.rulebook.propositions:
        values = Pair(first.truths.get(name), second.truths.get(name))
        if values.before is not values.after:
            proofs = Pair(first.prover.proof(name), second.prover.proof(name))
            yield ChangedConclusion(name, values, proofs)


def _statuses(result: Result) -> dict[str, str]:
    return {entry.id: entry.status for entry in result.ledger}


def _differing(before: Mapping[str, T], after: Mapping[str, T]) -> dict[str, Pair]:
    names = dict.fromkeys((*before, *after))
    return {
        name: Pair(before.get(name), after.get(name))
        for name in names
        if name != "record_id" and (name in before, before.get(name)) != (name in after, after.get(name))
    }


def _plain(pairs: Mapping[str, Pair]) -> dict[str, Any]:
    return {name: pair._asdict() for name, pair in pairs.items()}
