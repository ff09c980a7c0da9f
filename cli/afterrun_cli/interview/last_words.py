"""What is said before an interview ends: a slip can be taken back before anything follows from it."""

from __future__ import annotations

from typing import NamedTuple

from afterrun.assessment import Conversation
from afterrun.telling import last_words


class LastWords(NamedTuple):
    """What is said before the end, which waits until the person agrees."""

    words: tuple[str, ...]
    """In paragraphs."""
    enter: str
    """What Enter does."""
    question: str = ""
    """The one to which b goes back, where it is another than that asked last."""


def before_the_result(talk: Conversation, enter: str = "shows the result") -> LastWords:
    """The answer just given, and what ends the questions early where something does."""
    last = last_words(talk)
    return LastWords(last.words, enter, last.question)
