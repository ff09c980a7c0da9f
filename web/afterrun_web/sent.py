"""What came with a request, as a route asks for it: a form, or a file."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from afterrun_web.forms import FILE, FORM, MOST_FIELDS, NO_FORM, UNREADABLE, UPLOAD, Form, form_in, kind_of


class Upload(NamedTuple):
    """A file that was sent; without a name where none was chosen."""

    name: str
    content: bytes


async def read_form(request: Request) -> Form:
    """The form of a request; refuses what is none."""
    if kind_of(request.headers) != FORM:
        raise NO_FORM
    return form_in(await request.body())


async def read_upload(request: Request) -> Upload:
    """The one file of a form; refuses what brings none. The guard bounds how large one is."""
    if kind_of(request.headers) != UPLOAD:
        raise NO_FORM
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=MOST_FIELDS)
    # Kept in memory whatever its size: what is in it belongs on no disk.
    parser.spool_max_size = 0
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError):
        raise UNREADABLE from None
    try:
        found = form.get(FILE)
        if not isinstance(found, UploadFile):
            raise UNREADABLE
        return Upload(found.filename or "", await found.read())
    finally:
        await form.close()


Sent = Annotated[Form, Depends(read_form)]
SentFile = Annotated[Upload, Depends(read_upload)]
