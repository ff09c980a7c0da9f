"""`afterrun history`: files in; what they say, offer and do not, as words, JSON and a picture."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.cli_runs import run
from tests.support.terminals import Terminal

TODAY = date(2026, 3, 8)
DAY = ("--day", "2026-03-08")


def csv_of(folder: Path, kilometres: dict[int, float], name: str = "runs.csv", unit: str = "km") -> Path:
    """Runs by how many days ago they were, as a plain table."""
    rows = (f"{TODAY - timedelta(days)},{km},{int(km * 6)}:00" for days, km in kilometres.items())
    file = folder / name
    file.write_text("\n".join([f"date,distance_{unit},duration", *rows]) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A week of three runs after half a year of two a week."""
    return csv_of(tmp_path, {0: 5, 2: 4.2, 5: 6.3} | dict.fromkeys(range(8, 190, 4), 5.0))


def test_it_tells_what_was_read_what_is_offered_and_why_not(runs: Path) -> None:
    ran = run("history", runs, *DAY)
    assert ran.code == 0, ran.err
    assert "Runs: 49, " in ran.out
    assert "15.5 km" in ran.out
    assert "3 runs, 3 to 8 March 2026" in ran.out
    assert "Sun 8 Mar: 5 km" in ran.out
    assert "What is not offered" in ran.out
    assert "Your files show no break" in " ".join(ran.out.split())
    chart = ran.out[ran.out.index("16 weeks up to 8 March 2026, km") :]
    assert len(re.findall(r"^ +\d+ [A-Z][a-z]{2} .*#", chart, re.MULTILINE)) == 16


@pytest.mark.process
def test_it_fits_sixty_columns(runs: Path, tmp_path: Path) -> None:
    with Terminal("history", runs, *DAY, home=tmp_path, columns=60, rows=120) as terminal:
        assert terminal.end() == 0
        shown = [line for line in terminal.screen if line.strip()]
    assert max(map(len, shown)) <= 60
    assert any("█" * 10 in line for line in shown)


def test_json_says_all_of_it_and_its_offers_are_an_intake(runs: Path, tmp_path: Path) -> None:
    told = json.loads(run("history", runs, *DAY, "--format", "json", "--unit", "mi").out)
    assert (told["day"], told["unit"], len(told["runs"]), len(told["weeks"])) == ("2026-03-08", "mi", 49, 16)
    offer = told["offers"]["volume_last_week"]
    assert (offer["answer"], offer["unit"]) == (9.63, "mi")
    intake = {
        "volume_unit": "mi",
        "volume_last_week": offer["answer"],
        "from_files": {"volume_last_week": offer["from_files"]},
    }
    file = tmp_path / "intake.json"
    file.write_text(json.dumps(intake), encoding="utf-8")
    assert run("assess", file, "--format", "json").code == 0
    assert told["withheld"].keys() == {"weeks_off"}


def test_the_weeks_are_a_picture_with_words(runs: Path, tmp_path: Path) -> None:
    file = tmp_path / "weeks.svg"
    assert run("history", runs, *DAY, "-o", file).code == 0
    picture = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    words = " ".join(picture.itertext())
    assert "16 weeks up to 8 March 2026, km" in words
    assert "2 Mar: 15.5." in words
    assert len(picture.findall(".//{*}rect[@class='bar']")) == 16


def test_weeks_that_no_file_speaks_of_are_no_weeks_without_running(tmp_path: Path) -> None:
    file = csv_of(tmp_path, {0: 5, 18: 5})
    ran = run("history", file, *DAY)
    assert re.search(r"^ +17 Nov +to 15 Feb: not in your files$", ran.out, re.MULTILINE)
    assert ran.out.count("not in your files") == 1
    told = json.loads(run("history", file, *DAY, "--format", "json").out)
    assert [each["known"] for each in told["weeks"]].count(False) == 14
    assert "your files begin on 18 February 2026" in told["withheld"]["volume_before"]


def test_what_cannot_be_read_is_listed_and_the_rest_used(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.gpx").write_text("<gpx", encoding="utf-8")
    ran = run("history", tmp_path, *DAY)
    assert ran.code == 1
    assert "15.5 km" in ran.out
    assert "Left out" in ran.out
    assert "broken.gpx" in ran.out
    picture = run("history", tmp_path, *DAY, "--format", "svg")
    assert picture.code == 1
    assert "broken.gpx" in picture.err


def test_runs_after_a_day_of_the_past_are_no_mistake_of_a_clock(runs: Path) -> None:
    ran = run("history", runs, "--day", "2026-03-01", "--format", "json")
    told = json.loads(ran.out)
    assert (ran.code, told["left_out"]) == (0, [])
    assert told["offers"]["volume_last_week"]["answer"] == 10


def test_a_row_that_may_be_a_run_is_told_beside_the_number_that_may_lack_it(runs: Path) -> None:
    with runs.open("a", encoding="utf-8") as table:
        table.write("2026-03-07,42.2,1:05:00\n3 or 4,5,30:00\n")
    told = json.loads(run("history", runs, *DAY, "--format", "json").out)
    assert [(each["day"], each["may_be_run"]) for each in told["left_out"]] == [
        ("2026-03-07", True),
        (None, True),
    ]
    assert "then the number is too low" in told["offers"]["volume_before"]["note"]
    assert told["offers"]["volume_before"]["from_files"]["left_out"] == 1
    assert told["withheld"]["volume_last_week"] == "1 of what was left out may be a run of these days"
    assert told["withheld"]["running_status"] == "1 of what was left out may be a run of these days"
    shown = " ".join(run("history", runs, *DAY).out.split())
    assert "1 of what was left out may be a run of these days, and then the number is too low." in shown
    assert "2 of what was left out may be runs of these weeks." in shown


def test_rows_of_a_table_that_are_left_out_for_one_reason_are_told_together(tmp_path: Path) -> None:
    file = csv_of(tmp_path, dict.fromkeys(range(2, 1000), 400.0) | {1: 5})
    shown = " ".join(run("history", file, *DAY).out.split())
    assert "runs.csv, row 2, row 3, row 4 and 995 more Its distance is 400 km" in shown
    assert len(shown) < 5000
    picture = run("history", file, *DAY, "--format", "svg")
    assert [each for each in picture.err.splitlines() if "row 4 and 995 more: its distance is 400 km" in each]
    assert len(picture.err.splitlines()) == 1


def test_files_that_hold_nothing_end_it(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("nothing here", encoding="utf-8")
    ran = run("history", file, *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "nothing could be read of these files" in ran.err
    assert "notes.txt" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tz", "Europe/Berln"), "no time zone 'Europe/Berln'. Did you mean 'Europe/Berlin'?"),
        (("--tz", "7?"), "--tz: there is no time zone '7?'. Write it as in Europe/Berlin."),
        (("--unit", "kmh"), "Did you mean 'km'?"),
        (("--day", "8 March"), "'8 March' is no date"),
    ],
)
def test_a_wrong_option_is_told(runs: Path, words: tuple[str, str], said: str) -> None:
    ran = run("history", runs, *words)
    assert ran.code == 2
    assert said in ran.err


def test_a_table_that_tells_no_unit_is_read_as_is_said(tmp_path: Path) -> None:
    file = csv_of(tmp_path, {0: 5, 300: 5})
    file.write_text(file.read_text(encoding="utf-8").replace("distance_km", "distance"), encoding="utf-8")
    assert "has no distance" in run("history", file, *DAY).out
    assert "5 km" in run("history", file, *DAY, "--table-unit", "km").out
    assert "5 mi" in run("history", file, *DAY, "--table-unit", "mi").out


def test_a_page_and_markdown_say_the_same(runs: Path, tmp_path: Path) -> None:
    page = tmp_path / "history.html"
    assert run("history", runs, *DAY, "-o", page).code == 0
    for text in (page.read_text(encoding="utf-8"), run("history", runs, *DAY, "--format", "markdown").out):
        assert "15.5 km" in text
        assert "3 runs, 3 to 8 March 2026" in text


def test_a_name_of_a_file_steers_nothing(tmp_path: Path) -> None:
    evil = csv_of(tmp_path, {0: 5, 300: 5}, "a\x1b[31mb.csv", unit="parsecs")
    ran = run("history", evil, *DAY)
    assert "\x1b" not in ran.out + ran.err


def words_of(*command: str | Path) -> str:
    return " ".join(run("history", *command).out.split())


def test_an_offer_shows_what_its_number_is_made_of(runs: Path) -> None:
    said = words_of(runs, *DAY)
    longest = said[said.index("What was your longest single run") : said.index("What is not offered")]
    assert "the longest on 3 March 2026 - Tue 3 Mar: 6.3 km" in longest
    assert longest.endswith("5 km - and 6 shorter runs ")
    average = said[said.index("And how much a week") : said.index("What was your longest single run")]
    assert "23 Feb to 1 Mar: 10 km (Tue 5, Sat 5)" in average
    assert average.endswith("- In all 35 km - ")
    assert "16 % more a week in the last 4 weeks than from 17 November 2025 to 8 February 2026." in said


def test_a_break_is_told_by_its_days(tmp_path: Path) -> None:
    before = dict.fromkeys(range(60, 190, 4), 5.0)
    back = words_of(csv_of(tmp_path, {0: 5, 2: 4, 5: 4} | before), *DAY)
    assert "No regular running from 7 January to 3 March 2026, for 7 weeks." in back
    walk = "2026-03-08,3,40:00,walk\n"
    file = csv_of(tmp_path, dict.fromkeys(range(30, 190, 4), 5.0))
    rows = [f"{row},{'sport' if row.startswith('date') else 'run'}" for row in file.read_text().splitlines()]
    file.write_text("\n".join([*rows, walk]))
    assert "No regular running since 6 February 2026, for 4 weeks." in words_of(file, *DAY)


def test_many_runs_told_twice_are_told_together_and_in_full_one_by_one(runs: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    again.write_text(runs.read_text(encoding="utf-8") + "2024-01-01,5,30:00\n", encoding="utf-8")
    briefly = words_of(runs, again, *DAY)
    assert "49 runs, 1 September 2025 to 8 March 2026 Counted from" in briefly
    assert briefly.count("Counted from") == 1
    assert "row 2" not in briefly
    fully = words_of(runs, again, *DAY, "--full")
    assert fully.count("Counted from") == 49
    one_by_one = fully[fully.index("Run by run") :]
    assert one_by_one.count("again.csv, row ") + one_by_one.count("runs.csv, row ") == 50


def test_units_that_there_are_are_told_where_none_is_near(runs: Path) -> None:
    assert (
        "there is no unit 'furlongs'. There is: km, mi, min."
        in run("history", runs, "--unit", "furlongs").err
    )


def test_a_suffix_that_is_none_of_a_history_is_refused(runs: Path, tmp_path: Path) -> None:
    file = tmp_path / "history.pdf"
    ran = run("history", runs, *DAY, "-o", file)
    assert ran.code == 2
    assert "no history has this suffix; use one of .txt, .json, .md, .html, .htm, .svg" in ran.err
    assert not file.exists()
    assert run("history", runs, *DAY, "--format", "text", "-o", file).code == 0
