"""The book as one leaf for each thing that it tells of, with a place of its own and a text to be searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.explanation import conclusion_words
from afterrun.rulebook import Proposition, Rulebook
from afterrun.rulebook.schema import Question
from afterrun.telling.book.condition_words import as_lines
from afterrun.telling.book.entries import rule_entries, traced_sources
from afterrun.telling.book.site import KINDS, PAGES, page_of_source
from afterrun.telling.exercises.cards import exercise_card
from afterrun.telling.page import capital

EVIDENCE = "evidence"
EXERCISES = "Exercises"
SHELVES = {
    **{name: title for name, title in PAGES.items() if name not in ("index", "graph")},
    EVIDENCE: "The claims and the literature",
}
"""What is told of, and the title of all of it."""


class Leaf(NamedTuple):
    """One thing that the book tells of."""

    shelf: str
    key: str
    """Its name, which is its place on the shelf."""
    title: str
    group: str
    """The heading that it stands under."""
    text: str
    """What is said of it, to be searched."""


class Shelf:
    """Every leaf of a rulebook, in the order of the book."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.leaves = tuple(_leaves(rulebook))
        self._by_place = {(each.shelf, each.key): each for each in self.leaves}

    def on(self, shelf: str) -> list[Leaf]:
        """The leaves of one shelf."""
        return [each for each in self.leaves if each.shelf == shelf]

    def leaf(self, shelf: str, key: str) -> Leaf | None:
        """The one of this name."""
        return self._by_place.get((shelf, key))


def _leaves(rulebook: Rulebook) -> Iterator[Leaf]:
    kinds = {**KINDS, "triage": rulebook.identity.triage_text}
    yield from _rules(rulebook, kinds)
    for name, rules in rulebook.propositions.items():
        text = _text(name, *(rule.id for rule in rules))
        group = kinds[Proposition.parse(name).kind]
        yield Leaf("conclusions", name, capital(conclusion_words(rulebook, name)), group, text)
    for question in rulebook.questions.values():
        section = rulebook.sections[question.section].title
        yield Leaf("questions", question.id, question.ask, section, _of_question(question))
    for measure in rulebook.measures.values():
        yield Leaf("questions", measure.id, measure.text, "Measures", measure.id)
    yield from _care(rulebook, kinds)
    for key, use in traced_sources(rulebook).items():
        text = _text(use.citation.text, use.citation.note, use.reason)
        yield Leaf(page_of_source(key), key, key, capital(use.citation.kind), text)
    for verdict in rulebook.evidence:
        text = _text(verdict.literature, verdict.objection)
        yield Leaf(EVIDENCE, verdict.id, verdict.claim, SHELVES[EVIDENCE], text)


def _rules(rulebook: Rulebook, kinds: dict[str, str]) -> Iterator[Leaf]:
    entries = rule_entries(rulebook).values()
    order = {kind: place for place, kind in enumerate(kinds)}
    kind_of = {each.rule.id: Proposition.parse(each.rule.conclusions[0]).kind for each in entries}
    for entry in sorted(entries, key=lambda each: order[kind_of[each.rule.id]]):
        rule = entry.rule
        title = "; ".join(capital(conclusion_words(rulebook, each)) for each in rule.conclusions)
        claims = (each.claim for each in entry.verdicts)
        when = (line.strip(" -") for line in as_lines(entry.condition))
        text = _text(rule.because, *when, *claims, rule.id)
        yield Leaf("rules", rule.id, title, kinds[kind_of[rule.id]], text)


def _of_question(question: Question) -> str:
    options = (f"{each.text} {each.clinician}" for each in question.options)
    return _text(question.help, question.means, question.example, question.why, *options, question.id)


def _care(rulebook: Rulebook, kinds: dict[str, str]) -> Iterator[Leaf]:
    for level in rulebook.triage.values():
        text = _text(level.opening, level.do)
        yield Leaf("care", f"triage-{level.id}", level.name, kinds["triage"], text)
    for pattern in rulebook.patterns.values():
        yield Leaf("care", f"pattern-{pattern.id}", pattern.called, kinds["pattern"], _text(pattern.text))
    for each in rulebook.interventions.values():
        text = _text(each.short, *each.steps, each.more)
        yield Leaf("care", f"intervention-{each.id}", each.called, kinds["intervention"], text)
    for exercise in rulebook.exercises.values():
        points = exercise_card(rulebook, exercise, doses=True).points
        text = _text(*(_text(point.text, *point.steps) for point in points))
        yield Leaf("care", f"exercise-{exercise.id}", exercise.name, EXERCISES, text)


def _text(*parts: str | None) -> str:
    return " ".join(_words(parts))


def _words(parts: Iterable[str | None]) -> Iterator[str]:
    for part in parts:
        yield from (part or "").split()
