"""`afterrun batch`: files of intakes in, decided rows and rejects out; and its summary and template."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TextIO

from afterrun import batch
from afterrun.extras import require
from afterrun.interchange import RESPONSES
from afterrun.log import Counted, counts_of, inputs_of, outputs_of
from afterrun.rulebook import stamp_words
from afterrun.storage import StorageFault, storage_faults, write_text
from afterrun.telling import summary_page
from afterrun_cli.batch.progress import show_progress
from afterrun_cli.runner.logged import Logged, LogOptions, logged
from afterrun_cli.terminal.exits import (
    COULD_NOT_RUN,
    FOUND,
    INTERRUPTED,
    UNUSABLE,
    error_lines,
    leave,
    say,
    say_text,
)
from afterrun_cli.terminal.intakes import refuse_stdin_twice
from afterrun_cli.terminal.layout.lines import width_of
from afterrun_cli.terminal.layout.text import as_block
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put, put_json, put_lines

KEPT = "What is finished is kept: the same command goes on from there"


def run_batch(
    paths: Sequence[str],
    file_format: batch.Format | None,
    options: batch.Options,
    limits: batch.Limits,
    how: batch.How,
    hands: batch.Hands,
    json_progress: bool,
    rulebook_folder: Path | None,
    logs: LogOptions,
    *,
    append: bool = False,
) -> None:
    """Run a batch, tell what came of it, and leave with 1 if rows were rejected.

    The format of a file that goes by its suffix is not among the options yet.
    """
    if len(paths) < 2:
        leave(UNUSABLE, "error: give intake files and, last, where to write. See: afterrun batch -h")
    *given, out = paths
    refuse_stdin_twice(given)
    if logs.file is not None and logs.file.absolute() == Path(out).absolute():
        leave(UNUSABLE, f"error: {out} cannot be both the log and the result; give another name")
    rulebook = rulebook_from(rulebook_folder)
    if "review_was_due" in rulebook.stamp:
        say(f"Rulebook {stamp_words(rulebook.stamp)}")
    inputs = list(map(batch.input_of, given))
    request = batch.Request(rulebook, inputs, options, limits, how._replace(records=RESPONSES), hands, append)
    with logged(logs, rulebook) as log:
        _run(request, out, file_format, json_progress, log)


def _run(
    request: batch.Request, out: str, file_format: batch.Format | None, json_progress: bool, log: Logged
) -> None:
    """Run a batch to its place, written down in the log before it begins and when it ends."""
    append = request.append
    if out == batch.STDOUT:
        if append:
            leave(UNUSABLE, "error: --append adds to a result that is kept; give a folder or a file")
        summary = _to_stdout(request, json_progress, log)
        say_text(_brief(summary, sys.stderr))
    elif (table := batch.read_address(out)) is not None:
        if append:
            leave(UNUSABLE, "error: --append adds to a folder or a file, not to a table")
        summary = _to_table(request, table, file_format, json_progress, log)
        put(_brief(summary, sys.stdout))
        if summary.tally.rejects:
            say(f"The rejected rows are in {batch.rejects_beside(table)}, each with its reason.")
    else:
        place = batch.place_of(out, file_format)
        request = request._replace(options=request.options._replace(format=place.format))
        log.begins(request.rulebook, lambda: inputs_of(request))
        with leave_when_stopped(kept=True):
            with show_progress(json_progress) as watch:
                batch.run(request, place, watch, say)
            summary = batch.summary_of(place)
        log.ends(request.rulebook, lambda: outputs_of(place), counts_of(summary.tally))
        put(_brief(summary, sys.stdout))
        if summary.tally.rejects:
            say(f"The rejected rows are in {place.rejects}, each with its reason.")
    if summary.left_out:
        count = len(summary.left_out)
        say(f"{count} file{'s were' if count > 1 else ' was'} left out; see above.")
    if summary.tally.rejects or summary.left_out:
        leave(FOUND)


def refuse_unlike(engine: Literal["local", "spark"], hands: batch.Hands) -> None:
    """Leave where the options on who does the work do not go together."""
    if engine == "local" and hands.cluster:
        leave(UNUSABLE, "error: --master and --remote are for --engine spark")
    if engine == "spark":
        if bool(hands.master) == bool(hands.remote):
            leave(UNUSABLE, "error: --engine spark takes --master URL or --remote URL, one of them")
        if hands.jobs > 1:
            leave(UNUSABLE, "error: --jobs is for this machine; how many work on a cluster, it says itself")
        for module in ("pyspark", "pyarrow"):
            require(module)


def show_summary(out: str, html: Path | None, shape: Literal["text", "json"]) -> None:
    """Show the summary of a batch, and draw it as a page if asked to."""
    with leave_when_stopped():
        summary = batch.summary_of(batch.existing(out))
    if html is not None:
        from afterrun.telling import page_html  # with all that can be drawn, which no run wants

        write_text(html, page_html(summary_page(summary), inputs=summary.inputs), private=True)
    if shape == "json":
        put_json(summary.to_dict())
    elif html is None:
        put(_brief(summary, sys.stdout))


def put_template(
    table_format: batch.TemplateFormat, paths: Sequence[str], rulebook_folder: Path | None
) -> None:
    """Write an empty intake table and its data dictionary into a folder, and tell their names."""
    if len(paths) > 1:
        leave(UNUSABLE, "error: --template takes one folder to write into, and no intakes")
    folder = Path(paths[0] if paths else ".")
    rulebook = rulebook_from(rulebook_folder)
    with storage_faults(folder):
        try:
            written = batch.write_template(rulebook, folder, table_format)
        except FileExistsError as error:
            leave(UNUSABLE, f"error: {error}; give another folder")
    put_lines(*map(str, written))


@contextmanager
def leave_when_stopped(*, kept: bool = False) -> Iterator[None]:
    """Leave when a batch ends early, with a word on what is kept where work was done."""
    try:
        yield
    except batch.TooManyRejects as error:
        leave(UNUSABLE, *error_lines([error]), *([f"{KEPT} if more rejects are allowed."] if kept else []))
    except StorageFault as error:
        leave(COULD_NOT_RUN, f"error: {error}", *([f"{KEPT}."] if kept else []))
    except KeyboardInterrupt:
        leave(INTERRUPTED, "stopped", *([f"{KEPT}."] if kept else []))


def _to_stdout(request: batch.Request, json_progress: bool, log: Logged) -> batch.Summary:
    """Rows on stdout, rejects told on stderr one a line."""
    if request.options.format == "parquet":
        leave(UNUSABLE, "error: Parquet cannot be streamed; give a folder, or --format arrow")
    if request.options.format == "xlsx":
        leave(UNUSABLE, "error: a workbook cannot be streamed; give a file, or --format csv")
    if request.options.format == "arrow" and sys.stdout.isatty():
        leave(UNUSABLE, "error: Arrow is no text; give a file, or pipe it on")
    sink = Counted(_OnTerminal() if sys.stdout.isatty() else sys.stdout.buffer)
    log.begins(request.rulebook, lambda: inputs_of(request))
    with (
        leave_when_stopped(),
        tempfile.TemporaryDirectory(prefix="afterrun-") as spool,
        show_progress(json_progress) as watch,
    ):
        tally = batch.run_to_stream(request, sink, Path(spool), watch, _tell_rejects, say)
        log.ends(request.rulebook, lambda: [sink.as_told()], counts_of(tally))
        return _in_memory(request, tally)


def _to_table(
    request: batch.Request,
    table: batch.Address,
    file_format: batch.Format | None,
    json_progress: bool,
    log: Logged,
) -> batch.Summary:
    """Rows and rejects into a database."""
    if file_format is not None:
        leave(UNUSABLE, "error: a table of a database has no --format")
    log.begins(request.rulebook, lambda: inputs_of(request))
    with (
        leave_when_stopped(kept=True),
        tempfile.TemporaryDirectory(prefix="afterrun-") as spool,
        show_progress(json_progress) as watch,
    ):
        tally = batch.run_to_table(request, table, Path(spool), watch, say)
        log.ends(request.rulebook, lambda: [], counts_of(tally))
    return _in_memory(request, tally)


def _in_memory(request: batch.Request, tally: batch.Tally) -> batch.Summary:
    inputs, left_out = map(str, request.inputs), map(str, batch.left_out(request.inputs))
    return batch.summary_in_memory(request.rulebook, tally, list(inputs), list(left_out))


class _OnTerminal(io.BytesIO):
    """Rows for whoever looks at them: a file or a pipe gets them as they are, a terminal is not steered."""

    def write(self, rows: Any) -> int:
        """Show whole rows."""
        put(bytes(rows).decode().removesuffix("\n"))
        return len(rows)


def _brief(summary: batch.Summary, stream: TextIO) -> str:
    page = summary_page(summary, brief=True)
    width = width_of(stream)
    return "\n\n".join([page.lead, *(as_block(each, width) for each in page.sections)])


def _tell_rejects(rejects: Sequence[batch.Reject]) -> None:
    say(*(f"rejected: {reject}" for reject in rejects))
