"""The `afterrun batch` commands and their options."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from afterrun_cli.commands.family import Command, Family, Group
from afterrun_cli.commands.options import LogFile, RulebookFolder, TextOrJson, utc_now

RUN = "run"

Result = Annotated[
    str, typer.Argument(metavar="OUT", help="What `afterrun batch` wrote: a folder, a file or a table.")
]


class _Batch(Group):
    """A group whose first command needs no name: `afterrun batch INTAKE OUT`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args:
            args = [RUN, "--help"]
        elif args[0] not in self.commands:
            args = [RUN, *args]
        return super().parse_args(ctx, args)


class _Run(Command):
    """The command that needs no name, so that its help does not show one."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        path = ctx.parent.command_path if ctx.parent else ctx.command_path
        formatter.write_usage(path, " ".join(self.collect_usage_pieces(ctx)))


batch_app = Family(cls=_Batch, help="Assess millions of intakes.")


@batch_app.command(
    RUN,
    cls=_Run,
    epilog="See also: afterrun batch view -h; afterrun batch summary -h. "
    "Exit codes: 0 every row went through; 1 some rows rejected, or files left out; 2 wrong usage, an "
    "unusable input, or more rejects than allowed; 3 it could not run.",
)
def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INTAKE... OUT",
            help="CSV, JSON lines, Parquet, xlsx or ods, or FHIR responses (NDJSON), files or folders, plain "
            "or .gz or .zst, - is stdin; and where to write: a folder for Parquet, a .csv, .jsonl, .arrow, "
            ".parquet or .xlsx file, - is stdout. Each may be a table: duckdb:///FILE?table=NAME, sqlite:… "
            "or postgresql:….",
            show_default=False,
        ),
    ] = None,
    file_format: Annotated[
        Literal["parquet", "csv", "jsonl", "arrow", "xlsx"] | None,
        typer.Option(
            "--format", help="The format of OUT. Without it: by suffix; a folder holds Parquet, stdout CSV."
        ),
    ] = None,
    columns: Annotated[
        str, typer.Option(metavar="NAME,…", help="Write only these columns. Without it: all.")
    ] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Add the reasons as text.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first row that is rejected.")] = False,
    max_rejects: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Stop when more than N rows are rejected.")
    ] = None,
    chunk_rows: Annotated[
        int, typer.Option(metavar="N", min=1, max=10_000_000, help="Rows that are worked on at once.")
    ] = 100_000,
    sheet: Annotated[
        str, typer.Option(metavar="NAME", help="The sheet of a workbook. Without it: that with questions.")
    ] = "",
    separator: Annotated[
        Literal[",", ";", "tab", "|"] | None,
        typer.Option(metavar="MARK", help="What parts the cells of a line: , ; | or tab. Without it: found."),
    ] = None,
    decimal: Annotated[
        Literal[".", ","] | None,
        typer.Option(
            metavar="MARK", help="What parts a fraction: , or . Without it: found, and 1,234 is refused."
        ),
    ] = None,
    encoding: Annotated[
        Literal["utf-8", "cp1252", "utf-16"] | None,
        typer.Option(help="How text is encoded. Without it: found."),
    ] = None,
    na: Annotated[
        str, typer.Option(metavar="WORD,…", help="Words for no answer. Without it: blank, and R's NA.")
    ] = "",
    codes: Annotated[
        str,
        typer.Option(
            metavar="places|yes_no|FILE",
            help="What codes mean where a file is not clear: places of options; 1 and 0 for yes and no; "
            "or what the data dictionary of a REDCap project says.",
        ),
    ] = "",
    assume_asked: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION",
            help="Its options that have no column were on the form. Give it once for each question.",
        ),
    ] = None,
    key: Annotated[
        str,
        typer.Option(
            metavar="NAME,…",
            help="Columns that tell the rows of one record apart. Without it: REDCap's event and instance.",
        ),
    ] = "",
    rename: Annotated[
        str,
        typer.Option(
            metavar="NAME=OURS,…",
            help="Names of columns, and what they should be; or a YAML file of them.",
        ),
    ] = "",
    pseudonymise: Annotated[
        Path | None,
        typer.Option(
            metavar="KEYFILE",
            help="Replace record ids by hashes with the key in this file, which is made if there is none.",
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(metavar="N", min=1, max=512, help="Processes that work side by side, a core each.")
    ] = 1,
    engine: Annotated[
        Literal["local", "spark"],
        typer.Option(help="Who does the work: this machine, or a Spark cluster (extra spark)."),
    ] = "local",
    master: Annotated[
        str, typer.Option(metavar="URL", help="The cluster's master: spark://host:7077, local[2].")
    ] = "",
    remote: Annotated[
        str, typer.Option(metavar="URL", help="Or its Spark Connect server: sc://host:15002.")
    ] = "",
    append: Annotated[
        bool,
        typer.Option(
            "--append",
            help="Add files to a finished batch: ids are known; rejects that were mended take their place.",
        ),
    ] = False,
    json_progress: Annotated[
        bool, typer.Option("--json-progress", help="Tell the progress on stderr, in JSON lines.")
    ] = False,
    template: Annotated[
        Literal["csv", "parquet", "redcap"] | None,
        typer.Option(
            help="Instead: write an empty intake file and its data dictionary into the folder OUT, "
            "or the dictionary that REDCap imports."
        ),
    ] = None,
    log: LogFile = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Assess every row of intake files: what `assess` would say, at the speed of reading and writing.

    A row that cannot be used goes to _rejects.csv with the reason; rows in are rows out, rejects and blank
    rows. A run that was stopped goes on where it was: give the same command again.

    Example:  afterrun batch intakes.csv results/ --na NULL,-
    """
    if template is not None:
        from afterrun_cli.batch.run import put_template

        put_template(template, paths or [], rulebook)
        return
    from afterrun.batch import Hands, How, Limits, Options, codes_told, pseudonyms_by, renames_in
    from afterrun_cli.batch.run import refuse_unlike, run_batch
    from afterrun_cli.runner.logged import LogOptions

    options = Options(file_format or "csv", _listed(columns), explain, chunk_rows)
    limits, hands = Limits(strict, max_rejects), Hands(jobs, master, remote)
    refuse_unlike(engine, hands)
    meant, dictionary = codes_told(codes)
    how = How(
        separator="\t" if separator == "tab" else separator or "",
        decimal=decimal or "",
        encoding=encoding or "",
        na=_listed(na),
        rename=renames_in(rename),
        codes=meant,
        dictionary=dictionary,
        assume_asked=tuple(assume_asked or ()),
        key=_listed(key),
        sheet=sheet,
        pseudonyms=pseudonyms_by(pseudonymise, make=True) if pseudonymise else None,
    )
    # The files that were given hold the answers: the log names them by their digest.
    logs = LogOptions(log, answers=False, clock=utc_now)
    run_batch(
        paths or [], file_format, options, limits, how, hands, json_progress, rulebook, logs, append=append
    )


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


@batch_app.command()
def view(
    out: Result,
    row: Annotated[str, typer.Argument(metavar="ID", help="The row's record_id, or its line in the input.")],
    file: Annotated[
        str,
        typer.Option(
            metavar="INTAKE",
            help="The input that the line belongs to, if there are several; - if it is piped in again.",
        ),
    ] = "",
    pseudonymise: Annotated[
        Path | None,
        typer.Option(metavar="KEYFILE", help="The key that ids were replaced with; ID is the id itself."),
    ] = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the proofs.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Show one row with its full proof, made anew from the input and checked against what is stored.

    Exits with 1 if the stored row is not what the rulebook says.

    Example:  afterrun batch view results/ P-0042
    """
    from afterrun_cli.batch.view import show_row

    show_row(out, row, file, pseudonymise, shape, rulebook)


@batch_app.command()
def summary(
    out: Result,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it as a page of its own, without any request.")
    ] = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the summary.")] = "text",
) -> None:
    """Count what a batch found: triage, patterns, the open questions that block most rows, rejects.

    Example:  afterrun batch summary results/ --html summary.html
    """
    from afterrun_cli.batch.run import show_summary

    show_summary(out, html, shape)
