"""Headers that name no column: which ones may be meant, and the option that says so."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Mapping

from afterrun.errors import nearest
from afterrun.intake import RECORD_ID

_IDS = frozenset(
    [
        "id",
        "pid",
        "patient",
        "patientid",
        "subject",
        "subjectid",
        "participant",
        "participantid",
        "case",
        "caseid",
    ]
)
"""What others call the column of ids, without signs and capitals."""
_IN_SHELLS = frozenset('"$`!\\')
"""What means something to a shell between double quotes."""
_APART = re.compile(r"[\W_]+")


def squashed(name: str) -> str:
    """The letters and digits of a name: all that tells one from another.

    >>> squashed("Age (years)")
    'ageyears'
    """
    return _APART.sub("", name).casefold()


def meant_columns(names: Iterable[str], missing: Collection[str]) -> dict[str, str]:
    """Headers that are near a column that is missing, each with that column; no column is meant twice."""
    found: dict[str, str] = {}
    for name in names:
        left = [each for each in missing if each not in found.values()]
        if meant := _meant(name, left):
            found[name] = meant
    return found


def rename_words(renames: Mapping[str, str]) -> str:
    """How to say so on a command line; nothing where it cannot be said there."""
    pairs = [f"{theirs.strip()}={ours}" for theirs, ours in renames.items() if "," not in theirs]
    text = ",".join(pairs)
    if not text:
        return ""
    return f"--rename {shlex.quote(text)}" if _IN_SHELLS & set(text) else f'--rename "{text}"'


def _meant(name: str, columns: Collection[str]) -> str:
    if squashed(name) in _IDS and RECORD_ID in columns:
        return RECORD_ID
    words = _words_of(name)
    alike = [each for each in columns if words and (words <= _words_of(each) or _words_of(each) <= words)]
    return alike[0] if len(alike) == 1 else nearest(name.strip()[:200], columns)


def _words_of(name: str) -> frozenset[str]:
    return frozenset(filter(None, _APART.split(name.casefold())))
