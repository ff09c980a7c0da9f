"""What is decided about a chunk where no rule has a say, and what deciding leaves behind."""

import gc
import random
from pathlib import Path

import pytest

from afterrun import Rulebook, assess, load_rulebook, read_answers
from afterrun.batch import Columns, Leaves, frame_of
from afterrun.rulebook import Evaluation
from tests.support.random_input.intakes import random_intake
from tests.support.random_input.rulebooks import small_rulebook, write_files


@pytest.mark.slow
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


def test_a_level_that_no_rule_concludes_is_open_as_for_one_intake(tmp_path: Path) -> None:
    options = [{"id": word, "text": word} for word in ("yes", "no")]
    questions = [{"id": "calm", "type": "single", "options": options}]
    rules = [{"id": "calm", "if": {"calm": {"is": "yes"}}, "then": "triage.fine"}]
    rulebook = load_rulebook(write_files(tmp_path, small_rulebook(rules, questions)))
    intake = {"calm": "yes"}
    decided = Columns(rulebook).decide(frame_of(rulebook, [read_answers(rulebook, intake)]))
    assert decided.get_column("triage").to_list() == [assess(rulebook, intake).triage] == ["unfinished"]
