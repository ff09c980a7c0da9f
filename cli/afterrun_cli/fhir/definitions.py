"""`afterrun fhir questionnaire` and `library`: what a rulebook asks and defines, as FHIR."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from afterrun.interchange import library_of, questionnaire_of
from afterrun_cli.terminal.files import json_text, write_file
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put_json


def write_questionnaire(output: Path | None, folder: Path | None) -> None:
    """Write the Questionnaire to a file, or to stdout."""
    _write(questionnaire_of(rulebook_from(folder)), output)


def write_library(output: Path | None, folder: Path | None) -> None:
    """Write the definitions to a file, or to stdout."""
    _write(library_of(rulebook_from(folder)), output)


def _write(resource: dict[str, Any], output: Path | None) -> None:
    if output is None:
        put_json(resource)
    else:
        write_file(output, json_text(resource))
