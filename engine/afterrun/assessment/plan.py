"""The plan: each key that applies, its value, and the questions that keep a value open."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from math import isfinite
from typing import Any, Literal, NamedTuple

from afterrun.assessment.ledger import Choice, Ledger
from afterrun.inference import FactMaker, Facts, number_read
from afterrun.intake import Answers, PartlyAsked, plain, plain_number, runnable
from afterrun.rulebook import (
    NOTHING,
    OPEN,
    UNKNOWN,
    Mark,
    Quantity,
    Truth,
    compute,
    disjunction,
    engine_of,
    shown,
    truths_given,
)
from afterrun.rulebook.schema import PlanItem, SchemeEntry


class Plan(NamedTuple):
    """The plan's values by key, and what is still open in it."""

    values: Mapping[str, Any]
    """null where the value rests on an open proposition, or is asked later."""
    choices: Mapping[str, Choice]
    """The choice behind each key that is a parameter."""
    display: Mapping[str, int | float | None]
    """Each amount as one can run it; null where it is less than that."""
    missing: tuple[str, ...]
    """Unanswered questions that some value rests on."""
    lines: Mapping[str, int]
    """The line of each key that stands, or may yet, by its place in the rulebook's plan."""


How = Literal["answered", "unknown", "skipped", "blank", "open"]
"""`blank`: an optional question left out, read as nothing. `open`: nothing is known yet."""


class Read(NamedTuple):
    """A question as a plan reads it."""

    value: Quantity
    how: How


def plan_of(answers: Answers, facts: Facts, ledger: Ledger) -> Plan:
    """The plan that follows, before any triage level hides it."""
    return Planner(answers, facts, ledger).plan()


class Planner:
    """Works out the lines of one person's plan, and the numbers that they are made from."""

    def __init__(self, answers: Answers, facts: Facts, ledger: Ledger) -> None:
        self.rulebook = ledger.rulebook
        self.answers = answers
        self._truth = truths_given(facts, ledger.truths)
        self.ledger = ledger
        self.missing: dict[str, None] = {}
        self._facts = engine_of(ledger.rulebook, FactMaker)
        self._measures: dict[str, Quantity] = {}

    def plan(self) -> Plan:
        """Every key that applies or may yet, with its value."""
        values: dict[str, Any] = {}
        choices: dict[str, Choice] = {}
        display: dict[str, int | float | None] = {}
        lines: dict[str, int] = {}
        settled: set[str] = set()
        for place, item in enumerate(self.rulebook.plan):
            applies = self.applies(place, item)
            if applies is False or item.key in settled:
                continue
            lines[item.key] = place
            if applies:
                settled.add(item.key)
                value = self.value(item)
                if item.quantity is not None:
                    # An amount of nothing is none; a ban is told by a constant.
                    value = value or None
                values[item.key] = value
                if item.quantity is not None and isinstance(value, int | float):
                    quantity = self.rulebook.quantities[item.quantity]
                    unit = self.answers.units.get(quantity.unit_key, "")
                    display[item.key] = runnable(value, quantity, unit)
            else:
                self.value(item)
                values[item.key] = None
            choice = self.ledger.choices[item.parameter] if item.parameter is not None else None
            if isinstance(choice, Choice) and applies:
                choices[item.key] = choice
        return Plan(values, choices, display, tuple(self.missing), lines)

    def applies(self, place: int, item: PlanItem) -> Truth:
        """Whether the line at this place of the plan stands in it."""
        if item.for_ is None:
            return self._truth(self.rulebook.plan_conditions[place])
        statuses = [(self.ledger.statuses[name], wanted) for name, wanted in item.for_.items()]
        return disjunction(None if status is OPEN else status in wanted for status, wanted in statuses)

    def value(self, item: PlanItem) -> Any:
        """What a line gives; None while it is open."""
        if item.parameter is not None:
            choice = self.ledger.choices[item.parameter]
            return plain_number(choice.value) if isinstance(choice, Choice) else None
        if item.formula is not None:
            number = compute(item.formula, self.number, self.parameter)
            if isinstance(number, Mark):
                return None
            return round(number) if item.whole and isfinite(number) else shown(number)
        if item.scheme is not None:
            return self._from_scheme(item.scheme)
        if item.answer is not None:
            return self._answer(item.answer)
        if item.by_option is not None:
            return chosen_by(item, self._ticked)
        return item.value

    def _from_scheme(self, entry: SchemeEntry) -> Any:
        week = compute(entry.week, self.number, self.parameter)
        if isinstance(week, Mark):
            return None
        scheme = self.rulebook.schemes[entry.of]
        # Before its first stretch and after its last a scheme goes on as there.
        block = max((place for place, (first, _, _) in enumerate(scheme) if first <= week), default=0)
        if entry.blocks_back is not None:
            block = max(block - entry.blocks_back, 0)
        return scheme[block][0] if entry.gives == "week" else scheme[block][2]

    def _answer(self, name: str) -> Any:
        if name in self.answers.units:
            return self.answers.units[name]
        if name in self.answers.values:
            return plain(self.rulebook.questions[name], self.answers.values[name])
        if name in self.rulebook.questions:
            self.missing[name] = None
        return None

    def _ticked(self, question: str) -> frozenset[str] | None:
        ticked = self.answers.values.get(question)
        if isinstance(ticked, frozenset) and not isinstance(ticked, PartlyAsked):
            return ticked
        self.missing[question] = None
        return None

    def number(self, name: str) -> Quantity:
        """A question or measure as a plan reads it: skipped, unknown and optional answers included."""
        if name in self.rulebook.measures:
            if name not in self._measures:
                self._measures[name] = self._facts.measure(name, self.number)
            return self._measures[name]
        return self.read(name).value

    def read(self, name: str) -> Read:
        """A question as a plan reads it, and how it came to be read so."""
        question = self.rulebook.questions[name]
        if name in self.rulebook.skips:
            skipped = self._truth(self.rulebook.skips[name])
            if skipped:
                return Read(number_read(question.skipped_reads), "skipped")
            if skipped is None and name in self.answers.values:
                return Read(OPEN, "open")
        value = self.answers.values.get(name)
        if value is None:
            self.missing[name] = None
            return Read(NOTHING, "blank") if question.optional else Read(OPEN, "open")
        if value is UNKNOWN:
            return Read(number_read(question.unknown_reads), "unknown")
        assert isinstance(value, Fraction)
        return Read(value, "answered")

    def parameter(self, name: str) -> Quantity:
        """The value that the rules chose."""
        choice = self.ledger.choices[name]
        return Fraction(choice.value) if isinstance(choice, Choice) else OPEN


def chosen_by(item: PlanItem, ticked: Callable[[str], Collection[str] | None]) -> list[str] | None:
    """What the ticked options of some questions add; None where one is not answered."""
    chosen: dict[str, None] = {}
    for question, options in (item.by_option or {}).items():
        ticks = ticked(question)
        if ticks is None:
            return None
        for option, adds in options.items():
            if option in ticks:
                chosen.update(dict.fromkeys(adds))
    return list(chosen or item.otherwise)
