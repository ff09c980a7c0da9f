"""The `afterrun rules` commands by which a rulebook is read: as text, picture, book, decision tables."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import OutputFile, PartName, RulebookFolder, TextOrJson

book_app = Family()


@book_app.command("list")
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


@book_app.command()
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


@book_app.command()
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


@book_app.command()
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


@book_app.command()
def export(
    dmn: Annotated[
        Path, typer.Option(metavar="FILE", help="Write decision tables of DMN 1.3 here; '-' is stdout.")
    ],
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
