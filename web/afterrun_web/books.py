"""The rulebook that a server answers from, as of the day on which it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from afterrun import CheckIn, Result, Rulebook, assess

if TYPE_CHECKING:
    from afterrun.log import Recorder

DIGEST = "Rulebook-Digest"
"""The header with the digest of the rulebook that answered."""


class Book(NamedTuple):
    """A rulebook with its part for check-ins, on one day."""

    main: Rulebook
    check_in: Rulebook | None
    """None where it has no check-ins."""
    recorder: Recorder | None = None
    """Writes down what is answered, before anybody is told of it; None where no log is kept."""

    def written(self, kind: Literal["assess", "ask"], result: Result) -> Result:
        """A result that stands in the log. Raises StorageFault or LogError: then it is not to be told."""
        if self.recorder is not None:
            self.recorder.result(kind, result)
        return result

    def assess(self, rulebook: Rulebook, intake: Mapping[str, Any]) -> Result:
        """Assess, and write down as above."""
        return self.written("assess", assess(rulebook, intake))

    def written_down(self, said: CheckIn, intake: Mapping[str, Any] | None) -> CheckIn:
        """The same for a check-in, with the intake that its programme follows from."""
        if self.recorder is not None:
            self.recorder.check_in(said, intake)
        return said

    @property
    def parts(self) -> tuple[Rulebook, ...]:
        """Those that there are."""
        return (self.main,) if self.check_in is None else (self.main, self.check_in)


class Books:
    """A rulebook for a server that runs for longer than a day."""

    def __init__(
        self,
        main: Rulebook,
        check_in: Rulebook | None,
        today: Callable[[], date] = date.today,
        recorder: Recorder | None = None,
    ) -> None:
        self._book = Book(main, check_in, recorder)
        self._today = today

    def today(self) -> Book:
        """The rulebook as it stands today: from the day on which its review is due, answers say so."""
        day = self._today()
        due = self._book.main.identity.review_by
        past = bool(due) and day.isoformat() > due
        # A dated copy builds its engines anew, so there is one a turn and not one a request.
        if past != ("review_was_due" in self._book.main.stamp) or self._book.main.day is None:
            main, check_in, recorder = self._book
            self._book = Book(main.on(day), None if check_in is None else check_in.on(day), recorder)
        return self._book
