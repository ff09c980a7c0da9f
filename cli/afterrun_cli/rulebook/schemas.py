"""`afterrun rules schema`: what editors need to complete and check the files of a rulebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from afterrun.rulebook import file_schemas, rulebook_parts, rulebook_schemas
from afterrun.telling import file_shapes_page
from afterrun.visible import as_json
from afterrun_cli.terminal.exits import FOUND, leave, say
from afterrun_cli.terminal.files import make_output_folder, text_of, write_file
from afterrun_cli.terminal.loading import refuse_missing_folder
from afterrun_cli.terminal.markdown import as_markdown

GENERAL = Path("docs/schemas")
OWN = ".schemas"
"""The folder of a rulebook's own schemas in it; those of a part stand in one of its name below."""


def write_schemas(output: Path | None, check: bool, folder: Path | None, words: Path | None = None) -> None:
    """Write the schemas, and what they say in words where a file is named for it; or say which are stale."""
    refuse_missing_folder(folder)
    place = output or (folder / OWN if folder else GENERAL)
    command = f"afterrun rules schema --rulebook {folder}" if folder else "afterrun rules schema"
    if words is not None:
        command += f" --words {words}"
    stale: list[Path] = []
    # What a part may name is only known where the main one is sound; so that one's are written before.
    for inside, schemas in _wanted(folder):
        texts = {
            place / inside / f"{stem}.schema.json": as_json(schema, indent=2, sort_keys=True) + "\n"
            for stem, schema in schemas.items()
        }
        stale += (file for file, text in texts.items() if text_of(file) != text)
        if check:
            stale += (each for each in (place / inside).glob("*.schema.json") if each not in texts)
            continue
        make_output_folder(place / inside)
        for file in texts.keys() & stale:
            write_file(file, texts[file])
    told = as_markdown(file_shapes_page()) + "\n"
    if words is not None and text_of(words) != told:
        stale.append(words)
        if not check:
            write_file(words, told)
    if stale and check:
        leave(FOUND, *(f"stale: {file}" for file in sorted(stale)), f"Write them anew with: {command}")
    elif stale:
        say(f"wrote {len(stale)} schemas in {place}")


def _wanted(folder: Path | None) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """The schemas of each folder, and where in it those of a part stand."""
    if folder is None:
        yield "", file_schemas()
    else:
        yield "", rulebook_schemas(folder)
        for part in rulebook_parts(folder):
            yield part, rulebook_schemas(folder, part)
