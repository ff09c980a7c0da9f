"""A rulebook's files as one text, and back: what a release is kept as, and what a folder need not hold.

    folder  ->  files  ->  pack: a line that says what follows, and a line for each file

The files go in as they are, so that a later program reads them as it reads a folder: with its own
checks. `pack` beside this keeps what was linked of them, for one program and as long as nothing changes.
The first line holds a sha256 over all others and the digest of each part; one that does not fit is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from afterrun.errors import AfterrunError

FORMAT = 1
"""Another number for each change after which an older program would misread a pack."""

LARGEST_PACK = 50_000_000
"""Bytes."""

_FILE = re.compile(r"(rules|knowledge)/([a-z0-9_-]+/)?[^/\\]+\.ya?ml")
_PARTS = re.compile(r"rules/([^/]+)/")


class NotPacked(AfterrunError):
    """A file is no packed rulebook, or one that was changed since it was packed."""


class Bundle(NamedTuple):
    """The files of a rulebook that stand in no folder."""

    name: str
    """What it is called where something in it is wrong."""
    files: Mapping[str, bytes]
    """By their place: `rules/triage.yaml`."""
    digests: Mapping[str, str] = {}
    """What each part had as its digest when it was packed, the main one by an empty name."""

    @property
    def parts(self) -> list[str]:
        """The parts beside the main one."""
        return sorted({found[1] for name in self.files if (found := _PARTS.match(name))})

    def within(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The files right in a folder, each by its own name, in order."""
        for name in sorted(self.files):
            above, _, own = name.rpartition("/")
            if above == folder:
                yield own, self.files[name]


Root = Path | Bundle
"""Where the files of a rulebook are."""


def bundle_of(folder: Path) -> Bundle:
    """The rule and knowledge files of a folder. Raises OSError."""
    paths = [path for kind in ("rules", "knowledge") for path in sorted((folder / kind).rglob("*.y*ml"))]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return Bundle(str(folder), {name: data for name, data in files.items() if _FILE.fullmatch(name)})


def packed(bundle: Bundle, told: Mapping[str, Any]) -> str:
    """A bundle as the text of a file; `told` is what its first line says beside the sums."""
    lines = [json.dumps([name, bundle.files[name].decode()]) + "\n" for name in sorted(bundle.files)]
    body = "".join(lines)
    first = {"format": FORMAT, **told, "digests": dict(bundle.digests), "sha256": _sha256(body)}
    return json.dumps({"afterrun_rulebook": first}) + "\n" + body


def read_pack(path: Path) -> Bundle:
    """The files of a packed rulebook; raises NotPacked."""
    try:
        if path.stat().st_size > LARGEST_PACK:
            raise NotPacked(f"{path} is larger than {LARGEST_PACK // 1_000_000} MB: it is no packed rulebook")
        text = path.read_bytes().decode()
    except OSError as error:
        raise NotPacked(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise NotPacked(f"{path} is no packed rulebook: it is no text") from error
    return unpacked(text, str(path))


def unpacked(text: str, name: str) -> Bundle:
    """The files that a text holds; `name` is what it is called. Raises NotPacked."""
    first, _, body = text.partition("\n")
    try:
        told = json.loads(first)["afterrun_rulebook"]
        format, whole, digests = told["format"], told["sha256"], told["digests"]
    except (LookupError, RecursionError, TypeError, ValueError) as error:
        raise NotPacked(f"{name} is no packed rulebook: afterrun rules pack makes one") from error
    if format != FORMAT:
        raise NotPacked(f"{name} was packed in another way (format {format}) than this program reads")
    if whole != _sha256(body):
        raise NotPacked(
            f"{name} was changed after it was packed: its content has another sha256 than it says. "
            "Get it anew, or pack the folder again"
        )
    try:
        files = {str(place): str(content).encode() for place, content in map(json.loads, body.splitlines())}
        sums = {str(part): str(digest) for part, digest in digests.items()}
    except (AttributeError, RecursionError, TypeError, ValueError) as error:
        raise NotPacked(f"{name} is no packed rulebook: a line of it holds no file") from error
    if wrong := [each for each in files if not _FILE.fullmatch(each)]:
        raise NotPacked(f"{name} is no packed rulebook: it holds '{wrong[0]}'")
    return Bundle(name, files, sums)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
