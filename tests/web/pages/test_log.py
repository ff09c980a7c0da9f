"""What pages, API, diary and batches answer is written down before anybody is told of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="pages want the extra 'web': pip install 'afterrun[web]'")
pytest.importorskip("httpx2", reason="asking them wants httpx2: make dev")

import httpx2

import afterrun
from afterrun.interchange import response_of
from afterrun.log import Log, Recorder, verify
from tests.support.logs import INTAKES, WHEN, said_nothing
from tests.support.web.batch_visits import Giver, taking_files
from tests.support.web.diary_visits import Keeper
from tests.support.web.visits import SETTINGS, Visitor, served

URGENT = INTAKES[0]
EXTRACT, SERVICE = "/fhir/QuestionnaireResponse/$extract", "/cds-services/afterrun-knee"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log(tmp_path / "log", said_nothing, "afterrun-knee") as opened:
        yield opened


def entries(tmp_path: Path) -> list[dict[str, Any]]:
    """What the log holds, which is whole."""
    assert verify(tmp_path / "log").whole
    return [json.loads(line)["entry"] for line in (tmp_path / "log").read_bytes().splitlines()]


@pytest.mark.slow
def test_a_result_and_what_the_api_answers_stand_in_the_log(
    tmp_path: Path, log: Log, rulebook: afterrun.Rulebook
) -> None:
    recorder = Recorder(log, lambda: WHEN, answers=True)
    with served(SETTINGS._replace(recorder=recorder)) as server:
        visitor = Visitor(server.address)
        visitor.post("/result", data={"token": server.seal(rulebook, {"warning_signs": ["calf_swollen"]})})
        assert visitor.status == 200
        assert httpx2.post(f"{server.address}/api/assess", json=URGENT).status_code == 200
        week = {"enrolled": {}, "checkin": {"new_warning_signs": ["calf_swollen"]}}
        assert httpx2.post(f"{server.address}/api/checkin", json=week).status_code == 200
        assert httpx2.post(f"{server.address}/api/assess", json={"gone": 1}).status_code == 422
    found = entries(tmp_path)
    assert [each["kind"] for each in found] == ["ask", "assess", "check-in"]
    assert found[1]["answers"] == URGENT
    assert found[0]["decided"]["triage"] == "urgent"


@pytest.mark.slow
def test_there_is_no_result_where_it_cannot_be_written_down(
    tmp_path: Path, log: Log, rulebook: afterrun.Rulebook
) -> None:
    with served(SETTINGS._replace(recorder=Recorder(log, lambda: WHEN))) as server:
        assert httpx2.post(f"{server.address}/api/assess", json=URGENT).json()["triage"] == "urgent"
        (tmp_path / "log").write_bytes(b"something else\n")
        refused = httpx2.post(f"{server.address}/api/assess", json=URGENT)
        assert refused.status_code == 500
        assert "urgent" not in refused.text
        assert "the log" in refused.text
        visitor = Visitor(server.address)
        visitor.post("/result", data={"token": server.seal(rulebook, {"warning_signs": ["calf_swollen"]})})
        assert visitor.status == 500
        assert rulebook.triage["urgent"].name not in visitor.text
        assert rulebook.identity.do_not_wait in visitor.text
    assert (tmp_path / "log").read_bytes() == b"something else\n"


@pytest.mark.slow
def test_a_check_in_of_the_diary_stands_in_the_log_once(
    tmp_path: Path, log: Log, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    keeper = Keeper(tmp_path)
    keeper.settings = keeper.settings._replace(recorder=Recorder(log, lambda: WHEN, answers=True))
    with served(keeper.settings) as server:
        keeper.server = server
        keeper.anew()
        keeper.begin(rulebook)
        keeper.at_end_of(1)
        keeper.check_in(checkin_part, volume_done=16)
    assert len(keeper.histories()[0].check_ins) == 1
    (entry,) = entries(tmp_path)
    assert entry["kind"] == "check-in"
    assert entry["answers"]["enrolled"]["answers"]


@pytest.mark.slow
def test_a_check_in_that_cannot_be_written_down_is_not_in_the_diary(
    tmp_path: Path, log: Log, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    keeper = Keeper(tmp_path)
    keeper.settings = keeper.settings._replace(recorder=Recorder(log, lambda: WHEN))
    with served(keeper.settings) as server:
        keeper.server = server
        keeper.anew()
        keeper.begin(rulebook)
        keeper.at_end_of(1)
        keeper.check_in(checkin_part, volume_done=16)
        (before,) = keeper.histories()
        (tmp_path / "log").write_bytes(b"something else\n")
        keeper.at_end_of(2)
        keeper.check_in(checkin_part, volume_done=17)
        assert keeper.visitor.status == 500
        assert str(tmp_path) not in keeper.visitor.text
        assert rulebook.identity.do_not_wait in keeper.visitor.text
    assert keeper.histories() == [before]
    assert len(before.check_ins) == 1


@pytest.mark.slow
def test_what_fhir_and_hooks_answer_stands_in_the_log(
    tmp_path: Path, log: Log, rulebook: afterrun.Rulebook
) -> None:
    response = response_of(rulebook, URGENT, subject={"reference": "Patient/1"})
    context = {"userId": "Practitioner/1", "patientId": "1"}
    call = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": context,
    }
    with served(SETTINGS._replace(recorder=Recorder(log, lambda: WHEN, answers=True))) as server:
        told = httpx2.post(f"{server.address}{EXTRACT}", json=response)
        assert told.status_code == 200
        service = f"{server.address}{SERVICE}"
        card = httpx2.post(service, json={**call, "prefetch": {"response": response}})
        assert card.json()["cards"][0]["indicator"] == "critical"
        # Where nothing is answered nothing is assessed, and a refusal is no result.
        assert httpx2.post(service, json={**call, "prefetch": {"response": None}}).status_code == 200
        assert httpx2.post(f"{server.address}{EXTRACT}", json={"resourceType": "Patient"}).status_code == 422
        found = entries(tmp_path)
        (tmp_path / "log").write_bytes(b"something else\n")
        for path, body in ((EXTRACT, response), (SERVICE, {**call, "prefetch": {"response": response}})):
            refused = httpx2.post(f"{server.address}{path}", json=body)
            assert refused.status_code == 500
            assert refused.json()["resourceType"] == "OperationOutcome"
            assert "the log" in refused.text
            assert "urgent" not in refused.text.lower()
    assert [each["kind"] for each in found] == ["assess", "assess"]
    assert [each["decided"]["triage"] for each in found] == ["urgent", "urgent"]
    assert found[0]["answers"]["warning_signs"] == ["calf_swollen"]


@pytest.mark.slow
@pytest.mark.process
def test_a_batch_stands_in_the_log_before_and_after(tmp_path: Path, log: Log) -> None:
    with taking_files(tmp_path / "files", recorder=Recorder(log, lambda: WHEN)) as server:
        giver = Giver(server).give("anna.csv", b"age_years\n34\n51\n").wait()
        assert giver.fetched("results")
    begun, finished = entries(tmp_path)
    assert (begun["stage"], finished["stage"], finished["rows"]) == ("begun", "finished", 2)
    assert b"anna" not in (tmp_path / "log").read_bytes()
