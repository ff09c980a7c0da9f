"""What a form never asked is open: in columns, in proofs, in words."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from afterrun import Rulebook, assess, assess_frame, read_answers
from afterrun.batch import Columns, How, frame_of
from afterrun.batch.input.layout import answers_in
from afterrun.intake import PartlyAsked
from afterrun.rulebook import engine_of
from tests.support.batches.files import alone, csv_bytes, json_lines, verdicts
from tests.support.batches.forms import CLINIC, read, written
from tests.support.batches.runs import batch
from tests.support.random_input.intakes import CALM, random_intake


def test_what_nobody_was_asked_is_open_told_and_counted(tmp_path: Path) -> None:
    given = CLINIC / "d05_form_without_8_options.csv"
    ran = batch(given, tmp_path / "out")
    assert "warning_signs: has no column for hot_red_joint" in ran.err
    assert "--assume-asked warning_signs" in ran.err
    assert "has no column for the questions" in ran.err
    assert "incomplete" in ran.out
    assert "Never asked" in ran.out
    told = json.loads(batch("summary", tmp_path / "out", "--format", "json").out)["not_asked"]
    assert told["warning_signs___calf_swollen"] == told["load_change"] == 1
    assert "warning_signs___none" not in told
    batch("summary", tmp_path / "out", "--html", tmp_path / "page.html")
    assert "Never asked" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert batch("view", tmp_path / "out", "P1").code == 0
    assumed = batch(given, tmp_path / "assumed", "--assume-asked", "warning_signs")
    assert "self_care" in assumed.out
    assert "warning_signs___" not in assumed.out
    assert (
        "no question of several options 'warning_sign'"
        in batch(given, tmp_path / "typo", "--assume-asked", "warning_sign").err
    )


def test_a_sign_that_was_ticked_counts_all_the_same(rulebook: Rulebook, tmp_path: Path) -> None:
    header, row = (CLINIC / "d05_form_without_8_options.csv").read_text(encoding="utf-8").splitlines()
    path = written(
        tmp_path / "in.csv", header, row.removesuffix("0,1") + "1,0", row.removesuffix("0,1") + "0,0"
    )
    frame = read(rulebook, path).frame
    fired, blank = engine_of(rulebook, Columns).decide(frame)["triage"].to_list()
    assert (fired, blank) == ("urgent", "incomplete")
    ticks = {
        name: frame[f"warning_signs___{name}"].to_list() for name in ("fever_unwell", "none", "dark_urine")
    }
    assert ticks == {"fever_unwell": [True, None], "none": [None, None], "dark_urine": [None, None]}


@pytest.mark.slow
def test_options_that_were_not_asked_are_open_in_columns_as_in_proofs(rulebook: Rulebook) -> None:
    chance = random.Random(7)
    for question in rulebook.questions.values():
        if question.type != "multi":
            continue
        gone = set(chance.sample([each.id for each in question.options], 3))
        answers = []
        for _ in range(6):
            whole = read_answers(rulebook, random_intake(rulebook, chance, CALM))
            values = dict(whole.values)
            if question.id in values:
                ticked = values[question.id]
                assert isinstance(ticked, frozenset)
                values[question.id] = PartlyAsked(ticked - gone, gone)
            answers.append(whole._replace(values=values))
        frame = frame_of(rulebook, answers)
        for stored, row in zip(
            engine_of(rulebook, Columns).decide(frame).iter_rows(named=True),
            frame.iter_rows(named=True),
            strict=True,
        ):
            result = assess(rulebook, answers_in(rulebook, row))
            assert stored["triage"] == result.triage
            assert stored["open_questions"] == ";".join(result.open_questions)
            assert stored["interventions"] == ";".join(result.interventions)


SIGN = "warning_signs___chest_breath"


def _signs(rulebook: Rulebook, said: int | None, **ticks: int | None) -> dict[str, int | None]:
    """A row of option columns of the warning signs, `said` where `ticks` say nothing else."""
    options = [option.id for option in rulebook.questions["warning_signs"].options]
    return {f"warning_signs___{name}": ticks.get(name, said) for name in options}


def _in_form(form: str, rows: list[dict[str, Any]], folder: Path) -> Path | str:
    path = folder / f"in.{form}"
    if form == "csv":
        cells = [{name: str("NA" if cell is None else cell) for name, cell in row.items()} for row in rows]
        path.write_bytes(csv_bytes(cells, random.Random(0), "plain"))
    elif form == "jsonl":
        lacking = [{name: cell for name, cell in row.items() if cell is not None} for row in rows]
        path.write_bytes(json_lines(lacking))
    elif form == "parquet":
        pl.DataFrame(rows).write_parquet(path)
    else:
        names = ", ".join(rows[0])
        with closing(sqlite3.connect(path)) as opened, opened:
            opened.execute(f"CREATE TABLE t ({names})")
            opened.executemany(
                f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})",
                [tuple(row.values()) for row in rows],
            )
        return f"sqlite:///{path}?table=t"
    return path


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "sqlite"])
def test_a_blank_beside_a_0_is_open_and_beside_1s_alone_not_ticked(
    rulebook: Rulebook, tmp_path: Path, form: str
) -> None:
    if form == "sqlite":
        pytest.importorskip("sqlalchemy", reason="the extra 'db' is not installed")
    rows: list[dict[str, Any]] = [
        {"record_id": "whole", **_signs(rulebook, 0, none=1)},
        {"record_id": "blank", **_signs(rulebook, 0, none=1, chest_breath=None)},
        {"record_id": "ones", **_signs(rulebook, None, none=1)},
    ]
    out = tmp_path / "out.jsonl"
    batch(_in_form(form, rows, tmp_path), out)
    told = {row["record_id"]: row for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    asked = {name: "warning_signs" in (row["open_questions"] or "") for name, row in told.items()}
    assert asked == {"whole": False, "blank": True, "ones": False}


def test_a_blank_in_a_frame_is_open_too(rulebook: Rulebook) -> None:
    rows = [_signs(rulebook, 0, none=1), _signs(rulebook, 0, none=1, chest_breath=None)]
    told = assess_frame(pl.DataFrame(rows), rulebook)["open_questions"].cast(pl.String)
    whole, blank = told.str.split(";").to_list()
    assert set(blank) - set(whole) == {"warning_signs"}


def test_blanks_that_were_asked_for_sure_are_not_ticked(rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    blank = _signs(rulebook, 0, tingling=1, chest_breath=None)
    cells = {name: str("" if each is None else each) for name, each in blank.items()}
    path.write_bytes(csv_bytes([cells], random.Random(0), "plain"))
    assert read(rulebook, path).frame[SIGN].to_list() == [None]
    told = read(rulebook, path, How(assume_asked=("warning_signs",)))
    assert told.frame[SIGN].to_list() == [False]


def test_a_row_by_itself_has_the_blanks_of_whole_columns(rulebook: Rulebook, tmp_path: Path) -> None:
    chance = random.Random(11)
    several = [each for each in rulebook.questions.values() if each.type == "multi"]
    names = [f"{each.id}___{option.id}" for each in several for option in each.options]
    gone = {f"{each.id}___{chance.choice(each.options).id}" for each in several[::2]}
    rows = []
    for number in range(400):
        weights = chance.choice(((1, 1, 1), (8, 1, 1), (1, 8, 1), (1, 8, 0)))
        row = {name: chance.choices(("", "0", "1"), weights)[0] for name in names if name not in gone}
        if chance.random() < 0.3:
            row = dict.fromkeys(row, "") | {SIGN: row.get(SIGN, "0")}
        chosen = chance.sample([option.id for option in several[0].options if not option.alone], 1)
        rows.append({"record_id": str(number)} | row | {several[0].id: chance.choice(("", *chosen))})
    path = tmp_path / "in.csv"
    path.write_bytes(csv_bytes(rows, chance, "plain"))
    found = verdicts(read(rulebook, path))
    assert found == {line: alone(rulebook, row, line) for line, row in enumerate(rows, 2)}
    assert sum(isinstance(each, dict) for each in found.values()) > 50
