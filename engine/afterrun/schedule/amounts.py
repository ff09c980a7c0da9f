"""How much each week holds: nothing while a ban stands, flat weeks, then a rise that two caps bound.

Amounts are whole hundredths of the person's own unit, so that a week on paper is the week that is counted.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from afterrun.rulebook import rounded, rounded_down
from afterrun.rulebook.schema import Rise, SessionKind, Share
from afterrun.schedule.courses import Outline, PlacedCourse
from afterrun.schedule.nouns import Amount

WEEKS_REMEMBERED = 4
"""The whole weeks within 30 days."""


class SharedAmount(NamedTuple):
    """A week's amount, shared out."""

    amount: Amount
    shares: tuple[float | None, ...]
    """One for each session that takes part."""
    rising: bool = False
    """Whether the week is on the way to a goal that is named."""
    reached: bool = False
    """Whether it holds that goal."""


class Amounts:
    """Works out one week after the other; each stands on the weeks before it."""

    def __init__(self, outline: Outline) -> None:
        state = outline.state
        self._plan, self._kinds, self._unit = outline.plan, outline.kinds, outline.unit
        self._goal = _known(outline.goal)
        self._longest = [] if state.longest is None else [_exact(state.longest)]
        self._last: Fraction | None = None
        self._sessions = 0
        self._given = _known(state.amount)
        self._ceiling = self._given if state.most is None else _exact(state.most)

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
        known = [each for each in shared if each[0].amount.value is not None]
        chosen, placed = (
            min(reversed(known), key=lambda each: each[0].amount.value or 0) if known else shared[-1]
        )
        chosen = chosen._replace(amount=chosen.amount._replace(course=placed.course.id))
        self._remember(chosen)
        return chosen

    def _remember(self, shared: SharedAmount) -> None:
        value = shared.amount.value
        self._last = _known(value)
        # The plan's own longest session of the week stands for the one that will really be done.
        count = max(len(shared.shares), 1)
        longest = Fraction(0) if value is None or not shared.shares else _exact(value) / count
        self._longest = [*self._longest, longest][-WEEKS_REMEMBERED:]
        self._sessions = len(shared.shares) if value else 0

    def _of(self, placed: PlacedCourse, week: int, others: list[PlacedCourse], given: bool) -> SharedAmount:
        amount = placed.course.amount
        assert amount is not None
        kind = next((self._kinds[each] for each in placed.course.sessions if self._kinds[each].share), None)
        if amount.rise is not None:
            return self._risen(placed, amount.rise, week, kind, others, given)
        value = self._given if given else None
        if value is None and amount.flat is not None:
            value = _known(self._plan.number(amount.flat))
        return self._unknown(placed, kind) if value is None else self._shared(rounded(value), kind, others)

    def _risen(
        self,
        placed: PlacedCourse,
        rise: Rise,
        week: int,
        kind: SessionKind | None,
        others: list[PlacedCourse],
        given: bool,
    ) -> SharedAmount:
        last = self._last
        rate, cap = self._plan.number(rise.by_pct), self._plan.number(rise.cap_pct)
        if given and self._given is not None and self._ceiling is not None:
            value, words, ceiling = self._given, "", rounded_down(self._ceiling)
        elif last is None or cap is None or rate is None:
            return self._unknown(placed, kind)
        else:
            ceiling = rounded_down(last * (100 + _exact(cap)) / 100)
            value, words = self._rate(rise, week - placed.first, last, _exact(rate)), ""
            if self._goal is None and week - placed.first >= rise.weeks_without_goal:
                value, words = last, rise.hold
        value = min(value, ceiling)
        if self._goal is not None:
            # Adding stops at the goal, and so does what a week may hold.
            value, ceiling = min(value, self._goal), min(ceiling, self._goal)
        shared = self._shared(rounded(value), kind, others)
        amount = shared.amount._replace(
            ceiling=float(ceiling),
            words=" ".join(each for each in (words, shared.amount.words) if each),
        )
        reached = self._goal is not None and amount.value is not None and _exact(amount.value) >= self._goal
        return SharedAmount(amount, shared.shares, rising=self._goal is not None, reached=reached)

    def _rate(self, rise: Rise, place: int, last: Fraction, rate: Fraction) -> Fraction:
        """The amount that the rate gives; the plan's own number where it is the same but for rounding."""
        value = rounded(last * (100 + rate) / 100)
        if place < len(rise.first) and (told := self._plan.number(rise.first[place])) is not None:
            return _exact(told) if abs(_exact(told) - value) <= Fraction(2, 100) else value
        return value

    def _unknown(self, placed: PlacedCourse, kind: SessionKind | None) -> SharedAmount:
        assert placed.course.amount is not None
        words = placed.course.amount.unknown.get(placed.status, "")  # type: ignore[call-overload]
        count = 0 if kind is None else self._plan.number(kind.per_week) or 0
        return SharedAmount(Amount(None, words=words), (None,) * count)

    def _shared(self, value: Fraction, kind: SessionKind | None, others: list[PlacedCourse]) -> SharedAmount:
        """A week's amount in even sessions, as many as keep each near the longest of the last 30 days.

        The amount of the week is the rule, the length of a session advice: where no number of sessions
        serves both, the week says that one is to be split.
        """
        if kind is None or kind.share is None or value <= 0:
            return SharedAmount(Amount(float(max(value, Fraction(0)))), ())
        share, words = kind.share, ""
        most = self._most(share, others)
        count = min(max(self._by_amount(share, value, kind), self._sessions), most)
        longest, limit = max(self._longest, default=Fraction(0)), None
        rise = self._plan.number(share.rise_pct)
        if longest > 0 and rise is not None:
            # A hundredth more or less comes from rounding and is no longer session.
            limit = rounded_down(longest * (100 + _exact(rise)) / 100) + Fraction(1, 100)
            count = min(max(count, ceil(value / limit)), most)
            words = share.split if value / count > limit else ""
        shares = _even(value, max(1, min(count, int(value * 100))))
        return SharedAmount(
            Amount(float(value), longest=None if limit is None else float(limit), words=words), shares
        )

    def _most(self, share: Share, others: list[PlacedCourse]) -> int:
        beside = {each.course.id for each in others}
        return min([share.most, *(most for course, most in share.most_beside.items() if course in beside)])

    def _by_amount(self, share: Share, value: Fraction, kind: SessionKind) -> int:
        usual = self._plan.number(kind.per_week) or 1
        more = [
            count for count, least in share.more_from.get(self._unit, {}).items() if value >= _exact(least)
        ]
        return max([usual, *more])


def _even(value: Fraction, count: int) -> tuple[float, ...]:
    """A number of hundredths in even parts that add up to it, the longer ones first.

    >>> _even(Fraction("8.8"), 3)
    (2.94, 2.93, 2.93)
    """
    whole, over = divmod(int(value * 100), count)
    return tuple(float(Fraction(whole + (place < over), 100)) for place in range(count))


def _exact(value: Any) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(Decimal(str(value)))


def _known(value: Any) -> Fraction | None:
    return None if value is None else _exact(value)
