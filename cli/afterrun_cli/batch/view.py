"""`afterrun batch view`: one stored row, its result and its proofs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from afterrun import batch
from afterrun.interchange import RESPONSES
from afterrun.telling import View, claim_section, proved
from afterrun_cli.batch.run import leave_when_stopped
from afterrun_cli.terminal.exits import FOUND, error_lines, leave
from afterrun_cli.terminal.layout.lines import width_of
from afterrun_cli.terminal.layout.text import as_block
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put, put_json, put_lines, show_result


def show_row(
    out: str,
    row: str,
    file: str,
    key: Path | None,
    shape: Literal["text", "json"],
    rulebook_folder: Path | None,
) -> None:
    """Show a row as `assess` and `explain` show an intake, or leave when it is not what is stored."""
    rulebook = rulebook_from(rulebook_folder)
    with leave_when_stopped():
        try:
            pseudonyms = batch.pseudonyms_by(key) if key else None
            found = batch.view(rulebook, batch.existing(out), row, file, pseudonyms, RESPONSES)
        except batch.RowDiffers as error:
            leave(FOUND, *error_lines([error]))
    if shape == "json":
        place = {"file": found.file, "line": found.line, "notes": list(found.notes), "checked": True}
        put_json({**place, **found.result.to_dict()})
        return
    put_lines(f"{found.file}, line {found.line}: the stored row is what the rulebook says.")
    put_lines(*(f"Note: {each}" for each in found.notes), "")
    show_result(rulebook, found.result, "text", full=True)
    clinician = View(rulebook, found.answers, found.result.triage, "clinician")
    for proof in found.result.because.values():
        put("\n" + as_block(claim_section(clinician, proved(clinician, proof)), width_of(sys.stdout)))
