"""A whole assessment holds nothing over a fork that its child would wait for."""

import threading

import pytest

from afterrun import Rulebook, assess, read_answers
from tests.attacks.forks import in_a_child

ANSWERS = {"warning_signs": ["none"], "age_years": 34, "pain_site": ["below_kneecap"]}


@pytest.mark.slow
@pytest.mark.process
def test_children_forked_while_another_thread_assesses_give_the_same_result(rulebook: Rulebook) -> None:
    answers = read_answers(rulebook, ANSWERS)
    meant = assess(rulebook, answers).to_dict()
    enough = threading.Event()

    def go_on() -> None:
        while not enough.is_set():
            assess(rulebook, answers).to_dict()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        for _ in range(30):
            assert in_a_child(lambda: assess(rulebook, answers).to_dict() == meant)
    finally:
        enough.set()
        thread.join()
