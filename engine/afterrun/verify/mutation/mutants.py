"""Something written, changed in one place: every small mistake that its author could have made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from afterrun.rulebook import STATUSES, KeyPath, Rulebook, name_of, names_in
from afterrun.rulebook.schema import (
    Condition,
    FromPlan,
    Function,
    Measure,
    Parameter,
    PlanItem,
    Question,
    Rule,
    SchemeEntry,
    Sum,
    Written,
)
from afterrun.verify.cases import (
    OfMeasure,
    OfParameter,
    OfPlan,
    OfQuestion,
    OfRule,
    OfSchedule,
    Owner,
    condition_held,
    owners_in,
)
from afterrun.verify.mutation.conditions import ConditionEdits
from afterrun.verify.mutation.edits import Edit, value_edits
from afterrun.verify.mutation.formulas import FormulaEdits


class Mutant(NamedTuple):
    """One change to one written item."""

    kind: str
    """threshold, comparison, connective, option, condition, conclusion, rule; formula, value, status, source,
    entry; wins; reading; schedule."""
    owner: Owner
    path: KeyPath
    """Where the change is, from the owner on."""
    said: str
    """The change in words."""
    now: Any
    """What its owner is written as now; None for a dropped rule or a dropped entry of the plan."""

    @property
    def condition(self) -> Condition | None:
        """What its owner waits for now; None when it waits for nothing, or never holds."""
        return None if self.now is None else condition_held(self.owner, self.now)


def mutants_of(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every mutant of everything that decides what a person is told; none is made twice."""
    maker = _Maker(rulebook)
    for owner in owners_in(rulebook):
        made: set[str] = set()
        for mutant in _mutants_of(rulebook, owner, maker):
            if (now := repr(mutant.now)) not in made:
                made.add(now)
                yield mutant


def _mutants_of(rulebook: Rulebook, owner: Owner, maker: _Maker) -> Iterator[Mutant]:
    item = owner.written(rulebook)
    condition = condition_held(owner, item)
    if condition is not None:
        for edit in maker.conditions.of(condition, (owner.field.rstrip("_"),)):
            yield _mutant(owner, edit, item.changed(**{owner.field: edit.now}))
    match owner:
        case OfRule():
            yield from maker.of_conclusions(owner, item)
            yield Mutant("rule", owner, (), "the rule dropped", None)
        case OfQuestion():
            yield from maker.of_readings(owner, item)
        case OfPlan():
            yield from maker.of_entry(owner, item)
            yield Mutant("entry", owner, (), "the entry dropped", None)
        case OfMeasure():
            yield from maker.of_measure(owner, item)
        case OfParameter():
            yield from maker.of_parameter(owner, item)
        case OfSchedule():
            for edit in value_edits(item, (), "schedule", maker.counts):
                yield _mutant(owner, edit, edit.now)


def _mutant(owner: Owner, edit: Edit, now: Any) -> Mutant:
    return Mutant(edit.kind, owner, edit.path, edit.said, now)


class _Maker:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.conditions = ConditionEdits(rulebook)
        self.formulas = FormulaEdits(rulebook)
        taken = (each.plan for each in _parts(rulebook.schedule) if isinstance(each, FromPlan))
        constants = {item.key: item.value for item in rulebook.plan}
        self.counts = {key: constants.get(key) for key in dict.fromkeys(taken)}
        """The keys of the plan from which the schedule takes numbers, with those that are constant."""

    def of_conclusions(self, owner: OfRule, rule: Rule) -> Iterator[Mutant]:
        for place, name in enumerate(rule.conclusions):
            path: KeyPath = ("then",) if isinstance(rule.then, str) else ("then", place)
            before, after = rule.conclusions[:place], rule.conclusions[place + 1 :]
            changes = [
                (f"{name} -> {other}", (*before, other, *after))
                for other in self.conditions.siblings(name)
                if other not in rule.conclusions
            ]
            if before or after:
                changes.append((f"{name} dropped", (*before, *after)))
            for said, then in changes:
                now = rule.changed(then=then if len(then) > 1 else then[0])
                yield Mutant("conclusion", owner, path, said, now)

    def of_readings(self, owner: OfQuestion, question: Question) -> Iterator[Mutant]:
        """What an answer that gives no value is read as."""
        for key in ("unknown_reads", "skipped_reads"):
            reads = getattr(question, key)
            if reads is None or question.type == "multi":
                continue
            others: list[Any] = [option.id for option in question.options]
            if not others:
                others = (
                    [reads - 1, reads + 1] if isinstance(reads, int | Decimal) else [Decimal(0), Decimal(1)]
                )
            for other in (*others, "nothing"):
                if other != reads:
                    now = question.changed(**{key: other})
                    yield Mutant("reading", owner, (key,), f"{key} {reads} -> {other}", now)

    def of_entry(self, owner: OfPlan, item: PlanItem) -> Iterator[Mutant]:
        """For whom an entry of the plan stands, and what it gives."""
        for edit in self._statuses(item.for_ or {}):
            yield _mutant(owner, edit, item.changed(for_=edit.now))
        if item.formula is not None:
            for edit in self.formulas.of(item.formula, ("formula",)):
                # What is no formula any more is written as one all the same.
                now = edit.now if isinstance(edit.now, Function) else _as_formula(edit.now)
                yield _mutant(owner, edit, item.changed(formula=now))
        if item.parameter is not None:
            for other in self.rulebook.parameters:
                if other != item.parameter:
                    said = f"{item.parameter} -> {other}"
                    yield Mutant("source", owner, ("parameter",), said, item.changed(parameter=other))
        if item.answer is not None:
            for other in self.formulas.alike(item.answer):
                said = f"{item.answer} -> {other}"
                yield Mutant("source", owner, ("answer",), said, item.changed(answer=other))
        if item.scheme is not None:
            for edit in self._scheme(item.scheme):
                yield _mutant(owner, edit, item.changed(scheme=edit.now))
        for key in ("value", "by_option"):
            for edit in value_edits(getattr(item, key), (key,), "value"):
                yield _mutant(owner, edit, item.changed(**{key: edit.now}))

    def of_measure(self, owner: OfMeasure, measure: Measure) -> Iterator[Mutant]:
        for edit in self.formulas.of(measure.formula, ("formula",)):
            now = edit.now if isinstance(edit.now, Function) else _as_formula(edit.now)
            # One that rests on itself is refused as it is loaded.
            if not self._rests_on(now, measure.id):
                yield _mutant(owner, edit, measure.changed(formula=now))

    def of_parameter(self, owner: OfParameter, parameter: Parameter) -> Iterator[Mutant]:
        other = "largest" if parameter.wins == "smallest" else "smallest"
        if len(parameter.values) > 1:
            said = f"wins {parameter.wins} -> {other}"
            yield Mutant("wins", owner, ("wins",), said, parameter.changed(wins=other))
        for place, value in enumerate(parameter.values):
            for near in (value - 1, value + 1):
                if near not in parameter.values:
                    values = (*parameter.values[:place], near, *parameter.values[place + 1 :])
                    now = parameter.changed(values=values)
                    yield Mutant("value", owner, ("values", place), f"{value} -> {near}", now)

    def _statuses(self, wanted: Mapping[str, tuple[str, ...]]) -> Iterator[Edit]:
        for name, statuses in wanted.items():
            rest = {other: each for other, each in wanted.items() if other != name}
            if rest:
                yield Edit("status", ("for", name), f"{name} dropped", rest)
            for status in STATUSES:
                if status in statuses and len(statuses) > 1:
                    left = tuple(each for each in statuses if each != status)
                    yield Edit("status", ("for", name), f"{name} {status} dropped", {**wanted, name: left})
                elif status not in statuses and self._concluded(name, status):
                    more = {**wanted, name: (*statuses, status)}
                    yield Edit("status", ("for", name), f"{name} {status} added", more)

    def _concluded(self, intervention: str, status: str) -> bool:
        return name_of("intervention", intervention, status) in self.rulebook.propositions

    def _scheme(self, entry: SchemeEntry) -> Iterator[Edit]:
        for edit in self.formulas.of(entry.week, ("scheme", "week")):
            yield edit._replace(now=entry.changed(week=edit.now))
        back = entry.blocks_back
        for other in (0, 1) if back is None else (back - 1, back + 1, None):
            if other is None or other >= 0:
                now = entry.changed(blocks_back=other)
                yield Edit("source", ("scheme", "blocks_back"), f"blocks_back {back} -> {other}", now)
        gives = "week" if entry.gives == "entry" else "entry"
        yield Edit(
            "source", ("scheme", "gives"), f"gives {entry.gives} -> {gives}", entry.changed(gives=gives)
        )

    def _rests_on(self, operand: Any, measure: str) -> bool:
        from_here = set(names_in(operand))
        behind = (
            self.rulebook.measures[each].formula for each in from_here if each in self.rulebook.measures
        )
        return measure in from_here or any(self._rests_on(each, measure) for each in behind)


def _as_formula(operand: Any) -> Function:
    """An operand where a function has to stand."""
    return Sum(parts=(operand,))


def _parts(value: Any) -> Iterator[Any]:
    """Something written and everything in it."""
    yield value
    if isinstance(value, Written):
        value = tuple(vars(value).values())
    elif isinstance(value, Mapping):
        value = tuple(value.values())
    for each in value if isinstance(value, list | tuple) else ():
        yield from _parts(each)
