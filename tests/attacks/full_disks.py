"""A disk of its own, small and full, where the tests may mount one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILLER = "filler"
CAN_MOUNT = os.name == "posix" and os.getuid() == 0 and Path("/proc/filesystems").exists()


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A file system of that size."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=700", "none", str(folder)]
    made = subprocess.run(mount, check=False, capture_output=True)
    if made.returncode:
        import pytest

        pytest.skip("nothing can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, leave: int) -> None:
    """Leave that many bytes of it, in whole pages."""
    free = os.statvfs(disk)
    (disk / FILLER).write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))


def make_room(disk: Path) -> None:
    """Give back what was filled."""
    (disk / FILLER).unlink(missing_ok=True)
