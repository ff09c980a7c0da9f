"""One line from whoever types, or from a file in their place: with line editing where the terminal allows.

Nothing that must be read is drawn with cursor tricks; the prompt goes to stderr, as all questions do.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType

from afterrun_cli.terminal.exits import say

LONGEST_LINE = 1000
"""Characters read of a typed line; no answer comes near."""
PROMPT = "> "


class InputClosed(Exception):
    """There is nothing more to read, and questions are open."""


def typed_line(show_again: Callable[[], None] = lambda: None) -> str:
    """What is typed, without spaces around it; `show_again` is called after a suspended program goes on.

    Raises InputClosed at the end of the input.
    """
    if not sys.stdin.isatty():
        line = _plain_line()
        say(line)
        return line
    with _shown_after_a_stop(show_again):
        return _edited_line() if _can_edit() else _plain_line()


def line_or_nothing(at_the_end: str = "") -> str:
    """What is typed where no answer is needed; what stands for it at the end of the input."""
    try:
        return typed_line()
    except InputClosed:
        return at_the_end


def tolerate_what_is_no_text() -> None:
    """What is not text is a wrong answer, told as any other; to be said before the first line is read."""
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin.errors != "replace":
        sys.stdin.reconfigure(errors="replace")


def screen_rows() -> int | None:
    """How many lines a person sees at once; None where nobody reads along."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    try:
        return os.get_terminal_size(sys.stderr.fileno()).lines or None
    except OSError:
        return None


def _can_edit() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "")


def _plain_line() -> str:
    print(PROMPT, end="", file=sys.stderr, flush=True)
    line = piece = sys.stdin.readline(LONGEST_LINE)
    if not line:
        raise InputClosed
    # What follows on a line is no other answer.
    while piece and not piece.endswith("\n"):
        piece = sys.stdin.readline(LONGEST_LINE)
    return line.strip()


def _edited_line() -> str:
    try:
        import readline
    except ImportError:
        return _plain_line()
    if "libedit" not in (readline.__doc__ or ""):
        # Both would send the terminal what a screen reader may read out.
        readline.parse_and_bind("set enable-bracketed-paste off")
        readline.parse_and_bind("set enable-meta-key off")
    with _stdout_on_terminal():
        try:
            return input(PROMPT)[:LONGEST_LINE].strip()
        except EOFError:
            raise InputClosed from None


@contextlib.contextmanager
def _stdout_on_terminal() -> Iterator[None]:
    """Lend stdout to the terminal while a line is typed: `input` edits nowhere else."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.isatty(1):
        yield
        return
    result = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(result, 1)
        os.close(result)


@contextlib.contextmanager
def _shown_after_a_stop(show_again: Callable[[], None]) -> Iterator[None]:
    """After Ctrl-Z the screen is somebody else's, so what is asked is shown anew on return."""
    if not hasattr(signal, "SIGTSTP") or signal.getsignal(signal.SIGTSTP) != signal.SIG_DFL:
        yield
        return
    import termios

    before = termios.tcgetattr(sys.stdin)

    def stop(number: int, _frame: FrameType | None) -> None:
        editing = termios.tcgetattr(sys.stdin)
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, stop)
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, editing)
        show_again()
        begun = sys.modules["readline"].get_line_buffer() if "readline" in sys.modules else ""
        print(f"{PROMPT}{begun}", end="", file=sys.stderr, flush=True)

    signal.signal(signal.SIGTSTP, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
