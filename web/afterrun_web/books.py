"""The rulebook that is served, as it is used today."""

from __future__ import annotations

from datetime import date

import afterrun
from afterrun_web.settings import Settings


class Books:
    """Loads the rulebook once; each day has a copy that knows what is past its review by then."""

    def __init__(self, settings: Settings) -> None:
        self._now = settings.now
        self._loaded = afterrun.load_rulebook(settings.rulebook, cache=settings.cache)
        self._dated: tuple[date, afterrun.Rulebook] | None = None

    def today(self) -> afterrun.Rulebook:
        """The rulebook, used today."""
        day = self._now().date()
        kept = self._dated
        if kept is None or kept[0] != day:
            kept = self._dated = (day, self._loaded.on(day))
        return kept[1]
