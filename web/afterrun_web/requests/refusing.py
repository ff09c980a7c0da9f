"""What is refused, in words that say what to do."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping

from afterrun.rulebook.schema import Identity

ANEW = "There are no answers in it to go on with. Please begin anew."
BEGIN = "Begin anew"

UNWRITTEN = "no result: the log, or what else the server must keep, cannot be written"

_log = logging.getLogger("afterrun_web")


class Refused(Exception):
    """No page is given; this one is instead, and says what to do."""

    def __init__(
        self,
        status: int,
        title: str,
        why: str,
        what_to_do: str = ANEW,
        token: str = "",
        go_on: str = BEGIN,
        to: str = "/question",
        home: tuple[str, str] = ("/", BEGIN),
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.why = why
        self.what_to_do = what_to_do
        self.token = token
        """What to go on with."""
        self.go_on = go_on
        """What the way on is called."""
        self.to = to
        """Where it leads."""
        self.home = home
        """Where else one can go, and what that is called."""
        self.headers = headers or {}


def log_fault(error: Exception) -> None:
    """Write down what kind of error it was, and where; what it says of itself may hold answers."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("%s at %s:%s", type(error).__name__, where.filename, where.lineno)


def log_place(error: Exception, place: str) -> None:
    """Write down which file or database an error is of; whoever asked is not told that."""
    _log.error("%s: %s", type(error).__name__, place)


def fault(identity: Identity) -> Refused:
    """What is told where the program fails, and what the rulebook says that nobody should wait with."""
    return Refused(
        500,
        "Something went wrong here",
        "There is no result. This is a fault of the program, not of your answers.",
        "Load this page again to try once more: it still has your answers. If your browser asks whether to "
        f"send them again, say yes. {identity.do_not_wait}".rstrip(),
    )
