"""A form in, its fields out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from afterrun_web.refusing import Refused

FORM, UPLOAD = "application/x-www-form-urlencoded", "multipart/form-data"
MOST_FIELDS = 200
FILE = "file"
"""The field of a file."""
NO_FORM = Refused(415, "This is not a form that we know", "It came in another shape than a page sends it.")
UNREADABLE = Refused(400, "This form cannot be read", "It holds what no page of ours sends.")


class Form(NamedTuple):
    """The fields of a form that was sent."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """The field's value; the first of several, nothing where there is none."""
        return (self.all(name) or ("",))[0]

    def all(self, name: str) -> Sequence[str]:
        """Every value of the field."""
        return self.fields.get(name, ())


class Upload(NamedTuple):
    """A file that was sent; without a name where none was chosen."""

    name: str
    content: bytes


async def read_form(request: Request) -> Form:
    """The form of a request; refuses what is none."""
    if _kind(request) != FORM:
        raise NO_FORM
    body = await request.body()
    try:
        return Form(
            parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
        )
    except ValueError:
        raise UNREADABLE from None


async def read_upload(request: Request) -> Upload:
    """The one file of a form; refuses what brings none. The guard bounds how large one is."""
    if _kind(request) != UPLOAD:
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


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
