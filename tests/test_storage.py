"""Files are there whole or not at all, and what the disk refuses is told with its place."""

import errno
import os
import stat
from pathlib import Path

import pytest

from afterrun.storage import (
    StorageFault,
    close_to_others,
    make_folder,
    new_private,
    one_writer,
    refuse_unwritable,
    storage_faults,
    write_text,
    write_whole,
)


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    write_text(file, "old")

    def half(partial: Path) -> None:
        partial.write_text("ne")
        raise OSError(errno.ENOSPC, "No space left on device")

    for private in (False, True):
        with pytest.raises(StorageFault, match=r"kept\.txt: the disk is full") as raised:
            write_whole(file, half, private=private)
        assert (raised.value.path, raised.value.reason) == (file, "No space left on device")
        assert file.read_text() == "old"
        assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("private", [True, False])
def test_a_private_file_is_its_owners_alone(tmp_path: Path, private: bool) -> None:
    seen = []

    def write(partial: Path) -> None:
        partial.write_text("mine")
        seen.append(stat.S_IMODE(partial.stat().st_mode))

    write_whole(tmp_path / "mine.txt", write, private=private)
    modes = {*seen, stat.S_IMODE((tmp_path / "mine.txt").stat().st_mode)}
    assert (modes == {0o600}) == private


def test_a_private_folder_and_what_is_made_in_it_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_folder(tmp_path / "open")
        make_folder(tmp_path / "mine", private=True)
        new_private(tmp_path / "mine" / "file").write_text("mine")
        with one_writer(tmp_path / "lock"):
            pass
    finally:
        os.umask(before)
    made = ("open", "mine", "mine/file", "lock")
    assert [stat.S_IMODE((tmp_path / each).stat().st_mode) for each in made] == [0o777, 0o700, 0o600, 0o600]
    with pytest.raises(FileExistsError):
        new_private(tmp_path / "mine" / "file")


def test_closing_leaves_links_alone_and_bears_what_is_not_there(tmp_path: Path) -> None:
    for each in (tmp_path / "theirs", tmp_path / "ours" / "in"):
        each.parent.mkdir(exist_ok=True)
        each.write_text("")
        each.chmod(0o644)
    (tmp_path / "ours" / "link").symlink_to(tmp_path / "theirs")
    close_to_others(tmp_path / "ours", tmp_path / "gone")
    assert stat.S_IMODE((tmp_path / "theirs").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "ours" / "in").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == 0o700


def test_what_is_no_file_is_written_as_it_is_and_a_folder_never(tmp_path: Path) -> None:
    write_text(Path("/dev/null"), "gone", private=True)
    assert not Path("/dev/null").is_file()
    for refused in (write_text, lambda path, text: refuse_unwritable(path)):
        with pytest.raises(StorageFault):
            refused(tmp_path, "text")
    assert tmp_path.is_dir()


def test_whether_a_file_can_be_written_is_found_out_without_touching_it(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text("{}")
    refuse_unwritable(file)
    refuse_unwritable(tmp_path / "new.json")
    assert (list(tmp_path.iterdir()), file.read_text()) == ([file], "{}")
    with pytest.raises(StorageFault, match="No such file"):
        refuse_unwritable(tmp_path / "none" / "new.json")


def test_a_refusal_that_a_library_wrapped_is_told_as_any_other(tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match="out: the disk is full"), storage_faults(tmp_path / "out"):
        raise RuntimeError("parquet: No space left on device (os error 28)")
    with pytest.raises(RuntimeError, match="no schema"), storage_faults(tmp_path / "out"):
        raise RuntimeError("no schema")


def test_a_folder_where_a_file_stands_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StorageFault, match="taken"):
        make_folder(tmp_path / "taken" / "inside")
