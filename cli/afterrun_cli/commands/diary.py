"""The `afterrun diary` commands and their options."""

from typing import Annotated, Any

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import (
    AwayDays,
    Database,
    Days,
    DiaryOwner,
    LongRun,
    OtherOwner,
    RunsAWeek,
    TakenDays,
    TextOrJson,
    Times,
    local_now,
)

diary_app = Family()


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

    show_diary(person, db, shape, svg, local_now().date())


@diary_app.command()
def settings(
    context: typer.Context,
    days: Days = None,
    runs: RunsAWeek = None,
    at: Times = None,
    taken: TakenDays = None,
    away: AwayDays = None,
    long_run: LongRun = None,
    goal: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help='How much a week you want to get to, as "40 km".')
    ] = None,
    clear: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Take back days, runs, at, not, away, long-run or goal. May be repeated.",
        ),
    ] = None,
    person: OtherOwner = None,
    db: Database = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the settings.")] = "text",
) -> None:
    """Show your days, times and goal, or change them without a new plan.

    Each option takes the place of what it was before. The week that runs stays as it is, but for days on
    which you are away or that are taken; what was confirmed is never touched.

    Example:  afterrun diary settings --not tue,sun --away 2027-04-10..2027-04-17 --goal "40 km"
    """
    from afterrun_cli.diary.settings import SettingsOptions, diary_settings
    from afterrun_cli.runner.plans.wishes import Wishes

    person, db = _given(context, person, db)
    wishes = Wishes(days, runs, at, taken, away, long_run)
    diary_settings(SettingsOptions(wishes, goal, clear or [], shape, local_now()), person, db)


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
