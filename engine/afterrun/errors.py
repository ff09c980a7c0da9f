"""What can be wrong, told with its place and the way out."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from afterrun.visible import on_one_line


class Problem(NamedTuple):
    """One mistake: where it stands, what is wrong, and the nearest right name if there is one."""

    message: str
    file: str = ""
    line: int | None = None
    key: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part not in ("", None))
        words = ": ".join(part for part in (place, self.key, self.message) if part)
        return on_one_line(f"{words}. Did you mean '{self.nearest}'?" if self.nearest else words)


class AfterrunError(Exception):
    """The root of every error that the library raises on purpose.

    Each argument is a line of what it says: no name in one makes another line.
    """

    def __str__(self) -> str:
        return "\n".join(on_one_line(str(line)) for line in self.args)


class ProblemsError(AfterrunError):
    """Several mistakes, all told at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*map(str, self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        # What another process raised is made anew from its problems, not from its lines.
        return type(self), (self.problems,)


class DocumentError(ProblemsError):
    """A file is not readable as the format it claims to be."""


class RulebookError(ProblemsError):
    """The rule or knowledge files do not make a rulebook."""


class IntakeError(ProblemsError):
    """An intake holds something that no question allows."""


FEW_NAMES = 4
"""So many can be told where none is near."""


class UnknownNameError(AfterrunError):
    """A question, rule or conclusion that the rulebook does not have."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = list(known)
        found = nearest_names(name, names)
        self.nearest = next(iter(found), "")
        hint = f" Did you mean '{self.nearest}'?" if found else ""
        if not found and 0 < len(names) <= FEW_NAMES:
            hint = f" There is: {', '.join(names)}."
        # A longer name of the same thing is no other.
        if others := [each for each in found[1:] if self.nearest not in each]:
            hint += f" Near it: {', '.join(others)}."
        super().__init__(f"there is no {kind} '{name}'.{hint}")


class UnusableError(AfterrunError):
    """Something that the work needs beside its input cannot be used: a disk, a database, a lock."""


class EngineFault(AfterrunError):
    """The forward-chaining engine broke one of its promises; no result was given."""


class Disagreement(EngineFault):
    """Two engines concluded different things from the same facts; no result was given."""


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known name that looks most like `name`, or an empty string.

    >>> nearest("pain_sight", ["pain_site", "pain_timing"])
    'pain_site'
    >>> nearest("equipment", ["pain_site"])
    ''
    """
    return next(iter(nearest_names(name, known, 1, likeness)), "")


def meant_by(names: Iterable[str], known: Collection[str]) -> set[str]:
    """The known names that these are, or are slips of.

    >>> sorted(meant_by(["pain_sight", "age_years", "equipment"], ["pain_site", "age_years"]))
    ['age_years', 'pain_site']
    """
    return {nearest(name, known) for name in names} - {""}


def nearest_names(name: str, known: Iterable[str], most: int = 3, likeness: float = 0.6) -> list[str]:
    """The known names that look like `name`, the most alike first.

    >>> nearest_names("pain_sight", ["pain_side", "pain_site", "age_years"])
    ['pain_site', 'pain_side']
    >>> nearest_names("row:ZZ9", ["row:RF19"]), nearest_names("row:RF91", ["row:RF19"])
    ([], ['row:RF19'])
    """
    by_folded = {_folded(each): each for each in known}
    kind, colon, _ = _folded(name).partition(":")
    # The kind that several names begin with makes none of them like another: row:DX01, row:RF19.
    begin = f"{kind}:" if colon and any(each.startswith(f"{kind}:") for each in by_folded) else ""
    others = {each.removeprefix(begin): by_folded[each] for each in by_folded if each.startswith(begin)}
    found = difflib.get_close_matches(_folded(name).removeprefix(begin), others, n=most, cutoff=likeness)
    return [others[each] for each in found]


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")
