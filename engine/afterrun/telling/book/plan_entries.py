"""The keys of a plan, each with every variant: when it applies, what it gives, and from where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.explanation import conclusion_words, plan_words
from afterrun.rulebook import Rulebook, name_of
from afterrun.rulebook.schema import PlanItem, SchemeEntry
from afterrun.telling.book.words.conditions import condition_words
from afterrun.telling.book.words.formulas import formula_words
from afterrun.telling.book.words.tree import Place, WordTree
from afterrun.telling.page import capital


class PlanVariant(NamedTuple):
    """One way in which a key comes to stand in a plan."""

    applies: WordTree
    gives: WordTree
    sources: tuple[str, ...]


class PlanEntry(NamedTuple):
    """A key of the plan; the first variant that applies counts."""

    key: str
    text: str
    variants: tuple[PlanVariant, ...]


def plan_entries(rulebook: Rulebook, place: Place = str) -> dict[str, PlanEntry]:
    """Every key of the plan in the order in which it is written."""
    texts: dict[str, str] = {}
    variants: dict[str, list[PlanVariant]] = {}
    for item in rulebook.plan:
        variant = PlanVariant(
            _applies(rulebook, item, place),
            WordTree("", parts=tuple(_gives(rulebook, item, place))),
            item.sources,
        )
        for key, text in {item.key: item.text, **item.also}.items():
            texts.setdefault(key, text)
            variants.setdefault(key, []).append(variant)
    return {key: PlanEntry(key, text, tuple(variants[key])) for key, text in texts.items()}


def _applies(rulebook: Rulebook, item: PlanItem, place: Place) -> WordTree:
    if item.when is not None:
        return condition_words(rulebook, item.when, place)
    names = [
        name_of("intervention", each, status)
        for each, wanted in (item.for_ or {}).items()
        for status in wanted
    ]
    parts = tuple(
        WordTree(capital(conclusion_words(rulebook, each)), "conclusions", place(each)) for each in names
    )
    return parts[0] if len(parts) == 1 else WordTree("Any of these:", parts=parts)


def _gives(rulebook: Rulebook, item: PlanItem, place: Place) -> Iterator[WordTree]:
    if item.value is not None:
        yield WordTree(_constant(rulebook, item, item.value))
    if item.parameter is not None:
        words = f"{rulebook.parameters[item.parameter].text}, as the rules choose it"
        yield WordTree(words, "plan", place(f"parameter-{item.parameter}"))
    if item.formula is not None:
        yield formula_words(rulebook, item.formula, place)
    if item.scheme is not None:
        yield _entry(rulebook, item.scheme, place)
    if item.answer is not None:
        yield _answer(rulebook, item.answer, place)
    for question, options in (item.by_option or {}).items():
        yield WordTree(
            f"By what is ticked: {rulebook.questions[question].ask}",
            "questions",
            place(question),
            tuple(_ticked(rulebook, item, question, options)),
        )
    if item.otherwise:
        yield WordTree(f"Where none of these is ticked: {_constant(rulebook, item, item.otherwise)}")
    if item.asked_later:
        yield WordTree(f"Not known yet. {item.asked_later}")


def _ticked(
    rulebook: Rulebook, item: PlanItem, question: str, options: Mapping[str, Iterable[str]]
) -> Iterator[WordTree]:
    texts = {option.id: option.text for option in rulebook.questions[question].options}
    for option, adds in options.items():
        yield WordTree(f"{texts.get(option, option)}: {_constant(rulebook, item, tuple(adds))}")


def _entry(rulebook: Rulebook, scheme: SchemeEntry, place: Place) -> WordTree:
    """What a stretch of weeks holds in a key of the main part's plan."""
    main = rulebook.base or rulebook
    key = next((item.text for item in main.plan if item.key == scheme.of), scheme.of)
    which = "The first week" if scheme.gives == "week" else "The entry"
    back = f", {scheme.blocks_back} stretches of weeks before it" if scheme.blocks_back else ""
    week = formula_words(rulebook, scheme.week, place)
    return WordTree(f"{which} of “{key}” for this week{back}:", parts=(week,))


def _answer(rulebook: Rulebook, name: str, place: Place) -> WordTree:
    asked = rulebook.questions.get(name)
    if asked is not None:
        return WordTree(f"The answer to: {asked.ask}", "questions", place(name))
    unit = next((each.ask for each in rulebook.quantities.values() if each.unit_key == name), name)
    return WordTree(f"The answer to: {unit}")


def _constant(rulebook: Rulebook, item: PlanItem, value: Any) -> str:
    return plan_words(rulebook, item, value, {})
