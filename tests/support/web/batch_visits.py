"""Somebody who gives files to the pages of batches, and what is then kept of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.web.visits import SETTINGS, Served, Visitor, served

PATIENCE = 120
"""Seconds after which a run that does not end is a fault."""


class Giver:
    """A browser before the pages of batches."""

    def __init__(self, server: Served, visitor: Visitor | None = None) -> None:
        self.server = server
        self.visitor = visitor or Visitor(server.address)
        self.form: dict[str, str] = {}

    def ask(self) -> Giver:
        """Open the page that takes a file, and keep its form."""
        self.visitor.open("/batch")
        button = next(each for each in self.visitor.buttons if each.words == "Assess the file")
        self.form = {name: value for name, value in button.fields if name != "file"}
        return self

    def send(self, name: str, content: bytes, **fields: str) -> Giver:
        """Send the form with a file."""
        self.visitor.post("/batch", data={**self.form, **fields}, files={"file": (name, content)})
        return self

    def give(self, name: str, content: bytes, **fields: str) -> Giver:
        """A file in, and the page of its run."""
        return self.ask().send(name, content, **fields)

    @property
    def place(self) -> str:
        """Where the page is that is shown."""
        return self.visitor.sent[-1].removeprefix(self.server.address)

    def wait(self) -> Giver:
        """Load the page anew as a browser does, until nothing more is to come."""
        until = time.monotonic() + PATIENCE
        while "refresh" in self.visitor.headers:
            assert time.monotonic() < until, self.visitor.text
            time.sleep(0.1)
            self.visitor.open(self.place)
        return self

    def fetched(self, what: str) -> bytes:
        """A file of the run."""
        place = self.place
        content = self.visitor.open(f"{place}/{what}").content
        assert self.visitor.status == 200, self.visitor.text
        self.visitor.open(place)
        return content


@contextmanager
def taking_files(base: Path, **more: Any) -> Iterator[Served]:
    """Serve pages that take files."""
    with served(SETTINGS._replace(batches=base, **more)) as server:
        yield server


def kept(base: Path) -> list[Path]:
    """Every file that lies below the folder of a server."""
    return [each for each in base.rglob("*") if each.is_file()]
