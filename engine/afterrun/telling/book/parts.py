"""One part of a rulebook as the book tells of it: words for each thing, and the places that it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from afterrun.explanation import answer_words, conclusion_words, with_unit
from afterrun.once import once
from afterrun.rulebook import LinkedInvariant, LinkedRule, Rulebook, number_words
from afterrun.rulebook.schema import Exercise, Invariant, Parameter, Question, Scalar, Verdict
from afterrun.telling.book.entries import RuleEntry, rule_entries
from afterrun.telling.book.plan_entries import PlanEntry, plan_entries
from afterrun.telling.book.uses import Uses, uses_of
from afterrun.telling.book.words.claims import claim_words
from afterrun.telling.book.words.conditions import condition_words
from afterrun.telling.book.words.files import FileWords, file_words
from afterrun.telling.book.words.formulas import formula_words
from afterrun.telling.book.words.tree import WordTree, places_in
from afterrun.telling.exercises.cards import exercise_card
from afterrun.telling.page import Section


def place_in(part: str, key: str) -> str:
    """Where something of a part stands in the book: by its name, after that of a part beside the main one."""
    return f"{part}:{key}" if part else key


class ClaimRow(NamedTuple):
    """One claim held against the literature, with what rests on it."""

    verdict: Verdict
    level: int | None
    """The best of its publications, of the OCEBM scale of 2011; None where it names none."""
    rules: tuple[str, ...]
    """The places of the rules that rest on the same statements and rows."""
    approved: int
    """How many of them a clinician approves."""


class BookPart:
    """What templates ask of one part; `name` is empty for the main one."""

    def __init__(self, name: str, rulebook: Rulebook) -> None:
        self.name = name
        self.rulebook = rulebook
        self.title = rulebook.identity.title if name else ""

    def place(self, key: str) -> str:
        """Where something of this part stands in the book."""
        return place_in(self.name, key)

    def places(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """The same for several."""
        return tuple(map(self.place, keys))

    @once
    def entries(self) -> dict[str, RuleEntry]:
        """Every written rule by id."""
        return rule_entries(self.rulebook, self.place)

    @once
    def invariants(self) -> dict[str, LinkedInvariant]:
        """Every invariant by id."""
        return {each.id: each for each in self.rulebook.invariants}

    @once
    def plan(self) -> dict[str, PlanEntry]:
        """Every key of the plan."""
        return plan_entries(self.rulebook, self.place)

    def words(self, proposition: str) -> str:
        """A conclusion in words."""
        return conclusion_words(self.rulebook, proposition)

    def rule_name(self, rule: LinkedRule) -> str:
        """The place of a rule that somebody wrote; nothing for those that levels imply."""
        return self.place(rule.id) if rule.written is not None else ""

    def waiting(self, proposition: str) -> tuple[str, ...]:
        """The places of the rules that wait for a conclusion."""
        place = self.place(proposition)
        waits = (each for each in self.entries.values() if place in places_in(each.condition, "conclusions"))
        return tuple(self.place(each.rule.id) for each in waits)

    def uses(self, subject: str) -> Uses:
        """What rests on a question or a measure."""
        return uses_of(self.rulebook, subject)

    def formula(self, measure: str) -> WordTree:
        """How a measure is reckoned."""
        return formula_words(self.rulebook, self.rulebook.measures[measure].formula, self.place)

    def skip(self, question: Question) -> WordTree | None:
        """When a question does not apply."""
        return condition_words(self.rulebook, question.skip_when, self.place) if question.skip_when else None

    def of_files(self, question: Question) -> FileWords | None:
        """What the person's own files are asked for it."""
        return file_words(self.rulebook, question.id)

    def reads(self, question: Question, value: Scalar) -> str:
        """What stands in for an answer: 'nothing', a number or one of the options."""
        if value == "nothing":
            return "nothing: no test on it holds"
        return answer_words(self.rulebook, question, value if isinstance(value, str) else float(value))

    def bounds(self, question: Question) -> str:
        """What may be answered: how many options, or from which number to which."""
        if question.type == "multi":
            most = question.max_choices
            return f"At most {most} options." if most else "Any number of options."
        if question.type == "single":
            return "One option."
        kind = "A whole number" if question.type == "integer" else "A number"
        if question.quantity:
            units = self.rulebook.quantities[question.quantity].units
            most_of = " or ".join(f"{number_words(float(each.at_most))} {each.text}" for each in units)
            return f"{kind} from {number_words(float(question.at_least or 0))} to {most_of}."
        low, high = question.at_least, question.at_most
        ends = [
            *([f"from {number_words(float(low))}"] if low is not None else []),
            *([f"to {number_words(float(high))}"] if high is not None else []),
        ]
        return f"{' '.join((kind, *ends))}{f', in {question.unit}' if question.unit else ''}."

    def chosen(self, parameter: Parameter) -> Iterator[tuple[str, tuple[LinkedRule, ...]]]:
        """Each value that a parameter may take, and the rules that choose it."""
        for value in parameter.values:
            name = f"parameter.{parameter.id}.{number_words(float(value))}"
            yield (
                with_unit(number_words(float(value)), parameter.unit),
                self.rulebook.propositions.get(name, ()),
            )

    def claims(self, invariant: Invariant) -> Iterator[tuple[str, WordTree]]:
        """What an invariant promises, each claim below its heading."""
        for title, claim in (
            ("Of intakes for which", invariant.when),
            ("This is never so", invariant.never),
            ("This is always so", invariant.always),
        ):
            if claim is not None:
                yield title, claim_words(self.rulebook, claim, self.place)

    def card(self, exercise: Exercise) -> Section:
        """An exercise as it is shown."""
        return exercise_card(self.rulebook, exercise, doses=True)


def claim_rows(parts: tuple[BookPart, ...]) -> Iterator[ClaimRow]:
    """Each claim with the level and certainty of what is known, and whether the rules on it are approved."""
    main = parts[0].rulebook
    levels = {each.id: each.level for each in main.sources.publications}
    for verdict in main.evidence:
        claims = {each for each in verdict.sources if each.startswith(("article:", "row:"))}
        resting = [
            (part.place(name), entry)
            for part in parts
            for name, entry in part.entries.items()
            if claims.intersection(entry.rule.sources)
        ]
        level = min((levels[each] for each in verdict.sources if each in levels), default=None)
        approved = sum(entry.approved for _, entry in resting)
        yield ClaimRow(verdict, level, tuple(place for place, _ in resting), approved)
