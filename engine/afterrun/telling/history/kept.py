"""Offers of files as a page carries them from question to question; the files themselves are gone by then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from afterrun.rulebook import Rulebook


class KeptOffers:
    """What `FileOffers.kept` gave; nothing where it is of another day, or of another rulebook."""

    def __init__(self, rulebook: Rulebook, kept: Mapping[str, Any], today: date) -> None:
        self._rulebook = rulebook
        stands = kept.get("rulebook") == rulebook.digest and kept.get("day") == today.isoformat()
        self._kept: Mapping[str, Any] = kept if stands else {}

    @property
    def stands(self) -> bool:
        """Whether there is anything to offer from."""
        return bool(self._kept)

    @property
    def asks(self) -> tuple[str, ...]:
        """The questions that are asked for what the files say, though they could change nothing."""
        return tuple(self._kept.get("asks", ()))

    def answers(self, intake: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the files would answer: `Scope.of_files` of a conversation."""
        found: Mapping[str, Any] = self._in_unit(intake).get("answers", {})
        return found

    def lines(self, question: str, intake: Mapping[str, Any]) -> list[str]:
        """What stands behind an offer, or why there is none."""
        return list(self._in_unit(intake).get("lines", {}).get(question, ()))

    def _in_unit(self, intake: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self._kept:
            return {}
        unit = unit_in(self._rulebook, intake) or self._kept["usual"]
        found: Mapping[str, Any] = self._kept["units"].get(unit, {})
        return found


def unit_in(rulebook: Rulebook, intake: Mapping[str, Any]) -> str | None:
    """The unit that is chosen already."""
    asked = [
        rulebook.questions[each.question] for each in (rulebook.history.offers if rulebook.history else ())
    ]
    keys = [rulebook.quantities[each.quantity].unit_key for each in asked if each.quantity]
    return next((str(intake[key]) for key in keys if intake.get(key)), None)
