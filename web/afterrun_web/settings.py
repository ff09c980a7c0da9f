"""How the pages and the API are served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple


def local_now() -> datetime:
    """The person's own day and time."""
    return datetime.now().astimezone()


class Settings(NamedTuple):
    """What whoever serves decides."""

    key: bytes
    """Seals the answers that pages carry; who has it can read them. 32 bytes in URL-safe base64."""
    rulebook: Path | None = None
    """The folder that holds rules/ and knowledge/; None for the rulebook that comes along."""
    cache: Path | None = None
    """Where rulebooks are kept packed."""
    shared: bool = False
    """Whether others than the person at this machine may come."""
    largest_form: int = 64 * 1024
    """Bytes of a form without a file."""
    largest_upload: int = 5 * 1024 * 1024
    """Bytes of any other request."""
    lifetime: timedelta = timedelta(days=1)
    """How long answers stand; after it a warning sign may be new, and those about safety are asked again."""
    diary: str | None = None
    """The address of the diary of the person at this machine; None where none is kept."""
    person: str = "me"
    """Whose weeks it holds."""
    now: Callable[[], datetime] = local_now
