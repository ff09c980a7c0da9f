"""How names, sources and texts are written, in every kind of file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
KebabId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Source = Annotated[
    str, StringConstraints(pattern=r"^((row|article|resolution):[A-Z]+[0-9]+[a-z]?|[a-z][a-z0-9-]*)$")
]
Sources = Annotated[tuple[Source, ...], Field(min_length=1)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Status = Literal["recommended", "postponed", "merged", "set_aside"]
"""What became of an intervention."""
