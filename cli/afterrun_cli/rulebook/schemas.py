"""`afterrun rules schema`: what editors need to complete and check the files of a rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from afterrun.errors import RulebookError
from afterrun.rulebook import file_schemas, read_every_part, rulebook_parts, rulebook_schemas, shipped
from afterrun.telling import as_markdown, file_shapes_page
from afterrun.visible import as_json
from afterrun_cli.terminal.exits import COULD_NOT_RUN, FOUND, leave, say
from afterrun_cli.terminal.files import make_output_folder, text_of, write_file
from afterrun_cli.terminal.loading import refuse_missing_folder, refuse_pack

GENERAL = Path("docs/schemas")
OWN = ".schemas"
"""The folder of a rulebook's own schemas in it; those of a part stand in one of its name below."""
_LEFT = (
    "The schemas that name what stands in these files are left as they are: "
    "an editor would flag each name that cannot be read."
)


def write_schemas(output: Path | None, check: bool, folder: Path | None, words: Path | None = None) -> None:
    """Write the schemas, and what they say in words where a file is named for it; or say which are stale."""
    refuse_missing_folder(folder)
    refuse_pack(folder, "schemas stand beside the files that they describe")
    place = output or (folder / OWN if folder else GENERAL)
    command = f"afterrun rules schema --rulebook {folder}" if folder else "afterrun rules schema"
    if words is not None:
        command += f" --words {words}"
    stale: list[Path] = []
    unread = False
    for inside, schemas in _wanted(folder):
        if schemas is None:
            unread = True
            continue
        texts = _texts(place / inside, schemas)
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
    if unread:
        every = dict.fromkeys(each for read in read_every_part(folder) for each in read.problems)
        leave(COULD_NOT_RUN, *map(str, every), _LEFT)


def own_are_stale(folder: Path | None) -> str:
    """A line that says so where a rulebook's own schemas do not know its names as they are now.

    Those that its files name may not be there at all, as in a copy.
    """
    root = folder or shipped()
    command = f"afterrun rules schema --rulebook {root}"
    if not (root / OWN).is_dir():
        is_named = folder is not None and any(map(_names_own, (root / "rules").glob("*.yaml")))
        missing = f"{root / OWN} is not there, so that editors know no names. Write it with:  {command}"
        return missing if is_named else ""
    for inside, schemas in _wanted(root):
        texts = _texts(root / OWN / inside, schemas or {})
        if any(text_of(file) != text for file, text in texts.items()):
            return (
                f"{root / OWN} is stale: editors know the names of an earlier state. "
                f"Write it anew with:  {command}"
            )
    return ""


def _names_own(file: Path) -> bool:
    return f"$schema=../{OWN}/" in (text_of(file) or "").partition("\n")[0]


def _texts(place: Path, schemas: Mapping[str, dict[str, Any]]) -> dict[Path, str]:
    return {
        place / f"{stem}.schema.json": as_json(schema, indent=2, sort_keys=True) + "\n"
        for stem, schema in schemas.items()
    }


def _wanted(folder: Path | None) -> Iterator[tuple[str, dict[str, dict[str, Any]] | None]]:
    """The schemas of each folder, and where in it those of a part stand; None where names cannot be read."""
    if folder is None:
        yield "", file_schemas()
        return
    for part in (None, *rulebook_parts(folder)):
        try:
            yield part or "", rulebook_schemas(folder, part)
        except RulebookError:
            yield part or "", None
