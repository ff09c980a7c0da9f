"""A person's own files on the pages of the interview: read once, offered, sealed, and kept nowhere."""

from __future__ import annotations

import re
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.intake import FROM_FILES
from afterrun.rulebook import read_yaml
from afterrun_web.sealing import Seal
from tests.support.paths import EXAMPLES
from tests.support.web.visits import SETTINGS, Served, Visitor, served

RUNNING = ("running_status", "weeks_off", "volume_", "longest_run")
TODAY = SETTINGS.now().date()
DAYS = {0: 5, 2: 4.1, 5: 6.5} | dict.fromkeys(range(8, 190, 4), 5.0)
RUNS = "\n".join(
    [
        "date,distance_km,duration",
        *(f"{TODAY - timedelta(day)},{km},{km * 6:.0f}:00" for day, km in DAYS.items()),
    ]
).encode()
OFFERED = {"volume_last_week": "15.6", "volume_before": "8.75", "longest_run_30_days": "6.5"}


@pytest.fixture
def asked(site: Served, rulebook: afterrun.Rulebook) -> Visitor:
    """At the first question about running."""
    written = read_yaml((EXAMPLES / "readme.yaml").read_text(encoding="utf-8"), "readme.yaml").data
    given = {name: value for name, value in written.items() if not name.startswith(RUNNING)}
    visitor = Visitor(site.address)
    return visitor.post("/question", data={"token": site.seal(rulebook, given), "do": "go"})


def give(visitor: Visitor, *files: tuple[str, bytes], **told: str) -> Visitor:
    """Send files in the form of the page."""
    sent = [("file", (name, content, "application/octet-stream")) for name, content in files]
    return visitor.post("/files", data={"token": visitor.token, **told}, files=sent)


def kept(site: Served, rulebook: afterrun.Rulebook, visitor: Visitor) -> dict[str, Any]:
    return dict(Seal(site.settings).open(rulebook, visitor.token).answers)


def value(visitor: Visitor) -> str:
    """What stands in the field of a number."""
    found = re.search(r'id="answer" name="answer" type="text"[^>]*value="([^"]*)"', visitor.html)
    assert found
    return found[1]


def test_files_are_asked_for_where_they_can_answer(site: Served, asked: Visitor) -> None:
    assert asked.question == "running_status"
    assert "Take it from your watch or app" in asked.text
    assert "Take it from" not in Visitor(site.address).press("Begin").text


def test_what_files_say_is_filled_in_and_taken_when_it_is_sent(
    site: Served, rulebook: afterrun.Rulebook, asked: Visitor
) -> None:
    page = give(asked, ("Home to lake.csv", RUNS))
    assert page.status == 200
    assert "Your files hold 49 runs, 27 August 2026 to 3 March 2027." in page.text
    assert "16 weeks up to 3 March 2027, km" in page.text
    assert "Take it from" not in page.text
    assert kept(site, rulebook, page).get("running_status") is None
    page.press("Continue", answer="regular_same")
    for name in ("volume_last_week", "volume_before"):
        assert page.question == name
        assert value(page) == OFFERED[name]
        assert "What your files say is filled in." in page.text
        page.press("Continue")
    answers = kept(site, rulebook, page)
    assert answers[FROM_FILES].keys() == {"running_status", "volume_last_week", "volume_before"}
    assert answers["volume_last_week"] == 15.6
    assert "lake" not in str(answers)


def test_another_answer_came_from_no_file(site: Served, rulebook: afterrun.Rulebook, asked: Visitor) -> None:
    give(asked, ("a.csv", RUNS)).press("Continue", answer="regular_more")
    asked.press("Continue", answer="10", unit="mi")
    answers = kept(site, rulebook, asked)
    assert FROM_FILES not in answers
    assert answers["volume_unit"] == "mi"
    # What comes after is offered in the unit that was chosen.
    assert value(asked) == "5.44"


def test_what_cannot_be_read_is_told_and_the_rest_used(asked: Visitor) -> None:
    page = give(asked, ("bad.gpx", b"<gpx"), ("a.csv", RUNS))
    assert "Left out: bad.gpx: " in page.text
    assert "Your files hold 49 runs, " in page.text
    assert tempfile.gettempdir() not in page.text


def test_files_that_hold_nothing_offer_nothing(asked: Visitor) -> None:
    page = give(asked, ("notes.txt", b"nothing here"))
    assert page.status == 200
    assert "Nothing could be read of these files." in page.text
    assert page.question == "running_status"
    assert "Take it from" in page.text


def test_no_file_is_asked_for_once_more(asked: Visitor) -> None:
    page = asked.post("/files", data={"token": asked.token}, files=[("file", ("", b"", "text/csv"))])
    assert "Choose a file first." in page.text


def test_nothing_of_a_file_stays_on_the_disk(
    asked: Visitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    give(asked, ("a.csv", RUNS), ("../../up.csv", RUNS))
    assert list(tmp_path.rglob("*")) == []


def test_what_is_too_large_is_told(rulebook: afterrun.Rulebook) -> None:
    with served(SETTINGS._replace(largest_batch=1000)) as site:
        visitor = Visitor(site.address)
        page = give(visitor, ("a.csv", RUNS))
        assert page.status == 413
        assert "These files are too large" in page.text
        assert "afterrun ask --history" in page.text


def test_a_form_that_is_none_of_ours_is_refused(asked: Visitor) -> None:
    forged = asked.post("/files", data={"token": "forged"}, files=[("file", ("a.csv", RUNS, "text/csv"))])
    assert forged.status == 400
    assert asked.post("/files", data={"token": "forged"}).status == 415


def test_offers_of_another_day_are_no_more(rulebook: afterrun.Rulebook, asked: Visitor, site: Served) -> None:
    token = give(asked, ("a.csv", RUNS)).token
    tomorrow = site.settings._replace(now=lambda: SETTINGS.now() + timedelta(hours=13))
    with served(tomorrow) as later:
        page = Visitor(later.address).post("/question", data={"token": token, "do": "go"})
        assert page.question == "running_status"
        assert "From your files" not in page.text
        assert "Take it from" in page.text


def test_what_was_assumed_is_told_with_the_name_of_the_file_alone(asked: Visitor) -> None:
    page = give(asked, ("runs.csv", RUNS.replace(b"distance_km", b"distance")))
    assert " runs.csv: Whether its distances are kilometres or miles is told nowhere in it" in page.text
    assert tempfile.gettempdir() not in page.text
    assert "/0/" not in page.text


def test_the_unit_of_a_table_can_be_told(site: Served, rulebook: afterrun.Rulebook, asked: Visitor) -> None:
    assert 'name="table_unit"' in asked.html
    table = ("runs.csv", RUNS.replace(b"distance_km", b"distance"))
    page = give(asked, table, table_unit="mi")
    assert "is told nowhere in it" not in page.text
    page.press("Continue", answer="regular_same")
    assert value(page) == OFFERED["volume_last_week"]
    assert 'value="mi" checked' in page.html


def test_a_time_zone_can_be_told_and_a_wrong_one_reads_nothing(
    site: Served, rulebook: afterrun.Rulebook, asked: Visitor
) -> None:
    begun = asked.token
    night = ("runs.csv", RUNS + f"\n{TODAY - timedelta(6)}T02:00:00Z,7,42:00".encode())
    weeks = []
    for zone in ("UTC", "America/New_York"):
        page = give(asked, night, token=begun, zone=zone).press("Continue", answer="regular_same")
        weeks.append(float(value(page)))
    assert weeks == [22.6, 15.6]
    for zone, hint in (
        ("Europe/Berln", "Did you mean 'Europe/Berlin'?"),
        ("7?", "Write it as in Europe/Berlin."),
    ):
        page = give(asked, night, token=begun, zone=zone)
        assert f"The files were not read: there is no time zone '{zone}'. {hint}" in page.text
        assert "From your files" not in page.text


def test_a_number_that_may_lack_a_run_says_so_beside_its_field(asked: Visitor) -> None:
    page = give(asked, ("runs.csv", RUNS + f"\n{TODAY - timedelta(50)},42.2,1:05:00\nsoon,5,30:00".encode()))
    assert "1 of what was left out may be a run of these days." in page.text
    page.press("Continue", answer="regular_same")
    assert page.question == "volume_last_week"
    assert "1 of what was left out may be a run of these days, and then the number is too low." in page.text


def test_files_that_say_too_little_can_be_replaced(asked: Visitor) -> None:
    page = give(asked, ("poor.csv", f"date,distance\n{TODAY},5\n03/04/2026,5\n".encode()))
    assert "poor.csv, row 3: its date is" in page.text
    assert "Whether its distances are kilometres or miles is told nowhere in it" in page.text
    assert "afterrun-" not in page.text
    assert "<svg" not in page.html
    assert "Take other files instead" in page.text
    page = give(page, ("good.csv", RUNS))
    assert "Your files hold 49 runs, " in page.text
    assert "<svg" in page.html


def test_going_back_shows_what_the_files_say_beside_another_answer(asked: Visitor) -> None:
    page = give(asked, ("a.csv", RUNS)).press("Continue", answer="regular_same")
    page = page.press("Continue", answer="20").press("Back")
    assert page.question == "volume_last_week"
    assert value(page) == "20"
    assert "From your files: 3 runs, " in page.text
    assert "Your files say: 15.6 km" in page.text
