"""The shapes that are published, as they are and as they were released, and the version that is due.

    python -m tests.support.published.shapes            # a version that is counted up, beside those before it
    python -m tests.support.published.shapes --again    # while that version is not out yet

What a rulebook says is no part of them, so they are made for one that stays as it is: when it no longer
loads, files of a rulebook can no longer say what they could.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from afterrun import Rulebook
from afterrun.batch import Columns
from afterrun.batch.input.form.headers import FRONT
from afterrun.batch.templates.template import data_dictionary as dictionary_of_intakes
from afterrun.batch.write.dictionary import data_dictionary as dictionary_of_results
from afterrun.batch.write.output import Output
from afterrun.rulebook import engine_of, file_schemas, load_every_part
from afterrun.rulebook.packing.released import unpacked
from afterrun.verify.changes import Level, follows, next_version
from afterrun.versions import SCHEMA
from afterrun_web.api.document import document_of
from afterrun_web.books import Book
from tests.support.paths import ROOT

RELEASED = ROOT / "released"
_RULEBOOK = ROOT / "tests" / "data" / "published_shapes.rulebook.gz"
_WORDS = ("description", "examples", "title")
_BY_NAME = ("$defs", "patternProperties", "properties", "fields")
"""Members whose own members have names: one more of them takes nothing away."""
_EITHER = ("anyOf", "enum", "oneOf", "type")
"""Lists of which any is good: one more of them takes nothing away."""
_ITEM = "[]"

Shapes = dict[str, Any]
Place = tuple[str, ...]


def shapes_now() -> Shapes:
    """Each shape by what it is of: a rulebook's `file/`, what is `sent/` and what is `told/`."""
    main, check_in = _rulebook()
    return {
        **{f"file/{name}": schema for name, schema in file_schemas().items()},
        **dict(_api(main, check_in)),
        "sent/batch": _table(dictionary_of_intakes(main, "csv")),
        "told/batch": _table(json.loads(dictionary_of_results(*_results(main)))),
    }


def change_between(old: Shapes, new: Shapes) -> Level:
    """What changed: words alone, something more, or anything that one who relied on the old may trip over."""
    if old == new:
        return "none"
    was, now = set(_facts(_wordless(old), ())), set(_facts(_wordless(new), ()))
    known = {place for place, _ in was}
    if was - now or not all(_is_more(place, value, known) for place, value in now - was):
        return "major"
    return "minor" if now - was else "patch"


def released_shapes() -> dict[str, Shapes]:
    """Those that were released, by their version, the oldest first."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in RELEASED.glob("schema-*.json")]
    return {each["schema"]: each["shapes"] for each in sorted(found, key=lambda each: _order(each["schema"]))}


def mistakes(released: Mapping[str, Shapes], now: Shapes, version: str) -> Iterator[str]:
    """What is wrong with a version of the shapes as they are, held against all that were released."""
    before = {each: shapes for each, shapes in released.items() if _order(each) < _order(version)}
    if later := [each for each in released if _order(each) > _order(version)]:
        yield f"schema {later[-1]} was released, and engine/afterrun/versions.py says {version}"
    elif before:
        last, shapes = list(before.items())[-1]
        level = change_between(shapes, now)
        if not follows(last, version, level):
            yield f"schema {version} does not follow {last}: {_asks(last, level)}"
    if version in released and (level := change_between(released[version], now)) != "none":
        yield f"the shapes are no longer those of schema {version}: {_asks(version, level)}"
    elif version not in released:
        yield f"released/ does not hold schema {version}: python -m tests.support.published.shapes"


def _asks(version: str, level: Level) -> str:
    return (
        f"the change is {level}, so that at least {next_version(version, level)} is due in "
        "engine/afterrun/versions.py; then python -m tests.support.published.shapes"
    )


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _rulebook() -> tuple[Rulebook, Rulebook]:
    text = gzip.decompress(_RULEBOOK.read_bytes()).decode()
    main, check_in = load_every_part(unpacked(text, _RULEBOOK.name))
    return main, check_in


def _api(main: Rulebook, check_in: Rulebook) -> Iterator[tuple[str, Any]]:
    """Each address, and what it takes and tells; what is taken is `sent/`, though it may be told, too."""
    document = document_of(Book(main, check_in))
    schemas = document["components"]["schemas"]
    sent = set[str]()
    ahead = [name for path in document["paths"].values() for name in _names_in(_bodies(path))]
    while ahead:
        name = ahead.pop()
        if name not in sent:
            sent.add(name)
            ahead += _names_in(schemas[name])
    for name, schema in schemas.items():
        yield f"{'sent' if name in sent else 'told'}/{name}", schema
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            answered = _names_in(operation["responses"]["200"])
            yield f"{verb} {path}", {"sent": list(_names_in(_bodies(operations))), "told": list(answered)}


def _bodies(operations: Mapping[str, Any]) -> Any:
    return [each["requestBody"]["content"] for each in operations.values() if "requestBody" in each]


def _names_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]
        yield from (name for each in schema.values() for name in _names_in(each))
    elif isinstance(schema, list):
        yield from (name for each in schema for name in _names_in(each))


def _results(main: Rulebook) -> tuple[Any, ...]:
    return Output(engine_of(main, Columns)), "csv", "", ["results.csv"], ("rejects.csv", FRONT)


def _table(package: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of each table of a data package."""
    return {
        "properties": {
            table["name"]: {"fields": {each["name"]: each for each in table["schema"]["fields"]}}
            for table in package["resources"]
        }
    }


def _wordless(node: Any, of_names: bool = True) -> Any:
    if isinstance(node, dict):
        return {
            key: _wordless(each, key in _BY_NAME and not of_names)
            for key, each in node.items()
            if of_names or key not in _WORDS
        }
    return [_wordless(each, of_names=False) for each in node] if isinstance(node, list) else node


def _facts(node: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """All that a shape says, each with its place: where one is gone, something holds no longer."""
    if isinstance(node, dict):
        yield place, "{}"
        for key, each in node.items():
            one_or_more = [each] if key == "type" and isinstance(each, str) else each
            yield from _facts(one_or_more, (*place, key))
    elif isinstance(node, list):
        yield place, "[]"
        for each in node:
            yield (*place, _ITEM), json.dumps(each, sort_keys=True)
    else:
        yield place, json.dumps(node)


def _is_more(place: Place, value: str, known: set[Place]) -> bool:
    """Whether something new takes nothing away from what was there."""
    if place[-1] == _ITEM and place[:-1] in known:
        if place[-2] != "required":
            return place[-2] in _EITHER
        # Who is told more can leave it; who sends would have to find it.
        return place[0].startswith("told/") and (*place[:-2], "properties", json.loads(value)) not in known
    if place in known:
        return False
    first = next(place[:length] for length in range(1, len(place) + 1) if place[:length] not in known)
    return len(first) == 1 or first[-2] in _BY_NAME


def _write(again: bool) -> str:
    now, released = shapes_now(), released_shapes()
    if again:
        released.pop(SCHEMA, None)
    wrong = [each for each in mistakes(released, now, SCHEMA) if "does not hold" not in each]
    if wrong:
        raise SystemExit("\n".join(wrong))
    path = RELEASED / f"schema-{SCHEMA}.json"
    lines = [f"{json.dumps(name)}: {json.dumps(now[name], sort_keys=True)}" for name in sorted(now)]
    path.write_text(
        f'{{"schema": "{SCHEMA}", "shapes": {{\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8"
    )
    return f"wrote {path.relative_to(ROOT)}"


if __name__ == "__main__":
    sys.stdout.write(_write("--again" in sys.argv[1:]) + "\n")
