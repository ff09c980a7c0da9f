"""Source keys in, what they stand for out: statements, rows, resolutions, publications, and verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.inference import Proof
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Publication, Verdict

BASIS = {
    "literature": "settled by the literature",
    "judgement": "a judgement",
    "convention": "a convention",
}
_VERDICTS = {
    "agrees": "the literature agrees",
    "partly": "the literature agrees in part",
    "disagrees": "the literature disagrees",
    "none_found": "no literature was found",
    "not_applicable": "a claim beyond the article",
}

CERTAINTIES = {
    "high": "high certainty",
    "moderate": "moderate certainty",
    "low": "low certainty",
    "very_low": "very low certainty",
    "no_evidence": "no evidence",
    "not_graded": "certainty not graded",
}
"""How sure one may be of a claim, by GRADE."""
_FROM_MEMORY = {"first_author": "first author", "year": "year", "n": "n", "doi": "doi"}


class Citation(NamedTuple):
    """One source as a reader meets it."""

    key: str
    kind: str
    """Article statement, row of the rule table, resolution, or publication."""
    text: str
    note: str = ""
    url: str = ""


class Citations:
    """A rulebook's sources by key."""

    def __init__(self, rulebook: Rulebook) -> None:
        sources = rulebook.sources
        found = [
            *(Citation(f"article:{each.id}", "article statement", each.text) for each in sources.statements),
            *(
                Citation(f"row:{each.id}", "row of the rule table", each.text, each.pending)
                for each in sources.rows
            ),
            *(
                Citation(f"resolution:{each.id}", "resolution", each.text, BASIS[each.basis])
                for each in sources.resolutions
            ),
            *(
                Citation(each.id, "publication", each.cited, _looked_at(each), each.link)
                for each in sources.publications
            ),
        ]
        self._by_key = {each.key: each for each in found}
        self._verdicts = rulebook.evidence

    def __getitem__(self, key: str) -> Citation:
        return self._by_key[key]

    def __iter__(self) -> Iterator[Citation]:
        return iter(self._by_key.values())

    def of(self, keys: Iterable[str]) -> list[Citation]:
        """The citations of some keys, each once, in that order."""
        return [self._by_key[key] for key in dict.fromkeys(keys) if key in self._by_key]

    def verdicts(self, keys: Iterable[str]) -> list[Verdict]:
        """How what some keys claim, statements of the article and rows, stands against the literature."""
        claims = {key for key in keys if key.startswith(("article:", "row:"))}
        return [each for each in self._verdicts if claims.intersection(each.sources)]


def _looked_at(each: Publication) -> str:
    """What was found there, and what nobody has looked up."""
    if each.read == "memory":
        return f"{each.finding} Not verified.".strip()
    from_memory = ", ".join(_FROM_MEMORY[name] for name in each.from_memory)
    unsure = f" From memory: {from_memory}." if from_memory else ""
    return f"{each.finding} Looked at {each.looked_at}.{unsure}".strip()


def verdict_words(verdict: Verdict) -> str:
    """How a claim stands against the literature, and how sure that is."""
    return f"{verdict_alone(verdict)}; {CERTAINTIES[verdict.certainty]}"


def verdict_alone(verdict: Verdict) -> str:
    """How a claim stands against the literature."""
    return _VERDICTS[verdict.verdict]


def sources_in(proofs: Iterable[Proof | None]) -> Iterator[str]:
    """Every source that some rule of some proofs names, in reading order; some may come twice."""
    for proof in proofs:
        for step in proof.steps if proof else ():
            yield from step.sources
            yield from sources_in(premise for premise in step.premises if isinstance(premise, Proof))
