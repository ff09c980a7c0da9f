"""A rulebook in, a folder of files out that asks, answers and plans in any browser; whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from afterrun.rulebook import packed_rulebook
from afterrun.storage import storage_faults
from afterrun_web.alone.program import program_files
from afterrun_web.alone.runtime import VERSION, runtime_files
from afterrun_web.drawing import assets

RECORD = "afterrun-site.json"
"""Says what was written, so that a later export knows what it may replace."""
SHIPPED = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm")
"""What a browser needs of Pyodide once its memory is kept."""
OLDEST_NODE = 18
_PATIENCE = 300
_LICENSES = f"""\
afterrun: Apache-2.0.
Pyodide {VERSION} (pyodide.js, pyodide.asm.js, pyodide.asm.wasm): MPL-2.0; its source: https://github.com/pyodide/pyodide
Python, inside it and in memory.bin: PSF-2.0. Jinja2 and MarkupSafe, in memory.bin: BSD-3-Clause.
"""


class ExportError(Exception):
    """Nothing was written, and why."""


class Exported(NamedTuple):
    """What was written."""

    folder: Path
    sizes: Mapping[str, int]
    """Bytes by file."""


def export_site(
    folder: Path, rulebook: Path | None = None, pyodide: Path | None = None, cache: Path | None = None
) -> Exported:
    """Write the site into a folder that is new, empty, or held an earlier one.

    Raises ExportError, RuntimeMissing, RulebookError, StorageFault.
    """
    folder = folder.absolute()
    _refuse_other(folder)
    node = _node()
    content = site_files(packed_rulebook(rulebook), runtime_files(pyodide, cache), node)
    with storage_faults(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as place:
            new, old = Path(place, "new"), Path(place, "old")
            new.mkdir()
            for name, data in content.items():
                (new / name).write_bytes(data)
            if folder.exists():
                _refuse_other(folder)  # it took a while
                os.replace(folder, old)
            try:
                os.replace(new, folder)
            except OSError:
                if old.exists():
                    os.replace(old, folder)
                raise
    return Exported(folder, {name: len(data) for name, data in content.items()})


LOADED = ("style.css", "unfold.js", "icon.svg")
"""What a page loads here; the rest is for a diary, which wants a server."""


def site_files(pack: str, runtime: Mapping[str, bytes], node: str) -> dict[str, bytes]:
    """Every file of the site by name."""
    own = files("afterrun_web") / "alone" / "static"
    first, memory = _remembered(pack, runtime, node)
    lock = json.loads(runtime["pyodide-lock.json"])
    worker = (own / "worker.js").read_text("utf-8").replace("LOCKED", json.dumps(lock["info"]))
    ahead = f'<template id="first">{_shown(first["question"])}</template>\n</body>'
    content = {
        "index.html": first["start"].replace("</body>", ahead).encode(),
        "alone.js": (files("afterrun_web") / "static" / "steps.js").read_bytes()
        + (own / "alone.js").read_bytes(),
        "worker.js": worker.encode(),
        **{name: assets()[name].raw for name in LOADED},
        **{name: runtime[name] for name in SHIPPED},
        "memory.bin": memory,
        "nothing.zip": _nothing(),
        "licenses.txt": _LICENSES.encode(),
    }
    record = {"pyodide": VERSION, "files": [*content, RECORD]}
    return {**content, RECORD: json.dumps(record, indent=2).encode() + b"\n"}


def _remembered(pack: str, runtime: Mapping[str, bytes], node: str) -> tuple[dict[str, str], bytes]:
    """The first pages, and the memory of a Python that has loaded all that the others need."""
    with tempfile.TemporaryDirectory() as place:
        at = {name: Path(place, name) for name in ("runtime", "app", "out")}
        for path in at.values():
            path.mkdir()
        for name, data in runtime.items():
            (at["runtime"] / name).write_bytes(data)
        for name, data in {**program_files(), "rulebook.pack": pack.encode("ascii")}.items():
            path = at["app"] / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        script = Path(place, "remember.mjs")
        script.write_bytes((files("afterrun_web") / "alone" / "static" / "remember.mjs").read_bytes())
        try:
            ran = subprocess.run(
                [node, str(script), *map(str, at.values())], capture_output=True, text=True, timeout=_PATIENCE
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ExportError(f"Node.js did not come to an end: {error}") from error
        if ran.returncode:
            why = (ran.stderr.strip().splitlines() or ["no reason given"])[-1][:300]
            raise ExportError(f"Python did not start in Node.js: {why}")
        first = json.loads((at["out"] / "first.json").read_text("utf-8"))
        return first, (at["out"] / "memory.bin").read_bytes()


def _shown(page: str) -> str:
    """What is seen of a page: its title and its body."""
    title, body = (re.search(f"<{part}>(.*)</{part}>", page, re.DOTALL) for part in ("title", "body"))
    assert title is not None
    assert body is not None
    return title[0] + body[1]


def _refuse_other(folder: Path) -> None:
    """Refuse a folder that holds what no export wrote: nobody's files are replaced."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExportError(f"{folder} is a file. Give a folder that is new or empty.")
    there = {each.name for each in folder.iterdir()}
    try:
        written = set(json.loads((folder / RECORD).read_text("utf-8"))["files"])
    except (OSError, ValueError, LookupError, TypeError):
        written = set()
    if others := sorted(there - written):
        raise ExportError(f"{folder} holds something else ({others[0]}). Give a folder that is new or empty.")


def _node() -> str:
    """Node.js, which starts Python once for all browsers."""
    node = shutil.which("node")
    if node is None:
        raise ExportError(f"Node.js is missing, which starts Python once. Install {OLDEST_NODE} or later.")
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = told.strip().lstrip("v").partition(".")[0]
    if not major.isdecimal() or int(major) < OLDEST_NODE:
        raise ExportError(f"Node.js is {told.strip() or 'broken'}; the export needs {OLDEST_NODE} or later.")
    return node


def _nothing() -> bytes:
    """An archive without a file: what Python needs of its library is in its memory already."""
    empty = BytesIO()
    with zipfile.ZipFile(empty, "w"):
        pass
    return empty.getvalue()
