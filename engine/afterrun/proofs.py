"""Firings in, proofs out: for each conclusion the rules and answers it rests on, and no others.

A proof is first read off the record of firings. Then every answer is tried: if the conclusion
would stand without it, it is left out and the proof made anew from the answers that remain. So
the leaf answers of a proof prove it alone, and none of them can be spared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.cones import Cones
from afterrun.facts import FactMaker
from afterrun.firings import Answered, Firing, Inference, Premise
from afterrun.intake import Answers, Value, plain
from afterrun.lanes import without_each
from afterrun.reference import infer
from afterrun.rulebook import Rulebook


class Leaf(NamedTuple):
    """A premise read off answers."""

    subject: str
    """The question or measure tested."""
    test: str
    holds: bool
    answers: Mapping[str, Any]
    """The answers it was read off, by question."""

    def to_dict(self) -> dict[str, Any]:
        """The leaf as JSON."""
        return {"test": f"{self.subject} {self.test}", "holds": self.holds, "answers": dict(self.answers)}


class ProofStep(NamedTuple):
    """One rule within a proof: fired, or refuted."""

    rule: str
    holds: bool
    because: str
    sources: tuple[str, ...]
    premises: tuple[Proof | Leaf, ...]

    def to_dict(self) -> dict[str, Any]:
        """The step as JSON."""
        return {
            "rule": self.rule,
            "holds": self.holds,
            "because": self.because,
            "sources": list(self.sources),
            "premises": [premise.to_dict() for premise in self.premises],
        }


class Proof(NamedTuple):
    """Why a proposition is true (one rule proved it) or false (every rule for it is refuted)."""

    conclusion: str
    value: bool
    steps: tuple[ProofStep, ...]

    def to_dict(self) -> dict[str, Any]:
        """The proof as JSON, down to the answers."""
        return {
            "conclusion": self.conclusion,
            "value": self.value,
            "steps": [step.to_dict() for step in self.steps],
        }

    def leaves(self) -> Iterator[Leaf]:
        """Every answer that the proof rests on, in the order of reading; some may come twice."""
        for step in self.steps:
            for premise in step.premises:
                if isinstance(premise, Leaf):
                    yield premise
                else:
                    yield from premise.leaves()

    def answers(self) -> dict[str, Any]:
        """The leaf answers, by question: these alone prove the conclusion."""
        return {question: value for leaf in self.leaves() for question, value in leaf.answers.items()}


class Prover:
    """Proofs of what was concluded from one person's answers."""

    def __init__(self, rulebook: Rulebook, answers: Answers, inference: Inference) -> None:
        self._rulebook = rulebook
        self._answers = answers
        self._inference = inference
        self._facts = rulebook.compiled(FactMaker)
        self._record = _Record(rulebook, answers.values, inference)

    def proof(self, proposition: str) -> Proof | None:
        """The proof that a proposition is true or false; None while it is open."""
        if proposition not in self._inference.truths:
            return None
        values, record = self._answers.values, self._record
        while True:
            proof = record.proof(proposition)
            used = {question: values[question] for question in proof.answers()}
            spare = self._spare(proposition, proof.value, used)
            if spare is None:
                return proof
            values = {question: value for question, value in used.items() if question != spare}
            cone = self._rulebook.compiled(Cones).of(proposition)
            record = _Record(self._rulebook, values, infer(self._rulebook, self._facts.facts(values), cone))

    def _spare(self, proposition: str, value: bool, used: Mapping[str, Value]) -> str | None:
        """Some answer without which the proposition is settled all the same."""
        questions = list(used)
        everywhere = (1 << len(questions)) - 1
        tests: dict[str, tuple[int, int]] = {}
        for name, cell in self._facts.facts(used).items():
            lanes = everywhere
            for question in self._rulebook.variables[name].questions:
                if question in used and not self._survives(name, question, used):
                    lanes &= ~(1 << questions.index(question))
            tests[name] = (cell, lanes)
        cone = self._rulebook.compiled(Cones).of(proposition)
        result = without_each(self._rulebook, cone, tests)[proposition]
        settled = (result.true if value else result.false) & everywhere
        return next((question for place, question in enumerate(questions) if settled >> place & 1), None)

    def _survives(self, variable: str, question: str, used: Mapping[str, Value]) -> bool:
        """Whether a measure keeps its value without one of its answers."""
        if len(self._rulebook.variables[variable].questions) == 1:
            return False
        fewer = {name: value for name, value in used.items() if name != question}
        return variable in self._facts.facts(fewer)


class _Record:
    """The firings of one inference, found by what they concluded."""

    def __init__(self, rulebook: Rulebook, values: Mapping[str, Value], inference: Inference) -> None:
        self._rulebook = rulebook
        self._values = values
        self._truths = inference.truths
        self._proved: dict[str, Firing] = {}
        self._refuted: dict[str, Firing] = {}
        for firing in inference.firings:
            if firing.holds:
                for conclusion in rulebook.rules[firing.rule].conclusions:
                    self._proved.setdefault(conclusion, firing)
            else:
                self._refuted[firing.rule] = firing

    def proof(self, proposition: str) -> Proof:
        if self._truths[proposition]:
            firings = [self._proved[proposition]]
        else:
            firings = [self._refuted[rule.id] for rule in self._rulebook.propositions[proposition]]
        return Proof(proposition, self._truths[proposition], tuple(self._step(firing) for firing in firings))

    def _step(self, firing: Firing) -> ProofStep:
        rule = self._rulebook.rules[firing.rule]
        premises = tuple(self._premise(premise) for premise in firing.premises)
        return ProofStep(rule.id, firing.holds, rule.because, rule.sources, premises)

    def _premise(self, premise: Premise) -> Proof | Leaf:
        if isinstance(premise, Answered):
            variable = self._rulebook.variables[premise.leaf.variable]
            given = {
                question: plain(self._rulebook.questions[question], self._values[question])
                for question in variable.questions
                if question in self._values
            }
            return Leaf(variable.subject, premise.leaf.test, premise.holds, given)
        return self.proof(premise.proposition)
