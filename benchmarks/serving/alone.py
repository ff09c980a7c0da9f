"""How fast the questions start in a browser alone: from a kept memory, from sources, as JavaScript."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import afterrun
from afterrun.inference import CompiledLogic
from afterrun.rulebook import packed_rulebook
from afterrun_web.alone import NAME, export_site
from afterrun_web.alone.program import program_files
from afterrun_web.alone.runtime import runtime_files
from benchmarks.assessments.one_assessment import cases
from benchmarks.machine import print_table
from tests.support.paths import ROOT
from tests.support.servers.folders import folder_served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CACHE = ROOT / ".cache"
RUNS = 7
SOURCES = """
import { loadPyodide } from "./pyodide.mjs";
const python = await loadPyodide({ indexURL: "./" });
python.unpackArchive(await (await fetch("./app.zip")).arrayBuffer(), "zip", { extractDir: "/app" });
document.body.innerHTML = python.runPython(`
import sys
sys.path.insert(0, "/app")
from afterrun_web.alone.inside import Pages
Pages(open("/app/rulebook.pack").read()).first("2027-03-01T12:00:00+01:00").question
`);
"""
_PRESS = """() => new Promise((done) => {
  const begun = performance.now();
  new MutationObserver(() => done(performance.now() - begun)).observe(document.body, { childList: true });
  document.querySelector("button.main").click();
})"""


def main() -> None:
    """Print how long until the first question stands there, until an answer is taken, and each answer."""
    from playwright.sync_api import sync_playwright

    print(f"### In a browser alone ({RUNS} starts each, nothing cached, wall time, medians)\n")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        exported = export_site(Path(place, "kept"), cache=CACHE)
        _write_sources(Path(place, "sources"))
        script = javascript(Path(place, "javascript"))
        with folder_served(Path(place)) as address:
            kept = [_kept_start(browser, f"{address}/kept/") for _ in range(RUNS)]
            sources = [_plain_start(browser, f"{address}/sources/") for _ in range(RUNS)]
            core = [_plain_start(browser, f"{address}/javascript/") for _ in range(RUNS)]
            answers = _answers(browser, f"{address}/kept/")
        browser.close()
    first, ready, taken = (statistics.median(each) for each in zip(*kept, strict=True))
    print_table(
        ("what", "first question, s", "Python is there, s", "first answer taken, s", "MB"),
        [
            ("exported site", first, ready, taken, sum(exported.sizes.values()) / 1e6),
            ("Pyodide, from sources", statistics.median(sources), "", statistics.median(sources), ""),
            ("logic alone as JavaScript", statistics.median(core), "", statistics.median(core), script / 1e6),
        ],
    )
    slow = statistics.quantiles(answers, n=20)[-1]
    print(f"An answer to the next page: {statistics.median(answers):.0f} ms, 95 % within {slow:.0f} ms.\n")


def javascript(folder: Path) -> int:
    """The compiled conditions as JavaScript, and a page that evaluates them once: a lower bound, without
    relevance, plan, proofs and every word but the questions'. Gives the size of the script."""
    rulebook = afterrun.load_rulebook()
    lines = CompiledLogic(rulebook).source().splitlines()[1:]
    body = "\n".join(_line(each.strip()) for each in lines)
    asked = [{"id": each.id, "ask": each.ask} for each in rulebook.questions.values()]
    script = (
        f"const questions = {json.dumps(asked)};\nfunction evaluate(known) {{\n{body}\n}}\n"
        "const found = evaluate({});\n"
        'document.body.innerHTML = `<h1>${questions[0].ask}</h1><input id="answer">${found[0].length}`;\n'
    )
    folder.mkdir()
    (folder / "core.js").write_text(script, encoding="utf-8")
    (folder / "index.html").write_text(
        '<!doctype html><body><script src="core.js"></script>', encoding="utf-8"
    )
    return len(script)


def _line(python: str) -> str:
    """A line of the generated function in the other language, whose bits are as many as one intake needs."""
    if found := re.fullmatch(r"(\w+)c, \w+ = known\.get\('(.+)', open\)", python):
        return f'const [{found[1]}c, {found[1]}l] = known["{found[2]}"] ?? [0, 0];'
    if found := re.fullmatch(r"(\w+) = (\w+)l if (\d+) >> \w+ & 1 else 0", python):
        return f"const {found[1]} = {found[3]}n >> BigInt({found[2]}c) & 1n ? {found[2]}l : 0;"
    if python.startswith("return "):
        return "return [" + python.removeprefix("return ").replace("(", "[").replace(",)", "]") + "];"
    return f"const {python};"


def _write_sources(folder: Path) -> None:
    folder.mkdir()
    for name, data in runtime_files(CACHE / NAME, None).items():
        (folder / name).write_bytes(data)
    with zipfile.ZipFile(folder / "app.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**program_files(), "rulebook.pack": packed_rulebook().encode()}.items():
            archive.writestr(name, content)
    (folder / "sources.js").write_text(SOURCES, encoding="utf-8")
    page = '<!doctype html><body><script type="module" src="sources.js"></script>'
    (folder / "index.html").write_text(page, encoding="utf-8")


def _kept_start(browser: Browser, address: str) -> tuple[float, float, float]:
    with _opened(browser, address) as (page, since):
        page.get_by_role("button", name="Begin").click()
        page.locator("#answer").wait_for()
        first = since()
        page.fill("#answer", "41")
        page.get_by_role("button", name="Continue").click()
        page.locator("input[name=question][value=warning_signs]").wait_for(state="attached", timeout=120_000)
        taken = since()
        return first, float(page.locator("html").get_attribute("data-ready") or 0) / 1000, taken


def _plain_start(browser: Browser, address: str) -> float:
    with _opened(browser, address) as (page, since):
        page.locator("#answer").wait_for(timeout=120_000)
        return since()


def _answers(browser: Browser, address: str) -> list[float]:
    """How long each answer of some interviews takes to the page that follows."""
    spent = []
    for intake in cases()[:5]:
        with _opened(browser, address) as (page, _):
            page.locator("html[data-ready]").wait_for(timeout=120_000)
            page.evaluate(_PRESS)
            while (asked := page.locator("input[name=question]")).count():
                _fill(page, asked.first.get_attribute("value") or "", intake)
                spent.append(float(page.evaluate(_PRESS)))
    return spent


def _fill(page: Page, name: str, intake: dict[str, object]) -> None:
    if page.get_by_role("button", name="Show the list").count():
        page.get_by_role("button", name="Show the list").click()
        page.locator("input[name=answer]").first.wait_for()
    value = intake.get(name, "unknown")
    for each in value if isinstance(value, list) else [value]:
        box = page.locator(f'input[name=answer][value="{each}"]')
        if box.count():
            box.first.check()
        elif page.locator("input#answer[type=text]").count():
            page.fill(
                "#answer", f"{each} {intake.get('volume_unit', 'km')}" if "volume" in name else str(each)
            )


@contextmanager
def _opened(browser: Browser, address: str) -> Iterator[tuple[Page, Callable[[], float]]]:
    context = browser.new_context()
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address)
    yield page, lambda: time.perf_counter() - began
    context.close()
