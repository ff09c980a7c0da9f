"""What is refused, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping

from afterrun.rulebook.schema import Identity

ANEW = "There are no answers in it to go on with. Please begin anew."
BEGIN = "Begin anew"


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


def fault(identity: Identity) -> Refused:
    """What is told where the program fails, and what the rulebook says that nobody should wait with."""
    return Refused(
        500,
        "Something went wrong here",
        "There is no result. This is a fault of the program, not of your answers.",
        "Load this page again to try once more: it still has your answers. If your browser asks whether to "
        f"send them again, say yes. {identity.do_not_wait}".rstrip(),
    )
