"""The rulebook searched: what holds the words, the likeliest first, and where in it they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun import Rulebook
from afterrun.rulebook import engine_of
from afterrun.telling import SHELVES, Shelf, search


def test_everything_has_one_leaf(rulebook: Rulebook) -> None:
    shelf = engine_of(rulebook, Shelf)
    places = [(each.shelf, each.key) for each in shelf.leaves]
    assert len(places) == len(set(places))
    assert {each.shelf for each in shelf.leaves} == set(SHELVES)
    written = {each.id for each in rulebook.rules.values() if each.written is not None}
    assert {each.key for each in shelf.on("rules")} == written
    assert {each.key for each in shelf.on("questions")} == {*rulebook.questions, *rulebook.measures}
    assert {each.key for each in shelf.on("conclusions")} == set(rulebook.propositions)
    for kind, names in (
        ("triage", rulebook.triage),
        ("pattern", rulebook.patterns),
        ("intervention", rulebook.interventions),
        ("exercise", rulebook.exercises),
    ):
        found = {each.key for each in shelf.on("care") if each.key.startswith(f"{kind}-")}
        assert found == {f"{kind}-{name}" for name in names}
    sources = {each.key for each in (*shelf.on("statements"), *shelf.on("sources"))}
    assert {each.id for each in rulebook.sources.publications} <= sources
    assert {f"article:{each.id}" for each in rulebook.sources.article.statements} <= sources


@pytest.mark.slow
def test_a_leaf_is_found_by_its_own_words(rulebook: Rulebook) -> None:
    for leaf in engine_of(rulebook, Shelf).leaves[::9]:
        words = " ".join(f"{leaf.title} {leaf.text}".split()[:6])
        assert leaf in search(rulebook, words).found, words


@pytest.mark.parametrize(
    ("words", "shelf", "key"),
    [
        ("Nutarelli 2023", "sources", "nutarelli-2023"),
        ("how old", "questions", "age_years"),
        ("TENDON below KNEECAP", "care", "pattern-patellar_tendon"),
        ("warning_signs", "questions", "warning_signs"),
        ("running waits for the tendon", "rules", "running-waits-for-the-tendon"),
    ],
)
def test_what_is_named_so_comes_among_the_first(rulebook: Rulebook, words: str, shelf: str, key: str) -> None:
    found = [(each.shelf, each.key) for each in search(rulebook, words).found]
    assert (shelf, key) in found[:5], found[:5]


def test_other_forms_and_accents_of_a_word_are_the_word(rulebook: Rulebook) -> None:
    tendon = search(rulebook, "tendon")
    assert tendon.whole
    assert set(search(rulebook, "Téndons").found) >= set(tendon.found)


def test_a_slip_of_the_pen_is_told_with_what_may_be_meant(rulebook: Rulebook) -> None:
    came = search(rulebook, "patellar tendom")
    assert (came.whole, came.meant) == (False, "patellar tendon")
    assert came.found
    nothing = search(rulebook, "qqqqqqq")
    assert (nothing.found, nothing.meant) == ((), "")


def test_the_snippet_shows_the_place(rulebook: Rulebook) -> None:
    came = search(rulebook, "hopping")
    for leaf in came.found:
        snippet = came.shown(leaf).snippet
        shown = "".join(piece for piece, _ in snippet)
        assert len(shown) < 300
        assert shown.strip("… ") in leaf.text
        if "hopping" in leaf.text.lower():
            assert any(hit and "hopping" in piece.lower() for piece, hit in snippet), shown


@given(st.text(max_size=60))
def test_any_text_can_be_looked_for(rulebook: Rulebook, text: str) -> None:
    came = search(rulebook, text)
    assert len(came.words) <= 8
    for leaf in came.found[:3]:
        assert came.shown(leaf).snippet or not leaf.text
