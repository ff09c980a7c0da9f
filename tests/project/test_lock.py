"""The locks pin what pyproject.toml asks for, and nothing in them names an index."""

import re
import tomllib
from typing import Any, NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.paths import ROOT

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS: dict[str, list[str]] = PYPROJECT["dependency-groups"]

EXTRAS = [one for asked in PYPROJECT["project"].get("optional-dependencies", {}).values() for one in asked]

ASKED = {
    "requirements.lock": PYPROJECT["project"]["dependencies"],
    "requirements-dev.lock": PYPROJECT["project"]["dependencies"] + EXTRAS + GROUPS["dev"],
    "requirements-attack.lock": GROUPS["attack"],
    "requirements-build.lock": PYPROJECT["build-system"]["requires"] + GROUPS["build"],
}


class Pin(NamedTuple):
    """One entry of a lock: a version, or on other platforms another one, and what its files hash to."""

    requirement: str
    hashes: frozenset[str]


def pins(lock: str) -> list[Pin]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    entries = "\n".join(line for line in lines if not line.lstrip().startswith("#")).replace("\\\n", " ")
    return [
        Pin(requirement.strip(), frozenset(hashes.split()))
        for requirement, _, hashes in (entry.partition(" --hash=") for entry in entries.splitlines() if entry)
    ]


@pytest.mark.parametrize(("lock", "asked"), [(lock, one) for lock, asked in ASKED.items() for one in asked])
def test_what_is_asked_for_is_pinned_to_a_version_that_will_do(lock: str, asked: str) -> None:
    wanted = Requirement(asked)
    pinned = [
        specifier.version
        for requirement in (Requirement(pin.requirement) for pin in pins(lock))
        if canonicalize_name(requirement.name) == canonicalize_name(wanted.name)
        for specifier in requirement.specifier
    ]
    assert pinned, f"{lock} does not hold {wanted.name}: run make lock"
    assert all(version in wanted.specifier for version in pinned), f"{lock} is stale: run make lock"


@pytest.mark.parametrize("lock", ASKED)
def test_every_pin_is_one_version_with_hashes(lock: str) -> None:
    for pin in pins(lock):
        assert [specifier.operator for specifier in Requirement(pin.requirement).specifier] == ["=="], pin
        assert pin.hashes, pin


@pytest.mark.parametrize("lock", ASKED)
def test_no_lock_says_where_its_files_came_from(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", re.sub(r"^\s*--hash=.*$", "", text, flags=re.MULTILINE), re.MULTILINE)


def test_the_tools_run_on_the_same_pins_as_the_product() -> None:
    assert set(pins("requirements.lock")) <= set(pins("requirements-dev.lock"))


def test_durable_rules_is_built_alike_with_and_without_make() -> None:
    flags = PYPROJECT["tool"]["uv"]["extra-build-variables"]["durable-rules"]["CPPFLAGS"]
    assert f"export CPPFLAGS := {flags}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
