"""What the README shows is what the program does."""

import doctest
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from yaml import safe_load

from tests.support.cli_runs import run
from tests.support.paths import EXAMPLES, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_consultation_in_the_readme_is_the_real_one() -> None:
    shown = run("assess", str(EXAMPLES / "readme.yaml")).out
    assert without_digest(indented(shown)) in without_digest(README)


def test_the_plan_in_the_readme_is_the_real_one() -> None:
    shown = run("plan", str(EXAMPLES / "readme.yaml"), "--full", "--start", "2027-03-01", "--past").out
    chart, _, rest = shown.partition("\n\nRun, weeks 1 to 4")
    assert rest
    assert indented(chart) in README


@pytest.mark.slow
def test_the_check_in_in_the_readme_changes_the_plan_as_it_says(tmp_path: Path) -> None:
    start = date.today() - timedelta(days=date.today().weekday() + 7)
    intake, week = (str(EXAMPLES / name) for name in ("readme.yaml", "flat_week.yaml"))
    assert run("start", intake, "--start", str(start), "--past", home=tmp_path).code == 0
    shown = run("checkin", "--answers", week, "--full", home=tmp_path).out
    assert without_dates(without_digest(indented(shown))) in without_dates(without_digest(README))


def test_the_files_in_the_readme_say_what_it_shows_and_its_story() -> None:
    shown = indented(run("history", str(EXAMPLES / "runs.csv"), "--day", "2027-02-28").out)
    for begins, ends in (
        ("      - How much did you run", "      - And how much"),
        ("    Running: 16 weeks up to", "\n\n    To know"),
    ):
        told = shown[shown.index(begins) : shown.index(ends)].rstrip()
        assert told in README
    told = run("history", str(EXAMPLES / "runs.csv"), "--day", "2027-02-28", "--format", "json").out
    story = safe_load((EXAMPLES / "readme.yaml").read_text(encoding="utf-8"))
    offers = {name: each["answer"] for name, each in json.loads(told)["offers"].items()}
    assert len(offers) == 5
    assert offers == {name: story[name] for name in offers}


def indented(text: str) -> str:
    """As code stands in a document."""
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip().splitlines())


def without_dates(text: str) -> str:
    """The diary takes no week that has not come, so that the days differ from those of the document.

    And with their length the places where lines end, and how far a title is underlined.
    """
    days = re.sub(r"\d+\s+[A-Z][a-z]{2}(\s+\d{4})?\b", "DAY", text)
    return " ".join(re.sub(r"={4,}|-{4,}", "====", days).split())


def without_digest(text: str) -> str:
    """The rulebook's digest changes with every word of it; what it says need not."""
    return re.sub(r"\([0-9a-f]{12}\)", "(digest)", text)


def test_the_library_example_in_the_readme_runs() -> None:
    parsed = doctest.DocTestParser().get_doctest(README, {}, "README.md", "README.md", 0)
    assert parsed.examples
    outcome = doctest.DocTestRunner(verbose=False).run(parsed)
    assert outcome.failed == 0


def test_every_link_in_the_documents_leads_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
