"""Another rulebook, on another subject, through every command: nothing of the first one comes along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import afterrun
from afterrun.verify import check_rulebook
from afterrun.verify.cases import read_cases
from afterrun.verify.prove import prove
from tests.support.cli_runs import Ran, run
from tests.support.rulebooks.second import CASES, INTAKE, MOULD, strange_words

MONDAY = ("--start", "2027-03-01")
TOLD = [
    ("assess", INTAKE),
    ("assess", INTAKE, "--full"),
    ("assess", INTAKE, "--format", "json"),
    ("explain", INTAKE),
    ("explain", INTAKE, "--format", "json"),
    ("explain", INTAKE, "--format", "html"),
    ("explain", INTAKE, "damp_air", "--for", "person", "--nearest", "damp_air", "--why-asked", "water"),
    ("explain", INTAKE, "--what-if", "mouldy_area=30"),
    ("plan", INTAKE, *MONDAY),
    ("plan", INTAKE, *MONDAY, "--full"),
    ("migrate", INTAKE),
    ("rules", "list"),
    ("rules", "show", "sees-mould"),
    ("rules", "graph"),
    ("rules", "boundaries"),
    ("rules", "cover", CASES, "--fail-under", "100"),
    ("rules", "check"),
]
WRITTEN = [
    ("report", INTAKE, "-o", "report.html"),
    ("report", INTAKE, "--summary", "-o", "page.html"),
    *[("plan", INTAKE, *MONDAY, "-o", f"plan.{kind}") for kind in ("html", "md", "svg", "csv", "ics")],
    ("rules", "docs", "-o", "book"),
    ("batch", "intakes.jsonl", "out.csv"),
    ("batch", "intakes.jsonl", "out"),
    ("batch", "--template", "csv", "empty"),
]


def of_mould(*words: str | Path, stdin: str = "", home: Path | None = None, cwd: Path | None = None) -> Ran:
    """A command with the second rulebook."""
    return run(*words, "--rulebook", MOULD, stdin=stdin, home=home, **({"cwd": cwd} if cwd else {}))


def test_its_files_name_schemas_that_a_copy_can_have() -> None:
    for file in MOULD.glob("*/*.yaml"):
        stem = "rules" if file.parent.name == "rules" and file.stem != "invariants" else file.stem
        first, *_ = file.read_text(encoding="utf-8").splitlines()
        assert first == f"# yaml-language-server: $schema=../.schemas/{stem}.schema.json"


@pytest.mark.parametrize("words", TOLD, ids=lambda words: " ".join(map(str, words)).replace(str(MOULD), ""))
def test_what_a_command_says_of_another_rulebook_is_of_that_one_alone(words: tuple[str | Path, ...]) -> None:
    ran = of_mould(*words)
    assert ran.code == 0, ran.err
    assert ran.out
    assert strange_words(ran.out + ran.err) == []


def test_what_is_explained_at_each_level_is_of_that_rulebook_alone() -> None:
    rulebook = afterrun.load_rulebook(MOULD)
    told: dict[str, str] = {}
    for case in read_cases([(CASES.name, CASES.read_text("utf-8"))]):
        told.setdefault(afterrun.assess(rulebook, case.answers).triage, json.dumps(case.answers))
    assert told.keys() == rulebook.triage.keys()
    names = [*rulebook.patterns, *dict.fromkeys(item.key for item in rulebook.plan)]
    each = [word for name in names for word in ("--why", name)]
    for level, intake in told.items():
        for words in (each, ["--full"], [*each, "--format", "html"]):
            ran = of_mould("explain", "-", *words, stdin=intake)
            assert ran.code == 0, ran.err
            assert strange_words(ran.out + ran.err) == [], level


@pytest.mark.slow
def test_what_a_command_writes_of_another_rulebook_is_of_that_one_alone(tmp_path: Path) -> None:
    intakes = [json.loads(line)["answers"] for line in CASES.read_text("utf-8").splitlines()]
    lines = (json.dumps({"record_id": str(place), **each}) for place, each in enumerate(intakes))
    (tmp_path / "intakes.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for words in WRITTEN:
        ran = of_mould(*words, cwd=tmp_path)
        assert ran.code == 0, (words, ran.err)
        assert strange_words(ran.out + ran.err) == [], words
    written = [
        each for each in tmp_path.rglob("*") if each.suffix in (".html", ".md", ".svg", ".csv", ".ics")
    ]
    assert len(written) >= 15
    for file in written:
        assert strange_words(file.read_text("utf-8")) == [], file


def test_an_interview_with_another_rulebook_leads_on_with_that_one(tmp_path: Path) -> None:
    ran = of_mould("ask", stdin="4\n6\n2\n1\n68\n", home=tmp_path)
    assert ran.code == 0, ran.err
    assert "You can do this" in ran.out
    assert "The air is too damp: likely" in ran.out
    assert ran.err.count(f"--rulebook {MOULD}") == 3
    assert "afterrun start" not in ran.err
    assert strange_words(ran.out + ran.err) == []


@pytest.mark.parametrize("words", [("start", INTAKE), ("checkin",)])
def test_a_rulebook_without_check_ins_says_so_where_a_diary_is_asked_for(
    words: tuple[str | Path, ...], tmp_path: Path
) -> None:
    ran = of_mould(*words, home=tmp_path)
    assert ran.code == 2
    assert ran.err.startswith("error: the rulebook mould-at-home has no check-ins, and so no diary\n")
    assert strange_words(ran.err) == []


def test_how_many_sessions_is_refused_where_none_share_an_amount() -> None:
    ran = of_mould("plan", INTAKE, *MONDAY, "--runs", "3")
    assert ran.code == 2
    assert "this plan has no amount that several sessions share" in ran.err


def test_the_second_rulebook_is_checked_and_proved() -> None:
    rulebook = afterrun.load_rulebook(MOULD)
    assert check_rulebook(rulebook) == []
    assert [found for report in prove(rulebook) for found in report.findings] == []


@pytest.mark.slow
def test_its_cases_notice_every_slip() -> None:
    ran = of_mould("rules", "mutate", CASES)
    assert ran.code == 0, ran.out
    assert " 0 surviving" in ran.out
