"""What was refused, or went wrong, as problem+json (RFC 9457), in the words of the command line."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from afterrun import AfterrunError, EngineFault, Problem
from afterrun.errors import ProblemsError, UnusableError
from afterrun.rulebook import versions_of
from afterrun_web.requests.refusing import UNWRITTEN, log_fault

MEDIA_TYPE = "application/problem+json"
BODY = "body"
"""What a request's body is called, where the command line names a file."""
MOST = 100
"""Problems that are told one by one."""
FAULT = "This is a fault of the program, not of your input."


class Refusal(AfterrunError):
    """A request that is answered with a status other than 200."""

    def __init__(self, status: int, problems: Iterable[Problem]) -> None:
        self.status = status
        self.problems = tuple(problems)
        super().__init__(*map(str, self.problems))


def refused(status: int, message: str, key: str = "") -> Refusal:
    """A request that is refused for one reason."""
    return Refusal(status, [Problem(message, key=key)])


def problem_of(error: Exception, rulebook: dict[str, str]) -> dict[str, Any]:
    """An error as a problem's members; of a fault no more than that there was one."""
    match error:
        case Refusal(status=status, problems=problems):
            return _problem(status, problems, rulebook)
        case EngineFault():
            # Fail closed: when the engine cannot be trusted with an intake, there is no result.
            log_fault(error)
            return _problem(500, [Problem(f"no result: the engine broke a promise. {FAULT}")], rulebook)
        case UnusableError():
            # Fail closed: what cannot be written down is not told.
            log_fault(error)
            return _problem(500, [Problem(UNWRITTEN)], rulebook)
        case ProblemsError(problems=problems):
            return _problem(422, problems, rulebook)
        case AfterrunError():
            return _problem(422, map(Problem, str(error).splitlines()), rulebook)
    log_fault(error)
    return _problem(500, [Problem(f"no result. {FAULT}")], rulebook)


def _problem(status: int, problems: Iterable[Problem], rulebook: dict[str, str]) -> dict[str, Any]:
    all_of_them = list(problems)
    told = all_of_them[:MOST]
    lines = [str(each) for each in told]
    if len(all_of_them) > MOST:
        lines.append(f"and {len(all_of_them) - MOST} more")
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "\n".join(lines),
        "problems": [_told(each) for each in told],
        **versions_of(rulebook),
    }


def _told(problem: Problem) -> dict[str, str]:
    place = ":".join(str(part) for part in (problem.file, problem.line) if part not in ("", None))
    nearest = {"nearest": problem.nearest} if problem.nearest else {}
    return {"key": problem.key, "place": place, "message": problem.message, **nearest}
