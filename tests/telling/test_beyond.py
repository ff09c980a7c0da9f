"""What goes beyond the article says so wherever it is told."""

from datetime import date
from typing import Any

import afterrun
from afterrun.telling import as_markdown, page_html, plan_html, plan_page, report_html, result_page
from afterrun_cli.terminal.layout.text import as_text
from tests.support.random_input.intakes import CALM
from tests.support.rulebooks.shipped import shipped

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
    "load_change": ["none"],
}


def test_patterns_and_interventions_are_marked_in_every_shape(rulebook: afterrun.Rulebook) -> None:
    result = afterrun.assess(rulebook, INTAKE, engine="reference")
    assert set(result.beyond_article) == {"patellofemoral", "kneecap_programme", "run_within_limit"}
    assert result.to_dict()["beyond_article"] == list(result.beyond_article)
    page = result_page(rulebook, result)
    report = report_html(rulebook, afterrun.read_answers(rulebook, INTAKE), "reference")
    names = [
        rulebook.patterns["patellofemoral"].name,
        *(rulebook.interventions[each].name for each in ("kneecap_programme", "run_within_limit")),
    ]
    for told in (as_text(page.whole), as_markdown(page), page_html(page), report):
        for name in names:
            assert f"{name} {MARK}" in " ".join(told.split()).replace("\\", "")


def test_the_weeks_of_what_is_marked_are_marked(rulebook: afterrun.Rulebook) -> None:
    result = afterrun.assess(rulebook, INTAKE, engine="reference")
    schedule = afterrun.weeks(rulebook, result, date(2027, 3, 1))
    sessions = [each for each in schedule.sessions if each.kind == "kneecap"]
    assert sessions
    assert all(MARK in each.title and MARK in each.name for each in sessions)
    marked = {span.id for span in schedule.spans if MARK in span.name}
    assert marked == {"kneecap_programme", "run_within_limit"}
    assert MARK in as_text(plan_page(rulebook, schedule).page.whole)


def test_the_programmes_of_the_check_ins_are_marked(rulebook: afterrun.Rulebook) -> None:
    part = shipped("checkin")
    options = part.questions["programme"].options
    marked = {option.id for option in options if option.text.endswith(MARK)}
    assert marked == {option.id for option in options if not rulebook.interventions[option.id].covered}


def test_cards_of_one_programme_only_are_marked(rulebook: afterrun.Rulebook) -> None:
    outer = {**INTAKE, "pain_site": ["outer_side"], "provoked_by": ["downhill_or_distance"]}
    outer |= {"strength_sessions": 2, "strength_range": "yes", "strength_check": "pass"}
    result = afterrun.assess(rulebook, outer, engine="reference")
    schedule = afterrun.weeks(rulebook, result, date(2027, 3, 1))
    cards = (
        plan_html(rulebook, schedule, plan_page(rulebook, schedule))
        .split("The exercises")[1]
        .split("The weeks")[0]
    )
    assert MARK in cards


def test_nothing_of_the_article_is_marked(rulebook: afterrun.Rulebook) -> None:
    load = {**INTAKE, "pain_site": ["inner_side"], "provoked_by": ["squat"], "load_change": ["more_weekly"]}
    result = afterrun.assess(rulebook, load, engine="reference")
    assert result.beyond_article == ()
    assert MARK not in as_text(result_page(rulebook, result).whole)
