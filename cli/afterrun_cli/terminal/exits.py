"""How a run ends: which error gives which exit code, and what is said of it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

# typer carries click inside itself, and hands out only some of its errors.
from typer._click.exceptions import ClickException

from afterrun.visible import on_one_line
from afterrun_cli.terminal.layout.lines import as_typed, folded, width_of

RAN, FOUND, UNUSABLE, COULD_NOT_RUN = 0, 1, 2, 3
INTERRUPTED = 130
MORE = "All of it, with how and why:  the same command with --full"


def end_quietly_when_the_reader_leaves() -> None:
    """Let `afterrun … | head` end as every other program does, without a traceback."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def open_what_is_closed() -> None:
    """A stream that was closed on purpose is as good as an empty one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def say_more() -> None:
    """Say after a first screen how to ask for the rest, to whoever reads it on a terminal."""
    if sys.stdout.isatty():
        say(MORE)


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


@contextmanager
def leave_when_refused() -> Iterator[None]:
    """Leave with the words and the code of whatever the library refuses or lacks: one place for all."""
    try:
        yield
    except ModuleNotFoundError as error:
        from afterrun.extras import way_to

        if words := way_to(error.name or ""):
            leave(COULD_NOT_RUN, f"error: {words}")
        raise
    except Exception as error:
        # What is not the library's own is told elsewhere, without loading any of it.
        if not type(error).__module__.startswith("afterrun."):
            raise
        _leave_with(error)


@contextmanager
def usage_on_one_line() -> Iterator[None]:
    """What is said of wrong usage repeats what was typed, which may be anything."""
    try:
        yield
    except ClickException as error:
        error.message = on_one_line(error.message)
        raise


def _leave_with(error: Exception) -> NoReturn:
    from afterrun.errors import AfterrunError, EngineFault, ProblemsError, RulebookError, UnusableError

    match error:
        case EngineFault():
            # Fail closed: when the engine cannot be trusted with an intake, there is no result.
            leave(
                COULD_NOT_RUN,
                f"error: no result: {error}",
                "This is a fault of the program, not of your input.",
            )
        case RulebookError(problems=problems):
            hint = "The rulebook cannot be used. See: afterrun rules check"
            leave(COULD_NOT_RUN, *error_lines(problems), hint)
        case ProblemsError(problems=problems):
            leave(UNUSABLE, *error_lines(problems))
        case AfterrunError():
            leave(COULD_NOT_RUN if isinstance(error, UnusableError) else UNUSABLE, *error_lines([error]))
    raise error


def say(*lines: str) -> None:
    """Write messages to stderr, each a line, after all results so far.

    What somebody wrote cannot steer the terminal, and a name makes no line of its own. A terminal gets
    them folded at its width; elsewhere each stays one line, which can be searched for.
    """
    sys.stdout.flush()
    for line in map(on_one_line, lines):
        told = folded(line, width_of(sys.stderr)) if sys.stderr.isatty() else as_typed(line)
        print(told, file=sys.stderr, flush=True)


def say_text(*texts: str) -> None:
    """The same for texts that are laid out in lines already."""
    say(*(line for text in texts for line in text.split("\n")))


def leave(code: int, *lines: str) -> NoReturn:
    """Say why, and end with a code."""
    say(*lines)
    sys.exit(code)


def error_lines(problems: Iterable[object]) -> list[str]:
    """Problems or errors as lines."""
    return [line for problem in problems for line in f"error: {problem}".split("\n")]
