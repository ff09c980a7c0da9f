"""A body read strictly, its answer in a thread, and each refusal as an OperationOutcome."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from afterrun.errors import EngineFault, ProblemsError, UnusableError
from afterrun.intake import json_fault
from afterrun.interchange import Issue, NothingFetched, ResponseError
from afterrun.visible import as_json
from afterrun_web.books import DIGEST, Book, Books
from afterrun_web.desk import COME_AGAIN, SECONDS_TO_COME_AGAIN, Busy, Desk
from afterrun_web.requests.problems import FHIR_JSON, outcome, refused_issue
from afterrun_web.requests.refusing import UNWRITTEN, Refused, log_fault
from afterrun_web.requests.sent import JSON, NotTaken, read_json

LARGEST = 1024 * 1024
"""Bytes of a body; a response with all of its questionnaire has some sixty thousand."""
DEEPEST = 60
"""Steps from the outermost object to the innermost value."""
MOST = 100
"""Issues that are told one by one."""
FAULT = "no result: this is a fault of the program, not of what was sent"

Work = Callable[[Book], dict[str, Any]]


class NotJson(ResponseError):
    """A body that is no JSON, or not one thing alone."""


class Answering:
    """Has requests answered, in the shape that their sender reads."""

    def __init__(self, books: Books, desk: Desk) -> None:
        self._books = books
        self._desk = desk

    async def posted(
        self,
        request: Request,
        work: Callable[[Book, Any], dict[str, Any]],
        kind: str = FHIR_JSON,
        before: Callable[[], None] = lambda: None,
    ) -> Response:
        """The answer to a body. `before` is done first, whatever the body is, and may raise Refused."""

        async def prepared() -> Work:
            await self._desk.run(before)
            content = await read_json(request, (FHIR_JSON, JSON), LARGEST)
            return lambda book: work(book, json_in(content))

        return await self._answer(prepared, kind)

    async def asked(
        self, work: Work, kind: str = FHIR_JSON, before: Callable[[], None] = lambda: None
    ) -> Response:
        """The answer to a request without a body."""

        async def prepared() -> Work:
            await self._desk.run(before)
            return work

        return await self._answer(prepared, kind)

    async def _answer(self, prepared: Callable[[], Any], kind: str) -> Response:
        book = self._books.today()
        stamp = book.main.stamp
        try:
            work = await prepared()
            content = await self._desk.run(lambda: _written(work(book)))
        except Refused:
            raise
        except Busy:
            again = {"Retry-After": SECONDS_TO_COME_AGAIN}
            return outcome(503, [refused_issue(503, COME_AGAIN)], stamp, again)
        except NotTaken as error:
            return outcome(error.status, [refused_issue(error.status, str(error))], stamp)
        except ResponseError as error:
            status = 400 if isinstance(error, NotJson) else 412 if isinstance(error, NothingFetched) else 422
            return outcome(status, _few(list(error.issues)), stamp)
        except ProblemsError as error:
            return outcome(422, _few([refused_issue(422, str(each)) for each in error.problems]), stamp)
        except UnusableError as error:
            # Fail closed: what cannot be written down is not told.
            log_fault(error)
            return outcome(500, [refused_issue(500, UNWRITTEN)], stamp)
        except Exception as error:
            # Fail closed: when the engine cannot be trusted with a response, there is no result.
            log_fault(error)
            broken = ": the engine broke a promise" if isinstance(error, EngineFault) else ""
            return outcome(500, [refused_issue(500, f"{FAULT}{broken}")], stamp)
        return Response(content, 200, {DIGEST: stamp["digest"]}, kind)


def json_in(content: bytes) -> Any:
    """What a body holds. Raises NotJson, also where a key stands twice: which is meant would be a guess."""
    try:
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _not_json(f"{json_fault(error)}, line {error.lineno}") from None
    except UnicodeDecodeError:
        raise _not_json("not JSON: it is not in UTF-8") from None
    except (ValueError, RecursionError):
        raise _not_json("not JSON that can be read: a number in it is too long, or it is too deep") from None
    level = [found]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        ]
    if level:
        raise _not_json(f"it is deeper than {DEEPEST} steps, and nothing that is read here is")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = next(name for name in found if times[name] > 1)
        raise _not_json(f"'{twice[:100]}' stands twice in one object: give it once")
    return found


def _no_number(name: str) -> Any:
    raise _not_json(f"not JSON: {name} is no number")


def _not_json(text: str) -> NotJson:
    return NotJson([Issue("fatal", "structure", "", text)])


def _few(issues: list[Issue]) -> list[Issue]:
    more = len(issues) - MOST
    return [*issues[:MOST], *([refused_issue(422, f"and {more} more")] if more > 0 else [])]


def _written(value: dict[str, Any]) -> bytes:
    return as_json(value, allow_nan=False, separators=(",", ":")).encode()
