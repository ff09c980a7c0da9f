"""Folders, archives and packed files: what is in them is read, and what would be a trap is not."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import struct
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest

from afterrun.history import RunningHistory, read_history
from afterrun.history.files import streams, walk
from tests.support.history.activity_files import BERLIN, TWELVE_WEEKS, fit_of, gpx_of, tcx_of

FIT, GPX, TCX = fit_of(TWELVE_WEEKS[0]), gpx_of(TWELVE_WEEKS[1]), tcx_of(TWELVE_WEEKS[2])


def read(path: Path) -> RunningHistory:
    return read_history([path], BERLIN, today=date(2026, 6, 1))


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return packed.getvalue()


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def left_out(history: RunningHistory, folder: Path) -> dict[str, str]:
    return {each.file.removeprefix(f"{folder}/"): each.reason for each in history.left_out}


def names(history: RunningHistory, folder: Path) -> list[str]:
    return [each.found[0].file.removeprefix(f"{folder}/") for each in history.runs]


def test_a_bulk_export_is_read_however_it_is_packed(tmp_path: Path) -> None:
    inner = zipped({"UploadedFiles/1.fit": FIT, "2.gpx.gz": gzip.compress(GPX)})
    export = zipped(
        {"part/inner.zip": inner, "activities/3.tcx.gz": gzip.compress(TCX), "__MACOSX/._3.tcx": b"?"}
    )
    history = read(written(tmp_path, "export.zip", export))
    assert names(history, tmp_path) == [
        "export.zip/part/inner.zip/UploadedFiles/1.fit",
        "export.zip/part/inner.zip/2.gpx.gz",
        "export.zip/activities/3.tcx.gz",
    ]
    assert history.left_out == ()


def test_all_below_a_folder_is_read_but_what_is_hidden(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    written(tmp_path / "a" / "b", "1.fit", FIT)
    written(tmp_path / "a", ".DS_Store", b"?")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    assert (names(read(tmp_path), tmp_path), left_out(read(tmp_path), tmp_path)) == (["a/b/1.fit"], {})


def test_a_digest_is_of_the_file_as_it_lies_there(tmp_path: Path) -> None:

    packed = gzip.compress(FIT)
    history = read(written(tmp_path, "1.fit.gz", packed))
    assert history.runs[0].found[0].digest == hashlib.sha256(packed).hexdigest()
    history = read(written(tmp_path, "1.zip", zipped({"1.fit": FIT})))
    assert history.runs[0].found[0].digest == hashlib.sha256(FIT).hexdigest()


def test_a_digest_is_of_the_whole_file_also_where_reading_ended_before(tmp_path: Path) -> None:
    recording = gpx_of(*TWELVE_WEEKS[:3], every=1)
    middle = recording.index(b"<trkseg>", recording.index(b"</trk>"))
    broken = recording[:middle] + b"<" + recording[middle:]
    history = read(written(tmp_path, "1.gpx", broken))
    assert [each.found[0].digest for each in history.runs] == [hashlib.sha256(broken).hexdigest()]
    assert list(left_out(history, tmp_path)) == ["1.gpx"]


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert left_out(read(tmp_path), tmp_path) == {"pipe": "it is neither a file nor a folder"}
    assert left_out(read(tmp_path / "none"), tmp_path) == {"none": "there is no such file or folder"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"1.fit": FIT})[:-30], "it is a ZIP archive that is cut short or damaged"),
        (b"PK\x03\x04 and no more", "it is a ZIP archive that is cut short or damaged"),
        (gzip.compress(FIT)[:-20], "it is packed, and ends too early: the copy was cut short"),
        (gzip.compress(gzip.compress(FIT)), "it is packed twice: unpack it once"),
        (gzip.compress(zipped({"1.fit": FIT})), "it is packed twice: unpack it once"),
        (b"\x1f\x8b\x08\x00" + bytes(40), "it is packed, and what is packed was damaged"),
    ],
)
def test_a_packed_file_that_is_damaged_is_left_out(tmp_path: Path, content: bytes, reason: str) -> None:
    history = read(written(tmp_path, "packed", content))
    assert (history.runs, left_out(history, tmp_path)) == ((), {"packed": reason})


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped({"a": content})], ids=["gzip", "ZIP"])
def test_nothing_is_believed_of_a_file_whose_packing_has_a_wrong_checksum(
    tmp_path: Path, pack: object
) -> None:
    assert callable(pack)
    # Large, so that its first track is read long before the checksum comes.
    recording = gpx_of(*TWELVE_WEEKS[:3], every=1)
    assert len(recording) > 4 * streams.BUFFER
    content = pack(recording)
    wrong = content.replace(struct.pack("<I", zlib.crc32(recording)), bytes(4))
    assert wrong != content
    history = read(written(tmp_path, "packed", wrong))
    assert not history.runs
    assert list(left_out(history, tmp_path).values()) == ["it is packed, and what is packed was damaged"]


def test_a_damaged_member_costs_no_other(tmp_path: Path) -> None:
    content = zipped({"1.fit": FIT, "2.gpx": GPX}, zipfile.ZIP_STORED)
    history = read(written(tmp_path, "a.zip", content.replace(b"</trkpt>", b"</trkpT>", 1)))
    assert names(history, tmp_path) == ["a.zip/1.fit"]
    assert list(left_out(history, tmp_path)) == ["a.zip/2.gpx"]


def test_a_member_that_is_locked_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"1.fit": FIT, "2.gpx": GPX}))
    listed = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[listed + 8] |= 1
    history = read(written(tmp_path, "a.zip", bytes(content)))
    assert names(history, tmp_path) == ["a.zip/2.gpx"]
    assert left_out(history, tmp_path) == {"a.zip/1.fit": "it is locked with a password: unpack it yourself"}


def test_a_member_packed_in_an_unknown_way_is_told(tmp_path: Path) -> None:
    content = bytearray(zipped({"1.fit": FIT}))
    listed = content.index(b"PK\x01\x02")
    content[8:10] = content[listed + 10 : listed + 12] = struct.pack("<H", 97)
    history = read(written(tmp_path, "a.zip", bytes(content)))
    assert list(left_out(history, tmp_path).values()) == [
        "it is packed in a way that is not known here: unpack it yourself"
    ]


@pytest.mark.parametrize("name", ["../1.fit", "a/../../1.fit", "/etc/1.fit", "..\\1.fit", "C:\\1.fit"])
def test_a_member_whose_name_leads_out_is_not_read(tmp_path: Path, name: str) -> None:
    history = read(written(tmp_path, "a.zip", zipped({name: FIT, "2.gpx": GPX})))
    assert names(history, tmp_path) == ["a.zip/2.gpx"]
    assert list(left_out(history, tmp_path).values()) == [
        "its name leads out of the archive, as no export's does"
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]


def test_archives_are_opened_two_deep_and_no_deeper(tmp_path: Path) -> None:
    deep = zipped({"deep.zip": zipped({"deeper.zip": zipped({"1.fit": FIT}), "2.gpx": GPX})})
    history = read(written(tmp_path, "a.zip", deep))
    assert names(history, tmp_path) == ["a.zip/deep.zip/2.gpx"]
    assert left_out(history, tmp_path) == {
        "a.zip/deep.zip/deeper.zip": "it is an archive within an archive within an archive: unpack it once"
    }


EMPTY = b"<gpx>" + b" " * (1 << 20)


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same ratio of a hundredth of the bytes, so that no test has to unpack gigabytes."""
    monkeypatch.setattr(streams, "FREE_BYTES", streams.FREE_BYTES // 128)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(EMPTY),
        zipped({"1.gpx": EMPTY}),
        zipped({f"{at}.gpx": EMPTY[: 1 << 18] for at in range(8)}),
        zipped({"1.gpx.gz": gzip.compress(EMPTY)}),
        zipped({"1.zip": zipped({"1.gpx": EMPTY})}),
        # Each of the inner ones is small enough for itself.
        zipped({f"{at}.gpx.gz": gzip.compress(EMPTY[: 1 << 18] + bytes([at])) for at in range(8)}),
        zipped({f"{at}.zip": zipped({"1.gpx": EMPTY[: 1 << 18] + bytes([at])}) for at in range(8)}),
    ],
    ids=["gzip", "zip", "zip of many", "gzip in zip", "zip in zip", "gzips in zip", "zips in zip"],
)
def test_a_bomb_is_not_unpacked(tmp_path: Path, content: bytes) -> None:
    history = read(written(tmp_path, "bomb", content))
    assert streams.BOMB in left_out(history, tmp_path).values()


@pytest.mark.usefixtures("small_limits")
def test_an_archive_that_says_itself_that_it_is_a_bomb_is_refused_as_one(tmp_path: Path) -> None:
    bomb = {f"{at}.gpx": EMPTY[: 1 << 18] for at in range(8)}
    history = read(written(tmp_path, "bomb.zip", zipped(bomb)))
    assert left_out(history, tmp_path) == {"bomb.zip": streams.BOMB}


@pytest.mark.usefixtures("small_limits")
def test_what_a_zip_says_of_its_sizes_is_not_believed(tmp_path: Path) -> None:
    content = bytearray(zipped({"1.gpx": EMPTY}))
    listed = content.index(b"PK\x01\x02")
    content[listed + 24 : listed + 28] = struct.pack("<I", 1000)
    history = read(written(tmp_path, "bomb.zip", bytes(content)))
    assert list(left_out(history, tmp_path)) == ["bomb.zip/1.gpx"]
    assert not history.runs


def test_recordings_pack_well_and_are_no_bomb(tmp_path: Path) -> None:
    many = {f"{at}.gpx": gpx_of(each, every=5) for at, each in enumerate(TWELVE_WEEKS)}
    assert len(read(written(tmp_path, "a.zip", zipped(many))).runs) == len(TWELVE_WEEKS)


def test_an_archive_of_too_many_files_is_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_MEMBERS", 10)
    reason = "it is an archive of more than 10 files"
    history = read(written(tmp_path, "a.zip", zipped({f"{at}.fit": b"" for at in range(11)})))
    assert left_out(history, tmp_path) == {"a.zip": reason}
    # The list is not even read where it alone is too long for so many.
    history = read(written(tmp_path, "b.zip", zipped({f"{'a' * 2000}{at}": b"" for at in range(2)})))
    assert left_out(history, tmp_path) == {"b.zip": reason}


def test_an_archive_within_another_is_copied_only_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "MOST_INNER_BYTES", 1000)
    inner = zipped({"1.gpx": os.urandom(2000)})
    history = read(written(tmp_path, "a.zip", zipped({"inner.zip": inner})))
    assert list(left_out(history, tmp_path)) == ["a.zip/inner.zip"]
    assert "of more than" in history.left_out[0].reason
