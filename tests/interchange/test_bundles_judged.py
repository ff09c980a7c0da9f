"""Foreign validators find nothing wrong with what is told of any shared case, nor with the library."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from afterrun import Rulebook, load_rulebook
from afterrun.interchange import bundle_of, library_of, read_response, response_of
from tests.support.fhir.judges import faults
from tests.support.fhir.resources import STORY, cases_in
from tests.support.rulebooks.second import MOULD

pytestmark = [pytest.mark.slow, pytest.mark.process]


def told(
    rulebook: Rulebook, intake: dict[str, Any], authored: str | None = None, on: date | None = None
) -> dict[str, Any]:
    return bundle_of(rulebook, read_response(rulebook, response_of(rulebook, intake, authored=authored)), on)


def parts_of(name: str, bundle: dict[str, Any]) -> dict[str, Any]:
    """Each resource of a Bundle by itself: the schema takes long over a whole one, and tells no place."""
    return {f"{name} {each['fullUrl']}": each["resource"] for each in bundle["entry"]}


def test_they_find_nothing_wrong(rulebook: Rulebook) -> None:
    cases = {each["id"]: each["answers"] for each in cases_in("cases")}
    moment = "2027-03-01T10:00:00+01:00"
    bundles = {name: told(rulebook, intake, moment) for name, intake in cases.items()}
    whole = {
        "whole": bundles["V001"],
        "whole without a day": told(rulebook, STORY),
        "library": library_of(rulebook),
        "mould": library_of(load_rulebook(MOULD)),
    }
    bundles |= {
        "nothing answered": told(rulebook, {}),
        "without a day": told(rulebook, STORY),
        "on a day": told(rulebook, STORY, on=date(2027, 3, 1)),
        "a gap in the screen": told(
            rulebook, {key: each for key, each in STORY.items() if key != "right_now"}
        ),
    }
    parts: dict[str, Any] = {}
    for name, bundle in bundles.items():
        parts |= parts_of(name, bundle)
    for name in ("library", "mould"):
        parts |= parts_of(name, whole[name])
    assert faults({**whole, **parts}) == []
