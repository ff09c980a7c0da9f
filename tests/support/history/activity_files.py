"""Activities as devices write them (FIT by Garmin's own encoder), and twelve weeks of runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import pi
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from garmin_fit_sdk import Encoder, Profile

BERLIN = ZoneInfo("Europe/Berlin")
METRES_A_DEGREE = 6_371_008.8 * pi / 180
"""Along a meridian of a sphere of the Earth's mean radius."""


class Recorded(NamedTuple):
    """One activity as it took place."""

    began: datetime
    metres: float
    seconds: int
    sport: str = "run"
    """A word of `afterrun.history`: 'run', 'treadmill', 'trail', 'track', 'walk', 'ride', 'swim', 'other'."""


def _weeks() -> Iterator[Recorded]:
    for week in range(12):
        for day, hour, kind, extra in ((0, 7, "run", 0), (2, 19, "treadmill", 730), (5, 8, "trail", 3_205)):
            metres = 4_000 + 250 * week + extra
            # Mondays are early, Wednesdays late, and between 23 February and 17 May 2026 summer time begins.
            began = datetime(2026, 2, 23, hour, 12, 30, tzinfo=BERLIN) + timedelta(weeks=week, days=day)
            yield Recorded(began, metres, round(metres * 0.36), kind)


TWELVE_WEEKS = tuple(_weeks())
"""36 runs on Mondays, Wednesdays and Saturdays from 23 February to 16 May 2026, in Berlin."""

_FIT_SPORTS = {
    "run": ("running", "generic"),
    "treadmill": ("running", "treadmill"),
    "trail": ("running", "trail"),
    "track": ("running", "track"),
    "walk": ("walking", "generic"),
    "ride": ("cycling", "road"),
    "swim": ("swimming", "lap_swimming"),
    "other": ("rowing", "generic"),
}


def fit_of(
    *recorded: Recorded, every: int = 60, secret: str = "", start: float = 52.5, clock: Any = None
) -> bytes:
    """A FIT activity with a session for each of these; `every` so many seconds a record.

    `secret` goes wherever a device puts a name, `clock` is the zone of the watch's local time.
    """
    first = recorded[0]
    messages: list[Mapping[str, Any]] = [fit_message("file_id", type="activity", time_created=first.began)]
    if secret:
        messages += [
            fit_message("user_profile", friendly_name=secret),
            fit_message("device_info", timestamp=first.began, product_name=secret, manufacturer="garmin"),
            fit_message("workout", wkt_name=secret),
        ]
    for each in recorded:
        messages += _records(each, every, start)
        sport, sub_sport = _FIT_SPORTS[each.sport]
        ended = each.began + timedelta(seconds=each.seconds)
        messages.append(
            fit_message(
                "session",
                timestamp=ended,
                start_time=each.began,
                sport=sport,
                sub_sport=sub_sport,
                total_distance=each.metres,
                total_timer_time=float(each.seconds),
                total_elapsed_time=each.seconds + 30.0,
                start_position_lat=_semicircles(start),
                start_position_long=_semicircles(13.4),
                **({"sport_profile_name": secret} if secret else {}),
            )
        )
    last = recorded[-1].began + timedelta(seconds=recorded[-1].seconds)
    local = {"local_timestamp": _seconds_of_fit(last, clock)} if clock else {}
    messages.append(fit_message("activity", timestamp=last, num_sessions=len(recorded), **local))
    return fit_file(messages)


def fit_message(kind: str, **fields: Any) -> dict[str, Any]:
    """A message of FIT's profile, by its name there; times with their zone."""
    utc = {
        name: each.astimezone(UTC) if isinstance(each, datetime) else each for name, each in fields.items()
    }
    return {"mesg_num": Profile["mesg_num"][kind.upper()], **utc}


def fit_file(messages: Iterable[Mapping[str, Any]]) -> bytes:
    """A whole file of these, with its header and checksum."""
    encoder = Encoder()
    for each in messages:
        encoder.write_mesg(dict(each))
    return bytes(encoder.close())


def _records(recorded: Recorded, every: int, start: float) -> Iterator[dict[str, Any]]:
    for second in range(0, recorded.seconds + 1, every):
        metres = recorded.metres * second / recorded.seconds
        yield fit_message(
            "record",
            timestamp=recorded.began + timedelta(seconds=second),
            position_lat=_semicircles(start + metres / METRES_A_DEGREE),
            position_long=_semicircles(13.4),
            distance=metres,
            heart_rate=140,
            cadence=84,
            altitude=34.2,
            speed=recorded.metres / recorded.seconds,
            temperature=18,
        )


def _semicircles(degrees: float) -> int:
    return round(degrees * 2**31 / 180)


def _seconds_of_fit(when: datetime, clock: Any) -> int:
    """The wall clock's time in seconds since FIT's own beginning."""
    return int(
        (when.astimezone(clock).replace(tzinfo=UTC) - datetime(1989, 12, 31, tzinfo=UTC)).total_seconds()
    )


_GPX_TYPES = {
    "run": "running",
    "treadmill": "treadmill_running",
    "trail": "trail_running",
    "track": "track_running",
    "walk": "walking",
    "ride": "cycling",
    "swim": "lap_swimming",
    "other": "rowing",
}


def gpx_of(*recorded: Recorded, every: int = 60, secret: str = "", start: float = 52.5) -> bytes:
    """A GPX file with a track for each of these; `secret` goes into names, author and descriptions."""
    author = f"<author><name>{secret}</name></author><desc>{secret}</desc>" if secret else ""
    tracks = "".join(
        f"<trk><name>{secret or 'Run'}</name><type>{_GPX_TYPES[each.sport]}</type><trkseg>"
        + "".join(
            f'<trkpt lat="{start + metres / METRES_A_DEGREE:.7f}" lon="13.4000000"><ele>34.2</ele>'
            f"<time>{when}</time><extensions><ns3:TrackPointExtension><ns3:hr>140</ns3:hr>"
            f"<ns3:cad>84</ns3:cad></ns3:TrackPointExtension></extensions></trkpt>\n"
            for when, metres in _points(each, every)
        )
        + "</trkseg></trk>\n"
        for each in recorded
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx creator="A watch" version="1.1" '
        'xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">\n'
        f"<metadata>{author}<time>{_utc(recorded[0].began)}</time></metadata>\n{tracks}</gpx>\n"
    ).encode()


def tcx_of(*recorded: Recorded, every: int = 60, secret: str = "", start: float = 52.5) -> bytes:
    """A TCX file with an activity of one lap for each of these; `secret` goes into notes and names."""
    notes = f"<Notes>{secret}</Notes><Creator><Name>{secret}</Name></Creator>" if secret else ""
    activities = "".join(
        f'<Activity Sport="{_tcx_sport(each.sport)}"><Id>{_utc(each.began)}</Id>'
        f'<Lap StartTime="{_utc(each.began)}"><TotalTimeSeconds>{each.seconds}.0</TotalTimeSeconds>'
        f"<DistanceMeters>{each.metres:.2f}</DistanceMeters><Calories>300</Calories><Track>\n"
        + "".join(
            f"<Trackpoint><Time>{when}</Time><Position>"
            f"<LatitudeDegrees>{start + metres / METRES_A_DEGREE:.7f}</LatitudeDegrees>"
            f"<LongitudeDegrees>13.4000000</LongitudeDegrees></Position>"
            f"<AltitudeMeters>34.2</AltitudeMeters><DistanceMeters>{metres:.2f}</DistanceMeters>"
            "<HeartRateBpm><Value>140</Value></HeartRateBpm></Trackpoint>\n"
            for when, metres in _points(each, every)
        )
        + f"</Track></Lap>{notes}</Activity>\n"
        for each in recorded
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">\n'
        f"<Activities>\n{activities}</Activities></TrainingCenterDatabase>\n"
    ).encode()


def _tcx_sport(sport: str) -> str:
    """TCX knows two sports, and calls all else other."""
    return {
        "run": "Running",
        "treadmill": "Running",
        "trail": "Running",
        "track": "Running",
        "ride": "Biking",
    }.get(sport, "Other")


def _points(recorded: Recorded, every: int) -> Sequence[tuple[str, float]]:
    """Times and metres from the beginning to the end, both included."""
    seconds = [*range(0, recorded.seconds, every), recorded.seconds]
    return [
        (_utc(recorded.began + timedelta(seconds=each)), recorded.metres * each / recorded.seconds)
        for each in seconds
    ]


def _utc(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
