"""What knowledge names has a use: seen without a solver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from afterrun.errors import Problem
from afterrun.inference import Cones
from afterrun.rulebook import (
    CellTest,
    Proposition,
    Rulebook,
    atoms,
    engine_of,
    name_of,
    names_in,
    parameters_in,
    propositions_of,
)
from afterrun.rulebook.schema import Intervention

_FILES = {"triage": "triage.yaml", "pattern": "patterns.yaml", "parameter": "parameters.yaml"}


def unused(rulebook: Rulebook) -> Iterator[Problem]:
    """Each level, value, intervention, measure and sign that no rule and no plan speaks of."""
    yield from unconcluded(rulebook)
    concluded = _concluded(rulebook)
    for each in rulebook.interventions:
        # Other statuses of it need not be; findings are looked at as the files are linked.
        name = name_of("intervention", each, "recommended")
        if name not in concluded:
            yield problem_in(rulebook, "interventions.yaml", name, "no rule gives it")
    for name in rulebook.parameters.keys() - set(_parameters_used(rulebook)):
        yield problem_in(rulebook, "parameters.yaml", name, "neither the plan nor an intervention uses it")
    formulas = [rule.formula for rule in rulebook.rules.values()]
    formulas += [*rulebook.skips.values(), *rulebook.plan_conditions.values()]
    tested = [atom for formula in formulas for atom in atoms(formula) if isinstance(atom, CellTest)]
    measures = {atom.variable for atom in tested} | set(_measures_used(rulebook))
    for name in rulebook.measures.keys() - measures:
        yield problem_in(rulebook, "measures.yaml", name, "no rule tests it and no number is made of it")


def unconcluded(rulebook: Rulebook) -> Iterator[Problem]:
    """Each level of the triage or of a pattern and each value of a number that no rule concludes.

    None of them is ever ruled out, so that what waits for it stays open for everybody.
    """
    concluded = _concluded(rulebook)
    # A part that speaks of the main one's patterns need not conclude each of their levels.
    main = rulebook.base.patterns if rulebook.base is not None else {}
    for each in propositions_of(rulebook):
        elsewhere = each.kind == "pattern" and each.subject in main
        if each.kind in _FILES and not elsewhere and each.name not in concluded:
            message = (
                "no rule concludes it, so that what waits for it stays open for everybody: give it a rule, "
                "or take it out"
            )
            yield problem_in(rulebook, _FILES[each.kind], each.name, message)


def optional_but_needed(rulebook: Rulebook) -> Iterator[Problem]:
    """Questions that may be left out although a triage level or a pattern rests on the answer."""
    if rulebook.base is not None:
        # What a record leaves out is read as its enrolment says.
        return
    cones = engine_of(rulebook, Cones)
    for name in rulebook.propositions:
        if Proposition.parse(name).kind in ("triage", "pattern"):
            for question in cones.questions(name):
                if rulebook.questions[question].optional:
                    message = f"may be left out, and yet '{name}' rests on it"
                    yield problem_in(rulebook, "questions.yaml", question, message)


def unhelped(rulebook: Rulebook) -> Iterator[Problem]:
    """Questions without the help that others of their part bring; a part may do without any."""
    asked = rulebook.questions.values()
    for field in ("means", "example", "why"):
        if any(getattr(question, field) for question in asked):
            for question in asked:
                if not getattr(question, field):
                    message = f"has no '{field}', which other questions bring to help those who ask"
                    yield problem_in(rulebook, "questions.yaml", question.id, message)


def _parameters_used(rulebook: Rulebook) -> Iterator[str]:
    for item in rulebook.plan:
        if item.parameter is not None:
            yield item.parameter
        yield from parameters_in(item.formula) if item.formula is not None else ()
        yield from parameters_in(item.scheme.week) if item.scheme is not None else ()
    interventions: list[Intervention] = list(rulebook.interventions.values())
    yield from (each.starts for each in interventions if each.starts is not None)


def _measures_used(rulebook: Rulebook) -> Iterator[str]:
    for measure in rulebook.measures.values():
        yield from names_in(measure.formula)
    for item in rulebook.plan:
        yield from names_in(item.formula) if item.formula is not None else ()
        yield from names_in(item.scheme.week) if item.scheme is not None else ()


def misplaced_exercises(rulebook: Rulebook) -> Iterator[Problem]:
    """Cards that nobody is ever given, and those that wait for a plan that names them by now."""
    for name, exercise in rulebook.exercises.items():
        named = any(item.names_exercise(name) for item in rulebook.plan)
        if named == bool(exercise.pending):
            message = "is marked pending, but the plan names it" if named else "no key of the plan names it"
            yield Problem(message, "knowledge/exercises.yaml", key=name)


def problem_in(rulebook: Rulebook, file: str, key: str, message: str) -> Problem:
    """Something wrong in one of the knowledge files of this part."""
    # Another part stands in folders of the same name.
    rules = next((rule.file for rule in rulebook.rules.values() if rule.file), "rules/")
    return Problem(message, (PurePath("knowledge", *PurePath(rules).parts[1:-1]) / file).as_posix(), key=key)


def _concluded(rulebook: Rulebook) -> set[str]:
    written = (rule for rule in rulebook.rules.values() if rule.written is not None)
    return {conclusion for rule in written for conclusion in rule.conclusions}
