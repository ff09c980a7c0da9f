"""Three runners, from the first question to a second check-in, by what the screen says to type."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.cli_runs import COMMAND
from tests.support.paths import ROOT
from tests.support.terminals import Terminal

pytestmark = [pytest.mark.process, pytest.mark.slow]

START = date.today() - timedelta(days=14)
"""Two weeks of the plan are over, so that two check-ins are due."""
QUESTIONS = {
    "How old are you": "34",
    "have you had any of these": "10",
    "start with an injury": "1",
    "Right now, is any of this true": "7",
    "Does the knee do any of this": "6",
    "of you since it began": "9",
    "Do any of these apply": "16",
    "how long does it last": "2",
    "How bad was the worst pain": "4",
    "How many weeks ago": "10",
    "Has it gone away, and come back": "2",
    "Which fits you best": "2",
    "what changed": "1",
    "how many leg strength sessions": "2",
    "full comfortable range": "1",
    "Try two checks": "1",
    "main reason": "6",
    "Enter shows the result": "",
    "Enter shows the rest": "q",
    # The week
    "Type n for none": "n",
    "More follow": "n",
    "How many whole weeks": "0",
    "how many were planned": "3",
    "the worst knee": "1",
    "more repetitions": "2",
    "the mornings after": "2",
    "would you like to run": "",
    "writes the week down": "",
}


class Story(NamedTuple):
    """A runner: what they answer, what their plan tells them, and what their calendar holds."""

    answers: Mapping[str, str]
    weeks: Mapping[str, str]
    told: tuple[str, ...]
    planned: tuple[str, ...]


STORIES = {
    "no equipment": Story(
        {
            "Where is it": "1",
            "When do you feel it": "1",
            "What else brings it on": "1 2",
            "How much did you run in the last 7 days": "20 km",
            "4 weeks before that": "20",
            "every week with no knee pain": "10",
            "get back to": "30",
            "longest single run": "8",
            "entered an event": "",
            "What can you train with": "5",
        },
        {"How many leg sessions": "3", "How much did you run in that week": "0"},
        ("The tendon below the kneecap: likely", "slow, heavy"),
        ("Tendon training", "Stand up on one leg"),
    ),
    "miles": Story(
        {
            "Where is it": "5",
            "When do you feel it": "3",
            "What else brings it on": "7",
            "How much did you run in the last 7 days": "28 miles",
            "4 weeks before that": "20",
            "every week with no knee pain": "16k",
            "get back to": "25",
            "longest single run": "6 mi",
            "entered an event": "",
            "What can you train with": "",
        },
        {"How much did you run in that week": "8.9"},
        ("Four weeks of the same amount", "Run 8.9 mi this week"),
        (" mi", "Run"),
    ),
    "a marathon in 12 weeks": Story(
        {
            "Where is it": "1",
            "When do you feel it": "1",
            "What else brings it on": "1 2",
            "How much did you run in the last 7 days": "45 kilometers",
            "4 weeks before that": "30",
            "every week with no knee pain": "20",
            "get back to": "60",
            "longest single run": "15",
            "entered an event": "12",
            "What can you train with": "2",
        },
        {"How many leg sessions": "3", "How much did you run in that week": "0"},
        ("Your event",),
        ("Tendon training",),
    ),
}


@pytest.fixture
def home() -> Iterator[Path]:
    """A home whose paths are as long as a person's."""
    folder = Path(tempfile.mkdtemp(prefix="anna-katharina-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


def lead(terminal: Terminal, answers: Mapping[str, str]) -> None:
    """Answer all that is asked, the last question on the screen by its words."""
    while terminal.asks():
        asked = terminal.new
        known = {words: asked.rfind(words) for words in answers if words in asked}
        assert known, asked
        terminal.type(answers[max(known, key=lambda words: known[words])])


def opened(words: list[str], home: Path) -> Terminal:
    """What the screen said to type, typed."""
    return Terminal(*words[1:], program=words[:1], home=home, columns=80, rows=60, cwd=home)


@pytest.mark.parametrize("name", STORIES)
def test_from_the_first_question_to_a_second_check_in(home: Path, name: str) -> None:
    story = STORIES[name]
    made = (ROOT / ".venv/installed").exists()
    begin = ["make", "-s", "-C", str(ROOT), "ask"] if made else [str(COMMAND), "ask"]
    with opened(begin, home) as asking:
        lead(asking, {**QUESTIONS, **story.answers})
        assert asking.end() == 0
    for words in story.told:
        assert words in asking.said
    # What is told is relative to where one stands; a test stands in its own folder.
    start = [word if "/" not in word else str((ROOT / word).absolute()) for word in asking.command("start")]
    with opened([*start, "--start", str(START), "--past"], home) as starting:
        assert starting.end() == 0
    with opened(starting.command("plan -o"), home) as calendar:
        assert calendar.end() == 0
    events = (home / "plan.ics").read_text(encoding="utf-8").replace("\n ", "")
    for words in ("BEGIN:VEVENT", "Check-in for week 1", *story.planned):
        assert words in events
    with opened(starting.command("checkin"), home) as late:
        late.wait_for("report week 1 first")
        late.wait_for_prompt()
        late.type("q")
        assert late.end() == 0
    week = {**QUESTIONS, **story.weeks}
    with opened(late.command("checkin --date"), home) as first:
        lead(first, week)
        assert first.end() == 0
    assert "Week 1 is written down." in first.said
    with opened(starting.command("checkin"), home) as second:
        lead(second, week)
        assert second.end() == 0
    assert "Week 2 is written down." in second.said
    assert re.search(r"Next check-in: from \d+ \w+ \d{4} on", second.said)
