"""A result that cannot be written: one exit code and one way to say it, whichever command it is."""

from pathlib import Path

import pytest

from tests.support.cli_runs import SAMPLE, run
from tests.support.paths import EXAMPLES, ROOT

RUNS = EXAMPLES / "runs.csv"
COMMANDS = {
    "report": ["report", SAMPLE, "-o", "OUT.html"],
    "plan": ["plan", SAMPLE, "--start", "2027-03-01", "-o", "OUT.md"],
    "migrate": ["migrate", SAMPLE, "-o", "OUT.json"],
    "exercises": ["exercises", "split_squat", "-o", "OUT.svg"],
    "history": ["history", RUNS, "--day", "2027-02-28", "-o", "OUT.svg"],
    "fhir questionnaire": ["fhir", "questionnaire", "-o", "OUT.json"],
    "rules pack": ["rules", "pack", "-o", "OUT.rulebook"],
    "rules export": ["rules", "export", "--dmn", "OUT.dmn"],
    "rules diff": ["rules", "diff", ROOT, ROOT, "-o", "OUT.md"],
    "ask --save": ["ask", "--save", "OUT.json"],
}


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS.values(), ids=list(COMMANDS))
def test_what_cannot_be_written_ends_with_three(tmp_path: Path, words: list[object]) -> None:
    out = tmp_path / "none" / "out"
    given = [str(each).replace("OUT", str(out)) for each in words]
    ran = run(*given, home=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert " cannot be written: " in ran.err
    assert not out.parent.exists()
