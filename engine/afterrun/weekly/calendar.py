"""A schedule as a calendar that other programs read; needs the extra `calendar`.

Times are floating: 18:00 is 18:00 wherever the person is and whatever daylight saving does that night.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from afterrun.weekly.nouns import Schedule, Session

NAMESPACE = uuid.UUID("5f2f3bd4-29b5-5a63-8d0c-0c5a6f9b7d11")
"""Of the events of this program; the names in it are those of `event_id`."""


def event_id(schedule: Schedule, session: Session) -> str:
    """The event's name for good, from rulebook, person, week, kind and number; none can be read off it.

    The rulebook's version is no part of it, nor is the day: a plan that changed names the same events.
    """
    name = "/".join((schedule.rulebook["name"], schedule.person, session.id))
    return str(uuid.uuid5(NAMESPACE, name))


def as_calendar(
    schedule: Schedule, *, now: datetime, sequence: int = 0, instead_of: Schedule | None = None
) -> bytes:
    """The calendar file: one event a session, each with a reminder and plain text.

    `now`, a moment in some time zone, stamps the events. A later export must carry a larger `sequence`
    or a later `now`, and then updates the earlier one; what stood in the schedule `instead_of` which it
    replaces, and stands in this one no more, is cancelled.
    """
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
    for session in instead_of.sessions if instead_of is not None else ():
        assert instead_of is not None
        if event_id(instead_of, session) not in kept:
            calendar.add_component(_event(instead_of, session, stamp, sequence, "CANCELLED"))
    return bytes(calendar.to_ical())


def _event(schedule: Schedule, session: Session, stamp: datetime, sequence: int, status: str) -> Event:
    event = Event()
    event.add("uid", event_id(schedule, session))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", sequence)
    event.add("status", status)
    event.add("class", "PRIVATE")
    event.add("dtstart", session.at)
    event.add("duration", timedelta(minutes=session.minutes))
    event.add("summary", session.title)
    event.add("description", "\n".join(session.lines))
    if status == "CONFIRMED":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -timedelta(minutes=session.remind_minutes))
        alarm.add("description", session.title)
        event.add_component(alarm)
    return event
