"""Decision tables read and evaluated by foreign programs: dmn-moddle and feelin, in Node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

READERS = ROOT / ".cache/dmn"
_PROGRAM = Path(__file__).with_name("dmn_tables.mjs")


def decided(file: Path, contexts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every decision of a DMN file by its name, for each object of input data."""
    results: list[dict[str, Any]] = _told(file, contexts)["results"]
    return results


def shown(file: Path) -> list[list[tuple[str, str, str]]]:
    """For each diagram what it draws: as what, of which kind, and of which element."""
    diagrams: list[list[list[str]]] = _told(file, [])["shown"]
    return [[(drawn, kind, identity) for drawn, kind, identity in diagram] for diagram in diagrams]


def _told(file: Path, contexts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if not (READERS / "node_modules/feelin").is_dir():
        pytest.skip("no DMN reader here (make .cache/dmn fetches it): no decision table was evaluated")
    ran = subprocess.run(
        ["node", str(_PROGRAM), str(READERS), str(file)],
        input=json.dumps(contexts),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told: dict[str, Any] = json.loads(ran.stdout)
    assert told["warnings"] == []
    return told
