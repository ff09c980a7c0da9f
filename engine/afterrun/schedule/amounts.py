"""How much each week holds: nothing while a ban stands, flat weeks, then a rise that two caps bound.

Amounts are whole hundredths of the person's own unit, so that a week on paper is the week that is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from afterrun.rulebook.schema import Rise, SessionKind, Share
from afterrun.schedule.courses import Laid, PlanValues
from afterrun.schedule.nouns import Amount, State

WEEKS_REMEMBERED = 4
"""The whole weeks within 30 days."""


class Portion(NamedTuple):
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

    def __init__(
        self, plan: PlanValues, kinds: Mapping[str, SessionKind], state: State, unit: str, goal: float | None
    ) -> None:
        self._plan = plan
        self._kinds = kinds
        self._unit = unit
        self._goal = None if goal is None else _exact(goal)
        self._longest: list[Fraction] = [] if state.longest is None else [_exact(state.longest)]
        self._last: Fraction | None = None
        self._sessions = 0
        self._given = None if state.amount is None else _exact(state.amount)
        self._ceiling = self._given if state.most is None else _exact(state.most)

    def next(self, laid: list[Laid], week: int, given: bool) -> Portion | None:
        """The amount of the next week; `laid` are its courses, `week` counts in the plan.

        `given` says that this is the week whose amount the state itself names. Where several courses
        name an amount the smallest counts, for a ban outweighs a permission.
        """
        having = [each for each in laid if each.course.amount is not None]
        if not having:
            return None
        known = {}
        for each in having:
            portion = self._of(each, week, laid, given)
            if portion.amount.value is None:
                unknown = portion, each.course.id
            else:
                known[portion.amount.value] = portion, each.course.id
        chosen, course = known[min(known)] if known else unknown
        chosen = chosen._replace(amount=chosen.amount._replace(course=course))
        self._remember(chosen)
        return chosen

    def _remember(self, portion: Portion) -> None:
        value = portion.amount.value
        self._last = None if value is None else _exact(value)
        # The plan's own longest session of the week stands for the one that will really be done.
        count = max(len(portion.shares), 1)
        longest = Fraction(0) if value is None or not portion.shares else _exact(value) / count
        self._longest = [*self._longest, longest][-WEEKS_REMEMBERED:]
        self._sessions = len(portion.shares) if value else 0

    def _of(self, laid: Laid, week: int, others: list[Laid], given: bool) -> Portion:
        amount = laid.course.amount
        assert amount is not None
        kind = next((self._kinds[each] for each in laid.course.sessions if self._kinds[each].share), None)
        if amount.rise is not None:
            return self._risen(laid, amount.rise, week, kind, others, given)
        value = self._given if given else None
        if value is None and amount.flat is not None:
            planned = self._plan.number(amount.flat)
            value = None if planned is None else _exact(planned)
        if value is None:
            return self._unknown(laid, kind)
        return self._shared(_hundredths(value), kind, others)

    def _risen(
        self, laid: Laid, rise: Rise, week: int, kind: SessionKind | None, others: list[Laid], given: bool
    ) -> Portion:
        last = self._last
        rate, cap = self._plan.number(rise.by_pct), self._plan.number(rise.cap_pct)
        if given and self._given is not None and self._ceiling is not None:
            value, words, ceiling = self._given, "", _hundredths_down(self._ceiling)
        elif last is None or cap is None or rate is None:
            return self._unknown(laid, kind)
        else:
            ceiling = _hundredths_down(last * (100 + _exact(cap)) / 100)
            value, words = self._rate(rise, week - laid.first, last, _exact(rate)), ""
            if self._goal is None and week - laid.first >= rise.weeks_without_goal:
                value, words = last, rise.hold
        value = min(value, ceiling)
        if self._goal is not None:
            # Adding stops at the goal, and so does what a week may hold.
            value, ceiling = min(value, self._goal), min(ceiling, self._goal)
        portion = self._shared(_hundredths(value), kind, others)
        amount = portion.amount._replace(
            ceiling=float(ceiling),
            words=" ".join(each for each in (words, portion.amount.words) if each),
        )
        reached = self._goal is not None and amount.value is not None and _exact(amount.value) >= self._goal
        return Portion(amount, portion.shares, rising=self._goal is not None, reached=reached)

    def _rate(self, rise: Rise, place: int, last: Fraction, rate: Fraction) -> Fraction:
        """The amount that the rate gives; the plan's own number where it is the same but for rounding."""
        value = _hundredths(last * (100 + rate) / 100)
        if place < len(rise.first) and (told := self._plan.number(rise.first[place])) is not None:
            return _exact(told) if abs(_exact(told) - value) <= Fraction(2, 100) else value
        return value

    def _unknown(self, laid: Laid, kind: SessionKind | None) -> Portion:
        assert laid.course.amount is not None
        words = laid.course.amount.unknown.get(laid.status, "")  # type: ignore[call-overload]
        count = 0 if kind is None else self._plan.number(kind.per_week) or 0
        return Portion(Amount(None, words=words), (None,) * count)

    def _shared(self, value: Fraction, kind: SessionKind | None, others: list[Laid]) -> Portion:
        """A week's amount in even sessions, as many as keep each near the longest of the last 30 days.

        The amount of the week is the rule, the length of a session advice: where no number of sessions
        serves both, the week says that one is to be split.
        """
        if kind is None or kind.share is None or value <= 0:
            return Portion(Amount(float(max(value, Fraction(0)))), ())
        share, words = kind.share, ""
        most = self._most(share, others)
        count = min(max(self._by_amount(share, value, kind), self._sessions), most)
        longest, limit = max(self._longest, default=Fraction(0)), None
        rise = self._plan.number(share.rise_pct)
        if longest > 0 and rise is not None:
            # A hundredth more or less comes from rounding and is no longer session.
            limit = _hundredths_down(longest * (100 + _exact(rise)) / 100) + Fraction(1, 100)
            count = min(max(count, ceil(value / limit)), most)
            words = share.split if value / count > limit else ""
        shares = _even(value, max(1, min(count, int(value * 100))))
        return Portion(
            Amount(float(value), longest=None if limit is None else float(limit), words=words), shares
        )

    def _most(self, share: Share, others: list[Laid]) -> int:
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


def _hundredths(value: Fraction) -> Fraction:
    scaled = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(scaled.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def _hundredths_down(value: Fraction) -> Fraction:
    return Fraction(floor(value * 100), 100)
