"""The diary as one request needs it: opened when it is asked for, and how it stood when a page was made."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, RedirectResponse

import afterrun
from afterrun.schedule import day_words
from afterrun_web.drawing import page
from afterrun_web.pages.site import Site
from afterrun_web.requests.forms import Form
from afterrun_web.requests.refusing import Refused, log_place
from afterrun_web.sealing import Kept
from afterrun_web.visitors import visitor

if TYPE_CHECKING:
    from afterrun.diary import Diary, History

_FILE = "sqlite:///"
STALE = Refused(
    409,
    "The diary has gone on since",
    "It has changed since that page was made, or its form was sent twice. Nothing was written now.",
    "Look at your diary as it is now.",
    home=("/diary", "Your diary"),
)
NOWHERE = Refused(
    409,
    "You keep no diary yet",
    "There is nothing that this could be written to.",
    "Answer the questions first. From their result you can begin a diary.",
)


def _called(line: str, places: Iterable[str]) -> str:
    for place in sorted(places, key=len, reverse=True):
        line = line.replace(place, "the diary")
    return line


class Desk:
    """Where the diaries lie that are kept here."""

    def __init__(self, site: Site, address: str) -> None:
        self.site = site
        self.address = address
        self._writing = Lock()

    @property
    def person(self) -> str:
        """Whose diary it is: of who came with this request, and never another's."""
        return visitor().person

    @property
    def keeper(self) -> str:
        """Whose phone keeps what, in a word that tells nobody anything."""
        key = self.site.settings.key
        return hmac.digest(key, f"keeper {self.person}".encode(), "sha256").hex()[:16]

    @property
    def part(self) -> afterrun.Rulebook:
        """The part of the rulebook that answers check-ins."""
        part = self.site.books.today().check_in
        assert part is not None, "no diary is kept where there are no check-ins"
        return part

    @property
    def base(self) -> afterrun.Rulebook:
        """The rulebook of the first answers."""
        base = self.part.base
        assert base is not None
        return base

    @property
    def now(self) -> datetime:
        """The person's own day and time, to the second, as a diary holds it."""
        return self.site.settings.now().replace(tzinfo=None, microsecond=0)

    @contextmanager
    def diary(self, *, create: bool = False) -> Iterator[Diary | None]:
        """The diary; None where there is none yet. Raises DiaryError."""
        from afterrun.diary import Diary, StorageError

        if not create and not self._is_there():
            yield None
            return
        with self.without_place():
            try:
                diary = Diary(self.address, create=create)
            except PermissionError as error:
                raise StorageError(f"{self.address} cannot be used: {error.strerror}") from error
            try:
                yield diary
            finally:
                diary.close()

    @contextmanager
    def without_place(self) -> Iterator[None]:
        """Where the server keeps diaries is no visitor's: of an error it stands in the server's log."""
        from afterrun.diary import StorageError, read_address

        try:
            yield
        except StorageError as error:
            place = str(read_address(self.address))
            log_place(error, place)
            places = {self.address, place, str(Path(place))}
            error.args = tuple(_called(str(line), places) for line in error.args)
            raise

    @contextmanager
    def writing(self, *, create: bool = False) -> Iterator[Diary]:
        """The diary for a write, one at a time: what is sent twice finds the first written."""
        with self._writing, self.diary(create=create) as diary:
            if diary is None:
                raise NOWHERE
            yield diary

    def enrolments(self) -> list[History]:
        """Every plan of the person, the oldest first; none where nothing was begun."""
        with self.diary() as diary:
            return [] if diary is None else diary.all_of(self.person)

    def history(self) -> History:
        """The latest plan; refused where there is none."""
        found = self.enrolments()
        if not found:
            raise NOWHERE
        return found[-1]

    def page(self, template: str, *, status: int = 200, **words: Any) -> HTMLResponse:
        """A page of the diary."""
        as_of = f"{day_words(self.now.date(), year=True)}, {self.now:%H:%M}"
        # A warning sign that waits on a phone stands above every page.
        stop = next((level for level in self.part.triage.values() if level.settles), None)
        around = {"identity": self.base.identity, "as_of": as_of, "stop_words": stop}
        return page(f"diary/{template}", status=status, **around, **words)

    def to(self, place: str = "") -> RedirectResponse:
        """On to a page that can be loaded again without a form."""
        return RedirectResponse(f"/diary{place}", 303)

    def seal(self, about: Mapping[str, Any]) -> str:
        """What a form carries that writes: how the diary stood when it was shown."""
        return self.site.seal.close(self.part, Kept(about=about))

    def about_in(self, form: Form) -> Mapping[str, Any]:
        """The same, out of a form that was sent; refuses what was made elsewhere, or long ago."""
        try:
            return self.site.kept_in(form, self.part, "/diary").about
        except Refused as refused:
            raise STALE if refused.token else refused from None

    def _is_there(self) -> bool:
        file = self.address.removeprefix(_FILE)
        return "://" in file or Path(file).exists()


def stand_of(history: History | None) -> str:
    """Changes whenever the diary does; tells nothing of it."""
    told = None if history is None else history.to_dict()
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
