"""What each file of a rulebook may hold, in words: complete, and as the models have it."""

from __future__ import annotations

from afterrun.rulebook import file_schemas
from afterrun.rulebook.schema import KNOWLEDGE
from afterrun.telling import file_shapes_page
from tests.support.cli_runs import run
from tests.support.paths import ROOT

DOCUMENT = ROOT / "docs" / "knowledge.md"


def test_the_document_is_fresh() -> None:
    ran = run("rules", "schema", "--check", "--words", DOCUMENT)
    assert ran.code == 0, ran.err


def test_each_file_has_a_section_with_every_key() -> None:
    sections = {each.title: each for each in file_shapes_page().sections}
    assert {f"knowledge/{stem}.yaml" for stem in KNOWLEDGE} < set(sections)
    told = {
        name.partition(":")[0]
        for section in sections.values()
        for point in section.points
        for name in (point.name, *point.steps)
    }
    schemas = file_schemas().values()
    shapes = [schema for file in schemas for schema in (file, *file.get("$defs", {}).values())]
    assert {key for shape in shapes for key in shape.get("properties", {})} <= told


def test_what_may_be_left_out_and_what_a_value_is_are_said() -> None:
    sections = {each.title: each for each in file_shapes_page().sections}
    assert "May be left out." in sections["knowledge/patterns.yaml"].note
    assert "May be left out." not in sections["knowledge/triage.yaml"].note
    parameter = {point.name: point.text for point in sections["knowledge/parameters.yaml"].points}
    assert parameter["wins"] == "'smallest' or 'largest', needed."
    assert parameter["values"] == "A list of: a number, needed."
    rule, invariant = (
        {point.name: point.text for point in sections[f"rules/{name}.yaml"].points}
        for name in ("NAME", "invariants")
    )
    assert rule["if"] == "Text or a condition, needed. What must hold."
    assert invariant["when"].startswith("Text or a claim.")
    tests = next(point for point in sections["In several files"].points if point.name == "Test")
    assert "is: A whole number or a number or text. Equals this value." in tests.steps


def test_whatever_has_a_name_of_its_own_is_told_once_and_in_words() -> None:
    points = [point for section in file_shapes_page().sections for point in section.points]
    names = [point.name for point in points]
    assert [names.count(each) for each in ("A claim", "A condition", "A formula")] == [1, 1, 1]
    told = [words for point in points for words in (point.name, point.text, *point.steps)]
    assert [each for each in told if "_or_another" in each] == []
