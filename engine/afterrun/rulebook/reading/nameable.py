"""What the files of one rulebook may name, in words for whoever writes there.

It is read from the knowledge alone, so that an editor knows a new finding before any rule concludes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from afterrun.rulebook.linking.index import Items, WrittenFile, WrittenRulebook, values_of
from afterrun.rulebook.model import Rulebook
from afterrun.rulebook.proposition import proposition_words
from afterrun.rulebook.schema import Measure, Quantity, Question


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
    spoken_of = (items.findings, items.triage, items.patterns, items.interventions, items.parameters)
    kinds = [values_of(each) for each in spoken_of]
    words = {
        "proposition": {each.name: proposition_words(each, *kinds) for each in items.propositions()},
        "source": items.sources.in_words(),
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
