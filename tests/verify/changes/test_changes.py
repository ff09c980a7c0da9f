"""What is written otherwise, which approvals fall with it, and which version it demands."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from afterrun import Rulebook, load_rulebook
from afterrun.rulebook import LinkedRule, review_rule
from afterrun.verify.changes import (
    Level,
    NoVersion,
    approvals_taken_back,
    change_between,
    edits_between,
    follows,
    next_version,
    refuse_uncountable,
)
from tests.support.paths import ROOT

MOULD = ROOT / "examples" / "mould"
REVIEW = {"owner": "Dr A", "approved_on": "2026-11-26", "review_by": "2027-11-26"}


@pytest.fixture
def mould() -> Rulebook:
    return load_rulebook(MOULD)


def changed(folder: Path, *changes: tuple[str, str, str]) -> Rulebook:
    """The small rulebook with some texts replaced."""
    shutil.copytree(MOULD, folder, dirs_exist_ok=True)
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_rulebook(folder)


def say_otherwise(folder: Path, rule: LinkedRule) -> None:
    """Give a rule another reason."""
    path, begins = folder / rule.file, rule.because[:12]
    text = path.read_text(encoding="utf-8")
    assert begins in text
    path.write_text(text.replace(begins, f"Else {begins}", 1), encoding="utf-8")


def test_the_same_has_no_edits(mould: Rulebook, tmp_path: Path) -> None:
    assert edits_between(mould, changed(tmp_path)) == ()
    change = change_between({"": mould}, {"": changed(tmp_path)})
    assert (change.level, change.version_followed) == ("none", True)


def test_a_threshold_is_told_where_it_stands(mould: Rulebook, tmp_path: Path) -> None:
    new = changed(tmp_path, ("rules/water.yaml", "humidity: {at_least: 60}", "humidity: {at_least: 65}"))
    (edit,) = edits_between(mould, new)
    assert (edit.kind, edit.sort, float(edit.was), float(edit.now)) == ("rule", "meaning", 60, 65)
    assert edit.path.endswith("humidity.at_least")


def test_a_text_is_a_text_and_an_example_an_example(mould: Rulebook, tmp_path: Path) -> None:
    rule = next(each for each in mould.rules.values() if each.written is not None)
    text = (MOULD / rule.file).read_text(encoding="utf-8")
    line = next(each for each in text.splitlines() if each.strip().startswith("because:"))
    new = changed(tmp_path, (rule.file, line, f"{line.partition(':')[0]}: Something else."))
    assert [(each.path, each.sort) for each in edits_between(mould, new)] == [("because", "text")]
    change = change_between({"": mould}, {"": new})
    assert (change.level, change.least_version, change.version_followed) == ("patch", "0.1.1", False)


def test_what_flips_is_major_and_the_version_must_follow(mould: Rulebook, tmp_path: Path) -> None:
    change_of_rule = ("rules/water.yaml", "humidity: {at_least: 60}", "humidity: {at_least: 65}")
    change = change_between({"": mould}, {"": changed(tmp_path / "a", change_of_rule)})
    assert (change.level, change.least_version, change.version_followed) == ("major", "0.2.0", False)
    followed = changed(tmp_path / "b", change_of_rule, ("knowledge/rulebook.yaml", "0.1.0", "0.2.0"))
    assert change_between({"": mould}, {"": followed}).version_followed


def test_an_option_less_is_major_and_one_more_is_minor(mould: Rulebook, tmp_path: Path) -> None:
    question = next(each for each in mould.questions.values() if each.options)
    first = question.options[0].id
    text = (MOULD / "knowledge" / "questions.yaml").read_text(encoding="utf-8")
    line = next(each for each in text.splitlines() if f"id: {first}" in each and "- " in each)
    more = f"{line[: len(line) - len(line.lstrip())]}- {{id: another_one, text: Another one}}\n{line}"
    new = changed(tmp_path, ("knowledge/questions.yaml", line, more))
    (part,) = change_between({"": mould}, {"": new}).parts
    assert f"{question.id}: another_one can newly be answered" in [
        each.words for each in part.reasons if each.level == "minor"
    ]
    assert part.level == "minor"
    (back,) = change_between({"": new}, {"": mould}).parts
    assert back.level == "major"


def test_an_approval_falls_with_what_it_covers_and_with_nothing_else(mould: Rulebook, tmp_path: Path) -> None:
    rules = [each for each in mould.rules.values() if each.written is not None]
    approved, other = rules[0], rules[-1]
    shutil.copytree(MOULD, tmp_path, dirs_exist_ok=True)
    review_rule(tmp_path, load_rulebook(tmp_path), approved.id, REVIEW)
    old = load_rulebook(tmp_path)
    assert approvals_taken_back(old, old) == ()
    say_otherwise(tmp_path, other)
    assert approvals_taken_back(old, load_rulebook(tmp_path)) == ()
    (taken,) = approvals_taken_back(old, mould)
    assert (taken.rule, taken.owner, taken.why) == (approved.id, "Dr A", "its review was taken out")
    say_otherwise(tmp_path, approved)
    (taken,) = approvals_taken_back(old, load_rulebook(tmp_path))
    assert taken.rule == approved.id
    assert "has changed" in taken.why


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("knowledge/questions.yaml", "humidity", "ask"),
        ("knowledge/findings.yaml", "air-too-humid", "text"),
        ("knowledge/sources.yaml", "epa-mold-guide", "title"),
    ],
)
def test_an_approval_falls_with_a_question_a_text_and_a_source(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    shutil.copytree(MOULD, tmp_path, dirs_exist_ok=True)
    for rule in ("humid-air", "leak-named"):
        review_rule(tmp_path, load_rulebook(tmp_path), rule, REVIEW)
    before = load_rulebook(tmp_path)
    path = tmp_path / file
    text, count = re.subn(
        rf"(- id: {old}\n(?: .*\n)*? +{new}: )", r"\1Well, ", path.read_text(encoding="utf-8"), count=1
    )
    assert count == 1
    path.write_text(text, encoding="utf-8")
    taken = {each.rule for each in approvals_taken_back(before, load_rulebook(tmp_path))}
    assert taken == ({"humid-air", "leak-named"} if file.endswith("sources.yaml") else {"humid-air"})


@pytest.mark.parametrize(
    ("was", "level", "least"),
    [
        ("1.4.2", "none", "1.4.2"),
        ("1.4.2", "patch", "1.4.3"),
        ("1.4.2", "minor", "1.5.0"),
        ("1.4.2", "major", "2.0.0"),
        ("0.4.2", "patch", "0.4.3"),
        ("0.4.2", "minor", "0.4.3"),
        ("0.4.2", "major", "0.5.0"),
    ],
)
def test_a_version_follows(was: str, level: Level, least: str) -> None:
    assert next_version(was, level) == least
    assert follows(was, least, level)
    assert follows(was, "9.0.0", level)
    assert level == "none" or not follows(was, was, level)


def test_what_is_no_version_is_told() -> None:
    with pytest.raises(NoVersion, match="write three numbers"):
        next_version("two", "patch")


@pytest.mark.parametrize("version", ["two", "1.4", "v1.4.0", "1.4.0-rc1", "1.4.0.1"])
def test_a_rulebook_whose_version_nothing_can_follow_is_refused_with_the_place(
    tmp_path: Path, version: str
) -> None:
    changed(tmp_path, ("knowledge/rulebook.yaml", "version: 0.1.0", f'version: "{version}"'))
    with pytest.raises(NoVersion) as refused:
        refuse_uncountable(tmp_path)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == (f"{tmp_path}/knowledge/rulebook.yaml", 5)
    assert f"'{version}' is no version" in problem.message
    refuse_uncountable(MOULD)


def test_levels_in_another_order_are_told_and_asked_about(mould: Rulebook, tmp_path: Path) -> None:
    text = (MOULD / "knowledge" / "triage.yaml").read_text(encoding="utf-8")
    first, second = re.findall(r"- id: (?:professional|health)_first\n(?: .*\n)+", text)
    new = changed(tmp_path, ("knowledge/triage.yaml", f"{first}\n{second}", f"{second}\n{first}"))
    (edit,) = edits_between(mould, new)
    names = ["professional_first", "health_first"]
    assert (edit.kind, edit.path, edit.sort) == ("triage level", "order", "meaning")
    assert (edit.was, edit.now) == (names, names[::-1])
    (part,) = change_between({"": mould}, {"": new}).parts
    assert part.level == "major"
    assert ("professional_first", "health_first") in {
        (each.was, each.now) for each in part.flips if each.kind == "triage"
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("knowledge/plans.yaml", "unit: hours", "unit: days", "how it is shown"),
        ("knowledge/questions.yaml", "    safety: true\n", "", "no longer asked as a warning sign"),
        (
            "rules/who.yaml",
            "then: triage.health_first",
            "then: triage.health_first\n  at_once: true",
            "at once",
        ),
    ],
)
def test_what_the_solver_does_not_compare_is_major(
    mould: Rulebook, tmp_path: Path, file: str, old: str, new: str, why: str
) -> None:
    (part,) = change_between({"": mould}, {"": changed(tmp_path, (file, old, new))}).parts
    assert part.level == "major"
    assert not part.flips
    assert why in " ".join(each.words for each in part.reasons if each.level == "major")


def test_an_approval_falls_where_its_day_is_earlier_now(tmp_path: Path) -> None:
    rule = next(each for each in load_rulebook(MOULD).rules.values() if each.written is not None)
    books = []
    for name, until in (("old", "2027-11-26"), ("new", "2026-12-01")):
        shutil.copytree(MOULD, tmp_path / name)
        review_rule(tmp_path / name, load_rulebook(tmp_path / name), rule.id, {**REVIEW, "review_by": until})
        books.append(load_rulebook(tmp_path / name, day=date(2027, 1, 1)))
    (taken,) = approvals_taken_back(*books)
    assert (taken.rule, taken.why) == (rule.id, "its review is past its day")
