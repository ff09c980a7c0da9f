"""Mutants: what they are, that they are evaluated rightly, and that one which no case notices is named."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

import afterrun
from afterrun.inference import facts_of, infer
from afterrun.intake import read_answers
from afterrun.schedule import worked_weeks
from afterrun.verify.cases import (
    CaseFailsError,
    Places,
    Waits,
    WrittenCase,
    outcome_of,
    owners_in,
    read_cases,
    shown,
    truths_in,
)
from afterrun.verify.mutation import mutate
from afterrun.verify.mutation.bench import Bench, draw
from afterrun.verify.mutation.diffs import diff_of
from afterrun.verify.mutation.mutants import Mutant, mutants_of
from afterrun.verify.mutation.seen import difference, seen
from afterrun.verify.mutation.witnesses import ManyIntakes, ask_solver, find_solver, reorder
from tests.support.cli_runs import run, run_process
from tests.support.paths import DATA, ROOT
from tests.support.rulebooks.shipped import shipped

FILES = [DATA / "cases.jsonl", DATA / "more_cases.jsonl"]


@pytest.fixture(scope="module")
def cases() -> list[WrittenCase]:
    return read_cases((path.name, path.read_text(encoding="utf-8")) for path in FILES)


@pytest.fixture(scope="module")
def bench(rulebook: afterrun.Rulebook, cases: list[WrittenCase]) -> Bench:
    return Bench(rulebook, cases, worked_weeks)


@pytest.fixture(scope="module")
def search(bench: Bench) -> ManyIntakes:
    return ManyIntakes(bench, count=600)


@pytest.fixture(scope="module")
def some(bench: Bench) -> list[Mutant]:
    return draw(bench.mutants, 60, seed=1)


def test_every_kind_of_change_is_made(rulebook: afterrun.Rulebook) -> None:
    kinds = {mutant.kind for mutant in mutants_of(rulebook)}
    of_conditions = {"threshold", "comparison", "connective", "option", "condition"}
    of_values = {"formula", "value", "status", "source", "reading", "wins", "schedule"}
    assert kinds == {*of_conditions, *of_values, "conclusion", "rule", "entry"}


def test_no_mutant_is_the_rule_itself_and_none_is_made_twice(rulebook: afterrun.Rulebook) -> None:
    made = [(str(each.owner), repr(each.now)) for each in mutants_of(rulebook)]
    assert len(set(made)) == len(made)
    for owner in owners_in(rulebook):
        assert (str(owner), repr(owner.written(rulebook))) not in made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("clinician-under-18", "under 18 -> 19"),
        ("clinician-under-18", "under -> at_most"),
        ("ramp-ten-after-one-to-three-months-off", "at_most dropped"),
        ("tendon-possible-by-site", "all -> any"),
        ("tendon-likely", "any -> all"),
        ("tendon-likely", "pattern.patellar_tendon.likely -> pattern.patellar_tendon.possible"),
        ("pain-in-muscle-alone", "not dropped"),
        ("soreness-likely", "under_a_day dropped"),
        ("soreness-likely", "under_a_day -> four_to_seven_days"),
        ("load-the-tendon", "intervention.tendon_loading.recommended dropped"),
        ("self-care", "the rule dropped"),
        ("question strength_check", "at_least 6 -> 7"),
        ("question weeks_since_onset", "unknown_reads 13 -> 12"),
        ("question volume_sustainable", "skipped_reads nothing -> 0"),
        ("plan 28", "sustainable_above_zero -> recent_volume"),
        ("plan 33", "30 -> 31"),
        ("plan 33", "gradual_ramp postponed dropped"),
        ("plan 33", "the entry dropped"),
        ("plan 1", "back_squat and front_squat swapped"),
        ("measure weekly_rise_percent", "percent_change turned"),
        ("measure claim_above_recent", "recent_volume -> volume_last_week"),
        ("parameter ramp_pct", "wins smallest -> largest"),
        ("parameter buffer_pct", "20 -> 21"),
        ("schedule length", "26 -> 27"),
        ("schedule sessions 4", "48 -> 49"),
        ("schedule courses 5", "weekly_cap_pct -> ramp_pct"),
    ],
)
def test_a_mutant_says_what_it_changes(rulebook: afterrun.Rulebook, owner: str, said: str) -> None:
    (mutant,) = [each for each in mutants_of(rulebook) if (str(each.owner), each.said) == (owner, said)]
    lines = diff_of(rulebook, mutant)
    assert any(line.startswith("-") for line in lines)


def test_counts_change_by_one(rulebook: afterrun.Rulebook) -> None:
    of_signs = [each for each in mutants_of(rulebook) if str(each.owner) == "kneecap-joint-likely"]
    assert {each.said for each in of_signs if each.said.startswith("count")} == {
        "count 2 -> 1",
        "count 2 -> 3",
    }


@pytest.mark.slow
def test_lanes_settle_what_the_reference_settles(search: ManyIntakes) -> None:
    for lane, given in enumerate(search.given):
        truths = infer(search.bench.rulebook, given.facts).truths
        assert truths_in(search.settled.propositions, lane) == truths


@pytest.mark.slow
def test_a_change_settles_what_the_changed_rulebook_settles(search: ManyIntakes, some: list[Mutant]) -> None:
    lanes = random.Random(2).sample(range(len(search.given)), 40)
    for mutant in some:
        relinked = search.bench.relinker.apply(mutant)
        try:
            changed, _ = search.settled.changed(relinked.rulebook, relinked.rules)
        except Waits:
            continue
        whole = {**search.settled.propositions, **changed}
        ordered = reorder(relinked.rulebook)
        for lane in lanes:
            assert truths_in(whole, lane) == infer(ordered, search.given[lane].facts).truths, mutant.said


@pytest.mark.slow
def test_an_outcome_is_what_assess_says(rulebook: afterrun.Rulebook, bench: Bench) -> None:
    for lane, case in enumerate(bench.cases):
        outcome = bench.whole.outcome(lane)
        result = afterrun.assess(rulebook, case.answers, engine="compiled").to_dict()
        for entry in result["ledger"]:
            entry.pop("by"), entry.pop("into", None)
            entry.setdefault("from_week", None)
        said = {key: result[key] for key in outcome if key != "weeks"}
        assert {key: outcome[key] for key in said} == said, case.id


@pytest.mark.slow
def test_lanes_see_a_difference_where_outcomes_differ(search: ManyIntakes, some: list[Mutant]) -> None:
    field = search.settled.facts
    before = seen(search.bench.rulebook, field, search.settled.propositions.__getitem__)
    for mutant in some[:25]:
        relinked = search.bench.relinker.apply(mutant)
        try:
            changed, _ = search.settled.changed(relinked.rulebook, relinked.rules)
        except Waits:
            continue
        whole = {**search.settled.propositions, **changed}
        lanes = difference(before, seen(relinked.rulebook, field, whole.__getitem__))
        for lane in range(0, len(search.given), 7):
            given = search.given[lane]
            one, other = (
                shown(outcome_of(rulebook, given, truths_in(truths, lane)))
                for rulebook, truths in (
                    (search.bench.rulebook, search.settled.propositions),
                    (relinked.rulebook, whole),
                )
            )
            # A number may stand for several choices, so a lane may see more than there is to see.
            assert one == other or lanes >> lane & 1, mutant.said


@pytest.mark.slow
@pytest.mark.process
def test_jobs_change_nothing() -> None:
    # In processes of their own: this one has threads, and a process with threads should not fork.
    words = ("rules", "mutate", str(FILES[0]), "--sample", "24", "--format", "json")
    one, two = (json.loads(run_process(*words, "--jobs", jobs).out) for jobs in "12")
    assert one["counts"]["tried"] == 24
    assert {each["fate"] for each in one["survivors"]} >= {"survives", "equivalent"}
    assert (one["counts"], one["survivors"]) == (two["counts"], two["survivors"])


@pytest.mark.slow
def test_dropping_a_rule_does_not_count_on_its_own_examples(bench: Bench) -> None:
    (mutant,) = [each for each in bench.mutants if (str(each.owner), each.kind) == ("self-care", "rule")]
    assert bench.try_one(mutant, every_killer=True).by_examples == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("plan 31", "raised dropped"),
        ("plan 28", "raised -> reduced"),
        ("plan 23", "reduced doubled"),
        ("plan 33", "30 -> 31"),
        ("plan 13", "reduce_depth and reduce_weight swapped"),
        ("measure weekly_rise_percent", "percent_change turned"),
        ("parameter ramp_pct", "wins smallest -> largest"),
        ("parameter ramp_pct", "10 -> 9"),
        ("question weeks_since_onset", "unknown_reads 13 -> 12"),
        ("schedule courses 5", "weekly_cap_pct -> ramp_pct"),
        ("schedule courses 5", "4 -> 5"),
        ("schedule sessions 4", "48 -> 49"),
        ("schedule length", "26 -> 27"),
    ],
)
def test_a_change_of_what_rules_lead_to_is_noticed(bench: Bench, owner: str, said: str) -> None:
    """A ramp raised once only, a value, a number's winner, a reading, a week of the schedule."""
    these = [each for each in bench.mutants if (str(each.owner), each.said) == (owner, said)]
    assert these
    for mutant in these:
        tried = bench.try_one(mutant)
        assert tried.by_cases or tried.stillborn


@pytest.mark.slow
def test_without_the_cases_that_tell_week_six_a_ramp_raised_once_passes(
    rulebook: afterrun.Rulebook, cases: list[WrittenCase]
) -> None:
    bench = Bench(rulebook, [case for case in cases if "week6_volume" not in str(case.expect)], worked_weeks)
    (mutant, *_) = [
        each for each in bench.mutants if (str(each.owner), each.said) == ("plan 31", "raised dropped")
    ]
    assert bench.try_one(mutant).survives
    witness = ManyIntakes(bench, count=1500).witness(mutant)
    assert witness is not None
    assert witness.before["plan"]["week6_volume"] != witness.after["plan"]["week6_volume"]


@pytest.mark.slow
def test_without_a_case_its_change_survives_and_is_named(
    rulebook: afterrun.Rulebook, cases: list[WrittenCase]
) -> None:
    kept = [case for case in cases if case.title != "Age 54, injury within week"]
    assert len(kept) == len(cases) - 1
    bench = Bench(rulebook, kept)
    (mutant,) = [
        each
        for each in bench.mutants
        if (str(each.owner), each.said) == ("urgent-fresh-injury-at-55-or-over", "at_least 55 -> 54")
    ]
    assert bench.try_one(mutant).survives
    witness = ManyIntakes(bench, count=3000).witness(mutant)
    assert witness is not None
    assert witness.intake["age_years"] == 54
    assert witness.before["triage"] != "urgent"
    assert witness.after["triage"] == "urgent"


@pytest.mark.slow
def test_the_command_names_what_survives(tmp_path: Path, cases: list[WrittenCase]) -> None:
    file = written(tmp_path, [case for case in cases if case.id.startswith("V")][:5])
    ran = run("rules", "mutate", str(file), "--sample", "40", "--time-box", "60", "--format", "json")
    assert ran.code == 1
    report = json.loads(ran.out)
    survivors = [each for each in report["survivors"] if each["fate"] == "survives"]
    assert survivors
    assert report["counts"]["surviving"] == len(survivors)
    for each in survivors:
        assert each["place"].startswith(("rules/", "knowledge/"))
        assert each["differs"]
        assert any(line.startswith(("-", "+")) for line in each["diff"])
        read_answers(shipped(), each["intake"])


@pytest.mark.slow
def test_text_shows_the_rule_the_change_and_an_intake(tmp_path: Path, cases: list[WrittenCase]) -> None:
    file = written(tmp_path, [case for case in cases if case.id.startswith("V")][:5])
    ran = run("rules", "mutate", str(file), "--sample", "10")
    assert ran.code == 1
    assert "this intake would: {" in ran.out
    assert "mutants tried on 5 cases" in ran.out


@pytest.mark.slow
def test_a_rulebook_that_breaks_a_case_is_told_so(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder / "rules/triage.yaml", "weeks_since_onset: {over: 12}", "weeks_since_onset: {over: 2}")
    ran = run("rules", "mutate", str(FILES[0]), "--rulebook", str(folder))
    assert ran.code == 1
    assert f"{FILES[0]}:1: V001: triage is 'self_care_with_review', not 'self_care'" in ran.err
    with pytest.raises(CaseFailsError):
        Bench(afterrun.load_rulebook(folder), read_cases([("cases", FILES[0].read_text(encoding="utf-8"))]))


@pytest.mark.slow
def test_in_a_time_box_some_of_each_kind_come_early(bench: Bench) -> None:
    written, mixed = draw(bench.mutants, None, 0), draw(bench.mutants, None, 0, mixed=True)
    assert written == bench.mutants
    assert sorted(map(id, mixed)) == sorted(map(id, written))
    fifth = len(written) // 5
    late = {"formula", "value", "schedule"}
    assert not late & {each.kind for each in written[:fifth]}
    assert late <= {each.kind for each in mixed[:fifth]}


@pytest.mark.slow
def test_a_time_box_leaves_the_rest_undecided(rulebook: afterrun.Rulebook, cases: list[WrittenCase]) -> None:
    report = mutate(rulebook, cases, Places(), sample=50, time_box=0)
    assert report.counts["tried"] == 0
    assert report.counts["mutants"] > 2000


@pytest.mark.slow
@pytest.mark.skipif(find_solver() is None, reason="needs the extra 'prove'")
def test_the_solver_tells_what_is_equivalent(bench: Bench) -> None:
    solver = find_solver()
    assert solver is not None
    by_name = {(str(each.owner), each.said): each for each in bench.mutants}
    # A rule for the same level says the same of this sign.
    same = by_name["clinician-many-joints", "not_sure added"]
    assert ask_solver(bench, same, solver) is None
    other = by_name["clinician-under-18", "under 18 -> 19"]
    witness = ask_solver(bench, other, solver)
    assert witness is not None
    facts = facts_of(bench.rulebook, read_answers(bench.rulebook, witness.intake))
    assert (
        facts["age_years"]
        == facts_of(bench.rulebook, read_answers(bench.rulebook, {"age_years": 18}))["age_years"]
    )


def written(folder: Path, cases: Sequence[WrittenCase]) -> Path:
    """A file of cases."""
    file = folder / "cases.jsonl"
    lines = [
        {key: getattr(case, key) for key in ("id", "title", "answers", "expect", "why")} for case in cases
    ]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return file


def copied(folder: Path) -> Path:
    """A copy of the shipped rulebook, to be broken."""
    for name in ("rules", "knowledge"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def edit(file: Path, old: str, new: str) -> None:
    """Change one place in a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
