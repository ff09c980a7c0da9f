"""Text that looks like a formula gets a mark, loses it again, and nothing else is touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun.spreadsheets import neutral, restored
from tests.support.random_input.intakes import LAW

SIGNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
LIKE_FORMULAS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "'", "'" * 2, "'" * 3]),
    st.sampled_from(["", " ", "  "]),
    st.sampled_from([*SIGNS, "", "'", "a"]),
    st.text("'=+-@ a1", max_size=3),
)
TEXTS = LIKE_FORMULAS | st.text(max_size=12)


@LAW
@given(TEXTS)
def test_every_text_comes_back_and_none_begins_like_a_formula(text: str) -> None:
    shown = neutral(text)
    assert restored(shown) == text
    assert not shown.startswith(SIGNS)
    assert not shown.lstrip(" ").startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))
    assert shown in (text, f"'{text}")


@LAW
@given(TEXTS, TEXTS)
def test_no_two_texts_become_the_same(one: str, other: str) -> None:
    assert (neutral(one) == neutral(other)) == (one == other)


@pytest.mark.parametrize("text", ["", "P-0042", "'tis", "''", "O'Brien", "' a", "a=1", "7", "é", "\\x09=1"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert (neutral(text), restored(text)) == (text, text)


def test_a_mark_is_all_that_is_added() -> None:
    assert re.sub("^'", "", neutral("'=1")) == "'=1"
    assert neutral("=1\n=2") == "'=1\n=2"
