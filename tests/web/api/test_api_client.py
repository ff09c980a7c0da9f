"""A client that somebody else's generator made of the description is told what the library says."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.verify.cases import WrittenCase
from tests.assessment.test_cases import CASES as OF_INTAKES
from tests.assessment.test_check_in_cases import CASES as OF_CHECK_INS
from tests.assessment.test_check_in_cases import record_of
from tests.support.servers.api import TestClient

pytest.importorskip("uvicorn", reason="a server is missing: pip install 'afterrun[web]'")
pytest.importorskip("openapi_python_client", reason="the maker of clients is missing: make dev")

pytestmark = [pytest.mark.slow, pytest.mark.process]

NAME = "generated_client"


def asked_over_the_net(cases: list[WrittenCase]) -> list[WrittenCase]:
    """Every agreed case, and of those that hold single rules each tenth: the way to a server is the same."""
    agreed = [case for case in cases if case.file in ("cases.jsonl", "check_in_cases.jsonl")]
    return agreed + [case for case in cases if case not in agreed][::10]


CASES, CHECK_INS = asked_over_the_net(OF_INTAKES), asked_over_the_net(OF_CHECK_INS)


@pytest.fixture(scope="module")
def package(api: TestClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The client, made of the document and of nothing else."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_bytes(api.get("/api/openapi.json").content)
    (folder / "config.yaml").write_text("post_hooks: []\n", encoding="utf-8")
    command = ["generate", "--path", "openapi.json", "--config", "config.yaml", "--meta", "none",
               "--output-path", NAME, "--fail-on-warning"]  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module(NAME)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == NAME]:
        del sys.modules[name]


def plain(value: Any) -> Any:
    """As JSON holds it."""
    return json.loads(json.dumps(value))


def test_whole_cases_go_through_a_generated_client_and_a_real_server(
    package: Any,
    rulebook: afterrun.Rulebook,
    checkin_part: afterrun.Rulebook,
    tmp_path: Path,
) -> None:
    from tests.support.servers.api import served

    models = importlib.import_module(f"{NAME}.models")
    calls = importlib.import_module(f"{NAME}.api.default")
    call = {
        name: importlib.import_module(f"{calls.__name__}.{name}") for name in ("assess", "check_in", "plan")
    }
    with served(tmp_path) as server, package.Client(base_url=server.url) as client:

        def asked(name: str, body: Any) -> Any:
            answer = call[name].sync_detailed(client=client, body=body)
            assert answer.status_code == 200, answer.content
            assert answer.headers["Rulebook-Digest"] == answer.parsed.rulebook.digest
            return answer.parsed.to_dict()

        for case in CASES:
            expected = afterrun.assess(rulebook, case.answers).to_dict()
            assert asked("assess", models.Intake.from_dict(case.answers)) == plain(expected), case.id
        for case in CHECK_INS:
            record = record_of(case)
            expected = afterrun.check_in(checkin_part, record).to_dict()
            assert asked("check_in", models.CheckInRecord.from_dict(record)) == plain(expected), case.id
        body = {"intake": CASES[0].answers, "start": "2027-03-01"}
        told = asked("plan", models.PlanRequest.from_dict(body))
        assert [each["week"] for each in told["weeks"]][:3] == [1, 2, 3]

        refused = call["assess"].sync_detailed(
            client=client, body=models.Intake(age_years=300, record_id="anna-7")
        )
        assert refused.status_code == 422
        assert refused.parsed.problems[0].key == "age_years"
    log = server.log.read_text(encoding="utf-8")
    assert log.count("POST /api/assess") == len(CASES) + 1
    assert "anna-7" not in log
    assert not any(word in log for word in ("Traceback", "?", CASES[0].id))
