"""The published shapes are those of their version, and a change of them asks for another."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from afterrun.verify.changes import Level
from afterrun.versions import SCHEMA
from tests.support.published.shapes import Shapes, change_between, mistakes, released_shapes, shapes_now

RESULT: Shapes = {
    "told/Result": {
        "type": "object",
        "description": "What the rules say.",
        "properties": {
            "level": {"type": "string", "enum": ["low", "high"]},
            "title": {"type": "string", "description": "Words."},
        },
        "required": ["level"],
        "additionalProperties": False,
    },
    "sent/Intake": {
        "type": "object",
        "properties": {"age": {"type": "integer", "maximum": 100}},
        "required": ["age"],
    },
}


@pytest.mark.slow
def test_the_shapes_are_those_of_their_version() -> None:
    assert list(mistakes(released_shapes(), shapes_now(), SCHEMA)) == []


def _told(shapes: Any) -> Any:
    return shapes["told/Result"]


def _sent(shapes: Any) -> Any:
    return shapes["sent/Intake"]


CHANGES: dict[str, tuple[Level, Callable[[Any], object]]] = {
    "nothing": ("none", lambda shapes: None),
    "other words": ("patch", lambda shapes: _told(shapes).update(description="What they say.")),
    "one more that is told": (
        "minor",
        lambda shapes: (
            _told(shapes)["properties"].update(engine={"type": "string", "pattern": "."}),
            _told(shapes)["required"].append("engine"),
        ),
    ),
    "one more that may be sent": (
        "minor",
        lambda shapes: _sent(shapes)["properties"].update(name={"type": "string"}),
    ),
    "another word": ("minor", lambda shapes: _told(shapes)["properties"]["level"]["enum"].append("middle")),
    "another type as well": (
        "minor",
        lambda shapes: _sent(shapes)["properties"]["age"].update(type=["integer", "null"]),
    ),
    "a whole shape more": ("minor", lambda shapes: shapes.update({"sent/More": {"type": "object"}})),
    "one more that must be sent": (
        "major",
        lambda shapes: (
            _sent(shapes)["properties"].update(name={"type": "string"}),
            _sent(shapes)["required"].append("name"),
        ),
    ),
    "what was told at times always is": ("major", lambda shapes: _told(shapes)["required"].append("title")),
    "what was always told is at times": ("major", lambda shapes: _told(shapes)["required"].remove("level")),
    "a member that is called title is gone": (
        "major",
        lambda shapes: _told(shapes)["properties"].pop("title"),
    ),
    "a word less": ("major", lambda shapes: _told(shapes)["properties"]["level"]["enum"].remove("low")),
    "another bound": ("major", lambda shapes: _sent(shapes)["properties"]["age"].update(maximum=90)),
    "a bound where none was": ("major", lambda shapes: _sent(shapes)["properties"]["age"].update(minimum=1)),
    "words where any would do": (
        "major",
        lambda shapes: _told(shapes)["properties"]["title"].update(enum=["a"]),
    ),
    "a shape less": ("major", lambda shapes: shapes.pop("sent/Intake")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_told_by_what_it_does_to_who_relied_on_the_old(change: str) -> None:
    level, make = CHANGES[change]
    changed = copy.deepcopy(RESULT)
    make(changed)
    assert change_between(RESULT, changed) == level


def test_a_version_that_did_not_follow_is_refused_with_the_one_that_is_due() -> None:
    changed = copy.deepcopy(RESULT)
    changed["sent/More"] = {}
    released = {"1.4.0": RESULT}
    assert list(mistakes(released, RESULT, "1.4.0")) == []
    (same,) = mistakes(released, changed, "1.4.0")
    assert "no longer those of schema 1.4.0: the change is minor, so that at least 1.5.0 is due" in same
    (less, missing) = mistakes(released, changed, "1.4.1")
    assert "schema 1.4.1 does not follow 1.4.0: the change is minor, so that at least 1.5.0 is due" in less
    assert "does not hold schema 1.4.1" in missing
    assert list(mistakes({**released, "1.5.0": changed}, changed, "1.5.0")) == []


def test_a_version_is_not_taken_back() -> None:
    (wrong,) = mistakes({"1.4.0": RESULT, "1.10.0": RESULT}, RESULT, "1.4.0")
    assert wrong == "schema 1.10.0 was released, and engine/afterrun/versions.py says 1.4.0"
