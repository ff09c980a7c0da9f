"""Text from outside, wherever it may come from, on every way by which it is shown again."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

import afterrun
from afterrun.telling import Bar, Chart, Day, Page, Point, Section, result_page
from afterrun_cli.terminal.layout.commands import called_as
from afterrun_cli.terminal.layout.drawn import draw
from afterrun_cli.terminal.layout.text import as_text
from tests.attacks.unseen import TEXTS, unseen
from tests.support.cli_runs import SAMPLE, Ran, run, run_process
from tests.support.paths import DATA
from tests.support.rulebooks.copies import copied, spoil
from tests.support.terminals import Terminal

Show = Callable[[str, Path], Ran]

ALL_TEXTS = pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
WHOLE = json.loads((DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()[0])["answers"]


def forged(said: str) -> list[str]:
    """Lines that begin with what a text brought; in HTML a line means nothing."""
    lines = [] if said.startswith("<!doctype html>") else said.splitlines()
    return [line for line in lines if line.startswith("FORGED")]


def intake(folder: Path, **more: object) -> Path:
    file = folder / "intake.json"
    file.write_text(json.dumps({**WHOLE, **more}), encoding="utf-8")
    return file


def shown(*words: str, kept: bool = False) -> Show:
    """Show an intake whose id is the text."""

    def show(text: str, folder: Path) -> Ran:
        file = intake(folder, record_id=text)
        ran = run(*(str(file) if word == "FILE" else word for word in words), home=folder, cwd=folder)
        written = [(folder / "out").read_text(encoding="utf-8")] if kept else []
        return ran._replace(out="\n".join([ran.out, *written]))

    return show


def refused(**more: object) -> Show:
    """Show what is said of an intake that holds the text for a question, or as a question's name."""

    def show(text: str, folder: Path) -> Ran:
        given = {key.replace("TEXT", text): text if value == "TEXT" else value for key, value in more.items()}
        return run("assess", intake(folder, **given), cwd=folder)

    return show


def in_a_row(file: str, *words: str) -> Show:
    """Show a batch over a table with the text, quoted as it must be, in a cell."""

    def show(text: str, folder: Path) -> Ran:
        rows = {"a.jsonl": json.dumps({"record_id": text, "pain_site": text}) + "\n"}
        rows["a.csv"] = f'record_id,age_years,{"".join(text.split())}\n1,"{text}",1\n'
        (folder / file).write_text(rows[file], encoding="utf-8", newline="")
        ran = run("batch", file, *words, cwd=folder)
        return ran

    return show


def named(*words: str, holds: bytes | None = None) -> Show:
    """Show a file or a folder whose name is the text."""

    def show(text: str, folder: Path) -> Ran:
        if holds is not None:
            (folder / f"{text}.json").write_bytes(holds)
        return run(*(word.replace("TEXT", text) for word in words), home=folder, cwd=folder)

    return show


WAYS: dict[str, Show] = {
    "an id as text": shown("assess", "FILE", "--full"),
    "an id as JSON": shown("assess", "FILE", "--format", "json"),
    "an id in Markdown": shown("assess", "FILE", "--format", "markdown"),
    "an id in HTML": shown("assess", "FILE", "--format", "html"),
    "an id in a report": shown("report", "FILE"),
    "an id in a summary": shown("report", "FILE", "--summary"),
    "an id in an explanation": shown("explain", "FILE", "patellar_tendon"),
    "an id in an explanation as JSON": shown("explain", "FILE", "patellar_tendon", "--format", "json"),
    "an id in a plan": shown("plan", "FILE", "--start", "2027-03-01"),
    "an id in a plan as HTML": shown("plan", "FILE", "--start", "2027-03-01", "--format", "html"),
    "an id in a plan as JSON": shown("plan", "FILE", "--start", "2027-03-01", "--format", "json"),
    "an id in a plan in Markdown": shown(
        "plan", "FILE", "--start", "2027-03-01", "--format", "markdown", "-o", "out", kept=True
    ),
    "an id in a plan as text in a file": shown(
        "plan", "FILE", "--start", "2027-03-01", "--format", "text", "-o", "out", kept=True
    ),
    "an id in a migrated intake": shown("migrate", "FILE"),
    "an id in a migrated file": shown("migrate", "FILE", "-o", "out", kept=True),
    "an option": refused(pain_site=["TEXT"]),
    "a choice": refused(pain_timing="TEXT"),
    "a number": refused(age_years="TEXT"),
    "a unit": refused(volume_unit="TEXT"),
    "a question": refused(TEXT=1),
    "a row of JSON": in_a_row("a.jsonl", "out"),
    "a row of a table, refused on the way": in_a_row("a.csv", "-"),
    "a missing file": named("assess", "TEXT.json"),
    "two files": named("assess", "TEXT.json", str(SAMPLE), holds=b"{}"),
    "two files as JSON": named("assess", "TEXT.json", str(SAMPLE), "--format", "json", holds=b"{}"),
    "a file that is no intake": named("assess", "TEXT.json", holds=b"{"),
    "a file to be migrated": named("migrate", "TEXT.json", holds=b"{}"),
    "a file beside an answer": named("explain", "TEXT.json", "--what-if", "TEXT", holds=b"{}"),
    "a file that is there": named("ask", "--save", "TEXT.json", holds=b"{}"),
    "a file that cannot be written": named("report", str(SAMPLE), "-o", "TEXT/TEXT.html"),
    "a file of a batch": named("batch", "TEXT.csv", "out"),
    "a place of a batch": named("batch", "summary", "TEXT"),
    "a folder for a template": named("batch", "--template", "csv", "TEXT"),
    "a folder of rules": named("assess", str(SAMPLE), "--rulebook", "TEXT"),
    "a conclusion": named("explain", str(SAMPLE), "TEXT"),
    "a day": named("plan", str(SAMPLE), "--start", "TEXT"),
    "a person": named("start", str(SAMPLE), "--person", "TEXT"),
    "a database": named("diary", "--db", "TEXT/TEXT"),
    "a command": named("TEXT"),
    "an option of a command": named("assess", "--TEXT"),
    "an option before any command": named("--TEXT"),
    "a value of an option": named("assess", str(SAMPLE), "--format", "TEXT"),
    "one word too many": named("rules", "check", "TEXT"),
}


@pytest.mark.slow
@pytest.mark.parametrize("show", WAYS.values(), ids=list(WAYS))
@ALL_TEXTS
def test_nothing_from_outside_steers_hides_or_forges(show: Show, text: str, tmp_path: Path) -> None:
    ran = show(text, tmp_path)
    said = ran.out + ran.err
    assert "Traceback" not in said
    assert unseen(said) == ""
    assert forged(said) == []


@ALL_TEXTS
def test_json_gives_back_what_came_in(text: str, tmp_path: Path) -> None:
    ran = shown("assess", "FILE", "--format", "json")(text, tmp_path)
    assert json.loads(ran.out)["record_id"] == text.strip()


@pytest.mark.slow
@ALL_TEXTS
def test_a_page_is_drawn_and_laid_out_with_nothing_unseen(text: str, rulebook: afterrun.Rulebook) -> None:
    page = result_page(rulebook, afterrun.assess(rulebook, {**WHOLE, "record_id": f"[bold]{text}[/x]"}))
    with redirect_stdout(StringIO()) as drawn:
        draw(page.whole)
    for told in (drawn.getvalue(), as_text(page)):
        assert unseen(told) == ""
        assert "[bold]a" in told


@ALL_TEXTS
def test_no_cell_of_a_chart_makes_a_line_or_is_taken_for_markup(text: str) -> None:
    bar = Bar((text, f"[/x]{text}"), 0.5)
    chart = Chart((text, text), (bar,), note=text, layout="{:<10}  {:>4}  ")
    days = (Day(text, text, text, (text,)),)
    section = Section(text, (Point(text, text, (text,), text),), chart=chart, days=days)
    page = Page(text, text, (section,), text)
    with redirect_stdout(StringIO()) as drawn:
        draw(page)
    laid_out = as_text(page)
    assert unseen(drawn.getvalue() + laid_out) == ""
    assert forged(laid_out) == []
    assert "[/x]a" in drawn.getvalue()


@pytest.mark.slow
def test_a_batch_keeps_what_a_row_says_and_spells_out_what_it_tells_of_it(tmp_path: Path) -> None:
    rows = "record_id,age_years\nid\u202e1,34\nb,x\u202ey\x9b\n"
    (tmp_path / "a\u202e.csv").write_text(rows, encoding="utf-8")
    assert run("batch", "a\u202e.csv", "out.csv", cwd=tmp_path).code == 1
    assert "id\u202e1," in (tmp_path / "out.csv").read_text(encoding="utf-8")
    rejects = (tmp_path / "out.csv.rejects.csv").read_text(encoding="utf-8")
    assert rejects.splitlines()[1].startswith(r"a\u202e.csv,3,")
    assert r"age_years: takes a whole number, not the text 'x\u202ey\x9b'" in rejects
    for words in (
        ["summary", "out.csv"],
        ["summary", "out.csv", "--format", "json"],
        ["view", "out.csv", "2"],
    ):
        ran = run("batch", *words, cwd=tmp_path)
        assert (ran.code, unseen(ran.out + ran.err)) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["json", "csv", "parquet"])
def test_a_file_whose_name_is_no_text_is_read_all_the_same(suffix: str, tmp_path: Path) -> None:
    import polars as pl

    file = tmp_path / f"a\udcff\nFORGED.{suffix}"
    pl.DataFrame({"record_id": ["x"], "age_years": [34]}).write_parquet(tmp_path / "plain.parquet")
    if suffix == "parquet":
        (tmp_path / "plain.parquet").rename(file)
    else:
        file.write_text('{"age_years": 34}' if suffix == "json" else "record_id,age_years\nx,34\n")
    words: list[str | Path] = ["assess", file, file] if suffix == "json" else ["batch", file, "out.csv"]
    ran = run(*words, cwd=tmp_path)
    assert (ran.code, unseen(ran.out + ran.err)) == (0, "")
    assert not [line for line in ran.err.splitlines() if line.startswith("FORGED")]
    if suffix != "json":
        assert r"a\udcff\nFORGED" in (tmp_path / "out.csv").read_text(encoding="utf-8")
        assert r"a\udcff\nFORGED" in run("batch", "view", "out.csv", "x", cwd=tmp_path).out
        ran = run("batch", file, "no\udcfftext", cwd=tmp_path)
        assert (ran.code, ran.err) == (
            2,
            "error: no\\udcfftext: the name is no text in UTF-8; give another\n",
        )


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.yaml"])
@pytest.mark.parametrize("command", ["assess", "report", "plan", "explain", "migrate", "start"])
def test_half_a_character_is_refused_with_its_place(command: str, name: str, tmp_path: Path) -> None:
    # In YAML the reader itself refuses it.
    text = 'age_years: 34\nrecord_id: "\\ud800"\n' if name == "a.yaml" else '{"record_id": "\\ud800"}\n'
    (tmp_path / name).write_text(text)
    ran = run(command, name, home=tmp_path, cwd=tmp_path)
    place = f"{name}:2: not YAML" if name == "a.yaml" else f"{name}:1: record_id: is no text: it holds half"
    assert (ran.code, ran.out) == (2, "")
    assert f"error: {place}" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("record", "key"),
    [
        ({"record_id": "\ud800"}, "record_id"),
        ({"checkin": {"soreness_notes": "a\udfff"}}, "checkin.soreness_notes"),
        ({"enrolled": {"answers": {"age_years": "\udc80"}}}, "enrolled.answers.age_years"),
        ({"\ud800": 1}, r"\ud800"),
    ],
)
def test_half_a_character_in_a_check_in_is_refused_once(
    record: dict[str, object], key: str, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"enrolled": {}, "checkin": {}, **record}))
    ran = run("checkin", "a.json", home=tmp_path, cwd=tmp_path)
    assert (ran.code, ran.err) == (2, f"error: a.json:1: {key}: is no text: it holds half a character\n")


def test_half_a_character_in_a_weeks_answers_is_refused_with_its_place(tmp_path: Path) -> None:
    assert run("start", SAMPLE, "--start", "2027-03-01", home=tmp_path).code == 0
    (tmp_path / "week.json").write_text('{\n"worst_pain_in_session": 1,\n"x": "\\ud800"}')
    ran = run("checkin", "--answers", tmp_path / "week.json", home=tmp_path)
    assert (ran.code, "week.json:3: x: is no text" in ran.err) == (2, True)


@pytest.mark.slow
def test_half_a_character_in_a_row_is_a_reject_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"record_id": "\\ud800"}\n{"age_years": 34, "\\udfff": 1}\n')
    ran = run("batch", "a.jsonl", "-", cwd=tmp_path)
    assert "rejected: a.jsonl:1: record_id: is no text: it holds half a character\n" in ran.err
    assert r"rejected: a.jsonl:2: \udfff: is no text: it holds half a character" in ran.err


@pytest.mark.slow
def test_the_texts_of_another_rulebook_are_told_with_nothing_unseen(tmp_path: Path) -> None:
    folder = copied(tmp_path / "theirs")
    spoil(folder, "knowledge/rulebook.yaml", "title: ", 'title: "\\x1b[31m\\u202e\\x9b" # ')
    spoil(folder, "knowledge/questions.yaml", "ask: How old", 'ask: "\\x1b[31m\\u202e\\x9bWhat?" # ')
    spoil(folder, "knowledge/rulebook.yaml", "version: ", 'version: "0.2\\u202e" # ')
    for words in (
        ["assess", SAMPLE, "--full"],
        ["assess", SAMPLE, "--format", "json"],
        ["assess", SAMPLE, "--format", "html"],
        ["report", SAMPLE],
        ["plan", SAMPLE, "--start", "2027-03-01"],
        ["ask"],
        ["batch", "--template", "csv", tmp_path / "made"],
    ):
        ran = run(*words, "--rulebook", folder, home=tmp_path)
        assert "Traceback" not in ran.err
        assert unseen(ran.out + ran.err) == ""
    assert run("rules", "docs", "-o", tmp_path / "book", "--rulebook", folder).code == 0
    files = [*(tmp_path / "book").rglob("*.*"), *(tmp_path / "made").iterdir()]
    for page in files:
        assert unseen(page.read_text(encoding="utf-8")) == ""


@pytest.mark.slow
def test_a_file_of_a_rulebook_has_a_plain_name(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "rules" / "a\nrules.yaml").write_text("[]")
    ran = run("rules", "check", folder)
    assert r"rules/a\nrules.yaml: the name of this file is no plain text" in ran.out
    assert ran.code == 1


@pytest.mark.slow
@ALL_TEXTS
def test_a_command_to_be_typed_names_a_folder_with_nothing_unseen(text: str, tmp_path: Path) -> None:
    folder = copied(tmp_path / text)
    for command in ("plan", "start"):
        ran = run(command, SAMPLE, "--start", "2027-03-01", "--past", "--rulebook", folder, home=tmp_path)
        assert (ran.code, unseen(ran.out + ran.err), forged(ran.out)) == (0, "", [])
        assert "--rulebook" in ran.out


def test_the_name_that_the_program_was_called_by_is_shown_with_nothing_unseen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.argv", ["/nowhere\x1b\nFORGED/afterrun"])
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert called_as() == r"/nowhere\x1b\nFORGED/afterrun"


@pytest.mark.process
def test_a_name_that_is_no_text_comes_through_a_pipe(tmp_path: Path) -> None:
    ran = run_process("assess", "a\udcff\u202e.json", cwd=tmp_path)
    assert (ran.code, ran.err) == (2, "error: a\\udcff\\u202e.json: there is no such file\n")


@pytest.mark.slow
@pytest.mark.process
def test_rows_on_a_terminal_do_not_steer_it(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("record_id,age_years\nred\x1b[31m\u202e,34\n", encoding="utf-8")
    with Terminal("batch", str(table), "-", "--format", "csv", home=tmp_path, columns=300) as terminal:
        assert terminal.end() == 0
    assert "red\\x1b[31m\\u202e," in terminal.raw.decode()
    with Terminal("batch", str(table), "-", "--format", "arrow", home=tmp_path) as terminal:
        assert terminal.end() == 2
    assert "Arrow is no text" in terminal.raw.decode()
