"""What files offer beside a question while it is asked, the same in a terminal and on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from afterrun.history import Offers, RunningHistory, offers
from afterrun.intake import measures_of
from afterrun.rulebook import Rulebook
from afterrun.telling.history.kept import unit_in
from afterrun.telling.history.offered import offer_lines
from afterrun.telling.history.weeks import ShownWeeks, shown_weeks
from afterrun.telling.page import capital


class FileOffers:
    """One person's files during one interview, in the unit that the answers so far are in."""

    def __init__(self, rulebook: Rulebook, history: RunningHistory, today: date) -> None:
        self._rulebook = rulebook
        self._history = history
        self._today = today
        self._by_unit: dict[str | None, Offers] = {}

    def answers(self, intake: Mapping[str, Any]) -> dict[str, Any]:
        """What the files would answer, with the runs behind it: `Scope.of_files` of a conversation."""
        return self._offers(intake).answers(self._rulebook)

    def lines(self, question: str, intake: Mapping[str, Any]) -> list[str]:
        """What stands behind an offer, run by run, or why files that are asked for it offer nothing."""
        first, *others = _lines(self._rulebook, self._offers(intake), question) or [""]
        return [first, *(f"  {each}" for each in others)] if first else []

    def weeks(self, intake: Mapping[str, Any]) -> ShownWeeks:
        """The last weeks, to be drawn."""
        unit = unit_in(self._rulebook, intake) or self._offers(intake).unit
        return shown_weeks(self._rulebook, self._history, self._today, unit)

    def kept(self) -> dict[str, Any]:
        """All of it as plain JSON values, in every unit: what a page can carry on, and KeptOffers read."""
        by_unit = {}
        for unit in measures_of(self._rulebook):
            found = offers(self._rulebook, self._history, self._today, unit)
            names = [*found.offered, *found.withheld]
            lines = {name: _lines(self._rulebook, found, name) for name in names}
            by_unit[unit] = {"answers": found.answers(self._rulebook), "lines": lines}
        usual = offers(self._rulebook, self._history, self._today).unit
        return {
            "rulebook": self._rulebook.digest,
            "day": self._today.isoformat(),
            "usual": usual,
            "units": by_unit,
        }

    def _offers(self, intake: Mapping[str, Any]) -> Offers:
        unit = unit_in(self._rulebook, intake)
        if unit not in self._by_unit:
            self._by_unit[unit] = offers(self._rulebook, self._history, self._today, unit)
        return self._by_unit[unit]


def _lines(rulebook: Rulebook, found: Offers, question: str) -> list[str]:
    if question in found.withheld:
        return [f"Your files offer nothing here. {capital(found.withheld[question])}."]
    offer = found.offered.get(question)
    if offer is None:
        return []
    first, *others = offer_lines(rulebook, offer)
    return [f"From your files: {first}.", *others]
