"""The `afterrun` command, put together from the families in `commands`."""

import gc
import sys
from typing import Annotated, Any

import typer

from afterrun_cli.commands.batch import batch_app
from afterrun_cli.commands.clinician import explain, report
from afterrun_cli.commands.diary import diary_app
from afterrun_cli.commands.family import Family, Group
from afterrun_cli.commands.fhir import fhir_app
from afterrun_cli.commands.history import history
from afterrun_cli.commands.log import log_app
from afterrun_cli.commands.rules.writing import rules_app
from afterrun_cli.commands.runner import ask, assess, change, exercises, migrate
from afterrun_cli.commands.serve import serve_app
from afterrun_cli.commands.web import web_app
from afterrun_cli.commands.weeks import checkin, plan, start
from afterrun_cli.terminal.exits import (
    end_quietly_when_the_reader_leaves,
    leave_on_full_disk,
    leave_when_refused,
    open_what_is_closed,
    usage_on_one_line,
)
from afterrun_cli.terminal.layout.commands import called_as


class _Afterrun(Group):
    """All commands, which end as one when the library refuses what stands before any of them."""

    def main(self, *args: Any, **options: Any) -> Any:
        with leave_when_refused():
            return super().main(*args, **options)

    def make_context(self, *args: Any, **options: Any) -> Any:
        with usage_on_one_line():
            return super().make_context(*args, **options)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        with usage_on_one_line():
            return super().invoke(ctx)


app = Family(
    name="afterrun",
    cls=_Afterrun,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for command in (
    ask,
    change,
    assess,
    explain,
    report,
    start,
    checkin,
    plan,
    exercises,
    history,
    migrate,
):  # the order in which help lists them
    app.command()(command)
app.add_typer(rules_app, name="rules")
app.add_typer(batch_app, name="batch")
app.add_typer(diary_app, name="diary")
app.add_typer(fhir_app, name="fhir")
app.add_typer(log_app, name="log")
app.add_typer(serve_app, name="serve")
app.add_typer(web_app, name="web")


def run() -> None:
    """Run the command that was asked for, to its end; `entry` calls it."""
    open_what_is_closed()
    end_quietly_when_the_reader_leaves()
    with leave_on_full_disk():
        try:
            app(prog_name=called_as())
        finally:
            # The process ends, and nothing in it needs to be looked through once more. What DuckDB holds
            # must be: it tells of all that is left as of leaks.
            if "duckdb" not in sys.modules:
                gc.freeze()


def _version(wanted: bool) -> None:
    if wanted:
        from afterrun.rulebook import stamp_words
        from afterrun.versions import ENGINE, SCHEMA
        from afterrun_cli.terminal.loading import rulebook_from
        from afterrun_cli.terminal.show import put_lines

        rulebook = f"rulebook {stamp_words(rulebook_from(None).stamp)}"
        put_lines(f"afterrun {ENGINE}", rulebook, f"schema {SCHEMA}")
        raise typer.Exit


@app.callback(
    epilog="Exit codes: 0 it ran; 1 some rows were rejected, or a check found something; "
    "2 wrong usage, or no usable input; 3 it could not run."
)
def afterrun(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Tell the versions and leave."),
    ] = False,
) -> None:
    """Knee pain after running: what the rules make of your answers, and why.

    Not a medical device. No clinician has reviewed the rules.

    Example:  afterrun ask
    """
