"""Clients of others talk to the running server: fhirpy, and Medplum's, which calls the hooks as well."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome

import afterrun
from afterrun.interchange import bundle_of, canonical, next_step, questionnaire_of, read_response, response_of
from tests.support.fhir.conversations import CASES, begun
from tests.support.fhir.hook_calls import SERVICE, SERVICES, call
from tests.support.fhir.hook_clients import SERVED_AT, clients_file, token
from tests.support.fhir.judges import JUDGES, need_judges
from tests.support.web.visits import NOW, SETTINGS, Served, served

PROGRAM = Path(__file__).with_name("medplum_client.mjs")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that knows the clients of its hooks."""
    folder = tmp_path_factory.mktemp("clients")
    with served(SETTINGS._replace(hook_clients=clients_file(folder))) as running:
        yield running


def test_fhirpy_finds_reads_asks_and_hears_what_is_wrong(server: Served, rulebook: afterrun.Rulebook) -> None:
    client: Any = SyncFHIRClient(f"{server.address}/fhir")
    url = canonical(rulebook, "Questionnaire")
    whole = questionnaire_of(rulebook)
    assert client.resources("Questionnaire").search(url=url).first().serialize() == whole
    assert client.reference("Questionnaire", whole["id"]).to_resource().serialize() == whole
    asked = client.execute("Questionnaire/$next-question", method="post", data=begun(rulebook))
    assert asked == next_step(rulebook, begun(rulebook))
    response = response_of(rulebook, CASES["V001"]["answers"], authored="2027-03-03T12:00:00Z")
    told = client.execute("QuestionnaireResponse/$extract", method="post", data=response)
    assert told == bundle_of(rulebook, read_response(rulebook, response))
    with pytest.raises(OperationOutcome) as error:
        client.execute(
            "QuestionnaireResponse/$extract", method="post", data={**response, "status": "stopped"}
        )
    assert error.value.resource["issue"][0]["expression"] == ["QuestionnaireResponse.status"]


@pytest.mark.process
@pytest.mark.slow
def test_medplums_client_lists_the_hooks_calls_one_and_asks(
    server: Served, rulebook: afterrun.Rulebook
) -> None:
    need_judges()
    patient, story = {"reference": "Patient/1"}, CASES["V001"]["answers"]
    response = response_of(rulebook, story, subject=patient, authored=NOW.isoformat())
    asks = {
        "tokens": {
            "services": token(f"{SERVED_AT}{SERVICES}", NOW),
            "service": token(f"{SERVED_AT}{SERVICE}", NOW),
        },
        "service": "afterrun-knee",
        "call": call({"response": response}),
        "response": begun(rulebook),
        "wrong": {**response, "status": "entered-in-error"},
    }
    ran = subprocess.run(
        ["node", str(PROGRAM), str(JUDGES), f"{server.address}/"],
        input=json.dumps(asks),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["services"]["services"][0]["hook"] == "patient-view"
    assert "Self-care" in told["cards"]["cards"][0]["summary"]
    assert told["cards"]["cards"][0]["suggestions"]
    assert told["next"] == next_step(rulebook, begun(rulebook))
    assert told["found"]["total"] == 1
    assert told["outcome"]["issue"][0]["expression"] == ["QuestionnaireResponse.status"]
