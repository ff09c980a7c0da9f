"""What a clinician asks of one intake: why, and all of it on paper."""

from typing import Annotated, Literal

import typer

from afterrun_cli.commands.options import (
    ROLE_METAVAR,
    Database,
    InputFormat,
    IntakeFile,
    OtherOwner,
    OutputFile,
    RulebookFolder,
    role_named,
)


def explain(
    file: IntakeFile,
    conclusion: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="A conclusion (patellar_tendon, triage), a number (week9_volume, weekly_rise_percent), "
            "a rule (tendon-likely) or a source (row:DX01). Without it: every conclusion.",
        ),
    ] = None,
    why: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Why it is so. May be repeated.")
    ] = None,
    why_not: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Why it is not so. May be repeated.")
    ] = None,
    why_asked: Annotated[
        list[str] | None, typer.Option(metavar="QUESTION", help="Why a question is asked. May be repeated.")
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION=VALUE",
            help="What would differ with this answer; several options with commas. May be repeated.",
        ),
    ] = None,
    nearest: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONCLUSION",
            help="The smallest sets of answers that would prove or refute it; all of them with --full.",
        ),
    ] = None,
    at_most: Annotated[int, typer.Option(min=1, max=5, help="Answers that --nearest may change.")] = 3,
    full: Annotated[
        bool, typer.Option("--full", help="All of it: every rule, test, source and nearest change.")
    ] = False,
    reader: Annotated[
        Literal["person", "clinician"],
        typer.Option(
            "--for",
            parser=role_named,
            metavar=ROLE_METAVAR,
            help="Plain words, or rules, sources and verdicts too.",
        ),
    ] = "clinician",
    shape: Annotated[
        Literal["text", "json", "html"], typer.Option("--format", help="The shape of the answer.")
    ] = "text",
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Show why a conclusion is true or false, down to the answers, and what would change it.

    In short: the rules it needs and the answers that matter, each proof once. --full tells all of it.
    For a clinician it also explains what the triage level hides from the person.

    Example:  afterrun explain intake.yaml patellar_tendon --what-if pain_timing=during_only
    """
    from afterrun.telling import Inquiry
    from afterrun_cli.audit.explain import explain_file

    conclusions = [*([conclusion] if conclusion else []), *(why or ()), *(why_not or ())]
    inquiry = Inquiry(conclusions, why_asked or (), {}, nearest or (), at_most)
    explain_file(file, inquiry, what_if or (), shape, reader, input_format, rulebook, full=full)


def report(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]", help="An intake file; - is stdin. Without one: --summary of the diary."
        ),
    ] = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="One page for whoever treats it, and no more.")
    ] = False,
    output: OutputFile = None,
    shape: Annotated[
        Literal["html", "pdf"] | None,
        typer.Option("--format", help="Without it: by the suffix of --output, else html."),
    ] = None,
    paper: Annotated[Literal["a4", "letter"], typer.Option(help="What it is printed on.")] = "a4",
    person: OtherOwner = None,
    db: Database = None,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Write one intake's audit report: result, answers, every proof, ledger, plan, codes, sources.

    One self-contained, printable file. PDF needs the extra 'pdf'. --summary makes it one page of paper: the
    story, the patterns, what was advised; without FILE from the diary, with its weeks drawn.

    Example:  afterrun report intake.yaml -o report.html
    """
    from afterrun_cli.terminal.pdf import PageOptions

    page = PageOptions(output, shape, paper)
    if file is not None:
        if person is not None or db is not None:
            raise typer.BadParameter("a FILE stands alone; --person and --db go with the diary")
        from afterrun_cli.audit.report import report_file

        report_file(file, page, input_format, rulebook, summary=summary)
    elif summary:
        from afterrun_cli.diary.report import report_diary

        report_diary(page, person or "me", db, rulebook)
    else:
        raise typer.BadParameter("name a FILE; without one there is --summary, from the diary")
