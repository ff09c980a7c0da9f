"""The audit report: complete, self-contained, accessible, and silent to the runner where triage hides."""

from __future__ import annotations

import json
import re
from collections import Counter
from html import escape
from pathlib import Path

import pytest

import afterrun
from afterrun.telling import Findings, View, as_pdf, explanation_html, report_html
from afterrun.telling.result import plan_rows
from tests.support.cli_runs import SAMPLE, run
from tests.support.paths import DATA
from tests.support.readers.pdfs import lost_on_paper, page_count, page_width
from tests.support.web.browsers import Screen, serious_faults
from tests.support.web.pages import Page

pytestmark = pytest.mark.slow

CASES = {
    case["id"]: case["answers"]
    for line in (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    for case in [json.loads(line)]
}
SAID_OTHERWISE = (
    "As told in",
    "the proof above: ",
    "Every rule for it is refuted:",
    "Unfold a conclusion",
    ": holds",
    ": does not",
    "Value",
)
"""How a page for the screen refers and labels, which paper does in other words."""
SHOWN = ("V001", "V003", "V007", "V008", "V014")


def report(rulebook: afterrun.Rulebook, answers: dict[str, object]) -> str:
    return report_html(rulebook, afterrun.read_answers(rulebook, answers))


@pytest.mark.parametrize("case", SHOWN)
def test_every_conclusion_leads_to_its_statement_in_the_article(
    rulebook: afterrun.Rulebook, case: str
) -> None:
    html = report(rulebook, CASES[case])
    page = Page(html)
    result = afterrun.assess(rulebook, CASES[case])
    for conclusion, proof in result.because.items():
        for step in proof.steps:
            assert step.because in page.text
            for source in step.sources:
                assert f"source-{source.replace(':', '-')}" in page.ids
        if conclusion.startswith(("triage.", "pattern.")):
            assert conclusion.replace(".", "-") in page.ids
    statements = {each.id: each.text for each in rulebook.sources.statements}
    cited = {each.removeprefix("source-article-") for each in page.ids if "source-article-" in each}
    assert cited
    assert all(statements[each] in page.text for each in cited)


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_report_holds_together(rulebook: afterrun.Rulebook, case: str) -> None:
    html = report_html(rulebook, afterrun.read_answers(rulebook, CASES[case]), "compiled")
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert page.loads == []
    assert page.skipped_headings() == []
    inside = [each.removeprefix("#") for each in page.links if each.startswith("#")]
    assert set(inside) <= set(page.ids)
    assert all(each.startswith(("#", "http")) for each in page.links)
    assert {"main", "nav", "header", "footer"} <= set(page.tags)
    assert rulebook.digest in page.text
    assert all(limit in page.text for limit in rulebook.identity.limits)


def test_where_triage_hides_patterns_the_runner_reads_none(rulebook: afterrun.Rulebook) -> None:
    intake = {**CASES["V001"], "warning_signs": ["calf_swollen"]}
    html = report(rulebook, intake)
    runner, clinician = html.split('id="clinician"')
    assert rulebook.triage["urgent"].do in Page(runner).text
    for pattern in rulebook.patterns.values():
        assert pattern.name not in runner
    assert "tendon" not in Page(runner.split("<main")[1]).text.lower()
    assert rulebook.patterns["patellar_tendon"].name in clinician
    assert "pattern.patellar_tendon.likely" in clinician


def test_codes_are_suggestions_without_a_side(rulebook: afterrun.Rulebook) -> None:
    text = Page(report(rulebook, CASES["V001"])).text
    assert "Suggestions only" in text
    assert "M76.50 Patellar tendinitis, unspecified knee" in text
    assert "FB54.Y Other specified enthesopathies of lower limb (alternative)" in text
    assert "M76.51" not in text.split("Codes a clinician may consider")[-1].split("Wrong codes")[0]


def test_what_someone_wrote_is_text_and_never_markup(rulebook: afterrun.Rulebook) -> None:
    html = report(rulebook, {**CASES["V001"], "record_id": "<script>alert(1)</script>"})
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("case", ["V001", "urgent", "blank"])
def test_axe_finds_nothing_serious(rulebook: afterrun.Rulebook, reader: Screen, case: str) -> None:
    intakes = {"urgent": {**CASES["V001"], "warning_signs": ["calf_swollen"]}, "blank": {"worst_pain": 3}}
    assert serious_faults(reader, report(rulebook, intakes.get(case, CASES.get(case, {})))) == []


@pytest.mark.process
@pytest.mark.slow
def test_axe_finds_nothing_serious_in_an_explanation(rulebook: afterrun.Rulebook, reader: Screen) -> None:
    answers = afterrun.read_answers(rulebook, CASES["V001"])
    found = Findings(
        afterrun.explain(rulebook, answers, "patellar_tendon"),
        (afterrun.why_asked(rulebook, answers, "pain_site"),),
        afterrun.what_if(rulebook, answers, {"pain_timing": "during_only"}),
        afterrun.nearest_changes(rulebook, answers, "pattern.training_load.likely"),
    )
    html = explanation_html(View(rulebook, answers, "self_care", "clinician"), found)
    assert Page(html).skipped_headings() == []
    assert serious_faults(reader, html) == []


@pytest.mark.parametrize("case", SHOWN)
def test_on_paper_all_is_told_and_each_proof_once(rulebook: afterrun.Rulebook, case: str) -> None:
    answers = afterrun.read_answers(rulebook, CASES[case])
    screen = report_html(rulebook, answers, "compiled")
    paper = report_html(rulebook, answers, "compiled", paper="a4")
    page = Page(paper)
    lost = {each.strip("“”") for each in lost_on_paper(screen, paper) if not each.startswith(SAID_OTHERWISE)}
    levels = {f"{level.name}: {level.do}" for level in rulebook.triage.values()}
    assert {each for each in lost - levels if each not in page.text} == set()
    assert len(page.ids) == len(set(page.ids))
    assert {each.removeprefix("#") for each in page.links if each.startswith("#")} <= set(page.ids)
    told = Counter(re.findall(r'<span class="meta"><code>([^<]+)</code>', paper))
    assert told
    for rule, times in told.items():
        concluded = rulebook.rules[rule].conclusions if rule in rulebook.rules else ("one",)
        assert times <= len(concluded), rule
    for name in answers.values:
        assert paper.count(f">{escape(rulebook.questions[name].ask, quote=False)}") <= 1


def test_a_level_that_overrules_another_is_marked_and_proved_once(rulebook: afterrun.Rulebook) -> None:
    unsure = {**CASES["V001"], "knee_behaviour": ["not_sure"], "pain_timing": "not_linked_to_running"}
    answers = afterrun.read_answers(rulebook, unsure)
    paper = report_html(rulebook, answers, "compiled", paper="a4")
    assert "See a clinician first (this one is used, the strongest)" in Page(paper).text
    # What follows from the level rests on it by another name, and leads back to its proof.
    assert paper.count('<span class="meta"><code>clinician-unsure-about-a-sign</code>') == 1


@pytest.mark.process
@pytest.mark.filterwarnings("default")
def test_the_report_on_paper_is_no_book(rulebook: afterrun.Rulebook) -> None:
    """That of the sample neither: the test of its command looks at that."""
    pytest.importorskip("weasyprint", reason="the extra 'pdf' is not installed", exc_type=ImportError)
    answers = afterrun.read_answers(rulebook, CASES["V037"])
    try:
        pdf = as_pdf(report_html(rulebook, answers, "compiled", paper="letter"))
    except OSError:
        pytest.skip("no pango here: the PDF was not made")
    assert 1 < page_count(pdf) <= 30
    assert page_width(pdf) == 612


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    ran = run("report", SAMPLE, "-o", tmp_path / "report.html")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert "Audit" in (tmp_path / "report.html").read_text(encoding="utf-8").title()
    assert run("report", SAMPLE).out == (tmp_path / "report.html").read_text(encoding="utf-8") + "\n"


def test_bad_input_is_told(tmp_path: Path) -> None:
    ran = run("report", "-", stdin="age_year: 3\n")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean 'age_years'" in ran.err
    ran = run("report", SAMPLE, "-o", tmp_path / "none" / "report.html")
    assert ran.code == 3
    assert "cannot be written" in ran.err


def test_a_key_of_the_plan_is_told_by_the_variant_that_applies(rulebook: afterrun.Rulebook) -> None:
    rows = {
        row.key: row
        for row in plan_rows(rulebook, afterrun.assess(rulebook, CASES["V024"], engine="compiled"))
    }
    ceiling = rows["strength_pain_ceiling"]
    variants = [item for item in rulebook.plan if item.key == ceiling.key]
    assert (ceiling.value, ceiling.sources) == ("3", variants[1].sources)
    assert variants[0].sources != variants[1].sources
    # The reason of another variant would be untrue here: no longer run came before, there was just none.
    assert CASES["V014"]["load_change"] == ["none"]
    rows = {
        row.key: row
        for row in plan_rows(rulebook, afterrun.assess(rulebook, CASES["V014"], engine="compiled"))
    }
    assert rows["single_run_max"].value == "not known yet"
