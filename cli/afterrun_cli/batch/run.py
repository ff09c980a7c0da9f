"""`afterrun batch`: files of intakes in, decided rows and rejects out; and its summary and template."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import afterrun
from afterrun.batch import (
    STDIN,
    STDOUT,
    Format,
    Input,
    InputChanged,
    Limits,
    NoReasons,
    Options,
    Place,
    PlaceError,
    PlanDiffers,
    Reject,
    Request,
    Summary,
    TemplateFormat,
    TooManyRejects,
    existing_place,
    place_of,
    run,
    run_to_stream,
    summary_in_memory,
    summary_of,
    write_template,
)
from afterrun.errors import ProblemsError
from afterrun.storage import InUse, StorageFault, storage_faults, write_text
from afterrun.telling import page_html, summary_page
from afterrun_cli.batch.progress import show_progress
from afterrun_cli.terminal.exits import COULD_NOT_RUN, FOUND, INTERRUPTED, UNUSABLE, error_lines, leave, say
from afterrun_cli.terminal.intakes import refuse_stdin_twice
from afterrun_cli.terminal.loading import leave_on_fault, rulebook_from
from afterrun_cli.terminal.show import put, put_json
from afterrun_cli.terminal.text import as_block

KEPT = "What is finished is kept: the same command goes on from there."
KEPT_FOR_LATER = "What is finished is kept: the same command goes on from there if more rejects are allowed."


def run_batch(
    paths: Sequence[str],
    file_format: Format | None,
    options: Options,
    limits: Limits,
    json_progress: bool,
    rulebook_folder: Path | None,
) -> None:
    """Run a batch, tell what came of it, and leave with 1 if rows were rejected.

    The format of a file that goes by its suffix is not among the options yet.
    """
    if len(paths) < 2:
        leave(UNUSABLE, "error: give intake files and, last, where to write. See: afterrun batch -h")
    *given, out = paths
    inputs: list[Input] = ["-" if path == STDIN else Path(path) for path in given]
    refuse_stdin_twice(inputs)
    rulebook = rulebook_from(rulebook_folder)
    if out == STDOUT:
        summary = _to_stdout(Request(rulebook, inputs, options, limits), json_progress)
        say(_brief(summary))
    else:
        with leave_when_refused():
            place = place_of(out, file_format)
        options = options._replace(format=place.format)
        summary = _to_place(Request(rulebook, inputs, options, limits), place, json_progress)
        put(_brief(summary))
        if summary.tally.rejects:
            say(f"The rejected rows are in {place.rejects}, each with its reason.")
    if summary.tally.rejects:
        leave(FOUND)


def show_summary(out: str, html: Path | None, shape: Literal["text", "json"]) -> None:
    """Show the summary of a batch, and draw it as a page if asked to."""
    with leave_when_refused():
        summary = summary_of(existing_place(out))
        if html is not None:
            write_text(html, page_html(summary_page(summary), inputs=summary.inputs))
    if shape == "json":
        put_json(summary.to_dict())
    elif html is None:
        put(_brief(summary))


def put_template(table_format: TemplateFormat, paths: Sequence[str], rulebook_folder: Path | None) -> None:
    """Write an empty intake table and its data dictionary into a folder, and tell their names."""
    if len(paths) > 1:
        leave(UNUSABLE, "error: --template takes one folder to write into, and no intakes")
    folder = Path(paths[0] if paths else ".")
    rulebook = rulebook_from(rulebook_folder)
    with leave_when_refused(), storage_faults(folder):
        try:
            written = write_template(rulebook, folder, table_format)
        except FileExistsError as error:
            leave(UNUSABLE, f"error: {error}; give another folder")
    put("\n".join(str(path) for path in written))


def _brief(summary: Summary) -> str:
    page = summary_page(summary, brief=True)
    return "\n\n".join([page.lead, *map(as_block, page.sections)])


@contextmanager
def leave_when_refused(kept: str = "") -> Iterator[None]:
    """Leave with the code of each way in which a batch can end early; `kept` is said where work was done."""
    more = [kept] if kept else []
    try:
        with leave_on_fault():
            yield
    except ProblemsError as error:
        leave(UNUSABLE, *error_lines(error.problems))
    except TooManyRejects as error:
        leave(UNUSABLE, f"error: {error}", *([KEPT_FOR_LATER] if kept else []))
    except (PlaceError, PlanDiffers, InputChanged, NoReasons, afterrun.UnknownNameError) as error:
        leave(UNUSABLE, f"error: {error}")
    except InUse as error:
        leave(COULD_NOT_RUN, f"error: {error}")
    except StorageFault as error:
        leave(COULD_NOT_RUN, f"error: {error}", *more)
    except KeyboardInterrupt:
        leave(INTERRUPTED, "stopped", *more)


def _to_place(request: Request, place: Place, json_progress: bool) -> Summary:
    with leave_when_refused(KEPT):
        with show_progress(json_progress) as watch:
            run(request, place, watch, say)
        return summary_of(place)


def _to_stdout(request: Request, json_progress: bool) -> Summary:
    """Rows on stdout, rejects told on stderr one a line."""
    if request.options.format == "parquet":
        leave(UNUSABLE, "error: Parquet cannot be streamed; give a folder, or --format arrow")
    with (
        leave_when_refused(),
        tempfile.TemporaryDirectory(prefix="afterrun-") as spool,
        show_progress(json_progress) as watch,
    ):
        tally = run_to_stream(request, sys.stdout.buffer, Path(spool), watch, _tell_rejects, say)
        return summary_in_memory(request.rulebook, tally, [str(each) for each in request.inputs])


def _tell_rejects(rejects: Sequence[Reject]) -> None:
    say(*(f"rejected: {reject}" for reject in rejects))
