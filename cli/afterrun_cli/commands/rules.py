"""The `afterrun rules` commands and their options."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import OutputFile, RulebookFolder, TextOrJson, check_name, local_now

CheckedFolder = Annotated[Path | None, typer.Argument(metavar="DIR", help="The same as --rulebook DIR.")]
CaseFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="CASES...",
        exists=True,
        dir_okay=False,
        help="Files of whole cases: JSON, one a line, or a list in YAML.",
    ),
]

PartName = Annotated[
    str | None,
    typer.Option("--part", metavar="PART", help="Another part of the rulebook, such as checkin."),
]

rules_app = Family(no_args_is_help=True, help="Read, check and draw the rulebook.")


@rules_app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty or not there yet.")],
    like: Annotated[
        Literal["smallest", "triage", "scoring"],
        typer.Option(help="One question; signs that keep away, and what to do; or things that are counted."),
    ] = "smallest",
) -> None:
    """Write a small rulebook that runs, with cases, to be made one's own.

    Example:  afterrun rules new plants --like triage
    """
    from afterrun_cli.rulebook.new import new_rulebook

    new_rulebook(folder, like)


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
    rulebook: RulebookFolder = None,
) -> None:
    """Load the rulebook, try every rule's examples, and see whether every source is reached.

    Exits with 1 if anything is wrong, and says all that is. With the extra 'words' it says how easily
    a person reads the texts.

    Example:  afterrun rules check
    """
    from afterrun_cli.rulebook.rules import check_rules

    check_rules(folder or rulebook, article, cases or [], shape)


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
    rulebook: RulebookFolder = None,
) -> None:
    """Prove the rulebook over all intakes, whole and partial, with a solver (extra: prove).

    That its invariants hold, that every rule, conclusion and question counts, that nothing is
    redundant, conflicting, contradictory or left open. What fails comes with the plainest intake that
    shows it, written to a file, and the command that reproduces it. Exits with 1 if anything fails.

    Example:  afterrun rules prove --only invariants
    """
    from afterrun_cli.rulebook.prove import prove_rules

    prove_rules(folder or rulebook, part, only or [], witnesses, shape)


@rules_app.command()
def schema(
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where the schemas belong. Without it: docs/schemas, or .schemas in the rulebook.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if one is stale.")
    ] = False,
    words: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there, too, what each file may hold, in words.")
    ] = None,
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

    write_schemas(output, check, rulebook, words)


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
def rename(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help="A question, measure, option (or QUESTION.OPTION), finding or pattern.",
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its name from now on, without the question.")],
    cases: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="Cases to change too; may be repeated."
        ),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the files; without it, only show.")] = False,
    rulebook: RulebookFolder = None,
) -> None:
    """Give something another name wherever it is named: in rules, knowledge, every part, examples and cases.

    Shows what would change, as a difference. All files are written or none; comments, quotes and layout
    stay. Texts and comments that still hold the old name are listed. A rule that a clinician approved
    is to be approved again, for it names something else now.

    Example:  afterrun rules rename pain_site where_it_hurts --cases tests/data/cases.jsonl
    """
    from afterrun_cli.rulebook.rename import rename_and_say

    rename_and_say(old, new, cases or [], write, rulebook)


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
    part: PartName = None,
    rulebook: RulebookFolder = None,
) -> None:
    """List every rule and what it concludes.

    Example:  afterrun rules list
    """
    from afterrun_cli.rulebook.book import list_rules

    list_rules(shape, part, rulebook)


@rules_app.command()
def show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule id, as in: afterrun rules list.")],
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the rule.")] = "text",
    part: PartName = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Show one rule in plain words: when, what, why, from where, and its examples.

    Example:  afterrun rules show tendon-likely
    """
    from afterrun_cli.rulebook.book import show_rule

    show_rule(rule, shape, part, rulebook)


@rules_app.command()
def graph(
    output: OutputFile = None,
    part: PartName = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Draw what rests on what, as an SVG picture.

    Example:  afterrun rules graph -o graph.svg
    """
    from afterrun_cli.rulebook.book import draw_graph

    draw_graph(output, part, rulebook)


@rules_app.command()
def docs(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A folder (without one: site), or a .html or .pdf.",
        ),
    ] = None,
    shape: Annotated[
        Literal["html", "pdf"] | None,
        typer.Option("--format", help="In one piece, to be printed. Without it, by the name of the output."),
    ] = None,
    paper: Annotated[Literal["a4", "letter"], typer.Option(help="The paper of the one piece.")] = "a4",
    rulebook: RulebookFolder = None,
) -> None:
    """Write the rulebook as a book: all parts of it, every rule beside its sources.

    As a folder it is a static site with a page for each rule and a search that needs no server. As a file it
    is the whole in one piece, to be printed. PDF needs the extra 'pdf'.

    Example:  afterrun rules docs -o site
    """
    from afterrun_cli.rulebook.book import write_docs
    from afterrun_cli.terminal.pdf import PageOptions

    write_docs(PageOptions(output, shape, paper), rulebook)


@rules_app.command("test")
def try_cases(
    cases: CaseFiles,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the findings.")] = "text",
    rulebook: RulebookFolder = None,
) -> None:
    """Try whole cases, intakes and check-ins alike, and say where one comes out otherwise than it expects.

    Each difference is told with the file and the line of its case. Exits with 1 if there is one.

    Example:  afterrun rules test tests/data/cases.jsonl
    """
    from afterrun_cli.rulebook.cases import try_and_tell

    try_and_tell(cases, rulebook, shape)


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

    Exits with 1 if a case does not hold under the rules as they are.

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
