"""Names of propositions: taken apart and put together again they are the same."""

from __future__ import annotations

import pytest

from afterrun import Rulebook
from afterrun.rulebook import Proposition, name_of


def test_every_name_of_a_rulebook_is_put_together_again_as_it_was(rulebook: Rulebook) -> None:
    for name in rulebook.propositions:
        assert Proposition.parse(name).name == name
        assert ".".join(Proposition.parse(name).parts) == name


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("after-run-timing", ("finding", "after-run-timing", "")),
        ("triage", ("finding", "triage", "")),
        ("triage.urgent", ("triage", "urgent", "")),
        ("pattern.patellar_tendon.likely", ("pattern", "patellar_tendon", "likely")),
        ("parameter.share.0.5", ("parameter", "share", "0.5")),
        ("some.other.thing", ("finding", "some.other.thing", "")),
    ],
)
def test_a_name_is_taken_apart_by_its_kind(name: str, parsed: tuple[str, str, str]) -> None:
    assert Proposition.parse(name) == parsed


def test_a_value_that_is_nought_is_a_value() -> None:
    assert name_of("parameter", "week", 0) == "parameter.week.0"
