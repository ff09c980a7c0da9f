"""Headers that name no column: which ones may be meant, what to say of each, and the option that says so."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Collection, Iterable, Mapping

from afterrun.batch.input.form.columns import REJECT_PREFIX
from afterrun.batch.input.layout import SEPARATOR
from afterrun.errors import Problem, nearest
from afterrun.intake import RECORD_ID, gone_words
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question

SURELY_MEANT = 0.8
"""How alike (difflib) an unknown header is to a known one that is missing, to be a slip of the pen."""
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
_OPTION_OF = re.compile(r"(?:^|/)(?P<base>[^/\[\]]+)(?:/|\[)(?P<option>[^/\[\]]+)\]?$")
_IN_WORDS = ("other", "othercomment", "comment", "text")
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


def misspelt(rulebook: Rulebook, name: str, missing: Iterable[str]) -> Problem | None:
    """What to say of an unknown column that is surely meant for a question; passing it over would
    leave that question open in every row."""
    if name.startswith(REJECT_PREFIX):
        return None
    base, option = as_option(rulebook, name)
    question: Mapping[str, Question] = rulebook.questions
    if base:
        if gone := gone_words(question[base], option):
            return Problem(gone)
        options = [each.id for each in question[base].options]
        near = nearest(option, options)
        way = "" if near else f"; say which it is with --rename '{name[:60]}={base}{SEPARATOR}OPTION'"
        return Problem(f"{base} has no option '{option[:40]}'{way}", nearest=near)
    alike = difflib.get_close_matches(name[:200], list(missing), n=1, cutoff=SURELY_MEANT)
    return Problem("no question has this name", nearest=alike[0]) if alike else None


def as_option(rulebook: Rulebook, name: str) -> tuple[str, str]:
    """The question and the option that a column is called by, in the manner of any survey program."""
    base, separator, option = name.partition(SEPARATOR)
    if separator and base in rulebook.questions:
        return base, option
    found = _OPTION_OF.search(name)
    several = found is not None and found["base"] in rulebook.questions
    if found is None or not several or rulebook.questions[found["base"]].type != "multi":
        return "", ""
    # What was told in words beside the options is no option.
    return ("", "") if found["option"] in _IN_WORDS else (found["base"], found["option"])


def _meant(name: str, columns: Collection[str]) -> str:
    if squashed(name) in _IDS and RECORD_ID in columns:
        return RECORD_ID
    words = _words_of(name)
    alike = [each for each in columns if words and (words <= _words_of(each) or _words_of(each) <= words)]
    return alike[0] if len(alike) == 1 else nearest(name.strip()[:200], columns)


def _words_of(name: str) -> frozenset[str]:
    return frozenset(filter(None, _APART.split(name.casefold())))
