"""A changed item put in its place in a rulebook, without loading the rulebook again.

All variables get a cell for every number that any change mentions, so that the facts of an intake
are the same under every change and are made once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from afterrun.rulebook import LinkedRule, Or, Rulebook, Vocabulary
from afterrun.verify.cases import OfPlan, OfRule, OfSkip, owners_in
from afterrun.verify.mutation.mutants import Mutant


class ChangedRulebook(NamedTuple):
    """A changed rulebook, and the rules in it that are not as they were."""

    rulebook: Rulebook
    rules: Mapping[str, LinkedRule]
    only_rules: bool = True
    """False when a skip or a condition in the plan differs too."""


class Relinker:
    """A rulebook whose variables have room for changes."""

    def __init__(self, rulebook: Rulebook, mutants: Iterable[Mutant] = ()) -> None:
        self._vocabulary = Vocabulary.of(rulebook)
        for owner in owners_in(rulebook):
            self._vocabulary.note_thresholds(getattr(owner.written(rulebook), owner.field))
        for mutant in mutants:
            if mutant.condition is not None:
                self._vocabulary.note_thresholds(mutant.condition)
        self._vocabulary.make_variables()
        self.rulebook = _relink(rulebook, self._vocabulary).rulebook

    def apply(self, mutant: Mutant) -> ChangedRulebook:
        """The rulebook with one change in it."""
        rulebook, condition = self.rulebook, mutant.condition
        formula = Or(()) if condition is None else self._vocabulary.formula(condition)
        match mutant.owner:
            case OfSkip(name):
                changed = replace(rulebook, questions={**rulebook.questions, name: mutant.now})
                return _relink(changed, Vocabulary.of(changed))
            case OfPlan(place):
                conditions = {**rulebook.plan_conditions, place: formula}
                plan = (*rulebook.plan[:place], mutant.now, *rulebook.plan[place + 1 :])
                return ChangedRulebook(replace(rulebook, plan=plan, plan_conditions=conditions), {}, False)
            case OfRule(name):
                rule = rulebook.rules[name]._replace(formula=formula)
                if mutant.now is not None:
                    rule = rule._replace(conclusions=mutant.now.conclusions)
                return ChangedRulebook(_with_rules(rulebook, {name: rule}), {name: rule})


def _relink(rulebook: Rulebook, vocabulary: Vocabulary) -> ChangedRulebook:
    """A rulebook with every condition compiled again."""
    rules = {}
    for rule in rulebook.rules.values():
        formula = rule.formula if rule.written is None else vocabulary.formula(rule.written.if_)
        if formula != rule.formula:
            rules[rule.id] = rule._replace(formula=formula)
    conditions = {
        place: vocabulary.formula(item.when)
        for place, item in enumerate(rulebook.plan)
        if item.when is not None
    }
    relinked = replace(
        rulebook, variables=vocabulary.variables, skips=vocabulary.skips, plan_conditions=conditions
    )
    return ChangedRulebook(_with_rules(relinked, rules), rules, False)


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
    return replace(rulebook, rules={**rulebook.rules, **rules}, propositions=propositions)
