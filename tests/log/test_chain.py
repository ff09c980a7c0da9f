"""Whatever is done to a log is found: no byte of it can be another, and no entry can go, come or move."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterrun.log import NotALog, Verified, verify
from tests.support.logs import written

COUNT = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@pytest.fixture(scope="module")
def whole(folder: Path) -> bytes:
    """A log of COUNT entries, one of which holds answers."""
    path = folder / "whole"
    written(path, COUNT - 1)
    return written(path, 1, answers=True)


def found(folder: Path, content: bytes, head: str = "") -> Verified | None:
    """What is found of a log that was tampered with; None where it is refused as none."""
    path = folder / "log"
    path.write_bytes(content)
    try:
        return verify(path, head)
    except NotALog:
        return None


def is_whole(verified: Verified | None) -> bool:
    return verified is not None and verified.whole


def head_of(content: bytes) -> str:
    return content.rstrip().decode()[-66:-2]


def test_a_log_that_nobody_touched_is_whole(folder: Path, whole: bytes) -> None:
    verified = found(folder, whole, head_of(whole))
    assert verified == Verified(COUNT, head_of(whole), (), 0, False)


@settings(deadline=None)
@given(data=st.data())
def test_an_edit_of_any_byte_is_found(folder: Path, whole: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    edited = whole[:place] + bytes([other]) + whole[place + 1 :]
    assert not is_whole(found(folder, edited))


def test_an_edit_of_every_byte_of_the_last_entry_is_found(folder: Path, whole: bytes) -> None:
    # Nothing comes after it that would name its hash.
    begin = whole[:-1].rindex(b"\n") + 1
    for place in range(begin, len(whole)):
        edited = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        assert not is_whole(found(folder, edited)), place


@settings(deadline=None)
@given(data=st.data())
def test_bytes_that_are_put_in_or_taken_out_are_found(
    folder: Path, whole: bytes, data: st.DataObject
) -> None:
    begin = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(begin, len(whole)))
    put_in = data.draw(st.binary(max_size=20))
    edited = whole[:begin] + put_in + whole[end:]
    if edited in _beginnings(whole):
        # Whole entries were cut off at the end, which only a head kept elsewhere shows.
        assert not is_whole(found(folder, edited, head_of(whole))) or edited == whole
    else:
        assert not is_whole(found(folder, edited))


@settings(deadline=None)
@given(order=st.permutations(range(COUNT)))
def test_any_other_order_is_found(folder: Path, whole: bytes, order: list[int]) -> None:
    lines = whole.splitlines(keepends=True)
    assert is_whole(found(folder, b"".join(lines[each] for each in order))) == (order == sorted(order))


@settings(deadline=None)
@given(kept=st.lists(st.integers(0, COUNT - 1), max_size=COUNT + 3))
def test_entries_that_go_or_come_again_are_found(folder: Path, whole: bytes, kept: list[int]) -> None:
    lines = whole.splitlines(keepends=True)
    content = b"".join(lines[each] for each in kept)
    begins = kept == list(range(len(kept)))
    assert is_whole(found(folder, content)) == (begins and bool(kept))
    assert is_whole(found(folder, content, head_of(whole))) == (kept == list(range(COUNT)))


def test_an_entry_of_another_log_is_found(folder: Path, whole: bytes) -> None:
    other = written(folder / "other", COUNT + 1, answers=True).splitlines(keepends=True)
    lines = whole.splitlines(keepends=True)
    verified = found(folder, b"".join([*lines[:2], other[2], *lines[3:]]))
    assert verified is not None
    assert [each.line for each in verified.faults] == [3, 4]
    verified = found(folder, b"".join([*lines, other[COUNT]]))
    assert verified is not None
    assert [each.line for each in verified.faults] == [COUNT + 1]


def test_each_fault_is_told_with_its_line_and_what_it_is(folder: Path, whole: bytes) -> None:
    lines = whole.splitlines(keepends=True)
    edited = found(folder, b"".join([lines[0].replace(b"assess", b"assesz"), *lines[1:]]))
    gone = found(folder, b"".join([lines[0], *lines[3:]]))
    again = found(folder, b"".join([*lines[:2], lines[1], *lines[2:]]))
    strange = found(folder, b"".join([lines[0], b"hello\n", *lines[1:]]))
    assert [str(each) for verified in (edited, gone) for each in (verified.faults if verified else ())] == [
        "line 1: was changed: its content does not have its hash",
        "line 2: is entry 4, and entries 2 to 3 are missing before it",
    ]
    assert again is not None
    assert str(again.faults[0]) == "line 3: is entry 2, where entry 3 belongs"
    assert strange is not None
    assert str(strange.faults[0]) == "line 2: is no entry"


def test_a_head_is_found_in_what_has_grown_since(folder: Path, whole: bytes) -> None:
    lines = whole.splitlines(keepends=True)
    assert is_whole(found(folder, whole, head_of(b"".join(lines[:2]))))
    cut = found(folder, b"".join(lines[:-1]), head_of(whole))
    assert cut is not None
    assert cut.cut
    assert not cut.faults


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b"hello", b"\xff\x00" * 50])
def test_what_is_no_log_is_refused(folder: Path, content: bytes) -> None:
    (folder / "none").write_bytes(content)
    with pytest.raises(NotALog, match=r"is (no log|empty)"):
        verify(folder / "none")


def test_what_cannot_be_read_is_no_log(folder: Path) -> None:
    (folder / "plain").touch()
    (folder / "dangling").symlink_to("nowhere")
    (folder / "circle").symlink_to("circle")
    os.mkfifo(folder / "pipe")
    for name, why in (
        (".", " is a folder; give the file of a log"),
        ("pipe", " is no file; give the file of a log"),
        ("nowhere", ": there is no such file"),
        ("plain/log", ": there is no such file"),
        ("dangling", ": it is a link to what is not there"),
        ("circle", ": it is a link that leads to itself"),
        ("a" * 300, ": no file has so long a name"),
    ):
        with pytest.raises(NotALog) as refused:
            verify(folder / name)
        assert str(refused.value) == f"{folder / name}{why}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything; run as another user")
def test_a_log_that_may_not_be_read_says_so(folder: Path) -> None:
    (folder / "closed").touch(mode=0o200)
    with pytest.raises(NotALog, match="it may not be read"):
        verify(folder / "closed")


def _beginnings(whole: bytes) -> list[bytes]:
    lines = whole.splitlines(keepends=True)
    return [b"".join(lines[:count]) for count in range(1, len(lines) + 1)]


def test_a_place_of_endless_digits_is_no_entry(folder: Path) -> None:
    body = b'{"afterrun_log":1,"previous":"%s","sequence":%s}' % (b"0" * 64, b"9" * 5_000)
    line = b'{"entry":%s,"hash":"%s"}\n' % (body, sha256(body).hexdigest().encode())
    verified = found(folder, line)
    assert verified is not None
    assert [each.why for each in verified.faults] == ["is no entry: it is not canonical JSON"]
