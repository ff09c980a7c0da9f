"""Which version a change demands: it follows from what comes out, not from how much was edited.

    patch   no result changes
    minor   answers that had no result have one
    major   a result flips, or answers that had one are refused

As everywhere with versions that begin with 0, what would be major counts the second number up, and what
would be minor or patch the third.
"""

from __future__ import annotations

import re
from typing import Literal

from afterrun.errors import AfterrunError

Level = Literal["none", "patch", "minor", "major"]
LEVELS: tuple[Level, ...] = ("none", "patch", "minor", "major")
"""The least first; none is no change at all."""

_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})")


class NoVersion(AfterrunError):
    """A rulebook's version is none that can be counted up."""


def next_version(version: str, level: Level) -> str:
    """The least version that a change of this level may have.

    >>> next_version("1.4.2", "minor"), next_version("0.2.0", "major"), next_version("0.2.0", "minor")
    ('1.5.0', '0.3.0', '0.2.1')
    """
    first, second, third = _numbers(version)
    if level == "none":
        return version
    if first == 0:
        return f"0.{second + 1}.0" if level == "major" else f"0.{second}.{third + 1}"
    if level == "major":
        return f"{first + 1}.0.0"
    return f"{first}.{second + 1}.0" if level == "minor" else f"{first}.{second}.{third + 1}"


def follows(old: str, new: str, level: Level) -> bool:
    """Whether a version is high enough for what changed since another."""
    return _numbers(new) >= _numbers(next_version(old, level))


def _numbers(version: str) -> tuple[int, int, int]:
    """Raises NoVersion where a version is not three numbers."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise NoVersion(
            f"'{version}' is no version that can follow another: write three numbers, as in 1.4.0"
        )
    first, second, third = map(int, found.groups())
    return first, second, third
