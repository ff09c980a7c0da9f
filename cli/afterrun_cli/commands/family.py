"""What every family of commands is made with, so that each ends as one when the library refuses."""

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from afterrun_cli.terminal.exits import leave_when_refused

Function = TypeVar("Function", bound=Callable[..., Any])


_WHOLE = 1000
"""Characters of a command's line in a list: more than any has, so that it is folded and not cut."""


class Command(TyperCommand):
    """Says what the library refuses while it still knows how it was called."""

    def get_short_help_str(self, limit: int = _WHOLE) -> str:
        return super().get_short_help_str(max(limit, _WHOLE))

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        with leave_when_refused():
            return super().invoke(ctx)


class Group(TyperGroup):
    """The same for a family that does something by itself."""

    def get_short_help_str(self, limit: int = _WHOLE) -> str:
        return super().get_short_help_str(max(limit, _WHOLE))

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        with leave_when_refused():
            return super().invoke(ctx)


class Family(typer.Typer):
    """A family of commands."""

    def __init__(self, **options: Any) -> None:
        # Help comes in plain lines, without loading rich.
        super().__init__(**{"cls": Group, "rich_markup_mode": None, **options})

    def command(  # type: ignore[override]
        self, *names: str, **options: Any
    ) -> Callable[[Function], Function]:
        """Make a function a command of the family."""
        return super().command(*names, **{"cls": Command, **options})
