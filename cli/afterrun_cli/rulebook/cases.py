"""What the commands that try the rules share: cases from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from afterrun.rulebook import Rulebook
from afterrun.verify.cases import WrittenCase, form_of, read_cases
from afterrun_cli.terminal.files import read_text


def cases_from(files: Sequence[Path], rulebook: Rulebook) -> list[WrittenCase]:
    """The cases of the files, in the form of this part; whatever is wrong with them is told, all at once."""
    return read_cases([(str(file), read_text(file)) for file in files], form_of(rulebook))
