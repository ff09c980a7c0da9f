"""What every test may ask for, and what none may do: start a process unmarked, or leave something behind."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import afterrun
from afterrun_cli.entry import BETWEEN_LOOKS
from tests.support.paths import ROOT
from tests.support.rulebooks.shipped import shipped

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.web.browsers import Screen

# The processes that tests start compile everything once, whatever the machine's habit is.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# What they pack for each other stays in the checkout.
os.environ["XDG_CACHE_HOME"] = str(ROOT / ".cache/tests")

# Most of what tests load stays, too: see afterrun_cli.entry.
gc.set_threshold(*BETWEEN_LOOKS)

# How much is tried of what holds of any input: see tests.support.random_input.intakes.
settings.register_profile("quick", max_examples=10)
settings.register_profile("long", max_examples=500)

MADE_BY_TOOLS = {"__pycache__", ".git", ".venv", ".cache", ".schemas"}


@pytest.fixture(scope="session")
def rulebook() -> afterrun.Rulebook:
    """The rulebook as shipped."""
    return shipped()


@pytest.fixture(scope="session")
def checkin_part() -> afterrun.Rulebook:
    """The weekly check-in's part of the rulebook, as shipped."""
    return shipped("checkin")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, started; each test opens pages of its own in it."""
    from tests.support.web.browsers import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Screen]:
    """A screen in it that holds pages in files against axe, one after another."""
    from tests.support.web.browsers import reading

    with reading(browser) as screen:
        yield screen


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that is there for all tests."""
    from tests.support.servers.postgres import POSTGRES, server

    if not POSTGRES or os.getuid() != 0:
        pytest.skip("no PostgreSQL here that could be started (apt-get install postgresql; run as root)")
    yield from server(tmp_path_factory.mktemp("pg"))


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """The address of an empty database of one test: what another left there would be in the way."""
    from tests.support.servers.postgres import own_database

    yield from own_database(postgres_server)


class Processes:
    """Refuses to let a test start a process unless it is marked `process`."""

    starts = frozenset({"os.fork", "os.forkpty", "os.posix_spawn", "subprocess.Popen"})

    def __init__(self) -> None:
        self.test: pytest.Item | None = None
        sys.addaudithook(self._look)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Remember which test runs."""
        self.test = item

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self) -> None:
        """Whatever was started for all may be ended after any."""
        self.test = None

    def _look(self, event: str, _: object) -> None:
        if event in self.starts and self.test is not None and self.test.get_closest_marker("process") is None:
            raise RuntimeError("this test starts a process: mark it with pytest.mark.process")


class Leftovers:
    """Fails a run that leaves something in the checkout."""

    def __init__(self) -> None:
        self.before = entries(ROOT)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Look what is there that was not."""
        for left in sorted(entries(ROOT) - self.before):
            print(f"\nleft behind by the tests: {left}", file=sys.stderr)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def entries(folder: Path) -> set[Path]:
    """The files and folders below a folder, but for those that Python and its tools make."""
    found = set()
    for parent, folders, files in os.walk(folder):
        folders[:] = [
            name
            for name in folders
            if name not in MADE_BY_TOOLS and not name.endswith(("_cache", "hypothesis"))
        ]
        found |= {Path(parent, name) for name in (*folders, *files)}
    return found


def pytest_collection_finish() -> None:
    """What the tests stand on stays for good: what looks for garbage need not look there each time."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Guard every process that runs tests, and the checkout once."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A run begun in the background ignores interrupts, and so would every process of ours.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(Processes())
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Leftovers())
