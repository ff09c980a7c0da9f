"""What accounts refuse."""

from __future__ import annotations

from afterrun.errors import UnusableError


class AccountError(UnusableError):
    """An account cannot be made, found or changed, or its file cannot be used."""
