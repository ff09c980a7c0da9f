"""The process as a whole: interrupted at any moment, and with nobody who takes what it says."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.cli_runs import SAMPLE, environment
from tests.support.paths import DATA, ROOT

pytestmark = pytest.mark.process

RUN = "from afterrun_cli.entry import run; run()"
FULL = Path("/dev/full")

# Sent from inside, so that where it falls is no matter of time.
INTERRUPTED_AT_AN_IMPORT = """
import os, sys
from itertools import count
imports, at = count(), int(sys.argv.pop(1))
def look(event, _):
    if event == "import" and next(imports) == at:
        os.kill(os.getpid(), 2)
from afterrun_cli import entry
sys.addaudithook(look)
entry.run()
"""


def ran(script: str, *words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.DEVNULL,
    )


def test_the_installed_command_begins_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"afterrun": "afterrun_cli.entry:run"}


@pytest.mark.slow
@pytest.mark.parametrize("at", [*range(0, 12, 3), *range(15, 240, 25)])
def test_an_interruption_while_it_is_loaded_says_nothing(tmp_path: Path, at: int) -> None:
    found = ran(INTERRUPTED_AT_AN_IMPORT, str(at), "assess", SAMPLE, "--format", "json", home=tmp_path)
    assert (found.returncode, found.stdout, found.stderr) == (130, "", "")


IN_A_CALL_BACK = """
class Gone: pass
def commands():
    thing = Gone()
    called = weakref.ref(thing, lambda _: os.kill(os.getpid(), 2))
    del thing
    time.sleep(20)
    print("went on")
"""
MADE_AN_ERROR_OF_ITS_OWN = """
class Named:
    def __set_name__(self, owner, name): os.kill(os.getpid(), 2)
def commands():
    try:
        os.kill(os.getpid(), 2)
        time.sleep(20)
    except KeyboardInterrupt as error:
        raise RuntimeError("could not be loaded") from error
"""
NOT_CAUGHT = """
def commands():
    os.kill(os.getpid(), 2)
    time.sleep(20)
"""
AS_THE_LAST = """
def commands():
    sys.setprofile(lambda frame, event, _: os.kill(os.getpid(), 2) if over(frame, event) else None)
def over(frame, event):
    return event == "return" and frame.f_code is entry.run.__code__
"""


@pytest.mark.parametrize(
    "commands", [IN_A_CALL_BACK, MADE_AN_ERROR_OF_ITS_OWN, NOT_CAUGHT, AS_THE_LAST],
    ids=["swallowed by a call back", "told as another error", "caught by nobody", "as the last"],
)  # fmt: skip
def test_an_interruption_ends_it_whatever_becomes_of_it(tmp_path: Path, commands: str) -> None:
    around = (
        "import os, sys, time, weakref\n{}\n"
        "from afterrun_cli import entry, main\nmain.run = commands\nentry.run()\n"
    )
    found = ran(around.format(commands), home=tmp_path)
    assert (found.returncode, found.stdout, found.stderr) == (130, "", "")


def test_one_that_ignores_interruptions_goes_on_ignoring_them(tmp_path: Path) -> None:
    script = (
        "import os, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from afterrun_cli import entry, main\n"
        "main.run = lambda: (os.kill(os.getpid(), signal.SIGINT), print('went on'))\nentry.run()\n"
    )
    found = ran(script, home=tmp_path)
    assert (found.returncode, found.stdout, found.stderr) == (0, "went on\n", "")


def test_an_error_without_an_interruption_stays_what_it_is(tmp_path: Path) -> None:
    script = "from afterrun_cli import entry, main\nmain.run = lambda: 1 / 0\nentry.run()\n"
    found = ran(script, home=tmp_path)
    assert found.returncode == 1
    assert "ZeroDivisionError" in found.stderr


ANSWERED = DATA / "cases.jsonl"
FAMILIES: dict[str, tuple[list[str | Path], int]] = {
    "assess": (["assess", SAMPLE], 0),
    "assess what is missing": (["assess", "nothing.yaml"], 2),
    "explain": (["explain", SAMPLE], 0),
    "report": (["report", SAMPLE], 0),
    "plan": (["plan", SAMPLE], 0),
    "exercises": (["exercises"], 0),
    "migrate": (["migrate", SAMPLE], 0),
    "ask": (["ask"], 2),
    "diary": (["diary"], 2),
    "diary delete": (["diary", "delete"], 2),
    "rules list": (["rules", "list"], 0),
    "rules show": (["rules", "show", "nothing"], 2),
    "batch": (["batch", "run", "{rows}", "-"], 0),
    "batch with rejects": (["batch", "run", "{bad}", "-"], 1),
    "help": (["-h"], 0),
    "wrong usage": (["nothing"], 2),
}


@pytest.mark.slow
@pytest.mark.skipif(not FULL.exists(), reason="the system has no full device")
@pytest.mark.parametrize("family", FAMILIES)
def test_a_stream_that_is_full_gives_the_code_that_is_documented(tmp_path: Path, family: str) -> None:
    """A result that cannot be written is 3; a message that cannot be written changes nothing."""
    rows = {"{rows}": '{"age_years": 34}\n', "{bad}": '{"age_years": 34}\n{"age_years": 3}\n'}
    for name, text in rows.items():
        (tmp_path / f"{name[1:-1]}.jsonl").write_text(text, encoding="utf-8")
    words, code = FAMILIES[family]
    words = [tmp_path / f"{each[1:-1]}.jsonl" if each in rows else each for each in words]
    command = [sys.executable, "-c", RUN, *map(str, words)]

    def run_with(out: int | None, err: int | None) -> tuple[int, bytes, bytes]:
        with FULL.open("wb") as full:
            streams = [full if each is None else each for each in (out, err)]
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=streams[0],
                stderr=streams[1],
                cwd=ROOT,
                env=environment(tmp_path),
                check=False,
            )
        return done.returncode, done.stdout or b"", done.stderr or b""

    whole, result, _ = run_with(subprocess.PIPE, subprocess.PIPE)
    assert whole == code
    assert run_with(subprocess.PIPE, None)[:2] == (code, result)
    wanted = 3 if result else code
    found, _, said = run_with(None, subprocess.PIPE)
    assert found == wanted, said
    assert b"Traceback" not in said
    assert said.endswith(b"error: the result: No space left on device\n") or not result
    assert run_with(None, None)[0] == wanted
