"""Who may import whom: the contracts in pyproject.toml hold, and each is broken by an import against it."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.paths import ROOT

CONTRACTS = {
    each["id"]: each
    for each in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}


class Wrong(NamedTuple):
    """An import that a contract forbids, and how the report names it."""

    contract: str
    file: str
    line: str
    named: str


# Each stands in a file of its own, so that the report of one does not hide another.
WRONG = [
    Wrong("floors", "engine/afterrun/intake/files.py", "import afterrun.assessment",
          "afterrun.intake.files -> afterrun.assessment"),
    Wrong("floors", "engine/afterrun/schedule/forms/table.py", "import afterrun.batch",
          "afterrun.schedule.forms.table -> afterrun.batch"),
    Wrong("flow", "engine/afterrun/batch/read/blank.py", "import afterrun.batch.write.tally",
          "afterrun.batch.read.blank -> afterrun.batch.write.tally"),
    Wrong("exchange", "engine/afterrun/interchange/asked/naming.py", "import afterrun.interchange.answered",
          "afterrun.interchange.asked.naming -> afterrun.interchange.answered"),
    Wrong("above", "engine/afterrun/errors.py", "import afterrun_cli.main",
          "afterrun.errors -> afterrun_cli.main"),
    Wrong("above", "engine/afterrun/once.py", "import afterrun_web.requests.forms",
          "afterrun.once -> afterrun_web.requests.forms"),
    Wrong("serve", "cli/afterrun_cli/runner/plans/shapes.py", "import afterrun_web.settings",
          "afterrun_cli.runner.plans.shapes -> afterrun_web.settings"),
    Wrong("requests", "web/afterrun_web/requests/refusing.py", "import afterrun_web.pages.wishes",
          "afterrun_web.requests.refusing -> afterrun_web.pages.wishes"),
    Wrong("web", "engine/afterrun/storage.py", "import cryptography.fernet",
          "afterrun.storage -> cryptography"),
    Wrong("doors", "web/afterrun_web/books.py", "import afterrun.inference.facts",
          "afterrun_web.books -> afterrun.inference.facts"),
    Wrong("commands", "cli/afterrun_cli/runner/plans/of_intake.py", "import afterrun_cli.diary.opening",
          "afterrun_cli.runner.plans.of_intake -> afterrun_cli.diary.opening"),
    Wrong("doors", "cli/afterrun_cli/main.py", "import afterrun.inference.facts",
          "afterrun_cli.main -> afterrun.inference.facts"),
    Wrong("doors", "engine/afterrun/verify/checking.py", "from afterrun.verify.prove import search",
          "afterrun.verify.checking -> afterrun.verify.prove.search"),
    Wrong("doors", "engine/afterrun/assessment/ledger.py", "import afterrun",
          "afterrun.assessment.ledger -> afterrun"),
    Wrong("circles", "engine/afterrun/inference/facts.py", "import afterrun.inference.compiled",
          ".facts -> .compiled"),
    Wrong("durable", "engine/afterrun/inference/reference.py", "import durable_rules_engine",
          "afterrun.inference.reference -> durable_rules_engine"),
    Wrong("solver", "engine/afterrun/verify/__init__.py", "import z3", "afterrun.verify -> z3"),
    Wrong("database", "engine/afterrun/schedule/forms/svg.py", "import sqlalchemy.orm",
          "afterrun.schedule.forms.svg -> sqlalchemy"),
    Wrong("calendar", "engine/afterrun/schedule/lines.py", "import icalendar",
          "afterrun.schedule.lines -> icalendar"),
    Wrong("recordings", "engine/afterrun/history/formats/gpx.py", "import fitdecode",
          "afterrun.history.formats.gpx -> fitdecode"),
    Wrong("pages", "cli/afterrun_cli/terminal/layout/text.py", "import jinja2",
          "afterrun_cli.terminal.layout.text -> jinja2"),
    Wrong("passwords", "web/afterrun_web/requests/forms.py", "import argon2",
          "afterrun_web.requests.forms -> argon2"),
    Wrong("tokens", "web/afterrun_web/access/roles.py", "import jwt", "afterrun_web.access.roles -> jwt"),
    Wrong("columns", "engine/afterrun/assessment/triage.py", "import numpy",
          "afterrun.assessment.triage -> numpy"),
    Wrong("cluster", "engine/afterrun/batch/runs/work.py", "import pyspark",
          "afterrun.batch.runs.work -> pyspark"),
    Wrong("models", "engine/afterrun/intake/answers.py", "from pydantic import BaseModel",
          "afterrun.intake.answers -> pydantic"),
    Wrong("terminal", "engine/afterrun/explanation/words.py", "import rich.text",
          "afterrun.explanation.words -> rich"),
]  # fmt: skip


class Report(NamedTuple):
    """What the check of a tree ends with, and what it says of each contract that is broken."""

    code: int
    said: dict[str, str]


def report_of(root: Path) -> Report:
    """Check a tree as `make check` does."""
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=root,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(str(root / part) for part in ("engine", "cli", "web")),
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert all(f"{each['name']} " in ran.stdout for each in CONTRACTS.values()), ran.stdout + ran.stderr
    ids = {each["name"]: id for id, each in CONTRACTS.items()}
    parts = re.split(r"\n(.+)\n-{3,}\n", ran.stdout)
    said = {ids[title]: text for title, text in zip(parts[1::2], parts[2::2], strict=True) if title in ids}
    return Report(ran.returncode, said)


@pytest.mark.process
def test_the_contracts_hold() -> None:
    assert report_of(ROOT) == Report(0, {})


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What is said of a copy of the tree in which each of the imports is added."""
    root = tmp_path_factory.mktemp("broken")
    for part in ("engine/afterrun", "cli/afterrun_cli", "web/afterrun_web", "benchmarks", "tests/project"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / file, root / file)
    for wrong in WRONG:
        with (root / wrong.file).open("a", encoding="utf-8") as stream:
            stream.write(f"\n{wrong.line}\n")
    return report_of(root)


@pytest.mark.process
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.contract}: {wrong.named}")
def test_an_import_against_a_contract_breaks_it(broken: Report, wrong: Wrong) -> None:
    assert broken.code == 1
    assert wrong.named in broken.said[wrong.contract]


def test_every_contract_is_shown_to_break() -> None:
    assert {each.contract for each in WRONG} == set(CONTRACTS)
