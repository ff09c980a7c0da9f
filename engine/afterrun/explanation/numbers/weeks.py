"""The amount of a week in, how it came about out: from the week before, or from a key of the plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from afterrun.assessment import Case
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
from afterrun.intake import as_intake
from afterrun.once import once
from afterrun.rulebook import OPEN, Quantity, Rulebook, disjunction, name_of, parameters_in, shown
from afterrun.rulebook.schema import Capped, Course, FromPlan, ParameterRef, PlanItem
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
        """Every amount, before any triage level hides the plan."""
        case = self._case
        # Where the level hides it, it is laid out as at the mildest that does not.
        shown = (each for each in case.rulebook.triage.values() if each.shows_plan)
        level = case.level if case.level.shows_plan else [case.level, *shown][-1]
        answers, plan = as_intake(case.rulebook, case.answers), case.whole_plan.values
        return amounts_by_name(case.rulebook, State(level.id, case.ledger.entries(level), plan, answers))

    @property
    def told(self) -> Iterable[str]:
        """The names of the amounts that the triage lets be shown."""
        return self.amounts if self._case.level.shows_plan else ()

    def number(self, name: str) -> PlanNumber:
        """How the amount of a week came about, or why there is none, whatever the triage hides."""
        found = self.amounts.get(name)
        number = self._absent(name) if found is None else self._laid_out(name, found)
        return number._replace(hidden=not self._case.level.shows_plan)

    def made_from(self, name: str) -> Iterator[str]:
        """The keys of the plan behind the amount of a week, there or not."""
        found = self.amounts.get(name)
        for course in self._courses(name) if found is None else [found.course]:
            assert course.amount is not None
            rise, written = course.amount.rise, [course.amount.flat]
            if rise is not None:
                written += [*rise.first, rise.by_pct, rise.cap_pct]
            yield from (each.plan for each in written if isinstance(each, FromPlan))

    def _courses(self, name: str) -> list[Course]:
        """Those that give an amount of this kind."""
        quantity = name.partition("_")[2]
        return [
            each
            for each in _courses(self._case.rulebook)
            if each.amount is not None and each.amount.quantity == quantity
        ]

    def _laid_out(self, name: str, found: WeeksAmount) -> PlanNumber:
        case = self._case
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
        case, courses = self._case, self._courses(name)
        assert case.rulebook.schedule is not None
        item = _item(case.rulebook, name, courses[0]).changed(sources=())
        number, most = PlanNumber(item, (), None, kind="week"), case.rulebook.schedule.length.at_most
        if _week(name) > most:
            return number._replace(note=f"No plan is laid out for more than {most} weeks.")
        open_yet = case.level.pending or bool(case.lacking)
        last = max((each.week for each in self.amounts.values()), default=0)
        if last:
            plan = "As it stands, the plan" if open_yet else "The plan"
            number = number._replace(note=f"{plan} is laid out for {last} weeks.")
        if last and not open_yet:
            return number
        return number._replace(lines=tuple(self._waiting(each, open_yet) for each in courses))

    def _waiting(self, course: Course, open_yet: bool) -> KeyLine:
        waits = tuple(statuses_of(self._case, course.for_))
        applies = disjunction(each.holds for each in waits)
        # A course that applies has no such week yet; an answer to come may make it longer.
        return KeyLine(None if applies and open_yet else applies, waits, "formula")


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
    assert rulebook.schedule is not None
    return f"{rulebook.schedule.amount_text}, week {_week(name)}"


def _week(name: str) -> int:
    found = _WEEK.fullmatch(name)
    assert found is not None
    return int(found[1])


def _courses(rulebook: Rulebook) -> tuple[Course, ...]:
    return rulebook.schedule.courses if rulebook.schedule is not None else ()


def _known(value: float | Fraction | None) -> Quantity:
    return OPEN if value is None else Fraction(str(value))
