"""The program on a real terminal of some size, and what somebody who sits before it can read.

A test opens a terminal, waits for what it shows, types, and looks at the screen or at the whole
conversation, scrolled lines included:

    with Terminal("ask", columns=60, home=home) as terminal:
        terminal.wait_for("How old are you?")      # by what is there to read; nothing is ever slept over
        terminal.answer("41")                      # waits for the prompt, types, and presses Enter
        terminal.press("ctrl-c")
        assert terminal.end() == 130
    assert "Go on with" in terminal.said
    words = terminal.command("plan")               # what the screen says to type, as a shell reads it

`said` is the conversation with each run of spaces as one, whatever the width broke; `conversation` has its
lines as they stand, and `screen` those that are in sight. `fork()` puts the program below a shell with job
control, `close_window()` does what a window does that is closed. To hold a narrow terminal against a
wide one, have the same conversation in both, and see that `words_cut(narrow, wide)` finds nothing.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import sys
import termios
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Self

import pyte

from tests.support.cli_runs import COMMAND, environment
from tests.support.paths import ROOT

KEYS = {
    "enter": "\r",
    "ctrl-c": "\x03",
    "ctrl-d": "\x04",
    "ctrl-z": "\x1a",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "left": "\x1b[D",
}
SIGNALS = ("ctrl-c", "ctrl-z")
"""Keys that signal. Python hears a signal while it waits for a key, or else at the key after it."""
PATIENCE = 60
"""Seconds after which a program that says nothing more is taken to hang. No test passes by waiting."""
_DRAWN = re.compile(r"[\W_]+")
# A terminal belongs to a session only when its first process says so.
_TAKE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """A program on a terminal of its own."""

    def __init__(
        self,
        *words: str | Path,
        home: Path,
        columns: int = 80,
        rows: int = 24,
        variables: Mapping[str, str] | None = None,
        program: Sequence[str | Path] = ("afterrun",),
        cwd: Path = ROOT,
        output: Path | None = None,
    ) -> None:
        """Start `afterrun` with some words, or another program; `output` is a file for its stdout."""
        self._near, far = pty.openpty()
        self._screen = pyte.HistoryScreen(columns, rows, history=100_000, ratio=0.5)
        self._stream = pyte.ByteStream(self._screen)
        self._since = -1
        self._home = home
        self.raw = b""
        """Every byte that the program wrote."""
        self._size(columns, rows)
        told = {**environment(home), "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"}
        told.pop("COLUMNS", None)
        told.pop("LINES", None)
        with (output or Path(os.devnull)).open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-SEc", _TAKE_TERMINAL, *program, *words],
                stdin=far,
                stdout=far if output is None else file,
                stderr=far,
                cwd=cwd,
                env={**told, **(variables or {})},
                start_new_session=True,
            )
        os.close(far)

    @classmethod
    def shell(cls, *, home: Path, columns: int = 80) -> Self:
        """A shell with job control, which says `$` when it waits."""
        variables = {"PS1": "$ ", "HISTFILE": os.devnull}
        program = ("bash", "--norc", "--noprofile", "--noediting", "-i")
        return cls(home=home, columns=columns, program=program, variables=variables)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._near >= 0:
            os.close(self._near)

    def wait_for(self, words: str) -> None:
        """Until the words can be read below what stood there when something was last typed."""
        self._wait(lambda: _one_line(words) in self.new, words)

    def wait_for_prompt(self, prompt: str = ">") -> None:
        """Until the program waits for a line: the cursor stands behind a prompt that nothing answered yet."""
        self._wait(lambda: self._asks(prompt), f"the prompt {prompt}")

    def asks(self, prompt: str = ">") -> bool:
        """Whether the program waits for a line again, or has come to its end."""
        self._wait(lambda: self._asks(prompt), f"the prompt {prompt}", may_end=True)
        return self._asks(prompt)

    def answer(self, line: str, prompt: str = ">") -> None:
        """Type a line once the program waits for one."""
        self.wait_for_prompt(prompt)
        self.type(line)

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        self._write(f"{line}{KEYS['enter']}")

    def press(self, key: str) -> None:
        """Press one of KEYS, or the key of a letter; one that signals, once the program waits for a key."""
        if key in SIGNALS:
            self._wait_for_sleep()
        self._write(KEYS.get(key, key))

    def resize(self, columns: int, rows: int = 24) -> None:
        """Drag the window to another size."""
        self._screen.resize(rows, columns)
        self._size(columns, rows)

    def close_window(self) -> int:
        """Close the window under the program; how that ended."""
        os.close(self._near)
        self._near = -1
        return self.process.wait(PATIENCE)

    def end(self) -> int:
        """Read to the end of the program, and give its exit code."""
        self._wait(lambda: False, "the end", may_end=True)
        return self.process.wait(PATIENCE)

    @property
    def screen(self) -> list[str]:
        """The lines in sight."""
        return self._lines(len(self._screen.history.top))

    @property
    def conversation(self) -> list[str]:
        """All lines since the terminal was opened, those that scrolled away first."""
        return self._lines(0)

    @property
    def said(self) -> str:
        """The conversation in one line."""
        return _one_line("\n".join(self.conversation))

    @property
    def new(self) -> str:
        """In one line, what stands there since something was last typed."""
        return _one_line("\n".join(self._lines(max(self._since, 0))))

    def command(self, subcommand: str) -> list[str]:
        """The words of the last command of this name that is told, as a shell reads them from the screen."""
        text = _unbroken("\n".join(self.conversation))
        found = re.findall(rf"(?:^|\s)(\S*\bafterrun {subcommand}\b.*)$", text, re.MULTILINE)
        assert found, f"no command {subcommand} is told:\n{text}"
        return [re.sub(r"^~(?=/)", str(self._home), each) for each in shlex.split(found[-1])]

    @property
    def _cursor(self) -> int:
        """The line of the conversation that the cursor stands in."""
        return len(self._screen.history.top) + self._screen.cursor.y

    @property
    def _shown(self) -> str:
        return "\n".join(self.conversation)

    def _lines(self, first: int, end: int | None = None) -> list[str]:
        """Some lines of the conversation; to make all of them each time took longer than the program."""
        screen = self._screen
        every = chain(screen.history.top, (screen.buffer[row] for row in range(screen.lines)))
        places = range(screen.columns)
        return ["".join(line[place].data for place in places).rstrip() for line in islice(every, first, end)]

    def _asks(self, prompt: str) -> bool:
        # What was typed a moment ago may not stand there yet.
        return self._cursor > self._since and self._lines(self._cursor, self._cursor + 1) == [prompt]

    def _write(self, keys: str) -> None:
        self._since = self._cursor
        os.write(self._near, keys.encode())

    def _wait(self, until: Callable[[], bool], what: str, *, may_end: bool = False) -> None:
        last = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < last, f"{what} never came:\n{self._shown}"
            if not select.select([self._near], [], [], 1)[0]:
                continue
            try:
                read = os.read(self._near, 65536)
            except OSError:  # Linux says so when the other side has closed
                read = b""
            if not read:
                assert may_end, f"it ended before {what}:\n{self._shown}"
                return
            self.raw += read
            self._stream.feed(read)

    def _wait_for_sleep(self) -> None:
        status = Path(f"/proc/{os.tcgetpgrp(self._near)}/stat")
        last = time.monotonic() + PATIENCE
        while status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "S":
            assert time.monotonic() < last, f"it never waits for a key:\n{self._shown}"
            time.sleep(0.001)

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._near, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def words_cut(narrow: str, wide: str) -> tuple[list[str], list[str]]:
    """The words that only one of two conversations has: those that are cut or lost, and the pieces of them.

    What is drawn is left out: frames, bars, lines under a title, which follow the width.
    """
    fewer, more = (_words(each) for each in (narrow, wide))
    return sorted((more - fewer).elements()), sorted((fewer - more).elements())


def _words(text: str) -> Counter[str]:
    return Counter(word for word in _unbroken(text).split() if not _DRAWN.fullmatch(word))


def _unbroken(text: str) -> str:
    """Text with its commands in one line, as a shell joins them."""
    return text.replace("\\\n", "")


def _one_line(text: str) -> str:
    return " ".join(text.split())
