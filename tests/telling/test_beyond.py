"""What goes beyond the article says so wherever it is told."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

import afterrun
from afterrun.telling import page_html, plan_page, report_html, result_page
from afterrun_cli.terminal.markdown import as_markdown
from afterrun_cli.terminal.text import as_text
from tests.support.intakes_random import CALM

MARK = "(beyond the article)"
INTAKE: dict[str, Any] = {
    **CALM,
    "pain_site": ["around_behind_kneecap"],
    "pain_timing": "during_only",
    "provoked_by": ["stairs", "long_sitting"],
    "pain_duration": "one_to_three_days",
    "weeks_since_onset": 6,
    "relapses": "never",
    "running_status": "regular_same",
    "weeks_off": 0,
    "volume_unit": "km",
    "volume_last_week": 20,
    "volume_before": 20,
    "volume_sustainable": 20,
    "strength_sessions": 0,
    "strength_check": "both_fail",
}


@pytest.fixture(scope="module")
def beyond(rulebook: afterrun.Rulebook) -> afterrun.Rulebook:
    """The rulebook, with its strength work marked."""
    strength = rulebook.interventions["full_range_strength"].changed(covered=False)
    return replace(rulebook, interventions={**rulebook.interventions, strength.id: strength})


def test_patterns_and_interventions_are_marked_in_every_shape(beyond: afterrun.Rulebook) -> None:
    result = afterrun.assess(beyond, INTAKE, engine="reference")
    assert set(result.beyond_article) == {"patellofemoral", "full_range_strength"}
    assert result.to_dict()["beyond_article"] == list(result.beyond_article)
    page = result_page(beyond, result)
    report = report_html(beyond, afterrun.read_answers(beyond, INTAKE), "reference")
    for told in (as_text(page), as_markdown(page), page_html(page), report):
        for name in ("Kneecap-joint type pain", "Full-range leg strength"):
            assert f"{name} {MARK}" in " ".join(told.split()).replace("\\", "")


def test_the_weeks_of_what_is_marked_are_marked(beyond: afterrun.Rulebook) -> None:
    result = afterrun.assess(beyond, INTAKE, engine="reference")
    schedule = afterrun.weeks(beyond, result, date(2027, 3, 1))
    strength = [each for each in schedule.sessions if each.kind == "strength"]
    assert strength
    assert all(MARK in each.title and MARK in each.name for each in strength)
    assert [span.id for span in schedule.spans if MARK in span.name] == ["full_range_strength"]
    assert MARK in as_text(plan_page(beyond, schedule).page.whole)


def test_nothing_of_the_article_is_marked(rulebook: afterrun.Rulebook) -> None:
    load = {**INTAKE, "pain_site": ["inner_side"], "provoked_by": ["squat"]}
    result = afterrun.assess(rulebook, load, engine="reference")
    assert result.beyond_article == ()
    assert MARK not in as_text(result_page(rulebook, result).whole)
