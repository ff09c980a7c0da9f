"""The words for each function of a formula, by its name: within arithmetic, and as it is read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Phrase(NamedTuple):
    """What a function is called."""

    within: str
    """Around its numbers, which stand in braces by their place; {} is a list of them."""
    aloud: str
    """Above its parts."""
    alone: str = ""
    """Instead of `within`, where one number is none to go by."""
    alone_aloud: str = ""


PHRASES: Mapping[str, Phrase] = {
    "sum": Phrase("{0} + {1}", "All of these together:"),
    "first_known": Phrase("the first that is known of {}", "The first of these that there is:"),
    "rounded_down": Phrase("{0} rounded down to whole steps of {1}", "Rounded down to whole steps of {1}:"),
    "percent_change": Phrase(
        "({1} - {0}) / {0}", "By how many percent the second is more than the first:", "from {0} to {1}"
    ),
    "difference": Phrase("{0} - {1}", "The first less the second:"),
    "largest_above_zero": Phrase(
        "the largest above zero of {}",
        "The largest of these above zero:",
        "{}, where above zero",
        "Where it is above zero:",
    ),
    "capped": Phrase(
        "{0}, at most {1}", "The smaller of these; the second only where there is one:", "{0}, with no cap"
    ),
    "raised": Phrase("{0} x (1 + {1} / 100)", "The first, more by so many percent of itself:"),
    "reduced": Phrase("{0} x (1 - {1} / 100)", "The first, less by so many percent of itself:"),
}
