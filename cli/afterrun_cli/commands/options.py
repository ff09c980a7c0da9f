"""The options that commands of several families share, each with the one help text it has everywhere."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

TextOrJson = Literal["text", "json"]
IntakeFile = Annotated[str, typer.Argument(metavar="FILE", help="An intake file; - is stdin.")]
InputFormat = Annotated[
    Literal["json", "yaml", "jsonl"] | None,
    typer.Option("--input-format", help="How to read the input. Without it: by suffix, else by the text."),
]


def _log_in_a_file(path: Path | None) -> Path | None:
    """A log is read before it is added to, which no pipe can be."""
    if path is not None and str(path) == "-":
        raise typer.BadParameter("a log is a file, and no pipe; give its name")
    return path


LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="FILE",
        callback=_log_in_a_file,
        help="Write down what is answered, by digests, in this log, which shows any change of it.",
    ),
]
LogAnswers = Annotated[
    bool,
    typer.Option(
        "--log-answers", help="Write the answers into the log, too, so that it can be run again by itself."
    ),
]
Full = Annotated[bool, typer.Option("--full", help="Show all of it, and not the first screen alone.")]
OutputFile = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to. Without it: stdout.")
]
PartName = Annotated[
    str | None,
    typer.Option("--part", metavar="PART", help="Another part of the rulebook, such as checkin."),
]
TimeZone = Annotated[
    str | None,
    typer.Option(
        "--tz",
        metavar="ZONE",
        help="Where you run, as Europe/Berlin: a run counts to its local day. Without it: as the files say, "
        "else this machine's.",
    ),
]
TableUnit = Annotated[
    Literal["km", "mi"] | None,
    typer.Option("--table-unit", help="What tables count distances in that do not say it."),
]
OwnFilesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--history",
        metavar="FILE",
        help="Files of a watch or an app, exports, folders, ZIPs: what they say is offered. May be repeated.",
    ),
]
RulebookFolder = Annotated[
    Path | None,
    typer.Option(
        "--rulebook",
        metavar="DIR",
        help="The folder that holds rules/ and knowledge/, or one packed as a file. Without it: the rulebook "
        "that comes along.",
    ),
]


def check_name(name: str | None) -> str | None:
    """A name as it was given, unless it is none."""
    if name is not None and not (name.strip() and name.isprintable()):
        raise typer.BadParameter("1 to 200 printable characters are a name")
    return name


DiaryOwner = Annotated[
    str, typer.Option(metavar="NAME", callback=check_name, help="Whose diary, if several people share one.")
]
OtherOwner = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", callback=check_name, help="Whose diary, if several people share one.  [default: me]"
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Another diary: a file, sqlite:///FILE or postgresql://... Without it: a file of your own.",
    ),
]


Days = Annotated[
    list[str] | None,
    typer.Option(
        "--days",
        metavar="DAYS",
        help="Days to train on, as mon,wed,fri; of one kind: run=tue,fri,sun. May be repeated.",
    ),
]
RunsAWeek = Annotated[str | None, typer.Option("--runs", metavar="N", help="How many runs a week.")]
Times = Annotated[
    list[str] | None,
    typer.Option(
        "--at",
        metavar="HH:MM",
        help="When sessions begin, on your own clock; of one kind: run=07:00. May be repeated.",
    ),
]
TakenDays = Annotated[
    list[str] | None, typer.Option("--not", metavar="DAYS", help="Days that are taken, as tue,sun.")
]
AwayDays = Annotated[
    list[str] | None,
    typer.Option(
        "--away",
        metavar="FROM..TO",
        help="Days on which you are away, as 2027-04-10..2027-04-17. May be repeated.",
    ),
]
LongRun = Annotated[
    str | None, typer.Option("--long-run", metavar="DAY", help="The day of the longest run, as sun.")
]


def local_now() -> datetime:
    """The one look at the clock that a command takes: the person's own day and time, to the second."""
    return datetime.now().replace(microsecond=0)


def utc_now() -> datetime:
    """The moment at which something is written down in a log."""
    return datetime.now(UTC)


ROLES = ("person", "clinician")
ROLE_METAVAR = f"<{'|'.join(ROLES)}>"
"""What help shows of a role, which is read by a function."""


def role_named(name: str) -> str:
    """Who reads or signs in; a runner is a person, as every rulebook calls them now."""
    role = "person" if name == "runner" else name
    if role not in ROLES:
        raise typer.BadParameter(f"'{name}' is not one of {', '.join(ROLES)}.")
    return role
