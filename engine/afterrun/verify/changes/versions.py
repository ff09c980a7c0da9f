"""Which version a change demands: it follows from what comes out, not from how much was edited.

    patch   no result changes
    minor   answers that had no result have one
    major   a result flips, or answers that had one are refused

As everywhere with versions that begin with 0, what would be major counts the second number up, and what
would be minor or patch the third.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from afterrun.errors import Problem, ProblemsError
from afterrun.rulebook import Bundle, bundle_of, read_shared_yaml, root_of

Level = Literal["none", "patch", "minor", "major"]
LEVELS: tuple[Level, ...] = ("none", "patch", "minor", "major")
"""The least first; none is no change at all."""

_NO_VERSION = "'{}' is no version that can follow another: write three numbers, as in 1.4.0"
_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})")


_IDENTITY = re.compile(r"knowledge/([^/]+/)?rulebook\.ya?ml")


class NoVersion(ProblemsError):
    """A rulebook's version is none that can be counted up; with the place of each that is none."""


def refuse_uncountable(rulebook: Path | str | Bundle | None) -> None:
    """Raises NoVersion where a part of a rulebook that loads has a version that is not three numbers.

    The rulebook is named as for `load_rulebook`. Nothing can follow such a version, nor it another one.
    """
    root = root_of(rulebook)
    bundle = root if isinstance(root, Bundle) else bundle_of(root)
    between = ": " if isinstance(root, Bundle) else "/"
    problems = []
    for name, content in bundle.files.items():
        if _IDENTITY.fullmatch(name):
            written = read_shared_yaml(content.decode("utf-8-sig"), name)
            version = str(written.data["version"])
            if _VERSION.fullmatch(version) is None:
                line = written.line(("version",))
                problems.append(Problem(_NO_VERSION.format(version), f"{bundle.name}{between}{name}", line))
    if problems:
        raise NoVersion(problems)


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
        raise NoVersion([Problem(_NO_VERSION.format(version))])
    first, second, third = map(int, found.groups())
    return first, second, third
