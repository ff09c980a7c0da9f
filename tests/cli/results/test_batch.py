"""`afterrun batch`: what goes in, what comes out, in every format, and how it ends."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

import afterrun
from afterrun.intake import read_answers
from tests.support.batches.runs import (
    batch,
    differences,
    expected_row,
    random_intakes,
    rows_of,
    write_csv,
    write_jsonl,
    write_parquet,
)
from tests.support.cli_runs import COMMAND
from tests.support.paths import DATA

pytestmark = pytest.mark.slow

CASES = (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
INTAKES = [{"record_id": case["id"], **case["answers"]} for case in map(json.loads, CASES)]
IDS = [intake["record_id"] for intake in INTAKES]
WAYS = [
    ("csv", "folder"),
    ("jsonl", "folder"),
    ("parquet", "folder"),
    ("csv", "rows.csv"),
    ("jsonl", "rows.jsonl"),
    ("parquet", "rows.parquet"),
    ("csv", "rows.arrow"),
]
"""Every format in, and every format out."""


@pytest.fixture(scope="module")
def expected(rulebook: afterrun.Rulebook) -> list[dict[str, object]]:
    return [expected_row(rulebook, intake) for intake in INTAKES]


@pytest.fixture(scope="module")
def inputs(rulebook: afterrun.Rulebook, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("inputs")
    return {
        "csv": write_csv(folder / "cases.csv", rulebook, INTAKES),
        "jsonl": write_jsonl(folder / "cases.jsonl", INTAKES),
        "parquet": write_parquet(folder / "cases.parquet", rulebook, INTAKES),
    }


@pytest.fixture(scope="module")
def finished(inputs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished batch of the cases and some damage."""
    folder = tmp_path_factory.mktemp("finished")
    damaged = folder / "damaged.csv"
    lines = inputs["csv"].read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    bad = ["bad-1", *[""] * (len(header) - 1)]
    bad[header.index("age_years")] = "old"
    damaged.write_text("\n".join([*lines, ",".join(bad)]) + "\n", encoding="utf-8")
    run = batch(damaged, folder / "out", "--chunk-rows", 20, "--explain")
    assert run.code == 1, run.err
    return folder / "out"


@pytest.mark.parametrize(("kind", "out"), WAYS)
def test_every_case_is_what_assess_says(
    rulebook: afterrun.Rulebook,
    inputs: dict[str, Path],
    expected: list[dict[str, object]],
    tmp_path: Path,
    kind: str,
    out: str,
) -> None:
    run = batch(inputs[kind], tmp_path / out, "--chunk-rows", 25)
    assert run.code == 0, run.err
    assert f"{len(IDS)} rows in = {len(IDS)} rows out + 0 rejected" in run.out
    rows = rows_of(rulebook, tmp_path / out)
    assert [row["record_id"] for row in rows] == IDS
    for row, wanted in zip(rows, expected, strict=True):
        assert differences(wanted, row) == {}, row["record_id"]


def test_a_row_holds_every_column_that_is_promised(finished: Path, rulebook: afterrun.Rulebook) -> None:
    columns = pl.read_parquet(next(finished.glob("data/part-*.parquet"))).columns
    patterns = [f"pattern_{name}" for name in rulebook.patterns]
    assert {"record_id", "triage", *patterns, "interventions", "open_questions", "fired", "rulebook"} <= {
        *columns
    }


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("format", ["csv", "jsonl", "arrow"])
def test_stdout_streams_the_rows_in_order(inputs: dict[str, Path], format: str) -> None:
    run = subprocess.run(
        [COMMAND, "batch", inputs["csv"], "-", "--format", format, "--chunk-rows", "20"],
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0
    stream = io.BytesIO(run.stdout)
    if format == "csv":
        frame = pl.read_csv(stream)
    else:
        frame = pl.read_ndjson(stream) if format == "jsonl" else pl.read_ipc_stream(stream)
    assert frame["record_id"].to_list() == IDS
    assert frame["fired"].dtype == pl.String


def test_stdin_is_read(inputs: dict[str, Path], tmp_path: Path) -> None:
    given = inputs["csv"].read_bytes()
    run = batch("-", tmp_path / "out", stdin=given)
    assert run.code == 0, run.err
    again = batch("-", tmp_path / "out", stdin=given)
    assert again.code == 0, again.err
    shown = batch("view", tmp_path / "out", IDS[0], "--file", "-", stdin=given)
    assert shown.code == 0, shown.err
    for asked, said in (([], "pipe it in again"), (["--file", "-"], "is not what")):
        refused = batch("view", tmp_path / "out", IDS[0], *asked, stdin=given[:-1])
        assert (refused.code, said in refused.err) == (2, True), refused.err


def test_chosen_columns_are_the_only_ones_in_a_file(inputs: dict[str, Path], tmp_path: Path) -> None:
    run = batch(inputs["csv"], tmp_path / "rows.csv", "--columns", "triage,record_id")
    assert run.code == 0, run.err
    header, first = (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()[:2]
    assert header == "record_id,triage"
    assert first.startswith(f"{IDS[0]},")


def test_a_column_that_is_not_there_is_refused_with_the_nearest(
    inputs: dict[str, Path], tmp_path: Path
) -> None:
    run = batch(inputs["csv"], tmp_path / "out", "--columns", "triag")
    assert run.code == 2
    assert "Did you mean 'triage'?" in run.err
    assert not (tmp_path / "out").exists()


def test_reasons_are_told_for_each_conclusion_that_has_a_proof(
    rulebook: afterrun.Rulebook, inputs: dict[str, Path], tmp_path: Path
) -> None:
    run = batch(inputs["csv"], tmp_path / "rows.csv", "--explain")
    assert run.code == 0, run.err
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row, intake in zip(rows, INTAKES, strict=True):
        result = afterrun.assess(rulebook, read_answers(rulebook, intake), engine="reference")
        told = dict(piece.split(": ", 1) for piece in row["because"].split(" | ") if piece)
        assert set(told) == set(result.because)
        for conclusion, reason in told.items():
            rules = [rule for rule in rulebook.propositions[conclusion] if rule.id in result.fired]
            assert reason in {" ".join(rule.because.split()) for rule in rules}


def test_rejects_are_counted_and_the_exit_code_is_1(finished: Path) -> None:
    with (finished / "_rejects.csv").open(encoding="utf-8", newline="") as stream:
        (reject,) = csv.DictReader(stream)
    assert reject["record_id"] == "bad-1"
    assert reject["reject_line"] == str(len(IDS) + 2)
    assert "old" in reject["reject_reason"]


def test_rejects_of_a_stream_are_told_on_stderr(tmp_path: Path) -> None:
    intakes = write_jsonl(tmp_path / "in.jsonl", [{"record_id": "a", "age_years": "x"}, {"record_id": "b"}])
    run = batch(intakes, "-", "--format", "jsonl")
    assert run.code == 1
    assert [json.loads(line)["record_id"] for line in run.out.splitlines()] == ["b"]
    assert f"rejected: {intakes}:1: age_years" in run.err
    assert "2 rows in = 1 rows out + 1 rejected" in run.err


@pytest.mark.parametrize("out", ["out", "rows.csv", "-"])
def test_strict_stops_at_the_first_reject(tmp_path: Path, out: str) -> None:
    lines = [{"record_id": str(number)} for number in range(9)]
    lines[5]["age_years"] = "x"
    lines[8]["age_years"] = "y"
    intakes = write_jsonl(tmp_path / "in.jsonl", lines)
    place = out if out == "-" else tmp_path / out
    run = batch(intakes, place, "--strict", "--chunk-rows", 2)
    assert run.code == 2
    assert f"{intakes}:6: age_years" in run.err
    assert f"{intakes}:9" not in run.err
    if out == "-":
        assert len(run.out.splitlines()) == 1 + 4
        return
    assert "is kept" in run.err
    assert not (tmp_path / "rows.csv").exists()
    assert batch(intakes, place, "--chunk-rows", 2).code == 1


def test_too_many_rejects_stop_the_run_and_keep_what_is_done(tmp_path: Path) -> None:
    lines = [{"record_id": str(number), "age_years": "x" if number % 3 == 0 else 30} for number in range(30)]
    intakes = write_jsonl(tmp_path / "in.jsonl", lines)
    run = batch(intakes, tmp_path / "out", "--max-rejects", 4, "--chunk-rows", 3)
    assert run.code == 2
    assert "5 rejects in 15 rows" in run.err
    assert "is kept" in run.err
    assert len((tmp_path / "out" / "_rejects.csv").read_text(encoding="utf-8").splitlines()) == 1 + 5
    assert not (tmp_path / "out" / "_SUCCESS").exists()
    run = batch(intakes, tmp_path / "out", "--max-rejects", 10, "--chunk-rows", 3)
    assert run.code == 1, run.err
    assert "30 rows in = 20 rows out + 10 rejected" in run.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv", "out"], "there is no such file"),
        (["in.jsonl"], "last, where to write"),
        ([], ""),
        (["in.jsonl", "-", "--format", "parquet"], "cannot be streamed"),
        (["in.jsonl", "rows.csv", "--columns", "because"], "--explain"),
        (["-", "-", "out"], "once"),
        (["view", "nowhere", "P1"], "no batch"),
        (["summary", "nowhere"], "no batch"),
    ],
)
def test_wrong_usage_ends_with_2_and_leaves_nothing(tmp_path: Path, arguments: list[str], said: str) -> None:
    write_jsonl(tmp_path / "in.jsonl", [{"record_id": "a"}])
    run = batch(*arguments, cwd=tmp_path)
    assert run.code == (2 if arguments else 0), run.err
    assert said in run.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


def test_no_rows_give_a_table_with_columns(rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
    empty = write_csv(tmp_path / "empty.csv", rulebook, [])
    run = batch(empty, tmp_path / "out")
    assert run.code == 0, run.err
    assert pl.read_parquet(tmp_path / "out" / "data" / "*.parquet").height == 0
    run = batch(empty, "-")
    assert run.out.startswith("record_id,")
    assert len(run.out.splitlines()) == 1


def test_several_inputs_and_a_compressed_one(rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
    intakes = random_intakes(rulebook, 60)
    write_csv(tmp_path / "a.csv", rulebook, intakes[:20])
    write_jsonl(tmp_path / "b.jsonl", intakes[20:40])
    packed = gzip.compress(write_csv(tmp_path / "c", rulebook, intakes[40:]).read_bytes())
    (tmp_path / "c.csv.gz").write_bytes(packed)
    run = batch(tmp_path / "a.csv", tmp_path / "b.jsonl", tmp_path / "c.csv.gz", tmp_path / "out.jsonl")
    assert run.code == 0, run.err
    rows = rows_of(rulebook, tmp_path / "out.jsonl")
    for row, intake in zip(rows, intakes, strict=True):
        assert differences(expected_row(rulebook, intake), row) == {}
    assert [row["source"] for row in rows[::20]] == [
        str(tmp_path / name) for name in ("a.csv", "b.jsonl", "c.csv.gz")
    ]


def test_view_shows_the_proof_of_a_row(finished: Path) -> None:
    run = batch("view", finished, "V001")
    assert run.code == 0, run.err
    assert "the stored row is what the rulebook says" in run.out
    assert "pattern.patellar_tendon.likely is true" in run.out
    by_line = batch("view", finished, "2", "--format", "json")
    assert json.loads(by_line.out)["record_id"] == "V001"


def test_view_of_a_row_that_is_not_there(finished: Path) -> None:
    run = batch("view", finished, "nobody")
    assert run.code == 2
    assert "no row" in run.err


@pytest.mark.parametrize("column", ["triage", "interventions", "open_questions", "fired", "because"])
def test_view_finds_a_row_that_was_tampered_with(finished: Path, tmp_path: Path, column: str) -> None:
    part = min(finished.glob("data/part-*.parquet"))
    before = part.read_bytes()
    frame = pl.read_parquet(part)
    wrong = {
        "triage": pl.lit("emergency"),
        "interventions": pl.lit("tendon_loading"),
        "open_questions": pl.lit("age_years"),
        "fired": pl.lit([1, 1, 1], dtype=pl.List(pl.Int64)).cast(pl.Array(pl.Int64, 3)),
        "because": pl.lit("triage.emergency: for no reason"),
    }
    is_first = pl.col("record_id") == "V001"
    changed = pl.when(is_first).then(wrong[column]).otherwise(pl.col(column))
    try:
        frame.with_columns(changed.alias(column)).write_parquet(part)
        run = batch("view", finished, "V001")
    finally:
        part.write_bytes(before)
    assert run.code == 1
    assert run.out == ""
    assert f"- {column}" in run.err


def test_view_needs_the_input_as_it_was(inputs: dict[str, Path], tmp_path: Path) -> None:
    intakes = tmp_path / "in.csv"
    intakes.write_bytes(inputs["csv"].read_bytes())
    assert batch(intakes, tmp_path / "out").code == 0
    with intakes.open("a", encoding="utf-8") as stream:
        stream.write("\n")
    run = batch("view", tmp_path / "out", "V001")
    assert run.code == 2
    assert "has changed since" in run.err


def test_the_summary_adds_up(finished: Path, rulebook: afterrun.Rulebook) -> None:
    run = batch("summary", finished, "--format", "json")
    assert run.code == 0, run.err
    found = json.loads(run.out)
    rows = rows_of(rulebook, finished)
    assert (found["rows_in"], found["rows"], found["rejects"]) == (len(IDS) + 1, len(IDS), 1)
    assert found["finished"]
    assert found["reasons"] == {"answer: age_years": 1}
    for level in rulebook.triage:
        assert found["triage"].get(level, 0) == sum(row["triage"] == level for row in rows)
    for pattern in rulebook.patterns:
        for level, count in found["patterns"][pattern].items():
            wanted = None if level == "open" else level
            assert count == sum(row[f"pattern_{pattern}"] == wanted for row in rows)
    for question in rulebook.questions:
        open_in = [row for row in rows if question in row["open_questions"].split(";")]
        assert found["open_questions"].get(question, 0) == len(open_in)
        waiting = [row for row in open_in if row["triage"] == "incomplete"]
        assert found["blocking"].get(question, 0) in (0, len(waiting))
    assert found["blocking"]
    assert "equipment" not in found["blocking"]


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_template_can_be_written_and_read(tmp_path: Path, format: str) -> None:
    run = batch("--template", format, tmp_path / "new")
    assert run.code == 0, run.err
    table, dictionary = run.out.splitlines()
    assert json.loads(Path(dictionary).read_text(encoding="utf-8"))["resources"]
    assert batch(table, tmp_path / "out").code == 0
    again = batch("--template", format, tmp_path / "new")
    assert again.code == 2
    assert "is there already" in again.err


class _Page(HTMLParser):
    """The tags of a page, and those left open."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_summary_page_stands_alone(finished: Path, tmp_path: Path) -> None:
    run = batch("summary", finished, "--html", tmp_path / "page.html")
    assert run.code == 0, run.err
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    assert page.open == []
    assert {"table", "caption", "th", "h1", "main"} <= set(page.seen)
    assert not {"script", "img", "link", "iframe"} & set(page.seen)
    assert not re.search(r"https?://|url\(", text)
    assert f"{len(IDS) + 1} rows in = {len(IDS)} rows out + 1 rejected" in text


def test_progress_in_json_lines(inputs: dict[str, Path], tmp_path: Path) -> None:
    run = batch(inputs["csv"], tmp_path / "out", "--json-progress", "--chunk-rows", 10)
    events = [json.loads(line) for line in run.err.splitlines()]
    assert events[-1]["rows_in"] == len(IDS)
    assert events[-1]["share"] == 1
    assert {"rejects", "rows_per_second", "seconds_left"} <= set(events[-1])


def test_nothing_is_told_on_a_pipe_when_all_is_well(inputs: dict[str, Path], tmp_path: Path) -> None:
    assert batch(inputs["csv"], tmp_path / "out").err == ""


@pytest.mark.process
def test_without_the_extra_the_way_out_is_told(tmp_path: Path) -> None:
    code = (
        "import sys, importlib.machinery as m\n"
        "find = m.PathFinder.find_spec\n"
        "m.PathFinder.find_spec = lambda name, *rest: None if name == 'polars' else find(name, *rest)\n"
        "sys.argv = ['afterrun', 'batch', 'in.csv', 'out']\n"
        "from afterrun_cli.main import run\n"
        "run()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=tmp_path, check=False
    )
    assert run.returncode == 3
    assert "pip install 'afterrun[batch]'" in run.stderr


@pytest.mark.process
def test_the_command_line_does_not_load_polars() -> None:
    code = "import sys, afterrun_cli.main; sys.exit('polars' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("command", [[], ["view"], ["summary"]])
def test_every_help_shows_an_example(command: list[str]) -> None:
    run = batch(*command, "--help")
    assert run.code == 0
    assert "Example:  afterrun batch" in run.out
    assert "Usage: afterrun batch" in run.out
    assert "batch run" not in run.out
