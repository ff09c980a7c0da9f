"""The tests mirror the house: a folder for each room, and each folder a room or one of a few others."""

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
ROOMS = {each.parent.name for each in (ROOT / "engine" / "afterrun").glob("*/__init__.py")}


def test_every_room_has_its_folder_of_tests_and_every_folder_its_room() -> None:
    tests = ROOT / "tests"
    folders = {each.name for each in tests.iterdir() if each.is_dir() and not each.name.startswith("__")}
    assert folders == ROOMS | set(OTHERS)
    for room in ROOMS:
        assert list((tests / room).glob("test_*.py")), f"nothing tests {room}"


def test_every_room_has_its_door() -> None:
    assert {each.removeprefix("afterrun.") for each in CONTRACTS["doors"]["rooms"]} >= ROOMS
