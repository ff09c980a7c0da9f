"""What every test may ask for."""

import pytest

import afterrun


@pytest.fixture(scope="session")
def rulebook() -> afterrun.Rulebook:
    """The rulebook as shipped."""
    return afterrun.load_rulebook()
