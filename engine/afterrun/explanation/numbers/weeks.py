"""The amount of a week in, how it came about out: from the week before, or from a key of the plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from afterrun.assessment import Case, result_of
from afterrun.explanation.numbers.arithmetic import exact_words, work_out
from afterrun.explanation.numbers.plan_keys import (
    Input,
    KeyLine,
    PlanNumber,
    input_of,
    plan_number,
    roundings,
    statuses_of,
    unit_of,
)
from afterrun.explanation.standing import standing_of
from afterrun.explanation.words import plan_entry, with_unit
from afterrun.once import once
from afterrun.rulebook import OPEN, Quantity, Rulebook, disjunction, name_of, parameters_in, shown
from afterrun.rulebook.schema import Capped, Course, ParameterRef, PlanItem
from afterrun.schedule import State, WeeksAmount, amounts_by_name

_WEEK = re.compile(r"week([1-9][0-9]{0,2})_(\w+)")


def names_a_week(rulebook: Rulebook, name: str) -> bool:
    """Whether a name is that of a week's amount, there or not: `week7_volume`."""
    found = _WEEK.fullmatch(name)
    return found is not None and any(
        each.amount is not None and each.amount.quantity == found[2] for each in _courses(rulebook)
    )


class Weeks:
    """The amounts of the weeks of one person's plan, by their names; laid out when one is asked for."""

    def __init__(self, case: Case) -> None:
        self._case = case

    @once
    def amounts(self) -> Mapping[str, WeeksAmount]:
        """Every amount; none while the triage shows no plan."""
        return amounts_by_name(self._case.rulebook, State.of(result_of(self._case)))

    def number(self, name: str) -> PlanNumber:
        """How the amount of a week came about, or why there is none."""
        case, found = self._case, self.amounts.get(name)
        if found is None:
            return self._absent(name)
        formula = found.shared.formula
        if isinstance(formula, ParameterRef):
            told = plan_number(case, formula.parameter)
            if told.value is not None:
                text = f"{_text(case.rulebook, name)}: {told.item.text}"
                return told._replace(item=told.item.changed(key=name, text=text), kind="week")
        item = _item(case.rulebook, name, found.course)
        line = KeyLine(True, tuple(statuses_of(case, found.course.for_)), "constant")
        if found.shared.exact is None:
            words = found.amount.words
            later = f"{words[:1].upper()}{words[1:]}"
            return PlanNumber(item.changed(asked_later=later), (line,), 0, kind="week")
        value, display = shown(found.shared.exact), found.amount.value
        number = PlanNumber(item, (line,), 0, value, display, kind="week", note=found.amount.words)
        return self._worked_out(number, formula) if isinstance(formula, Capped) else number

    def _worked_out(self, number: PlanNumber, formula: Capped) -> PlanNumber:
        """A number with the arithmetic that gave it, from the week before and keys of the plan."""
        case, item = self._case, number.item
        unit = unit_of(case, item)

        def read(name: str) -> Quantity:
            return (
                _known(self.amounts[name].shared.exact) if name in self.amounts else case.planner.number(name)
            )

        def planned(key: str) -> Quantity:
            return _known(case.whole_plan.values[key])

        working = work_out(case.rulebook, formula, read, planned, unit)
        before = (
            Input(name, None, "plan", with_unit(exact_words(read(name)), unit), _text(case.rulebook, name))
            if name in self.amounts
            else input_of(case, name)
            for name in working.questions
        )
        chosen = {key: plan_entry(case.rulebook, key) for key in parameters_in(formula)}
        constants = (
            Input(key, None, "plan", with_unit(exact_words(planned(key)), each.unit), each.text)
            for key, each in chosen.items()
            if each.parameter is None
        )
        choices = (
            standing_of(case, name_of("parameter", each.parameter))
            for each in chosen.values()
            if each.parameter
        )
        return number._replace(
            lines=(number.lines[0]._replace(source="formula"),),
            working=working,
            inputs=(*before, *constants),
            choices=tuple(choices),
            rounded_to=tuple(roundings(case, item, working)),
        )

    def _absent(self, name: str) -> PlanNumber:
        """Why there is no such week: the plan has others, or what each course with an amount waits for."""
        case, quantity = self._case, name.partition("_")[2]
        courses = [
            each
            for each in _courses(case.rulebook)
            if each.amount is not None and each.amount.quantity == quantity
        ]
        item = _item(case.rulebook, name, courses[0]).changed(sources=())
        if not case.level.shows_plan:
            return PlanNumber(item, (), None, hidden=True, kind="week")
        if self.amounts:
            last = max(each.week for each in self.amounts.values())
            return PlanNumber(item, (), None, kind="week", note=f"The plan is laid out for {last} weeks.")
        waits = [tuple(statuses_of(case, each.for_)) for each in courses]
        lines = tuple(KeyLine(disjunction(one.holds for one in each), each, "formula") for each in waits)
        return PlanNumber(item, lines, None, kind="week")


def _item(rulebook: Rulebook, name: str, course: Course) -> PlanItem:
    assert course.amount is not None
    return PlanItem(
        key=name,
        text=_text(rulebook, name),
        for_=course.for_,
        quantity=course.amount.quantity,
        sources=course.sources,
    )


def _text(rulebook: Rulebook, name: str) -> str:
    found = _WEEK.fullmatch(name)
    assert found is not None
    assert rulebook.schedule is not None
    return f"{rulebook.schedule.amount_text}, week {found[1]}"


def _courses(rulebook: Rulebook) -> tuple[Course, ...]:
    return rulebook.schedule.courses if rulebook.schedule is not None else ()


def _known(value: float | Fraction | None) -> Quantity:
    return OPEN if value is None else Fraction(str(value))
