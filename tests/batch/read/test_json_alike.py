"""JSON lines that programs write are read at once; one that is not quite so means what it means alone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.input.lines import places_of
from afterrun.batch.input.sources import find_inputs
from afterrun.batch.read.jsonl.json_alike import cut_alike, shape_of
from afterrun.batch.read.jsonl.json_keys import cut_at_keys
from afterrun.batch.read.reading import ChunkRead
from tests.support.batches.files import cells_of, columns_of, intakes, json_verdicts, read_all, verdicts

VALUES = (
    "null", "true", "false", "0", "1", "2", "3", "-1", "-0", "5.5", "0.0", "1e1", "1E1", "0e99", "1e-400",
    "1.0", "01", "+5", ".5", "5.", "1_0", "inf", "nan", "NaN", "Infinity", "-Infinity", "10.0000004",
    "9" * 20, "1" + "0" * 50, "0." + "3" * 45, "unknown", "none", "", " ", " 3", "3 ", "{}", "[]", "[1]",
    '""', '" "', '"null"', '"true"', '"1"', '"2"', '"3"', '"1.0"', '"05"', '"+5"', '"1e1"', '"inf"',
    '"unknown"', '"none"', '" none"', '"no"', '"none;none"', '"squat;stairs"', '"squat, stairs"', '"km"',
    '"5:5"', '"a,b"', '"a\\"b"', '"a\\u0062"', '"n\\u006fne"', '"\\ud800"', '"a\\u0000b"', '"é"', '"\u2028"',
    '"\ufeff5"', '"\x1f7"', '"\t"', '"it\'s"', '"a"b"', '"a', 'a"', '"squat""stairs"', "'none'",
    '["none"]', '["none" ]', '["none",]', '["none","none"]', '["squat","stairs"]', '["squat",1]', '["1"]',
    '["squat", "stairs"]', '[null]', '[true]', '[[]]', '[{}]', '[""]', '[NaN]', '["squat"', '"squat"]',
    '["n\\u006fne"]', '["none"]]', '{"a":1}', '{"a" 1}', '[1e999]', '1,2', '"none","none"', "[" * 3000,
    '"' + "x" * 201 + '"', '"NA"', '" NA "', '"n/a"', '["NA"]', '"NA;squat"', "NA", '"99"', "99",
)  # fmt: skip


def written(intake: dict[str, Any], comma: str, colon: str) -> list[tuple[str, str]]:
    """The keys and the values of a line as they are written."""
    separators = (comma, colon)
    return [
        (json.dumps(key), json.dumps(value, ensure_ascii=False, separators=separators))
        for key, value in intake.items()
    ]


def as_program(
    rulebook: Rulebook, number: int, intake: dict[str, Any], chance: random.Random
) -> dict[str, Any]:
    """An intake as a program for surveys writes it: codes, options and visits with keys of their own."""
    cells = cells_of(rulebook, intake, chance, "redcap")
    visit = {"redcap_event_name": f"visit_{number % 3}", "redcap_repeat_instance": number % 5 or None}
    return visit | {
        name: int(text) if text.isdigit() and chance.random() < 0.7 else text for name, text in cells.items()
    }


def nasty(
    rulebook: Rulebook,
    chance: random.Random,
    count: int,
    comma: str,
    colon: str,
    of_program: bool = False,
    of_shapes: bool = False,
) -> Iterator[bytes]:
    """Lines with every key in the same order, or with some of them in any, of which many have something odd
    about them."""
    names = columns_of(rulebook, "plain")
    for number, intake in enumerate(intakes(rulebook, count, chance.randrange(99))):
        row = {name: intake.get(name) for name in names}
        if of_program:
            row = as_program(rulebook, number, intake, chance)
        pairs = written(row, comma, colon)
        if of_shapes and number:
            pairs = [each for each in pairs if each[1] != "null" and chance.random() < 0.9]
            if chance.random() < 0.2:
                chance.shuffle(pairs)
        for _ in range(chance.choice((0, 1, 1, 2)) if number else 0):
            place = chance.randrange(len(pairs))
            pairs[place] = (pairs[place][0], chance.choice(VALUES))
        if number and chance.random() < 0.3:
            one, other = chance.sample(range(len(pairs)), 2)
            key, value = pairs[one]
            odd: list[tuple[str, str] | None] = [
                pairs[other],
                (key.upper(), value),
                (f" {key}", value),
                (f"{key} ", value),
                ('"pain_sight"', value),
                ('"pain:site"', value),
                (pairs[other][0], value),
                (key[1:], value),
                None,
            ]
            chosen = chance.choice(odd)
            pairs[one : one + 1] = [chosen] if chosen else []
            if chance.random() < 0.2:
                chance.shuffle(pairs)
        line = "{" + comma.join(colon.join(each) for each in pairs) + "}"
        if number and chance.random() < 0.15:
            line = chance.choice(
                (
                    f"\ufeff{line}", f" {line}", f"{line} ", f"{line}\t", f"{line},", f"[{line}]", line[:-1],
                    f"{line}}}", f"{line}{line}", f"{line[:-1]},}}", line.replace(":", " :"),
                    line.replace(",", ",,", 1), line.replace(":", "", 1), line.replace(":", "::", 1),
                    line.replace(",", ":", 1), line.replace('"', "", 1), line.replace("{", "{ "), "", "{}",
                )
            )  # fmt: skip
        raw = line.encode()
        yield raw[:90] + b"\xff" + raw[90:] if number and chance.random() < 0.02 else raw


@pytest.mark.slow
@pytest.mark.parametrize(
    ("comma", "colon", "of_program"),
    [(",", ":", False), (", ", ": ", False), (",", ":", True)],
    ids=["tight", "spaced", "program"],
)
def test_nasty_lines_among_those_written_alike_mean_what_they_mean_alone(
    rulebook: Rulebook, tmp_path: Path, comma: str, colon: str, of_program: bool
) -> None:
    count = 300 if of_program else 1000
    lines = list(nasty(rulebook, random.Random(21), count, comma, colon, of_program))
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\n".join(lines))
    read = read_all(rulebook, path, tmp_path, rows=400)
    assert_equal_one_by_one(rulebook, lines, tmp_path, read)
    _, by_intake = json_verdicts(rulebook, path, tmp_path)
    found = verdicts(read)
    # Of a record with several rows one that holds nothing is counted as blank.
    assert {line: found[line] for line in by_intake if line in found or not of_program} == {
        line: each for line, each in by_intake.items() if line in found or not of_program
    }
    refused = sum(isinstance(each, str) for each in found.values())
    assert count / 4 < refused < count * 0.9


@pytest.mark.slow
@pytest.mark.parametrize(("comma", "colon"), [(",", ":"), (", ", ": ")], ids=["tight", "spaced"])
@pytest.mark.parametrize("how", [AS_IT_IS, How(na=("NA", "n/a", "99", "none"))], ids=["", "na"])
def test_nasty_lines_of_many_shapes_mean_what_they_mean_alone(
    rulebook: Rulebook, tmp_path: Path, comma: str, colon: str, how: How
) -> None:
    lines = list(nasty(rulebook, random.Random(23), 800, comma, colon, of_shapes=True))
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\n".join(lines))
    read = read_all(rulebook, path, tmp_path, rows=300, how=how)
    assert_equal_one_by_one(rulebook, lines, tmp_path, read, how)
    if how == AS_IT_IS:
        _, by_intake = json_verdicts(rulebook, path, tmp_path)
        found = verdicts(read)
        assert {line: found[line] for line in by_intake} == by_intake
    keys = [column.name for source in find_inputs(rulebook, [path], tmp_path) for column in source.columns]
    data = path.read_bytes() + b"\n"
    cut = cut_at_keys(data, places_of(data, 10), keys)
    assert len(lines) / 3 < len(cut.lines) < len(lines) * 0.9


def assert_equal_one_by_one(
    rulebook: Rulebook, lines: list[bytes], folder: Path, read: ChunkRead, how: How = AS_IT_IS
) -> None:
    """A line that ends in a blank is decoded by itself."""
    path = folder / "in.jsonl"
    path.write_bytes(b"\n".join(line + b" " for line in lines))
    alone = read_all(rulebook, path, folder, rows=400, how=how)
    path.write_bytes(b"\n".join(lines))
    assert read.frame.equals(alone.frame)
    assert read.rows_in == alone.rows_in
    assert [each[:5] for each in read.rejects] == [each[:5] for each in alone.rejects]


def test_lines_are_alike_by_their_keys_and_blanks() -> None:
    assert shape_of(b'{"a":1,"b":["x"]}') == (("a", "b"), '{"a"', "", (',"b"', "}"))
    assert shape_of(b'{"a": null, "b": "x"}') == (("a", "b"), '{"a"', " ", (', "b"', "}"))
    for odd in (b"", b"[]", b"{}", b"5", b'{"a":"x:y"}', b'{"a":{"b":1}}', b'{"a":1,"a":2}', b'{"a":1'):
        assert shape_of(odd) is None
    for odd in (b'{ "a":1}', b'{"a" :1}', b'{"a":1, "b":2}', b'{"a":1}\r', b'[["a",1]]', b'{"\\u0061":1}'):
        assert shape_of(odd) is None


def test_a_key_twice_instead_of_another_is_no_line_of_the_shape() -> None:
    good = b'{"record_id":"a","age_years":34,"worst_pain":3}'
    shape = shape_of(good)
    assert shape is not None
    lines = [good, b'{"record_id":"b","age_years":34,"age_years":3}', b'{"record_id":"c"}', good]
    data = b"".join(each + b"\n" for each in lines)
    cut = cut_alike(data, places_of(data, 10), shape)
    assert cut.lines.tolist() == [0, 3]
    assert [len(each) for each in cut.values.values()] == [2, 2, 2]


def test_lines_are_cut_at_keys_that_are_known_and_there_once() -> None:
    good = b'{"a":1,"b":[1,"x"],"c":"y:z"}'
    lines = [
        good, b'{"b":2}', b'{"c":3,"a":1}', b'{"a":1,"a":2}', b'{"a":1,"d":2}', b'{"a":{"b":1}}',
        b'{"a":,"b":1}', b'{"a":"\\",\\"b\\":1"}', b'{"a":"x}', b'{ "a":1}', b'{}', b'{"a"}', b'["a"]',
        b'{5,"a":1}', b"", good,
    ]  # fmt: skip
    data = b"".join(each + b"\n" for each in lines)
    cut = cut_at_keys(data, places_of(data, 10), ["a", "b", "c"])
    assert cut.lines.tolist() == [0, 1, 2, 15]
    assert {key: each.to_list() for key, each in cut.values.items()} == {
        "a": ["1", None, "1", "1"],
        "b": ['[1,"x"]', "2", None, '[1,"x"]'],
        "c": ['"y:z"', None, "3", '"y:z"'],
    }
