"""What a batch leaves behind, and what it takes care not to leave."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from afterrun.batch.input.spool import forget_stdin
from afterrun.batch.places import REJECTS_PARTS, Place, PlaceError, state_of
from afterrun.storage import PARTIAL, close_to_others, remove_partials, storage_faults


def refuse_changed(place: Place) -> None:
    """Never write over what somebody changed since it was written: rejects mended in place, a result.

    Raises PlaceError.
    """
    for file in filter(Path.is_file, (place.rejects, place.result)):
        with storage_faults(file):
            changed = _was_mended(place) if file == place.rejects else _was_edited(place)
        if changed:
            raise PlaceError(
                f"{file} was changed since it was written, and would be written over: "
                "move it to another name, then give the same command again"
            )


def _was_mended(place: Place) -> bool:
    return place.rejects_known.is_file() and state_of(place.rejects_known) != digest_of(place.rejects)


def _was_edited(place: Place) -> bool:
    """Whether a finished result is another file; where it tells no digest, by its size."""
    written = state_of(place.success) if place.success.is_file() else {}
    if "size" not in written:
        return False
    other_size: bool = place.result.stat().st_size != written["size"]
    return other_size or ("digest" in written and written["digest"] != digest_of(place.result))


def digest_of(path: Path) -> str:
    """What tells a file from one with other bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def inputs_forgotten(place: Place, *, hides_ids: bool) -> Iterator[None]:
    """Keep what was piped in no longer than a run lasts: whoever goes on pipes it in again.

    Where ids are hidden no copy of any input stays, for they stand in it as they are.
    """
    try:
        yield
    finally:
        forget_stdin(place.spool)
        if hides_ids:
            shutil.rmtree(place.spool, ignore_errors=True)


def clean(place: Place) -> None:
    """Throw away what a killed run left half-written, and what was piped into it."""
    forget_stdin(place.spool)
    shutil.rmtree(place.scratch, ignore_errors=True)
    for folder in {place.parts, place.state, place.spool, place.decided, place.key.parent}:
        for partial in folder.glob(f"*{PARTIAL}"):
            with storage_faults(partial):
                partial.unlink()
    for file in (place.result, place.rejects, place.dictionary):
        remove_partials(file)


def close(place: Place) -> None:
    """Leave to the owner alone what an earlier run left open to others."""
    beside = () if place.folder else (place.rejects, place.dictionary)
    close_to_others(place.state, place.result, *beside)


def tidy(place: Place) -> None:
    """Throw away what a finished batch no longer needs: in its state nothing of a refused row stays."""
    shutil.rmtree(place.spool, ignore_errors=True)
    parts = [] if place.folder else list(place.parts.glob("part-*"))
    for each in (*parts, *place.state.glob(REJECTS_PARTS)):
        each.unlink(missing_ok=True)
    for folder in (place.ids, place.decided, place.scratch):
        shutil.rmtree(folder, ignore_errors=True)


def discard(place: Place) -> None:
    """Leave nothing behind where a batch was refused before it began."""
    shutil.rmtree(place.state, ignore_errors=True)
    if place.folder:
        with suppress(OSError):
            place.result.rmdir()
