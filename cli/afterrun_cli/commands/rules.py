"""The `afterrun rules` commands and their options."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import OutputFile, RulebookFolder, TextOrJson, check_name, local_now

CheckedFolder = Annotated[
    Path | None, typer.Argument(metavar="DIR", help="The folder that holds rules/ and knowledge/.")
]
CaseFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="CASES...", exists=True, dir_okay=False, help="Files of whole cases, one a line, as JSON."
    ),
]

PartName = Annotated[
    str | None,
    typer.Option("--part", metavar="PART", help="Another part of the rulebook, such as checkin."),
]

rules_app = Family(no_args_is_help=True, help="Read, check and draw the rulebook.")


@rules_app.command()
def check(
    folder: CheckedFolder = None,
    article: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The article's text: check the pins against it.")
    ] = None,
    cases: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Whole cases: say how long their longest first screen is."),
    ] = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the findings.")] = "text",
) -> None:
    """Load the rulebook, try every rule's examples, and see whether every source is reached.

    Exits with 1 if anything is wrong, and says all that is. With the extra 'words' it says how easily
    a runner reads the texts.

    Example:  afterrun rules check
    """
    from afterrun_cli.rulebook.rules import check_rules

    check_rules(folder, article, cases or [], shape)


@rules_app.command()
def prove(
    folder: CheckedFolder = None,
    part: PartName = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="CHECK", help="Run this check alone; may be given again.")
    ] = None,
    witnesses: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write an intake here for everything that can be, and for what fails."
        ),
    ] = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the findings.")] = "text",
) -> None:
    """Prove the rulebook over all intakes, whole and partial, with a solver (extra: prove).

    That its invariants hold, that every rule, conclusion and question counts, that nothing is
    redundant, conflicting, contradictory or left open. What fails comes with the plainest intake that
    shows it, written to a file, and the command that reproduces it. Exits with 1 if anything fails.

    Example:  afterrun rules prove --only invariants
    """
    from afterrun_cli.rulebook.prove import prove_rules

    prove_rules(folder, part, only or [], witnesses, shape)


@rules_app.command()
def schema(
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where the schemas are, or should be: docs/schemas, or .schemas in the rulebook.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if one is stale.")
    ] = False,
    rulebook: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The rulebook whose own names they are to offer.")
    ] = None,
) -> None:
    """Write the JSON Schemas of the rule and knowledge files, for editors that complete and check.

    With --rulebook they offer that rulebook's own questions, options, findings, conclusions and
    sources, and flag any other; a new one is known once they are written again.

    Example:  afterrun rules schema --rulebook .
    """
    from afterrun_cli.rulebook.schemas import write_schemas

    write_schemas(output, check, rulebook)


@rules_app.command()
def review(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule id, as in: afterrun rules list.")],
    owner: Annotated[
        str, typer.Option(metavar="NAME", callback=check_name, help="Who answers for the rule.")
    ],
    until: Annotated[str, typer.Option(metavar="DATE", help="The day until which that holds.")],
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day of the approval. Without it: today.")
    ] = None,
    part: PartName = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Write into its file that a clinician approves a rule as it stands, and until when.

    With it goes a digest of the rule, of the questions it asks and the texts it shows, and of its sources:
    when any of these changes, the rule is not approved any more. Nothing else in the file is touched.

    Example:  afterrun rules review tendon-likely --owner "Dr A. Example" --until 2027-11-26
    """
    from afterrun_cli.rulebook.review import review_and_say

    review_and_say(rule, owner, (until, on), local_now().date(), part, rulebook)


@rules_app.command()
def hazards(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The log.")] = Path(
        "docs/hazard-log.md"
    ),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if the log is stale.")
    ] = False,
    rulebook: RulebookFolder = None,
) -> None:
    """Write the hazard log: what can go wrong, the rules and invariants against it, and what remains.

    Example:  afterrun rules hazards --check
    """
    from afterrun_cli.rulebook.rules import write_hazards

    write_hazards(output, check, rulebook)


@rules_app.command("list")
def list_(
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the list.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """List every rule and what it concludes.

    Example:  afterrun rules list
    """
    from afterrun_cli.rulebook.book import list_rules

    list_rules(shape, rulebook)


@rules_app.command()
def show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule id, as in: afterrun rules list.")],
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the rule.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Show one rule in plain words: when, what, why, from where, and its examples.

    Example:  afterrun rules show tendon-likely
    """
    from afterrun_cli.rulebook.book import show_rule

    show_rule(rule, shape, rulebook)


@rules_app.command()
def graph(
    output: OutputFile = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Draw what rests on what, as an SVG picture.

    Example:  afterrun rules graph -o graph.svg
    """
    from afterrun_cli.rulebook.book import draw_graph

    draw_graph(output, rulebook)


@rules_app.command()
def docs(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write to.")],
    rulebook: RulebookFolder = None,
) -> None:
    """Write the rulebook as a book: a static site with every rule beside its sources.

    Example:  afterrun rules docs -o site
    """
    from afterrun_cli.rulebook.book import write_docs

    write_docs(output, rulebook)


@rules_app.command()
def export(
    dmn: Annotated[Path, typer.Option(metavar="FILE", help="Write decision tables of DMN 1.3 here.")],
    part: PartName = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Write the rules as decision tables, for those who review tables; nothing reads them back.

    A table for each proposition, with its rules' reasons and sources, and for the level, each pattern,
    intervention and parameter. They hold for complete answers: a table knows no open proposition.

    Example:  afterrun rules export --dmn rules.dmn
    """
    from afterrun_cli.rulebook.export import export_rules

    export_rules(dmn, part, rulebook)


@rules_app.command()
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

    Example:  afterrun rules cover tests/data/cases.jsonl
    """
    from afterrun_cli.rulebook.cover import show_coverage

    show_coverage(cases, rulebook, part, fail_under, shape)


@rules_app.command()
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
    from afterrun_cli.rulebook.boundaries import show_boundaries

    show_boundaries(rulebook, output, shape)


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
    from afterrun_cli.rulebook.mutate import MutationLimits, mutate_rules

    mutate_rules(cases, rulebook, part, MutationLimits(sample, seed, jobs, time_box), shape)
