"""What was given to read, found: files as they are named, folders with all that lies below them."""

from __future__ import annotations

import os
import re
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
LOCK, PLAN, SUCCESS = "lock", "plan.json", "_SUCCESS"
"""What the state of a batch holds: the last is written at its end, in a folder of results beside it."""
_OF_WRITERS = (SUCCESS, "_metadata", "_common_metadata")
"""Files that programs write beside parts of Parquet, and that hold nobody."""
_LAKES = {"_delta_log": "Delta", ".hoodie": "Hudi"}
"""Folders by which a folder is a table some of whose files count no more."""
_ICEBERG = re.compile(r"(?:v[0-9]+|[0-9]+-.*)\.metadata\.json|version-hint\.text")
_HIDDEN = (".", "~$")
"""How names begin that programs give to files of their own."""
STATE = "_job"
"""In a folder of results what lets a batch go on."""
_STATE_OF_A_FILE = re.compile(r"\.(.+)\.job", re.DOTALL)
_OF_A_RESULT = re.compile(r"_?rejects\.csv|part-.*")
"""Files in a folder of results that are read elsewhere as tables."""


class Beside(NamedTuple):
    """What a batch writes beside a result that is one file."""

    state: Path
    rejects: Path
    dictionary: Path


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
            if wrong := _of_deleted_rows(each):
                problems.append(wrong)
                continue
            inside = [path for path in _below(each) if _is_input(path)]
            if not inside:
                problems.append(Problem(_on_nothing(each), str(each)))
            yield from (Found(str(path), path) for path in inside)
        elif not each.exists():
            problems.append(Problem("there is no such file", str(each)))
        elif not each.is_file():
            problems.append(Problem("is not a file; for a stream give '-' and pipe it in", str(each)))
        else:
            yield Found(str(each), each)


def left_out(inputs: Sequence[Input]) -> list[Path]:
    """What lies in the folders given and is not read, but for hidden files and what batches wrote."""
    return [
        path
        for folder in _folders(inputs)
        for path in _below(folder)
        if not _is_input(path) and not _hidden(path) and path.name not in _OF_WRITERS
    ]


def why_left_out(path: Path) -> str:
    """What to say of a file that is not read."""
    if path.is_symlink() and not path.is_file():
        return "it is a link to a folder" if path.is_dir() else "it is a link to what is not there"
    if plain_suffix(path) in READABLE:
        return "it is no file"
    return f"its name ends in none of {', '.join(READABLE)}"


def results_in(inputs: Sequence[Input]) -> list[Path]:
    """Results of batches that lie in the folders given: nothing of them is an intake."""
    return sorted(path for folder in _folders(inputs) for walked in _walk(folder) for path in walked.results)


def beside(result: Path) -> Beside:
    """What a batch writes beside a file of results."""
    named = result.with_name
    return Beside(
        named(f".{result.name}.job"),
        named(f"{result.name}.rejects.csv"),
        named(f"{result.name}.datapackage.json"),
    )


def plain_suffix(path: Path) -> str:
    """What a name ends in, without the mark of its compression."""
    suffixes = [each.lower() for each in path.suffixes[-2:]]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


class _Walked(NamedTuple):
    """What lies in one folder."""

    files: list[Path]
    """Links to folders, too."""
    results: list[Path]


def _folders(inputs: Sequence[Input]) -> list[Path]:
    return [each for each in inputs if isinstance(each, Path) and each.is_dir()]


def _below(folder: Path) -> list[Path]:
    """Everything below a folder but folders and results, in one order everywhere."""
    return sorted(path for walked in _walk(folder) for path in walked.files)


def _walk(folder: Path) -> Iterator[_Walked]:
    """A folder and those below it. A linked folder is not entered, nor one of results."""
    for parent, folders, names in os.walk(folder):
        inside = [Path(parent, name) for name in folders]
        if _is_state(Path(parent, STATE)):
            folders.clear()
            # Somebody may keep there what the batch did not write, such as its rejects, mended.
            others = [Path(parent, name) for name in names if not _OF_A_RESULT.fullmatch(name)]
            yield _Walked([each for each in others if _is_input(each)], [Path(parent)])
            continue
        folders[:] = [each.name for each in inside if not _hidden(each) and not each.is_symlink()]
        states = [(each, _STATE_OF_A_FILE.fullmatch(each.name)) for each in inside if _is_state(each)]
        named = [(Path(parent, match[1]), state) for state, match in states if match]
        results = [result for result, state in named if _is_as_written(result, state)]
        written = {path for each, _ in named for path in beside(each)} | {*results}
        files = [path for path in (Path(parent, name) for name in names) if path not in written]
        yield _Walked([*files, *(each for each in inside if each.is_symlink())], results)


def _is_state(path: Path) -> bool:
    return any((path / name).is_file() for name in (LOCK, PLAN))


def _is_as_written(result: Path, state: Path) -> bool:
    """Whether a file is the result that a batch wrote, and not another that took its place since."""
    done = state / SUCCESS
    try:
        # Before its end there was nothing of this name, and after it something of this size.
        return not done.is_file() or read_json(done)["size"] == result.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _on_nothing(folder: Path) -> str:
    if _is_state(folder / STATE):
        return "was written by a batch, and holds no intakes; give its rejects by their own name"
    return f"holds no file that ends in {', '.join(READABLE)}"


def _of_deleted_rows(folder: Path) -> Problem | None:
    """What to say of a folder with a table of which its own log says which files and rows still count."""
    for parent, folders, _ in os.walk(folder):
        kinds = [kind for name, kind in _LAKES.items() if name in folders]
        if "metadata" in folders and any(map(_ICEBERG.fullmatch, os.listdir(Path(parent, "metadata")))):
            kinds.append("Iceberg")
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN)]
        if kinds:
            said = f"is a table of {kinds[0]}, whose files hold rows that count no more: export it to Parquet"
            return Problem(said, parent)
    return None


def _hidden(path: Path) -> bool:
    return path.name.startswith(_HIDDEN)


def _is_input(path: Path) -> bool:
    return plain_suffix(path) in READABLE and not _hidden(path) and path.is_file()
