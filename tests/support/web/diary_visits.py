"""Somebody who keeps a diary on pages: a real server, a real file, and a clock that is set by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import afterrun
from afterrun.diary import Diary, History
from afterrun.rulebook.schema import Question
from tests.support.diaries.weeks import GOOD, runner
from tests.support.web.visits import SETTINGS, Served, Visitor, served

START = date.today() - timedelta(days=60)
"""In the past, so that the command line, which looks at the real clock, can keep the same diary."""


class Keeper:
    """The server, the file, the day that it is, and whoever sits before a page."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.file = folder / "diary.sqlite"
        self.now = datetime.combine(START, time(18)).astimezone()
        self.address = address or str(self.file)
        self.settings = SETTINGS._replace(diary=self.address, now=lambda: self.now)
        self.server: Served
        self.visitor: Visitor
        self.typed: list[str] = []
        """What the same answers are in a terminal."""

    def anew(self) -> None:
        """No diary yet, on the first day, at the first page."""
        for each in self.file.parent.glob("diary.sqlite*"):
            each.unlink()
        self.on(START)
        self.visitor = Visitor(self.server.address)

    def on(self, day: date) -> None:
        """It is the evening of this day."""
        self.now = datetime.combine(day, time(18)).astimezone()

    def at_end_of(self, week: int) -> None:
        """It is the evening of the week's last day."""
        self.on(START + timedelta(days=7 * week - 1))

    def begin(self, rulebook: afterrun.Rulebook, **fields: Any) -> Visitor:
        """Begin a plan from the answers of a result."""
        token = self.server.seal(rulebook, runner())
        self.visitor.post("/diary/start", data={"token": token})
        return self.visitor.press("Begin the plan", start=START.isoformat(), **fields)

    def answer(self, part: afterrun.Rulebook, answers: Mapping[str, Any]) -> Visitor:
        """Answer whatever is asked, up to the end of the questions."""
        visitor, given = self.visitor, {**GOOD, **answers}
        self.typed = []
        for _ in range(40):
            found = re.search(r'name="question" value="(\w+)"', visitor.html)
            words = [each.words for each in visitor.buttons]
            if not found or "/check-in/write" in visitor.html:
                return visitor
            if "Yes, that is right" in words:
                visitor.press("Yes, that is right")
                continue
            self.typed.append(_line(part.questions[found[1]], given.get(found[1])))
            if "Show the list" in words:
                visitor.press("None of these")
            else:
                visitor.answer(part.questions[found[1]], given)
        raise AssertionError(visitor.text)

    def check_in(self, part: afterrun.Rulebook, **answers: Any) -> Visitor:
        """Check in, and write the week down."""
        self.visitor.open("/diary").press("Check in")
        return self.answer(part, answers).press("Write week")

    def histories(self) -> list[History]:
        """What the file holds, read without any page."""
        diary = Diary(self.address)
        try:
            return diary.all_of("me")
        finally:
            diary.close()


@contextmanager
def keeping(folder: Path, address: str = "") -> Iterator[Keeper]:
    """Somebody with a diary in a folder, or at an address of a database, until the end of the block."""
    keeper = Keeper(folder, address)
    with served(keeper.settings) as server:
        keeper.server = server
        yield keeper


def _line(question: Question, answer: Any) -> str:
    if answer is None:
        return ""
    options = [each.id for each in question.options]
    chosen = answer if isinstance(answer, list) else [answer]
    return " ".join(str(options.index(each) + 1) if options else str(each) for each in chosen)


def without_clock(told: Any) -> Any:
    """The same without the moments at which things were written down."""
    if isinstance(told, dict):
        return {key: without_clock(each) for key, each in told.items() if key != "noted_at"}
    return [without_clock(each) for each in told] if isinstance(told, list) else told


def exported(text: bytes | str) -> Any:
    """An export, without its moments."""
    return without_clock(json.loads(text))
