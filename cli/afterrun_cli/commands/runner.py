"""What a runner asks for: questions, a result, another answer, an exercise."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from afterrun_cli.commands.options import (
    Full,
    InputFormat,
    LogAnswers,
    LogFile,
    OutputFile,
    OwnFilesOption,
    RulebookFolder,
    TableUnit,
    TextOrJson,
    TimeZone,
    local_now,
    utc_now,
)

Shape = Literal["text", "json", "markdown", "html"]


def ask(
    resume: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Go on with answers saved earlier.")
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the answers here, as an intake file in JSON. Must be new."),
    ] = None,
    shape: Annotated[Shape, typer.Option("--format", help="The shape of the result.")] = "text",
    history: OwnFilesOption = None,
    tz: TimeZone = None,
    table_unit: TableUnit = None,
    log: LogFile = None,
    log_answers: LogAnswers = False,
    full: Full = False,
    rulebook: RulebookFolder = None,
) -> None:
    """Ask the questions, one at a time, and show the result.

    Questions go to stderr, the result to stdout. Only what can still change the result is asked.
    Every answer is saved at once, so that nothing is lost when you leave. With --history your own files
    offer what you ran: Enter takes an offer, any other answer corrects it.

    Example:  afterrun ask --save me.json --history export.zip
    """
    from afterrun_cli.runner.ask import ask_and_show
    from afterrun_cli.runner.logged import LogOptions
    from afterrun_cli.runner.own_files import own_files

    now = local_now()
    logs = LogOptions(log, log_answers, utc_now)
    files = own_files(history, tz, table_unit, now)
    ask_and_show(resume, save, shape, rulebook, now, logs, files, full=full)


def change(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The answers, as `afterrun ask` keeps them.")],
    question: Annotated[
        str | None,
        typer.Argument(metavar="[QUESTION]", help="Its name. Without it: chosen from a list of the answers."),
    ] = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of what changes.")] = "text",
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Ask one question again, and show what the new answer changes.

    Enter keeps an answer; what the new one opens is asked as well. A JSON file holds the new answers from
    then on, and the old ones stay beside it (.bak); any other file stays as it is, and the new answers go
    into a JSON file beside it.

    Example:  afterrun change me.json worst_pain
    """
    from afterrun_cli.runner.change import change_answers

    change_answers(file, question, shape, input_format, rulebook)


def assess(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Intake files; - is stdin.")],
    shape: Annotated[Shape, typer.Option("--format", help="The shape of the results.")] = "text",
    log: LogFile = None,
    log_answers: LogAnswers = False,
    full: Full = False,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Tell what the rules make of intake files in JSON, YAML or JSONL (one intake a line).

    One intake gives one result; several give one a line, in order, each with its line. What cannot
    be used is told on stderr with file, line and key; the exit code is 1 if some intakes were bad
    and 2 if all were.

    Example:  afterrun assess intake.yaml --format json
    """
    from afterrun_cli.runner.assess import assess_files
    from afterrun_cli.runner.logged import LogOptions

    logs = LogOptions(log, log_answers, utc_now)
    assess_files(files, shape, input_format, rulebook, logs, full=full)


def migrate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Intake files; - is stdin.")],
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write here instead of to stdout.")
    ] = None,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Rewrite intakes of the earlier questionnaire, and list what must be answered again.

    What means the same carries over. An option that was split, or that says less now, is never read as
    one of its halves: its question is left open and named, with the ticks that still stand. The exit code
    is 1 while something is to be answered again; `afterrun ask --resume` asks just that.

    Example:  afterrun migrate old.json -o new.json
    """
    from afterrun_cli.runner.migrate import migrate_files

    migrate_files(files, output, input_format, rulebook)


def exercises(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="An exercise. Without one: a list of all.")
    ] = None,
    shape: Annotated[
        Literal["text", "json", "markdown", "html", "svg"] | None,
        typer.Option("--format", help="Without it: by the suffix of the output, else text."),
    ] = None,
    output: OutputFile = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Show how an exercise is done: start, movement, which leg, how far, what is easier and harder.

    --format html and markdown show the drawings of start and end as well, svg is the drawing alone.

    Example:  afterrun exercises split_squat
    """
    from afterrun_cli.runner.exercises import show_exercises

    show_exercises(ids or [], shape, output, rulebook)
