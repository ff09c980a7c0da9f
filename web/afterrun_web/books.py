"""The rulebook that is served, as it is used today."""

from __future__ import annotations

import afterrun
from afterrun_web.settings import Settings


class Books:
    """Loads the rulebook once; from the day on which its review is due, what it says is marked so."""

    def __init__(self, settings: Settings) -> None:
        self._now = settings.now
        day = self._now().date()
        self._book = afterrun.load_rulebook(settings.rulebook, cache=settings.cache, day=day)

    def today(self) -> afterrun.Rulebook:
        """The rulebook, used today."""
        day, due = self._now().date(), self._book.identity.review_by
        # A dated copy builds its engines anew, so there is one a turn and not one a request.
        if due and (day.isoformat() > due) != ("review_was_due" in self._book.stamp):
            self._book = self._book.on(day)
        return self._book
