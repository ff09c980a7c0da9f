"""Everything that a runner reads is plain; all offences are told at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from textstat import textstat

import afterrun
from afterrun.telling import RunnerText, reading_of, runner_texts
from tests.support.paths import ROOT

TOLD_TO_RUNNERS = (
    *("engine/afterrun/telling/" + name for name in ("check_in.py", "plan.py", "result.py", "diary")),
    "engine/afterrun/telling/interview.py",
    "engine/afterrun/explanation/words.py",
    "cli/afterrun_cli/diary",
    "cli/afterrun_cli/runner",
)
"""Where sentences stand in code."""


@pytest.fixture(scope="module")
def texts(rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook) -> list[RunnerText]:
    return [
        text._replace(place=f"{name}: {text.place}")
        for name, part in (("main", rulebook), ("check-in", checkin_part))
        for text in runner_texts(part)
    ]


def test_every_text_is_plain(texts: list[RunnerText]) -> None:
    print(reading_of(texts).words)
    assert {text.place: [*text.offences(), text.text] for text in texts if list(text.offences())} == {}


def test_every_sentence_in_code_is_plain() -> None:
    spoken = [each for place in TOLD_TO_RUNNERS for each in of_code(ROOT / place)]
    assert len(spoken) > 50
    assert {each.place: [*each.offences(), each.text] for each in spoken if list(each.offences())} == {}


def test_a_hard_text_is_found() -> None:
    hard = RunnerText("here", "Eccentric strengthening of the quadriceps musculature is recommended.")
    assert [each.split()[0] for each in hard.offences()] == ["grade", "'Eccentric'"]
    long = RunnerText("here", " ".join(["so"] * 26))
    assert "a sentence of 26 words" in list(long.offences())
    assert RunnerText("here", "Patellar tendinopathy").grade is None


def test_each_kind_of_text_is_looked_at(
    texts: list[RunnerText], rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    seen = " ".join(text.text for text in texts)
    asked = rulebook.questions.values()
    wanted = [text for each in asked for text in (each.help, each.means, each.example, each.why)]
    wanted += [option.text for question in asked for option in question.options]
    signs = checkin_part.questions["new_warning_signs"]
    wanted += [signs.gate, *(text for group in signs.groups for text in (group.title, group.gist))]
    wanted += [step for each in rulebook.interventions.values() for step in each.steps]
    wanted += [level.opening for level in rulebook.triage.values()]
    wanted += [rule.because for rule in rulebook.rules.values() if rule.written is not None]
    wanted += ["Make this first week light.", "Take a brisk walk."]
    assert [each for each in wanted if " " in each and " ".join(each.split()) not in seen] == []
    assert textstat.flesch_kincaid_grade("Walk. Then rest.") < 6


def of_code(place: Path) -> Iterator[RunnerText]:
    """The sentences in a module or a folder of them, a number in place of what is filled in."""
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        inside = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in (each for each in ast.walk(tree) if isinstance(each, ast.expr)):
            text = ""
            if isinstance(node, ast.JoinedStr):
                text = "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "3" for part in node.values
                )
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in {*docs, *inside}
            ):
                text = node.value
            # What is typed, and what was typed wrongly, is told as the shell has it.
            text = text.split("  afterrun")[0]
            if " " in text.strip() and not text.startswith("error:"):
                yield RunnerText(f"{path.relative_to(ROOT)}:{node.lineno}", " ".join(text.split()))
