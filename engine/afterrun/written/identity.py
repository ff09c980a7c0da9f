"""What the rulebook is called, and what it is not: `knowledge/rulebook.yaml`."""

from __future__ import annotations

from pydantic import Field

from afterrun.written.conditions import Written
from afterrun.written.names import KebabId, Text


class Identity(Written):
    """The rulebook's name, version and standing: `knowledge/rulebook.yaml`."""

    name: KebabId
    version: str
    title: Text
    purpose: Text
    limits: tuple[Text, ...] = Field(description="What the rulebook is not, shown with every result.")
