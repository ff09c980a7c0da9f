"""The `afterrun rules` commands by which a rulebook is written and held to its promises."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import PartName, RulebookFolder, TextOrJson, check_name, local_now
from afterrun_cli.commands.rules.book import book_app
from afterrun_cli.commands.rules.cases import cases_app
from afterrun_cli.commands.rules.change import change_app

CheckedFolder = Annotated[Path | None, typer.Argument(metavar="DIR", help="The same as --rulebook DIR.")]
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
    released: Annotated[
        Path | None,
        typer.Option(
            metavar="PACK",
            help="The pack released last: does the version follow what changed since? (extra: prove)",
        ),
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

    check_rules(folder or rulebook, article, cases or [], shape, released)


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
            help="A question, measure, option (or QUESTION.OPTION), finding, pattern, intervention, "
            "parameter or key of the plan; of several, with its kind: parameter.ramp_pct, plan.ramp_pct.",
        ),
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="Its name from now on, without the question or kind.")
    ],
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


# They stand in the same family, after those above.
rules_app.add_typer(book_app)
rules_app.add_typer(cases_app)
rules_app.add_typer(change_app)
