"""What was left out of a person's files: each file with its reason, rows for one reason told together."""

from __future__ import annotations

import re
from collections import defaultdict

from afterrun.history import RunningHistory

MOST_PLACES = 3
"""Of one file and one reason that are named; a table may have a hundred thousand."""


def left_out_words(history: RunningHistory) -> list[tuple[str, str]]:
    """Where, and why in words like a LeftOut's: 'runs.csv, row 2, row 3, row 4 and 12 more'."""
    places: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for each in history.left_out:
        places[each.file, each.reason].append(each.place)
    return [(_where(file, sorted(found, key=_by_number)), reason) for (file, reason), found in places.items()]


def _where(file: str, places: list[str]) -> str:
    more = len(places) - MOST_PLACES
    named = ", ".join(filter(None, [file, *places[:MOST_PLACES]]))
    return f"{named} and {more:,} more" if more > 0 else named


def _by_number(place: str) -> tuple[str, int]:
    found = re.fullmatch(r"(\D*)(\d*)", place)
    return (place, 0) if found is None else (found[1], int(found[2] or 0))
