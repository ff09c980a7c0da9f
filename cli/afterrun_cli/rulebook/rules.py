"""`afterrun rules`: the rulebook held against its promises, and the schemas of its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import afterrun
from afterrun.rulebook import (
    Lack,
    approval_words,
    check_pins,
    coverage,
    file_schemas,
    not_approved,
    rulebook_parts,
)
from afterrun.telling import check_in_page, hazard_page, reading_of, result_page, runner_texts
from afterrun.verify import check_rulebook, example_count
from afterrun.verify.cases import form_of, read_cases
from afterrun.visible import as_json
from afterrun_cli.terminal.exits import FOUND, leave, say
from afterrun_cli.terminal.files import make_output_folder, read_text, write_file
from afterrun_cli.terminal.loading import every_part_from, rulebook_from
from afterrun_cli.terminal.markdown import as_markdown
from afterrun_cli.terminal.show import put, put_json, put_lines
from afterrun_cli.terminal.text import as_text


def check_rules(
    folder: Path | None, article: Path | None, cases: list[str], shape: Literal["text", "json"]
) -> None:
    """Say everything that is wrong with a rulebook; exit 1 if anything is."""
    text = None if article is None else read_text(article)
    counts: dict[str, int] = {}
    pending: dict[str, str] = {}
    lacking: Mapping[Lack, tuple[str, ...]] = {}
    approvals = overdue = ""
    reading: list[str] = []
    try:
        rulebook, *parts = every_part_from(folder)
    except afterrun.RulebookError as error:
        problems = list(error.problems)
    else:
        problems = check_rulebook(rulebook, *parts)
        if text is not None:
            problems += check_pins(rulebook, text)
        counts = _counts(rulebook, *parts, pinned=text is not None)
        pending = dict(coverage(rulebook, *parts).pending)
        lacking = not_approved(rulebook, *parts)
        approvals = approval_words(rulebook, *parts)
        overdue = rulebook.stamp.get("review_was_due", "")
        reading = [*_reading(rulebook, *parts), *_first_screens([rulebook, *parts], cases)]
    if shape == "json":
        due = {"review_was_due": overdue} if overdue else {}
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
            put(str(problem))
        for source, reason in pending.items():
            put_lines(f"{source}: not encoded yet: {' '.join(reason.split())}")
        if counts:
            put(", ".join(f"{count} {name}" for name, count in counts.items()))
            put(approvals)
        for line in reading:
            put(line)
        if overdue:
            put(f"the whole was to be reviewed by {overdue}")
        put("nothing wrong" if not problems else f"{len(problems)} wrong")
    if problems:
        leave(FOUND)


def _reading(*parts: afterrun.Rulebook) -> list[str]:
    """How easily a runner reads the texts; nothing where the extra `words` is not installed."""
    try:
        return [reading_of(text for part in parts for text in runner_texts(part)).words]
    except ImportError:
        return []


def _first_screens(parts: list[afterrun.Rulebook], files: list[str]) -> list[str]:
    """The longest first screen over some whole cases, of one part or the other."""
    screens: list[str] = []
    for file in files:
        text = read_text(Path(file))
        part = parts[-1] if '"enrolled"' in text else parts[0]
        for case in read_cases([(file, text)], form_of(part)):
            if part.enrolment is None:
                page = result_page(part, afterrun.assess(part, case.answers, engine="compiled"))
            else:
                page = check_in_page(part, afterrun.check_in(part, case.answers, engine="compiled"))
            screens.append(as_text(page))
    if not screens:
        return []
    words, rows = max(len(each.split()) for each in screens), max(len(each.splitlines()) for each in screens)
    return [f"{len(screens)} first screens: {words} words and {rows} rows at most"]


def write_hazards(output: Path, check: bool, folder: Path | None) -> None:
    """Write the hazard log, or only say whether it is stale."""
    parts = [rulebook_from(folder, part) for part in (None, *rulebook_parts(folder))]
    wanted = as_markdown(hazard_page(*parts)) + "\n"
    if _read(output) == wanted:
        return
    if check:
        leave(FOUND, f"stale: {output}", "Write it anew with: afterrun rules hazards")
    write_file(output, wanted)
    say(f"wrote {output}")


def write_schemas(output: Path, check: bool) -> None:
    """Write the schemas, or only say which are stale."""
    wanted = {
        f"{stem}.schema.json": as_json(schema, indent=2, sort_keys=True) + "\n"
        for stem, schema in file_schemas().items()
    }
    if check:
        stale = [name for name, text in wanted.items() if _read(output / name) != text]
        stale += [each.name for each in sorted(output.glob("*.schema.json")) if each.name not in wanted]
        if stale:
            names = (f"stale: {output / name}" for name in sorted(stale))
            leave(FOUND, *names, "Write them anew with: afterrun rules schema")
        return
    make_output_folder(output)
    for name, text in wanted.items():
        if _read(output / name) != text:
            write_file(output / name, text)
            say(f"wrote {output / name}")


def _counts(rulebook: afterrun.Rulebook, *parts: afterrun.Rulebook, pinned: bool) -> dict[str, int]:
    reached = coverage(rulebook, *parts).reached
    every = (rulebook, *parts)
    counts = {
        "rules": sum(1 for each in every for rule in each.rules.values() if rule.written is not None),
        "examples": sum(map(example_count, every)),
        "rows reached": sum(1 for name in reached if name.startswith("row:")),
        "statements reached": sum(1 for name in reached if name.startswith("article:")),
        "rows pending": len(coverage(rulebook, *parts).pending),
    }
    if pinned:
        counts["statements pinned"] = len(rulebook.sources.article.statements)
    return counts


def _read(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8") if file.is_file() else None
    except (OSError, UnicodeDecodeError):
        return None
