"""Weeks that had begun when something changed: what of them is over, what stays, what falls out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from afterrun.schedule.nouns import Amount, Session, Week
from afterrun.schedule.preferences import Conflict, Preferences
from afterrun.schedule.shares import SharedAmount


def as_it_stays(
    week: Week, since: datetime, preferences: Preferences, put_off: Callable[[str, date], date]
) -> Week:
    """A week that had begun when preferences changed: it stays, but for days to come that are not free.

    `put_off` gives the day of what is done once, and the same day of everything else.
    """
    moved = [
        each if each.at < since else _on(each, put_off(each.kind, each.at.date())) for each in week.doings
    ]
    stay = [each for each in moved if each.at < since or preferences.is_free(each.at.date())]
    gone = [each for each in moved if each not in stay]
    away = [each for each in gone if preferences.is_away(each.at.date())]
    taken = [each for each in gone if each not in away]
    return week._replace(
        sessions=tuple(stay),
        amount=_without(week.amount, gone),
        conflicts=(
            *week.conflicts,
            *fallen_out(moved, away, "away"),
            *fallen_out(moved, taken, "taken"),
        ),
    )


def shares_of(week: Week, shared: SharedAmount | None) -> tuple[SharedAmount | None, int | None]:
    """The amount of such a week with the sessions that it has, and how many of them are left."""
    if shared is None or not shared.shares:
        return shared, None
    shares = tuple(each.amount for each in week.doings if each.amount is not None)
    cut = any(each.what == "left_out" and each.why != "late" for each in week.conflicts)
    # A share that is gone stands for all of them.
    return shared._replace(shares=(*shares, None) if cut else shares), len(shares)


def fallen_out(
    sessions: Sequence[Session], gone: Sequence[Session], why: Literal["away", "taken", "late"]
) -> Iterator[Conflict]:
    """What is to be said of sessions that fall out, kind by kind."""
    for kind, lost in itertools.groupby(sorted(each.kind for each in gone)):
        of = [each for each in sessions if each.kind == kind]
        yield Conflict("left_out", why, of[0].name, len(of) - len(list(lost)), len(of))


def _on(session: Session, day: date) -> Session:
    return session._replace(at=datetime.combine(day, session.at.time()))


def _without(amount: Amount | None, gone: Sequence[Session]) -> Amount | None:
    lost = sum((Fraction(str(each.amount)) for each in gone if each.amount), Fraction(0))
    if amount is None or amount.value is None or not lost:
        return amount
    value = float(Fraction(str(amount.value)) - lost)
    return amount._replace(value=value, ceiling=None if amount.ceiling is None else value)
