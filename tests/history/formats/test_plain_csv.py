"""A table by hand: what can be read in one way is read, and what can in two is told with both."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from afterrun.history import read_history
from afterrun.history.formats.activity import Activity, Fault
from afterrun.history.formats.known import format_of
from tests.support.history.activity_files import BERLIN, TWELVE_WEEKS, gpx_of
from tests.support.history.activity_reads import given
from tests.support.history.exports import MILE, laid_out, plain_of

NAME = "a table"


def lines(*rows: str, header: str = "date,distance_km,duration") -> bytes:
    return "\n".join([header, *rows]).encode()


def first(*rows: str, header: str = "date,distance_km,duration") -> Activity:
    found = given(lines(*rows, header=header), NAME)
    assert not found.faults
    return found.activities[0]


def only_fault(*rows: str, header: str = "date,distance_km,duration") -> str:
    (fault,) = given(lines(*rows, header=header), NAME).faults
    return fault.reason


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("date,distance_km,duration", "2026-03-02,5.2,31:00"),
        ("Duration;Distance [km];Date", "31:00;5.2;2026-03-02"),
        ("sep=;\nDatum;Strecke (km);Dauer", "02.03.2026;5,2;00:31:00"),
        ("day|km|minutes", "March 2, 2026|5.2|31"),
        ("Date\tDistance\tTime", "2 Mar 2026\t5.2 km\t31 min"),
        ("fecha,distancia (km),duración", '2 de marzo de 2026,"5,2",0:31:00'),
        ("Date,Distance (m),Duration (s)", "2026/3/2,5200,1860"),
        ('"date","distance_km","duration (h:mm)"', '"2026-03-02","5.2","0:31"'),
    ],
)
def test_columns_come_in_any_order_under_many_names(header: str, row: str) -> None:
    found = first(row, header=header)
    assert (found.began, found.only_day) == (datetime(2026, 3, 2), True)
    assert found.metres == pytest.approx(5_200)
    assert (found.seconds, found.sport) == (1_860, "run")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_encoding_and_line_end_of_a_spreadsheet(encoding: str, end: str) -> None:
    data = f"Jour;Distance (km);Durée;Activité{end}02.03.2026;5,2;31:00;Vélo{end}"
    found = given(data.encode(encoding), NAME)
    assert [each.metres for each in found.activities] == pytest.approx([5_200])
    assert [(each.seconds, each.sport) for each in found.activities] == [(1_860, "ride")]


def test_a_time_of_day_stands_beside_the_date_or_in_its_own_column() -> None:
    assert first("2026-03-02 07:05,5.2,31:00").began == datetime(2026, 3, 2, 7, 5)
    found = first("2026-03-02,7:05 pm,5.2,31:00", header="date,start,distance_km,duration")
    assert (found.began, found.only_day) == (datetime(2026, 3, 2, 19, 5), False)
    found = first("2026-03-02,7:05,5.2,31:00", header="date,time,distance_km,duration")
    assert (found.began, found.seconds) == (datetime(2026, 3, 2, 7, 5), 1_860)
    told = first("2026-03-02T07:05:10+01:00,5.2,31:00").began
    assert told == datetime(2026, 3, 2, 7, 5, 10, tzinfo=BERLIN)


def test_a_day_that_may_be_a_month_is_told_with_both_readings() -> None:
    assert only_fault("03/04/2026,5.2,31:00") == (
        "its date is 2026-04-03 or 2026-03-04, and no other row shows which"
    )
    # Of rows that contradict one another none shows it.
    found = given(lines("03/04/2026,5,30:00", "13/04/2026,5,30:00", "04/14/2026,5,30:00"), NAME)
    assert [each.place for each in found.faults] == ["row 2"]
    assert [each.began.day for each in found.activities] == [13, 14]


@pytest.mark.parametrize(
    ("other", "meant"), [("13/04/2026", date(2026, 4, 3)), ("04/13/2026", date(2026, 3, 4))]
)
def test_another_row_shows_which_is_the_day(other: str, meant: date) -> None:
    found = given(lines("03/04/2026,5.2,31:00", f"{other},5.2,31:00"), NAME)
    assert [each.began.date() for each in found.activities] == [meant, date(2026, 4, 13)]


@pytest.mark.parametrize(
    "written", ["02.03.26", "30/02/2026", "yesterday", "", "2026-13-01", "03/04/26 07:00"]
)
def test_what_is_no_date_is_told(written: str) -> None:
    assert "date" in only_fault(f"{written},5.2,31:00")


def test_a_year_of_two_digits_is_told_as_such() -> None:
    assert "two digits" in only_fault("02.03.26,5.2,31:00")
    assert "two digits" in only_fault("03/04/26 07:00,5.2,31:00")


def test_a_distance_in_an_unknown_unit_is_told() -> None:
    assert "unit that is unknown" in only_fault("2026-03-02,5.2 furlongs,31:00")


def test_rows_that_write_fractions_in_two_ways_do_not_show_what_another_means() -> None:
    rows = ('2026-03-02,"5200,5",31:00', "2026-03-03,6500.5,31:00", '2026-03-04,"5,125",31:00')
    found = given(lines(*rows, header="date,distance (m),duration"), NAME)
    assert [each.metres for each in found.activities] == [5_200.5, 6_500.5]
    assert [each.place for each in found.faults] == ["row 4"]


def test_a_comma_that_may_be_either_is_told_and_other_rows_show_it() -> None:
    unsaid = lines('2026-03-02,"5,125",31:00', header="date,distance (m),duration")
    assert "fraction or thousands" in given(unsaid, NAME).faults[0].reason
    shown = lines('2026-03-02,"5,125",31:00', '2026-03-03,"6,5",31:00')
    assert given(shown, NAME).activities[0].metres == pytest.approx(5_125)
    metres = lines('2026-03-02,"5,125",31:00', "2026-03-03,6500.5,31:00", header="date,distance (m),duration")
    assert given(metres, NAME).activities[0].metres == pytest.approx(5_125)


@pytest.mark.parametrize(
    ("header", "cells", "metres"),
    [
        ("date,distance_km,duration", ("5.125", "10.250"), [5_125, 10_250]),
        ("date,distance_km,duration", ('"5,125"', '"10,250"'), [5_125, 10_250]),
        ("date,distance,duration", ("3.125 mi", "6.250 mi"), [3.125 * MILE, 6.25 * MILE]),
        ("date,distance_km,duration", ("5.125", '"5,125"'), []),
        ("date,distance,duration", ("5.125 km", "5.125 m"), []),
    ],
)
def test_thousands_of_kilometres_are_no_distances(
    header: str, cells: tuple[str, str], metres: list[float]
) -> None:
    rows = [f"2026-03-0{day},{cell},1:10:00" for day, cell in enumerate(cells, 2)]
    found = given(lines(*rows, header=header), NAME)
    assert [each.metres for each in found.activities] == pytest.approx(metres)
    assert len(found.faults) == len(cells) - len(metres)


def test_without_a_unit_distances_are_not_guessed() -> None:
    data = lines("2026-03-02,5.2,31:00", "2026-03-03,3.1 mi,31:00", header="date,distance,duration")
    found = given(data, NAME)
    assert [each.metres for each in found.activities] == [None, pytest.approx(3.1 * MILE)]
    assert "'distance_mi'" in found.notes[0]
    told = given(data, NAME, miles=False)
    assert [each.metres for each in told.activities] == [5_200, pytest.approx(3.1 * MILE)]
    assert not told.notes


def test_what_is_too_fast_for_miles_is_kilometres() -> None:
    fast = [f"2026-03-{day:02},10,{36 + day % 3}:00" for day in range(1, 9)]
    found = given(lines(*fast, header="date,distance,duration"), NAME)
    assert {each.metres for each in found.activities} == {10_000}
    assert found.notes


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1:05:10", 3_910),
        ("65:10", 3_910),
        ("65", 3_900),
        ("65.5", 3_930),
        ("1h 5m", 3_900),
        ("1 h 05 min", 3_900),
    ],
)
def test_durations(written: str, seconds: int) -> None:
    assert first(f"2026-03-02,10,{written}").seconds == seconds


def test_minutes_and_seconds_that_are_hours_and_minutes_do_not_pass() -> None:
    assert "h:mm:ss" in only_fault("2026-03-02,42.2,1:05")


def test_a_number_that_would_be_days_of_running_is_not_taken_for_minutes() -> None:
    assert "'duration_s'" in only_fault("2026-03-02,5,1860")
    assert first("2026-03-02,5,1860", header="date,distance_km,duration_s").seconds == 1_860


@pytest.mark.parametrize("times", [("18:30", "07:05"), ("18:30:00", "06:05:10")])
def test_times_that_may_be_of_the_day_are_no_durations(times: tuple[str, ...]) -> None:
    rows = [f"2026-03-0{at},3.1,{each}" for at, each in enumerate(times, 1)]
    found = given(lines(*rows, header="date,distance_km,time"), NAME)
    assert [(each.metres, each.seconds) for each in found.activities] == [(3_100, None)] * 2
    assert "'start' or 'duration'" in found.notes[0]


def test_a_time_that_is_none_of_the_day_shows_what_the_others_are() -> None:
    rows = ["2026-03-01,3.1,18:30", "2026-03-02,3.1,20:05", "2026-03-03,5.2,31:00"]
    found = given(lines(*rows, header="date,distance_km,time"), NAME)
    assert [each.seconds for each in found.activities] == [1_110, 1_205, 1_860]
    assert not found.notes


@pytest.mark.parametrize("written", ["soon", "1:75", "1:99:00", "12:3"])
def test_what_is_no_duration_is_told(written: str) -> None:
    assert "duration" in only_fault(f"2026-03-02,10,{written}")


def test_a_row_that_is_left_out_tells_its_day_and_if_it_was_no_run() -> None:
    header = "date,distance_km,duration,sport"
    rows = ["2026-03-01,far,30:00,run", "2026-03-02,far,30:00,ride", "03/04/2026,5,30:00,run"]
    found = given(lines(*rows, header=header), NAME)
    assert [(each.began, each.may_be_run) for each in found.faults] == [
        (datetime(2026, 3, 1), True),
        (datetime(2026, 3, 2), False),
        (None, True),
    ]


@pytest.mark.parametrize("word", ["Run | easy", "|", "a|b|c", "Triathlon"])
def test_signs_between_words_of_a_sport_are_no_fault(word: str) -> None:
    found = given(lines(f"2026-03-01,5,30:00,{word}", header="date,distance_km,duration,sport"), NAME)
    assert [each.reason for each in found.faults] == ["what was done is a word that is unknown here"]


def test_a_column_of_sports_tells_what_was_no_run() -> None:
    header = "date,distance_km,duration,sport"
    found = given(
        lines(*(f"2026-03-0{at},5,30:00,{word}" for at, word in enumerate(SPORTS, 1)), header=header), NAME
    )
    assert [each.sport for each in found.activities] == [*SPORTS.values()][:-1]
    (unknown,) = found.faults
    assert unknown == Fault(
        "what was done is a word that is unknown here",
        f"row {len(SPORTS) + 1}",
        datetime(2026, 3, len(SPORTS)),
    )


SPORTS = {
    "Run": "run",
    "Laufband": "treadmill",
    "trail run": "trail",
    "Ride": "ride",
    "zwemmen": "swim",
    "": None,
    "Kegeln": "unknown",
}


def test_a_row_that_is_damaged_takes_no_other_with_it() -> None:
    rows = [
        "2026-03-02,5.0,30:00,",
        '2026-03-03,5.1,30:00,"never closed',
        "2026-03-04,5.2,30:00,",
        '2026-03-05,5.3,30:00,"two\nlines, and ""quotes"""',
        "2026-03-06,5,4,30:00,",
        "2026-03-07",
        "",
        "2026-03-08,5.6,30:00,",
    ]
    found = given(lines(*rows, header="date,distance_km,duration,remarks"), NAME)
    assert [each.began.day for each in found.activities] == [2, 4, 5, 8]
    assert [(each.place, each.reason) for each in found.faults] == [
        ("row 3", "a quote in it is never closed"),
        ("row 6", "it has 5 cells, and the header has 4 names"),
        ("row 7", "it has 1 cells, and the header has 4 names"),
    ]


def test_two_quotes_left_open_take_no_row_between_them() -> None:
    rows = ['2026-03-02,5.0,30:00,"open', "2026-03-03,5.1,30:00,", '2026-03-04,5.2,30:00,open"']
    found = given(lines(*rows, header="date,distance_km,duration,remarks"), NAME)
    assert [each.began.day for each in found.activities] == [3]
    assert [each.place for each in found.faults] == ["row 2", "row 4"]


def test_a_quote_left_open_takes_no_row_that_has_one_too_many() -> None:
    rows = ['2026-03-02,5.0,30:00,"open', '2026-03-03,5.1,30:00,5" of mud', "2026-03-04,5.2,30:00,"]
    found = given(lines(*rows, header="date,distance_km,duration,remarks"), NAME)
    assert [each.began.day for each in found.activities] == [4]
    assert [each.place for each in found.faults] == ["row 2", "row 3"]


def test_a_line_without_an_end_is_not_read_on() -> None:
    rows = ["2026-03-02,5.0,30:00", "2026-03-03," + "9" * (1 << 21)]
    found = given(lines(*rows), NAME)
    assert "longer than any table's" in found.broke_off
    # No more is a cell that goes over a thousand lines.
    rows = ['2026-03-02,5.0,30:00,"', *["and on"] * 1_000, 'shut"', "2026-03-03,5.1,30:00,"]
    found = given(lines(*rows, header="date,distance_km,duration,remarks"), NAME)
    assert [each.began.day for each in found.activities] == [3]


def test_what_cannot_have_been_is_left_out_of_the_history(tmp_path: Path) -> None:
    rows = {
        "2026-03-02,42.2,1:05:00": "faster than anybody runs",
        "2026-03-03,400,20:00:00": "more than anybody runs in a day",
        "2026-03-04,0,30:00": "its distance is 0",
        "1989-12-31,5,30:00": "its clock was wrong",
        "2026-03-05,,": "neither a distance nor a duration",
        "2026-03-06,5,30:00": "",
    }
    path = laid_out(tmp_path, {"runs.csv": lines(*rows)}) / "runs.csv"
    found = read_history([path], BERLIN, today=date(2026, 5, 20))
    assert [run.metres for run in found.runs] == [5_000]
    left = {each.place: each.reason for each in found.left_out}
    for at, reason in enumerate(rows.values(), 2):
        assert reason in left.get(f"row {at}", "")
    assert len(left) == 5


def test_a_day_alone_is_the_same_run_as_a_recording_of_that_day(tmp_path: Path) -> None:
    weeks = TWELVE_WEEKS[:2]
    files = {"runs.csv": plain_of(weeks, date="%Y-%m-%d"), "a.gpx": gpx_of(weeks[0])}
    found = read_history([laid_out(tmp_path, files)], BERLIN, today=date(2026, 5, 20))
    assert [len(run.found) for run in found.runs] == [2, 1]
    assert found.runs[0].began == weeks[0].began


def test_other_tables_are_not_taken_for_runs() -> None:
    for header in ("date,amount,currency", "Athlete ID,First Name", "distance,time", "date,title,time"):
        assert format_of(f"{header}\n1,2,3\n".encode()) is None
