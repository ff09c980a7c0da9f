"""Apple Health's export.xml as a phone writes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.support.history.activity_files import Recorded
from tests.support.history.exports import MILE

# With the mistake that exports of 2022 had: an element's list that never ends.
APPLE_TYPE = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 12 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT Workout ((MetadataEntry|WorkoutEvent|WorkoutRoute|WorkoutStatistics)*)>
<!ATTLIST VisionPrescription
  type             CDATA #REQUIRED
<!ELEMENT MetadataEntry EMPTY>
]>
"""
_APPLE = {
    "run": "Running", "treadmill": "Running", "trail": "Running", "track": "Running", "walk": "Walking",
    "ride": "Cycling", "swim": "Swimming", "other": "Yoga",
}  # fmt: skip


def apple_of(
    recorded: Sequence[Recorded],
    *,
    miles: bool = False,
    secret: str = "",
    old: bool = False,
    records: int = 2,
) -> bytes:
    """export.xml; with `old`, distances stand where they did until 2022. `records` lie before a workout."""
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n{APPLE_TYPE}{apple_head(secret)}']
    for each in recorded:
        parts += [apple_record(each.began, secret)] * records
        parts.append(apple_workout(each, miles=miles, secret=secret, old=old))
    return "".join([*parts, "</HealthData>\n"]).encode()


def apple_head(secret: str = "") -> str:
    """The root, and who it is."""
    return (
        '<HealthData locale="en_DE">\n <ExportDate value="2026-05-20 09:00:00 +0200"/>\n'
        f' <Me HKCharacteristicTypeIdentifierDateOfBirth="1984-01-01" name="{secret}"/>\n'
    )


def apple_record(when: datetime, secret: str = "") -> str:
    """A beat of the heart, of which an export has millions; \\x0b is in some devices' names."""
    stamp = f"{when:%Y-%m-%d %H:%M:%S %z}"
    return (
        f' <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="{secret}\x0bWatch"'
        f' sourceVersion="10.1" device="&lt;&lt;HKDevice: 0x28&gt;, name:{secret}, hardware:Watch6,2&gt;"'
        f' unit="count/min" creationDate="{stamp}" startDate="{stamp}" endDate="{stamp}" value="61">\n'
        '  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="1"/>\n </Record>\n'
    )


def apple_route(each: Recorded) -> str:
    """Where its track lies, beside export.xml."""
    return f"workout-routes/route_{each.began:%Y-%m-%d_%H.%M}.gpx"


def apple_workout(each: Recorded, *, miles: bool = False, secret: str = "", old: bool = False) -> str:
    """One workout with its route, its maker and its statistics, and those of a part of it."""
    far, unit = (each.metres / MILE, "mi") if miles else (each.metres / 1000, "km")
    kind = _APPLE[each.sport]
    measured = kind if kind in ("Cycling", "Swimming") else "WalkingRunning"
    total = f' totalDistance="{far:.6f}" totalDistanceUnit="{unit}"' if old else ""
    statistics = f'type="HKQuantityTypeIdentifierDistance{measured}" sum="{far:.6f}" unit="{unit}"'
    return (
        f' <Workout workoutActivityType="HKWorkoutActivityType{kind}" duration="{each.seconds / 60:.9f}"'
        f' durationUnit="min"{total} sourceName="{secret}" device="{secret}"'
        f' startDate="{each.began:%Y-%m-%d %H:%M:%S %z}" endDate="2026-05-19 10:00:00 +0200">\n'
        f'  <MetadataEntry key="HKIndoorWorkout" value="{int(each.sport == "treadmill")}"/>\n'
        f'  <MetadataEntry key="HKWorkoutBrandName" value="{secret}"/>\n'
        + ("" if old else f"  <WorkoutStatistics {statistics}/>\n")
        + '  <WorkoutActivity uuid="1"><WorkoutStatistics sum="0.1" unit="km"'
        ' type="HKQuantityTypeIdentifierDistanceWalkingRunning"/></WorkoutActivity>\n'
        f'  <WorkoutRoute sourceName="{secret}">\n'
        f'   <FileReference path="/{apple_route(each)}"/>\n  </WorkoutRoute>\n </Workout>\n'
    )
