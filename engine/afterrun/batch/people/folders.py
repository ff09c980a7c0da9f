"""Paths in, people out: whose files are whose, told by names of folders; refused where that is not plain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from afterrun.errors import AfterrunError

_ARCHIVE = ".zip"


class NotPeople(AfterrunError):
    """The paths do not say whose files are whose."""


class Person(NamedTuple):
    """Whose files lie where."""

    record_id: str
    """The name of the folder, or of the ZIP archive without its ending, as it stands: zeros in front stay."""
    path: Path


def people_in(paths: Sequence[Path]) -> list[Person]:
    """One person for each path, a folder or a ZIP archive; of a single folder one for each in it.

    In the order of ids. Hidden files are nobody's. Raises NotPeople, with every reason.
    """
    if len(paths) == 1 and paths[0].is_dir():
        paths = _within(paths[0])
    people = sorted(Person(_id_of(path), path) for path in dict.fromkeys(paths))
    wrong = [reason for each in people if (reason := _wrong_with(each.path))]
    for one, other in pairwise(people):
        if one.record_id == other.record_id:
            wrong.append(f"{one.path} and {other.path} would both be record_id '{one.record_id}'")
    if wrong:
        raise NotPeople(*wrong)
    return people


def _within(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise NotPeople(f"{folder} cannot be read: {error.strerror}") from None
    loose = [path for path in found if not (path.is_dir() or _is_archive(path))]
    if loose:
        raise NotPeople(
            f"{folder} holds files beside folders, such as {loose[0].name}: whose are they? "
            "Each person wants a folder or a ZIP archive: give the folder above, or name theirs"
        )
    if not found:
        raise NotPeople(f"{folder} is empty: it should hold a folder or a ZIP archive for each person")
    if links := [path for path in found if path.is_symlink()]:
        raise NotPeople(f"{links[0]} is a link, and may lead to the files of others: name the folder itself")
    return found


def _wrong_with(path: Path) -> str:
    if not path.exists():
        return f"{path}: there is no such folder"
    if not (path.is_dir() or _is_archive(path)):
        return f"{path} is neither a folder nor a ZIP archive, of which each person wants one"
    try:
        _id_of(path).encode()
    except UnicodeEncodeError:
        return f"{path}: its name is no UTF-8, and cannot be a record_id: rename it"
    return ""


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() == _ARCHIVE and path.is_file()


def _id_of(path: Path) -> str:
    # '.' and '..' have the name of where they lead.
    named = path if path.name not in ("", "..") else path.resolve()
    return named.name[: -len(_ARCHIVE)] if _is_archive(named) else named.name


def nested(people: Iterable[Person]) -> list[str]:
    """People whose files lie within another's, so that one's runs would be the other's, too."""
    by_place = {each.path.resolve(): each for each in people}
    return [
        f"{each.path} lies within {by_place[above].path}, so that its runs would be of both"
        for place, each in by_place.items()
        for above in place.parents
        if above in by_place
    ]
