"""The `afterrun diary` commands and their options. Only typer is imported here, as in `main`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer


def named(name: str | None) -> str | None:
    """A name as it was given, unless it is none."""
    if name is not None and not (name.strip() and name.isprintable()):
        raise typer.BadParameter("1 to 200 printable characters are a name")
    return name


Person = Annotated[
    str, typer.Option(metavar="NAME", callback=named, help="Whose diary, if several people share one.")
]
Again = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", callback=named, help="Whose diary, if several people share one.  [default: me]"
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Another diary: a file, sqlite:///FILE or postgresql://... Without it: a file of your own.",
    ),
]

diary_app = typer.Typer(rich_markup_mode=None)


@diary_app.callback(invoke_without_command=True)
def diary(
    context: typer.Context,
    svg: Annotated[
        str | None, typer.Option(metavar="FILE", help="Draw pain and volume into this file.")
    ] = None,
    person: Person = "me",
    db: Database = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="The shape of the history.")] = "text",
) -> None:
    """Show the weeks so far: pain, volume, and what each check-in changed.

    Example:  afterrun diary --svg weeks.svg
    """
    if context.invoked_subcommand is not None:
        context.obj = {"person": person, "db": db}
        return
    from afterrun_cli.diary.history import show_diary

    show_diary(person, db, format, svg)


@diary_app.command()
def export(
    context: typer.Context,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write here instead of to stdout.")
    ] = None,
    person: Again = None,
    db: Database = None,
) -> None:
    """Give all of it: answers, results, check-ins and where they led, as JSON.

    Example:  afterrun diary export -o diary.json
    """
    from afterrun_cli.diary.history import export_diary

    person, db = _given(context, person, db)
    export_diary(person, db, output)


@diary_app.command()
def delete(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    person: Again = None,
    db: Database = None,
) -> None:
    """Forget all of it, for good.

    Example:  afterrun diary delete --yes
    """
    from afterrun_cli.diary.history import delete_diary

    person, db = _given(context, person, db)
    delete_diary(person, db, yes)


def _given(context: Any, person: str | None, db: str | None) -> tuple[str, str | None]:
    """The options, also where they stand before the command's name; the later one counts."""
    before = context.obj or {}
    return person or before.get("person", "me"), db or before.get("db")
