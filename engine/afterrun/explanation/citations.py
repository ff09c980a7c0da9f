"""Source keys in, what they stand for out: statements, rows, resolutions, publications, and verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.inference import Proof
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Verdict

BASIS = {
    "literature": "settled by the literature",
    "judgement": "a judgement",
    "convention": "a convention",
}
VERDICTS = {
    "agrees": "the literature agrees",
    "partly": "the literature agrees in part",
    "disagrees": "the literature disagrees",
    "none_found": "no literature was found",
    "not_applicable": "not a claim that literature could settle",
}


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
            *(
                Citation(f"article:{each.id}", "article statement", each.text)
                for each in sources.article.statements
            ),
            *(
                Citation(f"row:{each.id}", "row of the rule table", each.text, each.pending)
                for each in sources.rows
            ),
            *(
                Citation(f"resolution:{each.id}", "resolution", each.text, BASIS[each.basis])
                for each in sources.resolutions
            ),
            *(
                Citation(
                    each.id,
                    "publication",
                    each.citation,
                    each.finding if each.read == "seen" else f"{each.finding} Not verified.".strip(),
                    each.url,
                )
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
        """How the article's statements among some keys stand against the literature."""
        statements = {key for key in keys if key.startswith("article:")}
        return [each for each in self._verdicts if statements.intersection(each.sources)]


def sources_in(proofs: Iterable[Proof | None]) -> Iterator[str]:
    """Every source that some rule of some proofs names, in reading order; some may come twice."""
    for proof in proofs:
        for step in proof.steps if proof else ():
            yield from step.sources
            yield from sources_in(premise for premise in step.premises if isinstance(premise, Proof))
