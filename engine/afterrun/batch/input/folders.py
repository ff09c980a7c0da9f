"""What was given to read, found: files as they are named, folders with all that lies below them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from afterrun.batch.foreign.addresses import Address
from afterrun.batch.foreign.workbooks import WORKBOOKS
from afterrun.batch.input.spool import PACKED
from afterrun.errors import Problem
from afterrun.storage import read_json

Input = Path | Address | Literal["-"]
STDIN: Final = "-"

READABLE = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", *WORKBOOKS)
"""What a file in a folder ends in to be read; one that is named itself may end in anything."""
STATE = "_job"
"""The folder of the state inside a result folder."""
_STATE_BESIDE = ".job"
"""What the folder of the state of a result in one file ends in."""
PLAN, LOCK, SUCCESS = "plan.json", "lock", "_SUCCESS"
BESIDE = {"rejects": ".rejects.csv", "dictionary": ".datapackage.json"}
"""What is added to the name of a result in one file for what lies beside it."""
_OF_WRITERS = ("_SUCCESS", "_metadata", "_common_metadata")
"""Files that programs write beside parts of Parquet, and that hold nobody."""
_LAKES = {"_delta_log": "Delta", ".hoodie": "Hudi"}
"""Folders by which a folder is a table some of whose files count no more."""
_HIDDEN = (".", "~$")
"""How names begin that programs give to files of their own."""


class Found(NamedTuple):
    """One input to read."""

    name: str
    at: Path | Address | None
    """None for standard input."""


def found_in(inputs: Sequence[Input], problems: list[Problem]) -> Iterator[Found]:
    """Every input in the order given, the files of a folder by name; what is wrong goes to `problems`."""
    for each in inputs:
        if isinstance(each, Address):
            yield Found(str(each), each)
        elif each == STDIN:
            yield Found(STDIN, None)
        elif each.is_dir():
            if wrong := _no_intakes_in(each):
                problems.append(wrong)
                continue
            inside = [path for path in _below(each) if _is_input(path)]
            if not inside:
                problems.append(Problem(f"holds no file that ends in {', '.join(READABLE)}", str(each)))
            yield from (Found(str(path), path) for path in inside)
        elif not each.exists():
            problems.append(Problem("there is no such file", str(each)))
        elif not each.is_file():
            problems.append(Problem("is not a file; for a stream give '-' and pipe it in", str(each)))
        else:
            yield Found(str(each), each)


def left_out(inputs: Sequence[Input]) -> list[Path]:
    """What lies in the folders given and is not read, but for hidden files."""
    folders = [each for each in inputs if isinstance(each, Path) and each.is_dir()]
    return [
        path
        for folder in folders
        for path in _below(folder)
        if not _is_input(path) and not _hidden(path) and path.name not in _OF_WRITERS
    ]


def plain_suffix(path: Path) -> str:
    """What a name ends in, without the mark of its compression."""
    suffixes = [each.lower() for each in path.suffixes[-2:]]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _below(folder: Path) -> list[Path]:
    """Everything below a folder but folders and results of batches, in one order everywhere. A linked folder
    is not entered."""
    files = []
    for parent, folders, names in os.walk(folder):
        inside = [Path(parent, name) for name in folders]
        folders[:] = [
            each.name
            for each in inside
            if not _hidden(each) and not each.is_symlink() and not _is_result_folder(each)
        ]
        found = [Path(parent, name) for name in names]
        has_results = any(each.name.endswith(_STATE_BESIDE) for each in inside)
        files += [each for each in found if not (has_results and _is_of_result(each))]
        files += [each for each in inside if each.is_symlink()]
    return sorted(files)


def state_beside(path: Path) -> Path:
    """The hidden folder of the state of a result in one file."""
    return path.with_name(f".{path.name}{_STATE_BESIDE}")


def _is_result_folder(path: Path) -> bool:
    """Whether a batch wrote it: its result may lie in the folder of its inputs, and is none of them."""
    return any((path / STATE / each).is_file() for each in (PLAN, LOCK))


def _is_of_result(path: Path) -> bool:
    """Whether a file is a batch's result, or lies beside one."""
    names = (path.name.removesuffix(end) for end in BESIDE.values() if path.name.endswith(end))
    if any((state_beside(path.with_name(name)) / PLAN).is_file() for name in names):
        return True
    state = state_beside(path)
    done = state / SUCCESS
    if not (state / PLAN).is_file():
        return False
    try:
        # Before its end there was nothing of this name, and after it something of this size.
        return not done.is_file() or read_json(done)["size"] == path.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _no_intakes_in(folder: Path) -> Problem | None:
    """What to say where a folder is the result of a batch, or holds a table of which its own log says which
    files and rows still count."""
    if _is_result_folder(folder):
        said = "is the result of a batch, and no intakes: mend its rejects under another name, and give those"
        return Problem(said, str(folder))
    for parent, folders, _ in os.walk(folder):
        kinds = [kind for name, kind in _LAKES.items() if name in folders]
        if "metadata" in folders and any(Path(parent, "metadata").glob("*.metadata.json")):
            kinds.append("Iceberg")
        if kinds:
            said = f"is a table of {kinds[0]}, whose files hold rows that count no more: export it to Parquet"
            return Problem(said, parent)
    return None


def _hidden(path: Path) -> bool:
    return path.name.startswith(_HIDDEN)


def _is_input(path: Path) -> bool:
    return plain_suffix(path) in READABLE and not _hidden(path) and path.is_file()
