"""The same weeks, exported by each app and typed by hand, are the same runs; what is private stays inside."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from afterrun.history import RunningHistory, read_history
from tests.support.history.activity_files import BERLIN, TWELVE_WEEKS, Recorded, gpx_of
from tests.support.history.apple_health import apple_of, apple_route
from tests.support.history.exports import (
    GARMIN,
    garmin_of,
    laid_out,
    plain_of,
    strava_file,
    strava_files,
    strava_index,
    zipped,
)

TODAY = date(2026, 5, 20)
SECRET = "Zwetschgendatschi"
OTHERS = (
    Recorded(TWELVE_WEEKS[0].began + timedelta(hours=9), 3_000, 2_000, "walk"),
    Recorded(TWELVE_WEEKS[1].began + timedelta(hours=3), 24_000, 4_000, "ride"),
    Recorded(TWELVE_WEEKS[4].began + timedelta(hours=3), 1_500, 2_400, "swim"),
    Recorded(TWELVE_WEEKS[7].began + timedelta(hours=3), 900, 1_800, "other"),
)

Write = Callable[[Path, tuple[Recorded, ...], bool, str], Path]


def strava_folder(folder: Path, recorded: tuple[Recorded, ...], miles: bool, secret: str) -> Path:
    return laid_out(folder / "export", dict(strava_files(recorded, miles=miles, secret=secret)))


def strava_zip(folder: Path, recorded: tuple[Recorded, ...], miles: bool, secret: str) -> Path:
    return zipped(folder / "export.zip", dict(strava_files(recorded, "de", miles=miles, secret=secret)))


def strava_without_files(folder: Path, recorded: tuple[Recorded, ...], miles: bool, secret: str) -> Path:
    index = strava_index(recorded, "fr", miles=miles, secret=secret)
    return laid_out(folder, {"activities.csv": index}) / "activities.csv"


def garmin(language: str) -> Write:
    def write(folder: Path, recorded: tuple[Recorded, ...], miles: bool, secret: str) -> Path:
        data = garmin_of(recorded, language, miles=miles, secret=secret)
        return laid_out(folder, {"Activities.csv": data}) / "Activities.csv"

    return write


def apple_xml(folder: Path, recorded: tuple[Recorded, ...], miles: bool, secret: str) -> Path:
    data = apple_of(recorded, miles=miles, secret=secret, old=True)
    return laid_out(folder, {"export.xml": data}) / "export.xml"


def apple_zip(folder: Path, recorded: tuple[Recorded, ...], miles: bool, secret: str) -> Path:
    routes = {
        f"apple_health_export/{apple_route(each)}": gpx_of(
            # A route is by GPS alone, and begins when that is found.
            each._replace(began=each.began + timedelta(seconds=150), metres=each.metres * 0.9),
            secret=secret,
        )
        for each in recorded
        if each.sport != "treadmill"
    }
    export = {"apple_health_export/export.xml": apple_of(recorded, miles=miles, secret=secret)}
    return zipped(folder / "export.zip", routes | export)


def plain(folder: Path, recorded: tuple[Recorded, ...], miles: bool, secret: str) -> Path:
    data = plain_of(recorded, unit="mi" if miles else "km", date="%Y-%m-%d %H:%M:%S", secret=secret)
    return laid_out(folder, {"runs.csv.gz": gzip.compress(data)}) / "runs.csv.gz"


def plain_german(folder: Path, recorded: tuple[Recorded, ...], miles: bool, secret: str) -> Path:
    unit = "mi" if miles else "km"
    data = plain_of(recorded, unit=unit, date="%d.%m.%Y %H:%M:%S", mark=",", separator=";", secret=secret)
    return laid_out(folder, {"Läufe.csv": data.decode().encode("utf-16")}) / "Läufe.csv"


WRITERS: dict[str, Write] = {
    "Strava's folder": strava_folder,
    "Strava's archive": strava_zip,
    "Strava's index": strava_without_files,
    **{f"Garmin Connect, {language}": garmin(language) for language in GARMIN},
    "Apple's export.xml": apple_xml,
    "Apple's archive": apple_zip,
    "a table": plain,
    "a German table": plain_german,
}


def read(*paths: Path, miles: bool | None = None) -> RunningHistory:
    return read_history(paths, BERLIN, today=TODAY, miles=miles)


@pytest.mark.slow
@pytest.mark.parametrize("miles", [False, True], ids=["kilometres", "miles"])
@pytest.mark.parametrize("name", WRITERS)
def test_the_same_weeks_give_the_same_runs(name: str, miles: bool, tmp_path: Path) -> None:
    found = read(WRITERS[name](tmp_path, (*TWELVE_WEEKS, *OTHERS), miles, ""))

    assert [run.began for run in found.runs] == [each.began for each in TWELVE_WEEKS]
    assert [run.seconds for run in found.runs] == [each.seconds for each in TWELVE_WEEKS]
    # The last digit of what was written: 0.01 of a kilometre or of a mile.
    last_digit = 8.1 if miles else 5.1
    for run, each in zip(found.runs, TWELVE_WEEKS, strict=True):
        assert run.metres == pytest.approx(each.metres, abs=last_digit)
    of_apple = {"trail": "run"} if "Apple" in name else {}
    assert [run.kind for run in found.runs] == [of_apple.get(each.sport, each.sport) for each in TWELVE_WEEKS]
    assert found.others == {"walk": 1, "ride": 1, "swim": 1, "other": 1}
    assert found.miles is miles
    assert {each.file.rsplit("/", 1)[-1] for each in found.left_out} <= {"profile.csv"}


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITERS)
def test_no_name_and_no_place_of_an_export_comes_out(name: str, tmp_path: Path) -> None:
    found = read(WRITERS[name](tmp_path, (*TWELVE_WEEKS[:6], *OTHERS), False, SECRET))
    assert len(found.runs) == 6
    said = repr(found).casefold()
    assert SECRET.casefold() not in said
    # Of positions, and of what Apple calls whose they are.
    assert not [each for each in ("52.5", "13.4", "1984", "watch", "hkdevice") if each in said]


@pytest.mark.slow
def test_what_several_exports_tell_counts_once_and_each_is_named(tmp_path: Path) -> None:
    weeks = TWELVE_WEEKS[:9]
    names = ["Strava's archive", "Garmin Connect, de", "Apple's export.xml", "a table"]
    paths = []
    for at, name in enumerate(names):
        (tmp_path / str(at)).mkdir()
        paths.append(WRITERS[name](tmp_path / str(at), weeks, False, ""))
    found = read(*paths)
    assert [run.began for run in found.runs] == [each.began for each in weeks]
    assert {len(run.found) for run in found.runs} == {len(names)}
    assert {len({each.digest for each in run.found}) for run in found.runs} == {len(names)}


def test_a_row_of_an_index_that_tells_all_spares_its_file(tmp_path: Path) -> None:
    weeks = TWELVE_WEEKS[:3]
    files = {**dict(strava_files(weeks)), strava_file(0): b"no recording"}
    found = read(laid_out(tmp_path, files))
    assert len(found.runs) == 3
    assert [each.file for each in found.left_out] == [str(tmp_path / "profile.csv")]


def test_where_an_index_tells_too_little_the_file_is_read(tmp_path: Path) -> None:
    weeks = TWELVE_WEEKS[:3]
    files = dict(strava_files(weeks))
    # Without the distance in metres nothing says in which unit the other is.
    index = re.sub(r",[0-9.]+,35\.2\n", ",,35.2\n", files["activities.csv"].decode())
    found = read(laid_out(tmp_path, {**files, "activities.csv": index.encode()}))
    assert [run.metres for run in found.runs] == [round(each.metres) for each in weeks]
    for at, run in enumerate(found.runs):
        assert run.found[0].file.endswith(strava_file(at))
        assert run.found[1].file.endswith("activities.csv")
    assert any("have no unit" in note for note in found.notes)


def test_what_else_lies_in_an_export_is_told_by_its_folder(tmp_path: Path) -> None:
    others = {f"media/{at}.jpg": b"\xff\xd8photo%d" % at for at in range(30)}
    damaged = {"activities/1.fit": b"no recording", "activities/2.gpx": b"nor this"}
    files = {**dict(strava_files(TWELVE_WEEKS[:3])), **others, **damaged, "clubs.csv": b"Club ID\n1\n"}
    found = read(zipped(tmp_path / "export.zip", files))
    assert {each.file.removeprefix(str(tmp_path)): each.reason for each in found.left_out} == {
        "/export.zip/media": "30 files in it are no recordings",
        "/export.zip": "2 files in it are no recordings",
        "/export.zip/activities/1.fit": "it is no recording of a kind that is read here",
        "/export.zip/activities/2.gpx": "it is no recording of a kind that is read here",
    }


def test_an_export_is_read_before_its_routes_whatever_its_language_calls_it(tmp_path: Path) -> None:
    run = TWELVE_WEEKS[0]
    route = gpx_of(run._replace(began=run.began + timedelta(seconds=150), metres=3_600))
    found = read(laid_out(tmp_path, {"导出.xml": apple_of([run]), apple_route(run): route}))
    assert [each.metres for each in found.runs] == [4_000]


def test_files_that_were_named_are_named_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(laid_out(tmp_path, {f"{at}.txt": b"no recording %d" % at for at in range(3)}))
    named = read(Path("0.txt"), Path("1.txt"))
    assert [each.file for each in named.left_out] == ["0.txt", "1.txt"]
    (together,) = read(Path(".")).left_out
    assert (together.file, together.reason) == (".", "3 files in it are no recordings")


def test_an_index_in_an_unknown_language_leaves_the_recordings(tmp_path: Path) -> None:
    files = dict(strava_files(TWELVE_WEEKS[:5]))
    rows = files["activities.csv"].decode().split("\n", 1)[1]
    unknown = ",".join(f"列{at}" for at in range(14))
    found = read(laid_out(tmp_path, {**files, "activities.csv": f"{unknown}\n{rows}".encode()}))
    assert len(found.runs) == 4
    assert str(tmp_path / "activities.csv") in {each.file for each in found.left_out}
