"""Classification codes for whoever treats the person, never a diagnosis: `knowledge/codes.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from afterrun.rulebook.schema.names import PatternId, Text
from afterrun.rulebook.schema.written import SOME, Limits, Written

Classification = Literal["icd_10_cm", "icd_11"]
"""A classification whose codes may be suggested."""
Checks = tuple[str, ...]
"""How it was checked, by the letters of `checks`."""


class Coded(Written):
    """One code of a classification."""

    code: Annotated[
        str,
        Limits(
            pattern=r"^[0-9A-Z]{2,6}(\.[0-9A-Z]{1,4})?-?$",
            form="as in M25.569, or with '-' at its end for all codes that begin so, as in M84.35-",
        ),
    ]
    title: str = ""
    """As the classification words it, unaltered."""
    side: Literal["right", "left", "both", "unspecified"] | None = None
    check: Checks = ()
    """Where it was checked otherwise than those beside it."""
    note: str = ""
    """What has to be known before it is used."""


class Classified(Written):
    """What one classification has for a condition: codes, or words on why there is none, or both."""

    words: str = ""
    check: Checks = ()
    title: str = ""
    """Of all codes that have none of their own."""
    codes: tuple[Coded, ...] = ()

    def __post_init__(self) -> None:
        """Something is said, and of everything how it was checked."""
        if not (self.words or self.codes):
            raise ValueError("names 'codes', or says in 'words' why there is none")
        if not (self.check or (self.codes and all(each.check for each in self.codes))):
            raise ValueError("say in 'check' how these codes were checked")
        if len({each.code for each in self.codes}) < len(self.codes):
            raise ValueError("names a code twice")

    def checks_of(self, coded: Coded) -> tuple[str, ...]:
        """How one of its codes was checked."""
        return coded.check or self.check

    def title_of(self, coded: Coded) -> str:
        """The title of one of its codes, empty where it was not read."""
        return coded.title or self.title


class Code(Written):
    """The codes of one condition, suggested to a clinician."""

    condition: Text
    pattern: PatternId | None = None
    icd_10_cm: Classified
    icd_11: Classified
    confidence: Text
    caution: str = ""

    def classified(self) -> Iterator[tuple[Classification, Classified]]:
        """What each classification has for it."""
        yield "icd_10_cm", self.icd_10_cm
        yield "icd_11", self.icd_11


class Exchanged(Written):
    """Which codes of a classification may leave in data that another program reads."""

    system: Annotated[
        str, Limits(pattern=r"^(https?://|urn:)\S+$", form="as in http://hl7.org/fhir/sid/icd-10-cm")
    ]
    """By which HL7 names the classification."""
    checks: Annotated[Checks, SOME]
    """A code leaves if it was checked in one of these ways."""


class CodeFile(Written):
    """`knowledge/codes.yaml`."""

    canonical: Annotated[
        str,
        Limits(
            pattern=r"^(https?://[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*)?$",
            form="as in https://fhir.example.org, without a slash at its end",
        ),
    ] = ""
    """What all names that are exchanged as FHIR begin with: an address of whoever publishes the rulebook."""
    licences: tuple[Text, ...]
    checks: Mapping[str, str]
    cautions: tuple[Text, ...]
    exchanged: Mapping[Classification, Exchanged] = {}
    """The classifications whose codes may leave; without an entry they are words for a reader."""
    codes: Annotated[tuple[Code, ...], SOME]
    """The first is that of the symptom itself."""

    def leaving(self, classification: Classification, classified: Classified) -> tuple[Coded, ...]:
        """Its codes that may leave: checked, whole, with the side left open, and with nothing to note."""
        exchanged = self.exchanged.get(classification)
        return tuple(
            each
            for each in classified.codes
            if exchanged is not None
            and set(exchanged.checks).intersection(classified.checks_of(each))
            and each.side in (None, "unspecified")
            and not (each.note or each.code.endswith("-"))
        )
