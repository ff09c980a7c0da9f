"""The book as one leaf for each thing that it tells of, with a place of its own and a text to be searched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from afterrun.rulebook import LinkedInvariant, Proposition, Rulebook
from afterrun.rulebook.schema import Question
from afterrun.telling.book.entries import SourceUse, traced_sources
from afterrun.telling.book.parts import BookPart, place_in
from afterrun.telling.book.words.tree import WordTree, as_lines
from afterrun.telling.page import capital

RULES, CONCLUSIONS, QUESTIONS, CARE, PLAN = "rules", "conclusions", "questions", "care", "plan"
INVARIANTS, STATEMENTS, SOURCES, EVIDENCE = "invariants", "statements", "sources", "evidence"
SHELVES = {
    RULES: "Rules",
    CONCLUSIONS: "Conclusions",
    QUESTIONS: "Questions and measures",
    CARE: "What a person is told",
    PLAN: "The numbers of a plan",
    INVARIANTS: "What always holds",
    STATEMENTS: "The article, statement by statement",
    SOURCES: "Publications and resolutions",
    EVIDENCE: "The claims and the literature",
}
"""What is told of, and the title of all of it."""

KINDS = {
    "triage": "Triage",
    "finding": "Findings",
    "pattern": "Patterns",
    "intervention": "Interventions",
    "parameter": "Numbers of the plan",
}


class Leaf(NamedTuple):
    """One thing that the book tells of."""

    shelf: str
    key: str
    """Its place on the shelf: its name, after that of a part beside the main one."""
    kind: str
    """What it is: it says how it is drawn."""
    part: str
    name: str
    """What it is called in its part."""
    title: str
    group: str
    """The heading that it stands under."""
    text: str
    """What is said of it, to be searched."""


class Shelf:
    """Every leaf of a rulebook and its parts, in the order of the book; the main part is named ''."""

    def __init__(self, parts: Mapping[str, Rulebook]) -> None:
        self.parts = {name: BookPart(name, rulebook) for name, rulebook in parts.items()}
        self.traced = traced_sources(parts, place_in)
        found = [leaf for tell in _TOLD for part in self.parts.values() for leaf in tell(part)]
        found += _sources(self.parts[""].rulebook, self.traced)
        order = {shelf: place for place, shelf in enumerate(SHELVES)}
        self.leaves = tuple(sorted(found, key=lambda each: order[each.shelf]))
        held = {each.shelf for each in self.leaves}
        self.titles = {name: title for name, title in SHELVES.items() if name in held}
        """Each shelf that holds something, and its title."""
        self._by_place = {(each.shelf, each.key): each for each in self.leaves}

    def on(self, shelf: str) -> list[Leaf]:
        """The leaves of one shelf."""
        return [each for each in self.leaves if each.shelf == shelf]

    def leaf(self, shelf: str, key: str) -> Leaf | None:
        """The one of this name."""
        return self._by_place.get((shelf, key))


def shelf_of_source(key: str) -> str:
    """The shelf that tells of a source."""
    return STATEMENTS if key.startswith(("article:", "row:")) else SOURCES


def kinds_of(rulebook: Rulebook) -> dict[str, str]:
    """What each kind of conclusion is called, in the order in which they are told."""
    return {**KINDS, "triage": rulebook.identity.triage_text}


def _rules(part: BookPart) -> Iterator[Leaf]:
    kinds = kinds_of(part.rulebook)
    order = {kind: place for place, kind in enumerate(kinds)}
    kind_of = {name: Proposition.parse(each.rule.conclusions[0]).kind for name, each in part.entries.items()}
    for name, entry in sorted(part.entries.items(), key=lambda each: order[kind_of[each[0]]]):
        title = "; ".join(capital(part.words(each)) for each in entry.rule.conclusions)
        claims = (each.claim for each in entry.verdicts)
        text = _text(entry.rule.because, *_of_tree(entry.condition), *claims, name)
        yield _leaf(part, RULES, "rule", name, title, kinds[kind_of[name]], text)


def _conclusions(part: BookPart) -> Iterator[Leaf]:
    kinds = kinds_of(part.rulebook)
    for name, rules in part.rulebook.propositions.items():
        group = kinds[Proposition.parse(name).kind]
        text = _text(name, *(rule.id for rule in rules))
        yield _leaf(part, CONCLUSIONS, "conclusion", name, capital(part.words(name)), group, text)


def _questions(part: BookPart) -> Iterator[Leaf]:
    rulebook = part.rulebook
    for question in rulebook.questions.values():
        section = rulebook.sections[question.section].title
        yield _leaf(part, QUESTIONS, "question", question.id, question.ask, section, _of_question(question))
    for measure in rulebook.measures.values():
        text = _text(measure.id, *_of_tree(part.formula(measure.id)))
        yield _leaf(part, QUESTIONS, "measure", measure.id, measure.text, "Measures", text)


def _of_question(question: Question) -> str:
    options = (f"{each.text} {each.clinician}" for each in question.options)
    return _text(question.help, question.means, question.example, question.why, *options, question.id)


def _care(part: BookPart) -> Iterator[Leaf]:
    rulebook, kinds = part.rulebook, kinds_of(part.rulebook)

    def told(kind: str, name: str, title: str, *texts: str) -> Leaf:
        group = kinds.get(kind, "Exercises")
        return _leaf(part, CARE, kind, name, title, group, _text(*texts), f"{kind}-{name}")

    for level in rulebook.triage.values():
        yield told("triage", level.id, level.name, level.opening, level.do, level.clinician)
    for pattern in rulebook.patterns.values():
        yield told("pattern", pattern.id, pattern.called, pattern.text, pattern.clinician)
    for each in rulebook.interventions.values():
        yield told("intervention", each.id, each.called, each.short, *each.steps, each.more)
    for exercise in rulebook.exercises.values():
        points = part.card(exercise).points
        yield told(
            "exercise", exercise.id, exercise.name, *(_text(each.text, *each.steps) for each in points)
        )


def _plan(part: BookPart) -> Iterator[Leaf]:
    for key, entry in part.plan.items():
        trees = (tree for each in entry.variants for tree in (each.applies, each.gives))
        text = _text(key, *(line for tree in trees for line in _of_tree(tree)))
        yield _leaf(part, PLAN, "plan", key, entry.text, "Keys of the plan", text)
    for parameter in part.rulebook.parameters.values():
        title, name = parameter.text, parameter.id
        group = "Numbers that the rules choose"
        yield _leaf(part, PLAN, "parameter", name, title, group, name, f"parameter-{name}")


def _invariants(part: BookPart) -> Iterator[Leaf]:
    for each in part.rulebook.invariants:
        said = (line for _, tree in part.claims(each.written) for line in _of_tree(tree))
        text = _text(each.written.because, *said, each.id)
        yield _leaf(part, INVARIANTS, "invariant", each.id, _title(each), SHELVES[INVARIANTS], text)


def _title(invariant: LinkedInvariant) -> str:
    return capital(invariant.id.replace("-", " "))


def _sources(main: Rulebook, traced: Mapping[str, SourceUse]) -> Iterator[Leaf]:
    for key, use in traced.items():
        text = _text(use.citation.text, use.citation.note, use.reason)
        group = capital(use.citation.kind)
        yield Leaf(shelf_of_source(key), key, "source", "", key, key, group, text)
    for verdict in main.evidence:
        text = _text(verdict.literature, verdict.objection)
        yield Leaf(EVIDENCE, verdict.id, "claim", "", verdict.id, verdict.claim, SHELVES[EVIDENCE], text)


def _leaf(
    part: BookPart, shelf: str, kind: str, name: str, title: str, group: str, text: str, key: str = ""
) -> Leaf:
    heading = f"{part.title}: {group}" if part.title else group
    return Leaf(shelf, part.place(key or name), kind, part.name, name, title, heading, text)


_TOLD: tuple[Callable[[BookPart], Iterator[Leaf]], ...] = (
    _rules,
    _conclusions,
    _questions,
    _care,
    _plan,
    _invariants,
)


def _of_tree(tree: WordTree) -> Iterator[str]:
    return (line.strip(" -") for line in as_lines(tree))


def _text(*parts: str | None) -> str:
    return " ".join(_words(parts))


def _words(parts: Iterable[str | None]) -> Iterator[str]:
    for part in parts:
        yield from (part or "").split()
