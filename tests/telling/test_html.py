"""Every kind of page: one style, nothing fetched, open to everybody; and a room that is light to enter."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import afterrun
from afterrun.intake import raw_intakes, read_intake
from afterrun.telling import (
    Findings,
    View,
    book_pages,
    coverage_html,
    coverage_page,
    diary_handover,
    exercises_page,
    explanation_html,
    handover_html,
    handover_of,
    page_html,
    plan_html,
    plan_page,
    report_html,
    result_page,
    summary_page,
)
from afterrun.verify.cases import Places, cover, read_cases
from tests.diary.test_onward import PART, RUNNER, lived, ran
from tests.support.cli_runs import SAMPLE
from tests.support.rulebooks.shipped import shipped
from tests.support.web.browsers import Screen, serious_faults
from tests.support.web.pages import Page, policy_faults


def answers(rulebook: afterrun.Rulebook) -> afterrun.Answers:
    with SAMPLE.open("rb") as stream:
        return read_intake(rulebook, next(raw_intakes(stream, "sample", None)))


def a_plan(rulebook: afterrun.Rulebook) -> str:
    result = afterrun.assess(rulebook, answers(rulebook), engine="compiled")
    schedule = afterrun.weeks(rulebook, afterrun.State.of(result), date(2027, 3, 1))
    return plan_html(rulebook, schedule, plan_page(rulebook, schedule))


def first_steps_alone(rulebook: afterrun.Rulebook) -> str:
    result = afterrun.assess(rulebook, {"warning_signs": ["calf_swollen"]}, engine="compiled")
    return page_html(result_page(rulebook, result))


def a_summary(rulebook: afterrun.Rulebook) -> str:
    pytest.importorskip("polars", reason="the extra 'batch' is not installed")
    from afterrun.batch import summary_in_memory
    from afterrun.batch.write.tally import Tally

    tally = Tally(3, 2, 1, {"urgent": 2}, {}, {"age_years": 1}, {}, {"not JSON": 1})
    summary = summary_in_memory(rulebook, tally, ["<intakes>.csv"])
    return page_html(summary_page(summary), inputs=summary.inputs)


def a_coverage(rulebook: afterrun.Rulebook) -> str:
    case = {"id": "one", "title": "", "answers": {"age_years": 34}, "expect": {"triage": "incomplete"}}
    cases = read_cases([("cases.jsonl", json.dumps(case))])
    places = Places()
    return coverage_html(coverage_page(rulebook, cover(rulebook, cases, places), places))


def an_explanation(rulebook: afterrun.Rulebook) -> str:
    told = answers(rulebook)
    found = Findings(afterrun.explain(rulebook, told, "patellar_tendon", engine="compiled"))
    return explanation_html(View(rulebook, told, "self_care", "person"), found)


def a_report(rulebook: afterrun.Rulebook) -> str:
    return report_html(rulebook, answers(rulebook), "compiled")


def a_report_on_paper(rulebook: afterrun.Rulebook) -> str:
    return report_html(rulebook, answers(rulebook), "compiled", paper="a4")


def a_handover(rulebook: afterrun.Rulebook) -> str:
    return handover_html(handover_of(rulebook, answers(rulebook), "compiled"))


def a_diary_handover(_: afterrun.Rulebook) -> str:
    return handover_html(diary_handover(PART, lived(RUNNER, ran(18), ran(18, run_pain=2)), "compiled"))


def the_exercises(rulebook: afterrun.Rulebook) -> str:
    return page_html(exercises_page(rulebook, rulebook.exercises.values()))


@cache
def made(make: Callable[[afterrun.Rulebook], str]) -> str:
    """A page of the rulebook as shipped, for all that look at it."""
    return make(shipped())


PAGES = pytest.mark.parametrize(
    "make",
    [
        a_plan,
        the_exercises,
        first_steps_alone,
        a_summary,
        a_coverage,
        an_explanation,
        a_report,
        a_report_on_paper,
        a_handover,
        a_diary_handover,
    ],
)


@pytest.mark.slow
@PAGES
def test_a_page_fetches_nothing_and_says_which_rules_it_rests_on(
    make: Callable[[afterrun.Rulebook], str], rulebook: afterrun.Rulebook
) -> None:
    html = made(make)
    page = Page(html)
    assert html.startswith("<!doctype html>")
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert page.loads == []
    assert {"header", "main", "footer", "title"} <= set(page.tags)
    assert page.headings.count(1) == 1
    assert page.skipped_headings() == []
    assert rulebook.digest[:12] in page.text


@pytest.mark.slow
@PAGES
def test_a_page_runs_nothing_but_its_own_scripts(make: Callable[[afterrun.Rulebook], str]) -> None:
    assert policy_faults(made(make)) == []


@pytest.mark.slow
def test_the_pages_of_the_book_run_nothing_but_their_own_scripts(rulebook: afterrun.Rulebook) -> None:
    pages = {name: text for name, text in book_pages({"": rulebook}).items() if name.endswith(".html")}
    assert [(name, faults) for name, text in pages.items() if (faults := policy_faults(text))] == []


def test_every_page_stands_on_the_one_base_that_has_the_policy() -> None:
    folder = Path(afterrun.telling.__file__).parent / "templates"
    texts = {each.name: each.read_text(encoding="utf-8") for each in folder.rglob("*.j2")}
    assert [name for name, text in texts.items() if "<html" in text or "<head" in text] == ["base.html.j2"]
    for name, text in texts.items():
        # What is looked through is data, which runs nothing.
        scripts = text.replace('<script type="application/json"', "").replace("<script>{{ script(", "")
        assert "<script" not in scripts, name


@pytest.mark.process
@pytest.mark.slow
@PAGES
def test_axe_finds_nothing_serious(make: Callable[[afterrun.Rulebook], str], reader: Screen) -> None:
    assert serious_faults(reader, made(make)) == []


def test_what_is_counted_is_text_and_never_markup(rulebook: afterrun.Rulebook) -> None:
    assert "&lt;intakes&gt;.csv" in a_summary(rulebook)


@pytest.mark.process
def test_words_are_made_without_what_only_some_media_need() -> None:
    heavy = "{'jinja2', 'weasyprint', 'polars', 'numpy', 'z3', 'sqlalchemy', 'rich'}"
    code = "import sys, afterrun.telling as room\nfor name in dir(room): getattr(room, name)\n"
    code += f"sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
