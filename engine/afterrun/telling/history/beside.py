"""What files offer beside a question while it is asked, the same in a terminal and on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from afterrun.history import Offer, Offers, RunningHistory, offers
from afterrun.rulebook import Rulebook
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

    def offer(self, question: str, intake: Mapping[str, Any]) -> Offer | None:
        """The offer to a question."""
        return self._offers(intake).offered.get(question)

    def lines(self, question: str, intake: Mapping[str, Any]) -> list[str]:
        """What stands behind an offer, run by run, or why files that are asked for it offer nothing."""
        found = self._offers(intake)
        if question in found.withheld:
            return [f"Your files offer nothing here. {capital(found.withheld[question])}."]
        offer = found.offered.get(question)
        if offer is None:
            return []
        first, *others = offer_lines(self._rulebook, offer)
        return [f"From your files: {first}.", *(f"  {each}" for each in others)]

    def weeks(self, intake: Mapping[str, Any]) -> ShownWeeks:
        """The last weeks, to be drawn."""
        unit = self._unit(intake) or self._offers(intake).unit
        return shown_weeks(self._rulebook, self._history, self._today, unit)

    def _offers(self, intake: Mapping[str, Any]) -> Offers:
        unit = self._unit(intake)
        if unit not in self._by_unit:
            self._by_unit[unit] = offers(self._rulebook, self._history, self._today, unit)
        return self._by_unit[unit]

    def _unit(self, intake: Mapping[str, Any]) -> str | None:
        written = self._rulebook.history
        asked = [self._rulebook.questions[each.question] for each in (written.offers if written else ())]
        keys = [self._rulebook.quantities[each.quantity].unit_key for each in asked if each.quantity]
        return next((str(intake[key]) for key in keys if intake.get(key)), None)
