"""Whole cases: the answers of one person, and what must and must not come of them.

A case is one line of JSON with `id`, `title`, `answers`, `expect` and, for those who read it,
`why`. A case of the check-in part has the halves of its record, `enrolled` and `checkin`, for
`answers`. `like` names another case whose answers it takes over; then its own hold only what
differs, and null takes an answer back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from afterrun.errors import Problem, ProblemsError, nearest
from afterrun.intake import CHECKIN, ENROLLED
from afterrun.rulebook import ANSWERS, Rulebook
from afterrun.verify.cases.expectations import NAMED, OF_CHECK_INS, OF_INTAKES, UNCHANGED, expected_names
from afterrun.verify.cases.read import read_intake

Halves = Mapping[str, Mapping[str, Any]]
"""The answers of a case, by the key that holds them."""


class Form(NamedTuple):
    """How the cases of a part of the rulebook are written."""

    given: tuple[str, ...]
    """The keys that hold answers."""
    expect: Mapping[str, type]
    """What may be expected, and what each is written as."""
    unless_named: Mapping[str, Any]
    """What a case expects of that which it does not name."""


INTAKES = Form(("answers",), OF_INTAKES, {})
CHECK_INS = Form((ENROLLED, CHECKIN), OF_CHECK_INS, UNCHANGED)


NAMES_IN_CASES: Mapping[str, Any] = {
    **dict.fromkeys((*INTAKES.given, *CHECK_INS.given), ANSWERS),
    "expect": NAMED,
}
"""What the keys of a case name; see `rulebook.rename`."""


class WrittenCase(NamedTuple):
    """One whole case."""

    id: str
    title: str
    answers: Mapping[str, Any]
    """The intake; of a check-in the record with both its halves."""
    expect: Mapping[str, Any]
    why: str = ""
    file: str = ""
    line: int = 0


class CaseError(ProblemsError):
    """A file of cases cannot be used."""


def form_of(rulebook: Rulebook) -> Form:
    """How the cases of this part are written."""
    return INTAKES if rulebook.enrolment is None else CHECK_INS


def read_cases(texts: Iterable[tuple[str, str]], form: Form = INTAKES) -> list[WrittenCase]:
    """The cases of JSONL files, given as (name, text); raises CaseError with every problem."""
    problems: list[Problem] = []
    cases: dict[str, WrittenCase] = {}
    for name, text in texts:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                _read_line(line, name, number, form, cases, problems)
    if not cases and not problems:
        problems.append(Problem("there is no case"))
    if problems:
        raise CaseError(problems)
    return list(cases.values())


def check_cases(rulebook: Rulebook, cases: Iterable[WrittenCase]) -> None:
    """Raise CaseError unless every name that a case speaks of is the rulebook's."""
    problems: list[Problem] = []
    for case in cases:
        try:
            read_intake(rulebook, case.answers)
        except ProblemsError as error:
            problems += [
                each._replace(file=case.file, line=case.line, key=f"{case.id}: {each.key}")
                for each in error.problems
            ]
        for key, names, known in expected_names(rulebook, case.expect):
            problems += [
                Problem(
                    f"'{each}' is not known", case.file, case.line, f"{case.id}: {key}", nearest(each, known)
                )
                for each in names
                if each not in known
            ]
    if problems:
        raise CaseError(problems)


def _read_line(
    line: str, name: str, number: int, form: Form, cases: dict[str, WrittenCase], problems: list[Problem]
) -> None:
    def problem(message: str, key: str = "", near: str = "") -> None:
        problems.append(Problem(message, name, number, key, near))

    try:
        written = json.loads(line)
    except (ValueError, RecursionError) as error:
        return problem(f"not JSON: {error}")
    if not isinstance(written, dict):
        return problem(f"a case is an object with id, title, {', '.join(form.given)} and expect")
    keys = ("id", "title", "like", *form.given, "expect", "why", "tags")
    for key in written.keys() - set(keys):
        problem(f"the key '{key}' is not known here", near=nearest(key, keys))
    wanted: dict[str, type] = {"id": str, "title": str, **dict.fromkeys(form.given, dict), "expect": dict}
    wrong = [key for key, kind in wanted.items() if not isinstance(written.get(key), kind)]
    if wrong:
        return problem(f"a case needs {', '.join(wrong)}")
    for key, value in written["expect"].items():
        if key not in form.expect:
            problem("cannot be expected", f"expect.{key}", nearest(key, form.expect))
        elif not isinstance(value, form.expect[key]):
            problem(f"takes a {form.expect[key].__name__}", f"expect.{key}")
    halves: Halves = {key: written[key] for key in form.given}
    like = written.get("like")
    if like is not None:
        if like not in cases:
            return problem(f"there is no case '{like}' before this one", "like", nearest(str(like), cases))
        before = _halves(form, cases[like].answers)
        halves = {key: {**before[key], **halves[key]} for key in form.given}
    if written["id"] in cases:
        return problem(f"the case id '{written['id']}' is taken")
    answers = _whole({key: _without_nulls(half) for key, half in halves.items()})
    expect = {**form.unless_named, **written["expect"]}
    why = str(written.get("why", ""))
    cases[written["id"]] = WrittenCase(written["id"], written["title"], answers, expect, why, name, number)
    return None


def _halves(form: Form, answers: Mapping[str, Any]) -> Halves:
    return answers if len(form.given) > 1 else {form.given[0]: answers}


def _whole(halves: Halves) -> Mapping[str, Any]:
    """An intake is the answers themselves."""
    return halves if len(halves) > 1 else next(iter(halves.values()))


def _without_nulls(half: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in half.items() if value is not None}
