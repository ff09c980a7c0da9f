"""The `afterrun rules` commands that hold a rulebook against whole cases, and cases against it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import PartName, RulebookFolder, TextOrJson

CaseFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="CASES...",
        exists=True,
        dir_okay=False,
        help="Files of whole cases: JSON, one a line, or a list in YAML.",
    ),
]

cases_app = Family()


@cases_app.command("test")
def try_cases(
    cases: CaseFiles,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the findings.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Try whole cases, intakes and check-ins alike, and say where one comes out otherwise than it expects.

    Each difference is told with the file and the line of its case. Exits with 1 if there is one.

    Example:  afterrun rules test tests/data/cases.jsonl
    """
    from afterrun_cli.rulebook.cases.tried import try_and_tell

    try_and_tell(cases, rulebook, shape)


@cases_app.command()
def cover(
    cases: CaseFiles,
    shape: Annotated[Literal["text", "json", "html"], typer.Option("--format", help="The shape.")] = "text",
    fail_under: Annotated[
        float | None, typer.Option(metavar="PERCENT", help="Exit with 1 when fewer are exercised.")
    ] = None,
    part: PartName = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Show which conditions of which rules the cases make both true and false, line by line.

    With --part checkin, of the check-in rules; the cases are whole check-ins.

    Exits with 1 if a case does not hold under the rules as they are.

    Example:  afterrun rules cover tests/data/cases.jsonl
    """
    from afterrun_cli.rulebook.cases.cover import show_coverage

    show_coverage(cases, rulebook, part, fail_under, shape)


@cases_app.command()
def boundaries(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the intakes here, as JSONL.")
    ] = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of what is shown.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Make intakes just below, at and just above every threshold, and show what each gives.

    Each is made from an example of the rule, so that the number decides.

    Example:  afterrun rules boundaries -o boundaries.jsonl
    """
    from afterrun_cli.rulebook.cases.boundaries import show_boundaries

    show_boundaries(rulebook, output, shape)


@cases_app.command()
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
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the findings.")] = "text",
    part: PartName = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Change each rule in one place at a time: which changes does no case notice?

    Each is shown as a difference, with an intake that would notice it. What provably changes no
    result does not count (extra: prove). Exits with 1 if a change survives. With --part checkin
    the check-in rules are changed, and the cases are whole check-ins.

    Example:  afterrun rules mutate tests/data/cases.jsonl tests/data/more_cases.jsonl --jobs 2
    """
    from afterrun_cli.rulebook.cases.mutate import MutationLimits, mutate_rules

    mutate_rules(cases, rulebook, part, MutationLimits(sample, seed, jobs, time_box), shape)
