"""`afterrun fhir questionnaire`: the interview for systems that speak FHIR."""

from __future__ import annotations

from pathlib import Path

from afterrun.interchange import questionnaire_of
from afterrun_cli.terminal.files import json_text, write_file
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put_json


def write_questionnaire(output: Path | None, folder: Path | None) -> None:
    """Write the Questionnaire to a file, or to stdout."""
    questionnaire = questionnaire_of(rulebook_from(folder))
    if output is None:
        put_json(questionnaire)
    else:
        write_file(output, json_text(questionnaire))
