"""Packs the shipped rulebook into the wheel, so that an installed program starts without reading YAML."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackedRulebook(BuildHookInterface):
    """Puts one pack for the rulebook and one for each part of it beside their files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the packs; an editable install needs none, for its files may change."""
        self._folder = Path(tempfile.mkdtemp())
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root, "engine")))
        from afterrun.rulebook import packed_rulebook, rulebook_parts

        for part in (None, *rulebook_parts(self.root)):
            name = f"{part or 'main'}.pack"
            (self._folder / name).write_text(packed_rulebook(self.root, part), encoding="ascii")
            build_data["force_include"][str(self._folder / name)] = f"afterrun/shipped/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._folder, ignore_errors=True)
