"""Mistakes in `knowledge/history.yaml` are told with place and way out; safety is never read from a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import afterrun
from afterrun.rulebook import packed_rulebook, unpacked_rulebook
from tests.support.cli_runs import run
from tests.support.paths import ROOT

PAIN = "  - question: worst_pain\n    length_of_break: true\n    why: No.\n    sources: [row:FD04]\n"
SAFETY = "  - question: injury_onset\n    spoken_for: {no: same}\n    why: No.\n    sources: [row:FD04]\n"
TWICE = "  - question: weeks_off\n    length_of_break: true\n    why: Twice.\n    sources: [row:FD05]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for each in ("rules", "knowledge"):
        shutil.copytree(ROOT / each, tmp_path / each)
    return tmp_path


def problems_in(folder: Path, right: str, wrong: str, file: str = "knowledge/history.yaml") -> list[str]:
    """What is told of a rulebook with one text in place of another."""
    path = folder / file
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))
    with pytest.raises(afterrun.RulebookError) as caught:
        afterrun.load_rulebook(folder, "checkin" if "checkin" in file else None)
    problems = [str(each) for each in caught.value.problems]
    assert all(each.startswith(f"{file}:") for each in problems), problems
    return problems


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("question: volume_before", "question: volume_befor", "Did you mean 'volume_before'?"),
        ("question: volume_before", "question: age_years", "safety is never read from a file"),
        ("offers:\n", f"offers:\n{SAFETY}", "'injury_onset' is asked for safety"),
        ("offers:\n", f"offers:\n{PAIN}", "'worst_pain' takes no whole number of weeks"),
        ("offers:\n", f"offers:\n{TWICE}", "'weeks_off' has an offer already, on line 29"),
        ("question: volume_before", "question: event_in_weeks", "takes no amount"),
        ("length_of_break: true", "total: {days: 7}", "'weeks_off' takes no amount"),
        ("total: {days: 7}", "length_of_break: true", "'volume_last_week' takes no whole number of weeks"),
        ("total: {days: 7}", "spoken_for: {no: same}", "'volume_last_week' is no choice of one option"),
        ("returning: restarted", "retuning: restarted", "Did you mean 'returning'?"),
        ("returning: restarted", "returning: back", "'restarted'"),
        ("returning: restarted", "returning: stopped", "names one habit for two options"),
        ("  min: {seconds: 60}\n", "", "'units' does not say how many metres or seconds 'min' is"),
        ("{seconds: 60}", "{seconds: 60, metres: 1}", "takes either 'metres' or 'seconds'"),
        ("{seconds: 60}", "{seconds: 0}", "a number above 0"),
        ("total: {days: 7}", "total: {days: 7}\n    longest: {days: 7}", "takes exactly one of total"),
        ("{days: 28, before: 7}", "{days: 30, before: 7}", "takes whole weeks"),
        ("total: {days: 7}", "total: {days: 0}", "0 is too small"),
        ("  days: 3\n", "  days: 22\n", "'days' is more than 'within'"),
        ("  days: 3\n", "  days: 1\n", "one run alone is not regular running"),
        ("more_weeks: 4", "more_weeks: 16", "'more_weeks' is less than"),
        ("[row:FD05, row:DX05", "[row:FD99, row:DX05", "the source 'row:FD99' does not stand"),
        ("frandsen-2025]", "frandson-2025]", "Did you mean 'frandsen-2025'?"),
        ("    why: The last 7 days", "    way: The last 7 days", "Did you mean 'why'?"),
    ],
)
def test_a_mistake_is_told_with_its_line(folder: Path, right: str, wrong: str, said: str) -> None:
    problems = problems_in(folder, right, wrong)
    assert any(said in each for each in problems), problems


@pytest.mark.slow
def test_what_leans_on_regular_running_needs_it(folder: Path) -> None:
    text = (folder / "knowledge/history.yaml").read_text()
    regular = text[text.index("regular:") : text.index("offers:")]
    assert "lacks 'regular'" in str(problems_in(folder, regular, ""))


@pytest.mark.slow
def test_signs_of_a_check_in_are_never_read_from_a_file(folder: Path) -> None:
    file = "knowledge/checkin/history.yaml"
    (problem,) = problems_in(folder, "question: volume_done", "question: new_warning_signs", file)[:1]
    assert "safety is never read from a file" in problem


@pytest.mark.slow
def test_a_rulebook_asks_no_files_where_it_has_none_of_it(folder: Path) -> None:
    (folder / "knowledge/history.yaml").unlink()
    (folder / "knowledge/checkin/history.yaml").unlink()
    rulebook = afterrun.load_rulebook(folder)
    assert rulebook.history is None
    with pytest.raises(afterrun.IntakeError, match="asked for no question"):
        afterrun.read_answers(rulebook, {"from_files": {"volume_last_week": {}}})
    ran = run("history", folder, "--rulebook", folder)
    assert (ran.code, "asks files for nothing" in ran.err) == (2, True)


@pytest.mark.slow
def test_a_part_has_the_units_of_the_main_one(folder: Path) -> None:
    file = folder / "knowledge/checkin/history.yaml"
    assert "units:" not in file.read_text()
    part = afterrun.load_rulebook(folder, "checkin")
    assert part.history is not None
    assert [each.question for each in part.history.offers] == ["volume_done"]


def test_it_comes_packed_with_the_rulebook(rulebook: afterrun.Rulebook) -> None:
    assert unpacked_rulebook(packed_rulebook(ROOT)).history == rulebook.history


@pytest.mark.slow
def test_renaming_reaches_questions_and_options_of_it(folder: Path) -> None:
    for old, new in (("volume_last_week", "week_run"), ("running_status.returning", "back_again")):
        ran = run("rules", "rename", old, new, "--rulebook", folder, "--write")
        assert ran.code == 0, ran.err
    text = (folder / "knowledge/history.yaml").read_text()
    assert "question: week_run" in text
    assert "back_again: restarted" in text
    assert "volume_last_week" not in text
    assert afterrun.load_rulebook(folder).history is not None
