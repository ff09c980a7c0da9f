"""Rows into a History: each is held against its seal, and each value against what may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from afterrun.diary.database.faults import WRONG_CONTENT
from afterrun.diary.database.tables import CheckInRow, Enrolment, seal_of
from afterrun.diary.errors import DamagedError
from afterrun.diary.history import History, KeptCheckIn
from afterrun.diary.settings import KeptSettings
from afterrun.diary.standing import Standing
from afterrun.schedule import Preferences

PLACE = "the diary"
_READ = ("first", "check_ins", "settings")
"""What of a row is more than its columns."""
_KINDS: dict[str, type | tuple[type, ...]] = {
    "number": int, "start": date, "day": date, "noted_at": datetime, "intake": dict, "result": dict,
    "rulebook": dict, "answers": dict, "said": dict, "seen": bool, "preferences": dict, "settings": list,
    "corrected": list, "week": (int, type(None)), "seen_on": (date, type(None)),
    "taken_back_on": (date, type(None)),
}  # fmt: skip


def history_of(row: Enrolment) -> History:
    """One enrolment with its check-ins. Raises DamagedError."""
    check_ins = tuple(check_ins_of(row.check_ins))
    if [each.number for each in check_ins] != list(range(1, len(check_ins) + 1)):
        raise DamagedError(PLACE, f"a check-in of plan {row.number} is missing")
    return begun(row)._replace(check_ins=check_ins)


def begun(row: Enrolment) -> History:
    """One enrolment as it was before any check-in. Raises DamagedError."""
    what = f"plan {row.number}"
    try:
        _refuse_wrong(row, what)
        Preferences.of(row.preferences)
        return History(
            **{name: getattr(row, name) for name in History._fields if name not in _READ},
            first=_whole(Standing.of(row.standing)),
            settings=tuple(map(KeptSettings.of, row.settings)),
            check_ins=(),
        )
    except WRONG_CONTENT as error:
        raise DamagedError(PLACE, f"{what} holds what no afterrun wrote") from error


def check_ins_of(rows: Iterable[CheckInRow]) -> Iterator[KeptCheckIn]:
    """The check-ins of one enrolment in their order. Raises DamagedError."""
    week = 0
    for row in rows:
        what = f"check-in {row.number}"
        try:
            _refuse_wrong(row, what)
            if row.week is not None and row.week <= week:
                raise DamagedError(PLACE, f"{what} is of a week before the one that was reported")
            week = week if row.week is None else row.week
            columns = {name: getattr(row, name) for name in KeptCheckIn._fields}
            kept = KeptCheckIn.of(columns | {"week": week})
            for each in (kept, *kept.corrected):
                _whole(each.standing)
        except WRONG_CONTENT as error:
            raise DamagedError(PLACE, f"{what} holds what no afterrun wrote") from error
        yield kept


def _refuse_wrong(row: Enrolment | CheckInRow, what: str) -> None:
    if row.seal != seal_of(row):
        raise DamagedError(PLACE, f"{what} is not as it was written")
    for name, kind in _KINDS.items():
        if hasattr(row, name) and not isinstance(getattr(row, name), kind):
            raise DamagedError(PLACE, f"{name} of {what} holds what no afterrun wrote")
    if row.number < 1 or isinstance(row.number, bool):
        raise DamagedError(PLACE, f"{what} has a number that no afterrun gave")


def _whole(standing: Standing) -> Standing:
    """The same, when each part of it is of its kind."""
    amount: Any = standing.amount
    kinds = (
        isinstance(standing.programme, str),
        type(standing.week) is int and 0 < standing.week < 10_000,
        amount is None or (isinstance(amount, int | float) and amount == amount and abs(amount) < 1e6),
        isinstance(standing.facts, dict),
        all(isinstance(each, str) for each in standing.brought),
        isinstance(standing.stopped, bool),
        type(standing.began) is int and 0 < standing.began < 10_000,
    )
    if not all(kinds):
        raise ValueError("no standing")
    return standing
