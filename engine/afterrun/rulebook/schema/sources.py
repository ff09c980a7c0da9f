"""What the rules rest on, and how that stands against the literature."""

from __future__ import annotations

from typing import Annotated, Literal

from afterrun.rulebook.schema.names import KebabId, Sources, Text
from afterrun.rulebook.schema.written import Limits, Written


class Paragraph(Written):
    """One numbered statement of the article, pinned to the paragraph that makes it."""

    id: str
    kind: Text
    text: Text
    """A paraphrase, never the article's own sentence."""
    sha256: Annotated[str, Limits(pattern=r"^[0-9a-f]{64}$")]
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

    id: KebabId
    citation: Text
    url: str = ""
    read: Literal["seen", "memory"]
    """'seen': an excerpt was read; 'memory': not verified."""
    finding: str = ""
    """What it found, in figures where there are any."""


class SourceFile(Written):
    """`knowledge/sources.yaml`."""

    article: Article
    rows: tuple[Row, ...]
    resolutions: tuple[Resolution, ...]
    publications: tuple[Publication, ...]


class Background(Written):
    """Something the article says that decides nothing."""

    id: KebabId
    text: Text
    sources: Sources


class Verdict(Written):
    """How one claim of the article stands against the literature."""

    id: KebabId
    claim: Text
    verdict: Literal["agrees", "partly", "disagrees", "none_found", "not_applicable"]
    literature: Text
    objection: str = ""
    sources: Sources
