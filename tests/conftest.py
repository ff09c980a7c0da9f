"""What every test may ask for."""

import pytest

import afterrun


@pytest.fixture(scope="session")
def rulebook() -> afterrun.Rulebook:
    """The rulebook as shipped."""
    return afterrun.load_rulebook()


@pytest.fixture(scope="session")
def checkin_part() -> afterrun.Rulebook:
    """The weekly check-in's part of the rulebook, as shipped."""
    return afterrun.load_rulebook(part="checkin")
