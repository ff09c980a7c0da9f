"""One rule, or one source, before one person: what fired, what did not, what is open, and why."""

from __future__ import annotations

from typing import Any, NamedTuple

from afterrun.assessment import Case
from afterrun.explanation.citations import Citation, Citations
from afterrun.explanation.skips import Premise
from afterrun.explanation.words import TRUTH_WORDS
from afterrun.inference import ProofStep
from afterrun.rulebook import CellTest, LinkedRule, Ref, Truth, atoms, engine_of


class Part(NamedTuple):
    """One test or proposition of a rule's condition, and whether it holds."""

    subject: str
    """What is tested, or the proposition."""
    test: str
    value: Truth

    @property
    def name(self) -> str:
        """The subject with its test."""
        return f"{self.subject} {self.test}".strip()

    @property
    def premise(self) -> Premise:
        """Its place among the premises of a rule."""
        return self.subject, self.test

    def to_dict(self) -> dict[str, Any]:
        """The part as JSON."""
        return {"name": self.name, "value": TRUTH_WORDS[self.value]}


class RuleStanding(NamedTuple):
    """Why one rule fired, did not, or is open."""

    rule: LinkedRule
    value: Truth
    """Whether it fired."""
    step: ProofStep | None
    """What it stood on, or what refutes it; None while it is open."""
    parts: tuple[Part, ...]
    """Every test and proposition of its condition, skips included."""
    concludes: tuple[Part, ...]
    """What it concludes, each true or not by whatever rule."""
    settled_by: tuple[str, ...]
    """The questions that would settle it."""

    def to_dict(self) -> dict[str, Any]:
        """The rule as JSON."""
        return {
            "rule": self.rule.id,
            "fired": TRUTH_WORDS[self.value],
            "because": self.rule.because,
            "sources": list(self.rule.sources),
            "concludes": [each.to_dict() for each in self.concludes],
            "parts": [each.to_dict() for each in self.parts],
            "step": None if self.step is None else self.step.to_dict(),
            "settled_by": list(self.settled_by),
        }


class SourceStanding(NamedTuple):
    """What one source stands behind, and what became of it here."""

    citation: Citation
    rules: tuple[tuple[LinkedRule, Truth], ...]
    """The rules that name it, each fired or not."""
    plan_keys: tuple[tuple[str, bool], ...]
    """The keys of the plan with a line that names it, and whether that line gives the value here."""

    def to_dict(self) -> dict[str, Any]:
        """The source as JSON."""
        return {
            **self.citation._asdict(),
            "rules": [
                {"rule": rule.id, "fired": TRUTH_WORDS[value], "concludes": list(rule.conclusions)}
                for rule, value in self.rules
            ],
            "plan_keys": [{"key": key, "gives": gives} for key, gives in self.plan_keys],
        }


def rule_standing(case: Case, rule: LinkedRule) -> RuleStanding:
    """Why a rule fired, did not, or is open."""
    value = case.truth(rule.formula)
    return RuleStanding(
        rule,
        value,
        case.prover.step(rule.id),
        tuple(_part(case, atom) for atom in dict.fromkeys(atoms(rule.formula))),
        tuple(Part(name, "", case.truths.get(name)) for name in rule.conclusions),
        case.waiting_for(rule.formula) if value is None else (),
    )


def source_standing(case: Case, key: str) -> SourceStanding:
    """What became of all that a source stands behind."""
    rulebook, planner = case.rulebook, case.planner
    keys: dict[str, bool] = {}
    settled: set[str] = set()
    for place, item in enumerate(rulebook.plan):
        gives = bool(planner.applies(place, item)) and item.key not in settled
        settled |= {item.key} if gives else set()
        if key in item.sources:
            keys[item.key] = keys.get(item.key, False) or gives
    rules = (rule for rule in rulebook.rules.values() if rule.written is not None and key in rule.sources)
    return SourceStanding(
        engine_of(rulebook, Citations)[key],
        tuple((rule, case.truth(rule.formula)) for rule in rules),
        tuple(keys.items()),
    )


def _part(case: Case, atom: CellTest | Ref) -> Part:
    if isinstance(atom, Ref):
        return Part(atom.proposition, "", case.truth(atom))
    return Part(case.rulebook.variables[atom.variable].subject, atom.test, case.truth(atom))
