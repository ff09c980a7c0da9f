"""The `afterrun log` commands: what --log wrote, verified and run again."""

from pathlib import Path
from typing import Annotated

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import RulebookFolder, TextOrJson

log_app = Family(no_args_is_help=True, help="Verify what --log wrote down, and run it again.")

LogArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A log, as --log writes it.")]


@log_app.command()
def verify(
    file: LogArgument,
    head: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="A head that was kept elsewhere: the log must still hold it."),
    ] = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of what is found.")] = "text",
) -> None:
    """Find out whether a log is as it was written.

    Any entry that was changed, inserted, taken out or moved is told with its line. That entries were cut
    off at the end is found with --head only. The exit code is 1 where something is found.

    Example:  afterrun log verify answers.log --head "$(cat head.txt)"
    """
    from afterrun_cli.log.verify import verify_log

    verify_log(file, head, shape)


@log_app.command()
def head(file: LogArgument) -> None:
    """Print the hash that a log ends in, to be kept elsewhere.

    It is verified first: a log that is not whole has no head, and the exit code is 1.

    Example:  afterrun log head answers.log > head.txt
    """
    from afterrun_cli.log.verify import put_head

    put_head(file)


@log_app.command()
def replay(
    file: LogArgument,
    intakes: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Intakes, found by their digest where the log holds no answers. May be repeated.",
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="Compare all that was told, one entry at a time, and not the decisions alone."
        ),
    ] = False,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of what differs.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Assess the answers of a log again, and tell what differs from what was told.

    Without --rulebook the log must be of the rulebook that comes along. With it another version can be held
    against what was told. Triage, patterns, interventions, numbers of the plan and open questions are
    compared, as columns decide them (extra 'batch'). Entries of batches are not run again. The exit code is 1
    where something differs or was not run.

    Example:  afterrun log replay answers.log --rulebook new-rules
    """
    from afterrun_cli.log.replay import replay_log

    replay_log(file, intakes or [], shape, rulebook, whole=full)
