"""Names and places in a file stay in the code that reads it."""

from __future__ import annotations

import gzip
import io
import re
import tempfile
import zipfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from afterrun.history import read_history
from tests.support.history.activity_files import BERLIN, TWELVE_WEEKS, fit_of, gpx_of, tcx_of

SECRET = "Ada Lovelace-Byron"
LATITUDE = 47.31415
"""Where all of it took place; what is written of it begins so, in degrees and in FIT's semicircles."""
PLANTED = ("Ada", "Lovelace", "Byron", "47.3141", "47.32", str(round(LATITUDE * 2**31 / 180))[:6], "13.4")

RUN = TWELVE_WEEKS[0]
FIT, GPX, TCX = (
    write(RUN, *TWELVE_WEEKS[1:3], secret=SECRET, start=LATITUDE) for write in (fit_of, gpx_of, tcx_of)
)
WRITTEN = {"1.fit": FIT, "2.gpx": GPX, "3.tcx": TCX}


def said(folder: Path, files: dict[str, bytes]) -> str:
    """All that comes out of these files, but for where they lie."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    told = repr(read_history([folder], BERLIN, today=date(2026, 6, 1))).replace(str(folder), "")
    return re.sub("digest='[0-9a-f]{64}'", "", told)  # whose digits are of nothing


def test_the_files_hold_what_was_planted() -> None:
    assert SECRET.encode() in FIT
    assert all(SECRET.encode() in each and b"47.3141" in each for each in (GPX, TCX))


def test_what_is_read_names_nobody_and_no_place(tmp_path: Path) -> None:
    told = said(tmp_path, WRITTEN)
    assert "metres=4000" in told
    assert not [each for each in PLANTED if each in told]


def test_what_is_wrong_with_a_file_is_told_without_a_word_of_it(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.comment = SECRET.encode()
        packed.writestr("1.gpx", GPX[:2000])
    broken = {
        "no xml.gpx": GPX.replace(b"</name>", b"</ Ada Lovelace>", 1),
        "entity.gpx": GPX.replace(b"<name>", b"<name>&Lovelace;", 1),
        "prefix.tcx": TCX.replace(b"<Notes>", b"<Ada:Notes>"),
        "bytes.gpx": GPX.replace(b"Ada", b"Ada\xff", 1),
        "encoding.gpx": GPX.replace(b"UTF-8", b"Lovelace", 1),
        "doctype.tcx": TCX.replace(b"?>", b'?><!DOCTYPE Ada [<!ENTITY Byron "Lovelace">]>', 1),
        "time.gpx": GPX.replace(b"2026-02-23T06:12:30Z", b"Ada"),
        "place.gpx": GPX.replace(b'lat="', b'lat="Ada'),
        "number.tcx": TCX.replace(b"<TotalTimeSeconds>", b"<TotalTimeSeconds>Lovelace"),
        "sport.gpx": GPX.replace(b"<type>running", b"<type>Lovelace"),
        "damaged.fit": FIT[:200] + b"?" + FIT[201:],
        "cut.fit": FIT[:-9],
        "cut.gpx.gz": gzip.compress(GPX)[:-30],
        "a.zip": archive.getvalue(),
        "other.txt": SECRET.encode(),
    }
    told = said(tmp_path, broken)
    for name in broken:
        assert name in told, name
    assert not [each for each in PLANTED if each in told]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*WRITTEN.values()]), st.data())
def test_whatever_is_cut_or_overwritten(content: bytes, data: st.DataObject) -> None:

    at = data.draw(st.integers(20, len(content) - 1))
    put = data.draw(st.binary(max_size=4))
    with tempfile.TemporaryDirectory() as folder:
        told = said(
            Path(folder), {"a": content[:at] + put + content[at + len(put) * data.draw(st.integers(0, 1)) :]}
        )
    assert not [each for each in PLANTED if each in told]
