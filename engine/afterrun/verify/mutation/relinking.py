"""A changed item put in its place in a rulebook, without loading the rulebook again.

All variables get a cell for every number that any change mentions, so that the facts of an intake
are the same under every change of a condition and are made once. A change of what answers are read
as, or of a measure, changes the facts themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from afterrun.rulebook import Formula, LinkedRule, Or, Rulebook, Vocabulary, name_of, names_in
from afterrun.rulebook.schema import Parameter
from afterrun.verify.cases import (
    OfMeasure,
    OfParameter,
    OfPlan,
    OfQuestion,
    OfRule,
    OfSchedule,
    Refused,
    condition_held,
    owners_in,
)
from afterrun.verify.mutation.mutants import Mutant


class ChangedRulebook(NamedTuple):
    """A changed rulebook, and what of it is not as it was."""

    rulebook: Rulebook
    rules: Mapping[str, LinkedRule]
    """The rules that are not as they were."""
    only_rules: bool = True
    """False when a skip, the plan or a choice differs too."""
    same_facts: bool = True
    """False when an intake may have other facts than before, or rules read them otherwise."""
    measures: tuple[str, ...] = ()
    """The measures that may come to something else."""


class Relinker:
    """A rulebook whose variables have room for changes."""

    def __init__(self, rulebook: Rulebook, mutants: Iterable[Mutant] = ()) -> None:
        self._vocabulary = Vocabulary.of(rulebook)
        held = [condition_held(owner, owner.written(rulebook)) for owner in owners_in(rulebook)]
        for condition in (*held, *(mutant.condition for mutant in mutants)):
            if condition is not None:
                self._vocabulary.note_thresholds(condition)
        self._vocabulary.make_variables()
        self.rulebook = _relink(rulebook, self._vocabulary).rulebook

    def apply(self, mutant: Mutant) -> ChangedRulebook:
        """The rulebook with one change in it. Raises Refused where loading would."""
        rulebook = self.rulebook
        match mutant.owner:
            case OfQuestion(name):
                changed = replace(rulebook, questions={**rulebook.questions, name: mutant.now})
                if mutant.kind == "reading":
                    relinked = _relink(changed, self._vocabulary.with_other(changed))
                    return relinked._replace(same_facts=False, measures=_resting_on(changed, name))
                return _relink(changed, Vocabulary.of(changed))
            case OfMeasure(name):
                changed = replace(rulebook, measures={**rulebook.measures, name: mutant.now})
                try:
                    relinked = _relink(changed, self._vocabulary.with_other(changed))
                except ValueError as error:
                    # A rule tells an unknown from a skip, which of this measure it cannot.
                    raise Refused(str(error)) from error
                return relinked._replace(same_facts=False, measures=_resting_on(changed, name))
            case OfPlan(place):
                return ChangedRulebook(self._with_entry(place, mutant), {}, False)
            case OfParameter(name):
                return _with_parameter(rulebook, rulebook.parameters[name], mutant.now)
            case OfSchedule(part, place):
                now = mutant.now
                if place is not None:
                    before = getattr(rulebook.schedule, part)
                    now = (*before[:place], now, *before[place + 1 :])
                assert rulebook.schedule is not None
                schedule = rulebook.schedule.changed(**{part: now})
                return ChangedRulebook(replace(rulebook, schedule=schedule), {}, False)
            case OfRule(name):
                rule = rulebook.rules[name]._replace(formula=self._formula(mutant))
                if mutant.now is not None:
                    rule = rule._replace(conclusions=mutant.now.conclusions)
                return ChangedRulebook(_with_rules(rulebook, {name: rule}), {name: rule})

    def _formula(self, mutant: Mutant) -> Formula:
        return Or(()) if mutant.condition is None else self._vocabulary.formula(mutant.condition)

    def _with_entry(self, place: int, mutant: Mutant) -> Rulebook:
        rulebook = self.rulebook
        before, conditions = rulebook.plan[place], dict(rulebook.plan_conditions)
        # An entry that is dropped keeps its place and never stands.
        now = before.changed(for_=None) if mutant.now is None else mutant.now
        if now.for_ is None:
            conditions[place] = self._formula(mutant)
        plan = (*rulebook.plan[:place], now, *rulebook.plan[place + 1 :])
        return replace(rulebook, plan=plan, plan_conditions=conditions)


def _resting_on(rulebook: Rulebook, name: str) -> tuple[str, ...]:
    """The measures that are made of a question or measure, and that measure itself."""
    found = {name} & rulebook.measures.keys()
    while (
        more := {
            each.id for each in rulebook.measures.values() if {name, *found} & set(names_in(each.formula))
        }
        - found
    ):
        found |= more
    return tuple(each for each in rulebook.measures if each in found)


def _with_parameter(rulebook: Rulebook, before: Parameter, now: Parameter) -> ChangedRulebook:
    """Another way to win, or another value, which the rules that choose it then conclude."""
    changed = replace(rulebook, parameters={**rulebook.parameters, before.id: now})
    names = {
        name_of("parameter", before.id, old): name_of("parameter", before.id, new)
        for old, new in zip(before.values, now.values, strict=True)
        if old != new
    }
    rules = {
        rule.id: rule._replace(conclusions=tuple(names.get(each, each) for each in rule.conclusions))
        for rule in rulebook.rules.values()
        if names.keys() & set(rule.conclusions)
    }
    return ChangedRulebook(_with_rules(changed, rules), rules, False)


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
