"""The rulebook that is served, as it is used today."""

from __future__ import annotations

from threading import Lock

import afterrun
from afterrun_web.settings import Settings


class Books:
    """Loads the rulebook once; from the day on which its review is due, what it says is marked so."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._now = settings.now
        self._loading = Lock()
        self._book = self._loaded()
        self._check_in: afterrun.Rulebook | None = None

    def today(self) -> afterrun.Rulebook:
        """The rulebook, used today."""
        self._book = self._dated(self._book)
        return self._book

    def check_in_today(self) -> afterrun.Rulebook:
        """Its part for check-ins, used today; loaded when it is first asked for. Raises RulebookError."""
        with self._loading:
            self._check_in = self._dated(self._check_in or self._loaded("checkin"))
            return self._check_in

    def _loaded(self, part: str | None = None) -> afterrun.Rulebook:
        settings = self._settings
        return afterrun.load_rulebook(settings.rulebook, part, cache=settings.cache, day=self._now().date())

    def _dated(self, book: afterrun.Rulebook) -> afterrun.Rulebook:
        day, due = self._now().date(), book.identity.review_by
        # A dated copy builds its engines anew, so there is one a turn and not one a request.
        past = bool(due) and day.isoformat() > due
        return book if past == ("review_was_due" in book.stamp) else book.on(day)
