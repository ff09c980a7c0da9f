"""What the diary refuses, and what it lacks, as pages with the words of the command line."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from afterrun.errors import AfterrunError, EngineFault, RulebookError, UnusableError
from afterrun_web.drawing import page

_COMMAND = "  afterrun "
LACKING = "A diary needs SQLAlchemy and Alembic, which are not installed."
INSTALL = "Install them with:  pip install 'afterrun[diary]'"


class DiaryRoute(APIRoute):
    """A page of the diary, or one that says why there is none."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        answered = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await answered(request)
            except (EngineFault, RulebookError):
                raise
            except AfterrunError as error:
                if _is_of_server(error):
                    raise
                return trouble(error)
            except ModuleNotFoundError as error:
                if (error.name or "").partition(".")[0] not in ("sqlalchemy", "alembic"):
                    raise
                return page("diary/trouble.html.j2", status=503, lines=[LACKING, INSTALL], kind="")

        return answer


def _is_of_server(error: AfterrunError) -> bool:
    """Whether it is of a file beside the diary, as the log: its words hold a path, which is no visitor's."""
    from afterrun.diary import DiaryError

    return isinstance(error, UnusableError) and not isinstance(error, DiaryError)


def trouble(error: AfterrunError, *more: str) -> Response:
    """The page of an error: its words and what else there is to say, and the ways out as links."""
    from afterrun.diary import DamagedError, NotForgottenError

    status = 503 if isinstance(error, UnusableError) else 409
    kind = ""
    if isinstance(error, NotForgottenError):
        kind = "unfinished"
    elif isinstance(error, DamagedError):
        kind = "damaged"
    return page("diary/trouble.html.j2", status=status, lines=[*without_commands(error), *more], kind=kind)


def without_commands(error: AfterrunError) -> list[str]:
    """The lines of an error, but for what names a command: a page has links instead.

    >>> without_commands(AfterrunError("the plan is stopped.", "To go on:  afterrun checkin --seen"))
    ['The plan is stopped.']
    >>> without_commands(AfterrunError("me is not enrolled: begin with  afterrun start FILE"))
    ['Me is not enrolled.']
    """
    first, *rest = str(error).split("\n")
    words, command, _ = first.partition(_COMMAND)
    said = words.rpartition(":")[0] if command else words
    lines = [said, *(each for each in rest if _COMMAND not in each)]
    return [f"{each[:1].upper()}{each[1:].rstrip('.')}." for each in lines]
