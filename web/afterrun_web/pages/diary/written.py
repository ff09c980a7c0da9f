"""A check-in that stands in the diary: its page, and whether it is the one that a form would write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from afterrun.telling import last_week_page, what_now
from afterrun_web.pages.diary.desk import Desk, stand_of
from afterrun_web.sealing import Kept

if TYPE_CHECKING:
    from afterrun.diary import History, KeptCheckIn


class Written(Exception):
    """This check-in stands in the diary already."""


def told(desk: Desk, history: History, notice: str = "") -> Response:
    """The page of the last check-in."""
    from afterrun.diary import schedules_of

    part = desk.part
    after = schedules_of(part, history)[-1]
    return desk.page(
        "told.html.j2",
        page=last_week_page(part, history),
        inputs=(),
        notice=notice,
        stopped=history.standing.stopped,
        now=what_now(history, after, commands=False),
    )


def is_written(history: History, sent: Kept) -> bool:
    """Whether what was written last is the check-in that a form carries: sent twice, or gone back to."""
    about = sent.about
    if not history.check_ins:
        return False
    last = history.check_ins[-1]
    before = history.without_last()
    if last.seen_on is not None:
        # A plan that goes on since it was seen; no week was written.
        before = _with_last(history, last._replace(seen_on=None))
        return bool(about["seen"]) and about["stand"] == stand_of(before)
    if about["correct"]:
        *older, old = last.corrected or (last,)
        before = _with_last(history, old._replace(corrected=tuple(older)))
    return about["stand"] == stand_of(before) and _says(last.answers, sent.answers)


def stands_already(history: History, sent: Kept) -> bool:
    """Whether any check-in was written from these answers, on the diary as it stood when they were asked."""
    while history.check_ins:
        last, history = history.check_ins[-1], history.without_last()
        if sent.about.get("stand") == stand_of(history):
            # What was corrected or seen to since was still written from them; what nothing hung on was not.
            return any(
                _says(each.answers, {key: sent.answers.get(key) for key in each.answers})
                for each in (last, *last.corrected)
            )
    return False


def _with_last(history: History, kept: KeptCheckIn) -> History:
    return history._replace(check_ins=(*history.check_ins[:-1], kept))


def _says(kept: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether a check-in was written from these answers; with a stop goes what nobody has looked at yet.

    Where nothing was answered that it holds, nothing was written.
    """
    given = {key: value for key, value in answers.items() if value is not None}
    return bool(given) and all(
        set(value) <= set(kept.get(key, ())) if isinstance(value, list) else kept.get(key) == value
        for key, value in given.items()
    )
