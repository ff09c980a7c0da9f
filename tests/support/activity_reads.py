"""What a format's reader gives of a file's bytes."""

from __future__ import annotations

import io
from typing import cast

from afterrun.history.formats.activity import Activity, Entry, Fault, Format, Unreadable


def as_stream(content: bytes) -> io.BufferedReader:
    return io.BufferedReader(cast(io.RawIOBase, io.BytesIO(content)))


def entries(form: Format, content: bytes) -> list[Entry]:
    """What a file gives, with what ended its reading as one last fault."""
    found: list[Entry] = []
    try:
        for each in form.read(as_stream(content)):
            found.append(each)
    except Unreadable as error:
        found.append(Fault(str(error)))
    return found


def only(form: Format, content: bytes) -> Activity:
    (found,) = entries(form, content)
    assert isinstance(found, Activity)
    return found


def reasons(form: Format, content: bytes) -> list[str]:
    found = entries(form, content)
    assert not [each for each in found if isinstance(each, Activity)]
    return [each.reason for each in found if isinstance(each, Fault)]
