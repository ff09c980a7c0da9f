"""A changed rule put in its place in a rulebook, without loading the rulebook again.

All variables get a cell for every number that any change mentions, so that the facts of an intake
are the same under every change and are made once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from afterrun.rulebook import Formula, LinkedRule, Or, Rulebook, Vocabulary
from afterrun.rulebook.schema import Condition
from afterrun.verify.mutation.mutants import Mutant, nameable

_NEVER: Formula = Or(())


class Relinked(NamedTuple):
    """A changed rulebook, and the rules in it that are not as they were."""

    rulebook: Rulebook
    rules: Mapping[str, LinkedRule]
    only_rules: bool = True
    """False when a skip or a condition in the plan differs too."""


class Relinker:
    """A rulebook whose variables have room for changes."""

    def __init__(self, rulebook: Rulebook, mutants: Iterable[Mutant] = ()) -> None:
        self._names = [each.name for each in nameable(rulebook)]
        self._vocabulary = Vocabulary(rulebook.questions, rulebook.measures, self._names)
        changed = (mutant.condition for mutant in mutants)
        for condition in (*_conditions(rulebook), *changed):
            if condition is not None:
                self._vocabulary.note_thresholds(condition)
        self._vocabulary.make_variables()
        rules = self._rules(rulebook, self._vocabulary)
        self.rulebook = _with_rules(
            _copy(
                rulebook,
                variables=self._vocabulary.variables,
                skips=self._vocabulary.skips,
                plan_conditions=self._plan_conditions(rulebook, self._vocabulary),
            ),
            rules,
        )

    def formula(self, condition: Condition) -> Formula:
        """What a condition becomes in this rulebook."""
        return _compile(self._vocabulary, condition)

    def apply(self, mutant: Mutant) -> Relinked:
        """The rulebook with one change in it."""
        kind, _, name = mutant.owner.rpartition(" ")
        if kind == "question":
            return self._with_skip(name, mutant.condition)
        if kind == "plan":
            assert mutant.condition is not None
            conditions = {**self.rulebook.plan_conditions, int(name): self.formula(mutant.condition)}
            return Relinked(_copy(self.rulebook, plan_conditions=conditions), {}, False)
        formula = _NEVER if mutant.condition is None else self.formula(mutant.condition)
        rule = self.rulebook.rules[name]._replace(formula=formula, conclusions=mutant.conclusions)
        return Relinked(_with_rules(self.rulebook, {name: rule}), {name: rule})

    def _with_skip(self, name: str, condition: Condition | None) -> Relinked:
        question = self.rulebook.questions[name].changed(skip_when=condition)
        questions = {**self.rulebook.questions, name: question}
        vocabulary = Vocabulary(questions, self.rulebook.measures, self._names)
        vocabulary.variables = self._vocabulary.variables
        rules = self._rules(self.rulebook, vocabulary)
        changed = {
            key: rule for key, rule in rules.items() if rule.formula != self.rulebook.rules[key].formula
        }
        plan_conditions = self._plan_conditions(self.rulebook, vocabulary)
        rulebook = _copy(
            self.rulebook,
            questions=questions,
            skips=vocabulary.skips,
            plan_conditions=plan_conditions,
        )
        return Relinked(_with_rules(rulebook, changed), changed, False)

    def _rules(self, rulebook: Rulebook, vocabulary: Vocabulary) -> dict[str, LinkedRule]:
        return {
            rule.id: rule
            if rule.written is None
            else rule._replace(formula=_compile(vocabulary, rule.written.if_))
            for rule in rulebook.rules.values()
        }

    def _plan_conditions(self, rulebook: Rulebook, vocabulary: Vocabulary) -> dict[int, Formula]:
        return {
            place: _compile(vocabulary, item.when)
            for place, item in enumerate(rulebook.plan)
            if item.when is not None
        }


def _with_rules(rulebook: Rulebook, rules: Mapping[str, LinkedRule]) -> Rulebook:
    """The rulebook with some rules in the places of those with the same id.

    The order of the propositions is the unchanged rulebook's: whoever evaluates a changed one must
    find an order of their own.
    """
    propositions = dict(rulebook.propositions)
    for rule_id, rule in rules.items():
        for name in dict.fromkeys((*rulebook.rules[rule_id].conclusions, *rule.conclusions)):
            others = [each for each in propositions.get(name, ()) if each.id != rule_id]
            here = [rule] if name in rule.conclusions else []
            propositions[name] = (*others, *here)
    return _copy(rulebook, rules={**rulebook.rules, **rules}, propositions=propositions)


def _copy(rulebook: Rulebook, **changes: Any) -> Rulebook:
    """A changed copy, which must not share what was built from the one it was copied from."""
    return replace(rulebook, **changes, _compiled={}, _lock=threading.RLock())


def _compile(vocabulary: Vocabulary, condition: Condition) -> Formula:
    return vocabulary.compile(condition, (), _refuse)


def _refuse(path: object, message: str, near: str) -> None:
    raise ValueError(f"a change that does not link: {message}")


def _conditions(rulebook: Rulebook) -> Iterable[Condition]:
    for rule in rulebook.rules.values():
        if rule.written is not None:
            yield rule.written.if_
    for question in rulebook.questions.values():
        if question.skip_when is not None:
            yield question.skip_when
    for item in rulebook.plan:
        if item.when is not None:
            yield item.when
