"""The rulebook as a book: every link resolves, every rule and statement is in it, and it is accessible."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from pathlib import Path
from urllib.parse import urldefrag
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser

from afterrun import Rulebook
from afterrun.telling import SHELVES, Shelf, book_pages, graph_svg
from afterrun.telling.book.graph import dependency_graph
from afterrun.telling.book.uses import uses_of
from afterrun.telling.formats.html import anchor
from tests.support.cli_runs import run
from tests.support.paths import ROOT
from tests.support.random_input.rulebooks import small_rulebook, write_files
from tests.support.readers.pdfs import page_count
from tests.support.web.browsers import Screen, serious_faults
from tests.support.web.pages import Page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def parts(rulebook: Rulebook, checkin_part: Rulebook) -> dict[str, Rulebook]:
    return {"": rulebook, "checkin": checkin_part}


@pytest.fixture(scope="module")
def shelf(parts: dict[str, Rulebook]) -> Shelf:
    return Shelf(parts)


@pytest.fixture(scope="module")
def files(parts: dict[str, Rulebook]) -> dict[str, str]:
    return book_pages(parts)


def test_every_link_resolves_and_nothing_is_fetched(files: dict[str, str]) -> None:
    pages = {name: Page(text) for name, text in files.items()}
    for name, page in pages.items():
        assert page.loads == [], name
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.links:
            if not link.startswith("http"):
                address, place = urldefrag(link)
                target = (
                    posixpath.normpath(posixpath.join(posixpath.dirname(name), address)) if address else name
                )
                assert target in pages, (name, link)
                assert not place or place in pages[target].ids, (name, link)


def test_every_leaf_of_every_part_is_told_once(shelf: Shelf, files: dict[str, str]) -> None:
    for name in SHELVES:
        page = Page(files[f"{name}.html"])
        ids = [f"{name}-{anchor(each.key)}" for each in shelf.on(name)]
        assert ids
        assert [each for each in page.ids if each in ids] == ids
        assert {each.part for each in shelf.on(name)} == ({""} if name in SAME_FOR_ALL else {"", "checkin"})


QUESTION = {"id": "age", "ask": "How old are you?", "type": "integer", "at_least": 1, "at_most": 99}
RULE = {
    "id": "found-it",
    "if": {"age": {"over": 9}},
    "then": ["found"],
    "examples": {"fires": [{"age": 10}], "silent": [{"age": 9}]},
}
SAME_FOR_ALL = ("statements", "sources", "evidence")


def test_every_rule_of_both_parts_has_a_page_beside_its_sources(
    parts: dict[str, Rulebook], shelf: Shelf, files: dict[str, str]
) -> None:
    statements = {f"article:{each.id}": each.text for each in parts[""].sources.statements}
    leaves = shelf.on("rules")
    assert len(leaves) == len([each for name in files if name.startswith("rules/") for each in [name]])
    for leaf in leaves:
        rule = parts[leaf.part].rules[leaf.name]
        page = Page(files[f"rules/{anchor(leaf.key)}.html"])
        assert folded(rule.because) in page.text, leaf.key
        for source in rule.sources:
            assert source in page.text, leaf.key
            assert folded(statements.get(source, "")) in page.text
        assert "not approved: never reviewed" in page.text
        assert f"To cite it: rule {leaf.key} of {parts[''].identity.name}" in page.text


def test_every_question_stands_with_its_help_its_range_and_each_option_once(
    parts: dict[str, Rulebook], shelf: Shelf, files: dict[str, str]
) -> None:
    text = Page(files["questions.html"]).text
    for leaf in (each for each in shelf.on("questions") if each.kind == "question"):
        question = parts[leaf.part].questions[leaf.name]
        article = article_of(files["questions.html"], f"questions-{anchor(leaf.key)}")
        for each in (question.means, question.example, question.why, *(g.title for g in question.groups)):
            assert each in text
        for option in question.options:
            assert article.count(f'<code class="soft">{option.id}</code>') == 1
        assert ("I don’t know" in article) == (question.unknown_reads is not None)
        assert ("It is skipped" in article) == (question.skip_when is not None)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("age_years", "A whole number from 10 to 100, in years."),
        ("volume_last_week", "A number from 0 to 300 kilometres or 190 miles or 3000 minutes."),
        ("pain_site", "At most 2 options."),
        ("checkin:run_pain", "A whole number from 0 to 10"),
    ],
)
def test_the_range_of_an_answer_is_told(files: dict[str, str], question: str, said: str) -> None:
    assert said in Page(article_of(files["questions.html"], f"questions-{anchor(question)}")).text


def test_what_rests_on_an_answer_is_told_through_measures_skips_and_the_plan(rulebook: Rulebook) -> None:
    last_week = uses_of(rulebook, "volume_last_week")
    by = dict(last_week.measures)
    assert "weekly_rise_percent" in by
    assert by["weekly_rise_percent"]
    # Made of a measure that is made of it.
    assert "claim_above_recent" in by
    assert "baseline_volume" in last_week.plan
    skipping = [name for name in rulebook.questions if uses_of(rulebook, name).skips]
    assert skipping
    assert {skipped for name in skipping for skipped in uses_of(rulebook, name).skips} == set(rulebook.skips)


def test_no_question_is_idle_in_the_book(parts: dict[str, Rulebook]) -> None:
    for rulebook in parts.values():
        for name in (*rulebook.questions, *rulebook.measures):
            uses = uses_of(rulebook, name)
            known = rulebook.enrolment is not None and name in rulebook.enrolment.enrolled
            assert (
                known or uses.rules or any(rules for _, rules in uses.measures) or uses.plan or uses.skips
            ), name


def test_every_key_of_the_plan_is_told_with_all_its_variants(
    parts: dict[str, Rulebook], shelf: Shelf, files: dict[str, str]
) -> None:
    for leaf in (each for each in shelf.on("plan") if each.kind == "plan"):
        items = [each for each in parts[leaf.part].plan if leaf.name in (each.key, *each.also)]
        article = article_of(files["plan.html"], f"plan-{anchor(leaf.key)}")
        assert article.count("What it says") == len(items)
        for item in items:
            assert all(f">{each}</a>" in article for each in item.sources)
            assert item.asked_later in article
    told = Page(article_of(files["plan.html"], "plan-baseline_volume")).text
    assert "The smaller of these; the second only where there is one:" in told
    assert "How far below what you can run with no pain you start, as the rules choose it" in told
    buffer = Page(article_of(files["plan.html"], "plan-parameter-buffer_pct")).text
    assert "of several, the largest wins" in buffer
    assert re.search(r"20 %: [a-z]+", buffer)


def test_every_invariant_is_told_with_its_claims(
    parts: dict[str, Rulebook], shelf: Shelf, files: dict[str, str]
) -> None:
    page = Page(files["invariants.html"])
    assert len(shelf.on("invariants")) == sum(len(each.invariants) for each in parts.values())
    for each in (each for rulebook in parts.values() for each in rulebook.invariants):
        assert folded(each.written.because) in page.text
    told = Page(article_of(files["invariants.html"], "invariants-a-red-flag-gives-no-exercise")).text
    assert "This is never so" in told
    assert "One of these is listed, for now or later:" in told


def test_each_claim_stands_with_level_certainty_and_who_approves_what_rests_on_it(
    rulebook: Rulebook, files: dict[str, str]
) -> None:
    table = files["evidence.html"].partition("<tbody>")[2].partition("</tbody>")[0]
    rows = {Page(each).text.partition(". ")[0]: Page(each).text for each in table.split("</tr>")}
    assert len(rows) - 1 == len(rulebook.evidence)
    told = rows["People feel healed, run again and relapse"]
    levels = {each.id: each.level for each in rulebook.sources.publications}
    verdict = next(each for each in rulebook.evidence if each.id == "feels-healed-then-relapses")
    best = min(levels[each] for each in verdict.sources if each in levels)
    assert f"The literature agrees {best} Low 0 of " in told


def test_every_statement_leads_to_rules_or_says_why_not(rulebook: Rulebook, files: dict[str, str]) -> None:
    page = Page(files["statements.html"])
    for statement in rulebook.sources.statements:
        assert f"statements-article-{statement.id}" in page.ids
        assert folded(statement.text) in page.text
    for row in rulebook.sources.rows:
        assert f"statements-row-{row.id}" in page.ids
        assert not row.pending or row.pending in page.text


@pytest.mark.process
def test_the_search_needs_no_server(files: dict[str, str], browser: Browser, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with Screen(browser, (tmp_path / "search.html").as_uri()) as screen:
        page = screen.page
        page.locator("#q").fill("Bone  stress")
        assert "places" in page.locator("#status").inner_text()
        page.locator("#found a").first.click()
        assert "stress" in page.locator("main").inner_text().lower()
        page.go_back()
        assert page.locator("#q").input_value() == "Bone  stress"
        page.locator("#q").fill("qqqqq")
        assert page.locator("#status").inner_text() == "Nothing has these words."
        page.goto("about:blank")
        page.goto(f"{(tmp_path / 'search.html').as_uri()}#%")
        assert page.locator("#q").input_value() == ""
        assert screen.complaints == []


@pytest.mark.process
def test_in_one_piece_it_is_a_pdf_with_every_part(tmp_path: Path) -> None:
    """A small rulebook, since the shipped one is some hundreds of pages."""
    write_files(tmp_path / "small", small_rulebook([RULE], [QUESTION], ["found"]))
    made = run("rules", "docs", "--rulebook", tmp_path / "small", "-o", tmp_path / "book.pdf")
    assert made.code == 0, made.err
    assert page_count((tmp_path / "book.pdf").read_bytes()) > 1
    whole = run("rules", "docs", "--rulebook", tmp_path / "small", "-o", tmp_path / "book.html")
    assert whole.code == 0
    page = Page((tmp_path / "book.html").read_text(encoding="utf-8"))
    assert len(page.ids) == len(set(page.ids))
    assert [each for each in page.links if each.startswith("#") and each[1:] not in page.ids] == []
    assert page.skipped_headings() == []


def folded(text: str) -> str:
    """Its white space folded."""
    return " ".join(text.split())


def article_of(html: str, id_: str) -> str:
    """What a page tells of one thing."""
    found = html.partition(f'<article class="rule" id="{id_}"')[2].partition("</article>")[0]
    assert found, id_
    return found


def test_every_page_is_in_order(files: dict[str, str]) -> None:
    for name, text in files.items():
        if name.endswith(".html"):
            page = Page(text)
            assert {"main", "nav", "header", "footer", "title"} <= set(page.tags)
            assert page.headings[0] == 1, name
            assert page.headings.count(1) == 1, name
            assert page.skipped_headings() == [], name


def test_every_line_of_the_graph_runs_to_the_right(rulebook: Rulebook) -> None:
    graph = dependency_graph(rulebook)
    layer = {name: place for place, each in enumerate(graph.layers) for name in each}
    assert set(rulebook.propositions) <= set(layer)
    assert all(layer[edge.start] < layer[edge.end] for edge in graph.edges)
    drawn = ElementTree.fromstring(graph_svg(rulebook))
    assert len(drawn.findall(".//{*}rect")) == len(layer)
    assert len(drawn.findall(".//{*}path")) == len(graph.edges)


@pytest.mark.process
@pytest.mark.parametrize("name", ["questions", "plan", "evidence", "graph", "search", "rules/tendon-likely"])
def test_axe_finds_nothing_serious(files: dict[str, str], reader: Screen, name: str) -> None:
    assert serious_faults(reader, files[f"{name}.html"]) == []


@pytest.mark.process
def test_axe_would_tell_of_a_fault(reader: Screen) -> None:
    html = "<!DOCTYPE html><html><head><title>x</title></head><body><img src='x.png'></body></html>"
    assert any("image-alt" in each for each in serious_faults(reader, html))


def test_the_commands(tmp_path: Path, rulebook: Rulebook) -> None:
    listed = run("rules", "list")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == [
        rule.id for rule in rulebook.rules.values() if rule.written is not None
    ]
    shown = " ".join(run("rules", "show", "tendon-likely").out.split())
    assert "The tendon below the kneecap: likely (pattern.patellar_tendon.likely)" in shown
    assert "All of these:" in shown
    told = json.loads(run("rules", "show", "tendon-likely", "--format", "json").out)
    assert (told["id"], told["then"]) == ("tendon-likely", ["pattern.patellar_tendon.likely"])
    assert run("rules", "graph", "-o", tmp_path / "graph.svg").code == 0
    assert (tmp_path / "graph.svg").read_text(encoding="utf-8") == graph_svg(rulebook)
    assert run("rules", "docs", "-o", tmp_path / "site").code == 0
    assert (tmp_path / "site" / "index.html").is_file()


def test_bad_input_is_told(tmp_path: Path) -> None:
    ran = run("rules", "show", "tendon-likley")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean 'tendon-likely'" in ran.err
    for name in ("rules", "knowledge"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "rules" / "findings.yaml").write_text("- id: Bad Id\n- nonsense\n", encoding="utf-8")
    broken = run("rules", "list", "--rulebook", tmp_path)
    assert broken.code == 3
    assert len([line for line in broken.err.splitlines() if line.startswith("error:")]) > 1


def test_all_that_a_runner_is_told_is_in_it(rulebook: Rulebook, files: dict[str, str]) -> None:
    page = Page(files["care.html"])
    for each in rulebook.interventions.values():
        for text in (each.called, each.short, *each.steps, each.more):
            assert " ".join(text.split()) in page.text, each.id
    for pattern in rulebook.patterns.values():
        assert " ".join(pattern.text.split()) in page.text
        assert pattern.called in page.text
    for exercise in rulebook.exercises.values():
        assert exercise.id in page.ids
        assert " ".join(exercise.movement.split()) in page.text


def test_questions_say_what_is_harmless_and_what_was_asked_before(
    rulebook: Rulebook, files: dict[str, str]
) -> None:
    page = Page(files["questions.html"])
    options = [option for each in rulebook.questions.values() for option in each.options]
    assert any(each.harmless for each in options)
    assert [each.id for each in options if " ".join(each.harmless.split()) not in page.text] == []
    gone = [name for each in rulebook.questions.values() if each.earlier for name in each.earlier.gone]
    assert gone
    assert [name for name in gone if name not in page.text] == []
