"""A loaded rulebook held against its own promises: the examples of its rules, and its sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.errors import IntakeError, Problem
from afterrun.inference import Cones, core_limits, facts_of, infer
from afterrun.intake import read_answers
from afterrun.rulebook import LinkedRule, Rulebook, Truth, coverage_problems, engine_of, truth_given
from afterrun.verify.hazards import hazard_problems
from afterrun.verify.uses import misplaced_exercises, misplaced_safety, optional_but_needed, unhelped, unused

_WANTED: Mapping[str, Truth] = {"fires": True, "silent": False, "open": None}
_WORDS: Mapping[Truth, str] = {True: "is proved", False: "is refuted", None: "is open"}


class RuleExample(NamedTuple):
    """An intake that a rule brings, and what the rule is under it."""

    place: str
    wanted: Truth
    intake: Mapping[str, Any]


def check_rulebook(rulebook: Rulebook, *parts: Rulebook) -> list[Problem]:
    """Every promise that the rulebook breaks: what the core could not bear, examples that do otherwise,
    what nothing uses, safety questions that are not asked first, questions without help, exercises that
    no plan names, sources never reached, and what keeps away a harm that no hazard speaks of.

    `parts` are the other parts of it, which share its sources.
    """
    looks = (
        core_limits,
        _example_problems,
        unused,
        misplaced_safety,
        optional_but_needed,
        unhelped,
        misplaced_exercises,
    )
    found = (problem for each in (rulebook, *parts) for look in looks for problem in look(each))
    return [*found, *coverage_problems(rulebook, *parts), *hazard_problems(rulebook, *parts)]


def example_count(rulebook: Rulebook) -> int:
    """How many examples the rules bring."""
    return sum(1 for rule in rulebook.rules.values() for _ in examples_of(rule))


def examples_of(rule: LinkedRule) -> Iterator[RuleExample]:
    """The examples that a rule brings: those that fire, those that stay silent, those left open."""
    if rule.written is not None:
        for kind, wanted in _WANTED.items():
            for place, intake in enumerate(getattr(rule.written.examples, kind)):
                yield RuleExample(f"{kind}[{place}]", wanted, intake)


def _example_problems(rulebook: Rulebook) -> Iterator[Problem]:
    for rule in rulebook.rules.values():
        for place, wanted, example in examples_of(rule):
            where = f"{rule.id}, example {place}"
            try:
                outcome = rule_truth(rulebook, rule, example)
            except IntakeError as error:
                yield from (
                    each._replace(file=rule.file, line=rule.line, key=f"{where}: {each.key}")
                    for each in error.problems
                )
                continue
            if outcome is not wanted:
                message = f"the rule {_WORDS[outcome]}, but the example says it {_WORDS[wanted]}"
                yield Problem(message, rule.file, rule.line, where)


def rule_truth(rulebook: Rulebook, rule: LinkedRule, intake: Mapping[str, Any]) -> Truth:
    """Whether one rule is proved, refuted or open under an intake."""
    facts = facts_of(rulebook, read_answers(rulebook, intake))
    awaited = engine_of(rulebook, Cones).of(rule.conclusions[0])
    return truth_given(rule.formula, facts, infer(rulebook, facts, awaited).truths)
