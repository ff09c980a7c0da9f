"""Firings in, proofs out: for each conclusion the rules and answers it rests on, and no others.

A proof is first read off the record of firings. Then every answer is tried: if the conclusion
would stand without it, it is left out and the proof made anew from the answers that remain. So
the leaf answers of a proof prove it alone, and none of them can be spared.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

from afterrun.inference.compiled import CompiledLogic, Lanes
from afterrun.inference.cones import Cones
from afterrun.inference.facts import FactMaker, cell_of_measure
from afterrun.inference.firings import Firing, Inference, Premise, TestPremise
from afterrun.inference.reference import infer
from afterrun.intake import FROM_FILES, Answers, FromFiles, Value, entries_as_json, plain
from afterrun.rulebook import LinkedRule, Rulebook, engine_of, levels_behind, name_of


class Leaf(NamedTuple):
    """A premise read off answers."""

    subject: str
    """The question or measure tested."""
    test: str
    holds: bool
    answers: Mapping[str, Any]
    """The answers it was read off, by question."""
    from_files: Mapping[str, FromFiles] = {}
    """The runs behind those of them that came from the person's own files."""

    def to_dict(self) -> dict[str, Any]:
        """The leaf as JSON."""
        told = {"test": f"{self.subject} {self.test}", "holds": self.holds, "answers": dict(self.answers)}
        return {**told, FROM_FILES: entries_as_json(self.from_files)} if self.from_files else told


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
        self._facts = engine_of(rulebook, FactMaker)
        self._logic = engine_of(rulebook, CompiledLogic)
        self._record = _Record(rulebook, answers, inference)
        self._questions = list(answers.values)
        self._without = self._without_each(answers.values, self._questions)

    def proof(self, proposition: str) -> Proof | None:
        """The proof that a proposition is true or false; None while it is open."""
        if proposition not in self._inference.truths:
            return None
        values, record = self._answers.values, self._record
        kept = [proposition]
        if self._inference.truths[proposition]:
            # The reason of a level stays that of the level, though fewer answers prove a weaker one.
            levels = levels_behind(record.proving(proposition).formula)
            kept += [name for level in levels if self._inference.truths.get(name := name_of("triage", level))]
        while True:
            proof = record.proof(proposition)
            used = {question: values[question] for question in proof.answers()}
            spare = self._spare(kept, proof.value, used)
            if spare is None:
                return proof
            values = {question: value for question, value in used.items() if question != spare}
            cone = engine_of(self._rulebook, Cones).of(proposition)
            fewer = self._answers._replace(values=values)
            record = _Record(self._rulebook, fewer, infer(self._rulebook, self._facts.facts(values), cone))

    def step(self, rule: str) -> ProofStep | None:
        """Why one rule fired, or could not, down to the answers; None while it is open."""
        firing = self._record.settled.get(rule)
        if firing is None:
            return None
        step = self._record.step(firing)
        premises = (
            each if isinstance(each, Leaf) else self.proof(each.conclusion) or each for each in step.premises
        )
        return step._replace(premises=tuple(premises))

    def _spare(self, kept: Sequence[str], value: bool, used: Mapping[str, Value]) -> str | None:
        """Some answer without which the others settle these propositions all the same."""
        needed = self._survivors(self._without, kept, value)
        doubtful = [
            question
            for place, question in enumerate(self._questions)
            if question in used and needed >> place & 1
        ]
        if not doubtful:
            # Not to be spared even among all answers, so not among these few.
            return None
        survivors = self._survivors(self._without_each(used, doubtful), kept, value)
        return next((question for place, question in enumerate(doubtful) if survivors >> place & 1), None)

    @staticmethod
    def _survivors(lanes: Callable[[str], Lanes], kept: Sequence[str], value: bool) -> int:
        return reduce(operator.and_, (lanes(name).true if value else lanes(name).false for name in kept))

    def _without_each(self, values: Mapping[str, Value], questions: Sequence[str]) -> Callable[[str], Lanes]:
        """Every proposition when only `values` are known, less the i-th question in lane i."""
        everywhere = (1 << len(questions)) - 1
        places = {question: place for place, question in enumerate(questions)}
        without = {
            question: self._facts.numbers({name: value for name, value in values.items() if name != question})
            for question in questions
        }
        known: dict[str, tuple[int, int]] = {}
        for variable, cell in self._facts.facts(values).items():
            each = self._rulebook.variables[variable]
            lanes = everywhere
            for question in each.questions:
                if question in places and (
                    len(each.questions) == 1 or cell_of_measure(each, without[question]) is None
                ):
                    lanes &= ~(1 << places[question])
            known[variable] = (cell, lanes)
        return self._logic.settle(known)


class _Record:
    """The firings of one inference, found by what they concluded."""

    def __init__(self, rulebook: Rulebook, answers: Answers, inference: Inference) -> None:
        self._rulebook = rulebook
        self._values = answers.values
        self._from_files = answers.from_files
        self._truths = inference.truths
        self.settled = {each.rule: each for each in inference.firings}
        """Each rule that fired or is refuted."""
        self._made: dict[str, Proof] = {}

    def proving(self, proposition: str) -> LinkedRule:
        """The rule that gives the reason of a proposition that is proved."""
        return next(rule for rule in self._rulebook.propositions[proposition] if self._fired(rule))

    def proof(self, proposition: str) -> Proof:
        if proposition not in self._made:
            if self._truths[proposition]:
                rules: Sequence[LinkedRule] = [self.proving(proposition)]
            else:
                rules = self._rulebook.propositions[proposition]
            steps = tuple(self.step(self.settled[rule.id]) for rule in rules)
            self._made[proposition] = Proof(proposition, self._truths[proposition], steps)
        return self._made[proposition]

    def _fired(self, rule: LinkedRule) -> bool:
        return rule.id in self.settled and self.settled[rule.id].holds

    def step(self, firing: Firing) -> ProofStep:
        rule = self._rulebook.rules[firing.rule]
        premises = tuple(self._premise(premise) for premise in firing.premises)
        return ProofStep(rule.id, firing.holds, rule.because, rule.sources, premises)

    def _premise(self, premise: Premise) -> Proof | Leaf:
        if isinstance(premise, TestPremise):
            variable = self._rulebook.variables[premise.leaf.variable]
            given = {
                question: plain(self._rulebook.questions[question], self._values[question])
                for question in variable.questions
                if question in self._values
            }
            behind = {name: each for name, each in self._from_files.items() if name in given}
            return Leaf(variable.subject, premise.leaf.test, premise.holds, given, behind)
        return self.proof(premise.proposition)
