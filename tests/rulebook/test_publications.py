"""Publications lead to a doi, to PubMed, to PMC or to their publisher, and say what nobody looked up."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from afterrun import Rulebook, RulebookError, load_rulebook
from afterrun.explanation import Citations
from afterrun.rulebook.schema import Publication
from tests.support.paths import ROOT

IDENTIFIED = {"doi.org", "pubmed.ncbi.nlm.nih.gov", "pmc.ncbi.nlm.nih.gov"}
SEEN: dict[str, Any] = {
    "id": "a",
    "title": "A trial",
    "design": "RCT",
    "level": 2,
    "read": "seen",
    "looked_at": "2026-11-26",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rulebook, to be spoiled."""
    for folder in ("rules", "knowledge"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_every_link_goes_to_an_identifier_or_a_publisher(rulebook: Rulebook) -> None:
    hosts = {urlsplit(each.link).netloc for each in rulebook.sources.publications if each.link}
    assert hosts > IDENTIFIED
    assert all(rulebook.sources.is_published_at(host) for host in hosts - IDENTIFIED)
    assert not rulebook.sources.is_published_at("notbmj.com")


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ({"doi": "10.1000/a(b)", "pmid": 1}, "https://doi.org/10.1000/a(b)"),
        ({"pmid": 17940147, "pmcid": "PMC1"}, "https://pubmed.ncbi.nlm.nih.gov/17940147/"),
        ({"pmcid": "PMC1"}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/"),
        ({"doi": "10.1000/a", "from_memory": ("doi",), "pmid": 1}, "https://pubmed.ncbi.nlm.nih.gov/1/"),
        ({"doi": "10.1000/a", "from_memory": ("doi",), "url": "https://a.org/b"}, "https://a.org/b"),
        ({"doi": "10.1000/a", "from_memory": ("doi",)}, "https://doi.org/10.1000/a"),
        ({}, ""),
    ],
)
def test_what_was_looked_up_leads_to_the_link(given: dict[str, Any], link: str) -> None:
    assert Publication(**SEEN, **given).link == link


COPIES = {
    "javascript:alert(1)": "is not written as it should be here",
    "JavaScript:alert(1)//https://aafp.org/a": "is not written as it should be here",
    " javascript:alert(1)": "is not written as it should be here",
    "https://aafp.org/a\\njavascript:alert(1)": "is not written as it should be here",
    "data:text/html,x": "is not written as it should be here",
    "file:///etc/passwd": "is not written as it should be here",
    "//aafp.org/a": "is not written as it should be here",
    "ftp://aafp.org/a": "is not written as it should be here",
    "https://": "is not written as it should be here",
    "https://aafp.org@copies.example/a": "is not written as it should be here",
    "https://www.scribd.com/document/1": "'www.scribd.com' is no publisher that this file knows",
    "https://notaafp.org/a": "'notaafp.org' is no publisher that this file knows",
    "https://doi.org/10.1000/a": "'doi.org' is no publisher that this file knows: give a doi, pmid or pmcid",
}


@pytest.mark.slow
@pytest.mark.parametrize("address", COPIES)
def test_an_address_that_is_none_or_a_copy_is_refused_with_its_line(copy: Path, address: str) -> None:
    file = copy / "knowledge" / "sources.yaml"
    old = "https://www.aafp.org/afp/2018/1101/p576.html"
    lines = file.read_text(encoding="utf-8").replace(old, f'"{address}"').splitlines()
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    line = next(place for place, text in enumerate(lines, 1) if f'"{address}"' in text)
    with pytest.raises(RulebookError) as caught:
        load_rulebook(copy)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("knowledge/sources.yaml", line)
    assert COPIES[address] in problem.message


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"looked_at": ""}, "'looked_at' is the day on which it was seen"),
        ({"read": "memory"}, "'looked_at' is the day on which it was seen"),
        ({"looked_at": "2026-02-30"}, "'2026-02-30' is no day of the calendar"),
        ({"pmid": 1, "url": "https://aafp.org/a"}, "takes no 'url'"),
    ],
)
def test_what_does_not_go_together_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Publication(**{**SEEN, **given})


def test_a_citation_says_what_was_studied_how_well_and_what_is_from_memory(rulebook: Rulebook) -> None:
    cited = Citations(rulebook)["nielsen-2014-plos"]
    assert cited.text == (
        "Nielsen 2014. Time to recovery in injured novice runners. PLoS One 9:e99877. "
        "Prospective cohort, n = 254. Level 3"
    )
    assert cited.note.endswith("Looked at 2026-11-26. From memory: n.")
    assert Citations(rulebook)["thomee-1997"].note.endswith("Not verified.")


def test_every_verdict_has_a_certainty(rulebook: Rulebook) -> None:
    assert {each.certainty for each in rulebook.evidence} > {"very_low", "low", "no_evidence"}
