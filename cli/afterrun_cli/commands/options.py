"""The options that commands of several families share, each with the one help text it has everywhere."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

TextOrJson = Literal["text", "json"]
IntakeFile = Annotated[str, typer.Argument(metavar="FILE", help="An intake file; - is stdin.")]
InputFormat = Annotated[
    Literal["json", "yaml", "jsonl"] | None,
    typer.Option("--input-format", help="How to read the input. Without it: by suffix, else by the text."),
]
Full = Annotated[bool, typer.Option("--full", help="Show all of it, and not the first screen alone.")]
OutputFile = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to. Without it: stdout.")
]
RulebookFolder = Annotated[
    Path | None,
    typer.Option(
        "--rulebook",
        metavar="DIR",
        help="The folder that holds rules/ and knowledge/. Without it: the rulebook that comes along.",
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


def local_now() -> datetime:
    """The one look at the clock that a command takes: the person's own day and time, to the second."""
    return datetime.now().replace(microsecond=0)
