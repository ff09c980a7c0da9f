"""Text from outside as it may be shown: what is not seen is spelled out, what is read stays."""

import json
import pickle
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun.errors import AfterrunError, DocumentError, Problem, ProblemsError
from afterrun.visible import as_json, half_characters, is_text, on_one_line, visible
from tests.attacks.unseen import unseen

# Low halves alone, as names of files have them: two halves that make one character are one.
HALVES = st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"])
STEERING = ["\x1b[31m", "\x7f", "\x9b", "\u202e", "\u2028", "\n", "\r", "é\u200dé", "\ufeff"]
UNSEEN_TEXTS = st.lists(st.text(st.characters() | HALVES) | st.sampled_from(STEERING)).map("".join)
VALUES = st.recursive(
    UNSEEN_TEXTS | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(UNSEEN_TEXTS, inner),
    max_leaves=10,
)


@given(UNSEEN_TEXTS)
def test_what_is_shown_holds_nothing_that_is_not_seen_and_makes_no_line(text: str) -> None:
    assert unseen(visible(text)) == ""
    assert len(visible(text).splitlines()) <= text.count("\n") + 1
    assert unseen(on_one_line(text)) == ""
    assert len(on_one_line(text).splitlines()) <= 1


@given(UNSEEN_TEXTS)
def test_showing_twice_shows_the_same(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert on_one_line(on_one_line(text)) == on_one_line(text)


@given(VALUES, st.sampled_from([None, 2]))
def test_json_holds_nothing_that_is_not_seen_and_reads_back(value: Any, indent: int | None) -> None:
    written = as_json(value, indent=indent)
    assert unseen(written) == ""
    assert json.loads(written) == value


@given(UNSEEN_TEXTS)
def test_an_error_says_as_many_lines_as_it_was_given(text: str) -> None:
    said = (str(Problem(text, text, 1, text, text)), str(AfterrunError(text)))
    for each in (*said, str(ProblemsError([Problem(text)]))):
        assert (unseen(each), each.count("\n")) == ("", 0)
    assert str(AfterrunError(text, text)).count("\n") == 1


def test_an_error_with_several_problems_comes_whole_out_of_another_process() -> None:
    error = DocumentError([Problem("a\nb"), Problem("c", "d")])
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.problems, str(again)) == (DocumentError, error.problems, "a\\nb\nd: c")


@pytest.mark.parametrize(
    "text",
    [
        "Grüße, Łukasz",
        "Ελένη Анна",
        "שרה علي",
        "山田\u3000太郎",
        "ก็ นี่ हिन्दी",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d🚀 👍🏽 ❤️",
        "Zoe\u0308",
        "5\u00a0km",
    ],
)
def test_what_people_write_is_shown_as_it_is(text: str) -> None:
    assert (visible(text), on_one_line(text), json.loads(as_json(text))) == (text, text, text)
    assert as_json(text) == f'"{text}"'


def test_a_joiner_that_joins_nothing_is_spelled_out() -> None:
    assert visible("an\u200dna") == r"an\u200dna"
    assert visible("\u200dé\u200d") == r"\u200dé\u200d"
    assert visible("é\u200d\u200dé") == r"é\u200d\u200dé"


def test_every_character_of_a_kind_that_is_not_seen_is_spelled_out() -> None:
    odd = [
        chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp")
    ]
    assert len(odd) > 200
    assert [each for each in odd if len(on_one_line(each)) == 1] == []
    assert [each for each in odd if each in as_json(f"a{each}b")] == []


def test_half_characters_are_found_wherever_they_stand() -> None:
    given = {"a": ["x", {"b": "\ud800"}], "k\udfff": 1, "c": "é\U0001f600", "d": ("\udc80",)}
    assert sorted(half_characters(given)) == [("a", 1, "b"), ("d", 0), ("k\udfff",)]
    for alone in ("\ud800", {"\ud800": 1}, {"a": "\ud800"}, ["\ud800"], ("\ud800",)):
        assert len(list(half_characters([{"a": alone}]))) == 1
    assert list(half_characters(json.loads("[" * 900 + "]" * 900))) == []
    assert (is_text("é"), is_text("a\ud800")) == (True, False)
