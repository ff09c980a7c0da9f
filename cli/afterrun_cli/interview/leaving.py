"""How an interview ends before its end, and what is offered behind it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from afterrun.telling import Page
from afterrun_cli.terminal.exits import INTERRUPTED, RAN, UNUSABLE, leave, say
from afterrun_cli.terminal.show import show_rest
from afterrun_cli.terminal.typing import InputClosed, line_or_nothing


class PersonLeft(Exception):
    """The person asked to leave."""


@contextmanager
def leave_with_person(kept: Callable[[], list[str]], so: str = "") -> Iterator[None]:
    """Leave when the person does before the end, with a word on what is kept and what follows from it."""
    try:
        yield
    except KeyboardInterrupt:
        leave(INTERRUPTED, "", "Stopped.", *kept())
    except InputClosed:
        ended = "the input ended before the questions did"
        leave(UNUSABLE, "", f"error: {ended}{so and ': '}{so}.", *kept())
    except PersonLeft:
        leave(RAN, "", *kept())


def offer_rest(page: Page) -> None:
    """After an interview the answers are gone, so what follows on the first screen is offered at once."""
    if not (page.more and sys.stdin.isatty()):
        return
    say("", "Enter shows the rest, with how and why. q leaves.")
    if not line_or_nothing(at_the_end="q"):
        show_rest(page)
