"""A form in, its fields out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs

from afterrun_web.requests.refusing import Refused

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


def kind_of(headers: Mapping[str, str]) -> str:
    """In which shape a request says that its body is; names of headers are in small letters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def form_in(body: bytes) -> Form:
    """The form of the body of a request; refuses what is none."""
    try:
        return Form(
            parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
        )
    except ValueError:
        raise UNREADABLE from None
