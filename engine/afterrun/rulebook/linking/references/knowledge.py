"""Every name in the knowledge files looked up; one that stands for nothing is a problem."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from afterrun.errors import nearest
from afterrun.rulebook.formulas import names_in, parameters_in
from afterrun.rulebook.linking.index import Items
from afterrun.rulebook.linking.references.option_groups import check_groups
from afterrun.rulebook.linking.written_files import Item
from afterrun.rulebook.model import DISPLAY, Rulebook
from afterrun.rulebook.schema import Diary, Enrolment, Intervention, PlanItem, Question, SourceFile

_WAYS = {"value", "parameter", "formula", "scheme", "answer", "by_option", "asked_later"}
"""How a key of the plan gets its value."""
_NO_NUMBER = "'{name}' is no number question and no measure"


def check_references(items: Items) -> None:
    """Add a problem for each name that does not resolve."""
    _check_questions(items)
    _check_formulas(items)
    _check_sources(items)
    _check_knowledge(items)
    _check_enrolment(items)


def known_sources(sources: SourceFile) -> set[str]:
    """Everything that a `sources` list may name."""
    return {*sources.by_name}


def _check_questions(items: Items) -> None:
    for item in items.questions.values():
        question: Question = item.value
        items.look_up(item.at("section"), "section", question.section, items.sections)
        items.look_up(item.at("quantity"), "quantity", question.quantity, items.quantities)
        options = [option.id for option in question.options]
        if (question.type in ("single", "multi")) != bool(options):
            message = f"a {question.type} question has options exactly when it is a choice"
            items.problem(item.at("options"), message)
        check_groups(items, item)
        _check_unsure(items, item)
        if question.skip_when is not None and question.skipped_reads is None:
            items.problem(item, "can be skipped; say what it is then read as: 'skipped_reads'")
        for key in ("unknown_reads", "skipped_reads"):
            reads = getattr(question, key)
            if question.type == "single" and reads not in (None, "nothing", *options):
                items.problem(item.at(key), f"'{reads}' is no option", nearest(str(reads), options))
            if question.type in ("integer", "number") and isinstance(reads, str) and reads != "nothing":
                items.problem(item.at(key), f"'{reads}' is no number")
        _check_earlier(items, item.at("earlier"), question, options)


def _check_unsure(items: Items, item: Item) -> None:
    """Not knowing is one answer of a question, and none that the rulebook reads as a "no"."""
    question: Question = item.value
    unsure = [option for option in question.options if option.unsure]
    for option in unsure:
        for key in ("alone", "harmless"):
            if getattr(option, key):
                message = (
                    f"'{option.id}' is 'unsure', and '{key}' would read it as a no: take out one of them"
                )
                items.problem(item.at("options"), message)
    for option in unsure[1:]:
        message = (
            f"'{unsure[0].id}' and '{option.id}' are both 'unsure': one option says that one does not know"
        )
        items.problem(item.at("options"), message)
    if unsure and question.unknown_reads is not None:
        message = f"'{unsure[0].id}' is 'unsure' already: take out 'unknown_reads', or 'unsure' there"
        items.problem(item.at("unknown_reads"), message)


def _check_earlier(items: Items, at: Item, question: Question, options: list[str]) -> None:
    if question.earlier is None:
        return
    named = [*question.earlier.narrower, *chain.from_iterable(question.earlier.gone.values())]
    items.look_up(at, question.id, named, options, "'{kind}' has no option '{name}'")
    for option in set(options).intersection(question.earlier.gone):
        items.problem(at, f"'{option}' is not gone: it is an option still")
    for other, option in question.earlier.where.items():
        items.look_up(at, "question", other, items.questions)
        if other in items.questions:
            offered = [each.id for each in items.questions[other].value.options]
            items.look_up(at, other, option, offered, "'{kind}' has no option '{name}'")


def _check_formulas(items: Items) -> None:
    for item in items.measures.values():
        _check_operands(items, item)
    for item in items.plan:
        _check_plan_item(items, item)


def _check_operands(items: Items, item: Item) -> None:
    formula, at = item.value.formula, item.at("formula")
    if formula is None:
        return
    items.look_up(at, "", names_in(formula), items.numbers(), _NO_NUMBER)
    items.look_up(at, "parameter", parameters_in(formula), items.parameters)


def _check_plan_item(items: Items, item: Item) -> None:
    plan: PlanItem = item.value
    _check_operands(items, item)
    if len(_WAYS & plan.given().keys()) != 1:
        items.problem(item, f"'{plan.key}' takes exactly one of {', '.join(sorted(_WAYS))}")
    if plan.scheme is not None:
        at = item.at("scheme")
        items.look_up(at, "", names_in(plan.scheme.week), items.numbers(), _NO_NUMBER)
        message = "no key '{name}' of the plan holds an entry for each week"
        items.look_up(at, "", plan.scheme.of, items.schemes(), message)
    if (plan.for_ is None) == (plan.when is None):
        items.problem(item, f"'{plan.key}' takes either 'for' or 'when'")
    items.look_up(item.at("for"), "intervention", plan.for_, items.interventions)
    items.look_up(item.at("parameter"), "parameter", plan.parameter, items.parameters)
    items.look_up(item.at("quantity"), "quantity", plan.quantity, items.quantities)
    if plan.key == DISPLAY:
        items.problem(item, f"'{DISPLAY}' holds the plan's amounts as they are shown: choose another key")
    units = [quantity.value.unit_key for quantity in items.quantities.values()]
    items.look_up(item.at("answer"), "question", plan.answer, [*items.questions, *units])
    for name, options in (plan.by_option or {}).items():
        items.look_up(item.at("by_option"), "question", name, items.questions)
        if name in items.questions:
            offered = [option.id for option in items.questions[name].value.options]
            items.look_up(item.at("by_option"), name, options, offered, "'{kind}' has no option '{name}'")


def _check_knowledge(items: Items) -> None:
    for item in items.interventions.values():
        each: Intervention = item.value
        items.look_up(item.at("starts"), "parameter", each.starts, items.parameters)
        for key in ("merged_into", "conflicts_with"):
            items.look_up(item.at(key), "intervention", getattr(each, key), items.interventions)
    pending = [item for item in items.triage.values() if item.value.pending]
    last = next(reversed(items.triage.values()), None)
    if last is not None and not pending and not last.file.is_damaged(()):
        items.problem(last, "no level is 'pending: true': one says what is told while an answer is missing")
    for item in pending[1:]:
        items.problem(item, f"'{pending[0].value.id}' is 'pending' already: one level is")
    for item in items.triage.values():
        listed = item.value.interventions
        if listed != "all":
            items.look_up(item.at("interventions"), "intervention", listed, items.interventions)


def _check_sources(items: Items) -> None:
    known = known_sources(items.sources)
    message = "the {kind} '{name}' does not stand in knowledge/sources.yaml"
    for item in items.everything():
        items.look_up(item.at("sources"), "source", getattr(item.value, "sources", ()), known, message)
    _check_addresses(items)


def _check_addresses(items: Items) -> None:
    """An address is the publisher's, for a copy may go, or say something else."""
    file = items.written.knowledge.get("sources")
    known = file is not None and not file.is_damaged(("publishers",))
    for place, publication in enumerate(items.sources.publications if known else ()):
        host = publication.publisher
        if file and host and not items.sources.is_published_at(host):
            items.problem(
                Item(publication, file, ("publications", place, "url")),
                f"'{host}' is no publisher that this file knows: give a doi, pmid or pmcid, "
                "or the publisher's own page, and name its host under 'publishers'",
            )


def _diary_names(
    items: Items, diary: Diary, base: Rulebook
) -> Iterator[tuple[str, Iterable[str], Collection[str]]]:
    """The names in what a diary carries on, by kind, with what each has to be among."""
    own, actions = items.questions, items.interventions
    units = [each.unit_key for each in base.quantities.values()]
    keeps, moves, stages = diary.keeps, diary.moves, diary.lays_out.values()
    yield "programme", (*diary.programmes, *(move.to for move in moves)), base.interventions
    yield "action", (*diary.stops, *diary.forgets, *(move.after for move in moves)), actions
    yield "action", chain.from_iterable(keep.after for keep in keeps), actions
    yield "action or finding", [keep.counts for keep in keeps if keep.counts], [*actions, *items.findings]
    needs = chain.from_iterable((*stage.needs, *stage.finds) for stage in stages)
    yield "fact of the first plan", needs, diary.from_plan
    names = chain.from_iterable(stage.names for stage in stages)
    yield "intervention of the main part", names, base.interventions
    beside = chain.from_iterable(stage.beside for stage in stages)
    yield "programme", (*diary.lays_out, *beside), diary.programmes
    yield "question", chain(*diary.forgets.values(), *(move.forgets for move in moves)), own
    yield "question", (*diary.from_plan, *diary.may_change, *diary.measures_pain, *diary.looks_ahead), own
    yield "programme", diary.begins_with, diary.programmes
    begun = chain.from_iterable(pair for each in diary.begins_with.values() for pair in each.items())
    yield "question", begun, own
    single = (diary.programme, diary.looks_back_on, diary.measures_amount, diary.missed)
    yield "question", single, own
    facts = [name for keep in keeps for name in (keep.fact, keep.answer, *keep.at_most) if name]
    yield "question", (*diary.from_answers, *facts), [*own, *units]
    yield "question", chain.from_iterable(stage.plans for stage in stages), own
    constants = [item.key for item in base.plan if item.value is not None]
    planned = chain.from_iterable(stage.plans.values() for stage in stages)
    yield "constant of the main plan", planned, constants
    keys = [diary.week, diary.amount_most, *diary.amount, *(move.if_plan for move in moves if move.if_plan)]
    yield "key of the plan", keys, [item.value.key for item in items.plan]


def _check_enrolment(items: Items) -> None:
    item, base = items.enrolment, items.written.base
    if item is None:
        return
    if base is None:
        items.problem(item, "belongs into a part of a rulebook, not into the rulebook itself")
        return
    enrolment: Enrolment = item.value
    signs, intake, own = enrolment.signs, base.questions, items.questions
    for key in ("enrolled", "checkin"):
        items.look_up(item.at(key), "section", getattr(enrolment, key), items.sections)
    both = [name for name in own if name in intake]
    items.look_up(item.at("from_answers"), "question of both", enrolment.from_answers, both)
    items.look_up(item.at("unsaid"), "question", enrolment.unsaid, own)
    for each in enrolment.unasked:
        items.look_up(item.at("unasked"), "question", (*each.facts, *each.where), own)
    for doubt in enrolment.doubts:
        named = (doubt.answer, doubt.over, *doubt.where)
        items.look_up(item.at("doubts"), "question", named, own)
    amounts = [name for name, each in own.items() if each.value.quantity is not None]
    items.look_up(item.at("ran"), "amount", enrolment.ran, amounts)
    items.look_up(item.at("signs"), "question", signs.question, own)
    named = (*signs.joins, signs.otherwise, *signs.without_answers)
    items.look_up(item.at("signs"), "question of the intake", named, intake)
    items.look_up(item.at("signs"), "triage level of the intake", signs.least, base.triage)
    for kind, carried, known in _diary_names(items, enrolment.diary, base) if enrolment.diary else ():
        items.look_up(item.at("diary"), kind, carried, known)
