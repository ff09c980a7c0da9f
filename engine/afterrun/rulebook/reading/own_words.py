"""What the core says against a value, in words of ours; and how names are put into a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, get_args

from pydantic_core import ValidationError

from afterrun.errors import nearest
from afterrun.rulebook.reading.shape_words import one_of, told
from afterrun.rulebook.reading.validation import made_of
from afterrun.rulebook.schema import Limits


def own_words(shape: Any, node: Any, error: Mapping[str, Any]) -> tuple[str, str]:
    """What the core says against a value itself, in our words, and the nearest right one."""
    limits = next((each for each in get_args(shape) if isinstance(each, Limits)), Limits())
    said = _MESSAGES.get(error["type"])
    if error["type"] == "value_error":
        return str(error["ctx"]["error"]), ""
    if error["type"] == "literal_error":
        words = get_args(shape)
        return f"{node!r} is not one of {one_of(words)}", nearest(str(node), map(str, words))
    if error["type"] == "string_pattern_mismatch":
        return f"'{node}' is not written as it should be here: {limits.form}", mended(shape, node)
    return (said(node, limits) if said else f"{told(node)} does not belong here"), ""


_MESSAGES: Mapping[str, Callable[[Any, Limits], str]] = {
    "string_too_short": lambda node, limits: "is empty: write a text",
    "too_short": lambda node, limits: "is empty: name at least one",
    "too_long": lambda node, limits: f"{quoted(node)} stand where only one belongs: leave out the others",
    "greater_than_equal": lambda node, limits: f"{node} is too small: the least is {limits.ge}",
    "less_than_equal": lambda node, limits: f"{node} is too large: the most is {limits.le}",
    "int_type": lambda node, limits: (
        f"{told(node)} stands where a whole number belongs: write it in digits alone"
    ),
    "finite_number": lambda node, limits: f"{told(node)} is none to reckon with: write it in digits",
}


def mended(shape: Any, name: str) -> str:
    """A name of the wrong form in the right one, if small letters and joints are all that it lacks."""
    words = re.findall("[a-z0-9]+", name.lower())
    for joint in ("_", "-"):
        with suppress(ValidationError):
            return str(made_of(shape, joint.join(words)))
    return ""


def among(known: Collection[str]) -> str:
    return f"; there {'is' if len(known) == 1 else 'are'} {', '.join(known)}" if known else ""


def quoted(words: Any) -> str:
    *others, last = (f"'{each}'" for each in words)
    return f"{', '.join(others)} and {last}" if others else str(last)
