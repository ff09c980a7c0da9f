"""`afterrun rules new`: rulebooks that run, each checked, proved, covered and mutated with its own cases."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import afterrun
from afterrun.verify import check_rulebook
from afterrun.verify.prove import prove
from afterrun_cli.rulebook import new
from tests.support.cli_runs import run

STARTS = ("smallest", "triage", "scoring")


@pytest.mark.slow
@pytest.mark.parametrize("like", STARTS)
def test_a_new_rulebook_is_whole(tmp_path: Path, like: str) -> None:
    folder = tmp_path / "My plants (2)"
    ran = run("rules", "new", folder, "--like", like)
    assert ran.code == 0, ran.err
    assert f"afterrun rules check --rulebook '{folder}'" in ran.err
    rulebook = afterrun.load_rulebook(folder)
    assert rulebook.identity.name == "my-plants-2"
    assert check_rulebook(rulebook) == []
    assert [found for report in prove(rulebook) for found in report.findings] == []
    cases = folder / "cases.jsonl"
    covered = run("rules", "cover", cases, "--rulebook", folder, "--fail-under", "100")
    assert covered.code == 0, covered.out
    mutated = run("rules", "mutate", cases, "--rulebook", folder)
    assert mutated.code == 0, mutated.out


def test_the_smallest_has_one_question_and_no_file_without_use(tmp_path: Path) -> None:
    assert run("rules", "new", tmp_path / "one").code == 0
    rulebook = afterrun.load_rulebook(tmp_path / "one")
    assert len(rulebook.questions) == 1
    assert len(rulebook.rules) == 2
    files = sorted(each.relative_to(tmp_path / "one").as_posix() for each in tmp_path.rglob("*.*"))
    knowledge = ["questions", "rulebook", "sources", "triage"]
    written = [each for each in files if not each.startswith(".schemas")]
    assert written == ["cases.jsonl", *(f"knowledge/{each}.yaml" for each in knowledge), "rules/rules.yaml"]


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = run("rules", "new", tmp_path)
    assert ran.code == 2
    assert ran.err == f"error: {tmp_path} is not empty: name a folder that is not there yet\n"
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]
    assert run("rules", "new", tmp_path / "mine.txt").code == 2


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert run("rules", "new", tmp_path).code == 0
    assert (tmp_path / "rules" / "rules.yaml").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("like", STARTS)
def test_each_file_names_a_schema_that_is_there_and_fresh(tmp_path: Path, like: str) -> None:
    assert run("rules", "new", tmp_path / "one", "--like", like).code == 0
    files = list(tmp_path.rglob("*.yaml"))
    assert files
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert (file.parent / first.removeprefix("# yaml-language-server: $schema=")).is_file(), file
    assert run("rules", "schema", "--rulebook", tmp_path / "one", "--check").code == 0


def test_what_could_not_be_written_whole_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = Path(shutil.copytree(new.STARTS, tmp_path / "starts"))
    lost = starts / "smallest" / "rules" / "lost.yaml"
    lost.symlink_to(tmp_path / "nowhere")
    monkeypatch.setattr(new, "STARTS", starts)
    assert run("rules", "new", tmp_path / "one").code == 3
    assert list((tmp_path / "one").iterdir()) == []
    lost.unlink()
    assert run("rules", "new", tmp_path / "one").code == 0
