"""What tests of the forward-chaining core begin with: small rulebooks, a reasoner, and the core watched."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import durable_rules_engine as core
import pytest

import afterrun.inference.durable
import afterrun.inference.durable_limits
from afterrun import Rulebook, load_rulebook, read_answers
from afterrun.inference import Facts, facts_of, infer
from afterrun.inference.durable import Reasoner
from tests.support.random_input.rulebooks import small_rulebook, write_files

Written = dict[str, Any]


Small = Callable[..., Rulebook]


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Make a rulebook of these rules; each question of `ticks` is a multiple choice of that many options."""

    def made(*rules: Written, ticks: dict[str, int], findings: list[str]) -> Rulebook:
        questions = [
            {
                "id": name,
                "type": "multi",
                "options": [{"id": f"o{number}", "text": f"Option {number}"} for number in range(count)],
            }
            for name, count in ticks.items()
        ]
        numbered = [{"id": f"rule-{place}", **rule} for place, rule in enumerate(rules)]
        return load_rulebook(write_files(tmp_path, small_rulebook(numbered, questions, findings)))

    return made


@pytest.fixture
def reasoner(rulebook: Rulebook) -> Iterator[Reasoner]:
    made = Reasoner(rulebook)
    yield made
    made.close()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The core as the reasoner sees it; a test may replace any of its functions."""
    gc.collect()  # reasoners of earlier tests free their networks before, and not in between
    names = [name for name in dir(core) if not name.startswith("_")]
    seen = SimpleNamespace(**{name: getattr(core, name) for name in names})
    monkeypatch.setattr(afterrun.inference.durable, "core", seen)
    return seen


def recorded(watched: SimpleNamespace, name: str, order: list[str] | None = None) -> list[Any]:
    """From now on, what each call of one of the core's functions was given, and gave back."""
    original, calls = getattr(watched, name), list[Any]()

    def record(*given: Any) -> Any:
        if order is not None:
            order.append(name)
        result = original(*given)
        calls.append((given, result))
        return result

    setattr(watched, name, record)
    return calls


def facts_for(rulebook: Rulebook, **answers: Any) -> Facts:
    return facts_of(rulebook, read_answers(rulebook, answers))


def ticked(name: str, option: int) -> Written:
    return {name: {"includes": f"o{option}"}}


def agree(rulebook: Rulebook, reasoner: Reasoner, **answers: Any) -> None:
    facts = facts_for(rulebook, **answers)
    assert reasoner.infer(facts).truths == infer(rulebook, facts).truths
