"""What docs/serve.md says: its commands, its unit, its container file and its numbers."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from afterrun_web.access import limits, passwords, sessions
from tests.support.cli_runs import COMMAND, run
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    found = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def unit_lines(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", block("ini"), re.MULTILINE)


def container() -> list[tuple[str, str]]:
    """The instructions of the container file, lines that go on put together."""
    lines = block("dockerfile").replace("\\\n", " ").splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines) if word]


def options_are_known(words: list[str], home: Path) -> None:
    """With --check nothing is served; what is unsafe gives 1, and what is no option 2."""
    assert words[0] == "serve"
    ran = run(*words, "--check", home=home)
    assert ran.code == 1, ran.err
    assert all(line.startswith("unsafe: ") for line in ran.err.splitlines())


@pytest.mark.slow
@pytest.mark.process
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze here: the unit was read, and not verified")
    file = tmp_path / "afterrun.service"
    file.write_text(block("ini").replace("/opt/afterrun/bin/afterrun", str(COMMAND)), encoding="utf-8")
    ran = subprocess.run(
        [program, "verify", "--man=no", file], capture_output=True, text=True, check=False, timeout=60
    )
    about = [line for line in ran.stderr.splitlines() if "afterrun" in line]
    assert (ran.returncode, about) == (0, []), ran.stderr


def test_the_unit_serves_what_check_knows_and_gives_no_rights(tmp_path: Path) -> None:
    (command,) = unit_lines("ExecStart")
    options_are_known(shlex.split(command)[1:], tmp_path)
    assert {each.partition(":")[0] for each in unit_lines("LoadCredential")} == set(
        re.findall(r"\$\{CREDENTIALS_DIRECTORY\}/(\w+)", command)
    )
    assert unit_lines("User") == ["afterrun"]
    assert unit_lines("NoNewPrivileges") == ["yes"]
    assert unit_lines("CapabilityBoundingSet") == [""]


def test_the_container_serves_what_check_knows_and_not_as_root(tmp_path: Path) -> None:
    told = container()
    known = {"FROM", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT"}
    assert {word for word, _ in told} == known
    assert told[0][0] == "FROM"
    assert told[-1][0] == "ENTRYPOINT"
    last = [word for word, _ in told].index("FROM", 1)
    assert ("USER", "afterrun") in told[last:]
    options_are_known(json.loads(told[-1][1])[1:], tmp_path)
    for name in re.findall(r"/src/([\w.-]+)", dict(told)["RUN"] + block("dockerfile")):
        assert (ROOT / name).is_file()
    (flags,) = re.findall(r'CPPFLAGS="([^"]*)"', block("dockerfile"))
    assert f'CPPFLAGS = "{flags}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_command_is_one(tmp_path: Path) -> None:
    commands = re.findall(r"^    (afterrun serve.*?)(?:  +#.*)?$", PAGE, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        words = shlex.split(command)[1:]
        if words[1] == "accounts":
            assert "typed at a terminal" in run(*words, home=tmp_path).err
        else:
            options_are_known([each for each in words if each != "--check"], tmp_path)


def test_its_numbers_are_those_of_the_program() -> None:
    assert (timedelta(hours=2), timedelta(hours=12)) == (sessions.IDLE, sessions.LONGEST)
    assert "2 hours without a request, after 12 in any case" in PAGE
    assert f"for {sessions.OF_A_TOKEN.days} days" in PAGE
    assert f"{passwords.SHORTEST} characters at least" in PAGE
    tries = f"{limits.OF_BOTH} tries in 15 minutes by name and address, {limits.OF_ADDRESS} by address"
    assert f"{tries}, {limits.OF_NAME} by name" in PAGE
    assert timedelta(minutes=15) == limits.SPAN
