"""Every name in the knowledge files looked up; one that stands for nothing is a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from afterrun.errors import Problem, RulebookError, nearest
from afterrun.rulebook.formulas import names_in, parameters_in
from afterrun.rulebook.linking.index import Item, Items
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.schema import Enrolment, PlanItem, SourceFile

_WAYS = {"value", "parameter", "formula", "scheme", "answer", "by_option", "asked_later"}
"""How a key of the plan gets its value."""


def check_references(items: Items) -> None:
    """Add a problem for each name that does not resolve.

    Raises RulebookError at once when measures rest on each other, for then nothing can be computed.
    """
    _check_questions(items)
    _check_formulas(items)
    _check_sources(items)
    _check_knowledge(items)
    _check_enrolment(items)


def known_sources(sources: SourceFile) -> set[str]:
    """Everything that a `sources` list may name."""
    return {
        *(f"article:{statement.id}" for statement in sources.article.statements),
        *(f"row:{row.id}" for row in sources.rows),
        *(f"resolution:{resolution.id}" for resolution in sources.resolutions),
        *(publication.id for publication in sources.publications),
    }


def _check_questions(items: Items) -> None:
    for item in items.questions.values():
        question = item.value
        if question.section not in items.sections:
            items.problem(
                item,
                f"there is no section '{question.section}'",
                "section",
                nearest(question.section, items.sections),
            )
        if question.quantity is not None and question.quantity not in items.quantities:
            items.problem(
                item,
                f"there is no quantity '{question.quantity}'",
                "quantity",
                nearest(question.quantity, items.quantities),
            )
        if (question.type in ("single", "multi")) != bool(question.options):
            items.problem(
                item, f"a {question.type} question has options exactly when it is a choice", "options"
            )
        options = [option.id for option in question.options]
        if len(set(options)) < len(options):
            items.problem(item, "an option stands twice", "options")
        if question.skip_when is not None and question.skipped_reads is None:
            items.problem(item, "can be skipped; say what it is then read as: 'skipped_reads'")
        for key in ("unknown_reads", "skipped_reads"):
            reads = getattr(question, key)
            if question.type == "single" and reads not in (None, "nothing", *options):
                items.problem(item, f"'{reads}' is no option", key, nearest(str(reads), options))
            if question.type in ("integer", "number") and isinstance(reads, str) and reads != "nothing":
                items.problem(item, f"'{reads}' is no number", key)


def _check_formulas(items: Items) -> None:
    numbers = {key for key, item in items.questions.items() if item.value.type in ("integer", "number")}
    graph: dict[str, set[str]] = {}
    for key, item in items.measures.items():
        graph[key] = set(names_in(item.value.formula))
        _check_operands(items, item, numbers | set(items.measures))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        items.problems.append(
            Problem(f"measures rest on each other: {error.args[1]}", "knowledge/measures.yaml")
        )
        raise RulebookError(items.problems) from error
    for item in items.plan:
        _check_plan_item(items, item, numbers | set(items.measures))


def _check_operands(items: Items, item: Item, known: set[str]) -> None:
    formula = item.value.formula
    if formula is None:
        return
    if len(formula.given()) != 1:
        items.problem(item, "a formula takes exactly one function", "formula")
    for name in names_in(formula):
        if name not in known:
            items.problem(
                item, f"'{name}' is no number question and no measure", "formula", nearest(name, known)
            )
    for name in parameters_in(formula):
        if name not in items.parameters:
            items.problem(item, f"there is no parameter '{name}'", "formula", nearest(name, items.parameters))


def _check_plan_item(items: Items, item: Item, known: set[str]) -> None:
    plan: PlanItem = item.value
    _check_operands(items, item, known)
    if len(_WAYS & plan.given().keys()) != 1:
        items.problem(item, f"'{plan.key}' takes exactly one of {', '.join(sorted(_WAYS))}")
    if plan.scheme is not None:
        for name in names_in(plan.scheme.week):
            if name not in known:
                items.problem(
                    item, f"'{name}' is no number question and no measure", "scheme", nearest(name, known)
                )
        schemes = items.schemes()
        if plan.scheme.of not in schemes:
            items.problem(
                item,
                f"no key '{plan.scheme.of}' of the plan holds an entry for each week",
                "scheme",
                nearest(plan.scheme.of, schemes),
            )
    if (plan.for_ is None) == (plan.when is None):
        items.problem(item, f"'{plan.key}' takes either 'for' or 'when'")
    for name in plan.for_ or ():
        if name not in items.interventions:
            items.problem(
                item, f"there is no intervention '{name}'", "for", nearest(name, items.interventions)
            )
    if plan.parameter is not None and plan.parameter not in items.parameters:
        items.problem(
            item,
            f"there is no parameter '{plan.parameter}'",
            "parameter",
            nearest(plan.parameter, items.parameters),
        )
    units = [quantity.value.unit_key for quantity in items.quantities.values()]
    if plan.answer is not None and plan.answer not in (*items.questions, *units):
        items.problem(
            item,
            f"there is no question '{plan.answer}'",
            "answer",
            nearest(plan.answer, [*items.questions, *units]),
        )
    for name, options in (plan.by_option or {}).items():
        if name not in items.questions:
            items.problem(item, f"there is no question '{name}'", "by_option", nearest(name, items.questions))
            continue
        offered = [option.id for option in items.questions[name].value.options]
        for option in set(options) - set(offered):
            items.problem(item, f"'{name}' has no option '{option}'", "by_option", nearest(option, offered))


def _check_knowledge(items: Items) -> None:
    for item in items.interventions.values():
        starts, into = item.value.starts, item.value.merged_into
        if starts is not None and starts not in items.parameters:
            items.problem(
                item, f"there is no parameter '{starts}'", "starts", nearest(starts, items.parameters)
            )
        if into is not None and into not in items.interventions:
            items.problem(
                item,
                f"there is no intervention '{into}'",
                "merged_into",
                nearest(into, items.interventions),
            )
        for other in item.value.conflicts_with:
            if other not in items.interventions:
                items.problem(
                    item,
                    f"there is no intervention '{other}'",
                    "conflicts_with",
                    nearest(other, items.interventions),
                )
    for item in items.triage.values():
        for name in () if item.value.interventions == "all" else item.value.interventions:
            if name not in items.interventions:
                items.problem(
                    item,
                    f"there is no intervention '{name}'",
                    "interventions",
                    nearest(name, items.interventions),
                )


def _check_sources(items: Items) -> None:
    known = known_sources(items.sources)
    for item in items.everything():
        for source in getattr(item.value, "sources", ()):
            if source not in known:
                items.problem(
                    item,
                    f"the source '{source}' does not stand in knowledge/sources.yaml",
                    "sources",
                    nearest(source, known),
                )


def _diary_names(
    items: Items, enrolment: Enrolment, base: Rulebook
) -> Iterator[tuple[str, Iterable[str], list[str], str]]:
    """The names in what a diary carries on, with what each has to be among."""
    diary = enrolment.diary
    if diary is None:
        return
    own, actions = list(items.questions), list(items.interventions)
    units = [each.unit_key for each in base.quantities.values()]
    keeps, moves = diary.keeps, diary.moves
    yield "diary", (*diary.programmes, *(move.to for move in moves)), list(base.interventions), "programme"
    yield "diary", (*diary.stops, *diary.forgets, *(move.after for move in moves)), actions, "action"
    yield "diary", [each for keep in keeps for each in keep.after], actions, "action"
    counts = [keep.counts for keep in keeps if keep.counts]
    yield "diary", counts, [*actions, *items.findings], "action or finding"
    stages = [name for stage in diary.lays_out.values() for name in stage.names]
    needs = [name for stage in diary.lays_out.values() for name in (*stage.needs, *stage.finds)]
    yield "diary", needs, list(diary.from_plan), "fact of the first plan"
    yield "diary", stages, list(base.interventions), "intervention of the main part"
    beside = [name for stage in diary.lays_out.values() for name in stage.beside]
    yield "diary", (*diary.lays_out, *beside), list(diary.programmes), "programme"
    forgotten = [*diary.forgets.values(), *(move.forgets for move in moves)]
    yield "diary", [name for names in forgotten for name in names], own, "question"
    yield "diary", (*diary.from_plan, *diary.may_change, *diary.measures_pain), own, "question"
    yield (
        "diary",
        (diary.programme, diary.looks_back_on, diary.measures_amount, diary.missed),
        own,
        "question",
    )
    facts = [name for keep in keeps for name in (keep.fact, keep.answer, keep.at_most) if name]
    yield "diary", (*diary.from_answers, *facts), [*own, *units], "question"
    planned = [stage.plans for stage in diary.lays_out.values()]
    yield "diary", [name for each in planned for name in each], own, "question"
    constants = [item.key for item in base.plan if item.value is not None]
    yield "diary", [key for each in planned for key in each.values()], constants, "constant of the main plan"
    keys = [diary.week, diary.amount_most, *diary.amount, *(move.if_plan for move in moves if move.if_plan)]
    yield "diary", keys, [item.value.key for item in items.plan], "key of the plan"


def _check_enrolment(items: Items) -> None:
    if items.enrolment is None:
        return
    enrolment: Enrolment = items.enrolment.value
    base = items.written.base
    if base is None:
        items.problem(items.enrolment, "belongs into a part of a rulebook, not into the rulebook itself")
        return
    signs = enrolment.signs
    intake, own = list(base.questions), list(items.questions)
    for key, names, known, kind in (
        ("enrolled", enrolment.enrolled, list(items.sections), "section"),
        ("checkin", enrolment.checkin, list(items.sections), "section"),
        (
            "from_answers",
            enrolment.from_answers,
            [name for name in own if name in intake],
            "question of both",
        ),
        ("unsaid", enrolment.unsaid, own, "question"),
        ("signs", (signs.question,), own, "question"),
        ("signs", (*signs.joins, signs.otherwise), intake, "question of the intake"),
        ("signs", signs.without_answers, intake, "question of the intake"),
        ("signs", (signs.least,), list(base.triage), "triage level of the intake"),
        *_diary_names(items, enrolment, base),
    ):
        for name in names:
            if name not in known:
                items.problem(items.enrolment, f"there is no {kind} '{name}'", key, nearest(name, known))
