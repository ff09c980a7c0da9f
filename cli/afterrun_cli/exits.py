"""How a run ends: which error gives which exit code, and what is said of it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable
from typing import NoReturn

RAN, FOUND, UNUSABLE, COULD_NOT_RUN = 0, 1, 2, 3
INTERRUPTED = 130


def end_quietly_when_the_reader_leaves() -> None:
    """Let `afterrun … | head` end as every other program does, without a traceback."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def say(*lines: str) -> None:
    """Write messages to stderr; what a file or a person wrote cannot steer the terminal."""
    for line in lines:
        print(printable(line), file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """Text with control characters spelled out.

    >>> printable("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    return "".join(each if each.isprintable() or each == "\n" else ascii(each)[1:-1] for each in text)


def leave(code: int, *lines: str) -> NoReturn:
    """Say why, and end with a code."""
    say(*lines)
    sys.exit(code)


def told(problems: Iterable[object]) -> list[str]:
    """Problems as lines."""
    return [f"error: {problem}" for problem in problems]
