"""The tests mirror the house: a folder for each room, and each folder a room or one of a few others."""

from collections import Counter

from tests.project.test_contracts import CONTRACTS
from tests.support.paths import ROOT

OTHERS = {
    "cli": "commands as people run them",
    "web": "the pages and the API, as a browser and a client use them",
    "laws": "what holds of any input",
    "attacks": "what is done to the program on purpose, short and at length",
    "project": "the documents, the contracts and the loops",
    "support": "what tests of several rooms share",
    "data": "cases as files",
}
OTHERS_INSIDE = {
    "rulebook/mistakes": "what an author reads of a mistake, whichever part of the room finds it",
}
MOST = 14
"""Modules in one folder, so that one finds one's way; none has more."""
ROOMS = {each.parent.name for each in (ROOT / "engine" / "afterrun").glob("*/__init__.py")}


def test_every_room_has_its_folder_of_tests_and_every_folder_its_room() -> None:
    tests = ROOT / "tests"
    folders = {each.name for each in tests.iterdir() if each.is_dir() and not each.name.startswith("__")}
    assert folders == ROOMS | set(OTHERS)
    for room in ROOMS:
        assert list((tests / room).glob("test_*.py")), f"nothing tests {room}"


def test_a_folder_inside_a_room_s_tests_is_for_a_folder_of_the_room() -> None:
    tests, engine = ROOT / "tests", ROOT / "engine" / "afterrun"
    inside = {
        each.parent.relative_to(tests).as_posix()
        for room in ROOMS
        for each in (tests / room).rglob("*/test_*.py")
    }
    strange = {each for each in inside if not (engine / each).is_dir()}
    assert strange == set(OTHERS_INSIDE)


def test_no_folder_is_so_full_that_nobody_finds_anything() -> None:
    modules = Counter(each.parent for each in (ROOT / "tests").rglob("*.py") if each.stem != "__init__")
    assert {str(each.relative_to(ROOT)): count for each, count in modules.items() if count > MOST} == {}


def test_every_room_has_its_door() -> None:
    assert {each.removeprefix("afterrun.") for each in CONTRACTS["doors"]["rooms"]} >= ROOMS
