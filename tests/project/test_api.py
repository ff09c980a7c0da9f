"""`docs/api.md` names every public name and every command, and its examples run."""

import doctest
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import pytest
import typer.main

import afterrun
from afterrun_cli.main import app
from tests.support.paths import ROOT

API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def commands(command: Any, path: str) -> Iterator[str]:
    """Every command by the words that start it; a group is one where it does something by itself."""
    inner: Mapping[str, Any] = getattr(command, "commands", {})
    if not inner or command.invoke_without_command:
        yield path
    for name, each in inner.items():
        yield from commands(each, f"{path} {name}")


def public_names(module: ModuleType) -> set[str]:
    """What a person finds in a module that is theirs to use."""
    return {
        name
        for name in dir(module)
        if not name.startswith("_") and not isinstance(getattr(module, name), ModuleType)
    }


def missing(names: set[str], page: str) -> set[str]:
    """The names that stand in no code of a page."""
    words = {
        word
        for quoted, shown in re.findall(r"`([^`\n]+)`|^    (?:>>>|\.\.\.) (.*)$", page, re.MULTILINE)
        for word in re.findall(r"\w+", quoted or shown)
    }
    return names - words


def test_every_public_name_stands_in_the_document() -> None:
    assert missing(public_names(afterrun), API) == set()


def test_a_name_that_is_not_there_is_noticed() -> None:
    assert missing({*public_names(afterrun), "diagnose"}, API) == {"diagnose"}


def test_every_command_stands_in_the_document() -> None:
    told = set(re.findall(r"`(afterrun[a-z ]*)`", API))
    assert set(commands(typer.main.get_command(app), "afterrun")) <= told


@pytest.mark.slow
def test_the_examples_run() -> None:
    found = doctest.DocTestParser().get_doctest(API, {}, "api.md", "api.md", 0)
    assert len(found.examples) > 40
    assert doctest.DocTestRunner(verbose=False).run(found).failed == 0
