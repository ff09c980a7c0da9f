"""Whatever happens to an export, what is left of it is read, the rest is told, and no name comes out."""

from __future__ import annotations

import pytest
from hypothesis import given as hypothesis_gives
from hypothesis import settings
from hypothesis import strategies as st

from afterrun.history.formats.activity import HEAD, Activity, Fault, Note, Unreadable
from afterrun.history.formats.known import FORMATS
from tests.support.history.activity_files import TWELVE_WEEKS
from tests.support.history.activity_reads import as_stream, named
from tests.support.history.apple_health import apple_of
from tests.support.history.exports import garmin_of, plain_of, strava_index

SECRET = "Zwetschgendatschi"
WEEKS = TWELVE_WEEKS[:8]
EXPORTS = {
    "Strava": strava_index(WEEKS, "de", secret=SECRET),
    "Garmin Connect": garmin_of(WEEKS, "fr", secret=SECRET),
    "Apple Health": apple_of(WEEKS, secret=SECRET, records=1),
    "a table": plain_of(WEEKS, date="%d/%m/%Y", mark=",", separator=";", secret=SECRET),
}
TABLES = ("Strava", "Garmin Connect", "a table")

edits = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=6),
            st.sampled_from([b'"', b"\n", b",", b";", b"<", b"&a;", b"\x00", SECRET.encode(), b"9" * 40]),
        ),
    ),
    max_size=12,
)


def edited(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """Each change takes so many bytes away, at that part of the whole, and puts others there."""
    for where, taken, put in changes:
        at = int(where * len(data))
        data = data[:at] + put + data[at + taken :]
    return data


def said(name: str, data: bytes) -> list[object]:
    """All that a format gives of what it takes for its own; it ends early in the one way in which it may."""
    found: list[object] = []
    form = named(name)
    try:
        for each in form.read(as_stream(data)) if form.begins(data[:HEAD]) else ():
            found.append(each)
    except Unreadable as error:
        found.append(error)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPORTS)
@settings(max_examples=150, deadline=None)
@hypothesis_gives(changes=edits)
def test_damage_costs_what_is_damaged_and_nobody_is_named(
    name: str, changes: list[tuple[float, int, bytes]]
) -> None:
    found = said(name, edited(EXPORTS[name], changes))
    assert all(isinstance(each, Activity | Fault | Note | Unreadable) for each in found)
    outside = [each._replace(stands_for="") if isinstance(each, Activity) else str(each) for each in found]
    assert SECRET not in str(outside)


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=60, deadline=None)
@hypothesis_gives(at=st.integers(1, len(WEEKS)), where=st.floats(0, 1), byte=st.integers(0, 255))
def test_one_byte_costs_no_row_but_its_own(name: str, at: int, where: float, byte: int) -> None:
    whole = [each for each in said(name, EXPORTS[name]) if isinstance(each, Activity)]
    lines = EXPORTS[name].splitlines()
    line = lines[at]
    place = int(where * len(line))
    lines[at] = line[:place] + bytes([byte]) + line[place:]
    found = [each for each in said(name, b"\n".join(lines)) if isinstance(each, Activity)]
    moved = 1 if byte in b"\r\n" else 0
    untouched = [(each.began, each.metres, each.seconds) for each in whole if each.place != f"row {at + 1}"]
    left = [(each.began, each.metres, each.seconds) for each in found]
    assert [each for each in left if each in untouched] == untouched
    assert len(left) <= len(whole) + moved


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@hypothesis_gives(data=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_of_which_kind_bytes_are_can_be_asked_of_any(data: bytes) -> None:
    assert {form.begins(data) for form in FORMATS} <= {True, False}
