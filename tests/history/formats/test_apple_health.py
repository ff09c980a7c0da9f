"""Apple Health's export: workouts out of a stream of anything, and nothing that XML could do."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from afterrun.history.formats.activity import Activity, Entry, Fault, Unreadable
from tests.support.history.activity_files import TWELVE_WEEKS, Recorded
from tests.support.history.activity_reads import as_stream, given, named
from tests.support.history.apple_health import (
    APPLE_TYPE,
    apple_head,
    apple_of,
    apple_record,
    apple_route,
    apple_workout,
)

NAME = "Apple Health"


def export(*workouts: str, document_type: str = APPLE_TYPE) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n{document_type}{apple_head()}'
    return "".join([head, *workouts, "</HealthData>\n"]).encode()


def only(workout: str) -> Activity:
    found = given(export(workout), NAME)
    assert not found.faults
    (activity,) = found.activities
    return activity


@pytest.mark.parametrize("old", [False, True], ids=["WorkoutStatistics", "totalDistance"])
@pytest.mark.parametrize("miles", [False, True])
def test_workouts_are_read_as_phones_of_any_year_write_them(old: bool, miles: bool) -> None:
    found = given(apple_of(TWELVE_WEEKS, old=old, miles=miles), NAME)
    assert not found.broke_off
    assert [each.began for each in found.activities] == [each.began for each in TWELVE_WEEKS]
    assert [each.metres for each in found.activities] == pytest.approx([each.metres for each in TWELVE_WEEKS])
    assert [each.seconds for each in found.activities] == pytest.approx(
        [each.seconds for each in TWELVE_WEEKS]
    )
    assert {each.miles for each in found.activities} == {miles}
    assert [each.stands_for for each in found.activities] == [apple_route(each) for each in TWELVE_WEEKS]


@pytest.mark.parametrize("sport", ["run", "treadmill", "walk", "ride", "swim", "other"])
def test_what_was_done_is_told_apart(sport: str) -> None:
    assert only(apple_workout(TWELVE_WEEKS[0]._replace(sport=sport))).sport == sport


def test_an_export_that_is_cut_off_gives_what_came_before() -> None:
    data = apple_of(TWELVE_WEEKS)
    cut = data[: data.index(b"<Workout ", len(data) * 2 // 3) + 40]
    found = given(cut, NAME)
    assert len(found.activities) == cut.count(b"</Workout>")
    assert "no whole XML" in found.broke_off


def test_an_export_that_breaks_in_its_midst_gives_what_came_before() -> None:
    first, second = (apple_workout(each) for each in TWELVE_WEEKS[:2])
    found = given(export(first, second.replace("<MetadataEntry", "<<MetadataEntry"), first), NAME)
    assert len(found.activities) == 1
    assert "no whole XML" in found.broke_off


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            export(document_type='<!DOCTYPE HealthData [<!ENTITY a "aa"><!ENTITY b "&a;&a;">\n]>\n'),
            "declares entities",
        ),
        (
            export(document_type='<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
            "declares entities",
        ),
        (
            export(document_type='<!-- <!DOCTYPE x> --><!DOCTYPE HealthData [<!ENTITY a "aa">]>'),
            "document type",
        ),
        (export(apple_workout(TWELVE_WEEKS[0], secret="&a;")), "no whole XML"),
        (b"<!DOCTYPE HealthData [" + b"<!-- -->" * 200_000, "has no end"),
    ],
    ids=["bomb", "file", "hidden", "undeclared", "endless"],
)
def test_no_entity_is_ever_expanded(data: bytes, why: str) -> None:
    found = given(data, NAME)
    assert why in found.broke_off
    assert not found.activities


def test_a_document_type_without_an_end_is_not_read_on() -> None:
    stream = as_stream(b"<!DOCTYPE HealthData [" + b"<!-- -->" * (1 << 20))
    with pytest.raises(Unreadable, match="has no end"):
        _count(named(NAME).read(stream))
    assert stream.tell() < 2 << 20


@pytest.mark.parametrize(
    ("found", "instead", "reason"),
    [
        ("startDate=", "x=", "where its start should stand is none"),
        ('unit="km"', 'unit="furlong"', "its distance is no number with a unit that is known"),
        ('sum="4.000000"', 'sum="nan"', "its distance is no number with a unit that is known"),
        ('durationUnit="min"', 'durationUnit="moons"', "its duration is no number with a unit that is known"),
    ],
)
def test_a_workout_that_cannot_be_read_is_told_and_the_next_one_is_read(
    found: str, instead: str, reason: str
) -> None:
    broken = apple_workout(TWELVE_WEEKS[0]).replace(found, instead)
    given_ = given(export(broken, apple_workout(TWELVE_WEEKS[1])), NAME)
    began = None if found == "startDate=" else TWELVE_WEEKS[0].began
    assert given_.faults == [Fault(reason, "workout 1", began)]
    assert [each.place for each in given_.activities] == ["workout 2"]


def test_a_workout_of_several_sports_says_none() -> None:
    workout = apple_workout(TWELVE_WEEKS[0]).replace("ActivityTypeRunning", "ActivityTypeSwimBikeRun")
    assert only(workout).sport is None


def test_a_run_without_a_distance_stays_one() -> None:
    workout = apple_workout(TWELVE_WEEKS[0], old=True).replace("totalDistance", "total")
    found = only(workout)
    assert (found.metres, found.sport, found.seconds) == (None, "run", 1_440)


class Phone(io.RawIOBase):
    """An export as long as it is asked for, made as it is read."""

    def __init__(self, length: int) -> None:
        self._left = length
        self._held = f'<?xml version="1.0"?>\n{APPLE_TYPE}{apple_head()}'.encode()
        self._days = self._made()
        self.workouts = 0

    def _made(self) -> Iterator[bytes]:
        records = apple_record(TWELVE_WEEKS[0].began).encode() * 500
        while self._left > 0:
            run = Recorded(TWELVE_WEEKS[0].began + timedelta(hours=self.workouts), 5_000, 1_800)
            self.workouts += 1
            day = records + apple_workout(run).encode()
            self._left -= len(day)
            yield day
        yield b"</HealthData>\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while len(self._held) < len(buffer) and (day := next(self._days, b"")):
            self._held += day
        part = self._held[: len(buffer)]
        buffer[: len(part)] = part
        self._held = self._held[len(part) :]
        return len(part)


@pytest.mark.slow
def test_memory_stays_where_it_is_however_long_an_export_is() -> None:
    phone = Phone(24 << 20)
    tracemalloc.start()
    try:
        count = _count(named(NAME).read(io.BufferedReader(phone)))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == phone.workouts > 50
    assert most < 4 << 20


def _count(entries: Iterator[Entry]) -> int:
    return sum(isinstance(each, Activity) for each in entries)
