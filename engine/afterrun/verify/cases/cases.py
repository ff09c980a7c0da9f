"""Whole cases: the answers of one person, and what must and must not come of them.

A case is a line of JSON, or an entry of a YAML list, with `id`, `title`, `answers`, `expect` and, for
those who read it, `why`. A case of the check-in part has the halves of its record, `enrolled` and
`checkin`, for `answers`. `like` names another case whose answers it takes over; then its own hold only
what differs, and null takes an answer back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.errors import Problem, ProblemsError, meant_by, nearest
from afterrun.intake import CHECKIN, ENROLLED
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Answers
from afterrun.verify.cases.entries import Entry, entries_of
from afterrun.verify.cases.expectations import NAMED, OF_CHECK_INS, OF_INTAKES, UNCHANGED, expected_names
from afterrun.verify.cases.read import ReadIntake, read_intake

Files = Iterable[tuple[str, str | bytes]]
"""The name of each file, and what it holds."""

_KINDS: Mapping[Any, str] = {str: "a text", list: "a list", dict: "keys with values"}

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


def read_cases(files: Files, form: Form = INTAKES, rulebook: Rulebook | None = None) -> list[WrittenCase]:
    """The cases of files, all of one part. Raises CaseError with every problem.

    With the `rulebook` every name that a case speaks of is looked up as well; see `check_cases`.
    """
    found = _Reader(lambda written: form).read(files, [rulebook] if rulebook else [])
    return found.get(form.given, [])


def read_cases_of_parts(files: Files, *parts: Rulebook) -> CasesOfParts:
    """The cases of files, whichever part each is of: one with a half of a record is a check-in's.

    With the `parts` of a rulebook every name is looked up as well.
    """
    reader = _Reader(lambda written: CHECK_INS if set(CHECK_INS.given) & written.keys() else INTAKES)
    found = reader.read(files, parts)
    return CasesOfParts(*(found.get(form.given, []) for form in (INTAKES, CHECK_INS)))


def check_cases(rulebook: Rulebook, cases: Iterable[WrittenCase]) -> list[ReadIntake]:
    """What each case gives. Raises CaseError unless every name that a case speaks of is the rulebook's."""
    given: list[ReadIntake] = []
    if problems := list(_name_problems(rulebook, cases, given)):
        raise CaseError(problems)
    return given


def _name_problems(
    rulebook: Rulebook, cases: Iterable[WrittenCase], given: list[ReadIntake]
) -> Iterator[Problem]:
    """What is wrong with the names of cases; what can be read of them is added to `given`."""
    for case in cases:
        try:
            given.append(read_intake(rulebook, case.answers))
        except ProblemsError as error:
            for each in error.problems:
                yield each._replace(file=case.file, line=case.line, key=f"{case.id}: {each.key}")
        for key, names, known in expected_names(rulebook, case.expect):
            for name in names:
                if name not in known:
                    where, near = f"{case.id}: {key}", nearest(name, known)
                    yield Problem(f"'{name}' is not known", case.file, case.line, where, near)


_Found = dict[tuple[str, ...], list[WrittenCase]]
"""The cases read so far, apart for each form."""


class _Reader:
    """Reads files of cases; what is wrong is gathered in `problems`."""

    def __init__(self, form_of_case: Callable[[Mapping[str, Any]], Form]) -> None:
        self._form_of_case = form_of_case
        self.problems: list[Problem] = []
        self.found: _Found = {}
        self._by_id: dict[tuple[str, ...], dict[str, WrittenCase]] = {}
        self._lost: set[str] = set()
        """Every word in what could not be read; another case may be like it."""
        self._partial: set[str] = set()
        """The cases some of whose answers could not be read."""

    def read(self, files: Files, parts: Iterable[Rulebook]) -> _Found:
        """The cases of all files. Raises CaseError with every problem in any."""
        names = []
        for name, content in files:
            names.append(name)
            for entry in entries_of(name, content, self.problems, self._lost):
                if isinstance(entry.written, dict):
                    self._entry(entry, name, self._form_of_case(entry.written))
                else:
                    message = (
                        "a case is an object with id, title, answers (or enrolled and checkin) and expect"
                    )
                    self.problems.append(Problem(message, name, entry.line()))
        if not self.found and not self.problems:
            self.problems += (Problem("there is no case in this file", name) for name in names)
        for part in parts:
            cases = self.found.get(form_of(part).given, [])
            whole = (each for each in cases if each.id not in self._partial)
            self.problems += _name_problems(part, whole, [])
        if self.problems:
            order = {name: place for place, name in enumerate(names)}
            raise CaseError(sorted(self.problems, key=lambda each: (order.get(each.file, 0), each.line or 0)))
        return self.found

    def _entry(self, entry: Entry, name: str, form: Form) -> None:
        written: Mapping[str, Any] = entry.written
        found = self.found.setdefault(form.given, [])
        cases = self._by_id.setdefault(form.given, {})

        def problem(message: str, *path: str, near: str = "") -> None:
            self.problems.append(Problem(message, name, entry.line(*path), ".".join(path), near))

        keys = ("id", "title", "like", *form.given, "expect", "why", "tags")
        strange = written.keys() - set(keys)
        for key in strange:
            message = f"the key '{key}' is not known here"
            self.problems.append(Problem(message, name, entry.line(key), "", nearest(key, keys)))
        wanted: dict[str, type] = {"id": str, "title": str, **dict.fromkeys(form.given, dict), "expect": dict}
        for key, kind in wanted.items():
            if written.get(key) is not None and not isinstance(written[key], kind):
                problem(f"takes {_KINDS[kind]}", key)
        meant = meant_by(strange, keys)
        if missing := [key for key in wanted if written.get(key) is None and key not in meant]:
            problem(f"a case needs {', '.join(missing)}")
        expect = _mapping(written.get("expect"))
        for key, value in expect.items():
            if key not in form.expect:
                problem("cannot be expected", "expect", key, near=nearest(key, form.expect))
            elif not isinstance(value, form.expect[key]):
                problem(f"takes {_KINDS[form.expect[key]]}", "expect", key)
        halves: Halves = {key: _mapping(written.get(key)) for key in form.given}
        like = written.get("like")
        is_whole = all(isinstance(written.get(key), dict) for key in form.given)
        if isinstance(like, str) and like in cases:
            before = _halves(form, cases[like].answers)
            halves = {key: {**before[key], **halves[key]} for key in form.given}
            is_whole = is_whole and like not in self._partial
        elif like is not None:
            is_whole = False
            if str(like) not in self._lost:
                problem(f"there is no case '{like}' before this one", "like", near=nearest(str(like), cases))
        own = written.get("id")
        if not isinstance(own, str):
            return
        if own in cases:
            problem(f"the case id '{own}' is taken")
        if not is_whole:
            self._partial.add(own)
        if not expect and not form.unless_named and isinstance(written.get("expect"), dict):
            nothing = "expects nothing, so that nothing could differ: name what comes out, such as the triage"
            problem(nothing, "expect")
        answers = _whole({key: _without_nulls(half) for key, half in halves.items()})
        known = {key: value for key, value in expect.items() if isinstance(value, form.expect.get(key, ()))}
        why, title = str(written.get("why", "")), str(written.get("title", ""))
        expected = {**form.unless_named, **known}
        cases[own] = WrittenCase(own, title, answers, expected, why, name, entry.line())
        found.append(cases[own])


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _halves(form: Form, answers: Mapping[str, Any]) -> Halves:
    return answers if len(form.given) > 1 else {form.given[0]: answers}


def _whole(halves: Halves) -> Mapping[str, Any]:
    """An intake is the answers themselves."""
    return halves if len(halves) > 1 else next(iter(halves.values()))


def _without_nulls(half: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in half.items() if value is not None}
