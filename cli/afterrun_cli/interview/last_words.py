"""What is said before an interview ends: a slip can be taken back before anything follows from it."""

from __future__ import annotations

from typing import NamedTuple

from afterrun.assessment import Conversation
from afterrun.telling import last_words


class LastWords(NamedTuple):
    """What is said before the end, which waits until the person agrees."""

    words: str
    enter: str
    """What Enter does."""


def before_the_result(talk: Conversation, enter: str = "shows the result") -> LastWords:
    """The last answer, and what ends the questions early where something does."""
    return LastWords(last_words(talk).words, enter)
