"""A person's own files on the way to an answer: read in a folder that is gone before the page leaves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from afterrun.extras import way_to
from afterrun.history import RunningHistory, UnknownZoneError, read_history, zone_named
from afterrun.telling import FileOffers, read_words, weeks_svg
from afterrun.visible import on_one_line
from afterrun_web.pages.interview.questions import Interview
from afterrun_web.pages.site import OF_INTAKE, Site
from afterrun_web.requests.forms import FILE, NO_FORM, UNREADABLE, UPLOAD, Form, kind_of

MOST_FILES = 200
MOST_NAMED = 5
LONGEST_NAME = 100
"""Characters of a file's name; of a longer one the end, which says what it is."""
NO_FILE = "Choose a file first."
_PLACE = re.compile(r"(?<!\S)/\d+/")
"""The place of its own that a file has in the folder."""


def router(site: Site) -> APIRouter:
    """Where the files of a form go."""
    pages = APIRouter()

    @pages.post(OF_INTAKE.files)
    async def take(request: Request) -> Response:
        return await with_files(request, site, lambda form, files: _taken(site, form, files))

    return pages


class SentFiles(NamedTuple):
    """The files of a form, and what it says of how to read them."""

    files: Sequence[UploadFile]
    unit: str
    """Of distances in tables that tell none: km, mi, or empty."""
    zone: str
    """The name of the time zone that the person runs in, or empty."""


async def with_files(request: Request, site: Site, taken: Callable[[Form, SentFiles], Response]) -> Response:
    """What answers a form with files, which are closed, and gone, before that leaves."""
    if kind_of(request.headers) != UPLOAD:
        raise NO_FORM
    try:
        form = await request.form(
            max_files=MOST_FILES, max_fields=10, max_part_size=site.settings.largest_form
        )
    except HTTPException:
        raise UNREADABLE from None
    files = [each for each in form.getlist(FILE) if isinstance(each, UploadFile) and each.filename]
    try:
        fields = Form({"token": (str(form.get("token", "")),)})
        sent = SentFiles(files, str(form.get("table_unit", "")), str(form.get("zone", "")).strip())
        return await run_in_threadpool(taken, fields, sent)
    finally:
        await form.close()


def read_sent(sent: SentFiles, today: date) -> tuple[RunningHistory | None, str]:
    """What files hold up to a day, and what is to be said of it; None where that is nothing."""
    if not sent.files:
        return None, NO_FILE
    try:
        zone = zone_named(sent.zone) if sent.zone else None
    except UnknownZoneError as error:
        return None, f"The files were not read: {error}"
    miles = {"km": False, "mi": True}.get(sent.unit)
    with TemporaryDirectory(prefix="afterrun-") as folder:
        try:
            history = read_history(_written(sent.files, Path(folder)), zone, today=today, miles=miles)
        except ModuleNotFoundError as error:
            words = way_to(error.name or "")
            if not words:
                raise
            return None, words
        notice = _notice(history, folder)
    return (history if history.first is not None else None), notice


def _taken(site: Site, form: Form, sent: SentFiles) -> Response:
    talk, today = site.talk_of(form), site.settings.now().date()
    history, notice = read_sent(sent, today)
    if history is None:
        return Interview(talk, form).onward(notice)
    found = FileOffers(talk.rulebook, history, today)
    told = site.talk_of(talk.with_files(found.kept()))
    weeks = found.weeks(talk.talk.intake)
    picture = (weeks.title, weeks_svg(weeks, styled=False) if weeks.highest else "")
    return Interview(told, form, picture=picture).onward(notice)


def _written(files: Sequence[UploadFile], folder: Path) -> list[Path]:
    """The files in the folder, each under its own name in a place of its own."""
    paths = []
    for place, each in enumerate(files):
        inside = folder / str(place)
        inside.mkdir(mode=0o700)
        path = inside / _name_of(each.filename or "")
        with path.open("wb") as written:
            shutil.copyfileobj(each.file, written)
        paths.append(path)
    return paths


def _name_of(given: str) -> str:
    """A file's name without its folders, as it can be shown.

    >>> _name_of("C:\\\\runs\\\\lake.fit"), _name_of("../..")
    ('lake.fit', 'file')
    """
    name = on_one_line(given.replace("\\", "/").rpartition("/")[2]).strip()[-LONGEST_NAME:]
    return "file" if name in ("", ".", "..") else name


def _notice(history: RunningHistory, folder: str) -> str:
    """What came of the files, a line for each thing."""
    left = [
        f"Left out: {Path(each.file).name}{f', {each.place}' if each.place else ''}: {each.reason}."
        for each in history.left_out
    ]
    more = [f"And {len(left) - MOST_NAMED} more are left out."] if len(left) > MOST_NAMED else []
    told = "\n".join((read_words(history), *left[:MOST_NAMED], *more, *history.notes))
    return _PLACE.sub("", told.replace(folder, ""))
