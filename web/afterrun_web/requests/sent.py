"""What came with a request, as a route asks for it: a form, a file, or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from afterrun_web.requests.forms import (
    FILE,
    FORM,
    MOST_FIELDS,
    NO_FORM,
    UNREADABLE,
    UPLOAD,
    Form,
    form_in,
    kind_of,
)

JSON = "application/json"


class NotTaken(Exception):
    """A body of a program that is not read, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


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


async def read_json(request: Request, kinds: Sequence[str], largest: int) -> bytes:
    """The bytes of a body that is JSON by its own word, as one of these kinds. Raises NotTaken."""
    if kind_of(request.headers) not in kinds:
        wanted = "' or '".join(kinds)
        raise NotTaken(415, f"the body is to be JSON, with the header 'Content-Type: {wanted}'")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise NotTaken(415, "the body is packed; send it as it is, without 'Content-Encoding'")
    too_large = NotTaken(413, f"the body is larger than {largest} bytes, and no intake is")
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > largest:
        raise too_large
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > largest:
                raise too_large
    except ClientDisconnect:
        raise NotTaken(400, "the body was cut off") from None
    return bytes(content)


Sent = Annotated[Form, Depends(read_form)]
SentFile = Annotated[Upload, Depends(read_upload)]
