"""`afterrun rules prove`: a rulebook proved over all intakes; what fails comes with one to look at."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from afterrun.errors import Problem, nearest
from afterrun.verify import placed
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, leave
from afterrun_cli.terminal.files import json_text, make_output_folder, write_file
from afterrun_cli.terminal.loading import cache_folder, rulebook_from
from afterrun_cli.terminal.show import put, put_json, put_lines

if TYPE_CHECKING:
    from afterrun.rulebook import Rulebook
    from afterrun.verify.prove import Finding

_MOST_KEPT = 8
"""Folders of intakes, one for each state of a rulebook; the oldest goes first."""


def prove_rules(
    folder: Path | None,
    part: str | None,
    only: Sequence[str],
    witnesses: Path | None,
    shape: Literal["text", "json"],
) -> None:
    """Run the checks, say what each proved, and leave with 1 if something fails."""
    from afterrun.verify.prove import CHECKS, prove

    for name in only:
        if name not in CHECKS:
            near = nearest(name, CHECKS)
            hint = f" Did you mean '{near}'?" if near else f" There are: {', '.join(CHECKS)}."
            leave(UNUSABLE, f"error: there is no check '{name}'.{hint}")
    rulebook = rulebook_from(folder, part)
    writer = _Writer(witnesses or _emptied_for(rulebook))
    told: list[dict[str, Any]] = []
    for report in prove(rulebook, only, examples=witnesses is not None, progress=_progress):
        _progress("", 0)
        for example in report.examples:
            writer.write(report.check.name, example.name, example.intakes)
        told.append(
            {
                "check": report.check.name,
                "proves": report.check.proves,
                "tried": report.tried,
                "seconds": round(report.seconds, 3),
                "findings": [
                    _as_data(report.check.name, each, writer, folder, part) for each in report.findings
                ],
            }
        )
        if shape == "text":
            _tell(**told[-1])
    if shape == "json":
        put_json({"rulebook": rulebook.stamp, "checks": told})
    if any(report["findings"] for report in told):
        leave(FOUND)


def _as_data(
    check: str, finding: Finding, writer: _Writer, folder: Path | None, part: str | None
) -> dict[str, Any]:
    files = writer.write(f"fails-{check}", finding.name, finding.intakes)
    (problem,) = placed([Problem(finding.message, finding.file, finding.line, finding.name)], folder)
    return {
        "name": finding.name,
        "message": finding.message,
        "file": finding.file,
        "line": problem.line,
        "intakes": list(finding.intakes),
        "files": [str(file) for file in files],
        "commands": [_command(finding, file, folder, part) for file in files],
    }


def _command(finding: Finding, file: Path, folder: Path | None, part: str | None) -> str:
    """The command that shows a finding in its intake; there is none for another part's answers alone."""
    if part is not None:
        return str(file)
    # What is asked for comes last: before an option it would be taken for a word of the text.
    asked = ["explain", finding.explain] if finding.explain else ["assess"]
    own = ["--rulebook", str(folder)] if folder else []
    return shlex.join(["afterrun", asked[0], str(file), *own, *asked[1:]])


def _tell(check: str, proves: str, tried: int, seconds: float, findings: Sequence[Mapping[str, Any]]) -> None:
    outcome = "FAILS " if findings else "proved"
    put(f"{outcome}  {check}: {proves} ({tried} tried, {seconds:.1f} s)")
    for each in findings:
        place = f"{each['file']}:{each['line']}: " if each["file"] else ""
        put_lines(f"    {place}{each['name']}: {each['message']}")
        for command in each["commands"]:
            put_lines(f"        see:  {command}")


def _emptied_for(rulebook: Rulebook) -> Path | None:
    """Where its intakes are written unless a folder is named, with none of the last run left there.

    None where there is no home.
    """
    cache = cache_folder()
    if cache is None:
        return None
    folder = cache.parent / "prove" / f"{_file_name(rulebook.identity.name)}-{rulebook.digest[:12]}"
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # another run may take the same away
        for old in sorted(folder.parent.iterdir(), key=lambda each: each.stat().st_mtime)[:-_MOST_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def _file_name(words: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.]+", "-", words)


class _Writer:
    """Writes intakes into a folder, which is made once there is one; without one into a new one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def write(self, check: str, name: str, intakes: Sequence[dict[str, Any]]) -> tuple[Path, ...]:
        """One file for each intake."""
        if not intakes:
            return ()
        folder = self._folder = self._folder or Path(tempfile.mkdtemp(prefix="afterrun-prove-"))
        make_output_folder(folder)
        stem = _file_name(f"{check}-{name}")
        names = [f"{stem}-{place}" for place in range(1, len(intakes) + 1)] if len(intakes) > 1 else [stem]
        files = tuple(folder / f"{name}.json" for name in names)
        for file, intake in zip(files, intakes, strict=True):
            write_file(file, json_text(intake))
        return files


def _progress(check: str, tried: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{check} {tried}" if check else "\r\x1b[K")
        sys.stderr.flush()
