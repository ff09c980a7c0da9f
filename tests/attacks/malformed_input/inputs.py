"""Malformed input for every command that reads a file: generated, since as files they would be megabytes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from afterrun.intake import CHECKIN, ENROLLED
from tests.attacks.malformed_input.texts import MARKS, ODD, WRONG_BYTES, WRONG_JSON, WRONG_TABLES, WRONG_YAML
from tests.attacks.unseen import TEXTS
from tests.support.batches.files import HOSTILE
from tests.support.batches.workbooks import ods, xlsx
from tests.support.paths import DATA


class Malformed(NamedTuple):
    """A file that is not as it should be."""

    name: str
    content: bytes
    suffix: str


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
    if find_spec("python_calamine"):
        cells = [line.split(",") for line in lines]
        for suffix, make in {".xlsx": xlsx, ".ods": ods}.items():
            whole_book = make(BytesIO(), {"intakes": cells}).getvalue()
            for number in range(damages):
                yield Malformed(f"{suffix}, damage {number}", damaged(chance, whole_book), suffix)


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
