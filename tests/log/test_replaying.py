"""A log is run again: the same where nothing changed, and what differs where a rule did."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

import afterrun
from afterrun.batch import decisions_in_columns
from afterrun.canonical import canonical
from afterrun.intake import RawIntake
from afterrun.log import (
    Log,
    NotALog,
    NotReplayed,
    Recorder,
    Replay,
    Rulebooks,
    decision_of,
    intakes_by_digest,
    replay,
)
from tests.support.logs import ENTRY, INTAKES, WHEN, results, said_nothing, written
from tests.support.random_input.check_ins import random_record
from tests.support.random_input.intakes import CALM, as_many, random_intake
from tests.support.rulebooks.copies import copied, spoil
from tests.support.rulebooks.second import MOULD


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> afterrun.Rulebook:
    """The shipped rulebook in which a calf that swells is no urgent sign."""
    folder = copied(tmp_path_factory.mktemp("changed"))
    spoil(folder, "rules/triage-urgent.yaml", "includes: calf_swollen", "includes: numb_weak")
    return afterrun.load_rulebook(folder)


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> afterrun.Rulebook:
    """The shipped rulebook with another version, and nothing else."""
    folder = copied(tmp_path_factory.mktemp("raised"))
    spoil(folder, "knowledge/rulebook.yaml", "version: 0.2.0", "version: 0.3.0")
    return afterrun.load_rulebook(folder)


def ran(log: Path, main: afterrun.Rulebook, part: afterrun.Rulebook | None = None, **how: Any) -> Replay:
    given: Mapping[str, Mapping[str, Any]] = how.pop("intakes", {})
    return replay(log, Rulebooks(main, part, how.pop("other", False)), given, **how)


@pytest.mark.parametrize("whole", [False, True])
def test_what_was_told_is_told_again(tmp_path: Path, rulebook: afterrun.Rulebook, whole: bool) -> None:
    written(tmp_path / "log", 5, answers=True)
    again = ran(tmp_path / "log", rulebook, whole=whole)
    assert (again.entries, again.same, again.differ) == (5, 5, 0)
    assert sum(again.triage.values()) == 5
    assert all(was == now for was, now in again.triage)


def test_without_answers_it_is_said_how_many_could_not_be_run(
    tmp_path: Path, rulebook: afterrun.Rulebook
) -> None:
    written(tmp_path / "log", 4)
    assert ran(tmp_path / "log", rulebook).without_answers == 4
    raws = [RawIntake("x", 1, {**INTAKES[0]}, {}), RawIntake("x", 2, {"no_question": 1}, {})]
    refused = list[afterrun.IntakeError]()
    again = ran(tmp_path / "log", rulebook, intakes=intakes_by_digest(rulebook, raws, refused.append))
    assert [str(each) for each in refused] == ["x:2: no_question: no question has this name"]
    # The first and the fourth entry are of the same intake.
    assert (again.same, again.without_answers, again.differ) == (2, 2, 0)


def test_another_version_is_run_only_where_it_is_named(tmp_path: Path, raised: afterrun.Rulebook) -> None:
    written(tmp_path / "log", answers=True)
    with pytest.raises(NotReplayed, match=r"entry 1 was made with afterrun-knee 0\.2\.0 "):
        ran(tmp_path / "log", raised)
    again = ran(tmp_path / "log", raised, other=True)
    assert (again.same, again.differ) == (3, 0)


def test_a_rule_that_changed_is_told_by_what_it_changes(tmp_path: Path, changed: afterrun.Rulebook) -> None:
    written(tmp_path / "log", 4, answers=True)
    again = ran(tmp_path / "log", changed, other=True)
    assert (again.same, again.differ) == (2, 2)
    assert [each.sequence for each in again.told] == [1, 4]
    was, now = again.told[0].what["triage"]
    assert was == "urgent"
    assert again.triage["urgent", now] == 2
    assert now != "urgent"
    assert ran(tmp_path / "log", changed, other=True, whole=True).differ == 4


def test_an_entry_whose_digest_is_another_differs(tmp_path: Path, rulebook: afterrun.Rulebook) -> None:
    def tampered(name: str, value: Any) -> Replay:
        log = tmp_path / name
        said = {
            **ENTRY,
            "rulebook": {**rulebook.stamp},
            "answers": {**INTAKES[0]},
            "decided": {**decision_of(results()[0]), name: value},
        }
        with Log(log, said_nothing) as opened:
            opened.append(said)
        return ran(log, rulebook)

    again = tampered("triage", "self_care")
    assert again.differ == 1
    assert again.triage == {("self_care", "urgent"): 1}
    assert dict(again.told[0].what) == {"triage": ("self_care", "urgent")}
    again = tampered("plan", {"week5_volume": 8})
    assert dict(again.told[0].what) == {"plan.week5_volume": (8, None)}


def test_answers_that_are_refused_now_are_told(tmp_path: Path, rulebook: afterrun.Rulebook) -> None:
    result = results()[0]
    log = tmp_path / "log"
    with Log(log, said_nothing) as opened:
        Recorder(opened, lambda: WHEN, answers=True).result("ask", result)
        said = {
            **ENTRY,
            "rulebook": {**rulebook.stamp},
            "answers": {"warning_signs": ["gone"]},
        }
        opened.append(said)
    again = ran(log, rulebook)
    assert (again.same, again.differ) == (1, 1)
    assert "has no option 'gone'" in again.told[0].refused


@pytest.mark.slow
def test_check_ins_are_run_again_with_the_intake_behind_them(
    tmp_path: Path, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    log, count, behind = tmp_path / "log", as_many(30), 0
    with Log(log, said_nothing) as opened:
        recorder = Recorder(opened, lambda: WHEN, answers=True)
        for seed in range(count):
            record = random_record(checkin_part, Random(seed))
            intake = record["enrolled"].get("answers")
            behind += bool(intake)
            recorder.check_in(afterrun.check_in(checkin_part, record), intake)
    again = ran(log, rulebook, checkin_part)
    assert behind
    assert again.told == ()
    assert (again.same, again.differ) == (count, 0)
    without = ran(log, rulebook, None, other=True)
    assert without.differ == count


def test_a_log_of_another_rulebook_is_not_run(tmp_path: Path) -> None:
    written(tmp_path / "log", answers=True)
    with pytest.raises(NotReplayed, match="is the log of the rulebook 'afterrun-knee', and this is"):
        ran(tmp_path / "log", afterrun.load_rulebook(MOULD), other=True)


@pytest.mark.parametrize("member", ["intake", "decision", "result"])
def test_an_entry_that_no_writer_of_ours_wrote_is_not_run(
    tmp_path: Path, rulebook: afterrun.Rulebook, member: str
) -> None:
    said = {
        **ENTRY,
        "rulebook": {**rulebook.stamp},
    }
    del said[member]
    with Log(tmp_path / "log", said_nothing) as opened:
        opened.append(said)
    with pytest.raises(NotReplayed, match=f"line 1: is no entry: '{member}' is missing"):
        ran(tmp_path / "log", rulebook)


def test_a_log_that_does_not_verify_is_not_run(tmp_path: Path, rulebook: afterrun.Rulebook) -> None:
    log = tmp_path / "log"
    whole = written(log, 4, answers=True)
    log.write_bytes(whole.replace(b"swollen", b"swelled", 1))
    with pytest.raises(NotReplayed, match="line 1: was changed"):
        ran(log, rulebook)
    log.write_bytes(whole[:-50])
    with pytest.raises(NotReplayed, match="its last entry is torn"):
        ran(log, rulebook)
    log.write_bytes(b"")
    with pytest.raises(NotALog, match="is empty"):
        ran(log, rulebook)


@pytest.mark.slow
def test_columns_decide_what_one_assessment_decides(rulebook: afterrun.Rulebook) -> None:
    intakes = [random_intake(rulebook, Random(seed), CALM) for seed in range(as_many(80))]
    assessed = [afterrun.assess(rulebook, each) for each in intakes]
    texts = decisions_in_columns(rulebook, [canonical(each.answers) for each in assessed])
    given = [text for text, each in zip(texts, assessed, strict=True) if each.answers]
    assert given == [canonical(decision_of(each)).decode() for each in assessed if each.answers]
    assert decisions_in_columns(rulebook, [b"{}"]) == [None]
