"""Malformed input for every command that reads a file: generated, since as files they would be megabytes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from afterrun.intake import CHECKIN, ENROLLED
from tests.attacks.unseen import TEXTS
from tests.support.batch_files import HOSTILE
from tests.support.paths import DATA


class Malformed(NamedTuple):
    """A file that is not as it should be, or a command that is given it."""

    name: str
    content: bytes
    suffix: str


ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    1e308,
    -0.0,
    0.1 + 0.2,
    "",
    " ",
    "x",
    "none",
    "unknown",
    "9" * 5000,
    "1e999999999",
    [],
    [[]],
    [None],
    ["none", "none"],
    ["x"] * 1000,
    {},
    {"a": {"b": []}},
    "2027-03-01",
    "true",
    "=1+1",
    *TEXTS.values(),
)
"""What stands where an answer should."""

WRONG_YAML: Mapping[str, str] = {
    "nothing": "",
    "only a comment": "# nothing",
    "a list": "- 1\n- 2",
    "a text": "x",
    "two documents": "a: 1\n---\nb: 2",
    "a tab": "a:\n\t- 1",
    "never closed": "a: [1, {b: ",
    "never ended": 'a: "x',
    "twice": "age_years: 1\nage_years: 2",
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "itself": "a: &a [*a]",
    "merged": "<<: {age_years: 41}",
    "a tag for code": "a: !!python/object/apply:os.system ['exit 7']",
    "a tag for a truth": "a: !!bool maybe",
    "a tag for a day": "a: !!timestamp x",
    "a tag for a number": 'a: !!float ""',
    "a tag of one's own": "a: !x 1",
    "a tag for bytes": "a: !!binary ====",
    "a directive": "%YAML 3.0\n---\na: 1",
    "digits": "age_years: 1e999999999",
    "hex": "age_years: 0xFFFFFFFFFFFFFFFFFFFF",
    "base 60": "age_years: 1:30:00",
    "deep": "a: " + "[" * 3000,
    "deep blocks": "".join(f"{' ' * each}- \n" for each in range(600)),
    "long key": f"? {'k' * 5000}\n: 1",
    "a key that is a list": "[1, 2]: 3",
    "a key that is no text": "1: 2\ntrue: 3\nnull: 4",
    "a surrogate": 'a: "\\ud800"',
    "a break in a key": '"a\\nb": 1',
    "nan": "age_years: .nan",
    "endless": "age_years: .inf",
}
WRONG_JSON: Mapping[str, str] = {
    "nothing": "",
    "null": "null",
    "a list": "[]",
    "a number": "1",
    "not a number": '{"age_years": NaN}',
    "endless": '{"age_years": -Infinity}',
    "digits": '{"age_years": 1e999999999}',
    "many digits": '{"a": %s}' % ("9" * 9000),
    "deep": "[" * 100_000,
    "deep objects": '{"a":' * 50_000,
    "never ended": '{"a": "',
    "cut": '{"age_years": 4',
    "a comma": '{"age_years": 41,}',
    "single quotes": "{'age_years': 41}",
    "twice": '{"age_years": 41, "age_years": 14}',
    "a surrogate": '{"record_id": "\\ud800"}',
    "a surrogate as key": '{"\\udfff": 1}',
    "a break": '{"record_id": "a\nb"}',
    "nul": '{"record_id": "\\u0000"}',
    "two": "{}{}",
    "a comment": '{} // "x"',
    "a truth": '{"age_years": tru}',
    "an escape": '{"record_id": "\\x41"}',
    "a zero before": '{"age_years": 041}',
    "a key that is empty": '{"": 1}',
}
WRONG_BYTES: Mapping[str, bytes] = {
    "nothing": b"",
    "a nul": b"\x00",
    "nuls": b"\x00" * 5000,
    "no text": b"\x80\xff\xfe\xfd",
    "utf-16": "{}".encode("utf-16"),
    "utf-32": "{}".encode("utf-32"),
    "latin": '{"record_id": "é"}'.encode("latin-1"),
    "a mark": b"\xef\xbb\xbf",
    "marks": b"\xef\xbb\xbf" * 3,
    "a surrogate": b'{"record_id": "\xed\xa0\x80"}',
    "overlong": b"\xc0\xaf",
    "breaks": b"\r" * 3000 + b"\n\r" * 3000,
    "one line": b"x" * 3_000_000,
    "gzip": b"\x1f\x8b\x08\x00",
    "zstd": b"\x28\xb5\x2f\xfd\x00",
    "parquet": b"PAR1PAR1",
    "zip": b"PK\x03\x04",
    "png": b"\x89PNG\r\n\x1a\n",
    "sqlite": b"SQLite format 3\x00" + bytes(100),
}
WRONG_TABLES: Mapping[str, str] = {
    "no header": "41,none\n",
    "only a header": "age_years\n",
    "a header twice": "age_years,age_years\n1,2\n",
    "unknown": "nonsense\n1\n",
    "empty names": ",,\n1,2,3\n",
    "too few": "age_years,warning_signs\n41\n",
    "too many": "age_years\n41,none,x\n",
    "never ended": 'age_years,warning_signs\n41,"none\n42,none\n',
    "a quote within": 'age_years,warning_signs\n41,no"ne\n',
    "semicolons": "age_years;warning_signs\n41;none\n",
    "tabs": "age_years\twarning_signs\n41\tnone\n",
    "blank lines": "age_years\n\n\n41\n\n",
    "a nul": "age_years\n4\x001\n",
    "a long cell": f"record_id,age_years\n{'x' * 300_000},41\n",
    "a break in a cell": 'record_id,age_years\n"a\nb",41\n',
    "many columns": f"{','.join(f'c{each}' for each in range(5000))}\n",
    "formulas": "record_id,age_years\n=1+1,41\n@x,-1\n",
    "half codes": "warning_signs___calf_swollen,warning_signs\n1,none\n",
    "no code": "warning_signs___999\n1\n",
    "ticks": "warning_signs___calf_swollen\n2\nyes\n\n",
    "lists": "warning_signs\nnone|none\ncalf_swollen|\n|\n;\n",
    "old": "swelling\nnone\n",
    "spaces": " age_years , warning_signs \n 41 , none \n",
    "nothing but commas": ",,,\n" * 50,
}


def damaged(chance: random.Random, content: bytes) -> bytes:
    """A file with a few bytes cut, doubled, moved or made into others."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if not data:
            break
        place, length = chance.randrange(len(data)), chance.choice((1, 1, 2, 5, 40))
        match chance.randrange(5):
            case 0:
                del data[place : place + length]
            case 1:
                data[place:place] = data[place : place + length]
            case 2:
                data[place] = chance.randrange(256)
            case 3:
                data[place:place] = chance.choice(MARKS)
            case _:
                del data[place:]
    return bytes(data)


MARKS = (
    b"\x00",
    b'"',
    b"'",
    b"\n",
    b"\r",
    b"\t",
    b",",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"- ",
    b"&a ",
    b"*a",
    b"!!x ",
    b"\\",
    b"\xff",
    b"\xe2\x80\xae",
    b"1e9",
    b"-",
    b"=",
    b"null",
    b"~",
    b"|",
    b"\xef\xbb\xbf",
)


def malformed(whole: Mapping[str, Any], seed: int = 0, damages: int = 60) -> Iterator[Malformed]:
    """Malformed files around a whole object of answers, the same ones for each seed."""
    chance = random.Random(seed)
    for name, text in WRONG_JSON.items():
        yield Malformed(f"JSON, {name}", _bytes(text), ".json")
    for name, text in WRONG_YAML.items():
        yield Malformed(f"YAML, {name}", _bytes(text), ".yaml")
    for name, content in WRONG_BYTES.items():
        yield Malformed(f"bytes, {name}", content, chance.choice((".json", ".yaml", ".jsonl")))
    for place, key in enumerate(whole):
        for number in range(4):
            odd = ODD[(4 * place + number) % len(ODD)]
            text = json.dumps({**whole, key: odd})
            yield Malformed(f"{key} is {odd!r:.40}", text.encode(), chance.choice((".json", ".jsonl")))
    for odd in TEXTS.values():
        yield Malformed(f"a key {odd!r:.40}", json.dumps({**whole, odd: odd}).encode(), ".json")
    written = {
        ".json": json.dumps(whole, indent=1).encode(),
        ".yaml": yaml.safe_dump(dict(whole)).encode(),
        ".jsonl": "\n".join([json.dumps(whole)] * 3).encode(),
    }
    for number in range(damages):
        suffix = chance.choice(list(written))
        yield Malformed(f"damage {number}", damaged(chance, written[suffix]), suffix)


def malformed_tables(seed: int = 0, damages: int = 40) -> Iterator[Malformed]:
    """Malformed tables of intakes."""
    chance = random.Random(seed)
    for name, text in WRONG_TABLES.items():
        yield Malformed(f"CSV, {name}", _bytes(text), ".csv")
    for name, content in WRONG_BYTES.items():
        yield Malformed(
            f"CSV, bytes, {name}", content, chance.choice((".csv", ".csv.gz", ".csv.zst", ".parquet"))
        )
    whole = (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line)["answers"] for line in whole[:12]]
    header = sorted({key for row in rows for key in row})
    lines = [",".join(header), *(",".join(_cell(row.get(key)) for key in header) for row in rows)]
    table = "\n".join(lines).encode()
    for odd in HOSTILE:
        text = f'age_years,record_id\n41,"{odd}"\n"{odd}",x\n'
        yield Malformed(f"CSV, {odd!r:.40}", _bytes(text), ".csv")
    for number in range(damages):
        yield Malformed(f"CSV, damage {number}", damaged(chance, table), ".csv")


def whole_intake() -> dict[str, Any]:
    """An intake that leads to a plan."""
    first = (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()[0]
    return dict(json.loads(first)["answers"])


def whole_check_in() -> dict[str, Any]:
    """A record of a check-in."""
    first = json.loads((DATA / "check_in_cases.jsonl").read_text(encoding="utf-8").splitlines()[0])
    return {half: first[half] for half in (ENROLLED, CHECKIN)}


def malformed_check_ins(seed: int = 0) -> Iterator[Malformed]:
    """Malformed records of check-ins, and whole ones of which a half is spoiled by itself."""
    record = whole_check_in()
    yield from malformed(record, seed)
    for half, other in ((ENROLLED, CHECKIN), (CHECKIN, ENROLLED)):
        for case in malformed(record[half], seed, damages=0):
            if case.content.startswith(b"{"):
                head = f'{{"{other}": {json.dumps(record[other])}, "{half}": '.encode()
                yield Malformed(f"{half}: {case.name}", head + case.content + b"}", ".json")


def malformed_rulebook_files(text: str, seed: int = 0, damages: int = 25) -> Iterator[Malformed]:
    """What stands in place of a file of a rulebook."""
    chance = random.Random(seed)
    for name, wrong in WRONG_YAML.items():
        yield Malformed(f"YAML, {name}", _bytes(wrong), ".yaml")
    for name, content in WRONG_BYTES.items():
        yield Malformed(f"bytes, {name}", content, ".yaml")
    for number in range(damages):
        yield Malformed(f"damage {number}", damaged(chance, text.encode()), ".yaml")


def written(case: Malformed, folder: Path) -> Path:
    """The file, in a folder."""
    file = folder / f"given{case.suffix}"
    file.write_bytes(case.content)
    return file


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _cell(value: Any) -> str:
    return "" if value is None else "|".join(map(str, value)) if isinstance(value, list) else str(value)
