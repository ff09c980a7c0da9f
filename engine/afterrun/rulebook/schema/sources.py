"""What the rules rest on, and how that stands against the literature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from afterrun.rulebook.schema.names import Day, EntryId, KebabId, Source, Sources, Text, day_of
from afterrun.rulebook.schema.written import Limits, Names, Written


class Paragraph(Written):
    """One numbered statement of the article, pinned to the paragraph that makes it."""

    id: str
    kind: Text
    text: Text
    """A paraphrase, never the article's own sentence."""
    sha256: Annotated[str, Limits(pattern=r"^[0-9a-f]{64}$", form="64 digits and letters a to f")]
    """Of the paragraph, white space folded to one blank."""


class Article(Written):
    """The text whose logic the rules encode."""

    title: Text
    words: int
    statements: tuple[Paragraph, ...]


class Row(Written):
    """One row of the agreed rule table."""

    id: str
    text: Text
    pending: str = ""
    """Why the row is not encoded yet."""


class Resolution(Written):
    """How one ambiguity of the article was settled."""

    id: str
    text: Text
    basis: Literal["literature", "judgement", "convention"]


class Publication(Written):
    """A source other than the article."""

    id: Annotated[KebabId, Names("source", offered=False)]
    title: Text
    """Short, in the words of whoever looked at it."""
    first_author: str = ""
    year: int | None = None
    appeared_in: str = ""
    """The journal with volume and page, or who keeps the page."""
    design: Text
    n: int | None = None
    """People studied, or records pooled."""
    level: Annotated[int, Limits(ge=1, le=5)]
    """Of the OCEBM scale of 2011; guidelines and consensus, which it does not rate, stand at 5."""
    doi: Annotated[str, Limits(pattern=r"^(10\.[0-9]{4,9}/\S+)?$", form="as in 10.1000/182")] = ""
    pmid: int | None = None
    pmcid: Annotated[str, Limits(pattern=r"^(PMC[0-9]+)?$", form="PMC and digits, as in PMC1234567")] = ""
    other_id: str = ""
    """Of a trial, a guideline, or a place in a journal."""
    url: Annotated[
        str, Limits(pattern=r"^(https?://[a-z0-9.-]+(/\S*)?)?$", form="as in https://example.org/page")
    ] = ""
    """The publisher's own page, where no identifier that was looked up leads there."""
    from_memory: tuple[Literal["first_author", "year", "n", "doi"], ...] = ()
    """What of this entry was not looked up."""
    read: Literal["seen", "memory"]
    """'seen': an excerpt was read; 'memory': not verified."""
    looked_at: Day = ""
    """The day on which the excerpt was read."""
    finding: str = ""
    """What it found, in figures where there are any."""

    def __post_init__(self) -> None:
        """What was seen was seen on a day, and an address is typed only where no identifier leads there."""
        if (self.read == "seen") != bool(self.looked_at):
            raise ValueError("'looked_at' is the day on which it was seen, and stands with 'read: seen' only")
        if self.looked_at:
            day_of(self.looked_at)
        if self.url and (self.pmid or self.pmcid or (self.doi and "doi" not in self.from_memory)):
            raise ValueError("takes no 'url': its doi, pmid or pmcid leads there")

    @property
    def link(self) -> str:
        """Where a reader finds it: at its identifier, or with its publisher, never at a copy."""
        found = [
            ("https://pubmed.ncbi.nlm.nih.gov/{}/", self.pmid),
            ("https://pmc.ncbi.nlm.nih.gov/articles/{}/", self.pmcid),
            ("{}", self.url),
        ]
        # A doi from memory is better than nothing.
        found.insert(len(found) if "doi" in self.from_memory else 0, ("https://doi.org/{}", self.doi))
        return next((address.format(each) for address, each in found if each), "")

    @property
    def cited(self) -> str:
        """It as a list of references has it, with its design and its level."""
        who = " ".join(str(part) for part in (self.first_author, self.year) if part)
        people = f", n = {self.n}" if self.n else ""
        parts = (
            who,
            self.title.rstrip("."),
            self.appeared_in,
            self.other_id,
            f"{self.design[:1].upper()}{self.design[1:]}{people}",
        )
        return ". ".join((*filter(None, parts), f"Level {self.level}"))

    @property
    def publisher(self) -> str:
        """The host of the typed address."""
        return self.url.split("/")[2] if self.url else ""


class SourceFile(Written):
    """`knowledge/sources.yaml`."""

    article: Article | None = None
    rows: tuple[Row, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    publications: tuple[Publication, ...] = ()
    publishers: Mapping[str, Text] = {}
    """Who is known to publish under a host's name; an address of any other host is taken for a copy."""

    @property
    def statements(self) -> tuple[Paragraph, ...]:
        """Those of the article; none where the rules rest on no article."""
        return self.article.statements if self.article is not None else ()

    @property
    def traced(self) -> bool:
        """Whether there is an article, or a table of rows, that the rules are held against line by line."""
        return bool(self.statements or self.rows)

    @property
    def by_name(self) -> dict[str, Paragraph | Row | Resolution | Publication]:
        """Every source by the name that rules give it."""
        return {
            **{f"article:{each.id}": each for each in self.statements},
            **{f"row:{each.id}": each for each in self.rows},
            **{f"resolution:{each.id}": each for each in self.resolutions},
            **{each.id: each for each in self.publications},
        }

    def in_words(self) -> dict[str, str]:
        """What each source says, or how it is cited and what it found, by the name that rules give it."""
        return {
            name: f"{each.cited}. {each.finding}".strip() if isinstance(each, Publication) else each.text
            for name, each in self.by_name.items()
        }

    def is_published_at(self, host: str) -> bool:
        """Whether a host, or the one that it belongs to, is a publisher's."""
        return any(host == each or host.endswith(f".{each}") for each in self.publishers)


class Background(Written):
    """Something the article says that decides nothing."""

    id: EntryId
    text: Text
    sources: Sources


class Verdict(Written):
    """How one claim of the article stands against the literature."""

    id: EntryId
    claim: Text
    verdict: Literal["agrees", "partly", "disagrees", "none_found", "not_applicable"]
    certainty: Literal["high", "moderate", "low", "very_low", "no_evidence", "not_graded"]
    """By GRADE, for the claim as the rules use it; 'not_graded' while nobody has graded it."""
    literature: Text
    objection: str = ""
    sources: Sources


class Hazard(Written):
    """Something that can go wrong for a person, and what is done about it."""

    id: EntryId
    hazard: Text
    cause: Text
    harm: Text
    sources: tuple[Source, ...] = ()
    """What its controls rest on: the rules and invariants that name one of these are the controls."""
    controls: tuple[Text, ...] = ()
    """Other controls, each with what holds it."""
    remains: Text
    """What may still go wrong."""
    owner: str = ""
    """Who answers for it; nobody yet, where it is empty."""

    def __post_init__(self) -> None:
        """Nothing goes without a control."""
        if not (self.sources or self.controls):
            raise ValueError("a hazard names 'sources' of its rules, or 'controls', or both")
