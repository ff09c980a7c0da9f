"""What the API answers in a second: a real server, clients that keep their connections, the worked cases."""

from __future__ import annotations

import http.client
import json
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from benchmarks.assessments.one_assessment import cases
from benchmarks.machine import print_table

SECONDS = 8.0
CLIENTS = 4
SERVER = """
import uvicorn
from fastapi import FastAPI
from afterrun import load_rulebook
from afterrun_web.api import Books, router

app = FastAPI(openapi_url=None)
app.include_router(router(Books(load_rulebook(), load_rulebook(part="checkin"))))
uvicorn.run(app, port=0, access_log=False)
"""
"""The smallest app that has the API, in a process of its own."""


class Measured(NamedTuple):
    """What came of some seconds of asking."""

    a_second: float
    median_ms: float
    slow_ms: float
    """Of a hundred answers one takes longer."""
    largest_kb: float


def main() -> None:
    """Print requests a second and how long one takes, for results and for questions."""
    intakes = cases()
    asked: dict[str, Sequence[Any]] = {
        "/api/assess": intakes,
        "/api/next": [{"intake": _begun(intake)} for intake in intakes],
        "/api/plan": [{"intake": intake, "start": "2027-03-01"} for intake in intakes],
    }
    print(f"### API: {CLIENTS} clients at once, cross-checked, all proofs, for {SECONDS:.0f} s each\n")
    rows = []
    for processes in (1, 2):
        for path, bodies in asked.items():
            with ExitStack() as stack:
                ports = [stack.enter_context(_served()) for _ in range(processes)]
                texts = [json.dumps(body).encode() for body in bodies]
                rows.append((path, processes, *measured(path, texts, "application/json", ports)))
    print_table(("address", "processes", "a second", "median ms", "99 % within ms", "largest kB"), rows)


def measured(path: str, texts: Sequence[bytes], kind: str, ports: Sequence[int]) -> Measured:
    """Post these bodies for some seconds, each client to one server, in turn."""
    spent: list[float] = []
    sizes: list[int] = []
    end = time.monotonic() + SECONDS

    def ask(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", ports[client % len(ports)])
        place = client
        while time.monotonic() < end:
            began = time.perf_counter()
            connection.request("POST", path, texts[place % len(texts)], {"Content-Type": kind})
            answer = connection.getresponse()
            content = answer.read()
            spent.append(time.perf_counter() - began)
            sizes.append(len(content))
            if answer.status != 200:
                raise RuntimeError(content.decode())
            place += CLIENTS
        connection.close()

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Measured(
        len(spent) / SECONDS,
        statistics.median(spent) * 1000,
        statistics.quantiles(spent, n=100)[-1] * 1000,
        max(sizes) / 1000,
    )


def _begun(intake: dict[str, Any]) -> dict[str, Any]:
    """The first half of the answers, so that there is something left to ask."""
    half = dict(list(intake.items())[: len(intake) // 2])
    return {"volume_unit": intake["volume_unit"], **half} if "volume_unit" in intake else half


@contextmanager
def _served() -> Iterator[int]:
    server = subprocess.Popen([sys.executable, "-c", SERVER], stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        for line in server.stderr:
            if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                yield int(found[1])
                break
        else:
            raise RuntimeError("the server did not start; it wants the extra 'web'")
    finally:
        server.terminate()
        server.wait(30)
