"""The installed `afterrun` command, run as a person or a script would run it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.support.paths import EXAMPLES, ROOT

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
    """Run the command to its end, stdin and stdout being pipes."""
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
