"""What the commands that try the rules share: cases from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from afterrun.rulebook import Rulebook
from afterrun.verify.cases import CaseError, WrittenCase, form_of, read_cases
from afterrun_cli.terminal.exits import UNUSABLE, error_lines, leave
from afterrun_cli.terminal.files import read_text


def cases_from(files: Sequence[Path], rulebook: Rulebook) -> list[WrittenCase]:
    """The cases of the files, in the form of this part; whatever is wrong with them is told, all at once."""
    texts = [(str(file), read_text(file)) for file in files]
    try:
        return read_cases(texts, form_of(rulebook))
    except CaseError as error:
        leave(UNUSABLE, *error_lines(error.problems))
