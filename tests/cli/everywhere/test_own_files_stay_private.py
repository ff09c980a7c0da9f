"""Whatever a command makes of a person's own files: nothing names whom or what they name, or where it was."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.support.cli_runs import Ran, run
from tests.support.history.activity_files import BERLIN, Recorded, fit_of, gpx_of, tcx_of
from tests.support.history.apple_health import apple_of
from tests.support.history.exports import garmin_of, plain_of, strava_files
from tests.support.paths import EXAMPLES

SECRET = "Zebulon Quux-Nightingale"
LATITUDE = 47.31415
SEMICIRCLES = str(round(LATITUDE * 2**31 / 180))[:6]
PLANTED = ("Zebulon", "Quux", "Nightingale", "47.314", SEMICIRCLES, "13.4000")
TODAY = datetime.now(BERLIN).replace(hour=4, minute=12, second=30, microsecond=0)
RUNS = [Recorded(TODAY - timedelta(days=2 * back), 5_000 + 10 * back, 1_800 + 3 * back) for back in range(95)]
RUNNING = ("running_status", "weeks_off", "volume_", "longest_run")


def rich_files() -> dict[str, bytes]:
    """Each format with a name wherever it has room for one, whole and broken."""
    parts = [RUNS[at::9] for at in range(9)]
    fit, gpx, tcx = (
        write(*part, secret=SECRET, start=LATITUDE)
        for write, part in zip((fit_of, gpx_of, tcx_of), parts, strict=False)
    )
    return {
        "watch/1.fit": fit,
        "watch/2.gpx": gpx,
        "watch/3.tcx": tcx,
        "apple/export.xml": apple_of(parts[3], secret=SECRET),
        "garmin/Activities.csv": garmin_of(parts[4], secret=SECRET),
        "own/runs.csv": plain_of(parts[5], secret=SECRET),
        **{f"strava/{name}": content for name, content in strava_files(parts[6], secret=SECRET)},
        "broken/cut.fit": fit[: len(fit) // 2],
        "broken/crc.fit": fit[:-1] + bytes([fit[-1] ^ 1]),
        "broken/cut.gpx": gpx[: len(gpx) // 2],
        "broken/cut.tcx": tcx[: len(tcx) // 2],
        "broken/doctype.gpx": gpx.replace(b"?>", f'?><!DOCTYPE gpx [<!ENTITY a "{SECRET}">]>'.encode(), 1),
        "broken/far.gpx": gpx_of(parts[7][0]._replace(metres=400_000), secret=SECRET, start=LATITUDE),
        "broken/runs.csv": plain_of(parts[8], secret=SECRET).replace(b":", b";"),
        "broken/notes.txt": SECRET.encode(),
    }


def in_it(content: bytes) -> list[str]:
    """What was planted and is there; in a ZIP archive or a gzip stream, too."""
    content = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    return [each for each in PLANTED if each.encode() in content]


@pytest.fixture(scope="module")
def athletes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One person of a folder of people, in folders and as an archive."""
    folder = tmp_path_factory.mktemp("private") / "athletes"
    for name, content in rich_files().items():
        (folder / "007" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "007" / name).write_bytes(content)
    with zipfile.ZipFile(folder / "008.zip", "w") as archive:
        for name, content in rich_files().items():
            archive.writestr(name, content)
    return folder


def written(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        yield from ((str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file())


def test_the_files_hold_what_was_planted(athletes: Path) -> None:
    found = {path.relative_to(athletes / "007").as_posix(): in_it(path.read_bytes())
             for path in (athletes / "007").rglob("*") if path.is_file()}  # fmt: skip
    without = [name for name, planted in found.items() if "Zebulon" not in planted]
    assert without == []
    assert found["watch/2.gpx"] == [each for each in PLANTED if each != SEMICIRCLES]


def test_no_output_of_any_command_names_anybody_or_any_place(athletes: Path, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    out.mkdir()
    person, zone = athletes / "007", ("--tz", "Europe/Berlin")
    runs: dict[str, Ran] = {}

    def ran(name: str, *words: str | Path, typed: str = "") -> Ran:
        runs[name] = run(*words, stdin=typed, home=home)
        return runs[name]

    for ending in ("txt", "json", "md", "html", "svg"):
        assert ran(f"history {ending}", "history", person, *zone, "-o", out / f"history.{ending}").code == 1
    ran("history", "history", person, *zone, "--format", "json")
    for ending in ("parquet", "csv", "jsonl", "xlsx"):
        assert ran(f"people {ending}", "history", athletes, *zone, "-o", out / f"people.{ending}").code == 1
    lines = (EXAMPLES / "readme.yaml").read_text(encoding="utf-8").splitlines()
    part = out / "part.yaml"
    part.write_text("\n".join(line for line in lines if not line.startswith(RUNNING)), encoding="utf-8")
    # The broken files leave days open: what is asked there is typed.
    sound = [
        word
        for name in ("watch", "apple", "garmin", "own", "strava")
        for word in ("--history", person / name)
    ]
    save = out / "me.json"
    asked = ran("ask", "ask", "--resume", part, "--save", save, *sound, *zone, typed="\n\n\n8 km\n\n\n\n\n")
    assert asked.code == 0, asked.err
    assert "Enter takes what your files say" in asked.err
    assert '"from_files"' in save.read_text(encoding="utf-8")
    ran("draft", "ask", "--resume", part, *sound, *zone, typed="\n\nq\n")
    ran("assess", "assess", save, "--format", "json")
    ran("explain", "explain", save, "training_load", "--full")
    assert "from your files" in runs["explain"].out
    assert ran("report", "report", save, "-o", out / "report.html").code == 0
    assert ran("audit", "assess", save, "--format", "html", "-o", out / "assess.html").code in (0, 2)

    drafts = [name for name, _ in written(home)]
    assert drafts, "no draft was kept"
    told = dict(written(home, out)) | {
        f"{name}, {stream}": text.encode()
        for name, each in runs.items()
        for stream, text in (("stdout", each.out), ("stderr", each.err))
    }
    told["people.parquet, as rows"] = str(pl.read_parquet(out / "people.parquet").to_dicts()).encode()
    with zipfile.ZipFile(out / "people.xlsx") as book:
        told |= {name: book.read(name) for name in book.namelist()}
    assert {name: found for name, content in told.items() if (found := in_it(content))} == {}
