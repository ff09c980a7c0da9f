"""The solver's model of all intakes means what the engine means: pinned to one intake, it says the same."""

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from afterrun import Answers, Rulebook, load_rulebook, read_answers
from afterrun.assessment import Case
from afterrun.assessment.ledger import Choice
from afterrun.rulebook import OPEN, STATUSES, Truth
from afterrun.rulebook import shown as rounded
from afterrun.verify.prove.encoding import Encoding
from afterrun.verify.prove.plan_encoding import PlanEncoding, PlanKey
from afterrun.verify.prove.search import Search
from afterrun.verify.prove.terms import Pair, Term, conj, neg
from afterrun.verify.prove.world import World
from tests.support.intakes_random import CALM, random_intake
from tests.support.rulebooks_random import random_rulebooks

INTAKES = 2_000


class Pinned:
    """A rulebook's encoding, to be read off at single intakes."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.world = World.of(rulebook)
        self.encoding = Encoding(rulebook, self.world)
        self.plan = PlanEncoding(self.encoding)
        self.search = Search(self.world)

    def disagreements(self, answers: Answers) -> list[str]:
        """Everything that the solver says otherwise than the engine's own functions."""
        case = Case.of(self.rulebook, answers, "reference")
        wanted = {**self._concluded(case), **self._planned(case)}
        with self.search.assuming(*self.world.holding(answers)):
            value = self.search.reading()
            if value is None:
                return ["no such intake"]
            if value(conj(term if holds else neg(term) for term, holds in wanted.values())) is not True:
                return [name for name, (term, holds) in wanted.items() if value(term) is not holds]
            return self._numbers(value, case)

    def _concluded(self, case: Case) -> dict[str, tuple[Term, bool]]:
        decisions, where = self.encoding.decisions, self.encoding.where
        wanted = {
            f"triage {name}": (where(each), name == case.level.id) for name, each in decisions.levels.items()
        }
        for name, pair in self.encoding.pairs.items():
            wanted |= both(name, pair, case.truths.get(name))
        for name, statuses in decisions.statuses.items():
            status = case.ledger.statuses[name]
            for each in STATUSES:
                wanted[f"{name} {each}"] = (where(statuses[each]), status == each)
            wanted[f"{name} open"] = (where(decisions.status_open[name]), status is OPEN)
        for name, choices in decisions.choices.items():
            choice = case.ledger.choices[name]
            for value, chosen in choices.items():
                holds = isinstance(choice, Choice) and choice.value == value
                wanted[f"{name} {value}"] = (where(chosen), holds)
            wanted[f"{name} open"] = (where(decisions.choice_open[name]), choice is OPEN)
        return wanted

    def _planned(self, case: Case) -> dict[str, tuple[Term, bool]]:
        values = case.whole_plan.values
        wanted: dict[str, tuple[Term, bool]] = {}
        for key, standing in self.plan.keys.items():
            wanted[f"plan {key}"] = (standing.present, key in values)
            wanted[f"plan {key} null"] = (standing.null, key in values and values[key] is None)
            if isinstance(values.get(key), list) and self._adds(key):
                for word, term in standing.words.items():
                    if word != "[]":
                        wanted[f"plan {key} {word}"] = (term, word in values[key])
            elif isinstance(values.get(key), str):
                wanted[f"plan {key} word"] = (word_of(standing, values[key]), True)
        return wanted

    def _adds(self, key: str) -> bool:
        return any(item.by_option for item in self.rulebook.plan if item.key == key)

    def _numbers(self, value: Any, case: Case) -> list[str]:
        values = case.whole_plan.values
        wrong = []
        for key, standing in self.plan.keys.items():
            found = [each for term, each in standing.numbers if value(term) is True]
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


def word_of(standing: PlanKey, word: str) -> Term:
    return standing.words.get(word, standing.words.get(f'"{word}"', False))


def both(name: str, pair: Pair, truth: Truth) -> dict[str, tuple[Term, bool]]:
    return {f"{name} proved": (pair.true, truth is True), f"{name} refuted": (pair.false, truth is False)}


@pytest.mark.slow
def test_the_solver_says_of_an_intake_what_the_engine_says(rulebook: Rulebook) -> None:
    pinned = Pinned(rulebook)
    chance = random.Random(4)
    for _ in range(INTAKES):
        answers = read_answers(rulebook, random_intake(rulebook, chance, CALM))
        assert pinned.disagreements(answers) == [], answers


@pytest.mark.slow
def test_the_solver_says_of_a_check_in_what_the_engine_says() -> None:
    rulebook = load_rulebook(part="checkin")
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
