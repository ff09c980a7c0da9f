"""A value that is worked out once, and holds nobody up."""

import threading
from typing import Any

import pytest

from afterrun.once import once
from tests.attacks.forks import in_a_child


class Person:
    """Somebody with something that takes long."""

    def __init__(self, work: Any) -> None:
        self.work = work

    @once
    def worked_out(self) -> Any:
        """What came of it."""
        return self.work()


def test_a_value_is_worked_out_once_and_kept_with_its_object() -> None:
    count = iter(range(10))
    one, other = Person(lambda: next(count)), Person(lambda: next(count))
    assert (one.worked_out, one.worked_out, other.worked_out) == (0, 0, 1)
    assert Person.worked_out.__doc__ == "What came of it."


def test_what_could_not_be_worked_out_is_tried_again() -> None:
    divisors = iter([0, 2])
    person = Person(lambda: 6 / next(divisors))
    with pytest.raises(ZeroDivisionError):
        person.worked_out  # noqa: B018
    assert person.worked_out == 3


@pytest.mark.process
def test_a_fork_in_the_middle_leaves_a_child_that_works_out_its_own() -> None:
    there, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        there.set()
        go_on.wait()
        return 1

    long = Person(slow)
    thread = threading.Thread(target=lambda: long.worked_out)
    thread.start()
    there.wait()
    try:
        assert in_a_child(lambda: Person(lambda: 2).worked_out == 2)
    finally:
        go_on.set()
        thread.join()
