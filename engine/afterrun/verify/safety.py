"""A section for safety is what it says, and no warning sign is asked elsewhere: seen without a solver."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from afterrun.errors import Problem
from afterrun.rulebook import CellTest, LinkedRule, Proposition, Rulebook, atoms, name_of, truth_given
from afterrun.rulebook.schema import Option, Question
from afterrun.verify.uses import problem_in

_FILE = "questions.yaml"


def misplaced_safety(rulebook: Rulebook) -> Iterator[Problem]:
    """Questions of a section for safety that are not asked first, or that need no answer."""
    known = _known(rulebook)
    before = ""
    for question in rulebook.questions.values():
        if question.section in known:
            continue
        if not rulebook.sections[question.section].safety:
            before = before or question.id
            continue
        if before:
            message = (
                f"stands in a section for safety, which is asked first, but '{before}' is asked before it"
            )
            yield problem_in(rulebook, _FILE, question.id, message)
        if question.optional:
            message = "stands in a section for safety, where every answer is needed, but is optional"
            yield problem_in(rulebook, _FILE, question.id, message)


def untested_signs(rulebook: Rulebook, also: Collection[str] = ()) -> Iterator[Problem]:
    """Each option of a section for safety with which nobody is told to be seen, whatever else is ticked.

    `also` are propositions by way of which somebody may be told so by a rule that cannot be read.
    """
    *stronger, calm = rulebook.triage
    masks: dict[str, int] = {}
    for test in _tests_behind(rulebook, [*(name_of("triage", each) for each in stronger), *also]):
        masks[test.variable] = masks.get(test.variable, 0) | test.mask
    for question in rulebook.questions.values():
        if rulebook.sections[question.section].safety:
            for option in question.options:
                variable, cell = _cell(question, option)
                if not (masks.get(variable, 0) >> cell & 1 or option.alone or option.harmless):
                    message = (
                        f"leads nowhere: no rule for a level other than '{calm}' tests it; give it a rule, "
                        "or say with 'harmless' why it needs none"
                    )
                    where = f"option {option.id} of {question.id}"
                    yield problem_in(rulebook, _FILE, where, message)


def unguarded_signs(rulebook: Rulebook) -> Iterator[Problem]:
    """Sections that ask for a sign which alone settles the matter, and that are not for safety."""
    known = _known(rulebook)
    for section in rulebook.sections.values():
        if section.safety or section.id in known:
            continue
        found = next(_settling(rulebook, section.id), None)
        if found is not None:
            question, option, rule, level = found
            message = (
                f"is not marked 'safety: true', and yet option '{option.id}' of {question.id} alone leads to "
                f"'{level}' by '{rule.id}': nothing sees to it that it is asked first, that no plan is made "
                "without an answer, and that each sign leads to being seen"
            )
            yield problem_in(rulebook, _FILE, f"section {section.id}", message)


def _tests_behind(rulebook: Rulebook, names: Collection[str]) -> Iterator[CellTest]:
    """What the rules for these test, themselves or by way of findings.

    Not by way of patterns: to make another story likely is no way to be seen.
    """
    todo, seen = list(names), set(names)
    while todo:
        for rule in rulebook.propositions.get(todo.pop(), ()):
            for atom in atoms(rule.formula):
                if isinstance(atom, CellTest):
                    yield atom
                elif atom.proposition not in seen and Proposition.parse(atom.proposition).kind == "finding":
                    seen.add(atom.proposition)
                    todo.append(atom.proposition)


def _settling(rulebook: Rulebook, section: str) -> Iterator[tuple[Question, Option, LinkedRule, str]]:
    """Each option of a section that by itself leads to a level that settles, with the rule and the level."""
    settles = [each.id for each in rulebook.triage.values() if each.settles]
    for question in rulebook.questions.values():
        for option in question.options if question.section == section else ():
            variable, cell = _cell(question, option)
            for level in settles:
                for rule in rulebook.propositions.get(name_of("triage", level), ()):
                    if truth_given(rule.formula, {variable: cell}, {}) is True:
                        yield question, option, rule, level


def _cell(question: Question, option: Option) -> tuple[str, int]:
    """The variable that an option is a value of, and its cell when it is chosen."""
    if question.type == "multi":
        return f"{question.id}:{option.id}", 1
    return question.id, [each.id for each in question.options].index(option.id)


def _known(rulebook: Rulebook) -> set[str]:
    """The sections that are known from the enrolment, so that nobody is asked."""
    return set(rulebook.enrolment.enrolled) if rulebook.enrolment is not None else set()
