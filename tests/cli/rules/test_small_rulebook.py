"""What the author of a small rulebook is told by the `afterrun rules` commands."""

from __future__ import annotations

import json
import os
import shlex
import tempfile
from pathlib import Path

import pytest

from afterrun.rulebook import load_every_part, read_yaml
from afterrun.telling import rule_entries, rule_lines
from tests.support.cli_runs import Ran, run
from tests.support.rulebooks.copies import spoil
from tests.support.rulebooks.second import MOULD
from tests.support.rulebooks.small import write_small

NEAR = """\
- id: near-is-fine
  if: {distance: {under: 5}}
  then: triage.fine
  because: So it is.
  sources: [anyone-2020]
  examples:
    fires: [{distance: 3, sore: "light"}]
    silent: [{distance: 30}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small rulebook in which nobody who went from 5 to 10 is told anything."""
    folder = tmp_path / "small"
    folder.mkdir()
    rules = write_small(folder) / "rules/rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + NEAR, encoding="utf-8")
    return folder


def test_check_counts_nothing_that_the_rulebook_does_not_have(folder: Path) -> None:
    assert "3 rules, 6 examples\n" in run("rules", "check", folder).out
    assert json.loads(run("rules", "check", folder, "--format", "json").out)["counts"] == {
        "rules": 3, "examples": 6,
    }  # fmt: skip


def test_tables_go_to_standard_output(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("rules", "export", "--dmn", "-", "--rulebook", folder)
    assert (ran.code, ran.out[:5]) == (0, "<?xml")
    assert ran.out.endswith("</definitions>\n")
    assert "wrote" not in ran.err
    assert [each.name for each in tmp_path.iterdir()] == ["small"]


def test_examples_are_shown_as_a_file_of_rules_holds_them(folder: Path) -> None:
    shown = run("rules", "show", "near-is-fine", "--rulebook", folder).out
    assert "- fires: {distance: 3, sore: light}\n" in shown


def test_examples_shown_read_back_as_they_are() -> None:
    for rulebook in load_every_part(MOULD):
        for entry in rule_entries(rulebook).values():
            lines = [each.text for each in rule_lines(rulebook, entry)]
            told = [read_yaml(each, "shown").data for each in lines[lines.index("Examples") + 1 :]]
            assert told == [[{kind: intake}] for kind, intake in entry.examples]


def seen(ran: Ran) -> list[str]:
    """The commands that show what failed."""
    return [line.split("see:  ")[1] for line in ran.out.splitlines() if "see:" in line]


def written_by(ran: Ran) -> list[Path]:
    """The intakes that they show."""
    assert ran.code == 1, ran.err
    return [Path(shlex.split(command)[2]) for command in seen(ran)]


def test_what_a_proof_fails_on_is_written_to_one_place_and_reproduced(folder: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob("afterrun-prove-*"))
    ran = run("rules", "prove", "--rulebook", folder, "--only", "gaps")
    assert ran.code == 1
    commands = seen(ran)
    assert len(commands) == 2
    for command in commands:
        words = shlex.split(command)
        assert words.count("--rulebook") == 1
        again = run(*words[1:])
        assert again.code == 0, again.err
    again = run("rules", "prove", folder, "--only", "gaps")
    assert seen(again) == commands
    assert set(Path(tempfile.gettempdir()).glob("afterrun-prove-*")) == before


def test_no_intake_of_an_earlier_run_or_of_another_rulebook_is_left_among_those_that_fail(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first, *_ = written_by(run("rules", "prove", folder, "--only", "gaps"))
    beside = first.with_name("fails-of-an-earlier-run.json")
    beside.write_text("{}", encoding="utf-8")
    assert first in written_by(run("rules", "prove", folder, "--only", "gaps"))
    assert not beside.exists()
    spoil(folder, "knowledge/interventions.yaml", "name: Rest", "name: Much rest")
    other, *_ = written_by(run("rules", "prove", folder, "--only", "gaps"))
    assert other.name == first.name
    assert other.parent != first.parent
    assert first.is_file()
    for number in range(10):
        (other.parent.parent / f"earlier-{number}").mkdir()
    os.utime(first.parent, (0, 0))
    assert other in written_by(run("rules", "prove", folder, "--only", "gaps"))
    assert not first.exists()


def test_without_a_home_what_fails_is_written_to_a_folder_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("afterrun_cli.rulebook.prove.cache_folder", lambda: None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ran = run("rules", "prove", folder, "--only", "gaps")
    (place,) = {each.parent for each in written_by(ran)}
    assert place.parent == tmp_path
    assert place.stat().st_mode & 0o077 == 0


def test_check_says_that_the_schemas_of_editors_are_stale(folder: Path) -> None:
    command = f"afterrun rules schema --rulebook {folder}"
    assert ".schemas" not in run("rules", "check", folder).out
    rules = folder / "rules/rules.yaml"
    modeline = "# yaml-language-server: $schema=../.schemas/rules.schema.json\n"
    rules.write_text(modeline + rules.read_text(encoding="utf-8"), encoding="utf-8")
    (line,) = [each for each in run("rules", "check", folder).out.splitlines() if ".schemas" in each]
    assert line.startswith(f"{folder / '.schemas'} is not there, ")
    assert line.endswith(command)
    assert run(*command.split()[1:]).code == 0
    assert "stale" not in run("rules", "check", folder).out
    spoil(folder, "knowledge/interventions.yaml", "name: Rest", "name: Much rest")
    ran = run("rules", "check", folder)
    (line,) = [each for each in ran.out.splitlines() if "stale" in each]
    assert line.startswith(f"{folder / '.schemas'} is stale: ")
    assert line.endswith(command)
    assert "schemas" in json.loads(run("rules", "check", folder, "--format", "json").out)
    assert run(*command.split()[1:]).code == 0
    assert "stale" not in run("rules", "check", folder).out


def test_schemas_are_written_though_a_rule_is_wrong_and_left_where_names_cannot_be_read(folder: Path) -> None:
    spoil(folder, "rules/rules.yaml", "{over: 10}", "{ovr: 10}")
    assert run("rules", "schema", "--rulebook", folder).code == 0
    written = {each: each.read_bytes() for each in (folder / ".schemas").iterdir()}
    assert written
    spoil(folder, "knowledge/interventions.yaml", "kind: treatment", "kind: treat")
    ran = run("rules", "schema", "--rulebook", folder)
    told = ran.err.splitlines()
    assert (ran.code, len(told)) == (3, 3)
    assert [each.split(": ")[0] for each in told[:2]] == [
        "knowledge/interventions.yaml:1",
        "rules/rules.yaml:5",
    ]
    assert "are left as they are" in told[2]
    assert {each: each.read_bytes() for each in (folder / ".schemas").iterdir()} == written
