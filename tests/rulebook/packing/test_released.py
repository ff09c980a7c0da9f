"""A rulebook packed as one file is the folder that it was packed from, and nothing that was altered since."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from afterrun import RulebookError, load_rulebook
from afterrun.rulebook import NoRevision, NotPacked, bundle_at, load_every_part, released_pack, rulebook_parts
from afterrun.rulebook.packing.released import LARGEST_PACK, packed, read_pack
from tests.support.paths import ROOT

MOULD = ROOT / "examples" / "mould"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The small rulebook as one file."""
    path = tmp_path / "mould.rulebook"
    path.write_text(released_pack(MOULD), encoding="utf-8")
    return path


def test_a_pack_loads_as_the_folder_that_it_was_packed_from(pack: Path) -> None:
    assert load_rulebook(pack).stamp == load_rulebook(MOULD).stamp
    assert load_rulebook(pack).rules == load_rulebook(MOULD).rules


def test_packing_a_pack_gives_the_same_text(pack: Path) -> None:
    assert released_pack(pack) == pack.read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_part_comes_along(tmp_path: Path) -> None:
    path = tmp_path / "knee.rulebook"
    path.write_text(released_pack(), encoding="utf-8")
    assert rulebook_parts(path) == ["checkin"]
    assert [each.stamp for each in load_every_part(path)] == [each.stamp for each in load_every_part()]


def test_a_pack_is_kept_in_the_cache_by_what_it_holds(pack: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = load_rulebook(pack, cache=cache)
    assert [*cache.iterdir()]
    assert load_rulebook(pack, cache=cache).digest == first.digest
    pack.write_text(pack.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(NotPacked, match="was changed"):
        load_rulebook(pack, cache=cache)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text.replace("at_least: 60", "at_least: 61", 1), "was changed after it was packed"),
        (lambda text: text[:-20], "was changed after it was packed"),
        (lambda text: text.replace('"format": 1', '"format": 2', 1), "packed in another way"),
        (lambda text: "", "is no packed rulebook"),
        (lambda text: "[" * 100_000, "is no packed rulebook"),
        (lambda text: '{"afterrun_rulebook": []}\n', "is no packed rulebook"),
    ],
)
def test_what_was_altered_or_is_none_is_refused(pack: Path, spoil: Callable[[str], str], said: str) -> None:
    text = pack.read_text(encoding="utf-8")
    assert spoil(text) != text
    pack.write_text(spoil(text), encoding="utf-8")
    with pytest.raises(NotPacked, match=said):
        load_rulebook(pack)


def test_what_is_too_large_for_a_pack_is_not_read(pack: Path) -> None:
    # A file full of holes takes no room.
    os.truncate(pack, LARGEST_PACK + 1)
    with pytest.raises(NotPacked, match="is larger than 50 MB: it is no packed rulebook"):
        load_rulebook(pack)
    os.truncate(pack, LARGEST_PACK)
    with pytest.raises(NotPacked, match="was changed after it was packed"):
        load_rulebook(pack)


def test_sums_that_were_made_to_fit_do_not_hide_a_change(pack: Path) -> None:
    bundle = read_pack(pack)
    (name, content) = next(
        (name, data)
        for name, data in bundle.files.items()
        if name.startswith("rules/") and b"because: " in data
    )
    changed = {**bundle.files, name: content.replace(b"because: ", b"because: Not so. ", 1)}
    pack.write_text(packed(bundle._replace(files=changed), {}), encoding="utf-8")
    with pytest.raises(RulebookError, match="was changed after it was packed: its digest is"):
        load_rulebook(pack)


def test_a_file_beside_those_of_a_rulebook_is_refused(pack: Path) -> None:
    bundle = read_pack(pack)
    pack.write_text(packed(bundle._replace(files={**bundle.files, "../x.yaml": b""}), {}), encoding="utf-8")
    with pytest.raises(NotPacked, match=r"it holds '\.\./x\.yaml'"):
        load_rulebook(pack)


def test_what_does_not_load_is_not_packed(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="there is no folder 'rules'"):
        released_pack(tmp_path)


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.process
class TestARevision:
    def test_is_what_the_folder_held_then(self, tmp_path: Path) -> None:
        book = tmp_path / "inner"
        for name, data in read_pack_of(MOULD, tmp_path).items():
            (book / name).parent.mkdir(parents=True, exist_ok=True)
            (book / name).write_bytes(data)
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", "first")
        (book / "rules" / "more.yaml").write_text("[]\n", encoding="utf-8")
        assert load_rulebook(bundle_at(book, "HEAD")).digest == load_rulebook(MOULD).digest

    @pytest.mark.parametrize("name", ["nowhere", "-x", "", "HEAD:rules"])
    def test_that_is_not_there_is_told(self, tmp_path: Path, name: str) -> None:
        git(tmp_path, "init", "-q")
        with pytest.raises(NoRevision, match="is no folder and no packed rulebook"):
            bundle_at(tmp_path, name)

    def test_of_what_is_no_folder_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "pack").write_bytes(b"")
        for name in ("pack", "nowhere"):
            with pytest.raises(NoRevision, match=f"{name} is no folder of a git repository"):
                bundle_at(tmp_path / name, "HEAD")

    def test_without_a_rulebook_is_told(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        git(tmp_path, "commit", "-qm", "nothing", "--allow-empty")
        with pytest.raises(NoRevision, match="held no rulebook"):
            bundle_at(tmp_path, "HEAD")


def read_pack_of(folder: Path, at: Path) -> dict[str, bytes]:
    path = at / "whole.rulebook"
    path.write_text(released_pack(folder), encoding="utf-8")
    return dict(read_pack(path).files)
