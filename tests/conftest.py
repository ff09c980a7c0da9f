"""What every test may ask for."""

import os

import pytest

import afterrun

# The processes that tests start compile everything once, whatever the machine's habit is.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def rulebook() -> afterrun.Rulebook:
    """The rulebook as shipped."""
    return afterrun.load_rulebook()


@pytest.fixture(scope="session")
def checkin_part() -> afterrun.Rulebook:
    """The weekly check-in's part of the rulebook, as shipped."""
    return afterrun.load_rulebook(part="checkin")
