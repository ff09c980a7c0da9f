"""The commands and their options; each command's work lives in a module of its own.

Only typer is imported here: `afterrun --help` must not wait for a rulebook or for the engine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from afterrun_cli.batch import batch_app
from afterrun_cli.diary import Database, Person, diary_app

app = typer.Typer(
    name="afterrun",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # help in plain lines, without loading rich
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
rules_app = typer.Typer(
    no_args_is_help=True, help="Read, check and draw the rulebook.", rich_markup_mode=None
)
app.add_typer(rules_app, name="rules")
app.add_typer(batch_app, name="batch")
app.add_typer(diary_app, name="diary")

Shape = Literal["text", "json", "markdown"]
RulebookFolder = Annotated[
    Path | None,
    typer.Option(
        "--rulebook",
        metavar="DIR",
        help="The folder that holds rules/ and knowledge/. Without it: the rulebook that comes along.",
    ),
]
InputFormat = Annotated[
    Literal["json", "yaml", "jsonl"] | None,
    typer.Option("--input-format", help="How to read the input. Without it: by suffix, else by the text."),
]


def run() -> None:
    """The entry point of the installed command."""
    from afterrun_cli.exits import end_quietly_when_the_reader_leaves

    end_quietly_when_the_reader_leaves()
    app(prog_name="afterrun")


def _version(wanted: bool) -> None:
    if wanted:
        from afterrun_cli.version import tell_version

        tell_version()
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


@app.command()
def ask(
    resume: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Go on with answers saved earlier.")
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the answers here, as an intake file in JSON. Must be new."),
    ] = None,
    format: Annotated[Shape, typer.Option(help="The shape of the result.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Ask the questions, one at a time, and show the result.

    Questions go to stderr, the result to stdout. Only what can still change the result is asked.
    Every answer is saved at once, so that nothing is lost when you leave.

    Example:  afterrun ask --save me.json
    """
    from afterrun_cli.ask import ask_and_show

    ask_and_show(resume, save, format, rulebook)


@app.command()
def assess(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Intake files; - is stdin.")],
    format: Annotated[Shape, typer.Option(help="The shape of the results.")] = "text",
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Tell what the rules make of intake files in JSON, YAML or JSONL (one intake a line).

    One intake gives one result; several give one a line, in order, each with its line. What cannot
    be used is told on stderr with file, line and key; the exit code is 1 if some intakes were bad
    and 2 if all were.

    Example:  afterrun assess intake.yaml --format json
    """
    from afterrun_cli.assess import assess_files

    assess_files(files, format, input_format, rulebook)


@app.command()
def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An intake file; - is stdin.")],
    conclusion: Annotated[
        str | None,
        typer.Argument(help="A conclusion, such as patellar_tendon, ramp_pct or triage. Without it: all."),
    ] = None,
    why: Annotated[
        list[str] | None, typer.Option(metavar="CONCLUSION", help="Why it is so. May be repeated.")
    ] = None,
    why_not: Annotated[
        list[str] | None, typer.Option(metavar="CONCLUSION", help="Why it is not so. May be repeated.")
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
            metavar="CONCLUSION", help="Every smallest set of answers that would prove or refute it."
        ),
    ] = None,
    at_most: Annotated[int, typer.Option(min=1, max=5, help="Answers that --nearest may change.")] = 3,
    reader: Annotated[
        Literal["runner", "clinician"],
        typer.Option("--for", help="Plain words, or rules, sources and verdicts too."),
    ] = "clinician",
    format: Annotated[
        Literal["text", "json", "html"], typer.Option(help="The shape of the answer.")
    ] = "text",
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Show why a conclusion is true or false, down to the answers, and what would change it.

    For a clinician it also explains what the triage level hides from the runner.

    Example:  afterrun explain intake.yaml patellar_tendon --what-if pain_timing=during_only
    """
    from afterrun_cli.explain import Asked, explain_file

    conclusions = [*([conclusion] if conclusion else []), *(why or ()), *(why_not or ())]
    asked = Asked(
        tuple(conclusions), tuple(why_asked or ()), tuple(what_if or ()), tuple(nearest or ()), at_most
    )
    explain_file(file, asked, format, reader, input_format, rulebook)


@app.command()
def report(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An intake file; - is stdin.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to. Without it: stdout.")
    ] = None,
    format: Annotated[
        Literal["html", "pdf"] | None, typer.Option(help="Without it: by the suffix of --output, else html.")
    ] = None,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Write one intake's audit report: result, answers, every proof, ledger, plan, codes, sources.

    One self-contained, printable file. Needs the extra 'report', for PDF the extra 'pdf'.

    Example:  afterrun report intake.yaml -o report.html
    """
    from afterrun_cli.report import report_file

    report_file(file, output, format, input_format, rulebook)


@app.command()
def start(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An intake file; - is stdin.")],
    start: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The first day of week 1, as 2027-03-01. Without it: next Monday."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Begin anew although there is a plan; the old one is kept.")
    ] = False,
    past: Annotated[bool, typer.Option("--past", help="Allow a start that is over.")] = False,
    person: Person = "me",
    db: Database = None,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Begin a plan and keep a diary of it, so that `afterrun checkin` can go on from there.

    The diary is a file of your own, which nobody else can read. Needs the extra 'diary'.

    Example:  afterrun start intake.yaml --start 2027-03-01
    """
    from afterrun_cli.start import start_plan

    start_plan(file, start, past, again, person, db, input_format, rulebook)


@app.command()
def checkin(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="Check-in files; - is stdin. Without one: asked here."),
    ] = None,
    answers: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Go on from the diary with the week's answers in this file."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day of this check-in. Without it: today.")
    ] = None,
    seen: Annotated[
        bool, typer.Option("--seen", help="After a stop: I have been seen, and I may go on.")
    ] = False,
    person: Person = "me",
    db: Database = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="The shape of the answers.")] = "text",
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Tell what to do after a week of the plan: asked in the terminal, or from files.

    After `afterrun start` it goes on from the diary: asks about the week only, and writes it down.
    A check-in file holds {"enrolled": {...}, "checkin": {...}}, in JSON, YAML or JSONL (one a line).
    A new warning sign stops the plan and says how soon to be seen.

    Example:  afterrun checkin week.json --format json
    """
    from afterrun_cli.checkin import check_in
    from afterrun_cli.diary_checkin import Wanted, go_on

    wanted = Wanted(answers, date, seen, person, db)
    if not go_on(files or [], wanted, format, input_format, rulebook):
        check_in(files or [], format, input_format, rulebook)


@app.command()
def plan(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An intake file; - is stdin.")],
    start: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The first day of week 1, as 2027-03-01. Without it: next Monday."),
    ] = None,
    format: Annotated[
        Literal["text", "json", "csv", "ics", "html", "svg"] | None,
        typer.Option(help="The shape of the plan. Without it: by the suffix of the output, else text."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write here instead of to stdout.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="HH:MM", help="When the sessions begin, on your own clock.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Whose plan it is, to keep two plans apart in one calendar. Without it: the record_id.",
        ),
    ] = None,
    past: Annotated[bool, typer.Option("--past", help="Allow a start that is over.")] = False,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Lay the plan out on the calendar: week by week, what to do on which day, and how.

    --format ics makes events for a calendar, csv a row a session, html a page to print, svg a picture.
    Times belong to no time zone: a session stays on its day wherever you are. Where the answers call
    for being seen first there is no plan, and you are told what to do instead.

    Example:  afterrun plan intake.yaml --start 2027-03-01 -o plan.ics
    """
    from datetime import datetime

    from afterrun_cli.plan import Wanted, plan_file

    wanted = Wanted(start, at, format, output, past, datetime.now())
    plan_file(file, wanted, person, input_format, rulebook)


@rules_app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder that holds rules/ and knowledge/.")
    ] = None,
    article: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The article's text: check the pins against it.")
    ] = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="The shape of the findings.")] = "text",
) -> None:
    """Load the rulebook, try every rule's examples, and see whether every source is reached.

    Exits with 1 if anything is wrong, and says all that is.

    Example:  afterrun rules check
    """
    from afterrun_cli.rules import check_rules

    check_rules(folder, article, format)


@rules_app.command()
def prove(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The folder that holds rules/ and knowledge/.")
    ] = None,
    part: Annotated[
        str | None, typer.Option(metavar="PART", help="Another part of the rulebook, such as checkin.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="CHECK", help="Run this check alone; may be given again.")
    ] = None,
    witnesses: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write an intake here for everything that can be, and for what fails."
        ),
    ] = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="The shape of the findings.")] = "text",
) -> None:
    """Prove the rulebook over all intakes, whole and partial, with a solver (extra: prove).

    That its invariants hold, that every rule, conclusion and question counts, that nothing is
    redundant, conflicting, contradictory or left open. What fails comes with the plainest intake that
    shows it, written to a file, and the command that reproduces it. Exits with 1 if anything fails.

    Example:  afterrun rules prove --only invariants
    """
    from afterrun_cli.prove import prove_rules

    prove_rules(folder, part, only or [], witnesses, format)


@rules_app.command()
def schema(
    output: Annotated[Path, typer.Option(metavar="DIR", help="Where the schemas are, or should be.")] = Path(
        "docs/schemas"
    ),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if one is stale.")
    ] = False,
) -> None:
    """Write the JSON Schemas of the rule and knowledge files, for editors that complete and check.

    Example:  afterrun rules schema --check
    """
    from afterrun_cli.rules import write_schemas

    write_schemas(output, check)


@rules_app.command("list")
def list_(
    format: Annotated[Literal["text", "json"], typer.Option(help="The shape of the list.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """List every rule and what it concludes.

    Example:  afterrun rules list
    """
    from afterrun_cli.rules_book import list_rules

    list_rules(format, rulebook)


@rules_app.command()
def show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule id, as in: afterrun rules list.")],
    format: Annotated[Literal["text", "json"], typer.Option(help="The shape of the rule.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Show one rule in plain words: when, what, why, from where, and its examples.

    Example:  afterrun rules show tendon-likely
    """
    from afterrun_cli.rules_book import show_rule

    show_rule(rule, format, rulebook)


@rules_app.command()
def graph(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to. Without it: stdout.")
    ] = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Draw what rests on what, as an SVG picture.

    Example:  afterrun rules graph -o graph.svg
    """
    from afterrun_cli.rules_book import draw_graph

    draw_graph(output, rulebook)


@rules_app.command()
def docs(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write to.")],
    rulebook: RulebookFolder = None,
) -> None:
    """Write the rulebook as a book: a static site with every rule beside its sources.

    Needs the extra 'report'.

    Example:  afterrun rules docs -o site
    """
    from afterrun_cli.rules_book import write_docs

    write_docs(output, rulebook)


CaseFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="CASES...", exists=True, dir_okay=False, help="Files of whole cases, one a line, as JSON."
    ),
]


@rules_app.command()
def cover(
    cases: CaseFiles,
    format: Annotated[Literal["text", "json", "html"], typer.Option(help="The shape.")] = "text",
    fail_under: Annotated[
        float | None, typer.Option(metavar="PERCENT", help="Exit with 1 when fewer are exercised.")
    ] = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Show which conditions of which rules the cases make both true and false, line by line.

    Example:  afterrun rules cover tests/cases.jsonl
    """
    from afterrun_cli.cover import show_coverage

    show_coverage(cases, rulebook, fail_under, format)


@rules_app.command()
def boundaries(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the intakes here, as JSONL.")
    ] = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="The shape of what is shown.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Make intakes just below, at and just above every threshold, and show what each gives.

    Each is made from an example of the rule, so that the number decides.

    Example:  afterrun rules boundaries -o boundaries.jsonl
    """
    from afterrun_cli.boundaries import show_boundaries

    show_boundaries(rulebook, output, format)


@rules_app.command()
def mutate(
    cases: CaseFiles,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Processes to work with.")] = 1,
    sample: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Try only so many mutants, picked by chance.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed picks the same.")] = 0,
    time_box: Annotated[
        float | None, typer.Option(min=0, metavar="SECONDS", help="Stop then; the rest is undecided.")
    ] = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="The shape of the findings.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Change each rule in one place at a time: which changes does no case notice?

    Each is shown as a difference, with an intake that would notice it. What provably changes no
    result does not count (extra: prove). Exits with 1 if a change survives.

    Example:  afterrun rules mutate tests/cases.jsonl tests/more_cases.jsonl --jobs 2
    """
    from afterrun_cli.mutate import mutate_rules

    mutate_rules(cases, rulebook, jobs=jobs, sample=sample, seed=seed, time_box=time_box, shape=format)
