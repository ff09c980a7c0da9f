"""The part of this program that runs in a browser: rooms, pages, templates, and what draws them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOMS = ("assessment", "explanation", "inference", "intake", "rulebook", "schedule", "telling")
LIBRARIES = ("jinja2", "markupsafe")
"""In plain Python: what is compiled for this machine stays here."""
_PAGES = ("", "requests", "pages", "pages/interview", "alone")
_NOT_HERE = {"diary", "batch", "access"}
"""Templates of pages that need a server."""
_SUFFIXES = {".py", ".j2", ".css", ".js", ".svg"}


def program_files() -> dict[str, bytes]:
    """Every file of it, by its place."""
    engine, web = _home("afterrun"), _home("afterrun_web")
    found = {f"afterrun/{path.name}": path for path in engine.glob("*.py")}
    for room in ROOMS:
        found |= {f"afterrun/{place}": path for place, path in _within(engine, engine / room)}
    for folder in _PAGES:
        found |= {f"afterrun_web/{each.relative_to(web)}": each for each in (web / folder).glob("*.py")}
    for part in ("templates", "static"):
        pages = (
            (place, each) for place, each in _within(web, web / part) if each.parent.name not in _NOT_HERE
        )
        found |= {f"afterrun_web/{place}": each for place, each in pages}
    for library in LIBRARIES:
        home = _home(library)
        found |= {f"{library}/{place}": path for place, path in _within(home, home)}
    return {place: path.read_bytes() for place, path in sorted(found.items())}


def _within(home: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.suffix in _SUFFIXES and path.is_file():
            yield path.relative_to(home).as_posix(), path


def _home(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent
