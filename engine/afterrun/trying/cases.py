"""Whole cases: the answers of one person, and what must and must not come of them.

A case is one line of JSON with `id`, `title`, `answers`, `expect` and, for those who read it,
`why`. `like` names another case whose answers it takes over; then `answers` holds only what
differs, and null takes an answer back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.errors import Problem, ProblemsError, nearest
from afterrun.intake import read_answers
from afterrun.rulebook import STATUSES, Rulebook

KEYS = ("id", "title", "like", "answers", "expect", "why", "tags")
EXPECTATIONS: Mapping[str, type] = {
    "triage": str,
    "patterns": dict,
    "not_patterns": list,
    "interventions": list,
    "not_interventions": list,
    "given": dict,
    "plan": dict,
    "open_questions": list,
}
"""`triage`, `patterns`, `given` (every intervention given, with its status) and `open_questions` are
equal; `interventions` are among those given; `not_` are absent; what is listed of `plan` is equal,
numbers to 0.01."""


class Case(NamedTuple):
    """One whole case."""

    id: str
    title: str
    answers: Mapping[str, Any]
    expect: Mapping[str, Any]
    why: str = ""
    file: str = ""
    line: int = 0


class CaseError(ProblemsError):
    """A file of cases cannot be used."""


def read_cases(texts: Iterable[tuple[str, str]]) -> list[Case]:
    """The cases of JSONL files, given as (name, text); raises CaseError with every problem."""
    problems: list[Problem] = []
    cases: dict[str, Case] = {}
    for name, text in texts:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                _read_line(line, name, number, cases, problems)
    if not cases and not problems:
        problems.append(Problem("there is no case"))
    if problems:
        raise CaseError(problems)
    return list(cases.values())


def check_cases(rulebook: Rulebook, cases: Iterable[Case]) -> None:
    """Raise CaseError unless every name that a case speaks of is the rulebook's."""
    problems: list[Problem] = []
    for case in cases:
        try:
            read_answers(rulebook, case.answers)
        except ProblemsError as error:
            problems += [
                each._replace(file=case.file, line=case.line, key=f"{case.id}: {each.key}")
                for each in error.problems
            ]
        for key, names, known in _names(rulebook, case.expect):
            problems += [
                Problem(
                    f"'{each}' is not known", case.file, case.line, f"{case.id}: {key}", nearest(each, known)
                )
                for each in names
                if each not in known
            ]
    if problems:
        raise CaseError(problems)


def differences(result: Mapping[str, Any], expect: Mapping[str, Any]) -> Iterator[str]:
    """Every way in which a result, as `afterrun assess` prints it, is not what a case expects."""
    for key in ("triage", "patterns", "open_questions"):
        if key in expect and result[key] != expect[key]:
            yield f"{key} is {result[key]!r}, not {expect[key]!r}"
    if "given" in expect:
        given = {
            each["id"]: each["status"] for each in result["ledger"] if each["id"] in result["interventions"]
        }
        for name in sorted({*given, *expect["given"]}):
            found, wanted = given.get(name, "absent"), expect["given"].get(name, "absent")
            if found != wanted:
                yield f"{name} is {found}, not {wanted}"
    for name in sorted(set(expect.get("interventions", ())) - set(result["interventions"])):
        yield f"{name} is not among the interventions"
    for key in ("patterns", "interventions"):
        for name in sorted(set(expect.get(f"not_{key}", ())) & set(result[key])):
            yield f"{name} is among the {key}"
    for key, value in expect.get("plan", {}).items():
        if key not in result["plan"]:
            yield f"the plan has no {key}"
        elif not _same(result["plan"][key], value):
            yield f"{key} is {result['plan'][key]!r} in the plan, not {value!r}"


def _same(found: Any, wanted: Any) -> bool:
    """Equal, numbers to 0.01."""
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in (found, wanted)):
        return bool(abs(found - wanted) <= 0.01)
    return bool(found == wanted)


def _read_line(line: str, name: str, number: int, cases: dict[str, Case], problems: list[Problem]) -> None:
    def problem(message: str, key: str = "", near: str = "") -> None:
        problems.append(Problem(message, name, number, key, near))

    try:
        written = json.loads(line)
    except (ValueError, RecursionError) as error:
        return problem(f"not JSON: {error}")
    if not isinstance(written, dict):
        return problem("a case is an object with id, title, answers and expect")
    for key in written.keys() - set(KEYS):
        problem(f"the key '{key}' is not known here", near=nearest(key, KEYS))
    wanted: dict[str, type] = {"id": str, "title": str, "answers": dict, "expect": dict}
    wrong = [key for key, kind in wanted.items() if not isinstance(written.get(key), kind)]
    if wrong:
        return problem(f"a case needs {', '.join(wrong)}")
    for key, value in written["expect"].items():
        if key not in EXPECTATIONS:
            problem("cannot be expected", f"expect.{key}", nearest(key, EXPECTATIONS))
        elif not isinstance(value, EXPECTATIONS[key]):
            problem(f"takes a {EXPECTATIONS[key].__name__}", f"expect.{key}")
    answers, like = written["answers"], written.get("like")
    if like is not None:
        if like not in cases:
            return problem(f"there is no case '{like}' before this one", "like", nearest(str(like), cases))
        answers = {**cases[like].answers, **answers}
    if written["id"] in cases:
        return problem(f"the case id '{written['id']}' is taken")
    answers = {key: value for key, value in answers.items() if value is not None}
    why = str(written.get("why", ""))
    cases[written["id"]] = Case(
        written["id"], written["title"], answers, written["expect"], why, name, number
    )
    return None


def _names(
    rulebook: Rulebook, expect: Mapping[str, Any]
) -> Iterator[tuple[str, list[str], set[str] | dict[str, Any]]]:
    """What an expectation names, and the names there are."""
    groups: list[tuple[str, Mapping[str, Any] | set[str]]] = [
        ("patterns", rulebook.patterns),
        ("not_patterns", rulebook.patterns),
        ("interventions", rulebook.interventions),
        ("not_interventions", rulebook.interventions),
        ("given", rulebook.interventions),
        ("plan", {item.key for item in rulebook.plan}),
        ("open_questions", rulebook.questions),
    ]
    for key, known in groups:
        yield f"expect.{key}", [str(each) for each in expect.get(key, ())], set(known)
    if "triage" in expect:
        yield "expect.triage", [expect["triage"]], set(rulebook.triage)
    yield "expect.given", [str(each) for each in expect.get("given", {}).values()], set(STATUSES)
    for pattern, level in expect.get("patterns", {}).items():
        if pattern in rulebook.patterns:
            yield "expect.patterns", [str(level)], set(rulebook.patterns[pattern].levels)
