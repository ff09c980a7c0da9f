"""The key of an intake that says which runs its answers came from: read, held against them, and kept true."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from afterrun.errors import nearest
from afterrun.intake.from_files.added_up import Silence, added_up, days_of, offered_for
from afterrun.intake.from_files.records import DIGITS, FileRun, FromFiles
from afterrun.intake.numbers import plain_number
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question

FROM_FILES = "from_files"
MOST_RUNS = 2000
"""Runs behind one answer: five a week for seven years."""
LARGEST = 10**7
"""Metres or seconds of one run, entries left out: far beyond any, and no number that hurts."""
FIRST_YEAR = 1900
"""Before any file; years of days can be counted back from it."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGEST = re.compile(f"[0-9a-f]{{{DIGITS}}}")
_AWAY = "take its entry away"

Complain = Callable[[str, str, str], None]
"""Told a key, what is wrong there, and the nearest right name."""


class _Unfit(Exception):
    """What stands there is no entry, and why."""


def read_entries(
    rulebook: Rulebook,
    raw: Any,
    values: Mapping[str, Any],
    units: Mapping[str, str],
    complain: Complain,
    told: Collection[str] = (),
) -> dict[str, FromFiles]:
    """The entries of an intake, each for an answer that is what its runs add up to; else it is told.

    Of a question whose answer is `told` to be wrong nothing more is said.
    """
    if raw is None or raw == {}:
        return {}
    if not isinstance(raw, dict):
        complain(FROM_FILES, "takes an object with an entry for each answer that came from files", "")
        return {}
    found = {}
    offers = rulebook.history.offers if rulebook.history is not None else ()
    known = [each.question for each in offers]
    for name, written in raw.items():
        key = f"{FROM_FILES}.{str(name)[:100]}"
        if name in told:
            continue
        if name not in known:
            complain(key, f"files are asked for no question of this name: {_AWAY}", nearest(str(name), known))
            continue
        try:
            entry = _entry(written)
        except _Unfit as wrong:
            complain(key, str(wrong), "")
            continue
        if name not in values:
            complain(key, f"the question has no answer that could come from files: {_AWAY}", "")
        elif wrong_answer := _differs(rulebook, rulebook.questions[name], entry, values[name], units):
            complain(key, wrong_answer, "")
        else:
            found[name] = entry
    return found


def with_answers(rulebook: Rulebook, intake: Mapping[str, Any], adds: Mapping[str, Any]) -> dict[str, Any]:
    """An intake with more answers, or others: one given anew came from no files, unless that is added too.

    So it is with every amount, where its unit becomes another.
    """
    merged = {**intake, **adds}
    kept = intake.get(FROM_FILES)
    entries = dict(kept) if isinstance(kept, dict) else {}
    changed = {name for name, value in adds.items() if intake.get(name) != value}
    for quantity in rulebook.quantities.values():
        if quantity.unit_key in changed:
            changed |= {name for name, each in rulebook.questions.items() if each.quantity == quantity.id}
    entries = {
        name: entry for name, entry in entries.items() if name not in changed and merged.get(name) is not None
    }
    brought = adds.get(FROM_FILES)
    merged[FROM_FILES] = {**entries, **(brought if isinstance(brought, dict) else {})}
    return merged if merged[FROM_FILES] else without(merged, [FROM_FILES])


def without(intake: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """An intake without some keys, and without what says where these answers came from."""
    gone = set(names)
    left = {key: value for key, value in intake.items() if key not in gone}
    entries = left.get(FROM_FILES)
    if isinstance(entries, dict):
        left[FROM_FILES] = {name: entry for name, entry in entries.items() if name not in gone}
        if not left[FROM_FILES]:
            del left[FROM_FILES]
    return left


def _differs(
    rulebook: Rulebook, question: Question, entry: FromFiles, value: Any, units: Mapping[str, str]
) -> str:
    """What is wrong with an answer that is not what its runs add up to; nothing if it is."""
    offered = offered_for(rulebook, question.id)
    assert offered is not None
    if offered.days is not None:
        first, last = days_of(offered.days, entry.until)
        if beside := [each.day for each in entry.runs if not first <= each.day <= last]:
            return f"the run of {beside[0]} is not of the days that are asked about, {first} to {last}"
    unit = units.get(rulebook.quantities[question.quantity].unit_key, "") if question.quantity else ""
    said = added_up(rulebook, offered, entry, unit)
    if isinstance(said, Silence):
        return f"these runs do not tell it: {said.reason}. If you answered by yourself, {_AWAY}"
    if said == value:
        return ""
    shown = plain_number(said) if isinstance(said, Fraction) else f"'{said}'"
    words = f"these runs come to {shown}{f' {unit}' if unit else ''}, and that is not the answer"
    return f"{words}: if you changed it by hand, {_AWAY}"


def _entry(written: Any) -> FromFiles:
    _keys(written, ("since", "until", "runs"), ("left_out",))
    since, until = _day(written["since"]), _day(written["until"])
    if since > until:
        raise _Unfit(f"'since' is after 'until': {since} and {until}")
    listed = written["runs"]
    if not isinstance(listed, list | tuple) or len(listed) > MOST_RUNS:
        raise _Unfit(f"'runs' takes a list of at most {MOST_RUNS} runs")
    runs = tuple(_runs(listed))
    for each in runs:
        if not since <= each.day <= until:
            raise _Unfit(f"the run of {each.day} is not within {since} to {until}")
    return FromFiles(since, until, runs, _count(written, "left_out") or 0)


def _runs(listed: Iterable[Any]) -> Iterator[FileRun]:
    for written in listed:
        _keys(written, ("day", "file"), ("metres", "seconds"))
        file = written["file"]
        if not isinstance(file, str) or not _DIGEST.fullmatch(file):
            raise _Unfit(f"'file' takes the first {DIGITS} letters and digits of the file's SHA-256")
        yield FileRun(_day(written["day"]), _count(written, "metres"), _count(written, "seconds"), file)


def _keys(written: Any, needed: tuple[str, ...], more: tuple[str, ...]) -> None:
    """Refuse what has other keys than these."""
    known = (*needed, *more)
    if not isinstance(written, dict):
        raise _Unfit(f"takes an object with {', '.join(known)}")
    for key in written:
        if key not in known:
            raise _Unfit(f"there is no key '{str(key)[:40]}' here; there are {', '.join(known)}")
    for key in needed:
        if key not in written:
            raise _Unfit(f"lacks '{key}'")


def _day(written: Any) -> date:
    try:
        if isinstance(written, str) and _DAY.fullmatch(written):
            day = date.fromisoformat(written)
            if day.year >= FIRST_YEAR:
                return day
    except ValueError:
        pass
    raise _Unfit(f"takes a day as 2027-03-01, not '{str(written)[:40]}'")


def _count(written: Mapping[str, Any], key: str) -> int | None:
    value = written.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Unfit(f"'{key}' takes a whole number from 0 to {LARGEST}, not '{str(value)[:40]}'")
    if not 0 <= value <= LARGEST:  # its digits may be too many to be told
        raise _Unfit(f"'{key}' takes a whole number from 0 to {LARGEST}")
    return value
