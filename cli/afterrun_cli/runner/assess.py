"""`afterrun assess`: intake files in, results out, in order, as they are read."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import afterrun
from afterrun.intake import Format, RawIntake, checked, raw_intakes
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, leave, printable, say, told
from afterrun_cli.terminal.loading import faults, rulebook_from
from afterrun_cli.terminal.show import Shape, put, put_json, show_result

STDIN = "-"
SECONDS_BETWEEN_SIGNS = 5.0


def assess_files(files: list[str], shape: Shape, format: Format | None, rulebook_folder: Path | None) -> None:
    """Assess every intake of every file; exit 1 if some could not be used, 2 if none could."""
    if files.count(STDIN) > 1:
        leave(UNUSABLE, "error: stdin (-) can be read once only")
    rulebook = rulebook_from(rulebook_folder)
    count = Count()
    for file in files:
        with opened(file, count) as stream:
            if stream is None:
                continue
            _assess(rulebook, raw_intakes(stream, name_of(file), format), shape, len(files) > 1, count)
    sys.stdout.flush()
    if count.bad:
        sys.exit(FOUND if count.good else UNUSABLE)


class Count:
    """How many intakes gave a result and how many did not."""

    def __init__(self) -> None:
        self.good = self.bad = 0
        self._told = time.monotonic()

    def refuse(self, problems: tuple[afterrun.Problem, ...]) -> None:
        self.bad += 1
        say(*told(problems))

    def tell(self) -> None:
        """A sign of life for whoever watches a long run."""
        if time.monotonic() - self._told > SECONDS_BETWEEN_SIGNS and sys.stderr.isatty():
            self._told = time.monotonic()
            say(f"{self.good + self.bad} intakes read, {self.bad} refused")


def _assess(
    rulebook: afterrun.Rulebook, raws: Iterator[RawIntake], shape: Shape, several_files: bool, count: Count
) -> None:
    for raw in raws:
        try:
            answers = checked(rulebook, raw)
        except afterrun.IntakeError as error:
            count.refuse(error.problems)
            continue
        with faults():
            result = afterrun.assess(rulebook, answers)
        count.good += 1
        alone = raw.whole_file and not several_files
        place = {"file": raw.file} if several_files else {}
        if shape == "json" and not alone:
            put_json({**place, "line": raw.line, **result.to_dict()}, compact=True)
        elif alone:
            show_result(rulebook, result, shape)
        else:
            put(f"{printable(raw.file)}, line {raw.line}:\n")
            show_result(rulebook, result, shape)
            put("")
        count.tell()


@contextmanager
def opened(file: str, count: Count | None = None) -> Iterator[BinaryIO | None]:
    """A file to read from; one that cannot be opened is told, and counts as a bad intake."""
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
        problem = afterrun.Problem(message, file)
        if count is None:
            leave(UNUSABLE, *told([problem]))
        count.refuse((problem,))
        yield None
        return
    with stream:
        yield stream


def name_of(file: str) -> str:
    """The name under which a file's problems are told."""
    return "stdin" if file == STDIN else file


def single_intake(rulebook: afterrun.Rulebook, file: str, format: Format | None) -> afterrun.Answers:
    """The one intake of a file, or leave and say why there is not exactly one."""
    with opened(file) as stream:
        assert stream is not None
        raws = raw_intakes(stream, name_of(file), format)
        first, second = next(raws), next(raws, None)
    if second is not None:
        leave(UNUSABLE, f"error: {name_of(file)}: holds several intakes; give one")
    try:
        return checked(rulebook, first)
    except afterrun.IntakeError as error:
        leave(UNUSABLE, *told(error.problems))
