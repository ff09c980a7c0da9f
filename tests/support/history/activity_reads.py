"""What a format's reader gives of a file's bytes."""

from __future__ import annotations

import io
from typing import NamedTuple, cast

from afterrun.history.formats.activity import HEAD, Activity, Entry, Fault, Format, Note, Unreadable
from afterrun.history.formats.known import FORMATS, format_of


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


class Given(NamedTuple):
    """All entries of a file of many, by what they are, and why it ended early if it did."""

    activities: list[Activity]
    faults: list[Fault]
    notes: list[str]
    broke_off: str = ""


def named(name: str) -> Format:
    return next(each for each in FORMATS if each.name == name)


def given(content: bytes, name: str, *, miles: bool | None = None) -> Given:
    """Read by the format of this name, as which its first bytes must be recognized."""
    form = named(name)
    assert format_of(content[:HEAD]) is form
    found = Given([], [], [])
    told = form.read_told
    stream = as_stream(content)
    try:
        for each in told(stream, miles) if told and miles is not None else form.read(stream):
            match each:
                case Activity():
                    found.activities.append(each)
                case Fault():
                    found.faults.append(each)
                case Note():
                    found.notes.append(each.text)
    except Unreadable as error:
        return found._replace(broke_off=str(error))
    return found
