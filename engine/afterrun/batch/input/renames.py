"""What columns of a file should have been called, as it was told on a command line or in a YAML file."""

from __future__ import annotations

from pathlib import Path

from afterrun.errors import DocumentError, Problem
from afterrun.rulebook import LARGEST_DOCUMENT, read_yaml

_YAML = (".yaml", ".yml")


def renames_in(told: str) -> tuple[tuple[str, str], ...]:
    """Pairs of a file's name and ours, from `theirs=ours,…` or from a YAML file of `theirs: ours`.

    Raises DocumentError where it is neither.
    """
    return _in_file(Path(told)) if told.lower().endswith(_YAML) else tuple(_pairs(told))


def _pairs(told: str) -> list[tuple[str, str]]:
    pairs = []
    for part in filter(None, map(str.strip, told.split(","))):
        theirs, equals, ours = (each.strip() for each in part.rpartition("="))
        if not (theirs and equals and ours):
            raise DocumentError([Problem(f"'{part[:60]}' is no pair: write theirs=ours", key="--rename")])
        pairs.append((theirs, ours))
    return pairs


def _in_file(path: Path) -> tuple[tuple[str, str], ...]:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_DOCUMENT + 1)
        text = content.decode("utf-8")
    except OSError as error:
        raise DocumentError([Problem(f"cannot be read: {error.strerror or error}", str(path))]) from None
    except UnicodeDecodeError:
        raise DocumentError([Problem("not text in UTF-8", str(path))]) from None
    if len(content) > LARGEST_DOCUMENT:
        raise DocumentError([Problem(f"is larger than {LARGEST_DOCUMENT // 1_000_000} MB", str(path))])
    data, places = read_yaml(text, str(path))
    if not isinstance(data, dict):
        raise DocumentError([Problem("holds no names: write a line 'theirs: ours' for each", str(path))])
    wrong = [
        Problem("takes the name of one column", str(path), places.get((name,)), str(name)[:60])
        for name, ours in data.items()
        if not isinstance(ours, str)
    ]
    if wrong:
        raise DocumentError(wrong)
    return tuple((str(theirs), ours) for theirs, ours in data.items())
