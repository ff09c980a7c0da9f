"""Files in and out of a command, and what is said where one cannot be read or written."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from afterrun.errors import Problem
from afterrun.rulebook import decoded
from afterrun.storage import StorageFault, make_folder, write_whole
from afterrun.visible import as_json
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave
from afterrun_cli.terminal.layout.shell_lines import from_home
from afterrun_cli.terminal.show import put, put_json

LARGEST_TEXT = 50_000_000
"""Bytes of a text that is read whole: an article, a file of cases."""


def read_bytes(path: Path) -> bytes:
    """What a file holds, or leave."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_TEXT + 1)
    except OSError as error:
        leave(UNUSABLE, f"error: {path} cannot be read: {error.strerror}")
    if len(content) > LARGEST_TEXT:
        leave(UNUSABLE, f"error: {path} is larger than {LARGEST_TEXT // 1_000_000} MB")
    return content


def read_text(path: Path) -> str:
    """The text of a file, or leave."""
    problems: list[Problem] = []
    text = decoded(read_bytes(path), str(path), problems)
    return leave(UNUSABLE, *(f"error: {each}" for each in problems)) if problems else text


def text_of(path: Path) -> str | None:
    """The text of a file that was written before, if it is there and is one."""
    try:
        return path.read_bytes().decode("utf-8") if path.is_file() else None
    except (OSError, UnicodeDecodeError):
        return None


def write_file(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a file whole, or leave."""
    data = content if isinstance(content, bytes) else content.encode()
    with leave_unwritten():
        write_whole(path, lambda partial: partial.write_bytes(data), private=private)


def write_out(content: str | bytes, output: str | Path | None) -> None:
    """To stdout, or to a file that only its owner can read: it tells of someone's health."""
    if output is not None:
        write_file(Path(output), content, private=True)
    elif isinstance(content, str):
        put(content.removesuffix("\n"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def write_json(value: Mapping[str, Any], output: str | None) -> None:
    """The same for one object."""
    if output is None:
        put_json(value)
    else:
        write_out(json_text(value), output)


def json_text(value: Mapping[str, Any], *, compact: bool = False) -> str:
    """An object as the text of a file, or as one line of it."""
    return as_json(value, indent=None if compact else 2) + "\n"


def make_output_folder(path: Path) -> None:
    """Make the folder that files go to, or leave."""
    with leave_unwritten():
        make_folder(path)


@contextmanager
def leave_unwritten() -> Iterator[None]:
    """Leave with a word where a file cannot be written."""
    try:
        yield
    except StorageFault as fault:
        leave(COULD_NOT_RUN, f"error: {unwritten_words(fault)}")


def unwritten_words(fault: StorageFault) -> str:
    """What could not be written, and why."""
    return f"{fault.path} cannot be written: {fault.reason}"


def shown_place(path: Path) -> str:
    """A path to be read; on a terminal, whose edge would cut a long one, with ~ for the home folder."""
    return from_home(str(path.absolute())) if sys.stderr.isatty() else str(path)
