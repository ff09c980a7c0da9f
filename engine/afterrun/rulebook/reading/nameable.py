"""What the files of one rulebook may name, in words for whoever writes there.

It is read from the knowledge alone, so that an editor knows a new finding before any rule concludes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from afterrun.rulebook.linking.index import Items, WrittenFile, WrittenRulebook, values_of
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.proposition import Proposition
from afterrun.rulebook.schema import Measure, Quantity, Question, SourceFile


class Nameable(NamedTuple):
    """Everything that may be named, by the kind that the schema's `Names` speak of."""

    words: Mapping[str, Mapping[str, str]]
    """For each kind its names, and what each of them stands for."""
    questions: Mapping[str, Question]
    measures: Mapping[str, Measure]
    units: Mapping[str, Quantity]
    """The keys of an intake that hold a unit."""


def nameable(knowledge: Mapping[str, WrittenFile], base: Rulebook | None) -> Nameable:
    """What may be named in a rulebook with this knowledge, or in a part of the one that is its `base`."""
    items = Items(WrittenRulebook([], dict(knowledge), "", base))
    questions, measures = values_of(items.questions), values_of(items.measures)
    asked = {key: question.ask for key, question in questions.items()}
    numbers = {key: measure.text for key, measure in measures.items()}
    words = {
        "proposition": {each.name: _concluded(each, items) for each in items.propositions()},
        "source": _cited(items.sources),
        "question": asked,
        "number": {key: text for key, text in (asked | numbers).items() if key in items.numbers()},
        "section": {key: item.value.title for key, item in items.sections.items()},
        "quantity": {key: item.value.ask for key, item in items.quantities.items()},
        "triage": {key: item.value.name for key, item in items.triage.items()},
        "pattern": {key: item.value.name for key, item in items.patterns.items()},
        "intervention": {key: item.value.name for key, item in items.interventions.items()},
        "parameter": {key: item.value.text for key, item in items.parameters.items()},
    }
    units = {item.value.unit_key: item.value for item in items.quantities.values()}
    return Nameable(words, questions, measures, units)


def _concluded(each: Proposition, items: Items) -> str:
    """What a proposition says of a person."""
    match each.kind:
        case "finding":
            return str(items.findings[each.subject].value.text)
        case "triage":
            level = items.triage[each.subject].value
            return f"{level.name}. {level.do}"
        case "pattern":
            pattern = items.patterns[each.subject].value
            return f"{pattern.name}: {each.value}. {pattern.text}"
        case "intervention":
            intervention = items.interventions[each.subject].value
            return f"{intervention.name}: {each.value.replace('_', ' ')}. {intervention.short}"
        case "parameter":
            parameter = items.parameters[each.subject].value
            return f"{parameter.text}: {each.value} {parameter.unit}".strip()


def _cited(sources: SourceFile) -> dict[str, str]:
    """What each source says, or how it is cited."""
    return {
        **{f"article:{each.id}": each.text for each in sources.statements},
        **{f"row:{each.id}": each.text for each in sources.rows},
        **{f"resolution:{each.id}": each.text for each in sources.resolutions},
        **{each.id: f"{each.cited}. {each.finding}".strip() for each in sources.publications},
    }
