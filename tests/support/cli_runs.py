"""The `afterrun` command, run as a person or a script would run it."""

import io
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from typer.main import get_command

import afterrun
from afterrun_cli.main import app
from tests.support.paths import EXAMPLES, ROOT
from tests.support.rulebooks.shipped import shipped

COMMAND = Path(sys.executable).with_name("afterrun")
SAMPLE = EXAMPLES / "sample.yaml"


class Ran(NamedTuple):
    """What a finished run left: its exit code, its data, its messages."""

    code: int
    out: str
    err: str


def environment(home: Path | None = None) -> dict[str, str]:
    """This process's environment, with drafts and diaries in a home of their own."""
    variables = {**os.environ, "PYTHONIOENCODING": "utf-8", "TERM": "xterm"}
    if home is not None:
        variables |= {
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_DATA_HOME": str(home / "data"),
        }
    return variables


def run(*words: str | Path, stdin: str | bytes = b"", home: Path | None = None, cwd: Path = ROOT) -> Ran:
    """Run the command to its end in this process, stdin and stdout being no terminal.

    The shipped rulebook, which nothing can change, is loaded once for all. A process of its own costs
    most of a second and is for what only a process has: see `run_process`.
    """
    given = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=how) for how in ("strict", "backslashreplace")
    )
    with (
        _surroundings(environment(home), cwd, given),
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(afterrun, "load_rulebook", _load_once),
    ):
        code = _code_of([str(word) for word in words])
    return Ran(code, *(_text_of(stream) for stream in (out, err)))


def run_process(
    *words: str | Path, stdin: str | bytes = b"", home: Path | None = None, cwd: Path = ROOT
) -> Ran:
    """Run the installed command to its end in a process of its own, stdin and stdout being pipes."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    ran = subprocess.run(
        [COMMAND, *words],
        input=given,
        capture_output=True,
        check=False,
        cwd=cwd,
        env=environment(home),
        timeout=120,
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


_load = afterrun.load_rulebook


def _load_once(folder: Path | str | None = None, part: str | None = None, **how: Any) -> afterrun.Rulebook:
    return _load(folder, part, **how) if folder is not None else shipped(part)


_command = cache(get_command)
"""The whole command line, which typer else puts together anew for each run."""


def _code_of(words: list[str]) -> int:
    try:
        _command(app)(words, prog_name="afterrun")
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


@contextmanager
def _surroundings(variables: dict[str, str], cwd: Path, given: bytes) -> Iterator[None]:
    before, folder, stdin = dict(os.environ), Path.cwd(), sys.stdin
    os.environ.update(variables)
    os.chdir(cwd)
    sys.stdin = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = stdin
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)


def _text_of(stream: io.TextIOWrapper) -> str:
    stream.flush()
    held = stream.buffer
    assert isinstance(held, io.BytesIO)
    return held.getvalue().decode()


def folded(text: str) -> str:
    """What was printed, whatever lines it was laid in."""
    return " ".join(text.split())
