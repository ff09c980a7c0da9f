"""Strava's index: its languages, its two distances, and what was typed in by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from afterrun.history.formats.activity import Activity, Fault
from tests.support.history.activity_files import TWELVE_WEEKS, Recorded
from tests.support.history.activity_reads import given
from tests.support.history.exports import strava_file, strava_index

NAME = "Strava"
LONGER = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,"
    "Filename,Moving Time,Distance"
)


def row(date: str, shown: str, metres: str, sport: str = "Run", moving: str = "1750.0") -> bytes:
    """An index of one row, of an English account unless the cells say otherwise."""
    cells = f'1,"{date}",Zwiebelkuchen,{sport},1800,"{shown}",activities/1.gpx,{moving},{metres}'
    return f"{LONGER}\n{cells}\n".encode()


def only(data: bytes) -> Activity:
    found = given(data, NAME)
    assert not found.faults
    (activity,) = found.activities
    return activity


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl"])
@pytest.mark.parametrize("miles", [False, True])
def test_an_index_in_any_language_tells_instants_metres_and_files(language: str, miles: bool) -> None:
    found = given(strava_index(TWELVE_WEEKS, language, miles=miles), NAME)
    assert [(each.began, each.metres, each.seconds, each.sport) for each in found.activities] == [
        (each.began, each.metres, each.seconds, each.sport) for each in TWELVE_WEEKS
    ]
    assert {each.miles for each in found.activities} == {miles}
    assert [each.stands_for for each in found.activities] == [
        strava_file(at) if at % 5 != 4 else "" for at in range(len(TWELVE_WEEKS))
    ]
    assert not found.notes
    assert not found.faults


@pytest.mark.parametrize(
    "written",
    [
        "Mar 2, 2026, 6:05:10 AM",
        "Mar 2, 2026, 6:05:10\u202fAM",
        "2 Mar 2026, 06:05:10",
        "02.03.2026, 06:05:10",
        "2 mars 2026 à 06:05:10",
        "2 mar. 2026 6:05:10",
        "2 de mar. de 2026, 06:05:10",
        "6 mrt. 2026 06:05:10".replace("6 m", "2 m"),
        "2026-03-02 06:05:10",
        "2026-03-02T06:05:10Z",
    ],
)
def test_dates_are_utc_in_whatever_words(written: str) -> None:
    assert only(row(written, "5.00", "5000.0")).began == datetime(2026, 3, 2, 6, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "metres", "meant", "miles"),
    [
        ("5.00", "5000.0", 5_000, False),
        ("3.11", "5005.1", 5_005.1, True),
        ("5,00", "5000.0", 5_000, False),
        ("", "5000.0", 5_000, None),
        ("5.00", "5.00", None, None),
        ("5.00", "", None, None),
        ("0.00", "0.0", 0, None),
    ],
)
def test_the_second_distance_is_metres_where_the_first_proves_it(
    shown: str, metres: str, meant: float | None, miles: bool | None
) -> None:
    found = only(row("Mar 2, 2026, 6:05:10 AM", shown, metres))
    assert (found.metres, found.miles) == (meant, miles)
    assert bool(found.stands_for) == (meant is not None)


def test_a_pool_is_shown_in_metres_and_says_nothing_of_the_unit() -> None:
    found = only(row("Mar 2, 2026, 6:05:10 AM", "1,500", "1500.0", "Swim"))
    assert (found.sport, found.metres, found.miles) == ("swim", 1_500, None)


def test_an_export_of_earlier_years_has_one_distance_in_metres() -> None:
    header = "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename"
    rows = [f'{at},"Mar {at}, 2017, 6:05:10 AM",x,Run,1800,{5000 + at}.5,' for at in range(1, 5)]
    found = given("\n".join([header, *rows]).encode(), NAME)
    assert [each.metres for each in found.activities] == [5001.5, 5002.5, 5003.5, 5004.5]
    # In kilometres or miles it would be one of both.
    short = [each.replace("5001.5", "5.0").replace("500", "5.") for each in rows]
    found = given("\n".join([header, *short]).encode(), NAME)
    assert {each.metres for each in found.activities} == {None}
    assert found.notes


def test_elapsed_time_where_none_was_spent_moving() -> None:
    found = only(row("Mar 2, 2026, 6:05:10 AM", "5.00", "5000.0", moving="0"))
    assert (found.seconds, found.moving) == (1_800, False)


def test_rows_that_cannot_be_read_are_told() -> None:
    lines = strava_index(TWELVE_WEEKS[:4]).decode().splitlines()
    lines[1] = lines[1].replace(",Run,", ",Zwiebelkuchen,")
    lines[2] = lines[2].replace("Feb 25, 2026, 6:12:30 PM", "Feb 25, 2026")
    lines[3] = lines[3].replace("Feb 28", "Feb 30")
    found = given("\n".join(lines).encode(), NAME)
    assert len(found.activities) == 1
    first = TWELVE_WEEKS[0].began.astimezone(UTC)
    assert found.faults == [
        Fault(
            "what was done is a word that is unknown here; its own file, if it is here, is read",
            "row 2",
            first,
        ),
        Fault("its date has no time of day", "row 3", datetime(2026, 2, 25, tzinfo=UTC)),
        Fault("its date is on no calendar; write it as 2026-04-03", "row 4"),
    ]


@pytest.mark.slow
def test_a_life_of_activities_is_read_whole() -> None:
    many = [
        Recorded(each.began.replace(year=2005 + at % 20), each.metres, each.seconds, each.sport)
        for at in range(2_800)
        for each in TWELVE_WEEKS
    ]
    found = given(strava_index(many), NAME)
    assert len(found.activities) == 100_800
    assert sum(each.metres or 0 for each in found.activities) == sum(each.metres for each in many)
