"""What the command says of itself, and that saying it is quick."""

import re
import subprocess
import sys

import pytest

import afterrun
from afterrun.versions import ENGINE, SCHEMA
from tests.support.cli_runs import run
from tests.support.paths import ROOT

COMMANDS = [
    (),
    ("ask",),
    ("assess",),
    ("change",),
    ("checkin",),
    ("diary",),
    ("diary", "delete"),
    ("diary", "export"),
    ("diary", "settings"),
    ("exercises",),
    ("explain",),
    ("history",),
    ("log", "head"),
    ("log", "replay"),
    ("log", "verify"),
    ("migrate",),
    ("plan",),
    ("report",),
    ("rules", "boundaries"),
    ("rules", "check"),
    ("rules", "cover"),
    ("rules", "docs"),
    ("rules", "export"),
    ("rules", "graph"),
    ("rules", "hazards"),
    ("rules", "list"),
    ("rules", "mutate"),
    ("rules", "new"),
    ("rules", "prove"),
    ("rules", "rename"),
    ("rules", "review"),
    ("rules", "schema"),
    ("rules", "show"),
    ("rules", "test"),
    ("serve",),
    ("serve", "accounts", "add"),
    ("serve", "accounts", "list"),
    ("serve", "accounts", "password"),
    ("serve", "accounts", "remove"),
    ("serve", "accounts", "token"),
    ("start",),
]


def test_lists_of_commands_are_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for command in ((), ("fhir",), ("rules",)):
        shown = run(*command, "--help").out
        assert "..." not in shown.partition("Commands:")[2], command
    assert "so that `afterrun checkin` can go on from there." in " ".join(run("--help").out.split())


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_help_shows_an_example(command: tuple[str, ...]) -> None:
    ran = run(*command, "--help")
    assert ran.code == 0
    assert f"Example:  {' '.join(['afterrun', *command])}" in ran.out
    assert not re.search(r"--[A-Z]", ran.out)
    assert "<function>" not in ran.out


@pytest.mark.parametrize(
    "option", [("explain", "--for"), ("serve", "accounts", "add", "--role")], ids=" ".join
)
def test_help_names_the_roles_that_there_are(option: tuple[str, ...]) -> None:
    assert f"{option[-1]} <person|clinician>" in run(*option[:-1], "--help").out


def test_no_command_is_missing_above() -> None:
    from afterrun_cli.commands.accounts import accounts_app
    from afterrun_cli.commands.diary import diary_app
    from afterrun_cli.commands.log import log_app
    from afterrun_cli.commands.rules.book import book_app
    from afterrun_cli.commands.rules.cases import cases_app
    from afterrun_cli.commands.rules.writing import rules_app
    from afterrun_cli.main import app

    names: set[tuple[str, ...]] = {
        (command.name or command.callback.__name__,)
        for command in app.registered_commands
        if command.callback
    }
    names |= {
        (group, each.name or each.callback.__name__)
        for group, members in (
            ("rules", rules_app),
            ("rules", book_app),
            ("rules", cases_app),
            ("diary", diary_app),
            ("log", log_app),
        )
        for each in members.registered_commands
        if each.callback
    }
    names |= {("diary",), ("serve",)}
    names |= {
        ("serve", "accounts", each.name or each.callback.__name__)
        for each in accounts_app.registered_commands
        if each.callback
    }
    assert names == {command for command in COMMANDS if command}


@pytest.mark.process
def test_help_loads_no_room_of_the_engine_and_no_rich() -> None:
    program = (
        "import sys\n"
        "from afterrun_cli.main import app\n"
        "app(['--help'], standalone_mode=False)\n"
        "rooms = {each for each in sys.modules if each.startswith('afterrun.')}\n"
        "print({'pydantic', 'rich', 'yaml', 'durable_rules_engine'} & set(sys.modules), *sorted(rooms))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout.splitlines()[-1] == "set() afterrun.doors afterrun.notebooks afterrun.visible"


def test_version_names_the_program_the_rulebook_and_the_schema(rulebook: afterrun.Rulebook) -> None:
    ran = run("--version")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"afterrun {ENGINE}",
        f"rulebook {rulebook.identity.name} {rulebook.identity.version} ({rulebook.digest[:12]})",
        f"schema {SCHEMA}",
    ]


def test_an_unknown_option_is_wrong_usage() -> None:
    ran = run("assess", "--fromat", "json", "x.json")
    assert (ran.code, ran.out) == (2, "")
    assert "--format" in ran.err
