"""The `afterrun rules` commands by which a change of the rulebook is told and kept."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import OutputFile, RulebookFolder

change_app = Family()


@change_app.command()
def pack(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")],
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="The rulebook. Without it: the one that comes along."),
    ] = None,
) -> None:
    """Write a rulebook with all its parts into one file, which is taken wherever --rulebook is.

    Its files go in as they are, with their digests: one that was changed since is refused.

    Example:  afterrun rules pack -o knee-0.2.0.rulebook
    """
    from afterrun_cli.rulebook.pack import pack_and_say

    pack_and_say(folder, output)


@change_app.command()
def diff(
    old: Annotated[
        str,
        typer.Argument(metavar="OLD", help="A folder, a packed rulebook, or a revision of the repository."),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.")],
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="FILE", help="Intakes: which of them flip. May be repeated."),
    ] = None,
    shape: Annotated[
        Literal["text", "json", "markdown", "html"] | None,
        typer.Option("--format", help="The shape. Without it: by the ending of FILE, else text."),
    ] = None,
    output: OutputFile = None,
    rulebook: RulebookFolder = None,
    brief: Annotated[
        bool,
        typer.Option(
            "--brief", help="A large change on few pages: no proofs, and of texts and sources the names."
        ),
    ] = False,
) -> None:
    """Tell what changed between two rulebooks: what is written otherwise, what flips (extra: prove).

    For each thing that a result shows the regions of answers in which it flips, the smallest first, each with
    an intake that was assessed by both and both proofs; texts, sources, examples and approvals by themselves;
    and which version the change demands. As .html it is a page to be signed region by region. A revision is
    one of the git repository of --rulebook, else of the folder that is the other of the two.

    Example:  afterrun rules diff HEAD~1 . --on intakes.csv -o change.html
    """
    from afterrun_cli.rulebook.diff import diff_and_say

    diff_and_say(old, new, on or [], shape, output, rulebook, brief=brief)
