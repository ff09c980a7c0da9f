"""JSON lines that are written alike are read at once; one that is not quite so means what it means alone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook
from afterrun.batch.input.how import How
from afterrun.batch.input.lines import places_of
from afterrun.batch.input.text.dialect import Dialect
from afterrun.batch.read.json_alike import AlikeLines, shape_of
from tests.support.batch_files import cells_of, columns_of, intakes, json_verdicts, read_all, verdicts

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
    '"' + "x" * 201 + '"',
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
    rulebook: Rulebook, chance: random.Random, count: int, comma: str, colon: str, of_program: bool
) -> Iterator[bytes]:
    """Lines with every key in the same order, of which many have something odd about them."""
    names = columns_of(rulebook, "plain")
    for number, intake in enumerate(intakes(rulebook, count, chance.randrange(99))):
        row = {name: intake.get(name) for name in names}
        if of_program:
            row = as_program(rulebook, number, intake, chance)
        pairs = written(row, comma, colon)
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
    # Where a word is told to mean nothing, each line is decoded by itself.
    one_by_one = read_all(rulebook, path, tmp_path, rows=400, how=How(na=("no such word",)))
    assert read.frame.equals(one_by_one.frame)
    assert read[1:] == one_by_one[1:]
    _, by_intake = json_verdicts(rulebook, path, tmp_path)
    found = verdicts(read)
    # Of a record with several rows one that holds nothing is counted as blank.
    assert {line: found[line] for line in by_intake if line in found or not of_program} == {
        line: each for line, each in by_intake.items() if line in found or not of_program
    }
    refused = sum(isinstance(each, str) for each in found.values())
    assert count / 4 < refused < count * 0.9


def test_lines_are_alike_by_their_keys_and_blanks() -> None:
    assert shape_of(b'{"a":1,"b":["x"]}') == (("a", "b"), '{"a"', "", (',"b"', "}"))
    assert shape_of(b'{"a": null, "b": "x"}') == (("a", "b"), '{"a"', " ", (', "b"', "}"))
    for odd in (b"", b"[]", b"{}", b"5", b'{"a":"x:y"}', b'{"a":{"b":1}}', b'{"a":1,"a":2}', b'{"a":1'):
        assert shape_of(odd) is None
    for odd in (b'{ "a":1}', b'{"a" :1}', b'{"a":1, "b":2}', b'{"a":1}\r', b'[["a",1]]', b'{"\\u0061":1}'):
        assert shape_of(odd) is None


def test_a_key_twice_instead_of_another_is_no_line_of_the_shape(rulebook: Rulebook) -> None:
    good = b'{"record_id":"a","age_years":34,"worst_pain":3}'
    shape = shape_of(good)
    assert shape is not None
    lines = [good, b'{"record_id":"b","age_years":34,"age_years":3}', b'{"record_id":"c"}', good]
    data = b"".join(each + b"\n" for each in lines)
    frame, kept = AlikeLines(rulebook, {}, shape, Dialect()).parted(data, places_of(data, 10))
    assert kept.tolist() == [0, 3]
    assert frame.height == 2
