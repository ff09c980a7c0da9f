"""A short part of the attacks; all of them at length are `make attack`."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tests.attacks.fuzz import TARGETS, seeds
from tests.attacks.malformed_input.commands import attack_all, attacks

pytestmark = pytest.mark.slow

PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_malformed_input_ends_with_a_word_and_a_code(tmp_path: Path, part: int) -> None:
    came = attack_all(islice(attacks(), part, None, PARTS), tmp_path)
    assert came.faults == ()
    # Most of it is refused, so that it is attacked at all.
    assert came.tried > 500 / PARTS
    assert came.refused > came.tried / 2


@pytest.mark.parametrize("target", TARGETS)
def test_where_the_fuzzer_begins_nothing_is_found(target: str) -> None:
    for seed in seeds(target)[::3]:
        TARGETS[target](seed)
