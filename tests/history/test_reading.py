"""From files to runs: the same weeks in every format, days, sports, doubles, what is left out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterrun.extras import way_to
from afterrun.history import LeftOut, RunningHistory, read_history
from tests.support.history.activity_files import (
    BERLIN,
    TWELVE_WEEKS,
    Recorded,
    fit_file,
    fit_message,
    fit_of,
    gpx_of,
    tcx_of,
)
from tests.support.history.apple_health import apple_of

TODAY = date(2026, 6, 1)
RUN = TWELVE_WEEKS[0]
WRITERS = {"fit": fit_of, "gpx": gpx_of, "tcx": tcx_of}


def history_of(folder: Path, files: dict[str, bytes], zone: ZoneInfo = BERLIN) -> RunningHistory:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return read_history([folder], zone, today=TODAY)


def reasons(history: RunningHistory) -> dict[str, str]:
    return {Path(each.file).name: each.reason for each in history.left_out}


@pytest.mark.parametrize("ending", WRITERS)
def test_twelve_weeks_are_the_same_in_every_format(tmp_path: Path, ending: str) -> None:
    files = {f"{at}.{ending}": WRITERS[ending](each) for at, each in enumerate(TWELVE_WEEKS)}
    history = history_of(tmp_path, files)
    assert [(each.day, each.seconds) for each in history.runs] == [
        (each.began.date(), each.seconds) for each in TWELVE_WEEKS
    ]
    assert [each.metres for each in history.runs] == pytest.approx(
        [each.metres for each in TWELVE_WEEKS], abs=1
    )
    assert (history.left_out, history.others, history.notes) == ((), {}, ())
    assert (history.first, history.last) == (TWELVE_WEEKS[0].began, TWELVE_WEEKS[-1].began)


def test_the_same_weeks_in_three_formats_count_once_and_name_all_three(tmp_path: Path) -> None:
    files = {
        f"{at}.{ending}": write(each)
        for at, each in enumerate(TWELVE_WEEKS)
        for ending, write in WRITERS.items()
    }
    history = history_of(tmp_path, files)
    assert len(history.runs) == len(TWELVE_WEEKS)
    for run in history.runs:
        assert [Path(each.file).suffix for each in run.found] == [".fit", ".gpx", ".tcx"]
        assert Path(run.found[0].file).stem == Path(run.found[2].file).stem


def test_a_file_is_known_by_what_it_holds(tmp_path: Path) -> None:
    history = history_of(tmp_path, {"a.txt": fit_of(RUN), "b": gpx_of(TWELVE_WEEKS[1]), "c.fit": b"hello"})
    assert len(history.runs) == 2
    assert reasons(history) == {"c.fit": "it is no recording of a kind that is read here"}


def test_other_sports_are_counted_apart_and_once(tmp_path: Path) -> None:
    walk, ride = RUN._replace(sport="walk"), TWELVE_WEEKS[1]._replace(sport="ride")
    history = history_of(
        tmp_path,
        {
            "a.fit": fit_of(walk),
            "b.gpx": gpx_of(walk),
            "c.tcx": tcx_of(ride),
            "d.fit": fit_of(TWELVE_WEEKS[2]),
        },
    )
    assert history.others == {"walk": 1, "ride": 1}
    assert [each.kind for each in history.runs] == ["trail"]
    assert (history.first, history.last) == (walk.began, TWELVE_WEEKS[2].began)


def test_a_run_within_a_triathlon_is_a_run(tmp_path: Path) -> None:
    parts = [
        Recorded(RUN.began + timedelta(hours=at), 3_000, 1_500, sport)
        for at, sport in enumerate(("swim", "ride", "run"))
    ]
    history = history_of(tmp_path, {"triathlon.fit": fit_of(*parts)})
    assert [(each.began, each.found[0].place) for each in history.runs] == [(parts[2].began, "session 3")]
    assert history.others == {"swim": 1, "ride": 1}


def test_what_does_not_say_its_sport_is_left_out_unless_another_recording_does(tmp_path: Path) -> None:
    unsaid = gpx_of(RUN).replace(b"<type>running</type>", b"")
    history = history_of(tmp_path / "alone", {"a.gpx": unsaid})
    assert not history.runs
    assert reasons(history)["a.gpx"].startswith("it does not say which one sport it was")
    history = history_of(tmp_path / "both", {"a.gpx": unsaid, "b.fit": fit_of(RUN)})
    assert [[Path(each.file).name for each in run.found] for run in history.runs] == [["b.fit", "a.gpx"]]
    history = history_of(tmp_path / "ride", {"a.gpx": unsaid, "b.fit": fit_of(RUN._replace(sport="ride"))})
    assert (history.runs, history.others, history.left_out) == ((), {"ride": 1}, ())


@pytest.mark.parametrize("word", ["9", "Volkslauf am See", "triathlon"])
def test_a_word_that_is_unknown_is_no_other_sport(tmp_path: Path, word: str) -> None:
    unknown = gpx_of(RUN).replace(b"<type>running</type>", f"<type>{word}</type>".encode())
    history = history_of(tmp_path, {"a.gpx": unknown})
    assert (history.runs, history.others) == ((), {})
    assert [(each.day, each.may_be_run) for each in history.left_out] == [(RUN.began.date(), True)]
    assert word not in history.left_out[0].reason


def test_other_of_tcx_rules_no_run_out(tmp_path: Path) -> None:
    other = tcx_of(RUN).replace(b'Sport="Running"', b'Sport="Other"')
    history = history_of(tmp_path / "alone", {"a.tcx": other})
    assert (history.runs, history.others) == ((), {})
    assert [(each.day, each.may_be_run) for each in history.left_out] == [(RUN.began.date(), True)]
    history = history_of(tmp_path / "both", {"a.tcx": other, "b.fit": fit_of(RUN)})
    assert (len(history.runs), history.left_out) == (1, ())
    history = history_of(tmp_path / "walk", {"a.tcx": other, "b.fit": fit_of(RUN._replace(sport="walk"))})
    assert (history.runs, history.others, history.left_out) == ((), {"walk": 1}, ())


@pytest.mark.parametrize("word", ["Laufen", "Course à pied", "Hardlopen"])
def test_a_track_tells_its_sport_in_other_languages(tmp_path: Path, word: str) -> None:
    track = gpx_of(RUN).replace(b"<type>running</type>", f"<type>{word}</type>".encode())
    assert [each.kind for each in history_of(tmp_path, {"a.gpx": track}).runs] == ["run"]


@pytest.mark.parametrize(
    ("utc", "zone", "day"),
    [
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 3, 2)),
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 3, 30)),  # summer time: +2
        (datetime(2026, 3, 27, 22, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 3, 27)),  # winter time: +1
        (datetime(2026, 3, 2, 3, 0, tzinfo=UTC), "America/New_York", date(2026, 3, 1)),
        (datetime(2026, 3, 1, 11, 0, tzinfo=UTC), "Pacific/Auckland", date(2026, 3, 2)),
    ],
)
def test_a_run_is_of_the_local_day(tmp_path: Path, utc: datetime, zone: str, day: date) -> None:
    history = history_of(tmp_path, {"a.gpx": gpx_of(Recorded(utc, 8_000, 3_000))}, ZoneInfo(zone))
    assert [each.day for each in history.runs] == [day]


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_run_across_midnight_is_of_the_day_on_which_it_began(
    tmp_path: Path, write: Callable[..., bytes]
) -> None:
    late = Recorded(datetime(2026, 3, 1, 23, 40, tzinfo=BERLIN), 8_000, 3_000)
    assert [each.day for each in history_of(tmp_path, {"a": write(late)}).runs] == [date(2026, 3, 1)]


def test_without_a_zone_the_watch_is_asked_and_then_this_machine(tmp_path: Path) -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    (tmp_path / "a.fit").write_bytes(fit_of(RUN, clock=auckland))
    history = read_history([tmp_path], today=TODAY)
    assert history.runs[0].began.utcoffset() == timedelta(hours=13)
    assert history.notes == ()
    (tmp_path / "a.fit").write_bytes(gpx_of(RUN))
    history = read_history([tmp_path], today=TODAY)
    assert history.runs[0].began.utcoffset() == RUN.began.astimezone().utcoffset()
    assert history.notes == ("No time zone was given: times are on this machine's clock.",)


def test_what_another_recording_tells_is_not_missing(tmp_path: Path) -> None:
    fast = RUN._replace(began=RUN.began + timedelta(minutes=1), metres=42_195, seconds=3_900)
    alone = history_of(tmp_path / "alone", {"a.fit": fit_of(fast)})
    beside = history_of(tmp_path / "beside", {"a.fit": fit_of(fast), "b.gpx": gpx_of(RUN)})
    assert [each.may_be_run for each in (*alone.left_out, *beside.left_out)] == [True, False]


def test_what_is_left_out_tells_its_local_day_and_whether_it_may_be_a_run(tmp_path: Path) -> None:
    late = RUN._replace(began=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    broken = gpx_of(late).replace(b'lat="', b'lat="x', 1)
    route = b'<gpx xmlns="http://www.topografix.com/GPX/1/1"><rte></rte></gpx>'
    course = fit_file([fit_message("file_id", type="course")])
    old = fit_of(late._replace(began=datetime(1990, 1, 1, tzinfo=UTC), sport="ride"))
    files = {
        "a.gpx": broken,
        "b.gpx": route,
        "c.fit": course,
        "d.fit": old,
        "e.jpg": b"\xff\xd8",
        "f.fit": b"x",
    }
    files["g.tcx"] = tcx_of(late).replace(b"<DistanceMeters>", b"<DistanceMeters>x", 1)
    for name, clock in (
        ("h.gpx", datetime(1, 1, 1, tzinfo=UTC)),
        ("i.gpx", datetime(9999, 12, 31, tzinfo=UTC)),
    ):
        files[name] = gpx_of(late._replace(began=clock)).replace(b'lat="', b'lat="x', 1)
    history = history_of(tmp_path, files)
    assert {Path(each.file).name: (each.day, each.may_be_run) for each in history.left_out} == {
        "a.gpx": (date(2026, 3, 2), True),
        "b.gpx": (None, False),
        "c.fit": (None, False),
        "d.fit": (None, False),
        "e.jpg": (None, False),
        "f.fit": (None, True),
        "g.tcx": (date(2026, 3, 2), True),
        "h.gpx": (None, True),
        "i.gpx": (None, True),
    }


@pytest.mark.parametrize("hours", [0, 1, 13])
def test_a_clock_without_a_zone_may_tell_a_run_again(tmp_path: Path, hours: int) -> None:
    clock = RUN.began.astimezone().replace(tzinfo=None) + timedelta(hours=hours)
    table = "\n".join(
        [
            "date,start,distance_km,duration",
            f"{clock.date()},{clock:%H:%M},{RUN.metres / 1000},30:00",
            f"{clock.date()},{clock:%H:%M},{RUN.metres / 500},60:00",
        ]
    )
    (tmp_path / "a.gpx").write_bytes(gpx_of(RUN))
    (tmp_path / "b.csv").write_text(table, encoding="utf-8")
    unknown, known = (read_history([tmp_path], zone, today=TODAY) for zone in (None, BERLIN))
    assert unknown.perhaps_twice == ((clock.date(),) if hours else ())
    assert len(unknown.runs) == (3 if hours else 2)
    assert known.perhaps_twice == ()


def test_a_zone_that_was_given_goes_before_the_watch(tmp_path: Path) -> None:
    history = history_of(tmp_path, {"a.fit": fit_of(RUN, clock=ZoneInfo("Pacific/Auckland"))})
    assert history.runs[0].began.utcoffset() == timedelta(hours=1)


def with_session(**fields: object) -> bytes:
    usual = {
        "start_time": RUN.began,
        "sport": "running",
        "total_distance": 5_000.0,
        "total_timer_time": 1_800.0,
    }
    return fit_file([fit_message("file_id", type="activity"), fit_message("session", **(usual | fields))])


TOO_FAR = {"total_distance": 400_000.0, "total_timer_time": 150_000.0}
TOO_FAST = {"total_distance": 42_195.0, "total_timer_time": 3_900.0}
TO_COME = "its clock was wrong: it says {}, which is to come"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (with_session(start_time=datetime(1990, 1, 1, tzinfo=UTC)), "its clock was wrong: it says 1990"),
        (with_session(start_time=datetime(2026, 6, 3, tzinfo=UTC)), TO_COME.format("2026-06-03")),
        (with_session(total_distance=0.0), "its distance is 0"),
        (with_session(**TOO_FAR), "its distance is 400 km, more than anybody runs in a day"),
        (
            with_session(**TOO_FAST),
            "42.2 km in 1:05:00 is faster than anybody runs: "
            "perhaps its distance is in another unit, or it was no run",
        ),
        (with_session(total_timer_time=0.0), "its duration is 0"),
        (with_session(total_timer_time=3.5 * 86_400), "it lasts 84 hours: the clock was not stopped"),
        (gpx_of(RUN._replace(began=datetime(1, 1, 1, tzinfo=UTC))), "its clock was wrong: it says 1"),
        (gpx_of(RUN._replace(began=datetime(9999, 12, 31, tzinfo=UTC))), TO_COME.format("9999-12-31")),
        (b"", "it is empty"),
    ],
)
def test_what_cannot_be_is_left_out_with_its_reason_and_the_rest_is_used(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    history = history_of(tmp_path, {"bad": content, "good": fit_of(TWELVE_WEEKS[1])})
    # Of a clock that was wrong, and of nothing, no day is known.
    day = None if "clock was wrong" in reason or not content else RUN.began.date()
    may_be = not reason.endswith(" is 0")
    assert history.left_out == (LeftOut(str(tmp_path / "bad"), "", reason, day, may_be),)
    assert [each.began for each in history.runs] == [TWELVE_WEEKS[1].began]


@pytest.mark.parametrize(
    "recorded",
    [
        Recorded(RUN.began, 42_195, 7_235),
        Recorded(RUN.began, 100_000, 21_936),
        Recorded(RUN.began, 300_000, 24 * 3_600),
        Recorded(RUN.began, 30, 2),
        Recorded(datetime(2026, 6, 1, 23, 59, tzinfo=BERLIN), 5_000, 1_800),
    ],
)
def test_what_people_have_done_is_believed(tmp_path: Path, recorded: Recorded) -> None:
    assert len(history_of(tmp_path, {"a.fit": fit_of(recorded, every=3_600)}).runs) == 1


def test_the_day_of_a_ride_is_looked_at_but_not_its_speed(tmp_path: Path) -> None:
    fast = RUN._replace(metres=40_000, seconds=3_600, sport="ride")
    old = fast._replace(began=datetime(1990, 1, 1, tzinfo=UTC))
    history = history_of(tmp_path, {"a.fit": fit_of(fast), "b.fit": fit_of(old)})
    assert (history.others, list(reasons(history)), history.first) == ({"ride": 1}, ["b.fit"], RUN.began)


@pytest.mark.parametrize(
    ("units", "miles"),
    [(["statute"], True), (["metric"], False), (["statute", "metric"], False), ([], False)],
)
def test_miles_are_read_where_all_files_that_say_a_unit_say_miles(
    tmp_path: Path, units: list[str], miles: bool
) -> None:
    files = {"z.gpx": gpx_of(TWELVE_WEEKS[5])}
    for at, unit in enumerate(units):
        session = fit_message(
            "session", start_time=TWELVE_WEEKS[at].began, sport="running", total_distance=5_000.0
        )
        profile = fit_message("user_profile", dist_setting=unit)
        files[f"{at}.fit"] = fit_file([fit_message("file_id", type="activity"), profile, session])
    assert history_of(tmp_path, files).miles is miles


def test_a_copy_under_another_name_changes_nothing(tmp_path: Path) -> None:
    files = {"a.fit": fit_of(RUN), "b.gpx": gpx_of(TWELVE_WEEKS[1]._replace(sport="walk")), "c.fit": b"hello"}
    alone = history_of(tmp_path, files)
    copies = {f"copies of {name}": content for name, content in files.items()}
    assert history_of(tmp_path, copies) == alone
    assert (len(alone.runs), alone.others, len(alone.left_out)) == (1, {"walk": 1}, 1)


@pytest.mark.parametrize("lacking", ["fitdecode", "fastcrc"])
def test_without_the_extra_a_fit_file_says_how_it_comes_and_others_are_read(
    tmp_path: Path, lacking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, lacking, None)
    assert len(history_of(tmp_path, {"a.gpx": gpx_of(RUN)}).runs) == 1
    with pytest.raises(ModuleNotFoundError) as raised:
        history_of(tmp_path, {"b.fit": fit_of(RUN)})
    assert f"needs {lacking}, which is not installed" in way_to(str(raised.value.name))
    assert "pip install 'afterrun[history]'" in way_to(str(raised.value.name))


FEW = TWELVE_WEEKS[:3]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files of three runs in all formats, one copied, one that is half an hour later, one that is broken."""
    folder = tmp_path_factory.mktemp("mixed")
    files = {
        f"{at}.{ending}": write(each) for at, each in enumerate(FEW) for ending, write in WRITERS.items()
    }
    files |= {
        "copy.fit": files["1.fit"],
        "broken.fit": files["2.fit"][:-9],
        "unsaid.gpx": files["1.gpx"].replace(b"<type>", b"<cmt>").replace(b"</type>", b"</cmt>"),
    }
    files["later.fit"] = fit_of(RUN._replace(began=RUN.began + timedelta(minutes=30)))
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return sorted(folder.iterdir())


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_neither_order_nor_repetition_of_files_matters(mixed: list[Path], data: st.DataObject) -> None:
    expected = read_history(mixed, BERLIN, today=TODAY)
    assert len(expected.runs) == len(FEW) + 1
    shuffled = data.draw(st.permutations(mixed)) + data.draw(
        st.lists(st.sampled_from([*mixed, mixed[0].parent]))
    )
    assert read_history(shuffled, BERLIN, today=TODAY) == expected


def test_days_of_what_may_have_been_a_run_are_told(tmp_path: Path) -> None:
    far, stopped_at_once, unsaid, walk, twice = (
        RUN._replace(began=RUN.began + timedelta(days=days)) for days in range(5)
    )
    written = {
        "far.fit": fit_of(far._replace(metres=400_000)),
        "stopped.fit": fit_of(stopped_at_once._replace(metres=0)),
        "unsaid.gpx": gpx_of(unsaid).replace(b"<type>running</type>", b""),
        "walk.fit": fit_of(walk._replace(sport="walk", metres=400_000)),
        "wrong.fit": fit_of(twice._replace(metres=400_000)),
        "right.gpx": gpx_of(twice),
    }
    for name, content in written.items():
        (tmp_path / name).write_bytes(content)
    history = read_history([tmp_path], BERLIN, today=date(2026, 6, 1))
    may_be_runs = [each.day for each in history.left_out if each.may_be_run]
    assert may_be_runs == [far.began.date(), unsaid.began.date()]


def test_a_run_is_of_the_kind_that_one_of_its_files_tells(tmp_path: Path) -> None:
    began = datetime(2026, 3, 1, 8, tzinfo=BERLIN)
    trail = Recorded(began, 8_000, 3_000, "trail")
    # Apple knows no trails, and its recording is the one that is kept.
    history = history_of(tmp_path, {"a.xml": apple_of([trail]), "b.gpx": gpx_of(trail)})
    (run,) = history.runs
    assert [each.file.rpartition("/")[2] for each in run.found] == ["a.xml", "b.gpx"]
    assert run.kind == "trail"
