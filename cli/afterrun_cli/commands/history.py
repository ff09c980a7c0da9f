"""What a person's own files say."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from afterrun_cli.commands.options import OutputFile, RulebookFolder, TableUnit, TimeZone, local_now


def history(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILES...",
            help="Files of a watch or an app, exports of them, folders and ZIP archives. For a table of "
            "people: a folder or a ZIP archive of each, or one folder that holds nothing but those.",
        ),
    ],
    tz: TimeZone = None,
    table_unit: TableUnit = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="UNIT", help="km, mi or min. Without it: that of the files, or km."),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option(
            "--day", "--as-of", metavar="DATE", help="As on this day, as 2027-03-01. Without it: today."
        ),
    ] = None,
    shape: Annotated[
        Literal["text", "json", "markdown", "html", "svg"] | None,
        typer.Option("--format", help="Without it: by the suffix of the output, else text."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Each run too, with the file and the row it came from.")
    ] = False,
    output: OutputFile = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Tell what your own files say of your running, and what they would offer as answers.

    Reads FIT, GPX and TCX, the exports of Strava, Garmin Connect and Apple Health, and CSV files with date,
    distance and duration. Runs count, each once; walks, rides and the rest are counted and left aside. What
    cannot be read is listed with its reason, and the exit code is 1 then; 2 if nothing could be. Nothing is
    kept. --format svg draws the last 16 weeks.

    With -o people.parquet, .csv, .jsonl or .xlsx each folder is a person, whose row has its name as
    record_id: the numbers that the files offer, as an intake has them, or why there is none (extra batch).

    Example:  afterrun history export.zip --tz Europe/Berlin

    Example:  afterrun history athletes/ --as-of 2027-03-01 -o people.parquet
    """
    from afterrun_cli.runner.history import HistoryOptions, of_people, show_history

    options = HistoryOptions(tz, table_unit, unit, day, shape, output, local_now(), full)
    if output is not None and shape is None and of_people(output):
        from afterrun_cli.batch.people import write_people

        write_people(files, output, options, rulebook)
    else:
        show_history(files, options, rulebook)
