"""`afterrun serve`: where it listens, what it says, how it ends, and that open pages outlive it."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import httpx2
import pytest

from afterrun_web.serving import listening_at
from tests.support.cli_runs import environment, run
from tests.support.fhir.hook_clients import EHR, SERVED_AT, clients_file, token
from tests.support.paths import ROOT
from tests.support.servers.serve_runs import serving
from tests.support.web.visits import NOBODY, Visitor

pytestmark = [pytest.mark.process, pytest.mark.slow]


def test_it_says_its_address_answers_there_alone_and_ends_with_a_word(tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0") as server:
        assert re.fullmatch(r"Open http://127\.0\.0\.1:\d+/ in a browser\. Ctrl-C ends it\.\n", server.said)
        visitor = Visitor(server.address)
        assert visitor.press("Begin").question == "age_years"
        port = int(server.address.rpartition(":")[2].strip("/"))
        with socket.socket() as other:
            other.settimeout(5)
            assert other.connect_ex(("127.0.0.2", port)) != 0
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == 0
        assert server.process.stderr is not None
        assert server.process.stderr.read().strip() == "Stopped."


def test_a_page_that_is_open_goes_on_after_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0") as server:
        token = Visitor(server.address).press("Begin").press("Continue", answer="41").token
    key = tmp_path / "state" / "afterrun" / "serve.key"
    assert key.stat().st_mode & 0o777 == 0o600
    with serving(tmp_path, "--port", "0") as server:
        visitor = Visitor(server.address).post("/question", data={"token": token})
        assert (visitor.status, visitor.question) == (200, "warning_signs")
    key.write_text("no key", encoding="ascii")
    with serving(tmp_path, "--port", "0") as server:
        assert Visitor(server.address).post("/question", data={"token": token}).status == 400


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = run("serve", "--port", port, home=tmp_path)
    assert ran.code == 3
    assert f"error: 127.0.0.1 cannot be listened on at port {port}: Address already in use" in ran.err
    assert "serve --port 0" in ran.err


def test_a_folder_that_is_none_and_a_broken_rulebook_are_told_before_anything_is_served(
    tmp_path: Path,
) -> None:
    ran = run("serve", "--port", "0", "--rulebook", tmp_path / "none", home=tmp_path)
    assert (ran.code, "is not a folder" in ran.err) == (2, True)
    ran = run("serve", "--port", "0", "--rulebook", tmp_path, home=tmp_path)
    assert ran.code == 3
    assert "Open http" not in ran.err


def test_without_the_extra_it_says_how_it_comes(tmp_path: Path) -> None:
    program = (
        "from importlib import util\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name in ('fastapi', 'uvicorn') else find(name, *more)\n"
        "import sys; sys.argv = ['afterrun', 'serve']\n"
        "from afterrun_cli.entry import run; run()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True
    )
    assert ran.returncode == 3
    assert "afterrun serve needs fastapi and uvicorn, which are not installed." in " ".join(
        ran.stderr.split()
    )
    assert "pip install 'afterrun[web]'" in ran.stderr


def test_an_answer_does_not_wait_for_the_one_before() -> None:
    """A page is sent in two pieces; held back until the first is acknowledged, each would take 40 ms more."""

    async def accepted() -> int:
        loop = asyncio.get_running_loop()
        found: asyncio.Future[int] = loop.create_future()

        class Look(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                one = transport.get_extra_info("socket")
                found.set_result(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        with listening_at(0) as listening:
            server = await loop.create_server(Look, sock=listening)
            _, writer = await asyncio.open_connection(*listening.getsockname())
            told = await found
            writer.close()
            await writer.wait_closed()
            server.close()
            return told

    assert asyncio.run(accepted())


CALL = {
    "hook": "patient-view",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {"userId": "Practitioner/1", "patientId": "1"},
    "prefetch": {"response": None},
}


def test_clients_of_hooks_are_checked_and_what_became_of_cards_is_told_at_the_end(tmp_path: Path) -> None:
    file, kept = clients_file(tmp_path), tmp_path / "feedback.ndjson"
    options = ("--cds-clients", file, "--cds-feedback", kept, "--cors-origin", "https://ehr.example.org")
    with serving(tmp_path, "--port", "0", *options) as server:
        service = f"{server.address}cds-services/afterrun-knee"
        assert httpx2.post(service, json=CALL, verify=NOBODY).status_code == 401
        now = datetime.now().astimezone()
        path = "/cds-services/afterrun-knee"
        called = {"Authorization": f"Bearer {token(f'{SERVED_AT}{path}', now)}", "Origin": EHR}
        answer = httpx2.post(service, json=CALL, headers=called, verify=NOBODY)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == EHR
        report = {"card": "a", "outcome": "overridden", "outcomeTimestamp": "2027-03-03T12:00:00Z"}
        told = {"Authorization": f"Bearer {token(f'{SERVED_AT}{path}/feedback', now)}"}
        body = {"feedback": [report]}
        assert httpx2.post(f"{service}/feedback", json=body, headers=told, verify=NOBODY).status_code == 200
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == 0
        assert server.process.stderr is not None
        assert server.process.stderr.read().split("\n")[0] == "Cards that clients told of: 1 overridden."
    assert '"outcome": "overridden"' in kept.read_text(encoding="utf-8")


def test_what_is_wrong_with_clients_and_origins_is_told_before_anything_is_served(tmp_path: Path) -> None:
    wrong = tmp_path / "clients.json"
    wrong.write_text('{"served_at": "knee.example.org", "clients": []}', encoding="utf-8")
    ran = run("serve", "--port", "0", "--cds-clients", str(wrong), home=tmp_path)
    assert ran.code == 3
    assert ran.err.endswith("It does not start like this.\n")
    assert f"{wrong}: served_at: the address under which clients reach this server" in ran.err
    assert "at least one client" in ran.err
    checked = run("serve", "--check", "--cds-clients", str(wrong), home=tmp_path)
    assert checked.code == 1
    assert checked.err.count("unsafe: ") == 2
    good = clients_file(tmp_path)
    good.chmod(0o600)
    checked = run("serve", "--check", "--cds-clients", str(good), home=tmp_path)
    assert (checked.code, checked.err.strip()) == (0, "Nothing unsafe was found.")
    ran = run("serve", "--cors-origin", "https://ehr.example.org/", home=tmp_path)
    assert ran.code == 2
    assert "is no origin" in ran.err
