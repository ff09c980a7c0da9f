"""A running history and its offers as plain JSON values."""

from __future__ import annotations

from datetime import date
from typing import Any

from afterrun.history.offering import Offer, Offers
from afterrun.history.runs import LeftOut, Run, RunningHistory
from afterrun.history.weeks import weeks_up_to


def as_plain(history: RunningHistory, offered: Offers, today: date) -> dict[str, Any]:
    """All of it: runs, what was left aside and out, offers and why there are none, and the last weeks.

    Days as 2026-03-02; distances in whole metres, durations in whole seconds, null where a file has none.
    """
    return {
        "day": today.isoformat(),
        "runs": [_run(each) for each in history.runs],
        "others": dict(history.others),
        "left_out": [_left_out(each) for each in history.left_out],
        "first": history.first.isoformat() if history.first is not None else None,
        "last": history.last.isoformat() if history.last is not None else None,
        "notes": list(history.notes),
        "offers": {name: _offer(each) for name, each in offered.offered.items()},
        "withheld": dict(offered.withheld),
        "weeks": [
            {
                "first": each.first.isoformat(),
                "last": each.last.isoformat(),
                "known": each.known,
                "runs": len(each.runs),
                "metres": each.metres,
                "seconds": each.seconds,
            }
            for each in weeks_up_to(history, today)
        ],
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "began": run.began.isoformat(),
        "metres": run.metres,
        "seconds": run.seconds,
        "kind": run.kind,
        "found": [each._asdict() for each in run.found],
    }


def _left_out(each: LeftOut) -> dict[str, Any]:
    return {**each._asdict(), "day": None if each.day is None else each.day.isoformat()}


def _offer(offer: Offer) -> dict[str, Any]:
    unit = {"unit": offer.unit} if offer.unit else {}
    note = {"note": offer.note} if offer.note else {}
    return {"answer": offer.plain, **unit, **note, "from_files": offer.found.to_dict()}
