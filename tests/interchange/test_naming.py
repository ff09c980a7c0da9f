"""Canonical names and ids stay what they are as long as the rulebook does."""

from dataclasses import replace

from afterrun.interchange import canonical, stable_id
from afterrun.rulebook import Rulebook


def test_a_name_begins_with_the_publishers_address(rulebook: Rulebook) -> None:
    assert rulebook.codes is not None
    codes = rulebook.codes.changed(canonical="https://clinic.example.org/fhir")
    published = replace(rulebook, codes=codes)
    assert (
        canonical(published, "CodeSystem", "pain_site")
        == "https://clinic.example.org/fhir/CodeSystem/pain-site"
    )


def test_a_rulebook_without_an_address_is_served_nowhere(rulebook: Rulebook) -> None:
    assert canonical(replace(rulebook, codes=None), "Questionnaire", versioned=True) == (
        f"https://fhir.afterrun.invalid/Questionnaire/afterrun-knee|{rulebook.identity.version}"
    )


def test_an_id_hangs_on_the_rulebook_and_on_each_part(rulebook: Rulebook) -> None:
    ids = [
        stable_id(rulebook, "a", "b"),
        stable_id(rulebook, "ab"),
        stable_id(replace(rulebook, digest="0"), "a", "b"),
    ]
    assert len(set(ids)) == 3
    assert stable_id(rulebook, "a", "b") == ids[0]
