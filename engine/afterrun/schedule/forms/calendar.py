"""A schedule as a calendar that other programs read; needs the extra `calendar`.

Times are floating: 18:00 is 18:00 wherever the person is and whatever daylight saving does that night.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from afterrun.schedule.nouns import Schedule, Session
from afterrun.visible import on_one_line, visible

if TYPE_CHECKING:
    from icalendar import Event

NAMESPACE = uuid.UUID("5f2f3bd4-29b5-5a63-8d0c-0c5a6f9b7d11")
"""Of the events of this program; the names in it are those of `event_id`."""


class Earlier(NamedTuple):
    """What an earlier export may have put into the calendar."""

    schedule: Schedule
    since: date
    """The first day from which on it no longer stands; what lies before stays as it was."""


def event_id(schedule: Schedule, session: Session) -> str:
    """The event's name for good, from rulebook, person, week, kind and number; none can be read off it.

    The rulebook's version is no part of it, nor is the day: a plan that changed names the same events,
    and one that was begun anew has events of its own.
    """
    anew = (str(schedule.edition),) if schedule.edition > 1 else ()
    # No name holds the separator, so that no two of them run into each other.
    name = "\x1f".join((schedule.rulebook["name"], schedule.person, *anew, session.id))
    return str(uuid.uuid5(NAMESPACE, name))


def as_calendar(
    schedule: Schedule,
    *,
    now: datetime,
    sequence: int = 0,
    instead_of: Iterable[Earlier] = (),
) -> bytes:
    """The calendar file: one event a session, each with a reminder and plain text.

    `now`, a moment in some time zone, stamps the events. A later export must carry a larger `sequence`
    or a later `now`, and then updates the earlier one. What stood in the schedules `instead_of` which
    it is, and stands in this one no more, is cancelled.
    """
    from icalendar import Calendar  # an extra, and slow to load

    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    stamp = now.astimezone(UTC).replace(microsecond=0)
    calendar = Calendar()
    calendar.add("prodid", "-//afterrun//afterrun//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "afterrun")
    kept = {event_id(schedule, session) for session in schedule.sessions}
    for session in schedule.sessions:
        calendar.add_component(_event(schedule, session, stamp, sequence, "CONFIRMED"))
    gone = {
        event_id(old, session): _event(old, session, stamp, sequence, "CANCELLED")
        for old, since in instead_of
        for session in old.sessions
        if session.at.date() >= since
    }
    for event in (event for name, event in gone.items() if name not in kept):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(schedule: Schedule, session: Session, stamp: datetime, sequence: int, status: str) -> Event:
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", event_id(schedule, session))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", sequence)
    event.add("status", status)
    event.add("class", "PRIVATE")
    event.add("dtstart", session.at)
    event.add("duration", timedelta(minutes=session.minutes))
    event.add("summary", on_one_line(session.title))
    event.add("description", "\n".join(map(visible, session.lines)))
    if status == "CONFIRMED":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -timedelta(minutes=session.remind_minutes))
        alarm.add("description", on_one_line(session.title))
        event.add_component(alarm)
    return event
