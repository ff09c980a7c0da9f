"""What a diary refuses."""

from __future__ import annotations

from afterrun.errors import AfterrunError, UnusableError


class DiaryError(AfterrunError):
    """The diary refuses, and nothing was written; the message says the way out."""


class NotYetError(DiaryError):
    """No week can be reported on this day; a new warning sign can be on any."""


class StorageError(DiaryError, UnusableError):
    """The database cannot be used: it is not there, not ours, or written by a newer afterrun."""
