"""`afterrun log replay`: the answers of a log assessed again, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import afterrun
from afterrun.intake import CHECKIN
from afterrun.log import Difference, Replay, Rulebooks, intakes_by_digest, replay
from afterrun.rulebook import rulebook_parts, stamp_words
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, error_lines, leave, say
from afterrun_cli.terminal.intakes import intakes_of, refuse_stdin_twice
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put_json, put_lines

FEW = 20
"""Differences that a text tells, and intakes whose faults are told; JSON tells more of the former."""


def replay_log(
    file: Path,
    intakes: Sequence[str],
    shape: Literal["text", "json"],
    rulebook_folder: Path | None,
    *,
    whole: bool,
) -> None:
    """Run a log again; leaves with 1 where something differs, could not be run again or could not be read."""
    refuse_stdin_twice(intakes)
    main = rulebook_from(rulebook_folder)
    part = rulebook_from(rulebook_folder, CHECKIN) if CHECKIN in rulebook_parts(rulebook_folder) else None
    found, refused = _found_in(main, intakes)
    ran = replay(file, Rulebooks(main, part, rulebook_folder is not None), found, whole=whole)
    if shape == "json":
        put_json(_as_json(main, ran))
    else:
        put_lines(*_lines(file, main, ran))
    if ran.without_answers:
        say(
            f"{_entries(ran.without_answers)} could not be run again: their answers are not in the log. "
            "Give the files of intakes by --intakes FILE; a log written with --log-answers needs none.",
        )
    if ran.batches:
        say(
            f"{_entries(ran.batches)} of batches could not be run again: a log has no rows of them. Give the "
            "same  afterrun batch  on the same files, with --log NEW, and compare the digests of inputs and "
            "outputs in both logs."
        )
    if ran.differ or ran.not_run or refused:
        leave(FOUND)


def _found_in(main: afterrun.Rulebook, files: Sequence[str]) -> tuple[dict[str, dict[str, Any]], int]:
    """The intakes of files, and how many could not be used, which are told; leaves where none could."""
    refused = 0

    def refuse(error: afterrun.IntakeError) -> None:
        nonlocal refused
        refused += 1
        if refused <= FEW:
            say(*error_lines(error.problems))

    found = intakes_by_digest(main, (raw for each in files for raw in intakes_of(each, None)), refuse)
    if refused > FEW:
        say(f"and {refused - FEW:,} more intakes that cannot be used")
    if refused and not found:
        leave(UNUSABLE)
    return found, refused


def _lines(file: Path, main: afterrun.Rulebook, ran: Replay) -> Iterator[str]:
    yield f"{file}: {_entries(ran.entries)}, under {stamp_words(main.stamp)}"
    yield f"The same as written down: {ran.same:,}"
    yield f"Different: {ran.differ:,}"
    if ran.not_run:
        yield f"Not run again, so not known: {ran.not_run:,}"
    moved = {levels: count for levels, count in ran.triage.items() if levels[0] != levels[1]}
    if moved:
        yield ""
        yield "Triage, from what was told to what would be:"
        for (was, now), count in moved.items():
            yield f"  {was} → {now}: {count:,}"
    if ran.told:
        yield ""
        for each in ran.told[:FEW]:
            yield from _difference(each)
        if ran.differ > FEW:
            yield f"and {ran.differ - FEW:,} more (--format json tells {len(ran.told):,})"


def _difference(each: Difference) -> Iterator[str]:
    where = f"Entry {each.sequence}, {each.time}"
    if each.refused:
        yield f"{where}: these answers are refused now: {each.refused}"
    elif not each.what and each.known:
        yield (
            f"{where}: decided as written down, but something else that was told differs: texts, or numbers "
            "that no column holds. The log holds no more of it than its digest."
        )
    elif not each.what and each.check_in:
        yield f"{where}: differs; of what a check-in was told the log holds the digest alone"
    elif not each.what:
        yield f"{where}: differs; what was decided is not in the log (--log-answers)"
    else:
        yield f"{where}:"
        for name, (was, now) in each.what.items():
            yield f"  - {name}: {_told(was)} → {_told(now)}"


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return "nothing" if value is None else str(value)


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _as_json(main: afterrun.Rulebook, ran: Replay) -> dict[str, Any]:
    return {
        "rulebook": main.stamp,
        "entries": ran.entries,
        "same": ran.same,
        "differ": ran.differ,
        "without_answers": ran.without_answers,
        "batches": ran.batches,
        "not_run": ran.not_run,
        "triage": [{"was": was, "now": now, "entries": count} for (was, now), count in ran.triage.items()],
        "differences": [
            {
                "entry": each.sequence,
                "time": each.time,
                "what": {name: {"was": was, "now": now} for name, (was, now) in each.what.items()},
                **({"refused": each.refused} if each.refused else {}),
            }
            for each in ran.told
        ],
    }
