"""`afterrun rules test`: whole cases of both parts, and where one comes out otherwise than it expects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.cli_runs import run
from tests.support.paths import DATA, ROOT
from tests.support.rulebooks.copies import copied
from tests.support.rulebooks.second import MOULD

INTAKE = """\
- id: A1
  title: A hot red knee
  answers: {warning_signs: [hot_red_joint]}
  expect: {triage: urgent, given: {stop_and_get_assessed: recommended}}
  why: RF03.
"""
CHECK_IN = """\
- id: A1
  title: A new sign
  enrolled: {programme: tendon_loading, week: 5}
  checkin: {new_warning_signs: [cold_pale_foot]}
  expect: {actions: [stop_and_get_assessed], triage: emergency}
"""


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """A file with a case of each part."""
    file = tmp_path / "cases.yaml"
    file.write_text(INTAKE + CHECK_IN, encoding="utf-8")
    return file


@pytest.mark.slow
def test_the_shipped_cases_of_both_parts_hold() -> None:
    files = sorted(DATA.glob("*cases.jsonl"))
    assert len(files) == 4
    ran = run("rules", "test", *files)
    assert (ran.code, ran.err) == (0, "")
    every = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    assert ran.out == f"{every} cases tried, none failing\n"


def test_cases_of_both_parts_stand_in_one_file(both: Path) -> None:
    ran = run("rules", "test", both)
    assert (ran.code, ran.out, ran.err) == (0, "2 cases tried, none failing\n", "")


def test_each_difference_is_told_with_the_place_of_its_case(both: Path) -> None:
    text = both.read_text(encoding="utf-8")
    wrong = text.replace("triage: urgent, given: {", "triage: emergency, given: {explain_event: merged, ")
    both.write_text(wrong.replace("triage: emergency}", "triage: urgent}"), encoding="utf-8")
    ran = run("rules", "test", both)
    assert (ran.code, ran.err) == (1, "")
    told = [
        ("A1", 1, "triage is 'urgent', not 'emergency'"),
        ("A1", 1, "explain_event is absent, not merged"),
        ("A1", 6, "triage is 'emergency', not 'urgent'"),
    ]
    lines = [f"{both}:{line}: {name}: {difference}" for name, line, difference in told]
    assert ran.out.splitlines() == [
        *lines[:2],
        "    why it is expected: RF03.",
        lines[2],
        "2 cases tried, 2 failing",
    ]
    as_json = run("rules", "test", both, "--format", "json")
    assert as_json.code == 1
    found = json.loads(as_json.out)
    assert (found["cases"], found["failing"]) == (2, 2)
    assert [(each["key"], each["line"], each["message"]) for each in found["differences"]] == told
    assert {each["file"] for each in found["differences"]} == {str(both)}


def test_a_case_that_names_what_is_not_there_is_refused(both: Path) -> None:
    both.write_text(INTAKE.replace("stop_and_get_assessed", "stop_and_get_asessed"), encoding="utf-8")
    ran = run("rules", "test", both)
    assert (ran.code, ran.out) == (2, "")
    place = f"{both}:1: A1: expect.given"
    assert f"{place}: 'stop_and_get_asessed' is not known. Did you mean 'stop_and_get_assessed'?" in ran.err


def test_a_file_of_cases_that_is_no_utf_8_or_holds_none_is_told_by_name(tmp_path: Path) -> None:
    latin, empty = tmp_path / "latin.yaml", tmp_path / "empty.jsonl"
    latin.write_bytes(INTAKE.replace("A hot red knee", "Ein heißes Knie").encode("latin-1"))
    empty.write_text("\n", encoding="utf-8")
    ran = run("rules", "test", latin, empty)
    assert (ran.code, ran.out) == (2, "")
    byte = "0xDF (byte 17 of the line): write it anew, and save the file as UTF-8"
    assert ran.err.splitlines() == [f"error: {latin}:2: is not in UTF-8 here, at {byte}"]
    assert f"{empty}: there is no case in this file" in run("rules", "test", empty).err


def test_a_check_in_needs_a_part_that_answers_it(tmp_path: Path, both: Path) -> None:
    copy = copied(tmp_path / "copy")
    for folder in ("rules", "knowledge"):
        for file in (copy / folder / "checkin").iterdir():
            file.unlink()
    ran = run("rules", "test", both, "--rulebook", copy)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: a case is of a check-in, and the rulebook has no part for those\n"


def test_a_case_that_expects_nothing_is_none(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "A", "title": "Nothing", "answers": {}, "expect": {}}\n', encoding="utf-8")
    ran = run("rules", "test", file)
    assert ran.code != 0
    assert f"{file}:1: expect: expects nothing, so that nothing could differ" in ran.err


def test_a_rulebook_without_hazards_takes_the_place_of_no_log(tmp_path: Path) -> None:
    log = tmp_path / "hazard-log.md"
    log.write_text("Another's.\n", encoding="utf-8")
    ran = run("rules", "hazards", "--rulebook", MOULD, "-o", log)
    assert ran.code == 2
    assert "names no hazards" in ran.err
    assert log.read_text(encoding="utf-8") == "Another's.\n"


def test_a_part_that_is_not_there_is_told() -> None:
    for rulebook, known in ((MOULD, "it has no other part"), (ROOT, "its parts are: checkin")):
        ran = run("rules", "list", "--part", "nowhere", "--rulebook", rulebook)
        assert (ran.code, ran.out) == (2, "")
        assert f"the rulebook has no part 'nowhere'; {known}" in ran.err
