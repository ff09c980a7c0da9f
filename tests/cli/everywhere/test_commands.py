"""Commands that are named in a text can be typed as they stand, wherever the person is."""

import io
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import pytest
import typer.main
from hypothesis import given, settings
from hypothesis import strategies as st

from afterrun_cli.main import app
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.layout.commands import called_as, parts_of
from afterrun_cli.terminal.layout.lines import as_typed, filled, folded
from tests.support.cli_runs import run
from tests.support.paths import EXAMPLES

HERE = ".venv/bin/afterrun"


@contextmanager
def called(*words: str, by: str = HERE) -> Iterator[None]:
    """What a command sees that was called with these words."""
    root: Any = typer.main.get_command(app)
    parent = typer.Context(root, info_name=by)
    name, *rest = words
    while hasattr(root, "commands"):
        root = root.commands[name]
        parent = root.make_context(name, list(rest), parent=parent)
        name, rest = (parent._protected_args or [""])[0], parent.args
        if not name:
            break
    with parent.scope():
        yield


@pytest.mark.parametrize(
    ("words", "text", "typed"),
    [
        ("ask", "Go on with: afterrun ask --resume me.json", "Go on with: HERE ask --resume me.json"),
        ("checkin", "afterrun plan  (-o updates it)", "HERE plan  (-o updates it)"),
        ("checkin --person anna", "see afterrun plan.", "see HERE plan --person anna."),
        ("checkin --person 'Anna B'", "afterrun plan", "HERE plan --person 'Anna B'"),
        ('checkin --person "it\'s"', "afterrun plan", """HERE plan --person 'it'"'"'s'"""),
        ("checkin --person anna", "afterrun ask", "HERE ask"),
        ("checkin --person anna", "afterrun plan --person bob", "HERE plan --person bob"),
        ("checkin --db my.db", "afterrun start FILE --again: now", "HERE start FILE --again --db my.db: now"),
        ("checkin --db postgresql://me@host/db", "afterrun plan", "HERE plan --db postgresql://me@host/db"),
        ("diary --person anna", "afterrun diary export", "HERE diary export --person anna"),
        ("diary --person anna export", "afterrun diary delete now", "HERE diary delete --person anna now"),
        ("ask --rulebook 'my rules'", "afterrun rules check", "HERE rules check 'my rules'"),
        ("ask --rulebook mine", "'afterrun plan FILE' it's", "'HERE plan FILE --rulebook mine' it's"),
        ("plan", "afterrun exercises bridge split_squat", "HERE exercises bridge split_squat"),
        ("plan --rulebook mine", "afterrun batch needs it", "HERE batch needs it"),
        ("ask --rulebook mine", "afterrun exercises bridge", "HERE exercises bridge --rulebook mine"),
        ("plan", "what no afterrun wrote, of afterrun-knee", "what no afterrun wrote, of afterrun-knee"),
    ],
)
def test_a_command_is_told_as_it_can_be_typed(words: str, text: str, typed: str) -> None:
    wanted = typed.replace("HERE", HERE)
    with called(*shlex.split(words)):
        assert as_typed(text) == wanted
        assert as_typed(wanted) == wanted


def test_while_no_command_runs_texts_stay_as_they_are() -> None:
    assert as_typed("afterrun plan") == "afterrun plan"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://anna:sesame@host/db",
        "postgresql://host/db?user=anna&password=sesame",
        "postgresql://anna:sesame@[host/db",
    ],
)
def test_a_password_is_never_told(address: str) -> None:
    with called("checkin", "--person", "anna", "--db", address):
        said = as_typed("Go on:  afterrun checkin --seen")
        assert said == f"Go on:  {HERE} checkin --seen --person anna (with the same --db)"
        assert as_typed(said) == said
        assert "sesame" not in filled("Go on:  afterrun checkin --seen", 20)


def joined(lines: str) -> list[str]:
    """The words that a shell makes of lines."""
    return shlex.split(lines.replace("\\\n", ""))


@settings(deadline=None)  # the first example loads all of the commands
@given(
    st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" "), min_size=1, max_size=60),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=90),
    st.integers(20, 100),
    st.sampled_from(["", "  "]),
)
def test_a_command_over_several_lines_is_the_same_command(
    person: str, file: str, width: int, indent: str
) -> None:
    told = shlex.join(["afterrun", "start", f"/tmp/{file}/me.json", "--again"])
    with called("checkin", f"--person={person}"):
        lines = folded(f"{indent}{told}", width)
        (command,) = (each for each in parts_of(told) if not isinstance(each, str))
        assert folded(lines, width) == lines
    assert joined(lines) == [HERE, *shlex.split(told)[1:], "--person", person] == list(command.words)
    assert all(len(line) <= width for line in lines.split("\n"))


@pytest.mark.process
@pytest.mark.parametrize("width", [20, 30, 60])
def test_a_shell_takes_the_lines_as_one_command(width: int, tmp_path: Path) -> None:
    words = ["start", f"{tmp_path}/my knee's/answers-2027-03-01.json", "--again"]
    with called("checkin", "--person", "Anna $HOME B", by="printf"):
        lines = folded(shlex.join(["afterrun", *words]), width)
    assert "\\\n" in lines
    script = lines.replace("printf", "printf '%s\\n'", 1)
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [*words, "--person", "Anna $HOME B"]


@pytest.mark.process
@pytest.mark.parametrize("width", [20, 30, 60])
@pytest.mark.parametrize("folder", [".local/state/afterrun", "it's mine/answers"])
def test_a_path_in_the_home_folder_is_told_from_there(
    width: int, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    file = f"{tmp_path}/{folder}/answers-2027-03-01T08-00.json"
    with called("ask", by="printf"):
        lines = folded(shlex.join(["afterrun", "change", file, "age_years"]), width)
        assert folded(lines, width) == lines
    assert ("~/" in lines) == ("'" not in folder)
    assert all(len(line) <= width for line in lines.split("\n"))
    script = lines.replace("printf", "printf '%s\\n'", 1)
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["change", file, "age_years"]


def test_a_home_folder_in_a_command_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    with called("ask"):
        assert as_typed("afterrun plan ~/me.json") == f"{HERE} plan /home/anna/me.json"
        assert as_typed("afterrun plan '~/me.json'") == f"{HERE} plan '~/me.json'"


def test_a_command_is_never_torn_apart_in_a_sentence() -> None:
    with called("checkin", "--person", "anna"):
        lines = filled(
            "When you have been seen and told that you may go on:  afterrun checkin --seen", 60, "  "
        )
        assert lines.split("\n")[1:] == [f"    {HERE} checkin --seen --person anna"]
        lines = filled("The plan goes on with  afterrun checkin --seen  and you may run.", 40)
    assert lines.split("\n") == [
        "The plan goes on with",
        f"  {HERE} checkin --seen \\",
        "    --person anna",
        "and you may run.",
    ]


def test_where_lines_do_not_begin_at_the_edge_what_has_no_room_is_spoken_of() -> None:
    with called("plan", "--rulebook", "/a/folder/far/down/in/some/other/folder"):
        lines = filled("afterrun exercises bridge", 40, at_edge=False)
    assert lines == f"{HERE} exercises bridge\n(with the same --rulebook)"


def test_what_is_said_names_the_program_as_it_was_called() -> None:
    with called("checkin", "--person", "anna"), redirect_stderr(io.StringIO()) as said:
        say("Now:  afterrun plan")
    assert said.getvalue() == f"Now:  {HERE} plan --person anna\n"


def test_an_error_of_the_library_names_the_command_with_whose_it_is(tmp_path: Path) -> None:
    ran = run("checkin", "--person", "anna", "--answers", EXAMPLES / "flat_week.yaml", home=tmp_path)
    assert "afterrun start FILE" in ran.err
    run("start", EXAMPLES / "readme.yaml", "--person", "bob", home=tmp_path)
    ran = run("plan", "--person", "anna", home=tmp_path)
    assert ran.err == "error: anna is not enrolled: begin with  afterrun start FILE --person anna\n"
    ran = run("diary", "--person", "anna", "export", home=tmp_path)
    assert ran.err == "error: anna is not enrolled: begin with  afterrun start FILE --person anna\n"


def test_the_program_is_called_by_its_name_where_that_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = tmp_path / "here", tmp_path / "other"
    for folder in (here, other):
        folder.mkdir()
        (folder / "afterrun").write_text("")
        (folder / "afterrun").chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(here / "afterrun"), "ask"])
    monkeypatch.setenv("PATH", str(here))
    assert called_as() == "afterrun"
    monkeypatch.setenv("PATH", str(other))
    assert called_as() == str(here / "afterrun")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["here/afterrun", "ask"])
    assert called_as() == "here/afterrun"
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    assert called_as() == "afterrun"
