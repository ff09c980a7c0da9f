"""Python for browsers: which one, where it comes from, and that it is the one that was meant."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from afterrun.storage import write_whole

VERSION = "0.29.5"
"""Of Pyodide: its Python is 3.13, which the engine is tested with."""
SHA256 = "6749b10ee515a1458ecea36d860c8ce2a48366e85b3f92d749ad1840e4aff181"
NAME = f"pyodide-{VERSION}.tgz"
"""The file as npm names it."""
WAY_OUT = f"Give the file with --pyodide {NAME}, or install Node.js, whose npm fetches it."
_PATIENCE = 300


class RuntimeMissing(Exception):
    """Pyodide is not here, or it is another one than it should be."""


def runtime_files(given: Path | None, cache: Path | None) -> dict[str, bytes]:
    """The files of Pyodide by name, out of a given file, or of one that is kept or fetched."""
    path = given if given is not None else fetched_runtime(cache)
    packed = _read(path)
    if packed is None:
        raise RuntimeMissing(f"{path} is not {NAME}, byte for byte. {WAY_OUT}")
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                files[Path(member.name).name] = file.read()
    return files


def fetched_runtime(cache: Path | None) -> Path:
    """Where it is kept; fetched by npm where it is not yet."""
    folder = cache if cache is not None else Path(tempfile.gettempdir())
    kept = folder / NAME
    if _read(kept) is None:
        with tempfile.TemporaryDirectory() as place:
            packed = _read(_packed_by_npm(Path(place)))
        if packed is None:
            raise RuntimeMissing(f"What npm fetched is not {NAME}, byte for byte. {WAY_OUT}")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(kept, lambda partial: partial.write_bytes(packed))
    return kept


def _packed_by_npm(place: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeMissing(f"Pyodide is not here, and neither is npm, which fetches it. {WAY_OUT}")
    try:
        subprocess.run(
            [npm, "pack", "--silent", f"pyodide@{VERSION}"],
            cwd=place,
            check=True,
            capture_output=True,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.SubprocessError):
        raise RuntimeMissing(f"npm cannot fetch Pyodide now. {WAY_OUT}") from None
    return place / NAME


def _read(path: Path) -> bytes | None:
    """The file, if it is the one that is meant."""
    try:
        packed = path.read_bytes()
    except OSError:
        return None
    return packed if sha256(packed).hexdigest() == SHA256 else None


if __name__ == "__main__":  # `make pyodide`
    try:
        fetched_runtime(Path(sys.argv[1]))
    except RuntimeMissing as missing:
        sys.exit(str(missing))
