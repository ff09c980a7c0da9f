"""What FIT files give, whole and broken."""

from __future__ import annotations

import random
import struct
from datetime import UTC, datetime, timedelta

import fitdecode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun.history.formats import fit
from afterrun.history.formats.activity import Activity, Fault, Note
from tests.support.history.activity_files import BERLIN, TWELVE_WEEKS, fit_file, fit_message, fit_of
from tests.support.history.activity_reads import entries, only, reasons

RUN = TWELVE_WEEKS[0]


def session(**fields: object) -> dict[str, object]:
    usual = {
        "start_time": RUN.began,
        "sport": "running",
        "total_distance": 5_000.0,
        "total_timer_time": 1_800.0,
    }
    return fit_message(
        "session", **{name: each for name, each in (usual | fields).items() if each is not None}
    )


def activity_file(*messages: dict[str, object], kind: str = "activity") -> bytes:
    return fit_file([fit_message("file_id", type=kind), *messages])


def test_the_watch_tells_its_own_clock() -> None:
    assert only(fit.FORMAT, fit_of(RUN, clock=BERLIN)).began.utcoffset() == timedelta(hours=1)
    assert only(fit.FORMAT, fit_of(RUN)).began.utcoffset() == timedelta()


def test_a_watch_whose_clock_cannot_be_is_not_believed() -> None:
    ended = RUN.began + timedelta(hours=1)
    wrong = fit_message("activity", timestamp=ended, local_timestamp=0)
    assert only(fit.FORMAT, activity_file(session(), wrong)).began.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("told", "seconds", "moving"),
    [
        ({"total_moving_time": 1_700.0, "total_elapsed_time": 2_000.0}, 1_700, True),
        ({"total_elapsed_time": 2_000.0}, 1_800, True),
        ({"total_timer_time": None, "total_elapsed_time": 2_000.0}, 2_000, False),
        ({"total_timer_time": None}, None, False),
    ],
)
def test_moving_time_goes_before_elapsed_time(told: dict[str, object], seconds: int, moving: bool) -> None:
    found = only(fit.FORMAT, activity_file(session(**told)))
    assert (found.seconds, found.moving) == (seconds, moving)


def test_a_session_without_its_beginning_began_when_it_ended_less_what_it_took() -> None:
    ended = {"start_time": None, "timestamp": RUN.began, "total_elapsed_time": 600.0}
    assert only(fit.FORMAT, activity_file(session(**ended))).began == RUN.began - timedelta(minutes=10)
    assert reasons(fit.FORMAT, activity_file(session(start_time=None))) == ["it does not say when it began"]


def test_a_distance_that_is_not_told_is_none_and_no_0() -> None:
    assert only(fit.FORMAT, activity_file(session(total_distance=None))).metres is None
    assert only(fit.FORMAT, activity_file(session(total_distance=0.0))).metres == 0


@pytest.mark.parametrize(
    ("sport", "sub_sport", "told"),
    [
        ("multisport", None, None),
        ("running", "indoor_running", "treadmill"),
        ("running", "virtual_activity", "treadmill"),
        ("running", "street", "run"),
        ("fitness_equipment", "treadmill", "treadmill"),
        ("fitness_equipment", "elliptical", "other"),
        ("generic", "generic", None),
        (None, None, None),
        ("hiking", "generic", "walk"),
        ("transition", "generic", "other"),
    ],
)
def test_words_of_fit_for_sports(sport: str | None, sub_sport: str | None, told: str | None) -> None:
    assert only(fit.FORMAT, activity_file(session(sport=sport, sub_sport=sub_sport))).sport == told


@pytest.mark.parametrize(("unit", "miles"), [("statute", True), ("metric", False)])
def test_the_unit_that_a_watch_shows_is_known(unit: str, miles: bool) -> None:
    profile = fit_message("user_profile", dist_setting=unit)
    assert only(fit.FORMAT, activity_file(profile, session())).miles is miles
    assert only(fit.FORMAT, activity_file(session())).miles is None


@pytest.mark.parametrize(
    ("kind", "what"),
    [("course", "a course, a way to follow"), ("workout", "a workout, a plan for one"),
     ("settings", "a device's settings"), ("monitoring_b", "a day's monitoring"),
     ("mfg_range_min", "something else of a device")],
)  # fmt: skip
def test_a_file_of_a_watch_that_is_no_activity_says_what_it_is(kind: str, what: str) -> None:
    assert reasons(fit.FORMAT, activity_file(session(), kind=kind)) == [f"it is {what}, no activity"]


def test_a_recording_without_a_summary_gives_no_run() -> None:
    bare = activity_file(fit_message("record", timestamp=RUN.began, distance=5.0))
    assert reasons(fit.FORMAT, bare) == ["it has no summary of an activity"]


def test_any_flipped_bit_is_found() -> None:
    content = fit_of(RUN)
    for at in random.Random(7).sample(range(14, len(content)), 60):
        flipped = content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :]
        assert reasons(fit.FORMAT, flipped) == ["its checksum is wrong: it was damaged"], at


def test_a_recording_that_is_cut_gives_no_run() -> None:
    content = fit_of(RUN)
    for length in range(0, len(content) - 120, 13):
        if length:
            assert reasons(fit.FORMAT, content[:length]) == [
                "it ends too early: the recording or the copy was cut short"
            ], length


def test_a_recording_that_is_cut_behind_its_summary_gives_its_run_and_says_so() -> None:
    records = [fit_message("record", timestamp=RUN.began, distance=float(each)) for each in range(200)]
    first = activity_file(session(), *records)
    note, run = entries(fit.FORMAT, first[: len(first) // 2])
    assert note == Note("It ends too early; its summary, which was whole, was taken.")
    assert isinstance(run, Activity)
    assert run.metres == 5_000


def test_a_recording_that_was_never_closed_is_read_to_its_end() -> None:
    content = bytearray(activity_file(session()))
    content[4:8] = bytes(4)
    note, run = entries(fit.FORMAT, bytes(content))
    assert isinstance(note, Note)
    assert isinstance(run, Activity)


def test_recordings_that_follow_each_other_in_a_file_are_all_read() -> None:
    content = fit_of(RUN) + fit_of(TWELVE_WEEKS[1])
    assert [each.place for each in entries(fit.FORMAT, content) if isinstance(each, Activity)] == [
        "",
        "session 2",
    ]
    first, fault = entries(fit.FORMAT, fit_of(RUN) + b"and so on, for a while")
    assert isinstance(first, Activity)
    assert fault == Fault("what follows the first recording in it is none")


def test_a_file_beyond_all_measure_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "MOST_BYTES", 1 << 20)
    assert reasons(fit.FORMAT, fit_of(RUN) + bytes(1 << 20)) == ["it is larger than 1 MB, as no recording is"]


def test_big_endian_and_developer_fields_are_passed_over_alike() -> None:
    """Written by hand: the encoder writes neither."""
    definition = struct.pack(">BBBHB", 0x60, 0, 1, 20, 1) + bytes([253, 4, 0x86]) + bytes([1, 0, 3, 0])
    record = bytes([0]) + struct.pack(">I", 1_000_000_000) + b"abc"
    session_definition = struct.pack(">BBBHB", 0x41, 0, 1, 18, 3) + bytes([2, 4, 0x86, 9, 4, 0x86, 5, 1, 0])
    own_session = bytes([1]) + struct.pack(">IIB", 1_140_000_000, 500_000, 1)
    compressed = bytes([0x80 | 0x00 | 5]) + struct.pack(">I", 1_000_000_001) + b"abc"
    body = definition + record * 3 + compressed + session_definition + own_session
    found = only(fit.FORMAT, by_hand(body))
    assert found[:2] == (datetime(1989, 12, 31, tzinfo=UTC) + timedelta(seconds=1_140_000_000), 5_000)
    assert found.sport == "run"


def by_hand(body: bytes) -> bytes:
    whole = struct.pack("<BBHI4s", 12, 0x20, 2100, len(body), b".FIT") + body
    return whole + struct.pack("<H", fitdecode.utils.compute_crc(whole))


SESSION_OF_ONE = struct.pack("<BBBHB", 0x41, 0, 0, 18, 1)
"""Defines a session with one field."""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\x01", "a message in it has no definition: it was damaged"),
        # A start of no bytes, of which the library makes a ValueError.
        (SESSION_OF_ONE + b"\x02\x00\x86" + b"\x01", "a message in it cannot be read: it was damaged"),
        # Two times in one, and then one that stands on it: a TypeError.
        (
            SESSION_OF_ONE + b"\xfd\x08\x86" + b"\x01" + bytes(8) + b"\xa1" + bytes(8),
            "a message in it cannot be read: it was damaged",
        ),
    ],
)
def test_what_was_written_on_purpose_to_hurt_ends_in_words(body: bytes, reason: str) -> None:
    assert reasons(fit.FORMAT, by_hand(body)) == [reason]


@given(st.data())
def test_any_bytes_with_a_right_checksum_end_in_words(data: st.DataObject) -> None:
    profile = fit_message("user_profile", friendly_name="A", dist_setting="metric")
    ended = fit_message("activity", timestamp=RUN.began, local_timestamp=1_141_369_200, num_sessions=1)
    body = bytearray(activity_file(profile, session(), ended)[14:-2])
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    for each in entries(fit.FORMAT, by_hand(bytes(body))):
        assert isinstance(each, Activity | Fault | Note)
