"""Files of intakes or check-ins in, one answer for each out, in order, as they are read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

import afterrun
from afterrun.intake import Format, RawIntake, raw_intakes, read_intake
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, error_lines, leave, printable, say
from afterrun_cli.terminal.loading import leave_on_fault
from afterrun_cli.terminal.show import put, put_json

STDIN = "-"
SECONDS_BETWEEN_SIGNS = 5.0


class Answer(Protocol):
    """What an intake or a check-in is answered with."""

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON."""


Answered = TypeVar("Answered", bound=Answer)


def answer_files(
    files: Sequence[str],
    input_format: Format | None,
    shape: str,
    answer: Callable[[RawIntake], Answered],
    show: Callable[[Answered], None],
) -> None:
    """Answer every intake of every file; exit 1 if some could not be used, 2 if none could.

    `answer` raises IntakeError for one that cannot be used; `show` shows an answer, but for JSON.
    """
    count = _Count()
    for file in files:
        for raw in _all_of(file, input_format, count):
            try:
                with leave_on_fault():
                    given = answer(raw)
            except afterrun.IntakeError as error:
                count.refuse(error)
                continue
            count.good += 1
            alone = raw.whole_file and len(files) == 1
            if shape == "json":
                file_name = {"file": raw.file} if len(files) > 1 else {}
                line = {} if alone else {"line": raw.line}
                put_json({**file_name, **line, **given.to_dict()}, compact=not alone)
            elif alone:
                show(given)
            else:
                put(f"{printable(raw.file)}, line {raw.line}:\n")
                show(given)
                put("")
            count.tell()
    if count.bad:
        leave(FOUND if count.good else UNUSABLE)


def refuse_stdin_twice(files: Sequence[object]) -> None:
    """What comes through a pipe comes once."""
    if files.count(STDIN) > 1:
        leave(UNUSABLE, "error: stdin (-) can be read once only")


def single_intake(rulebook: afterrun.Rulebook, file: str, input_format: Format | None) -> afterrun.Answers:
    """The one intake of a file, or leave and say why there is not exactly one."""
    raw = single_record(file, input_format, "intakes")
    try:
        return read_intake(rulebook, raw)
    except afterrun.IntakeError as error:
        leave(UNUSABLE, *error_lines(error.problems))


def single_record(file: str, input_format: Format | None, kind: str) -> RawIntake:
    """The same as it stands in the file, for whoever checks it otherwise."""
    try:
        with _open_input(file) as stream:
            raws = raw_intakes(stream, _shown_name(file), input_format)
            first, second = next(raws), next(raws, None)
    except afterrun.IntakeError as error:
        leave(UNUSABLE, *error_lines(error.problems))
    if second is not None:
        leave(UNUSABLE, f"error: {_shown_name(file)}: holds several {kind}; give one")
    return first


class _Count:
    """How many intakes gave a result and how many did not."""

    def __init__(self) -> None:
        self.good = self.bad = 0
        self._told = time.monotonic()

    def refuse(self, error: afterrun.IntakeError) -> None:
        self.bad += 1
        say(*error_lines(error.problems))

    def tell(self) -> None:
        """A sign of life for whoever watches a long run."""
        if time.monotonic() - self._told > SECONDS_BETWEEN_SIGNS and sys.stderr.isatty():
            self._told = time.monotonic()
            say(f"{self.good + self.bad} intakes read, {self.bad} refused")


def _all_of(file: str, input_format: Format | None, count: _Count) -> Iterator[RawIntake]:
    """The intakes of a file; one that cannot be opened is told, and counts as a bad intake."""
    try:
        with _open_input(file) as stream:
            yield from raw_intakes(stream, _shown_name(file), input_format)
    except afterrun.IntakeError as error:
        count.refuse(error)


@contextmanager
def _open_input(file: str) -> Iterator[BinaryIO]:
    """A file to read from. Raises IntakeError where it cannot be opened."""
    if file == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  closed below
    except OSError as error:
        message = {
            FileNotFoundError: "there is no such file",
            IsADirectoryError: "is a folder, not a file",
            PermissionError: "may not be read",
        }.get(type(error), f"cannot be read: {error.strerror}")
        raise afterrun.IntakeError([afterrun.Problem(message, file)]) from error
    with stream:
        yield stream


def _shown_name(file: str) -> str:
    return "stdin" if file == STDIN else file
