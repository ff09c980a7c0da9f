"""The rulebook as a book: every link resolves, every rule and statement is in it, and it is accessible."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import urldefrag
from xml.etree import ElementTree

import pytest

from afterrun import Rulebook
from afterrun.telling import book_pages, graph_svg
from afterrun.telling.book.graph import dependency_graph
from tests.support.cli_runs import run
from tests.support.paths import ROOT
from tests.support.web_pages import Page, serious_faults


@pytest.fixture(scope="module")
def files(rulebook: Rulebook) -> dict[str, str]:
    return book_pages(rulebook)


def test_every_link_resolves_and_nothing_is_fetched(files: dict[str, str]) -> None:
    pages = {name: Page(text) for name, text in files.items()}
    for name, page in pages.items():
        assert page.loads == [], name
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.links:
            if not link.startswith("http"):
                target, place = urldefrag(link)
                assert (target or name) in pages, (name, link)
                assert not place or place in pages[target or name].ids, (name, link)


@pytest.mark.slow
def test_every_rule_stands_beside_its_sources(rulebook: Rulebook, files: dict[str, str]) -> None:
    page = Page(files["rules.html"])
    for rule in rulebook.rules.values():
        if rule.written is not None:
            assert rule.id in page.ids
            assert " ".join(rule.because.split()) in page.text
    for statement in rulebook.sources.article.statements:
        used = any(f"article:{statement.id}" in rule.sources for rule in rulebook.rules.values())
        assert not used or " ".join(statement.text.split()) in page.text


def test_every_question_stands_with_its_help_and_each_option_once(
    rulebook: Rulebook, files: dict[str, str]
) -> None:
    text = Page(files["questions.html"]).text
    for question in rulebook.questions.values():
        article = files["questions.html"].partition(f'id="{question.id}"')[2].partition("</article>")[0]
        for each in (question.means, question.example, question.why, *(g.title for g in question.groups)):
            assert each in text
        for option in question.options:
            assert article.count(f'<code class="soft">{option.id}</code>') == 1


def test_every_statement_leads_to_rules_or_says_why_not(rulebook: Rulebook, files: dict[str, str]) -> None:
    page = Page(files["statements.html"])
    for statement in rulebook.sources.article.statements:
        assert f"source-article-{statement.id}" in page.ids
    for row in rulebook.sources.rows:
        assert f"source-row-{row.id}" in page.ids
        assert not row.pending or row.pending in page.text


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
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["index", "rules", "conclusions", "questions", "statements", "sources", "graph"]
)
def test_axe_finds_nothing_serious(files: dict[str, str], name: str) -> None:
    assert serious_faults(files[f"{name}.html"]) == []


@pytest.mark.process
@pytest.mark.slow
def test_axe_would_tell_of_a_fault() -> None:
    html = "<!DOCTYPE html><html><head><title>x</title></head><body><img src='x.png'></body></html>"
    assert any("image-alt" in each for each in serious_faults(html))


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
