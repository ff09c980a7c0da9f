"""A number by its name in, how it came by its value out: by which line, from what, rounded to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from afterrun.assessment import Case, Planner
from afterrun.errors import UnknownNameError
from afterrun.explanation.numbers.arithmetic import Working, exact_words, work_out
from afterrun.explanation.skips import Skips
from afterrun.explanation.standing import Standing, rules_for, standing_of
from afterrun.explanation.words import TRUTH_WORDS
from afterrun.inference import TestPremise, settle
from afterrun.intake import plain
from afterrun.rulebook import HUNDREDTH, OPEN, CellTest, Ref, Truth, atoms, engine_of, name_of, parameters_in
from afterrun.rulebook.schema import PlanItem

From = Literal["formula", "parameter", "constant", "answer", "options", "scheme", "asked_later"]


class Stands(NamedTuple):
    """Something that a line of the plan waits for, and whether it holds."""

    name: str
    """A conclusion, or a test of an answer in words."""
    holds: Truth
    rules: tuple[str, ...] = ()
    """The rule that gave it."""
    asks: tuple[str, ...] = ()
    """The questions of which it only says whether they are asked."""
    status: Literal["", "stands", "absent", "gives_way", "open"] = ""
    """Of a status of an intervention: what became of it, for one that rules conclude may give way."""
    over: str = ""
    """The status that it gives way to."""


class KeyLine(NamedTuple):
    """One line of a key: its conditions, and whether it applies."""

    applies: Truth
    waits_for: tuple[Stands, ...]
    """Of a condition that is settled, what settles it."""
    source: From


class Input(NamedTuple):
    """One number that another was made from, and how it was read."""

    question: str
    """Or the key of the plan, or the week whose amount it is."""
    answer: Any
    how: str
    """answered, unknown, skipped, blank or open; `plan` where it is no question."""
    reads: str
    """The number as it was read."""
    text: str = ""
    """What it is called where it is no question."""


class PlanNumber(NamedTuple):
    """How a number came by its value: a key of the plan, the amount of one of its weeks, or a measure."""

    item: PlanItem
    """The line that gives the value; the first of the key where none does."""
    lines: tuple[KeyLine, ...]
    """Every line of the key, in order: the first that applies gives the value."""
    gives: int | None
    """The place of that line; None where none applies."""
    value: Any = None
    """As the result has it; None where it is not known yet, or the key is not in the plan."""
    display: int | float | None = None
    """The amount as one can run it."""
    working: Working | None = None
    inputs: tuple[Input, ...] = ()
    choices: tuple[Standing, ...] = ()
    """The parameters in it, each with the rule that chose its value."""
    rounded_to: tuple[Fraction, ...] = ()
    """The steps to which the number is rounded down, one after the other."""
    missing: tuple[str, ...] = ()
    """Unanswered questions that keep it open."""
    hidden: bool = False
    """Whether the triage level shows the person no plan."""
    kind: Literal["plan", "week", "measure"] = "plan"
    note: str = ""
    """What the plan says beside it."""

    @property
    def key(self) -> str:
        """The name of the number."""
        return self.item.key

    @property
    def state(self) -> Literal["given", "asked_later", "open", "absent"]:
        """Whether the plan has it, and if without a value, why."""
        if self.gives is not None and self.value is not None:
            return "given"
        if self.gives is not None:
            return "asked_later" if self.item.asked_later else "open"
        return "open" if any(each.applies is None for each in self.lines) else "absent"

    def to_dict(self) -> dict[str, Any]:
        """The number as JSON."""
        return {
            "key": self.key,
            "kind": self.kind,
            "text": self.item.text,
            "state": self.state,
            "value": self.value,
            "display": self.display,
            "hidden": self.hidden,
            "line": None if self.gives is None else self.gives + 1,
            "lines": [
                {
                    "applies": TRUTH_WORDS[line.applies],
                    "from": line.source,
                    "waits_for": [
                        {
                            "name": each.name,
                            "value": TRUTH_WORDS[each.holds],
                            "by": list(each.rules),
                            "asks": list(each.asks),
                            "status": each.status,
                            "over": each.over,
                        }
                        for each in line.waits_for
                    ],
                }
                for line in self.lines
            ],
            "working": None if self.working is None else self.working.to_dict(),
            "inputs": [each._asdict() for each in self.inputs],
            "choices": [each.to_dict() for each in self.choices],
            "rounded_down_to": [float(each) for each in self.rounded_to],
            "asked_later": self.item.asked_later,
            "note": self.note,
            "missing": list(self.missing),
            "sources": list(self.item.sources),
        }


def plan_number(case: Case, key: str) -> PlanNumber:
    """How a key of the plan came by its value, or why it has none, whatever the triage hides.

    Raises UnknownNameError with the nearest name.
    """
    rulebook, planner = case.rulebook, case.planner
    places = [place for place, item in enumerate(rulebook.plan) if item.key == key]
    if not places:
        raise UnknownNameError("key of the plan", key, {item.key for item in rulebook.plan})
    lines = tuple(_line(case, planner, place) for place in places)
    # A line that is open holds back none: whether it gives the value is settled by those after it too.
    gives = next((at for at, line in enumerate(lines) if line.applies), None)
    item = rulebook.plan[places[gives or 0]]
    working, inputs, rounded = None, list[Input](), list[Fraction]()
    if item.formula is not None and gives is not None:
        working = work_out(rulebook, item.formula, planner.number, planner.parameter, unit_of(case, item))
        inputs = [input_of(case, name) for name in working.questions]
        rounded = list(roundings(case, item, working))
    named = [item.parameter] if item.parameter else list(parameters_in(item.formula) if item.formula else ())
    planner.missing.clear()
    if gives is not None:
        planner.value(item)
    whole = case.whole_plan
    return PlanNumber(
        item,
        lines,
        gives,
        whole.values.get(key),
        whole.display.get(key),
        working,
        tuple(inputs),
        tuple(standing_of(case, name_of("parameter", each)) for each in dict.fromkeys(named)),
        tuple(rounded),
        tuple(planner.missing),
        not case.level.shows_plan,
    )


def _line(case: Case, planner: Planner, place: int) -> KeyLine:
    item = case.rulebook.plan[place]
    return KeyLine(planner.applies(place, item), tuple(_waits_for(case, place, item)), _source(item))


def statuses_of(case: Case, wanted: Mapping[str, Iterable[str]]) -> Iterator[Stands]:
    """The statuses of interventions that something waits for, each as it stands."""
    for name, statuses in wanted.items():
        stands = case.ledger.statuses[name]
        for status in statuses:
            conclusion = name_of("intervention", name, status)
            rules = rules_for(case, conclusion)[:1]
            if stands is OPEN:
                yield Stands(conclusion, None, status="open")
            elif stands == status:
                yield Stands(conclusion, True, rules, status="stands")
            elif rules and isinstance(stands, str):
                yield Stands(conclusion, False, status="gives_way", over=stands)
            else:
                yield Stands(conclusion, False, status="absent")


def _waits_for(case: Case, place: int, item: PlanItem) -> Iterator[Stands]:
    """The statuses of interventions, each as it stands; or what is written under `when`."""
    yield from statuses_of(case, item.for_ or {})
    if item.for_ is None:
        formula, skips = case.rulebook.plan_conditions[place], engine_of(case.rulebook, Skips)
        asks = skips.within(formula)
        settled_by = settle(formula, case.facts, case.truths)[1]
        settling = [
            each.leaf if isinstance(each, TestPremise) else Ref(each.proposition) for each in settled_by
        ]
        for atom in dict.fromkeys(settling or atoms(formula)):
            yield _stands(case, atom)._replace(asks=asks.get(skips.premise(atom), ()))


def _stands(case: Case, atom: CellTest | Ref) -> Stands:
    truth = case.truth(atom)
    if isinstance(atom, CellTest):
        return Stands(f"{case.rulebook.variables[atom.variable].subject} {atom.test}", truth)
    return Stands(atom.proposition, truth, rules_for(case, atom.proposition)[:1])


def _source(item: PlanItem) -> From:
    written: dict[From, Any] = {
        "formula": item.formula,
        "parameter": item.parameter,
        "answer": item.answer,
        "options": item.by_option,
        "scheme": item.scheme,
        "asked_later": item.asked_later or None,
    }
    return next((name for name, each in written.items() if each is not None), "constant")


def unit_of(case: Case, item: PlanItem) -> str:
    """What a number is counted in: an amount in the unit that the person chose."""
    if item.quantity is None:
        return item.unit
    return case.answers.units.get(case.rulebook.quantities[item.quantity].unit_key, "")


def input_of(case: Case, name: str) -> Input:
    """An answer as a number reads it."""
    value, how = case.planner.read(name)
    given = case.answers.values.get(name)
    answer = None if given is None else plain(case.rulebook.questions[name], given)
    return Input(name, answer, how, exact_words(value))


def roundings(case: Case, item: PlanItem, working: Working) -> Iterator[Fraction]:
    """To what an amount is rounded down: as it is kept, and then as one can run it."""
    if isinstance(working.value, Fraction):
        yield Fraction(1) if item.whole else HUNDREDTH
        if item.quantity is not None:
            yield case.rulebook.quantities[item.quantity].step_of(unit_of(case, item))
