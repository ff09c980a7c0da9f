"""The tutorial, walked from its text alone: each file is written, each command is run, in a clean folder."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.cli_runs import run
from tests.support.paths import ROOT

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"(?:^    .*\n|^\n(?=    ))+", re.MULTILINE)
_FILE = re.compile(r"`([\w./-]+\.(?:yaml|jsonl|csv))`")


class Command(NamedTuple):
    """What is typed, and what the document says of it."""

    words: list[str]
    typed: str
    said: list[str]
    """Stretches of what is shown, between what is left out."""


class File(NamedTuple):
    """What is written, and where."""

    path: str
    text: str
    at_the_end: bool


@pytest.mark.slow
def test_the_tutorial_leads_from_nothing_to_a_rulebook(tmp_path: Path) -> None:
    steps = list(steps_of(TUTORIAL))
    assert sum(isinstance(step, Command) for step in steps) >= 12
    for step in steps:
        if isinstance(step, File):
            file = tmp_path / step.path
            before = f"{file.read_text('utf-8')}\n" if step.at_the_end else ""
            file.write_text(before + step.text, encoding="utf-8")
            continue
        assert step.words[0] == "afterrun"
        ran = run(*step.words[1:], stdin=step.typed, home=tmp_path / "home", cwd=tmp_path)
        shown = [squeezed(ran.out), squeezed(ran.err)]
        assert "Traceback" not in ran.err
        failing = any(each.startswith("FAILS") for each in step.said)
        assert ran.code == int(failing), (step.words, ran)
        for stretch in step.said:
            assert any(squeezed(stretch) in each for each in shown), (step.words, stretch, ran)


def steps_of(text: str) -> Iterator[Command | File]:
    """Every file and command of a document, in order."""
    for block in _BLOCK.finditer(text):
        lines = [line[4:] for line in block[0].rstrip("\n").split("\n")]
        before = text[: block.start()].rstrip().rpartition("\n\n")[2]
        start = next((place for place, line in enumerate(lines) if line.startswith("$ ")), len(lines))
        if written := "\n".join(lines[:start]).rstrip():
            named = _FILE.findall(before)
            assert named, f"which file is this? {written[:80]}"
            yield File(named[-1], f"{written}\n", "at its end" in before)
        yield from _commands(lines[start:])


def _commands(lines: list[str]) -> Iterator[Command]:
    for block in re.split(r"^\$ ", "\n".join(lines), flags=re.MULTILINE)[1:]:
        command, _, told = block.partition("\n")
        typed = re.findall(r"^> ?(.*)$", told, re.MULTILINE)
        said = re.split(r"\.{3}", re.sub(r"^>.*$", "...", told, flags=re.MULTILINE))
        stretches = [each.strip() for each in said if each.strip(" \n)")]
        yield Command(shlex.split(command), "".join(f"{line}\n" for line in typed), stretches)


def squeezed(text: str) -> str:
    """Without the places where lines end, which go with the width."""
    return " ".join(text.split())
