"""`afterrun plan`: the shapes it writes, the days it refuses, and what it says where there is no plan."""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.support.cli_runs import COMMAND, SAMPLE, environment, run
from tests.support.paths import EXAMPLES, ROOT
from tests.support.random_input.intakes import CALM

SHAPES = ("json", "csv", "html", "svg", "text")
README = EXAMPLES / "readme.yaml"
MONDAY = date.today() + timedelta(days=-date.today().weekday() % 7 + 7)


def plan(*words: str | Path, file: Path = README, start: date | str = MONDAY, **more: Any) -> Any:
    return run("plan", file, "--start", str(start), *words, **more)


@pytest.fixture
def alarming(tmp_path: Path) -> Path:
    file = tmp_path / "alarming.json"
    file.write_text(json.dumps({"age_years": 34, "warning_signs": ["calf_swollen"]}))
    return file


@pytest.fixture
def sore(tmp_path: Path) -> Path:
    intake = {
        **CALM,
        "pain_site": ["muscle"],
        "pain_timing": "after_next_day",
        "pain_duration": "one_to_three_days",
        "provoked_by": ["none"],
        "weeks_since_onset": 1,
        "relapses": "never",
        "running_status": "regular_same",
        "volume_unit": "km",
        "volume_last_week": 20,
        "volume_before": 20,
        "strength_sessions": 2,
        "strength_range": "yes",
        "strength_check": "pass",
    }
    file = tmp_path / "sore.json"
    file.write_text(json.dumps(intake))
    return file


def test_the_text_tells_the_chart_the_weeks_and_how() -> None:
    ran = plan("--full")
    assert (ran.code, ran.err) == (0, "")
    assert "In week 18 you reach your goal of 30 km a week." in " ".join(ran.out.split())
    assert "     5 " in ran.out
    assert "8.8     10.4   ############  |" in ran.out
    assert "Week 18, " in ran.out
    assert "Check-in for week 18" in ran.out
    assert "Run, weeks 5 to 18" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 110


def test_the_first_screen_is_the_first_week() -> None:
    out = plan().out
    assert "Week 1, " in out
    assert ": 8 km" in out
    assert "Run 2.7 km" in out
    assert "Week 2" not in out
    assert len(out.splitlines()) <= 24


def test_what_was_postponed_and_merged_is_told_with_the_reason() -> None:
    out = " ".join(plan("--full", file=SAMPLE).out.split())
    assert "Four weeks of the same amount (not yet, but later, from week 13)" in out
    assert "A ban counts more than a permission" in out
    assert "in its own right from week 13" in out
    assert "asked in week 12" in out


def test_json_holds_every_week() -> None:
    found = json.loads(plan("--format", "json").out)
    assert [week["amount"]["value"] for week in found["weeks"][:6]] == [8, 8, 8, 8, 8.8, 9.6]
    assert found["weeks"][4]["amount"]["ceiling"] == 10.4
    assert (found["unit"], found["goal"], found["triage"]) == ("km", 30, "self_care")
    assert found["weeks"][0]["sessions"][0]["at"].endswith("T18:00")
    assert found["start"] == str(MONDAY)


def test_csv_has_a_row_a_session() -> None:
    rows = list(csv.DictReader(plan("--format", "csv").out.splitlines()))
    found = json.loads(plan("--format", "json").out)
    assert len(rows) == sum(len(week["sessions"]) for week in found["weeks"])
    assert {row["kind"] for row in rows} == {"run", "check_in"}
    first_week = [float(row["amount"]) for row in rows if row["week"] == "1" and row["amount"]]
    assert sum(first_week) == pytest.approx(8)


def test_the_suffix_of_the_output_names_the_shape_and_the_file_is_the_owners(tmp_path: Path) -> None:
    for name, begins in (
        ("a.ics", "BEGIN:VCALENDAR"),
        ("a.svg", "<svg"),
        ("a.html", "<!doctype"),
        ("a.csv", "id,"),
    ):
        file = tmp_path / name
        ran = plan("-o", file)
        assert (ran.code, ran.out, ran.err) == (0, "", "")
        assert file.read_text().startswith(begins)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "a.html", "a.ics", "a.svg"]
    assert json.loads(plan("--format", "json", "-o", "-").out)
    ran = plan("-o", tmp_path / "no" / "such.csv")
    assert (ran.code, ran.out) == (3, "")
    assert "cannot be written" in ran.err


def test_the_calendar_takes_the_time_and_the_person(tmp_path: Path) -> None:
    mine = plan("--format", "ics", "--at", "6:45", "--person", "ann").out
    yours = plan("--format", "ics", "--person", "bo").out
    events = icalendar.Calendar.from_ical(mine).walk("VEVENT")
    assert events[0].decoded("dtstart").strftime("%H:%M") == "06:45"
    uids = [
        {str(each["uid"]) for each in icalendar.Calendar.from_ical(each).walk("VEVENT")}
        for each in (mine, yours)
    ]
    assert not uids[0] & uids[1]


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of another zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="module")
def here() -> dict[str, str]:
    """A plan in every shape, made where the tests run."""
    return {shape: plan("--format", shape, file=SAMPLE).out for shape in SHAPES}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("elsewhere", ["Pacific/Kiritimati", "America/St_Johns"], indirect=True)
def test_the_zone_changes_nothing_but_today(elsewhere: None, here: dict[str, str], shape: str) -> None:
    there = plan("--format", shape, file=SAMPLE)
    assert (there.code, there.out) == (0, here[shape])


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("2027-02-30", "is no date"),
        ("tomorrow", "is no date"),
        ("20270301", "is no date"),
        ("2027-W10-1", "is no date"),
        ("", "is no date"),
        ("2020-01-06", "is over"),
        ("2999-01-01", "more than a year away"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(start: str, said: str) -> None:
    ran = plan(start=start)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_plan_that_began_earlier_can_be_shown() -> None:
    ran = plan("--past", "--format", "json", start="2020-01-06")
    assert ran.code == 0
    assert json.loads(ran.out)["weeks"][0]["from"] == "2020-01-06"


def test_without_a_start_it_is_the_next_monday() -> None:
    found = json.loads(run("plan", README, "--format", "json").out)
    start = date.fromisoformat(found["start"])
    assert start.weekday() == 0
    assert timedelta(0) <= start - datetime.now().date() < timedelta(days=7)


@pytest.mark.parametrize("time", ["25:00", "7", "noon", ""])
def test_a_time_that_makes_no_sense_is_refused(time: str) -> None:
    ran = plan("--at", time)
    assert (ran.code, ran.out) == (2, "")
    assert "is no time of day" in ran.err


def test_a_red_flag_says_what_to_do_and_writes_no_plan(alarming: Path, tmp_path: Path) -> None:
    text = plan(file=alarming)
    assert text.code == 0
    assert text.out.startswith("Same-day care")
    assert "There is no plan by the week." in text.out
    assert "Stop and get assessed" in text.out
    assert json.loads(plan("--format", "json", file=alarming).out)["weeks"] == []
    assert len(plan("--format", "csv", file=alarming).out.splitlines()) == 1
    assert "Be seen today" in plan("--format", "html", file=alarming).out
    for shape in ("ics", "svg"):
        ran = plan("-o", tmp_path / f"plan.{shape}", file=alarming)
        assert (ran.code, ran.out) == (0, "")
        assert "Be seen today" in ran.err
    # An empty calendar would look like an answer; a picture that hung there before must go.
    assert not (tmp_path / "plan.ics").exists()
    assert "Be seen today" in (tmp_path / "plan.svg").read_text()


def test_what_goes_by_no_week_is_said_as_it_is(sore: Path) -> None:
    ran = plan(file=sore)
    assert ran.code == 0
    assert "Nothing that is recommended goes by the week" in " ".join(ran.out.split())
    assert "Sore muscles need no treatment" in ran.out


def test_a_bad_intake_or_a_rulebook_without_a_schedule_is_refused(tmp_path: Path) -> None:
    assert plan(file=tmp_path / "none.yaml").code == 2
    for folder in ("rules", "knowledge"):
        (tmp_path / folder).mkdir()
        for file in (ROOT / folder).glob("*.yaml"):
            if file.name != "schedule.yaml":
                (tmp_path / folder / file.name).write_text(file.read_text())
    ran = plan("--rulebook", tmp_path)
    assert ran.code == 2
    assert "does not say what a week consists of" in ran.err


@pytest.mark.process
def test_the_calendar_says_what_it_lacks() -> None:
    program = (
        "import sys, importlib.util as util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'icalendar' else find(name, *more)\n"
        "from afterrun_cli.main import app\n"
        f"app(['plan', {str(README)!r}, '--format', 'ics'])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.returncode == 3
    assert "pip install 'afterrun[calendar]'" in ran.stderr


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "br", "path", "circle", "rect"):
            self.open.append(tag)
        self.outside += [value or "" for key, value in attrs if key in ("src", "href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_is_well_made() -> None:
    page = plan("--format", "html", file=SAMPLE).out
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    assert outline.outside == []
    assert "script" not in outline.tags
    assert outline.tags.count("h1") == 1
    assert {"main", "table", "svg", "footer"} <= set(outline.tags)
    assert page.count('scope="row"') == 26
    assert '<html lang="en">' in page
    assert "@media print" in page
    assert "not certified as a medical device" in page


@pytest.mark.process
def test_on_a_terminal_the_bars_are_drawn() -> None:
    import pty

    leader, follower = pty.openpty()
    words = [str(COMMAND), "plan", str(README), "--full", "--start", str(MONDAY)]
    variables = {**environment(), "COLUMNS": "100"}
    process = subprocess.Popen(words, stdout=follower, stderr=follower, env=variables, cwd=ROOT)
    os.close(follower)
    shown = b""
    while True:
        try:
            read = os.read(leader, 65536)
        except OSError:
            break
        if not read:
            break
        shown += read
    os.close(leader)
    assert process.wait(timeout=60) == 0
    assert "█████" in shown.decode()
    assert "Check-in for week 18" in shown.decode()
