"""How much each week holds: nothing while a ban stands, flat weeks, then a rise that two caps bound.

Amounts are counted in hundredths of the person's own unit and told as one can run them, in whole steps of it:
whoever runs what is told has run the week, so that a small amount can grow.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import Any

from afterrun.rulebook import compute, rounded_down
from afterrun.rulebook.schema import (
    Capped,
    Course,
    FromPlan,
    Operand,
    ParameterRef,
    Raised,
    Rise,
    RoundedDown,
    SessionKind,
    Share,
)
from afterrun.schedule.courses import Outline, PlacedCourse
from afterrun.schedule.nouns import Amount
from afterrun.schedule.preferences import Conflict
from afterrun.schedule.shares import SharedAmount, cut_short, even_shares, exactly

WEEKS_REMEMBERED = 4
"""The whole weeks within 30 days."""


class Amounts:
    """Works out one week after the other; each stands on the weeks before it."""

    def __init__(self, outline: Outline) -> None:
        state = outline.state
        self._plan, self._kinds, self._unit = outline.plan, outline.kinds, outline.unit
        self._step, self._less = outline.step, outline.less
        self._goal = outline.exact_goal
        self._longest = [] if state.longest is None else [exactly(state.longest)]
        self._last: Fraction | None = None
        self._told = Fraction(0)
        """The last amount as it was told."""
        self._sessions = 0
        self._again = False
        """Whether the last week was cut short, so that its amount has its turn once more."""
        self._gaps, self._light = outline.written.gaps, outline.written.light_week
        self._climb: Fraction | None = None
        """The most of the next week, on the way back up from a light one."""
        self._named = False
        """Whether the last week is the one whose amount the state names."""
        self._missed = 0
        """Weeks in a row in which nothing of the amount found a day."""
        self._after_gap = ""
        """Said instead of every amount that follows; only a check-in makes it known again."""
        self._held: Fraction | None = None
        """What the week could hold in which there were first too few sessions."""
        self._preferences = outline.preferences
        self._given = _known(state.amount)
        self._ceiling = self._given if state.most is None else exactly(state.most)

    def next(self, courses: list[PlacedCourse], week: int, given: bool) -> SharedAmount | None:
        """The amount of the next week; `courses` are its own, `week` counts in the plan.

        `given` says that this is the week whose amount the state itself names. Where several courses
        name an amount the smallest counts, for a ban outweighs a permission.
        """
        shared = [
            (self._of(each, week, courses, given), each) for each in courses if each.course.amount is not None
        ]
        if not shared:
            return None
        known = [(each[0].exact, place) for place, each in enumerate(shared) if each[0].exact is not None]
        chosen, placed = shared[min(known, key=lambda each: (each[0], -each[1]))[1] if known else -1]
        if self._after_gap and chosen.exact != 0:
            chosen = SharedAmount(Amount(None, words=self._after_gap), None, (None,) * len(chosen.shares))
        self._named = given and self._given is not None
        return chosen._replace(amount=chosen.amount._replace(course=placed.course.id))

    def keep(self, shared: SharedAmount | None, done: int | None = None) -> SharedAmount | None:
        """Go on from a week of whose sessions so many find a day; the others take their shares with them.

        So no session grows, and what was cut short has its turn again before more is added.
        """
        if shared is None:
            return None
        done = len(shared.shares) if done is None else done
        cut = done < len(shared.shares)
        if cut and not done:
            return self._miss(shared)
        self._missed = 0
        self._last, self._told = shared.exact, exactly(shared.amount.value or 0)
        self._sessions = len(shared.shares) if shared.exact else 0
        if self._held is None and shared.few:
            self._held = shared.exact
        self._again = cut and shared.exact is not None
        kept = cut_short(shared, done) if cut else shared
        self._climb_back(shared, exactly(kept.amount.value or 0) if cut else None)
        # The plan's own longest session of the week stands for the one that will really be done.
        longest = max((exactly(each) for each in kept.shares if each is not None), default=Fraction(0))
        self._longest = [*self._longest, longest][-WEEKS_REMEMBERED:]
        return kept

    def _climb_back(self, shared: SharedAmount, held: Fraction | None) -> None:
        """Let the weeks after a light one rise from what it held, where it was cut short."""
        if self._light is None or shared.exact is None:
            return
        up = (100 + exactly(self._light.rise_pct)) / 100
        if held is not None and 100 * held < shared.exact * exactly(self._light.below_pct):
            self._climb = self._last = self._told = min(shared.exact, held * up)
        elif self._climb is not None:
            self._climb *= up

    def _miss(self, shared: SharedAmount) -> SharedAmount:
        """Go on from a week in which nothing is run: what counts is the week before it, if that is known."""
        self._missed += 1
        # Of a week that only a check-in named, the week before is not known here.
        gap = max(self._missed, min(self._gaps, default=0)) if self._named else self._missed
        reached = [weeks for weeks in self._gaps if weeks <= gap]
        self._after_gap = self._gaps[max(reached)] if reached else self._after_gap
        self._again = self._last is not None
        self._longest = [*self._longest, Fraction(0)][-WEEKS_REMEMBERED:]
        amount = shared.amount._replace(value=0.0, ceiling=None, longest=None, words="")
        return SharedAmount(amount, Fraction(0), (), rising=shared.rising, missed=True)

    def _of(self, placed: PlacedCourse, week: int, others: list[PlacedCourse], given: bool) -> SharedAmount:
        amount = placed.course.amount
        assert amount is not None
        kind = next((self._kinds[each] for each in placed.course.sessions if self._kinds[each].share), None)
        if amount.rise is not None:
            return self._risen(placed, amount.rise, week, kind, others, given)
        value, formula = self._given if given else None, None
        if value is None and amount.flat is not None:
            value, formula = _known(self._plan.number(amount.flat)), _planned(amount.flat)
        if value:
            before = (self._held, self._climb, self._last if self._again else None)
            value = min([value, *(each for each in before if each)])
        if value is None:
            return self._unknown(placed, kind, others)
        return self._shared(value, kind, others)._replace(formula=formula)

    def _risen(
        self,
        placed: PlacedCourse,
        rise: Rise,
        week: int,
        kind: SessionKind | None,
        others: list[PlacedCourse],
        given: bool,
    ) -> SharedAmount:
        last, name = self._last, amount_name(week - 1, placed.course)
        rate, cap = self._plan.number(rise.by_pct), self._plan.number(rise.cap_pct)
        formula: Capped | None = None
        if given and self._given is not None and self._ceiling is not None:
            value, words, ceiling = self._given, "", self._ceiling
            most = ceiling
        elif last is None or cap is None or rate is None:
            return self._unknown(placed, kind, others)
        else:
            ceiling, most = (each * (100 + exactly(cap)) / 100 for each in (last, self._told))
            rises, words = self._raised(rise, week - placed.first, name, last), ""
            if self._goal is None and week - placed.first >= rise.weeks_without_goal:
                rises, words = name, rise.hold
            if self._again:
                rises, most = name, self._told
            formula = Capped(value=rises, by=Raised(value=name, percent=_planned(rise.cap_pct)))
            value = self._worked_out(rises, name, last)
        value = min(value, ceiling)
        if self._goal is not None:
            # Adding stops at the goal, and so does what a week may hold.
            value, most = min(value, self._goal), min(most, self._goal)
            formula = formula and Capped(value=formula, by=rise.goal)
        shared = self._shared(value, kind, others)
        most = exactly(shared.amount.value or 0) if shared.few else most
        amount = shared.amount._replace(
            ceiling=max(float(rounded_down(most, self._step)), shared.amount.value or 0.0),
            words=" ".join(each for each in (words, shared.amount.words) if each),
        )
        held = shared.exact is None or shared.exact < rounded_down(value)
        reached = self._goal is not None and value >= self._goal and not held
        return shared._replace(amount=amount, rising=self._goal is not None, reached=reached, formula=formula)

    def _raised(self, rise: Rise, place: int, name: str, last: Fraction) -> Operand:
        """What the rate makes of the last week; the plan's own number where only rounding differs."""
        raised = RoundedDown(value=Raised(value=name, percent=_planned(rise.by_pct)))
        told = self._plan.number(rise.first[place]) if place < len(rise.first) else None
        if told is None:
            return raised
        near = abs(exactly(told) - self._worked_out(raised, name, last)) <= Fraction(2, 100)
        return _planned(rise.first[place]) if near else raised

    def _worked_out(self, formula: Operand, name: str, last: Fraction) -> Fraction:
        """The number of a formula of the plan's keys and of the last week."""
        value = compute(formula, {name: last}.__getitem__, self._of_plan)
        assert isinstance(value, Fraction)
        return value

    def _of_plan(self, key: str) -> Fraction:
        return exactly(self._plan.number(FromPlan(plan=key)))

    def _unknown(
        self, placed: PlacedCourse, kind: SessionKind | None, others: list[PlacedCourse]
    ) -> SharedAmount:
        assert placed.course.amount is not None
        words = placed.course.amount.unknown.get(placed.status, "")  # type: ignore[call-overload]
        count = 0 if kind is None else self._plan.number(kind.per_week) or 0
        if kind is not None and kind.share is not None:
            count = min(self._wished(kind, count), max(count, self._most(kind.share, others)))
        return SharedAmount(Amount(None, words=words), None, (None,) * count)

    def _shared(self, value: Fraction, kind: SessionKind | None, others: list[PlacedCourse]) -> SharedAmount:
        """A week's amount in even sessions, as many as keep each near the longest of the last 30 days.

        The amount of the week is the rule, the length of a session advice: where no number of sessions
        serves both, the week says that one is to be split.
        """
        exact, value = (
            rounded_down(max(value, Fraction(0))),
            rounded_down(max(value, Fraction(0)), self._step),
        )
        if exact and not value:
            return SharedAmount(Amount(None, words=self._less), exact, ())
        if kind is None or kind.share is None or not value:
            return SharedAmount(Amount(float(value)), exact, ())
        share, words = kind.share, ""
        most = self._most(share, others)
        count = min(max(self._by_amount(share, value, kind), self._sessions), most)
        longest, limit = max(self._longest, default=Fraction(0)), None
        rise = self._plan.number(share.rise_pct)
        if longest > 0 and rise is not None:
            limit = rounded_down(longest * (100 + exactly(rise)) / 100, self._step)
            # A step more or less comes from rounding and is no longer session.
            near = limit + self._step
            count = min(max(count, ceil(value / near)), most)
            words = share.split if value / count > near else ""
        whole = int(value / self._step)
        shares = even_shares(value, max(1, min(count, whole)), self._step)
        wished = min(self._wished(kind, count), most)
        held = False
        if wished < count:
            advised = exactly(shares[0]) if limit is None else limit
            held = value > wished * advised
            limit = advised if held else limit
            # Never longer sessions for being fewer: the week holds less, and what follows counts from there.
            exact, value = (wished * advised,) * 2 if held else (exact, value)
            words = share.held if held else ""
        elif wished > count and limit is not None and value / wished <= limit + self._step:
            words = ""
        if wished != count:
            shares = even_shares(value, max(1, min(wished, int(value / self._step))), self._step)
        longest_told = None if limit is None else float(limit)
        amount = Amount(float(value), longest=longest_told, words=words)
        few = held or (self._held is not None and len(shares) < count)
        return SharedAmount(amount, exact, shares, conflicts=tuple(self._conflicts(kind, shares, count, few)))

    def _conflicts(
        self, kind: SessionKind, shares: tuple[float, ...], usual: int, few: bool
    ) -> Iterator[Conflict]:
        wish, placed = self._preferences.runs, len(shares)
        if few:
            yield Conflict("long", "limit", kind.name, placed, usual)
        if wish is not None and placed < wish:
            yield Conflict("fewer", "limit", kind.name, placed, wish)

    def _wished(self, kind: SessionKind, count: int) -> int:
        """How many sessions there are to be, going by the person's own days and number."""
        wish = self._preferences.runs
        return min(count if wish is None else wish, len(self._preferences.allowed(kind)))

    def _most(self, share: Share, others: list[PlacedCourse]) -> int:
        beside = {each.course.id for each in others}
        return min([share.most, *(most for course, most in share.most_beside.items() if course in beside)])

    def _by_amount(self, share: Share, value: Fraction, kind: SessionKind) -> int:
        usual = self._plan.number(kind.per_week) or 1
        more = [
            count for count, least in share.more_from.get(self._unit, {}).items() if value >= exactly(least)
        ]
        return max([usual, *more])


def amount_name(week: int, course: Course) -> str:
    """What the amount of a week of the plan is called, as the plan's own keys are: `week7_volume`."""
    assert course.amount is not None
    return f"week{week}_{course.amount.quantity}"


def _planned(wanted: FromPlan) -> ParameterRef:
    """A key of the plan, in a formula of a week's amount."""
    return ParameterRef(parameter=wanted.plan)


def _known(value: Any) -> Fraction | None:
    return None if value is None else exactly(value)
