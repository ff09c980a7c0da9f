"""`afterrun web export`: whole or not at all, nobody's files replaced, and a word on what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from afterrun_web.alone import NAME
from tests.support.cli_runs import run
from tests.support.servers.static_site import PYODIDE, ready

RECORD = "afterrun-site.json"
BROKEN = """#!/bin/sh
[ "$1" = --version ] && echo v20.0.0 && exit
echo "out of memory" >&2
exit 1
"""

pytestmark = [pytest.mark.process, pytest.mark.slow]


def test_an_export_may_take_the_place_of_an_earlier_one_and_of_nothing_else(tmp_path: Path) -> None:
    ready()
    site = tmp_path / "site"
    site.mkdir()
    record = json.dumps({"files": ["index.html", "gone.js", RECORD]})
    for name, text in {"index.html": "old", "gone.js": "old", RECORD: record}.items():
        (site / name).write_text(text, encoding="utf-8")
    ran = run("web", "export", site, "--pyodide", PYODIDE)
    assert ran.code == 0, ran.err
    assert "How old are you?" in (site / "index.html").read_text(encoding="utf-8")
    assert not (site / "gone.js").exists()
    assert " MB" in ran.err
    (site / "diary.txt").write_text("mine", encoding="utf-8")
    ran = run("web", "export", site, "--pyodide", PYODIDE)
    assert ran.code == 2
    assert "diary.txt" in ran.err
    assert (site / "diary.txt").read_text(encoding="utf-8") == "mine"
    assert [each.name for each in tmp_path.iterdir()] == ["site"]
    written = json.loads((site / RECORD).read_text(encoding="utf-8"))["files"]
    assert {*written, "diary.txt"} == {each.name for each in site.iterdir()}


@pytest.mark.parametrize("name", ["notes", "file"])
def test_what_is_no_earlier_export_is_left_alone(tmp_path: Path, name: str) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    ran = run("web", "export", tmp_path / name)
    assert ran.code == 2
    assert "Give a folder that is new or empty." in ran.err
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["a.txt", "file", "notes"]


def test_another_runtime_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(b"something else")
    ran = run("web", "export", tmp_path / "site", "--pyodide", file)
    assert ran.code == 3
    assert "byte for byte" in ran.err
    assert f"--pyodide {NAME}" in ran.err
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


def test_a_machine_without_node_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = run("web", "export", tmp_path / "site")
    assert ran.code == 2
    assert "Node.js is missing" in ran.err
    assert not (tmp_path / "site").exists()


def test_a_python_that_does_not_start_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Node.js that ends in an error, as where memory is short."""
    ready()
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "node").write_text(BROKEN, encoding="utf-8")
    (tools / "node").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/bin:/usr/bin")
    ran = run("web", "export", tmp_path / "site", "--pyodide", PYODIDE)
    assert ran.code == 2
    assert "out of memory" in ran.err
    assert [each.name for each in tmp_path.iterdir()] == ["tools"]
