"""The files of a rulebook as they stood at a revision of the git repository that holds them."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from afterrun.errors import AfterrunError
from afterrun.rulebook.packing.released import Bundle

_FOLDERS = ("rules", "knowledge")


class NoRevision(AfterrunError):
    """There is no such revision, or no rulebook in it."""


def bundle_at(folder: Path, revision: str) -> Bundle:
    """What the folder of a rulebook held at a revision. Raises NoRevision; nothing is written."""
    said = f"'{revision}' is no folder and no packed rulebook"
    if not revision or revision.startswith("-"):
        raise NoRevision(f"{said}, and no name of a revision")
    if not folder.is_dir():
        raise NoRevision(f"{said}, and {folder} is no folder of a git repository that could know it")
    try:
        within = _git(folder, "rev-parse", "--show-toplevel")
    except FileNotFoundError as error:
        raise NoRevision(
            f"{said}; as a revision it could only be read with git, which is not here"
        ) from error
    if within.returncode:
        raise NoRevision(f"{said}, and {folder} is in no git repository that could know it as a revision")
    found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        raise NoRevision(f"{said}, and no revision of the git repository of {folder}")
    commit = found.stdout.decode().strip()
    archive = _git(folder, "archive", "--format=tar", commit, *_FOLDERS)
    if archive.returncode:
        raise NoRevision(f"at revision '{revision}' {folder} held no rulebook: rules/ and knowledge/")
    files = {}
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        for member in tar:
            if member.isfile() and member.name.endswith((".yaml", ".yml")):
                content = tar.extractfile(member)
                assert content is not None  # it is a file
                files[member.name] = content.read()
    return Bundle(f"revision {revision}", files)


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=False)
