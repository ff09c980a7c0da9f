"""FIT: what watches record. Only the summaries of a file are decoded; where it was is not even looked at."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple

from afterrun.extras import require
from afterrun.history.formats.activity import Activity, Entry, Fault, Format, Note, Sport, Unreadable
from afterrun.history.formats.sports import sport_of

MOST_BYTES = 64 << 20
"""A recording of a day, every second and with all that a watch knows, has some ten megabytes."""
_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
_FILE_ID, _USER_PROFILE, _SESSION, _ACTIVITY = 0, 3, 18, 34
"""Numbers of messages in FIT's profile."""
_WANTED = frozenset((_FILE_ID, _USER_PROFILE, _SESSION, _ACTIVITY))
_KINDS = {
    "device": "a device's description",
    "settings": "a device's settings",
    "sport": "a device's settings",
    "workout": "a workout, a plan for one",
    "course": "a course, a way to follow",
    "schedules": "a schedule",
    "weight": "weights",
    "totals": "a device's totals",
    "goals": "goals",
    "blood_pressure": "blood pressures",
    "monitoring_a": "a day's monitoring",
    "monitoring_b": "a day's monitoring",
    "monitoring_daily": "a day's monitoring",
    "segment": "a segment",
    "segment_list": "a list of segments",
}
"""FIT's types of file that are no activity, in words."""
_AT_ONCE = 256
"""How many messages are looked ahead; all of the rest each time would be too many where they alternate."""
_FURTHEST_FROM_UTC = 14 * 3600
_CUT = "it ends too early: the recording or the copy was cut short"


def read(stream: io.BufferedReader) -> Iterator[Entry]:
    """An entry for each session of each recording in the file, for a triathlon has several.

    A file whose checksum is wrong gives none. One that is cut has no checksum: a session that was whole
    before the cut is taken, since it tells the whole distance, and said in a note.
    """
    for module in ("fitdecode", "fastcrc"):
        require(module)
    from fastcrc.crc16 import arc

    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Unreadable(f"it is larger than {MOST_BYTES >> 20} MB, as no recording is")
    at, place = 0, 0
    while at < len(data):
        try:
            header, protocol, profile, length, mark = struct.unpack_from("<BBHI4s", data, at)
        except struct.error:
            raise Unreadable(_CUT) from None
        if mark != b".FIT" or header < 12:
            raise Unreadable("what follows the first recording in it is none")
        begin, end = at + header, at + header + length
        cut = end + 2 > len(data) or not length
        if not cut and arc(data[at : end + 2]):
            raise Unreadable("its checksum is wrong: it was damaged")
        sieved = _sieve(data, begin, end if not cut else len(data), cut)
        sieved = struct.pack("<BBHI4s", 12, protocol, profile, len(sieved), mark) + sieved
        messages = _decoded(sieved + struct.pack("<H", arc(sieved)))
        for entry in _entries(messages, cut):
            place += isinstance(entry, Activity)
            yield (
                entry._replace(place=f"session {place}")
                if isinstance(entry, Activity) and place > 1
                else entry
            )
        if cut:
            return
        at = end + 2


class _Message(NamedTuple):
    number: int
    values: dict[str, Any]
    """By the names of FIT's profile: scaled, times still in seconds since FIT's beginning."""


def _sieve(data: bytes, at: int, end: int, cut: bool) -> bytes:
    """The wanted messages with their definitions, as they stand; those before the cut of a cut file."""
    sizes: list[int | None] = [None] * 16
    wanted = [False] * 16
    kept: list[bytes] = []
    try:
        while at < end:
            header = data[at]
            local = header >> 5 & 3 if header & 0x80 else header & 15
            if header & 0xC0 == 0x40:
                order = ">" if data[at + 2] else "<"
                number, fields = struct.unpack_from(f"{order}HB", data, at + 3)
                own, after = data[at + 7 : at + 6 + 3 * fields : 3], at + 6 + 3 * fields
                foreign = b""
                if header & 0x20:
                    foreign = data[after + 2 : after + 1 + 3 * data[after] : 3]
                    after += 1 + 3 * data[after]
                if len(own) != fields or after > end:
                    break
                sizes[local], wanted[local] = 1 + sum(own) + sum(foreign), number in _WANTED
                if wanted[local]:
                    kept.append(data[at:after])
                at = after
                continue
            size = sizes[local]
            if size is None and cut:
                break
            if size is None:
                raise Unreadable("a message in it has no definition: it was damaged")
            if at + size > end:
                break
            if wanted[local]:
                kept.append(data[at : at + size])
                at += size
                continue
            # A run's seconds follow each other: those of one header are passed over at once.
            headers = data[at : min(end, at + _AT_ONCE * size) : size]
            at += size * (len(headers) - len(headers.lstrip(headers[:1])))
    except (IndexError, struct.error):  # cut within a definition
        pass
    return b"".join(kept)


def _decoded(data: bytes) -> list[_Message]:
    """What the messages say. A file from anywhere may hold what the library did not foresee."""
    import fitdecode

    try:
        reader = fitdecode.FitReader(
            data,
            processor=None,
            check_crc=fitdecode.CrcCheck.DISABLED,  # checked above, in a hundredth of the time
            error_handling=fitdecode.ErrorHandling.IGNORE,
        )
        return [
            _Message(
                frame.global_mesg_num,
                {field.name: field.value for field in frame.fields if field.value is not None},
            )
            for frame in reader
            if frame.frame_type == fitdecode.FIT_FRAME_DATA
        ]
    except (
        fitdecode.FitError,
        ArithmeticError,
        AssertionError,
        LookupError,
        TypeError,
        ValueError,
        struct.error,
    ):
        raise Unreadable("a message in it cannot be read: it was damaged") from None


def _entries(messages: list[_Message], cut: bool) -> Iterator[Entry]:
    kind: Any = next((each.values.get("type") for each in messages if each.number == _FILE_ID), None)
    sessions = [each.values for each in messages if each.number == _SESSION]
    if kind not in (None, "activity", "activity_summary"):
        yield Fault(f"it is {_KINDS.get(kind, 'something else of a device')}, no activity", may_be_run=False)
        return
    if not sessions:
        yield Fault(_CUT if cut else "it has no summary of an activity")
        return
    if cut:
        yield Note("It ends too early; its summary, which was whole, was taken.")
    zone = next(
        (found for each in messages if each.number == _ACTIVITY if (found := _zone(each.values))), UTC
    )
    unit = next((found for each in messages if (found := each.values.get("dist_setting"))), "")
    for values in sessions:
        yield _activity(values, zone, {"statute": True, "metric": False}.get(unit))


def _activity(values: dict[str, Any], zone: timezone, miles: bool | None) -> Entry:
    elapsed = _number(values, "total_elapsed_time")
    began = _number(values, "start_time")
    if began is None and (ended := _number(values, "timestamp")) is not None and elapsed is not None:
        began = ended - elapsed
    if began is None:
        return Fault("it does not say when it began")
    moving = _number(values, "total_moving_time")
    moving = _number(values, "total_timer_time") if moving is None else moving
    return Activity(
        (_EPOCH + timedelta(seconds=began)).astimezone(zone),
        _number(values, "total_distance"),
        elapsed if moving is None else moving,
        _sport(values.get("sport"), values.get("sub_sport")),
        moving=moving is not None,
        miles=miles,
    )


def _number(values: dict[str, Any], name: str) -> float | None:
    value = values.get(name)
    return value if isinstance(value, int | float) else None


def _zone(activity: dict[str, Any]) -> timezone | None:
    """The zone of the watch's own clock, to the quarter of an hour; None if it tells none that can be."""
    utc, local = _number(activity, "timestamp"), _number(activity, "local_timestamp")
    if utc is None or local is None or abs(local - utc) > _FURTHEST_FROM_UTC:
        return None
    return timezone(timedelta(minutes=15 * round((local - utc) / 900)))


def _sport(sport: Any, sub_sport: Any) -> Sport | None:
    """Of FIT's words; a number is a sport newer than the library."""
    if sport == "multisport" or (sport in (None, "generic") and sub_sport in (None, "generic")):
        return None
    if sport in ("running", "fitness_equipment", None, "generic"):
        exact = sport_of(str(sub_sport))
        if exact in ("treadmill", "trail", "track"):
            return exact
        if sub_sport == "virtual_activity" and sport == "running":
            return "treadmill"
    return sport_of(str(sport))


FORMAT = Format("FIT", lambda head: head[8:12] == b".FIT", read)
