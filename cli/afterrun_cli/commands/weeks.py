"""A plan with its weeks: shown, begun, and gone on with after each week."""

from typing import Annotated, Literal

import typer

from afterrun_cli.commands.options import (
    AwayDays,
    Database,
    Days,
    DiaryOwner,
    Full,
    InputFormat,
    IntakeFile,
    LogAnswers,
    LogFile,
    LongRun,
    OwnFilesOption,
    RulebookFolder,
    RunsAWeek,
    TableUnit,
    TakenDays,
    TextOrJson,
    Times,
    TimeZone,
    check_name,
    local_now,
    utc_now,
)

FirstDay = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="The first day of week 1, as 2027-03-01. Without it: next Monday."),
]
Past = Annotated[bool, typer.Option("--past", help="Allow a start that is over.")]


def plan(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="An intake file; - is stdin. Without one: from the diary."),
    ] = None,
    start: FirstDay = None,
    shape: Annotated[
        Literal["text", "json", "csv", "ics", "html", "svg", "markdown", "pdf"] | None,
        typer.Option(
            "--format", help="The shape of the plan. Without it: by the suffix of the output, else text."
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write here instead of to stdout.")
    ] = None,
    days: Days = None,
    runs: RunsAWeek = None,
    at: Times = None,
    taken: TakenDays = None,
    away: AwayDays = None,
    long_run: LongRun = None,
    person: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            callback=check_name,
            help="Whose plan it is, to keep two apart in one calendar. Without it: the record_id, or me.",
        ),
    ] = None,
    past: Past = False,
    full: Full = False,
    db: Database = None,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Lay the plan out on the calendar: week by week, what to do on which day, and how.

    After `afterrun start` it needs no FILE: the weeks are those that the check-ins have left, and a
    calendar that is exported again updates its events and takes back what no longer stands.
    --format ics makes events for a calendar, csv a row a session, html a page to print, svg a picture.
    html, markdown and pdf (extra 'pdf') show how each exercise is done, with drawings.
    Times belong to no time zone: a session stays on its day wherever you are. Where the answers call
    for being seen first there is no plan, and you are told what to do instead.

    Days, times and runs a week are kept where rests allow it; what does not fit is said.

    Example:  afterrun plan intake.yaml --start 2027-03-01 --days mon,wed,sat -o plan.ics
    """
    from afterrun_cli.diary.plan import plan_of_diary
    from afterrun_cli.runner.plans.of_intake import plan_file
    from afterrun_cli.runner.plans.options import PlanOptions, first_day, refuse_mixed
    from afterrun_cli.runner.plans.wishes import Wishes

    now, wishes = local_now(), Wishes(days, runs, at, taken, away, long_run)
    refuse_mixed(file, db, start, past, wishes)
    options = PlanOptions(wishes, shape, output, now, full=full)
    if file is None:
        plan_of_diary(options, person or "me", db, rulebook)
    else:
        plan_file(file, first_day(start, now.date(), past), options, person, input_format, rulebook)


def start(
    file: IntakeFile,
    start: FirstDay = None,
    again: Annotated[
        bool, typer.Option("--again", help="Begin anew although there is a plan; the old one is kept.")
    ] = False,
    seen: Annotated[
        bool, typer.Option("--seen", help="With --again, after a stop: I have been seen, and I may begin.")
    ] = False,
    past: Past = False,
    days: Days = None,
    runs: RunsAWeek = None,
    at: Times = None,
    taken: TakenDays = None,
    away: AwayDays = None,
    long_run: LongRun = None,
    person: DiaryOwner = "me",
    db: Database = None,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Begin a plan and keep a diary of it, so that `afterrun checkin` can go on from there.

    The diary is a file of your own, which nobody else can read. Needs the extra 'diary'. A plan that a
    new warning sign stopped is begun anew with --again --seen only. Days and times are kept with it, and
    changed later with  afterrun diary settings.

    Example:  afterrun start intake.yaml --start 2027-03-01 --not sun --at run=07:00
    """
    from afterrun_cli.diary.start import StartOptions, start_plan
    from afterrun_cli.runner.plans.wishes import Wishes

    wishes = Wishes(days, runs, at, taken, away, long_run)
    options = StartOptions(start, past, again, seen, local_now(), wishes)
    start_plan(file, options, person, db, input_format, rulebook)


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
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="The day of this check-in, for a week forgotten. Without it: today.",
        ),
    ] = None,
    seen: Annotated[
        bool, typer.Option("--seen", help="After a stop: I have been seen, and I may go on.")
    ] = False,
    correct: Annotated[
        bool,
        typer.Option("--correct", help="Answer the last check-in anew; the old answers are kept beside it."),
    ] = False,
    history: OwnFilesOption = None,
    tz: TimeZone = None,
    table_unit: TableUnit = None,
    person: DiaryOwner = "me",
    db: Database = None,
    shape: Annotated[TextOrJson, typer.Option("--format", help="The shape of the answers.")] = "text",
    log: LogFile = None,
    log_answers: LogAnswers = False,
    full: Full = False,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Tell what to do after a week of the plan: asked in the terminal, or from files.

    After `afterrun start` it goes on from the diary: asks about the week only, and writes it down.
    A new warning sign, taken on any day, stops the plan and says how soon to be seen.
    With --history your own files offer what you ran in that week: Enter takes it, another answer corrects it.
    A check-in file holds {"enrolled": {...}, "checkin": {...}}, in JSON, YAML or JSONL (one a line).

    Example:  afterrun checkin --history export.zip
    """
    from afterrun_cli.diary.check_in import check_in_from_diary
    from afterrun_cli.diary.check_in_options import CheckInOptions
    from afterrun_cli.runner.check_in import check_in
    from afterrun_cli.runner.logged import LogOptions
    from afterrun_cli.runner.own_files import own_files

    now = local_now()
    own = own_files(history, tz, table_unit, now)
    logs = LogOptions(log, log_answers, utc_now)
    options = CheckInOptions(
        answers, date, seen, correct, person, db, shape, full, input_format, rulebook, now, logs, own
    )
    if not check_in_from_diary(files or [], options):
        check_in(files or [], shape, input_format, rulebook, logs, full=full)
