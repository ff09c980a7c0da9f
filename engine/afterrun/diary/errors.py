"""What a diary refuses."""

from __future__ import annotations

from afterrun.errors import AfterrunError, UnusableError


class DiaryError(AfterrunError):
    """The diary refuses, and nothing was written; the message says the way out."""


class NotYetError(DiaryError):
    """No week can be reported on this day; a new warning sign can be on any."""


class StorageError(DiaryError, UnusableError):
    """The database cannot be used: it is not there, not ours, held by others, or of a newer afterrun."""

    @property
    def first_line(self) -> str:
        """What is wrong, without the way out and without a stop."""
        return str(self).partition("\n")[0].rstrip(".")


class DamagedError(StorageError):
    """The database holds what no afterrun wrote, or lacks what one did."""

    def __init__(self, place: str, why: str) -> None:
        self.why = why
        super().__init__(
            f"{place} is damaged: {why}.", "What can still be read of it:  afterrun diary export"
        )


class NotForgottenError(StorageError):
    """Forgetting was begun and is not finished; to repeat it goes on."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not finished: {what}.", "Repeat:  afterrun diary delete")
