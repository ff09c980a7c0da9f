"""What is built from a rulebook is built once, for it alone, and goes with it."""

import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from afterrun import Rulebook, load_rulebook
from afterrun.rulebook import engine_of
from tests.support.random_input.rulebooks import small_rulebook, write_files


class Engine:
    """Something that holds on to its rulebook, as engines do."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        time.sleep(0.01)  # long enough for another thread to ask meanwhile


@pytest.fixture
def small(tmp_path: Path) -> Rulebook:
    return load_rulebook(write_files(tmp_path, small_rulebook([], [], [])))


def test_an_engine_is_built_once(small: Rulebook) -> None:
    assert engine_of(small, Engine) is engine_of(small, Engine)
    assert engine_of(small, Engine).rulebook is small


def test_a_changed_copy_has_engines_of_its_own(small: Rulebook) -> None:
    engine = engine_of(small, Engine)
    changed = replace(small, skips={})
    assert engine_of(changed, Engine) is not engine
    assert engine_of(changed, Engine).rulebook is changed


def test_one_engine_may_ask_for_another(small: Rulebook) -> None:
    assert engine_of(small, lambda rulebook: engine_of(rulebook, Engine)) is engine_of(small, Engine)


def test_threads_that_ask_at_once_are_given_the_same(small: Rulebook) -> None:
    together = threading.Barrier(8)

    def ask(_: int) -> Engine:
        together.wait()
        return engine_of(small, Engine)

    with ThreadPoolExecutor(8) as pool:
        assert len({id(each) for each in pool.map(ask, range(8))}) == 1


def test_engines_go_with_their_rulebook(tmp_path: Path) -> None:
    rulebook = load_rulebook(write_files(tmp_path, small_rulebook([], [], [])))
    engine = weakref.ref(engine_of(rulebook, Engine))
    del rulebook
    gc.collect()
    assert engine() is None
