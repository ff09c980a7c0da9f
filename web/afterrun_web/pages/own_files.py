"""A person's own files on the way to an answer: read in a folder that is gone before the page leaves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from afterrun.extras import way_to
from afterrun.history import RunningHistory, read_history
from afterrun.telling import FileOffers, read_words, weeks_svg
from afterrun.visible import on_one_line
from afterrun_web.forms import FILE, NO_FORM, UNREADABLE, UPLOAD, Form, kind_of
from afterrun_web.pages.interview import Interview
from afterrun_web.pages.site import Site

MOST_FILES = 200
MOST_NAMED = 5
LONGEST_NAME = 100
"""Characters of a file's name; of a longer one the end, which says what it is."""
NO_FILE = "Choose a file first."


def router(site: Site) -> APIRouter:
    """Where the files of a form go."""
    pages = APIRouter()

    @pages.post("/files")
    async def take(request: Request) -> Response:
        if kind_of(request.headers) != UPLOAD:
            raise NO_FORM
        try:
            form = await request.form(
                max_files=MOST_FILES, max_fields=10, max_part_size=site.settings.largest_form
            )
        except HTTPException:
            raise UNREADABLE from None
        try:
            return await run_in_threadpool(_taken, site, form)
        finally:
            await form.close()

    return pages


def _taken(site: Site, form: FormData) -> Response:
    fields = Form({"token": (str(form.get("token", "")),)})
    talk = site.talk_of(fields)
    files = [each for each in form.getlist(FILE) if isinstance(each, UploadFile) and each.filename]
    if not files:
        return Interview(talk, fields).onward(NO_FILE)
    today = site.settings.now().date()
    with TemporaryDirectory(prefix="afterrun-") as folder:
        try:
            history = read_history(_written(files, Path(folder)), today=today)
        except ModuleNotFoundError as error:
            words = way_to(error.name or "")
            if not words:
                raise
            return Interview(talk, fields).onward(words)
        notice = _notice(history, folder)
    if history.first is None:
        return Interview(talk, fields).onward(notice)
    found = FileOffers(talk.rulebook, history, today)
    told = talk.with_files(found.kept())
    weeks = found.weeks(talk.talk.intake)
    picture = (weeks.title, weeks_svg(weeks, styled=False) if weeks.highest else "")
    return Interview(told, fields, picture=picture).onward(notice)


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
    notes = [re.sub(rf"{re.escape(folder)}/\d+/", "", each) for each in history.notes]
    return "\n".join((read_words(history), *left[:MOST_NAMED], *more, *notes)).replace(folder, "")
