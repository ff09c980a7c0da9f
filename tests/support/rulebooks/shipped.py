"""The shipped rulebook, which nothing can change: read once for all tests of a process."""

from functools import cache

import afterrun


def shipped(part: str | None = None) -> afterrun.Rulebook:
    """The rulebook, or another part of it."""
    return _loaded(part)


# As it was when this was imported: a test of a command has another in its place for a while.
_load = afterrun.load_rulebook


@cache
def _loaded(part: str | None) -> afterrun.Rulebook:
    return _load(part=part)
