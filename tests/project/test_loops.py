"""The loops: what `make` and pre-commit run is there, and `make check` is part of `make test`."""

import re
from pathlib import Path

import yaml

from tests.support.paths import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def recipe(target: str) -> list[str]:
    """The lines of a target, after those of the phony targets that it stands on."""
    found = re.search(rf"^{target}:([^#\n]*)[^\n]*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
    assert found, f"no target {target}"
    lines = [line.strip() for line in found[2].splitlines()]
    before = recipe("static") if "static" in found[1].split() else []
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


def test_ci_runs_what_everybody_runs() -> None:
    assert "exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
