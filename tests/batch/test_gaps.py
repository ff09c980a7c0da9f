"""What a form never asked is open: in columns, in proofs, in words."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from afterrun import Rulebook, assess, read_answers
from afterrun.batch import Columns, frame_of
from afterrun.batch.input.layout import answers_in
from afterrun.intake import PartlyAsked
from afterrun.rulebook import engine_of
from tests.support.batch_runs import batch
from tests.support.forms import CLINIC, read, written
from tests.support.intakes_random import CALM, random_intake


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
