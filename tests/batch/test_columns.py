"""What deciding about a chunk leaves behind."""

import gc
import random

from afterrun import Rulebook, read_answers
from afterrun.batch import Columns, Leaves, frame_of
from afterrun.rulebook import Evaluation
from tests.support.intakes_random import random_intake


def test_a_chunk_is_let_go_of_at_once(rulebook: Rulebook) -> None:
    """Else the next chunks stand beside it in memory, until somebody collects circles."""
    chance = random.Random(1)
    frame = frame_of(rulebook, [read_answers(rulebook, random_intake(rulebook, chance)) for _ in range(50)])
    columns = Columns(rulebook)
    gc.collect()
    gc.disable()
    try:
        before = standing()
        columns.decide(frame)
        assert standing() == before
    finally:
        gc.enable()


def standing() -> int:
    """How much of what is made for a chunk is in memory, be it of other tests."""
    return sum(isinstance(each, Leaves | Evaluation) for each in gc.get_objects())
