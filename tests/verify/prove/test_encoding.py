"""The solver's model of all intakes means what the engine means: pinned to one intake, it says the same."""

import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import z3

from afterrun import Answers, Rulebook, read_answers
from afterrun.assessment import Case
from afterrun.assessment.ledger import Choice
from afterrun.rulebook import OPEN, STATUSES
from afterrun.rulebook import shown as rounded
from afterrun.verify.prove.encoding.plan import PlanEncoding
from afterrun.verify.prove.encoding.rulebook import Encoding
from afterrun.verify.prove.encoding.terms import Term
from afterrun.verify.prove.encoding.world import World
from afterrun.verify.prove.search import Search
from tests.support.random_input.intakes import CALM, as_many, random_intake
from tests.support.random_input.rulebooks import random_rulebooks
from tests.support.rulebooks.shipped import shipped

INTAKES = as_many(1_000)


class Pinned:
    """A rulebook's encoding, to be read off at single intakes."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.world = World.of(rulebook)
        self.encoding = Encoding(rulebook, self.world)
        self.plan = PlanEncoding(self.encoding)
        self.search = Search(self.world)
        self.terms = dict(self._terms())
        self.bits = z3.ToReal(
            z3.Sum([z3.If(term, 1 << place, 0) for place, term in enumerate(self.terms.values())])
        )
        """All terms as one number: the solver reads many terms as fast as one."""

    def disagreements(self, answers: Answers) -> list[str]:
        """Everything that the solver says otherwise than the engine's own functions."""
        case = Case.of(self.rulebook, answers, "reference")
        wanted = {**self._concluded(case), **self._planned(case)}
        with self.search.assuming(*self.world.holding(answers)):
            value = self.search.reading()
            if value is None:
                return ["no such intake"]
            bits = int(value(self.bits))
            holding = {name for place, name in enumerate(self.terms) if bits >> place & 1}
            wrong = [name for name, holds in wanted.items() if (name in holding) is not holds]
            return wrong or self._numbers(value, holding, case)

    def _terms(self) -> Iterator[tuple[str, Term]]:
        decisions, where = self.encoding.decisions, self.encoding.where
        for name, each in decisions.levels.items():
            yield f"triage {name}", where(each)
        for name, pair in self.encoding.pairs.items():
            yield f"{name} proved", pair.true
            yield f"{name} refuted", pair.false
        for name, statuses in decisions.statuses.items():
            yield from ((f"{name} {status}", where(statuses[status])) for status in STATUSES)
            yield f"{name} open", where(decisions.status_open[name])
        for name, choices in decisions.choices.items():
            yield from ((f"{name} {value}", where(chosen)) for value, chosen in choices.items())
            yield f"{name} open", where(decisions.choice_open[name])
        for key, standing in self.plan.keys.items():
            yield f"plan {key}", standing.present
            yield f"plan {key} is null", standing.null
            yield from ((f"plan {key} {word}", term) for word, term in standing.words.items())
            yield from ((f"plan {key} #{place}", term) for place, (term, _) in enumerate(standing.numbers))

    def _concluded(self, case: Case) -> dict[str, bool]:
        decisions = self.encoding.decisions
        wanted = {f"triage {name}": name == case.level.id for name in decisions.levels}
        for name in self.encoding.pairs:
            wanted[f"{name} proved"] = case.truths.get(name) is True
            wanted[f"{name} refuted"] = case.truths.get(name) is False
        for name in decisions.statuses:
            status = case.ledger.statuses[name]
            wanted |= {f"{name} {each}": status == each for each in STATUSES}
            wanted[f"{name} open"] = status is OPEN
        for name, choices in decisions.choices.items():
            choice = case.ledger.choices[name]
            wanted |= {
                f"{name} {each}": isinstance(choice, Choice) and choice.value == each for each in choices
            }
            wanted[f"{name} open"] = choice is OPEN
        return wanted

    def _planned(self, case: Case) -> dict[str, bool]:
        values = case.whole_plan.values
        wanted: dict[str, bool] = {}
        for key, standing in self.plan.keys.items():
            wanted[f"plan {key}"] = key in values
            wanted[f"plan {key} is null"] = key in values and values[key] is None
            said = values.get(key)
            if isinstance(said, list) and self._adds(key):
                wanted |= {f"plan {key} {word}": word in said for word in standing.words if word != "[]"}
            elif isinstance(said, str):
                wanted[f"plan {key} {said if said in standing.words else json.dumps(said)}"] = True
        return wanted

    def _adds(self, key: str) -> bool:
        return any(item.by_option for item in self.rulebook.plan if item.key == key)

    def _numbers(self, value: Any, holding: set[str], case: Case) -> list[str]:
        values = case.whole_plan.values
        wrong = []
        for key, standing in self.plan.keys.items():
            found = [
                each for place, (_, each) in enumerate(standing.numbers) if f"plan {key} #{place}" in holding
            ]
            wanted = values.get(key)
            if not isinstance(wanted, int | float):
                wrong += [key] if found else []
                continue
            if wanted == float("inf"):
                continue
            (number,) = found
            exact = number if isinstance(number, Fraction) else value(number)
            if rounded(exact) != wanted and Fraction(str(wanted)) != exact:
                wrong.append(f"{key}: {exact} is not {wanted}")
        return wrong


@pytest.mark.slow
def test_the_solver_says_of_an_intake_what_the_engine_says(rulebook: Rulebook) -> None:
    pinned = Pinned(rulebook)
    chance = random.Random(4)
    for _ in range(INTAKES):
        answers = read_answers(rulebook, random_intake(rulebook, chance, CALM))
        assert pinned.disagreements(answers) == [], answers


@pytest.mark.slow
def test_the_solver_says_of_a_check_in_what_the_engine_says() -> None:
    rulebook = shipped("checkin")
    pinned = Pinned(rulebook)
    chance = random.Random(5)
    for _ in range(INTAKES // 4):
        answers = read_answers(rulebook, random_intake(rulebook, chance))
        assert pinned.disagreements(answers) == [], answers


@pytest.mark.slow
def test_the_solver_means_the_same_in_rulebooks_of_every_shape(tmp_path: Path) -> None:
    tried = 0
    for chance, rulebook in random_rulebooks(tmp_path, range(5000, 5100)):
        pinned = Pinned(rulebook)
        for _ in range(20):
            answers = read_answers(rulebook, random_intake(rulebook, chance))
            assert pinned.disagreements(answers) == [], answers
            tried += 1
    assert tried >= 1_800
