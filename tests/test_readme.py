"""What the README shows is what the program does."""

import doctest
import re
from pathlib import Path

from tests.cli_runs import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_consultation_in_the_readme_is_the_real_one() -> None:
    shown = run("assess", str(ROOT / "tests/intakes/readme.yaml")).out
    indented = "\n".join(f"    {line}".rstrip() for line in shown.rstrip().splitlines())
    assert without_digest(indented) in without_digest(README)


def without_digest(text: str) -> str:
    """The rulebook's digest changes with every word of it; what it says need not."""
    return re.sub(r"\([0-9a-f]{12}\)", "(digest)", text)


def test_the_library_example_in_the_readme_runs() -> None:
    parsed = doctest.DocTestParser().get_doctest(README, {}, "README.md", "README.md", 0)
    assert parsed.examples
    outcome = doctest.DocTestRunner(verbose=False).run(parsed)
    assert outcome.failed == 0


def test_every_link_in_the_documents_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
