"""How the pages and the API are served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from afterrun.log import Recorder


def local_now() -> datetime:
    """The person's own day and time."""
    return datetime.now().astimezone()


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine has this name or address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Place(NamedTuple):
    """Where one listens, and what keeps the way there private."""

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    """That of the certificate."""
    behind_proxy: bool = False
    """Whether a proxy on this machine takes the requests, and says where each came from."""


class Settings(NamedTuple):
    """What whoever serves decides."""

    key: bytes
    """Seals the answers that pages carry; who has it can read them. 32 bytes in URL-safe base64."""
    rulebook: Path | None = None
    """The folder that holds rules/ and knowledge/; None for the rulebook that comes along."""
    cache: Path | None = None
    """Where rulebooks are kept packed."""
    shared: bool = False
    """Whether others than the person at this machine may come: each needs an account."""
    accounts: Path | None = None
    """The file of accounts; never None where it is shared."""
    largest_form: int = 64 * 1024
    """Bytes of a form without a file."""
    largest_upload: int = 5 * 1024 * 1024
    """Bytes of any other request."""
    lifetime: timedelta = timedelta(days=1)
    """How long answers stand; after it a warning sign may be new, and those about safety are asked again."""
    largest_batch: int = 50 * 1024 * 1024
    """Bytes of a request that brings a file of intakes."""
    batches: Path | None = None
    """Where such files lie while they are worked on; None where none are taken."""
    batch_lifetime: timedelta = timedelta(hours=1)
    """How long their results wait to be fetched."""
    diary: str | None = None
    """The address of the database of diaries; None where none is kept."""
    person: str = "me"
    """Whose diary the person at this machine keeps; an account keeps its own."""
    hook_clients: Path | None = None
    """The file of clients that hooks trust; None where only this machine calls them, and nobody is asked."""
    origins: frozenset[str] = frozenset()
    """Whose pages may ask by FHIR and hooks from a browser."""
    hook_feedback: Path | None = None
    """Where what became of cards is written; None where it is counted alone."""
    now: Callable[[], datetime] = local_now
    recorder: Recorder | None = None
    """Writes down in a log what is answered; None where none is kept."""
