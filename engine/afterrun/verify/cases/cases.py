"""Whole cases: the answers of one person, and what must and must not come of them.

A case is a line of JSON, or an entry of a YAML list, with `id`, `title`, `answers`, `expect` and, for
those who read it, `why`. A case of the check-in part has the halves of its record, `enrolled` and
`checkin`, for `answers`. `like` names another case whose answers it takes over; then its own hold only
what differs, and null takes an answer back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

from afterrun.errors import DocumentError, Problem, ProblemsError, nearest
from afterrun.intake import CHECKIN, ENROLLED
from afterrun.rulebook import Document, KeyPath, Rulebook, read_yaml
from afterrun.rulebook.schema import Answers
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
    **dict.fromkeys((*INTAKES.given, *CHECK_INS.given), Answers),
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


class CasesOfParts(NamedTuple):
    """The cases of both parts of a rulebook."""

    intakes: list[WrittenCase]
    check_ins: list[WrittenCase]


class CaseError(ProblemsError):
    """A file of cases cannot be used."""


def form_of(rulebook: Rulebook) -> Form:
    """How the cases of this part are written."""
    return INTAKES if rulebook.enrolment is None else CHECK_INS


def read_cases(texts: Iterable[tuple[str, str]], form: Form = INTAKES) -> list[WrittenCase]:
    """The cases of files, given as (name, text), all of one part; raises CaseError with every problem."""
    return list(_read(texts, lambda written: form)[form.given].values())


def read_cases_of_parts(texts: Iterable[tuple[str, str]]) -> CasesOfParts:
    """The cases of files, whichever part each is of: one with a half of a record is a check-in's."""
    found = _read(texts, lambda written: CHECK_INS if set(CHECK_INS.given) & written.keys() else INTAKES)
    return CasesOfParts(*(list(found.get(form.given, {}).values()) for form in (INTAKES, CHECK_INS)))


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


class _Entry(NamedTuple):
    """What stands where a case should, and where that is."""

    written: Any
    document: Document
    start: KeyPath = ()

    def line(self, *path: str) -> int:
        """The line of anything in it."""
        return self.document.line((*self.start, *path))


_Known = dict[tuple[str, ...], dict[str, WrittenCase]]
"""The cases read so far, by id, apart for each form."""


def _read(texts: Iterable[tuple[str, str]], form_of_case: Callable[[Mapping[str, Any]], Form]) -> _Known:
    problems: list[Problem] = []
    found: _Known = {}
    for name, text in texts:
        is_yaml = PurePath(name).suffix.lower() in (".yaml", ".yml")
        for entry in (_yaml_entries if is_yaml else _json_lines)(name, text, problems):
            if isinstance(entry.written, dict):
                form = form_of_case(entry.written)
                _read_entry(entry, name, form, found.setdefault(form.given, {}), problems)
            else:
                message = "a case is an object with id, title, answers (or enrolled and checkin) and expect"
                problems.append(Problem(message, name, entry.line()))
    if not found and not problems:
        problems.append(Problem("there is no case"))
    if problems:
        raise CaseError(problems)
    return found


def _json_lines(name: str, text: str, problems: list[Problem]) -> Iterator[_Entry]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield _Entry(json.loads(line), Document(line, {(): number}))
            except (ValueError, RecursionError) as error:
                problems.append(Problem(f"not JSON: {error}", name, number))


def _yaml_entries(name: str, text: str, problems: list[Problem]) -> Iterator[_Entry]:
    try:
        document = read_yaml(text, name)
    except DocumentError as error:
        problems += error.problems
        return
    if document.data is not None and not isinstance(document.data, list):
        problems.append(Problem("a file of cases is a list: begin each case with '- id: …'", name, 1))
        return
    # Names of a mapping are text, as they are in JSON.
    for place, written in enumerate(json.loads(json.dumps(document.data or []))):
        yield _Entry(written, document, (place,))


def _read_entry(
    entry: _Entry, name: str, form: Form, cases: dict[str, WrittenCase], problems: list[Problem]
) -> None:
    written: Mapping[str, Any] = entry.written

    def problem(message: str, *path: str, near: str = "") -> None:
        problems.append(Problem(message, name, entry.line(*path), ".".join(path), near))

    keys = ("id", "title", "like", *form.given, "expect", "why", "tags")
    for key in written.keys() - set(keys):
        problems.append(
            Problem(f"the key '{key}' is not known here", name, entry.line(key), "", nearest(key, keys))
        )
    wanted: dict[str, type] = {"id": str, "title": str, **dict.fromkeys(form.given, dict), "expect": dict}
    wrong = [key for key, kind in wanted.items() if not isinstance(written.get(key), kind)]
    if wrong:
        return problem(f"a case needs {', '.join(wrong)}")
    for key, value in written["expect"].items():
        if key not in form.expect:
            problem("cannot be expected", "expect", key, near=nearest(key, form.expect))
        elif not isinstance(value, form.expect[key]):
            problem(f"takes a {form.expect[key].__name__}", "expect", key)
    halves: Halves = {key: written[key] for key in form.given}
    like = written.get("like")
    if like is not None:
        if like not in cases:
            return problem(
                f"there is no case '{like}' before this one", "like", near=nearest(str(like), cases)
            )
        before = _halves(form, cases[like].answers)
        halves = {key: {**before[key], **halves[key]} for key in form.given}
    if written["id"] in cases:
        return problem(f"the case id '{written['id']}' is taken")
    answers = _whole({key: _without_nulls(half) for key, half in halves.items()})
    expect = {**form.unless_named, **written["expect"]}
    if not expect:
        problem(
            "expects nothing, so that nothing could differ: name what comes out, such as the triage", "expect"
        )
    why, line = str(written.get("why", "")), entry.line()
    cases[written["id"]] = WrittenCase(written["id"], written["title"], answers, expect, why, name, line)
    return None


def _halves(form: Form, answers: Mapping[str, Any]) -> Halves:
    return answers if len(form.given) > 1 else {form.given[0]: answers}


def _whole(halves: Halves) -> Mapping[str, Any]:
    """An intake is the answers themselves."""
    return halves if len(halves) > 1 else next(iter(halves.values()))


def _without_nulls(half: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in half.items() if value is not None}
