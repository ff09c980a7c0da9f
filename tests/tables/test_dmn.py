"""The exported decision tables, read by others, decide as the engine does wherever answers are complete."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import afterrun
from afterrun.assessment.case import Case
from afterrun.intake import Answers, as_intake
from afterrun.rulebook import Rulebook, allowed
from afterrun.tables import as_dmn
from afterrun.verify.cases import form_of, read_cases, read_flat, read_intake
from tests.support.cli_runs import run
from tests.support.paths import DATA
from tests.support.random_input.intakes import random_intake
from tests.support.random_input.rulebooks import random_rulebooks, small_rulebook, write_files
from tests.support.readers.dmn import decided

DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
CASES = {
    None: ("cases.jsonl", "more_cases.jsonl"),
    "checkin": ("check_in_cases.jsonl", "more_check_in_cases.jsonl"),
}


def complete(rulebook: Rulebook, answers: Answers) -> Case | None:
    """The case of an intake that leaves nothing open."""
    case = Case.of(rulebook, answers, "compiled")
    return case if all(name in case.inference.truths for name in rulebook.propositions) else None


def complete_cases(rulebook: Rulebook, files: Iterable[str]) -> Iterator[Case]:
    """Each case that is complete, or is when what it leaves blank is answered by chance."""
    texts = [(file, (DATA / file).read_text(encoding="utf-8")) for file in files]
    chance = random.Random(1)
    for written in read_cases(texts, form_of(rulebook)):
        case = complete(rulebook, read_intake(rulebook, written.answers).answers)
        if case is None and rulebook.enrolment is None:
            given = {key: value for key, value in written.answers.items() if value not in (None, "", [])}
            filled = {**random_intake(rulebook, chance), **given}
            case = complete(rulebook, read_flat(rulebook, filled).answers)
        if case is not None:
            yield case


def by_the_engine(case: Case) -> dict[str, Any]:
    """What the engine decides, by the names of the decisions."""
    rulebook, truths = case.rulebook, case.inference.truths
    told: dict[str, Any] = {_named(name): truths[name] for name in rulebook.propositions}
    told["level_triage"] = case.level.id
    for name in rulebook.patterns:
        told[f"shown_{name}"] = case.patterns.get(name)
    given = {entry.id: entry.status for entry in case.entries if allowed(case.level, entry.id)}
    told |= {f"given_{name}": given.get(name) for name in rulebook.interventions}
    for name, choice in case.ledger.choices.items():
        told[f"chosen_{name}"] = float(choice.value) if isinstance(choice, tuple) else None
    return told


def by_the_tables(rulebook: Rulebook, cases: list[Case], file: Path) -> Iterator[dict[str, Any]]:
    """The same by the exported tables; what no rule can ever give has no table."""
    file.write_text(as_dmn(rulebook), encoding="utf-8")
    intakes = [as_intake(rulebook, case.answers) for case in cases]
    contexts = [{name: intake.get(name) for name in rulebook.questions} for intake in intakes]
    for found in decided(file, contexts):
        yield {name.rstrip("_"): value for name, value in found.items()}


def _named(proposition: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", proposition if "." in proposition else f"finding.{proposition}")


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(("part", "least"), [(None, 250), ("checkin", 100)])
def test_the_tables_decide_every_complete_case_as_the_engine_does(
    part: str | None, least: int, rulebook: Rulebook, checkin_part: Rulebook, tmp_path: Path
) -> None:
    of = checkin_part if part else rulebook
    cases = list(complete_cases(of, CASES[part]))
    assert len(cases) >= least
    for case, found in zip(cases, by_the_tables(of, cases, tmp_path / "rules.dmn"), strict=True):
        wanted = by_the_engine(case)
        assert {name: found.get(name) for name in wanted} == wanted, as_intake(of, case.answers)


@pytest.mark.slow
@pytest.mark.process
def test_the_tables_of_any_rulebook_decide_as_the_engine_does(tmp_path: Path) -> None:
    for chance, small in random_rulebooks(tmp_path, range(4)):
        intakes = (read_flat(small, random_intake(small, chance)).answers for _ in range(60))
        cases = [case for answers in intakes if (case := complete(small, answers))]
        assert len(cases) > 10
        for case, found in zip(cases, by_the_tables(small, cases, tmp_path / "rules.dmn"), strict=True):
            wanted = by_the_engine(case)
            assert {name: found.get(name) for name in wanted} == wanted, as_intake(small, case.answers)


@pytest.mark.process
def test_names_that_feel_would_misread_and_texts_that_xml_would_are_written_safely(tmp_path: Path) -> None:
    questions: list[dict[str, Any]] = [
        {"id": "if", "type": "single", "options": [{"id": "then", "text": 'a "<b>" & \x1b'}]},
        {"id": "finding_odd", "type": "integer", "at_least": 0, "at_most": 9, "unknown_reads": 7},
    ]
    rules: list[dict[str, Any]] = [
        {"id": "odd-rule", "if": {"finding_odd": {"at_least": 5}}, "then": "odd"},
        {"id": "urgent-rule", "if": {"all": ["odd", {"if": {"is": "then"}}]}, "then": "triage.urgent"},
    ]
    for rule in rules:
        rule["because"] = 'It is "so" & <not> otherwise, \x00.'
    files = small_rulebook(rules, questions, ["odd"])
    small = afterrun.load_rulebook(write_files(tmp_path, files))
    (tmp_path / "rules.dmn").write_text(as_dmn(small), encoding="utf-8")
    contexts = [{"if_": "then", "finding_odd": amount} for amount in (4, 5, "unknown", 9)]
    found = decided(tmp_path / "rules.dmn", contexts)
    assert [each["finding_odd_"] for each in found] == [False, True, True, True]
    assert [each["triage_urgent"] for each in found] == [False, True, True, True]


@pytest.mark.slow
def test_a_table_names_the_rules_their_reasons_and_their_sources(rulebook: Rulebook) -> None:
    root = ElementTree.fromstring(as_dmn(rulebook))
    decision = root.find(f"{DMN}decision[@label='pattern.patellar_tendon.likely']")
    assert decision is not None
    rule = rulebook.rules["tendon-likely"]
    lines = decision.findall(f"{DMN}decisionTable/{DMN}rule")
    for line in lines:
        notes = [each.text for each in line.findall(f"{DMN}annotationEntry/{DMN}text")]
        assert notes == [rule.id, rule.because, ", ".join(rule.sources)]
    asked = [each.text for each in lines[1].findall(f"{DMN}inputEntry/{DMN}text")]
    assert asked == ["true", "true", "-", "true", ">= 2, null", ">= 3"]
    known = {each.get("id") for each in root.iter()}
    assert {each.get("href", "")[1:] for each in root.iter() if each.get("href")} <= known
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.slow
def test_the_file_says_what_it_cannot_say(rulebook: Rulebook) -> None:
    said = ElementTree.fromstring(as_dmn(rulebook)).findtext(f"{DMN}description") or ""
    assert rulebook.digest[:12] in said
    for words in ("complete answers", "open is no 'no'", "no proofs", "numbers of the plan"):
        assert words in said


@pytest.mark.slow
def test_what_is_exported_is_told(tmp_path: Path) -> None:
    file = tmp_path / "week.dmn"
    ran = run("rules", "export", "--dmn", file, "--part", "checkin")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith(f"wrote {file}\nIt holds for complete answers.")
    assert ElementTree.parse(file).find(f"{DMN}decision[@name='level_triage']") is not None
    assert run("rules", "export").code == 2
    assert run("rules", "export", "--dmn", tmp_path / "no/where.dmn").code == 3
