"""The rulebook searched: what holds the words, the likeliest first, and where in it they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun import Rulebook
from afterrun.telling import SHELVES, Shelf, search


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Shelf:
    return Shelf({"": rulebook})


def test_everything_has_one_leaf(rulebook: Rulebook, book: Shelf) -> None:
    places = [(each.shelf, each.key) for each in book.leaves]
    assert len(places) == len(set(places))
    assert {each.shelf for each in book.leaves} == set(SHELVES)
    written = {each.id for each in rulebook.rules.values() if each.written is not None}
    assert {each.key for each in book.on("rules")} == written
    assert {each.key for each in book.on("questions")} == {*rulebook.questions, *rulebook.measures}
    assert {each.key for each in book.on("conclusions")} == set(rulebook.propositions)
    for kind, names in (
        ("triage", rulebook.triage),
        ("pattern", rulebook.patterns),
        ("intervention", rulebook.interventions),
        ("exercise", rulebook.exercises),
    ):
        found = {each.key for each in book.on("care") if each.key.startswith(f"{kind}-")}
        assert found == {f"{kind}-{name}" for name in names}
    sources = {each.key for each in (*book.on("statements"), *book.on("sources"))}
    assert {each.id for each in rulebook.sources.publications} <= sources
    assert {f"article:{each.id}" for each in rulebook.sources.statements} <= sources


@pytest.mark.slow
def test_a_leaf_is_found_by_its_own_words(book: Shelf) -> None:
    for leaf in book.leaves[::9]:
        words = " ".join(f"{leaf.title} {leaf.text}".split()[:6])
        assert leaf in search(book, words).found, words


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
def test_what_is_named_so_comes_among_the_first(book: Shelf, words: str, shelf: str, key: str) -> None:
    found = [(each.shelf, each.key) for each in search(book, words).found]
    assert (shelf, key) in found[:5], found[:5]


def test_other_forms_and_accents_of_a_word_are_the_word(book: Shelf) -> None:
    tendon = search(book, "tendon")
    assert tendon.whole
    assert set(search(book, "Téndons").found) >= set(tendon.found)


def test_a_slip_of_the_pen_is_told_with_what_may_be_meant(book: Shelf) -> None:
    came = search(book, "patellar tendom")
    assert (came.whole, came.meant) == (False, "patellar tendon")
    assert came.found
    nothing = search(book, "qqqqqqq")
    assert (nothing.found, nothing.meant) == ((), "")


def test_the_snippet_shows_the_place(book: Shelf) -> None:
    came = search(book, "hopping")
    for leaf in came.found:
        snippet = came.shown(leaf).snippet
        shown = "".join(piece for piece, _ in snippet)
        assert len(shown) < 300
        assert shown.strip("… ") in leaf.text
        if "hopping" in leaf.text.lower():
            assert any(hit and "hopping" in piece.lower() for piece, hit in snippet), shown


@given(st.text(max_size=60))
def test_any_text_can_be_looked_for(book: Shelf, text: str) -> None:
    came = search(book, text)
    assert len(came.words) <= 8
    for leaf in came.found[:3]:
        assert came.shown(leaf).snippet or not leaf.text
