"""How a run ends: which error gives which exit code, and what is said of it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

RAN, FOUND, UNUSABLE, COULD_NOT_RUN = 0, 1, 2, 3
INTERRUPTED = 130


def end_quietly_when_the_reader_leaves() -> None:
    """Let `afterrun … | head` end as every other program does, without a traceback."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def open_what_is_closed() -> None:
    """A stream that was closed on purpose is as good as an empty one."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


@contextmanager
def leave_on_full_disk() -> Iterator[None]:
    """Leave with a word where a result cannot be written; what was kept before stays kept."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer would fail once more at the very end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        leave(COULD_NOT_RUN, f"error: {error.filename or 'the result'}: {error.strerror}")


def say(*lines: str) -> None:
    """Write messages to stderr, after all results so far; what somebody wrote cannot steer the terminal."""
    sys.stdout.flush()
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


def error_lines(problems: Iterable[object]) -> list[str]:
    """Problems as lines."""
    return [f"error: {problem}" for problem in problems]
