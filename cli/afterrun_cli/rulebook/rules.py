"""`afterrun rules check|hazards`: the rulebook held against its promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import afterrun
from afterrun.rulebook import (
    LACKS,
    Lack,
    approval_words,
    check_pins,
    coverage,
    lack_of,
    not_approved,
    read_every_part,
    rulebook_parts,
    written_rules,
)
from afterrun.telling import as_markdown, check_in_page, hazard_page, reading_of, result_page, runner_texts
from afterrun.verify import check_parts, example_count, placed
from afterrun.verify.cases import CasesOfParts
from afterrun_cli.rulebook.cases.tried import cases_of_parts
from afterrun_cli.rulebook.diff import version_problems
from afterrun_cli.rulebook.schemas import own_are_stale
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, leave, say
from afterrun_cli.terminal.files import read_text, text_of, write_file
from afterrun_cli.terminal.layout.text import as_text
from afterrun_cli.terminal.loading import refuse_missing_folder, rulebook_from
from afterrun_cli.terminal.show import put, put_json, put_lines


def check_rules(
    folder: Path | None,
    article: Path | None,
    cases: list[str],
    shape: Literal["text", "json"],
    released: Path | None = None,
) -> None:
    """Say everything that is wrong with a rulebook; exit 1 if anything is."""
    text = None if article is None else read_text(article)
    counts: dict[str, int] = {}
    pending: dict[str, str] = {}
    lacking: Mapping[Lack, tuple[str, ...]] = {}
    approvals = overdue = ""
    reading: list[str] = []
    stood: list[str] = []
    refuse_missing_folder(folder)
    checked = check_parts(read_every_part(folder, day=date.today()))
    problems = placed(checked.problems, folder)
    if checked.parts:
        rulebook, *parts = checked.parts
        if text is not None:
            problems += check_pins(rulebook, text)
        counts = _counts(rulebook, *parts, pinned=text is not None)
        pending = dict(coverage(rulebook, *parts).pending)
        lacking = not_approved(rulebook, *parts)
        approvals = approval_words(rulebook, *parts)
        stood = list(_stood(rulebook, *parts))
        if released is not None:
            problems += version_problems(released, folder)
        overdue = rulebook.stamp.get("review_was_due", "")
        reading = [*_reading(rulebook, *parts), *_first_screens([rulebook, *parts], cases)]
    stale = own_are_stale(folder)
    if shape == "json":
        due = {"review_was_due": overdue} if overdue else {}
        due |= {"schemas": stale} if stale else {}
        told = [each._asdict() for each in problems]
        put_json(
            {
                "problems": told,
                "counts": counts,
                "pending": pending,
                "not_approved": lacking,
                "reading": reading,
            }
            | due
        )
    else:
        for problem in problems:
            put_lines(str(problem))
        for source, reason in pending.items():
            put_lines(f"{source}: not encoded yet: {' '.join(reason.split())}")
        if counts:
            put(", ".join(f"{count} {name}" for name, count in counts.items()))
            put(approvals)
        for line in stood:
            put_lines(line)
        for line in reading:
            put(line)
        if overdue:
            put(f"the whole was to be reviewed by {overdue}")
        if stale:
            put_lines(stale)
        put("nothing wrong" if not problems else f"{len(problems)} wrong")
    if problems:
        leave(FOUND)


def _stood(*parts: afterrun.Rulebook) -> Iterator[str]:
    """Each approval that stands no longer, with the place of its rule."""
    for part in parts:
        for rule in written_rules(part):
            review = rule.written.review if rule.written else None
            if review is not None and (lack := lack_of(part, rule)) is not None:
                why = f"{LACKS[lack]}: afterrun rules review {rule.id}"
                approved = f"approved by {review.owner} on {review.approved_on}"
                yield f"{rule.file}:{rule.line}: {rule.id}: {approved}, {why}"


def _reading(*parts: afterrun.Rulebook) -> list[str]:
    """How easily a runner reads the texts; nothing where the extra `words` is not installed."""
    try:
        return [reading_of(text for part in parts for text in runner_texts(part)).words]
    except ImportError:
        return []


def _first_screens(parts: list[afterrun.Rulebook], files: list[str]) -> list[str]:
    """The longest first screen over some whole cases, of one part or the other."""
    found = cases_of_parts([Path(file) for file in files], *parts) if files else CasesOfParts([], [])
    pages = [
        result_page(parts[0], afterrun.assess(parts[0], case.answers, engine="compiled"))
        for case in found.intakes
    ]
    pages += [
        check_in_page(parts[-1], afterrun.check_in(parts[-1], case.answers, engine="compiled"))
        for case in found.check_ins
    ]
    screens = [as_text(page) for page in pages]
    if not screens:
        return []
    words, rows = max(len(each.split()) for each in screens), max(len(each.splitlines()) for each in screens)
    return [f"{len(screens)} first screens: {words} words and {rows} rows at most"]


def write_hazards(output: Path, check: bool, folder: Path | None) -> None:
    """Write the hazard log, or only say whether it is stale."""
    parts = [rulebook_from(folder, part) for part in (None, *rulebook_parts(folder))]
    if not any(part.hazards for part in parts):
        leave(
            UNUSABLE,
            f"error: {parts[0].identity.name} names no hazards: they stand in knowledge/hazards.yaml",
        )
    wanted = as_markdown(hazard_page(*parts)) + "\n"
    if text_of(output) == wanted:
        return
    if check:
        leave(FOUND, f"stale: {output}", "Write it anew with: afterrun rules hazards")
    write_file(output, wanted)
    say(f"wrote {output}")


def _counts(rulebook: afterrun.Rulebook, *parts: afterrun.Rulebook, pinned: bool) -> dict[str, int]:
    reached = coverage(rulebook, *parts).reached
    every = (rulebook, *parts)
    # Where there is nothing that could be reached, nothing is said of it.
    sources = rulebook.sources
    counts = {
        "rules": sum(1 for each in every for rule in each.rules.values() if rule.written is not None),
        "examples": sum(map(example_count, every)),
    }
    if sources.rows:
        counts["rows reached"] = sum(1 for name in reached if name.startswith("row:"))
    if sources.statements:
        counts["statements reached"] = sum(1 for name in reached if name.startswith("article:"))
    if pending := coverage(rulebook, *parts).pending:
        counts["rows pending"] = len(pending)
    if pinned:
        counts["statements pinned"] = len(rulebook.sources.statements)
    return counts
