"""Files of intakes or check-ins in, one answer for each out, in order, as they are read."""

from __future__ import annotations

import gzip
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import afterrun
from afterrun.intake import Format, RawIntake, raw_intakes, read_intake
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, error_lines, leave, say
from afterrun_cli.terminal.show import put, put_json, put_lines

STDIN = "-"
TABLES = (".csv", ".parquet", ".csv.gz", ".zst")
PACKED = ".gz"
A_TABLE = (
    "is a table or packed: 'afterrun batch' reads those; where it rejects an option that is gone, leave the "
    "cell blank and ask again"
)
DAMAGED = (
    "cannot be unpacked: it is damaged, cut short or not packed by gzip; what is told is what came before"
)
SECONDS_BETWEEN_SIGNS = 5.0
Answer = TypeVar("Answer", afterrun.Result, afterrun.CheckIn)


def answer_files(
    files: Sequence[str],
    input_format: Format | None,
    shape: str,
    answer: Callable[[RawIntake], Answer],
    show: Callable[[Answer], None],
) -> None:
    """Answer every intake of every file; exit 1 if some could not be used, 2 if none could.

    `answer` raises IntakeError for one that cannot be used; `show` shows an answer, but for JSON.
    """
    good = bad = 0
    told = time.monotonic()
    for raw in (raw for file in files for raw in intakes_of(file, input_format)):
        try:
            given = answer(raw)
        except afterrun.IntakeError as error:
            bad += 1
            say(*error_lines(error.problems))
            continue
        good += 1
        alone = raw.whole_file and len(files) == 1
        if shape == "json":
            file_name = {"file": raw.file} if len(files) > 1 else {}
            line = {} if alone else {"line": raw.line}
            put_json({**file_name, **line, **given.to_dict()}, compact=not alone)
        elif alone:
            show(given)
        else:
            put_lines(f"{raw.file}, line {raw.line}:", "")
            show(given)
            put("")
        if time.monotonic() - told > SECONDS_BETWEEN_SIGNS and sys.stderr.isatty():
            # A sign of life for whoever watches a long run.
            told = time.monotonic()
            say(f"{good + bad} intakes read, {bad} refused")
    if bad:
        leave(FOUND if good else UNUSABLE)


def refuse_stdin_twice(files: Sequence[object]) -> None:
    """What comes through a pipe comes once."""
    if files.count(STDIN) > 1:
        leave(UNUSABLE, "error: stdin (-) can be read once only")


def single_intake(rulebook: afterrun.Rulebook, file: str, input_format: Format | None) -> afterrun.Answers:
    """The one intake of a file, or leave and say why there is not exactly one."""
    return read_intake(rulebook, single_record(file, input_format, "intakes"))


def single_record(file: str, input_format: Format | None, kind: str) -> RawIntake:
    """The same as it stands in the file, for whoever checks it otherwise."""
    raws = intakes_of(file, input_format)
    first, second = next(raws), next(raws, None)
    if second is not None:
        leave(UNUSABLE, f"error: {first.file}: holds several {kind}; give one")
    return first


def intakes_of(file: str, input_format: Format | None) -> Iterator[RawIntake]:
    """The intakes of a file; one that cannot be opened is a bad intake."""
    if file == STDIN:
        yield from raw_intakes(sys.stdin.buffer, "stdin", input_format)
        return
    if input_format is None and file.lower().endswith(TABLES) and Path(file).is_file():
        yield RawIntake(file, 1, {}, {}, (afterrun.Problem(A_TABLE, file),))
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  closed below
    except OSError as error:
        message = {
            FileNotFoundError: "there is no such file",
            IsADirectoryError: "is a folder, not a file",
            PermissionError: "may not be read",
        }.get(type(error), f"cannot be read: {error.strerror}")
        yield RawIntake(file, 1, {}, {}, (afterrun.Problem(message, file),))
        return
    with stream:
        if not file.lower().endswith(PACKED):
            yield from raw_intakes(stream, file, input_format)
            return
        try:
            with gzip.open(stream) as unpacked:
                yield from raw_intakes(cast("BinaryIO", unpacked), file, input_format)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            yield RawIntake(file, 1, {}, {}, (afterrun.Problem(DAMAGED, file),))
