"""The guards of the tests themselves: no process unmarked, nothing left in the checkout."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PYPROJECT = """
[tool.pytest.ini_options]
markers = ["process: starts a process"]
"""
STARTS = """
import subprocess, sys
import pytest

def test_unmarked():
    subprocess.run([sys.executable, "-c", ""])

@pytest.mark.process
def test_marked():
    subprocess.run([sys.executable, "-c", ""])
"""
LEAVES = """
def test_it():
    open(":memory:", "w").close()
"""

OURS = ("tests.conftest", "tests.support.paths", "tests.support.rulebooks.shipped")
"""Conftest, and what it stands on."""

pytestmark = [pytest.mark.process, pytest.mark.slow]


def run_of(tests: str, folder: Path, workers: str) -> tuple[int, str]:
    """A run of these tests under our guards: its exit code and all that it said."""
    for module in OURS:
        file = Path(*module.split(".")).with_suffix(".py")
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        for each in (file, *(package / "__init__.py" for package in file.parents[:-1])):
            shutil.copy(ROOT / each, folder / each)
    (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (folder / "tests" / "test_them.py").write_text(tests, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", workers, "tests"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_a_process_is_started_only_by_those_who_say_so(tmp_path: Path) -> None:
    code, said = run_of(STARTS, tmp_path, "0")
    assert (code, "1 failed, 1 passed" in said) == (1, True), said
    assert "this test starts a process: mark it" in said


def test_a_run_that_leaves_something_in_the_checkout_fails(tmp_path: Path) -> None:
    code, said = run_of(LEAVES, tmp_path, "1")
    assert (code, "1 passed" in said) == (1, True), said
    assert f"left behind by the tests: {tmp_path / ':memory:'}" in said


def test_no_error_is_raised_with_several_lines_in_one_argument() -> None:
    """Each argument is a line, so that no name in it can make another; a line feed would be spelled out."""
    found = [
        f"{file.relative_to(ROOT)}:{part.lineno}"
        for folder in ("engine", "cli")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for each in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(each, ast.Raise) and isinstance(each.exc, ast.Call)
        for argument in each.exc.args
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and "\n" in part.value
    ]
    assert found == []
