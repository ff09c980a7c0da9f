"""What knowledge names has a use, and a section for safety is what it says: seen without a solver."""

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

_FILES = {
    "triage": "triage.yaml",
    "pattern": "patterns.yaml",
    "intervention": "interventions.yaml",
    "parameter": "parameters.yaml",
}


def unused(rulebook: Rulebook) -> Iterator[Problem]:
    """Each level, value, intervention, measure and sign that no rule and no plan speaks of."""
    written = [rule for rule in rulebook.rules.values() if rule.written is not None]
    concluded = {conclusion for rule in written for conclusion in rule.conclusions}
    given = {name_of("intervention", each, "recommended") for each in rulebook.interventions}
    # A part that speaks of the main one's patterns need not conclude each of their levels.
    main = rulebook.base.patterns if rulebook.base is not None else {}
    for each in propositions_of(rulebook):
        # Other statuses of an intervention need not be; findings are looked at as the files are linked.
        counts = each.kind in ("triage", "pattern", "parameter") or each.name in given
        elsewhere = each.kind == "pattern" and each.subject in main
        if counts and not elsewhere and each.name not in concluded:
            yield _problem(rulebook, _FILES[each.kind], each.name, "no rule concludes it")
    for name in rulebook.parameters.keys() - set(_parameters_used(rulebook)):
        yield _problem(rulebook, _FILES["parameter"], name, "neither the plan nor an intervention uses it")
    formulas = [rule.formula for rule in written]
    formulas += [*rulebook.skips.values(), *rulebook.plan_conditions.values()]
    tested = [atom for formula in formulas for atom in atoms(formula) if isinstance(atom, CellTest)]
    measures = {atom.variable for atom in tested} | set(_measures_used(rulebook))
    for name in rulebook.measures.keys() - measures:
        yield _problem(rulebook, "measures.yaml", name, "no rule tests it and no number is made of it")
    yield from _untested_signs(rulebook, tested)


def misplaced_safety(rulebook: Rulebook) -> Iterator[Problem]:
    """Questions of a section for safety that are not asked first, or that need no answer."""
    known = set(rulebook.enrolment.enrolled) if rulebook.enrolment is not None else set()
    before = ""
    for question in rulebook.questions.values():
        if question.section in known:
            # Known from the enrolment, so that nobody is asked.
            continue
        if not rulebook.sections[question.section].safety:
            before = before or question.id
            continue
        if before:
            message = (
                f"stands in a section for safety, which is asked first, but '{before}' is asked before it"
            )
            yield _problem(rulebook, "questions.yaml", question.id, message)
        if question.optional:
            message = "stands in a section for safety, where every answer is needed, but is optional"
            yield _problem(rulebook, "questions.yaml", question.id, message)


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
                    yield _problem(rulebook, "questions.yaml", question, message)


def unhelped(rulebook: Rulebook) -> Iterator[Problem]:
    """Questions without the help that others of their part bring; a part may do without any."""
    asked = rulebook.questions.values()
    for field in ("means", "example", "why"):
        if any(getattr(question, field) for question in asked):
            for question in asked:
                if not getattr(question, field):
                    message = f"has no '{field}', which other questions bring to help those who ask"
                    yield _problem(rulebook, "questions.yaml", question.id, message)


def _untested_signs(rulebook: Rulebook, tested: list[CellTest]) -> Iterator[Problem]:
    masks: dict[str, int] = {}
    for atom in tested:
        masks[atom.variable] = masks.get(atom.variable, 0) | atom.mask
    for question in rulebook.questions.values():
        if not rulebook.sections[question.section].safety:
            continue
        for place, option in enumerate(question.options):
            several = question.type == "multi"
            variable = f"{question.id}:{option.id}" if several else question.id
            seen = masks.get(variable, 0) & (0b10 if several else 1 << place)
            if not (seen or option.alone or option.harmless):
                message = "no rule tests this sign; give it a rule, or say with 'harmless' why it needs none"
                where = f"option {option.id} of {question.id}"
                yield _problem(rulebook, "questions.yaml", where, message)


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


def _problem(rulebook: Rulebook, file: str, key: str, message: str) -> Problem:
    # Another part stands in folders of the same name.
    rules = next((rule.file for rule in rulebook.rules.values() if rule.file), "rules/")
    return Problem(message, (PurePath("knowledge", *PurePath(rules).parts[1:-1]) / file).as_posix(), key=key)


def misplaced_exercises(rulebook: Rulebook) -> Iterator[Problem]:
    """Cards that nobody is ever given, and those that wait for a plan that names them by now."""
    for name, exercise in rulebook.exercises.items():
        named = any(item.names_exercise(name) for item in rulebook.plan)
        if named == bool(exercise.pending):
            message = "is marked pending, but the plan names it" if named else "no key of the plan names it"
            yield Problem(message, "knowledge/exercises.yaml", key=name)
