"""The calendar as two other programs read it, through changes of the plan and of the clocks."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

import afterrun
from afterrun import Schedule, State, assess, weeks
from afterrun.schedule import Earlier, as_calendar, as_svg
from tests.schedule.test_weeks import BELOW, INNER, ROSE, RULEBOOK, START, STRONG, WEAK

NOW = datetime(2027, 2, 20, 9, 30, 15, tzinfo=UTC)
AFTER = {"pain_timing": "after_within_hours"}


def state(*parts: dict[str, Any]) -> State:
    intake = {key: value for part in (*parts, AFTER, {"volume_goal": 30}) for key, value in part.items()}
    return State.of(assess(RULEBOOK, intake, engine="compiled"), person="ann")


def events(content: bytes) -> dict[str, Any]:
    found = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return {str(event["uid"]): event for event in found}


@pytest.fixture(params=[(INNER, ROSE, WEAK), (BELOW, ROSE, WEAK), (BELOW, ROSE, STRONG)], ids=str)
def schedule(request: pytest.FixtureRequest) -> Schedule:
    return weeks(RULEBOOK, state(*request.param), START)


@pytest.mark.slow
def test_icalendar_reads_one_event_a_session_without_a_complaint(schedule: Schedule) -> None:
    content = as_calendar(schedule, now=NOW)
    calendar = icalendar.Calendar.from_ical(content)
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert len(found) == len(schedule.sessions) == len(events(content))
    for event, session in zip(found, schedule.sessions, strict=True):
        assert event.errors == []
        assert event.decoded("dtstart") == session.at
        assert event.decoded("dtstart").tzinfo is None
        assert str(event["summary"]) == session.title
        assert str(event["description"]) == "\n".join(session.lines)
        (alarm,) = event.walk("VALARM")
        assert alarm.decoded("trigger") == -timedelta(minutes=session.remind_minutes)
    assert icalendar.Calendar.from_ical(calendar.to_ical()) == calendar


def test_another_reader_reads_the_same(schedule: Schedule) -> None:
    text = as_calendar(schedule, now=NOW, sequence=7).decode()
    calendar = IcsCalendarStream.calendar_from_ics(text)
    read = [
        (each.summary, each.dtstart, each.duration, each.description, each.sequence, len(each.alarm))
        for each in calendar.events
    ]
    assert read == [
        (each.title, each.at, timedelta(minutes=each.minutes), "\n".join(each.lines), 7, 1)
        for each in schedule.sessions
    ]
    again = IcsCalendarStream.calendar_from_ics(IcsCalendarStream.calendar_to_ics(calendar))
    assert [each.uid for each in again.events] == [each.uid for each in calendar.events]


def test_lines_end_and_fold_as_the_format_asks(schedule: Schedule) -> None:
    content = as_calendar(schedule, now=NOW)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    content.decode("utf-8")


@pytest.mark.slow
def test_a_second_export_of_a_changed_plan_updates_the_first() -> None:
    before = state(INNER, ROSE, WEAK)
    first = events(as_calendar(weeks(RULEBOOK, before, START), now=NOW, sequence=1))
    changed = replace(before, week=6, calendar_week=8, amount=20.0)
    later = NOW + timedelta(days=50)
    second = events(as_calendar(weeks(RULEBOOK, changed, START), now=later, sequence=2))
    runs = {uid for uid in second if str(second[uid]["summary"]) == "Run 6.7 km"}
    assert runs
    assert runs <= set(first)
    for uid in set(first) & set(second):
        assert second[uid].decoded("sequence") > first[uid].decoded("sequence")
        assert second[uid].decoded("last-modified") > first[uid].decoded("last-modified")
    # The version of the rulebook is no part of an event's name.
    newer = {**RULEBOOK.stamp, "version": "9.9", "digest": "f" * 64}
    assert set(events(as_calendar(replace(weeks(RULEBOOK, before, START), rulebook=newer), now=NOW))) == set(
        first
    )


def test_what_stands_in_the_plan_no_more_is_cancelled() -> None:
    before = weeks(RULEBOOK, state(INNER, ROSE, WEAK), START)
    after = weeks(RULEBOOK, state(INNER, ROSE, STRONG), START)
    content = events(as_calendar(after, now=NOW, sequence=2, instead_of=[Earlier(before, before.start)]))
    cancelled = {str(each["summary"]) for each in content.values() if each["status"] == "CANCELLED"}
    assert "Leg strength" in cancelled
    assert len(content) > len(after.sessions)


def test_two_people_do_not_meet_in_one_calendar() -> None:
    ann = state(INNER, ROSE, STRONG)
    both = [
        events(as_calendar(weeks(RULEBOOK, each, START), now=NOW))
        for each in (ann, replace(ann, person="bo"))
    ]
    assert not set(both[0]) & set(both[1])
    assert "ann" not in "".join(both[0])


def test_a_moment_without_a_zone_cannot_stamp() -> None:
    with pytest.raises(ValueError, match="time zone"):
        as_calendar(weeks(RULEBOOK, state(INNER, ROSE, STRONG), START), now=datetime(2027, 1, 1))


@pytest.fixture(params=["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.slow
@pytest.mark.parametrize("start", [date(2027, 3, 22), date(2027, 10, 25), date(2027, 4, 26)])
def test_no_change_of_the_clocks_moves_a_session(zone: str, start: date) -> None:
    schedule = weeks(RULEBOOK, state(INNER, ROSE, WEAK), start)
    for week, seven in zip(schedule.weeks, range(0, 7 * len(schedule.weeks), 7), strict=True):
        assert week.start == start + timedelta(days=seven)
        days = {each.kind: each.at.date().weekday() for each in week.sessions if each.number == 1}
        assert (days["run"], days["strength"], days["check_in"]) == (1, 0, 0)
    content = as_calendar(schedule, now=NOW)
    assert content == as_calendar(schedule, now=NOW.astimezone())
    assert b"TZID" not in content
    assert b"VTIMEZONE" not in content
    starts = [line for line in io.BytesIO(content).read().split(b"\r\n") if line.startswith(b"DTSTART")]
    assert all(line.endswith((b"T180000", b"T080000")) for line in starts)


def test_a_picture_says_in_words_what_it_shows() -> None:
    import xml.etree.ElementTree as ET

    drawn = as_svg(weeks(RULEBOOK, state(BELOW, ROSE, WEAK), START))
    root = ET.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    words = root.findtext(f"{space}desc") or ""
    assert root.attrib["role"] == "img"
    assert "Tendon training: weeks 1 to 12." in words
    assert "Weeks 1 to 12: 0 km." in words
    assert "Weeks 13 to 16: asked in week 12." in words
    shown = ["".join(each.itertext()) for each in root.iter(f"{space}text")]
    assert "0 km: Tendon training" in shown
    assert "asked in week 12" in shown
    fills = {
        each.attrib.get("fill") for each in root.iter(f"{space}rect") if each.attrib.get("class") == "span"
    }
    assert len(fills) == 4
    with pytest.raises(ValueError, match="no weeks"):
        as_svg(replace(weeks(RULEBOOK, state(BELOW, ROSE), START), weeks=()))


def test_every_bar_carries_a_pattern_and_every_week_its_number() -> None:
    import xml.etree.ElementTree as ET

    schedule = weeks(RULEBOOK, state(INNER, ROSE, STRONG), START)
    root = ET.fromstring(as_svg(schedule))
    bars = [each for each in root.iter() if each.attrib.get("class") == "bar"]
    assert len(bars) == len(schedule.weeks)
    assert all(each.attrib["fill"].startswith("url(#") for each in bars)
    ceilings = [each for each in root.iter() if each.attrib.get("class") == "ceiling"]
    # One more stands in the legend.
    assert len(ceilings) == 1 + sum(1 for each in schedule.weeks if each.amount and each.amount.ceiling)


def test_the_names_of_the_library_are_those_promised() -> None:
    assert {"Schedule", "Session", "State", "Week", "weeks"} <= set(dir(afterrun))
