"""What rests on an answer: rules, also by way of measures; skips of questions; numbers of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from afterrun.explanation import plan_uses
from afterrun.rulebook import CellTest, Formula, Rulebook, atoms, names_in


class Uses(NamedTuple):
    """What rests on one question or measure."""

    rules: tuple[str, ...]
    """Rules that test it itself."""
    measures: tuple[tuple[str, tuple[str, ...]], ...]
    """Measures that are made of it, also by way of other measures, and the rules that test each."""
    skips: tuple[str, ...]
    """Questions that are skipped by what is answered."""
    plan: tuple[str, ...]
    """Keys of the plan that stand or fall with it, or whose number is made of it."""


def uses_of(rulebook: Rulebook, subject: str) -> Uses:
    """All that rests on a question or a measure of one part."""
    made = [name for name in rulebook.measures if subject in _made_of(rulebook, name)]
    subjects = {subject, *made}
    by_number = (item.key for item in rulebook.plan if any(plan_uses(item, each) for each in subjects))
    by_test = (
        rulebook.plan[at].key
        for at, formula in rulebook.plan_conditions.items()
        if subjects.intersection(_tested(rulebook, formula))
    )
    return Uses(
        tuple(_testing(rulebook, subject)),
        tuple((name, tuple(_testing(rulebook, name))) for name in made),
        tuple(
            name
            for name, formula in rulebook.skips.items()
            if subjects.intersection(_tested(rulebook, formula))
        ),
        tuple(dict.fromkeys((*by_number, *by_test))),
    )


def _testing(rulebook: Rulebook, subject: str) -> Iterator[str]:
    for rule in rulebook.rules.values():
        if rule.written is not None and subject in _tested(rulebook, rule.formula):
            yield rule.id


def _tested(rulebook: Rulebook, formula: Formula) -> set[str]:
    return {
        rulebook.variables[atom.variable].subject for atom in atoms(formula) if isinstance(atom, CellTest)
    }


def _made_of(rulebook: Rulebook, measure: str) -> set[str]:
    names = set(names_in(rulebook.measures[measure].formula))
    return names.union(*(_made_of(rulebook, each) for each in names if each in rulebook.measures))
