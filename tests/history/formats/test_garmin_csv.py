"""Garmin Connect's list: the unit of the account is found, or told, or else nothing is read as one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from afterrun.history.formats.activity import Fault
from tests.support.history.activity_files import TWELVE_WEEKS, Recorded
from tests.support.history.activity_reads import given
from tests.support.history.exports import GARMIN, MILE, garmin_of

FIRST = TWELVE_WEEKS[0].began
NAME = "Garmin Connect"


def easy(count: int = 12, minutes_a_km: float = 6.0) -> list[Recorded]:
    return [
        Recorded(
            FIRST + timedelta(days=at), 5_000 + 500 * at, round((5_000 + 500 * at) * minutes_a_km * 0.06)
        )
        for at in range(count)
    ]


@pytest.mark.parametrize("language", GARMIN)
@pytest.mark.parametrize("miles", [False, True])
def test_steps_and_their_length_tell_the_unit_in_any_language(language: str, miles: bool) -> None:
    found = given(garmin_of(easy(), language, miles=miles), NAME)
    assert [each.metres for each in found.activities] == pytest.approx(
        [each.metres for each in easy()], abs=MILE / 200
    )
    assert {each.miles for each in found.activities} == {miles}
    assert found.notes == [
        f"Its distances are {'miles' if miles else 'kilometres'}: steps and their length say so."
    ]


def test_a_watch_that_counts_steps_a_minute_tells_it_as_well() -> None:
    data = garmin_of(easy(), miles=True, header={"Steps": "Laps"})
    assert {each.miles for each in given(data, NAME).activities} == {True}


@pytest.mark.parametrize("miles", [False, True])
def test_without_steps_no_unit_is_guessed_and_the_runs_stay(miles: bool) -> None:
    found = given(garmin_of(easy(), miles=miles, steps=False), NAME)
    assert len(found.activities) == 12
    assert {each.metres for each in found.activities} == {None}
    assert {each.miles for each in found.activities} == {None}
    (note,) = found.notes
    assert "kilometres or miles" in note
    assert "'Distance (mi)'" in note


@pytest.mark.parametrize(
    "header",
    [{"Distance": "Distance (mi)"}, {"Distance": "distance_miles"}, {"Avg Pace": "Avg Pace (min/mi)"}],
)
def test_the_header_may_tell_it(header: dict[str, str]) -> None:
    found = given(garmin_of(easy(), miles=True, steps=False, header=header), NAME)
    assert {each.miles for each in found.activities} == {True}
    assert found.activities[0].metres == pytest.approx(5_000, abs=MILE / 200)
    assert not found.notes


@pytest.mark.parametrize("miles", [False, True])
def test_the_person_may_tell_it(miles: bool) -> None:
    found = given(garmin_of(easy(), miles=miles, steps=False), NAME, miles=miles)
    assert found.activities[0].metres == pytest.approx(5_000, abs=MILE / 200)
    assert {each.miles for each in found.activities} == {miles}


def test_kilometres_that_are_miles_do_not_pass() -> None:
    data = garmin_of(easy(), miles=True, header={"Distance": "Distance (km)"})
    found = given(data, NAME)
    assert {each.metres for each in found.activities} == {None}
    assert found.notes == [
        "It says kilometres, and steps and their length say miles: so its runs are taken without a distance."
    ]
    # Nor do they where the person errs.
    assert {each.metres for each in given(garmin_of(easy(), miles=True), NAME, miles=False).activities} == {
        None
    }


def test_who_would_run_faster_than_anybody_in_miles_runs_kilometres() -> None:
    found = given(garmin_of(easy(minutes_a_km=3.6), steps=False), NAME)
    assert {each.miles for each in found.activities} == {False}
    assert found.activities[0].metres == 5_000
    assert found.notes == ["Its distances are kilometres: as miles, some would be faster than anybody ran."]


def test_a_watch_that_lost_its_way_proves_no_unit() -> None:
    lost = [Recorded(FIRST + timedelta(days=40), 30_000, 4_000)]
    found = given(garmin_of([*easy(), *lost], miles=True, steps=False), NAME)
    assert {each.metres for each in found.activities} == {None}


@pytest.mark.parametrize(("language", "written"), [("en", '"6,640"'), ("de", "6.640")])
def test_a_track_is_in_metres_whatever_the_account(language: str, written: str) -> None:
    track = Recorded(FIRST + timedelta(days=40), 6_640, 3_531, "track")
    data = garmin_of([*easy(), track], language, miles=True)
    assert written in data.decode()
    last = given(data, NAME).activities[-1]
    assert (last.sport, last.metres) == ("track", 6_640)


def test_times_are_those_of_the_clock_there_and_moving_time_is_preferred() -> None:
    first = given(garmin_of(TWELVE_WEEKS), NAME).activities[0]
    assert first.began == datetime(2026, 2, 23, 7, 12, 30)
    assert (first.began.tzinfo, first.seconds, first.moving) == (None, 1_440, True)
    without = garmin_of(TWELVE_WEEKS, header={"Moving Time": "Laps"})
    first = given(without, NAME).activities[0]
    assert (first.seconds, first.moving) == (1_460, False)


def test_rows_that_cannot_be_read_are_told_one_by_one_without_a_word_of_theirs() -> None:
    lines = garmin_of(easy(8)).decode().splitlines()
    lines[1] = lines[1].replace("Running", "Zwiebelkuchen", 1)
    lines[2] = lines[2].replace("2026-02-24", "on a Tuesday", 1)
    lines[3] = lines[3].replace("6.00", "6.0.0", 1)
    lines[4] = lines[4].replace(",6.50,", ",6,50,", 1)
    lines[5] = lines[5].replace("Berlin", '"Berlin', 1)
    lines[6] = lines[6].replace("2026-02-28 07:12:30", "2026-02-28", 1)
    found = given("\n".join(lines).encode(), NAME)
    assert sorted(found.faults) == sorted(
        [
            Fault("what was done is a word that is unknown here", "row 2", datetime(2026, 2, 23, 7, 12, 30)),
            Fault("where a date should stand is none; write it as 2026-04-03", "row 3"),
            Fault("where a number should stand is none", "row 4", datetime(2026, 2, 25, 7, 12, 30)),
            Fault("it has 14 cells, and the header has 13 names", "row 5"),
            Fault("a quote in it is never closed", "row 6"),
            Fault("its date has no time of day", "row 7", datetime(2026, 2, 28)),
        ]
    )
    assert [each.place for each in found.activities] == ["row 8", "row 9"]


def test_cells_without_a_value_and_times_with_a_fraction() -> None:
    lines = garmin_of(easy(3), "de").decode().splitlines()
    lines[1] = lines[1].replace('"5,00"', "--").replace(",00:30:00", ',"00:30:00,5"')
    first = given("\n".join(lines).encode(), NAME).activities[0]
    assert (first.metres, first.seconds) == (None, 1_800.5)
