"""YAML as it is read here: a value is what it looks like, and nothing that is read can go on for ever."""

import pytest

from afterrun.errors import DocumentError
from afterrun.rulebook import LONGEST_NUMBER, read_shared_yaml, read_yaml


def told(text: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read_yaml(text, "x.yaml")
    return str(caught.value).splitlines()


TAGGED = (
    "!!bool yes",
    "!!bool maybe",
    "!!timestamp 2001-01-01",
    "!!timestamp x",
    '!!float ""',
    '!!int ""',
    "!!str 34",
    "!!null x",
    '!!binary "@@"',
    "!!set {a}",
    "!!omap [a: 1]",
    "!!seq [1]",
    "!!python/object/apply:os.system [ls]",
    "!local 3",
    "!<tag:example.org,2000:x> 3",
    "! 34",
)


@pytest.mark.parametrize("written", TAGGED)
@pytest.mark.parametrize("place", ["a: 1\nb: {}", "- 1\n- [{}]", "a: 1\n? {}\n: b", "\n{}"])
def test_an_explicit_tag_is_refused_with_its_line_wherever_it_stands(written: str, place: str) -> None:
    tag = written.split()[0].replace("!<", "").replace(">", "")
    assert told(place.format(written)) == [f"x.yaml:2: a tag, '{tag}'; write the value without it"]


def test_all_tags_are_told_at_once() -> None:
    assert len(told("a: !!int 3\nb: !!float 4\n!!str c: 5\n")) == 3


@pytest.mark.parametrize(
    "number",
    [
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "+.5E+999999999",
        "0e99",
        "9" * 41,
        "9" * 5000,
        "1." + "0" * 40,
        "9" * 7_000_000,
    ],
    ids=lambda number: number[:20],
)
def test_a_number_of_absurd_size_is_refused_with_its_place_and_never_made(number: str) -> None:
    words = f"a number of more than {LONGEST_NUMBER} digits"
    assert told(f"a: 1\nb: {{c: [1, {number}]}}") == [f"x.yaml:2: b.c.1: {words}"]
    if len(number) < 1000:  # longer keys than this are none in YAML
        assert told(f"a: 1\n{number}: 2") == [f"x.yaml:2: {words}"]


def test_numbers_of_any_sensible_size_and_texts_that_only_look_like_one_are_read() -> None:
    text = f"a: {'9' * 40}\nb: 1e30\nc: 1e-30\nd: '1e999999999'\ne: .inf\nf: 1e999999999x\n"
    assert read_yaml(text, "x.yaml").data == {
        "a": int("9" * 40),
        "b": 1e30,
        "c": 1e-30,
        "d": "1e999999999",
        "e": float("inf"),
        "f": "1e999999999x",
    }


def test_whoever_changes_what_was_read_changes_it_for_nobody_else() -> None:
    text = "- id: wait\n  of: [near, far]\n"
    first = read_shared_yaml(text, "x.yaml")
    first.data[0]["of"].append("nowhere")
    first.lines.clear()
    second = read_shared_yaml(text, "x.yaml")
    assert second == read_yaml(text, "x.yaml")
    assert second.data == [{"id": "wait", "of": ["near", "far"]}]


def test_what_is_no_document_is_told_each_time_with_its_own_file() -> None:
    for file in ("x.yaml", "y.yaml", "x.yaml"):
        with pytest.raises(DocumentError) as caught:
            read_shared_yaml("a: 1\na: 2\n", file)
        assert [(each.file, each.line) for each in caught.value.problems] == [(file, 2)]
