"""`afterrun rules diff`: what changed between two rulebooks, as written and in what comes out."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from afterrun.errors import Problem, RulebookError
from afterrun.rulebook import Bundle, Rulebook, bundle_at, load_every_part, rulebook_parts, shipped
from afterrun.telling import Page, as_markdown, brief_change_page, change_html, rulebook_change_page
from afterrun.verify.changes import (
    NoVersion,
    RulebookChange,
    change_between,
    follows,
    next_version,
    refuse_uncountable,
)
from afterrun_cli.terminal.exits import UNUSABLE, leave, say
from afterrun_cli.terminal.files import json_text, write_file
from afterrun_cli.terminal.layout.text import as_text
from afterrun_cli.terminal.progress import progress_bar
from afterrun_cli.terminal.shapes import drawn_by
from afterrun_cli.terminal.show import put, put_json, show_page

_WORDS = ("{task.percentage:>3.0f}%", "{task.fields[rows]:,} rows")
Shape = Literal["text", "json", "markdown", "html"]


def diff_and_say(
    old: str,
    new: str,
    on: Sequence[str],
    shape: Shape | None,
    output: Path | None,
    folder: Path | None,
    *,
    brief: bool = False,
) -> None:
    """Tell what changed; `old` and `new` are folders, packs, or revisions: see `_named`."""
    before, after = (_named(each, folder, other) for each, other in ((old, new), (new, old)))
    change = change_of(before, after)
    flipped = _on(change, on) if on else None
    drawn = drawn_by(output)
    shape = shape or ("text" if drawn is None or drawn == "svg" else drawn)
    if shape == "json":
        data = _as_data(change, flipped)
        if output is None:
            put_json(data)
        else:
            write_file(output, json_text(data))
    else:
        page_of = brief_change_page if brief else rulebook_change_page
        _show(page_of(change, flipped), shape, output)
    if output is not None:
        say(f"wrote {output}")


def change_of(old: Path | Bundle | None, new: Path | Bundle | None) -> RulebookChange:
    """What changed between two places of a rulebook, with every part of it."""
    before, after = map(_loaded, (old, new))
    for each in (old, new):
        refuse_uncountable(each)
    change = change_between(before, after, _progress, jobs=os.cpu_count() or 1)
    _progress("")
    return change


def _loaded(place: Path | Bundle | None) -> dict[str, Rulebook]:
    """Each part by its name; what is wrong is told of the one of the two in which it stands."""
    try:
        return dict(zip(("", *rulebook_parts(place)), load_every_part(place, day=date.today()), strict=True))
    except RulebookError as error:
        raise RulebookError(_within(place, each) for each in error.problems) from None


def _within(place: Path | Bundle | None, problem: Problem) -> Problem:
    """The same with the folder, the pack or the revision in which its file is, unless it names that."""
    name = place.name if isinstance(place, Bundle) else str(place or shipped())
    if Path(problem.file).is_relative_to(name):
        return problem
    folder = not isinstance(place, Bundle) and Path(name).is_dir()
    return problem._replace(file=str(Path(name, problem.file)) if folder else f"{name}: {problem.file}")


def _named(name: str, folder: Path | None, other: str) -> Path | Bundle:
    """A folder or a pack if there is one of this name, else a revision of a repository.

    That is the one of the folder named, else of the folder beside which it is held, else of the shipped one.
    """
    path, beside = Path(name), Path(other)
    return path if path.exists() else bundle_at(folder or (beside if beside.is_dir() else shipped()), name)


def _on(change: RulebookChange, on: Sequence[str]) -> Any:
    """The same intakes under both, in a folder that is gone afterwards."""
    from afterrun import batch

    main = change.parts[0]
    with tempfile.TemporaryDirectory(prefix="afterrun-diff-") as scratch:
        inputs = [batch.input_of(each) for each in on]
        with progress_bar(*_WORDS, total=1.0, rows=0) as update:

            def watch(progress: batch.Progress) -> None:
                update(completed=progress.share, rows=progress.rows_in)

            return batch.flipped_rows(main.old, main.new, inputs, Path(scratch), watch=watch, tell=say)


def _show(page: Page, shape: Shape, output: Path | None) -> None:
    if output is None and shape == "text":
        show_page(page)
        return
    told = (
        change_html(page) if shape == "html" else as_markdown(page) if shape == "markdown" else as_text(page)
    )
    if output is None:
        put(told)
    else:
        write_file(output, told.rstrip("\n") + "\n")


def _as_data(change: RulebookChange, flipped: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "level": change.level,
        "least_version": change.least_version,
        "version_followed": change.version_followed,
        "parts": [_part_data(each) for each in change.parts],
        "parts_gone": list(change.gone),
        "parts_new": list(change.came),
    }
    if flipped is not None:
        found["on"] = {
            **flipped._asdict(),
            "tables": {
                name: [{"was": was, "now": now, "rows": count} for (was, now), count in table.items()]
                for name, table in flipped.tables.items()
            },
            "first": [each._asdict() for each in flipped.first],
        }
    return found


def _part_data(part: Any) -> dict[str, Any]:
    return {
        "part": part.part or "main",
        "old": part.old.stamp,
        "new": part.new.stamp,
        "level": part.level,
        "reasons": [each._asdict() for each in part.reasons],
        "questions_only_old": list(part.only_old),
        "questions_only_new": list(part.only_new),
        "questions_answered_otherwise": list(part.apart),
        "edits": [_plain(each._asdict()) for each in part.edits],
        "flips": [_flip_data(each) for each in part.flips],
        "undecided": list(part.undecided),
        "approvals_taken_back": [each._asdict() for each in part.approvals],
    }


def _flip_data(flip: Any) -> dict[str, Any]:
    told = flip._asdict()
    told["only"] = [_condition_data(each) for each in flip.only]
    told["always"] = [[_condition_data(each) for each in box] for box in flip.always]
    return {**told, "exact": flip.exact, "intakes": list(flip.intakes)}


def _condition_data(condition: Any) -> dict[str, Any]:
    told = {
        "subject": condition.subject,
        "answers": [each if isinstance(each, str) else _plain(each._asdict()) for each in condition.answers],
    }
    return {**told, "option": condition.option} if condition.option else told


def _plain(value: Any) -> Any:
    """Exact numbers as JSON has them."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return int(value) if value == int(value) else float(value)


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what}")
        sys.stderr.flush()


def version_problems(released: Path, folder: Path | None) -> list[Problem]:
    """What is wrong with the version of a rulebook, held against the pack that was released last."""
    if not released.exists():
        leave(UNUSABLE, f"error: {released}: there is no such pack; afterrun rules pack makes one")
    try:
        change = change_of(released, folder)
    except NoVersion as error:
        return list(error.problems)
    was, now = change.versions
    see = f"See: afterrun rules diff {released} {folder or shipped()}"
    problems = []
    if not change.version_followed:
        reasons = [
            reason.words for part in change.parts for reason in part.reasons if reason.level == change.level
        ]
        words = reasons[0] if reasons else "a part came or went"
        problems.append(
            Problem(
                f"the version {now} does not follow: since {released}, which is {was}, the change is "
                f"{change.level} ({words}), so that at least {change.least_version} is due. {see}"
            )
        )
    # What comes out of a part carries that part's version.
    for part in change.parts[1:]:
        before, after = part.old.identity.version, part.new.identity.version
        if not follows(before, after, part.level):
            problems.append(
                Problem(
                    f"the version {after} of {part.part} does not follow {before}: the change of it is "
                    f"{part.level}, so that at least {next_version(before, part.level)} is due. {see}"
                )
            )
    return problems
