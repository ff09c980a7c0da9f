"""The pages of `afterrun serve`: start, server time, pages a second, size, and what Lighthouse says."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from afterrun import Rulebook, State, assess, load_rulebook, weeks
from afterrun_web.sealing import Kept, Seal
from afterrun_web.settings import Settings, local_now
from benchmarks.assessments.one_assessment import cases
from benchmarks.machine import print_table
from benchmarks.serving.api import CLIENTS, SECONDS, measured
from tests.support.paths import ROOT

FORM = "application/x-www-form-urlencoded"
STARTS = 5
ONE_BY_ONE = 300
LIGHTHOUSE = ROOT / ".cache/lighthouse"


class Server(NamedTuple):
    """One that answers, and what it took to the first page."""

    port: int
    ready_s: float
    first_page_s: float


class Sent(NamedTuple):
    """Where forms are sent, and what is in them."""

    page: str
    path: str
    forms: Sequence[Mapping[str, str]]

    @property
    def bodies(self) -> list[bytes]:
        """The forms as they travel."""
        return [urlencode(form).encode() for form in self.forms]


def main() -> None:
    """Print what a person waits for, and what a server bears."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        starts = []
        for _ in range(STARTS):
            with served(home) as server:
                starts.append(server)
        print(f"### Pages: `afterrun serve` from the command to an answer, median of {STARTS} (s)\n")
        ready, first = (statistics.median(each) for each in ([s[1] for s in starts], [s[2] for s in starts]))
        print_table(("until it listens", "until the first page is there"), [(ready, first)])
        rulebook = load_rulebook()
        with served(home) as server:
            sent = list(_sent(rulebook, home))
            print(f"\n### Pages: one after another, {ONE_BY_ONE} of each (ms from request to last byte)\n")
            rows = [(each.page, *_one_by_one(server.port, each)) for each in sent]
            print_table(("page", "median ms", "95 % within ms", "largest kB"), rows)
            _lighthouse(f"http://127.0.0.1:{server.port}/", sent)
        print(f"\n### Pages: {CLIENTS} clients at once, for {SECONDS:.0f} s each\n")
        at_once = []
        for processes in (1, 2):
            for each in sent[:3]:
                with ExitStack() as stack:
                    ports = [stack.enter_context(served(home)).port for _ in range(processes)]
                    at_once.append((each.page, processes, *measured(each.path, each.bodies, FORM, ports)))
        print_table(("page", "processes", "a second", "median ms", "99 % within ms", "largest kB"), at_once)


def _sent(rulebook: Rulebook, home: Path) -> Iterator[Sent]:
    """The forms of many people, sealed as the server's own pages are."""
    seal = Seal(Settings(next(home.rglob("serve.key")).read_bytes().strip()))

    def token(intake: Mapping[str, Any]) -> dict[str, str]:
        return {"token": seal.close(rulebook, Kept(intake))}

    intakes = cases()
    begun = [
        {**({"volume_unit": each["volume_unit"]} if "volume_unit" in each else {}), **_first(each, count)}
        for each in intakes
        for count in range(0, len(each), 3)
    ]
    yield Sent("a question", "/question", [{**token(each), "do": "go"} for each in begun])
    yield Sent("a result", "/result", [token(each) for each in intakes])
    planned = [each for each in intakes if _has_weeks(rulebook, each)]
    yield Sent("a plan", "/plan", [token(each) for each in planned])
    yield Sent("its exercises", "/exercises", [token(each) for each in planned])
    yield Sent("all proofs", "/why", [token(each) for each in intakes])


def _first(intake: Mapping[str, Any], count: int) -> dict[str, Any]:
    return dict(list(intake.items())[:count])


def _has_weeks(rulebook: Rulebook, intake: Mapping[str, Any]) -> bool:
    return bool(weeks(rulebook, State.of(assess(rulebook, intake)), local_now().date()).weeks)


def _one_by_one(port: int, sent: Sent) -> tuple[float, float, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    bodies = sent.bodies
    spent, sizes = list[float](), list[int]()
    for number in range(ONE_BY_ONE):
        began = time.perf_counter()
        connection.request("POST", sent.path, bodies[number % len(bodies)], {"Content-Type": FORM})
        answer = connection.getresponse()
        content = answer.read()
        spent.append((time.perf_counter() - began) * 1000)
        sizes.append(len(content))
        if answer.status != 200:
            raise RuntimeError(content.decode())
    connection.close()
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1], max(sizes) / 1000


def _lighthouse(address: str, sent: Sequence[Sent]) -> None:
    """Lighthouse in the system's Chromium; `make .cache/lighthouse` fetches it."""
    chromium, script = shutil.which("chromium"), Path(__file__).with_name("lighthouse.mjs")
    if not (LIGHTHOUSE / "node_modules").exists() or chromium is None:
        print("\nLighthouse was not asked: it wants chromium and `make .cache/lighthouse`.")
        return
    pages = [
        {"name": "the start", "path": "/", "fields": {}},
        *({"name": each.page, "path": each.path, "fields": each.forms[0]} for each in sent),
    ]
    # A module finds its packages from where it lies.
    copied = Path(shutil.copy(script, LIGHTHOUSE))
    told = json.dumps({"address": address, "chromium": chromium, "pages": pages})
    ran = subprocess.run(["node", str(copied)], input=told, capture_output=True, text=True, check=True)
    scores = [json.loads(line) for line in ran.stdout.splitlines()]
    print(f"\n### Pages: Lighthouse {scores[0]['version']}, as a phone (of 100)\n")
    kinds = ("accessibility", "best-practices", "performance")
    print_table(
        ("page", *kinds, "largest paint ms"),
        [(each["name"], *(each["scores"][kind] * 100 for kind in kinds), each["paint"]) for each in scores],
    )
    for each in scores:
        for missed in each["missed"]:
            print(f"{each['name']}: {missed}")


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """The command as one types it, with a home of its own."""
    began = time.perf_counter()
    server = subprocess.Popen(
        [str(Path(sys.executable).with_name("afterrun")), "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        },
    )
    try:
        assert server.stderr is not None
        found = re.search(r"127\.0\.0\.1:(\d+)", server.stderr.readline())
        if found is None:
            raise RuntimeError("the server did not start; it wants the extra 'web'")
        ready = time.perf_counter() - began
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]))
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
        yield Server(int(found[1]), ready, time.perf_counter() - began)
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    main()
