"""The loops: what `make` and pre-commit run is there, and `make check` is part of `make test`."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.paths import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def recipe(target: str) -> list[str]:
    """The lines of a target, after those of `static` where it stands on them or has them made."""
    found = re.search(rf"^{target}:([^#\n]*)[^\n]*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
    assert found, f"no target {target}"
    lines = [line.strip() for line in found[2].splitlines() if "$(MAKE)" not in line]
    before = recipe("static") if "static" in f"{found[1]} {found[2]}".split() else []
    return [*before, *lines]


def test_what_check_runs_test_runs_too() -> None:
    check, test = (" ".join(recipe(target)) for target in ("check", "test"))
    assert check.removesuffix(' -m "not slow" --hypothesis-profile quick') in re.sub(
        r"\.venv/bin/afterrun rules mutate.*?\d\d ", "", test
    )


def test_each_commit_runs_what_check_runs_before_its_tests() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (repository,) = config["repos"]
    entries = [hook["entry"].removesuffix(" --force-exclude") for hook in repository["hooks"]]
    wanted = [line.removesuffix(" .") for line in recipe("static")]
    assert wanted == [entry for entry in entries if entry in wanted]
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert Path(hook["entry"].split()[0]).parts[:2] == (".venv", "bin")


def tools(folder: Path, *browsers: str) -> Path:
    """A path with what `.ci/run` itself needs, and a `make` that fails as tests fail."""
    for name in ("bash", "cat", "dirname", "id"):
        (folder / name).symlink_to(shutil.which(name) or name)
    for name in ("make", *browsers):
        (folder / name).write_text('#!/bin/sh\necho "$0" "$@"\nexit 2\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.process
@pytest.mark.parametrize(("browsers", "told"), [((), True), (("google-chrome",), False)])
def test_ci_runs_what_everybody_runs_and_says_last_what_it_could_not(
    browsers: tuple[str, ...], told: bool, tmp_path: Path
) -> None:
    path = str(tools(tmp_path, *browsers))
    ran = subprocess.run(
        [ROOT / ".ci" / "run"], env={"PATH": path}, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, f"{path}/make test\n"), ran.stderr
    assert ("NOT TESTED: pages in a browser" in ran.stderr) is told
    assert ("apt-get install chromium" in ran.stderr) is told


def test_every_run_ends_with_what_was_skipped_and_why(pytestconfig: pytest.Config) -> None:
    assert "-rs" in pytestconfig.getini("addopts")
