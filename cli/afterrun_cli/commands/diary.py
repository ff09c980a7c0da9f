"""The `afterrun diary` commands and their options."""

from typing import Annotated, Any

import typer

from afterrun_cli.commands.options import Database, DiaryOwner, OtherOwner, TextOrJson

diary_app = typer.Typer(rich_markup_mode=None)


@diary_app.callback(invoke_without_command=True)
def diary(
    context: typer.Context,
    svg: Annotated[
        str | None, typer.Option(metavar="FILE", help="Draw planned, done, pain and phases into this file.")
    ] = None,
    person: DiaryOwner = "me",
    db: Database = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the history.")] = "text",
) -> None:
    """Show the weeks so far: planned and done, pain, the phase, and what each check-in said.

    Example:  afterrun diary --svg weeks.svg
    """
    if context.invoked_subcommand is not None:
        context.obj = {"person": person, "db": db}
        return
    from afterrun_cli.diary.history import show_diary

    show_diary(person, db, shape, svg)


@diary_app.command()
def export(
    context: typer.Context,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write here instead of to stdout.")
    ] = None,
    person: OtherOwner = None,
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
    person: OtherOwner = None,
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
