"""What a notebook shows of values, and the example notebook, executed."""

from __future__ import annotations

from datetime import date

import pytest

import afterrun
from afterrun.batch import summary_in_memory
from afterrun.batch.write.tally import Tally
from afterrun.intake import raw_intakes
from afterrun.schedule import as_svg
from tests.support.paths import ROOT
from tests.support.published.notebook import NOTEBOOK, executed, outputs_of, read

HOSTILE = "<script>alert(1)</script>&\u202e"


def test_a_result_is_told_in_words_and_every_one_is_escaped(rulebook: afterrun.Rulebook) -> None:
    result = afterrun.assess(
        rulebook, {"record_id": HOSTILE[:30], "warning_signs": ["calf_swollen"]}, engine="compiled"
    )
    html = result._repr_html_()
    assert rulebook.triage["urgent"].name in html
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "\u202e" not in html
    assert "<style" not in html
    assert "<html" not in html
    assert result.to_dict()["triage"] == "urgent"
    assert "made_by" not in repr(result)


def test_a_check_in_a_plan_a_rulebook_and_a_summary_have_a_look_too(rulebook: afterrun.Rulebook) -> None:
    part = afterrun.load_rulebook(part="checkin")
    ramp = {"programme": "gradual_ramp", "week": 8, "last_tolerated_volume": 20, "volume_unit": "km"}
    week = {"new_warning_signs": ["none"], "weeks_missed": 2, "volume_done": 0, "run_pain": 0}
    said = afterrun.check_in(part, {"enrolled": ramp, "checkin": week | {"next_morning": "same"}})
    assert part.interventions[said.actions[0]].called in said._repr_html_()
    assert rulebook.identity.title in rulebook._repr_html_()
    summary = summary_in_memory(rulebook, Tally(rows_in=3, rows=3, triage={"urgent": 3}), [HOSTILE])
    assert "3 rows in" in summary._repr_html_()
    assert "<script" not in summary._repr_html_()
    with (ROOT / "examples" / "readme.yaml").open("rb") as stream:
        result = afterrun.assess(rulebook, next(iter(raw_intakes(stream, "", "yaml"))).data)
    schedule = afterrun.weeks(rulebook, afterrun.State.of(result, None), date(2027, 3, 1))
    assert schedule._repr_html_() == as_svg(schedule)


@pytest.mark.slow
@pytest.mark.process
def test_the_example_notebook_shows_what_it_shows_when_it_is_run() -> None:
    for module in ("nbclient", "nbformat", "ipykernel"):
        pytest.importorskip(module, reason=f"{module} is not installed: make dev")
    assert outputs_of(executed(NOTEBOOK)) == outputs_of(read(NOTEBOOK))
