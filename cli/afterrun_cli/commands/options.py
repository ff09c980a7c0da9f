"""The options that commands of several families share, each with the one help text it has everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

IntakeFile = Annotated[str, typer.Argument(metavar="FILE", help="An intake file; - is stdin.")]
InputFormat = Annotated[
    Literal["json", "yaml", "jsonl"] | None,
    typer.Option("--input-format", help="How to read the input. Without it: by suffix, else by the text."),
]
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
