"""The rules of the check-in part tried on whole check-ins, by the same code as those of the main part."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.verify.cases import (
    CaseError,
    CaseFailsError,
    WrittenCase,
    as_check_in,
    check_cases,
    differences,
    read_cases,
)
from afterrun.verify.cases.cases import CHECK_INS
from afterrun.verify.mutation.bench import Bench
from afterrun.verify.mutation.mutants import Mutant
from afterrun.verify.mutation.witnesses import ManyIntakes, ask_solver, find_solver, reorder
from tests.support.cli_runs import run
from tests.support.paths import DATA, ROOT

FILES = [DATA / "check_in_cases.jsonl", DATA / "more_check_in_cases.jsonl"]
WEEK: dict[str, Any] = {
    "id": "A1",
    "title": "A quiet week",
    "enrolled": {"programme": "tendon_loading", "week": 5},
    "checkin": {
        "new_warning_signs": ["none"],
        "weeks_missed": 0,
        "session_pain": 3,
        "next_morning": "same",
        "volume_done": 0,
    },
    "expect": {"actions": []},
}


@pytest.fixture(scope="module")
def cases() -> list[WrittenCase]:
    return read_cases(((path.name, path.read_text(encoding="utf-8")) for path in FILES), CHECK_INS)


@pytest.fixture(scope="module")
def bench(checkin_part: afterrun.Rulebook, cases: list[WrittenCase]) -> Bench:
    return Bench(checkin_part, cases)


def read(*cases: Mapping[str, Any]) -> list[WrittenCase]:
    return read_cases([("weeks", "\n".join(json.dumps(case) for case in cases))], CHECK_INS)


def one(mutants: Sequence[Mutant], owner: str, said: str) -> Mutant:
    (mutant,) = [each for each in mutants if (str(each.owner), each.said) == (owner, said)]
    return mutant


# --- cases ---------------------------------------------------------------------------------------


def test_a_case_takes_over_both_halves_of_another() -> None:
    like = {**WEEK, "id": "A2", "like": "A1", "enrolled": {"week": 6}, "checkin": {"session_pain": None}}
    _, second = read(WEEK, like)
    week = {key: answer for key, answer in WEEK["checkin"].items() if key != "session_pain"}
    assert second.answers == {"enrolled": {"programme": "tendon_loading", "week": 6}, "checkin": week}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"answers": {}}, "the key 'answers' is not known here"),
        ({"checkin": None}, "a case needs checkin"),
        ({"expect": {"interventions": []}}, "expect.interventions: cannot be expected"),
        ({"checkin": {"weeks_mised": 1}}, "A1: checkin.weeks_mised: no question has this name"),
        ({"enrolled": {"weeks_missed": 1}}, "A1: enrolled.weeks_missed: belongs under 'checkin'"),
        ({"expect": {"actions": ["hol"]}}, "expect.actions: 'hol' is not known. Did you mean 'hold'?"),
        ({"expect": {"not_plan": ["next_weak"]}}, "Did you mean 'next_week'?"),
        # How soon to be seen is for the triage of the main part.
        ({"expect": {"triage": "stopped"}}, "expect.triage: 'stopped' is not known"),
    ],
)
def test_what_is_wrong_is_told(checkin_part: afterrun.Rulebook, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(CaseError) as caught:
        check_cases(checkin_part, read({**WEEK, **changed}))
    assert told in str(caught.value)


SAID: dict[str, Any] = {"actions": ["hold"], "plan": {"next_week": 5}}


@pytest.mark.parametrize(
    ("said", "expect", "told"),
    [
        ({}, {"actions": ["hold"], "plan": {"next_week": 5}, "not_plan": ["next_volume"]}, []),
        ({}, {"actions": ["keep"]}, ["keep is not among the actions"]),
        ({}, {"not_actions": ["hold"]}, ["hold is among the actions"]),
        ({}, {"not_plan": ["next_week"]}, ["the plan has next_week"]),
        ({"triage": "urgent"}, {"triage": "urgent"}, []),
        ({"triage": "urgent"}, {"triage": "emergency"}, ["triage is 'urgent', not 'emergency'"]),
        # What a case does not name must be as before.
        ({"triage": "urgent"}, {}, ["triage is 'urgent', not None"]),
        ({"patterns": {"x": "likely"}}, {}, ["patterns is {'x': 'likely'}, not {}"]),
        ({}, {"patterns": {"x": "likely"}}, ["patterns is {}, not {'x': 'likely'}"]),
    ],
)
def test_every_difference_is_told(said: dict[str, Any], expect: dict[str, Any], told: list[str]) -> None:
    (case,) = read({**WEEK, "expect": expect})
    assert list(differences({**SAID, **said}, case.expect)) == told


# --- what they exercise ---------------------------------------------------------------------------


@pytest.mark.slow
def test_the_shipped_check_ins_exercise_every_condition_both_ways() -> None:
    ran = run("rules", "cover", "--part", "checkin", *FILES, "--fail-under", "100")
    assert ran.code == 0
    assert "(100.0 %)" in ran.out


def test_an_intake_case_is_no_check_in() -> None:
    ran = run("rules", "cover", "--part", "checkin", "tests/data/cases.jsonl")
    assert ran.code == 2
    assert "tests/data/cases.jsonl:1: a case needs enrolled, checkin" in ran.err


def test_too_few_check_ins_are_told_with_the_places_in_their_part(tmp_path: Path) -> None:
    file = tmp_path / "weeks.jsonl"
    file.write_text(json.dumps(WEEK), encoding="utf-8")
    ran = run("rules", "cover", "--part", "checkin", file, "--format", "json", "--fail-under", "50")
    assert ran.code == 1
    assert "is below the 50 % asked for" in ran.err
    places = {rule["rule"]: rule["place"] for rule in json.loads(ran.out)["rules"]}
    file_name, line = places["session-pain-allowed"].split(":")
    assert file_name == "rules/checkin/week.yaml"
    written = (ROOT / file_name).read_text(encoding="utf-8").splitlines()
    assert written[int(line) - 1] == "- id: session-pain-allowed"


# --- what they would notice ----------------------------------------------------------------------


@pytest.mark.slow
def test_no_case_fails(bench: Bench) -> None:
    """A bench is made of cases that all hold; one by one they are held in `tests.assessment`."""
    assert len(bench.cases) > 800


@pytest.mark.slow
def test_an_outcome_is_what_check_in_says(checkin_part: afterrun.Rulebook, bench: Bench) -> None:
    for lane, case in enumerate(bench.cases):
        outcome = as_check_in(bench.whole.outcome(lane), case.expect["triage"])
        said = afterrun.check_in(checkin_part, case.answers, engine="compiled")
        assert (outcome["status"], outcome["triage"]) == (said.status, said.triage), case.id
        assert (tuple(outcome["actions"]), outcome["plan"]) == (said.actions, said.to_dict()["plan"]), case.id
        assert outcome["patterns"] == said.patterns, case.id


@pytest.mark.slow
def test_a_case_that_expects_another_triage_fails(checkin_part: afterrun.Rulebook) -> None:
    sign = {**WEEK, "like": None, "checkin": {"new_warning_signs": ["calf_swollen"]}}
    Bench(checkin_part, read({**sign, "expect": {"actions": ["stop_and_get_assessed"], "triage": "urgent"}}))
    with pytest.raises(CaseFailsError, match="triage is 'urgent', not 'emergency'"):
        Bench(checkin_part, read({**sign, "expect": {"triage": "emergency"}}))


@pytest.mark.slow
def test_without_a_case_its_change_survives_and_a_record_shows_it(
    checkin_part: afterrun.Rulebook, bench: Bench
) -> None:
    mutant = one(bench.mutants, "ramp-week-tolerated", "at_most 2 -> 1")
    noticing = bench.try_one(mutant, every_killer=True).by_cases
    assert "C066" in noticing
    bench = Bench(checkin_part, [case for case in bench.cases if case.id not in noticing])
    assert bench.try_one(mutant).by_cases == ()
    witness = ManyIntakes(bench, count=1500).witness(mutant)
    assert witness is not None
    assert afterrun.check_in(checkin_part, witness.intake).answers["run_pain"] == 2
    changed = reorder(bench.relinker.apply(mutant).rulebook)
    said = [
        afterrun.check_in(each, witness.intake, engine="reference").actions
        for each in (checkin_part, changed)
    ]
    assert said[0] != said[1]


@pytest.mark.slow
@pytest.mark.skipif(find_solver() is None, reason="needs the extra 'prove'")
def test_only_what_a_record_can_say_tells_rulebooks_apart(bench: Bench) -> None:
    """Without a word on it, a record reads a break as of unknown length: there is no such blank."""
    solver = find_solver()
    assert solver is not None
    mutant = one(bench.mutants, "new-ramp-five-per-cent-after-tendon-loading", "over 0 -> 1")
    witness = ask_solver(bench, mutant, solver)
    assert witness is not None
    assert witness.intake["enrolled"]["weeks_off"] == 1
    done = witness.intake["checkin"].get("volume_done", 0)
    assert done == 0 or done >= 0.1


@pytest.mark.slow
def test_the_command_names_what_survives_in_its_part(tmp_path: Path, checkin_part: afterrun.Rulebook) -> None:
    file = tmp_path / "weeks.jsonl"
    file.write_text(json.dumps(WEEK), encoding="utf-8")
    ran = run("rules", "mutate", "--part", "checkin", file, "--sample", "20", "--format", "json")
    assert ran.code == 1
    survivors = [each for each in json.loads(ran.out)["survivors"] if each["fate"] == "survives"]
    assert survivors
    for each in survivors:
        assert each["place"].startswith(("rules/checkin/", "knowledge/checkin/"))
        assert each["differs"]
        afterrun.check_in(checkin_part, each["intake"])


@pytest.mark.slow
def test_a_check_in_that_a_changed_rule_breaks_is_told(tmp_path: Path) -> None:
    for name in ("rules", "knowledge"):
        shutil.copytree(ROOT / name, tmp_path / name)
    rules = tmp_path / "rules/checkin/week.yaml"
    text = rules.read_text(encoding="utf-8")
    was = "      - run_pain: {over: 5}\n  then: ramp-week-too-much"
    assert text.count(was) == 1
    rules.write_text(text.replace(was, was.replace("over: 5", "over: 6")), encoding="utf-8")
    ran = run("rules", "mutate", "--part", "checkin", *FILES, "--rulebook", tmp_path)
    assert ran.code == 1
    assert "C069: step_back is not among the actions" in ran.err
