"""What of a rulebook's program the core could not bear: it breaks without a word, so it is told before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from afterrun.errors import Problem
from afterrun.inference.durable_program import Step
from afterrun.rulebook import CellTest, LinkedRule, Rulebook, atoms

MOST_RULES = 4000
MOST_TESTS_ON_ONE_FACT = 60
MOST_SHARERS_OF_ONE_CONDITION = 250


def limits_passed(
    rulebook: Rulebook, steps: Sequence[Step], conditions: Sequence[Sequence[str]], names: Iterable[str]
) -> Iterator[Problem]:
    """Each limit that steps pass, whose conditions are these texts, and each two names with one hash.

    Each is told at the last rule that adds to it.
    """
    if len(steps) > MOST_RULES:
        yield Problem(f"the rules come to {len(steps)} steps; the core bears {MOST_RULES}", "rules/")
    sharers: Counter[str] = Counter()
    tests_on: dict[object, set[str]] = {}
    subject_of: dict[str, object] = {}
    for place, (step, texts) in enumerate(zip(steps, conditions, strict=True)):
        sharers.update(texts)
        for literal, condition in zip(step.conditions, texts, strict=True):
            subject_of[condition] = literal.subject
            # The core shares equal conditions between rules, but never one with alternatives.
            node = f"{condition} {place}" if "$or" in condition else condition
            tests_on.setdefault(literal.subject, set()).add(node)
    for subject, tests in tests_on.items():
        if len(tests) > MOST_TESTS_ON_ONE_FACT:
            message = f"{len(tests)} different tests; the core bears {MOST_TESTS_ON_ONE_FACT} on one answer"
            yield _at_rule(rulebook, subject, message)
    for condition, count in sharers.items():
        if count > MOST_SHARERS_OF_ONE_CONDITION:
            message = f"{count} steps share one condition; the core bears {MOST_SHARERS_OF_ONE_CONDITION}"
            yield _at_rule(rulebook, subject_of[condition], message)
    for one, other in hash_collisions(names):
        yield Problem(f"the core cannot tell '{one}' from '{other}': give one of them another name")


def hash_collisions(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names whose 32-bit FNV hashes meet: they would be one name to the core.

    >>> list(hash_collisions(["costarring", "pain", "liquid", "pain"]))
    [('costarring', 'liquid')]
    """
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(_fnv(name), name)
        if other != name:
            yield other, name


def _fnv(name: str) -> int:
    """FNV-1a as the core computes it."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


def _at_rule(rulebook: Rulebook, subject: object, message: str) -> Problem:
    """A problem with what steps wait for: a variable by name, ("is", proposition), ("refuted", rule)."""
    name = str(subject[1]) if isinstance(subject, tuple) else str(subject)
    rules = [rule for rule in rulebook.rules.values() if rule.file and _speaks_of(rule, name)]
    if not rules:
        return Problem(message, key=name)
    return Problem(message, rules[-1].file, rules[-1].line, name)


def _speaks_of(rule: LinkedRule, name: str) -> bool:
    if rule.id == name:
        return True
    parts = atoms(rule.formula)
    return any(name == (each.variable if isinstance(each, CellTest) else each.proposition) for each in parts)
