"""A loaded rulebook held against its own promises: the examples of its rules, and its sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from afterrun.errors import IntakeError, Problem
from afterrun.inference import Cones, core_limits, facts_of, infer
from afterrun.intake import read_answers
from afterrun.rulebook import (
    LinkedRule,
    ReadRulebook,
    Rulebook,
    Truth,
    coverage_problems,
    engine_of,
    truth_given,
)
from afterrun.verify.hazards import hazard_problems
from afterrun.verify.intact import Intact
from afterrun.verify.safety import misplaced_safety, unguarded_signs, untested_signs
from afterrun.verify.uses import misplaced_exercises, optional_but_needed, unhelped, unused

_WANTED: Mapping[str, Truth] = {"fires": True, "silent": False, "open": None}
_WORDS: Mapping[Truth, str] = {True: "is proved", False: "is refuted", None: "is open"}


class RuleExample(NamedTuple):
    """An intake that a rule brings, and what the rule is under it."""

    place: str
    wanted: Truth
    intake: Mapping[str, Any]


class Checked(NamedTuple):
    """The parts of a rulebook, the main one first, and all that is wrong with any."""

    parts: tuple[Rulebook, ...]
    """None where a file of one could not be loaded."""
    problems: list[Problem]


def check_parts(parts: Sequence[ReadRulebook]) -> Checked:
    """Check the parts of a rulebook as far as they could be read: a mistake hides nothing elsewhere."""
    rulebooks = tuple(read.rulebook for read in parts)
    wrong = [each for read in parts for each in read.problems]
    if not wrong:
        return Checked(rulebooks, check_rulebook(*rulebooks))
    # What only all parts together say has to wait until they can be read.
    left = (
        each for read in parts for each in (_check_rest(read) if read.problems else check_part(read.rulebook))
    )
    return Checked((), list(dict.fromkeys((*wrong, *left))))


def check_rulebook(rulebook: Rulebook, *parts: Rulebook) -> list[Problem]:
    """Every promise that the rulebook breaks: those of each part alone, sources never reached, and what
    keeps away a harm that no hazard speaks of.

    `parts` are the other parts of it, which share its sources.
    """
    found = [problem for each in (rulebook, *parts) for problem in check_part(each)]
    return [*found, *coverage_problems(rulebook, *parts), *hazard_problems(rulebook, *parts)]


def check_part(rulebook: Rulebook) -> list[Problem]:
    """Every promise that a part breaks by itself: what the core could not bear, examples that do otherwise,
    what nothing uses, safety questions that are not asked first, signs that lead nowhere or are asked
    elsewhere, questions without help, and exercises that no plan names.
    """
    looks = (
        core_limits,
        _example_problems,
        unused,
        misplaced_safety,
        untested_signs,
        unguarded_signs,
        optional_but_needed,
        unhelped,
        misplaced_exercises,
    )
    return [problem for look in looks for problem in look(rulebook)]


def _check_rest(read: ReadRulebook) -> Iterator[Problem]:
    """Every promise that is broken by what is right in a part in which something is wrong."""
    intact, whole = Intact(read), read.rulebook
    yield from core_limits(intact.rulebook)
    yield from _example_problems(intact.rulebook, intact.answers)
    yield from (each for each in unused(whole) if not intact.may_speak_of(each.key))
    if intact.is_right("questions", "triage", "enrolment"):
        yield from misplaced_safety(whole)
        signs = untested_signs(whole, intact.doubted())
        yield from (each for each in signs if not intact.may_speak_of(each.key.split()[1]))
    for look in (unguarded_signs, optional_but_needed):
        yield from (each for each in look(intact.rulebook) if not intact.is_wrong(*each.key.split()))
    yield from (each for each in unhelped(whole) if not intact.is_wrong(each.key))
    if intact.is_right("plans", "exercises"):
        yield from misplaced_exercises(whole)


def example_count(rulebook: Rulebook) -> int:
    """How many examples the rules bring."""
    return sum(1 for rule in rulebook.rules.values() for _ in examples_of(rule))


def examples_of(rule: LinkedRule) -> Iterator[RuleExample]:
    """The examples that a rule brings: those that fire, those that stay silent, those left open."""
    if rule.written is not None:
        for kind, wanted in _WANTED.items():
            for place, intake in enumerate(getattr(rule.written.examples, kind)):
                yield RuleExample(f"{kind}[{place}]", wanted, intake)


def _example_problems(
    rulebook: Rulebook, is_answered: Callable[[Collection[str]], bool] = lambda names: True
) -> Iterator[Problem]:
    """The examples that do otherwise, of those whose answers `is_answered` lets be tried."""
    for rule in rulebook.rules.values():
        for place, wanted, example in examples_of(rule):
            if not is_answered(example):
                continue
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
