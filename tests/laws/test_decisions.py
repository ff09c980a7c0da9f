"""One meaning: the formulas of `rulebook.decisions` say of an intake what the plain code for one says."""

import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from afterrun import Answers, Rulebook, load_rulebook, read_answers
from afterrun.assessment import PLAN, Case
from afterrun.assessment.ledger import Choice
from afterrun.assessment.triage import reachable_levels
from afterrun.rulebook import OPEN, And, Decisions, Formula, Is, Ref, allowed
from tests.support.random_input.intakes import CALM, random_intake
from tests.support.random_input.rulebooks import SOURCE, random_rulebooks, small_rulebook, write_files
from tests.support.rulebooks.shipped import shipped

INTAKES = 150


class Law:
    """A rulebook's decisions, to be held against the plain code at single intakes."""

    def __init__(self, rulebook: Rulebook, decisions: Decisions | None = None) -> None:
        self.rulebook = rulebook
        self.decisions = decisions or Decisions(rulebook)

    def broken_by(self, answers: Answers) -> list[str]:
        """Everything that the formulas say otherwise."""
        case = Case.of(self.rulebook, answers, "reference")
        said = {name: case.truth(formula) for name, formula in self._decided().items()}
        meant = dict(self._meant(case))
        wrong = [name for name in {**said, **meant} if said.get(name, False) is not meant.get(name, False)]
        return [*wrong, *self._wrong_goals(case), *self._wrong_lines(case)]

    def _decided(self) -> dict[str, Formula]:
        each = self.decisions
        found = {
            "shows patterns": each.shows_patterns,
            "shows plan": each.shows_plan,
            **{f"level {name}": formula for name, formula in each.levels.items()},
            **{f"reachable {name}": formula for name, formula in each.reachable.items()},
            **{f"{name} refuted": formula for name, formula in each.pattern_refuted.items()},
            **{f"{name} open": formula for name, formula in each.status_open.items()},
            **{f"{name} open": formula for name, formula in each.choice_open.items()},
        }
        for kind in ("patterns", "statuses", "given", "choices"):
            for name, formulas in getattr(each, kind).items():
                found |= {f"{kind} {name} {value}": formula for value, formula in formulas.items()}
        return {**found, **{f"shown {name}": formula for name, formula in each.shown().items()}}

    def _meant(self, case: Case) -> Iterator[tuple[str, bool]]:
        """What is so; all else is not."""
        yield "shows patterns", case.level.shows_patterns
        yield "shows plan", case.level.shows_plan
        yield f"level {case.level.id}", True
        yield f"shown triage {case.level.id}", True
        for each in reachable_levels(self.rulebook, case.truths):
            yield f"reachable {each.id}", True
        for name, pattern in self.rulebook.patterns.items():
            if name in case.patterns:
                yield f"patterns {name} {case.patterns[name]}", True
                yield f"shown pattern {name} {case.patterns[name]}", True
            elif case.level.shows_patterns:
                weakest = case.truths.get(f"pattern.{name}.{pattern.levels[-1]}")
                yield f"{name} refuted", weakest is False
        for name, status in case.ledger.statuses.items():
            yield (f"{name} open" if status is OPEN else f"statuses {name} {status}"), status is not None
        for entry in case.entries:
            if allowed(case.level, entry.id):
                yield f"given {entry.id} {entry.status}", True
                yield f"shown {entry.id} {entry.status}", True
                if entry.from_week is not None:
                    yield f"shown {entry.id} from week {entry.from_week}", True
        for name, choice in case.ledger.choices.items():
            if isinstance(choice, Choice):
                yield f"choices {name} {choice.value}", True
            else:
                yield f"{name} open", choice is OPEN

    def _wrong_goals(self, case: Case) -> Iterator[str]:
        """Where a question is open for another reason than those that the goals give."""
        found = [name for name, formula in self.decisions.goals.items() if case.truth(formula)]
        meant = {goal for goals in case.open_questions.values() for goal in goals} - {PLAN}
        if not case.truths.keys().isdisjoint(found):
            yield "goals that are settled"
        if {name for name in found if case.settled_by(name)} != meant:
            yield "goals"

    def _wrong_lines(self, case: Case) -> Iterator[str]:
        """Where the plan's keys are not those that the lines give."""
        values = case.whole_plan.values
        may: set[str] = set()
        gives: dict[str, Any] = {}
        for item, line in zip(self.rulebook.plan, self.decisions.plan, strict=True):
            may |= {item.key} if case.truth(line.may_give) else set()
            if case.truth(line.gives):
                if item.key in gives:
                    yield f"two lines give {item.key}"
                gives[item.key] = item.value
        if may != set(values):
            yield "keys of the plan"
        for key, value in values.items():
            if value is not None and key not in gives:
                yield f"{key} is given"
            if gives.get(key) is not None and value != gives[key]:
                yield f"{key} is given by another line"


def intakes(rulebook: Rulebook, seed: int, count: int, calm: Mapping[str, Any] | None) -> Iterator[Answers]:
    chance = random.Random(seed)
    for _ in range(count):
        yield read_answers(rulebook, random_intake(rulebook, chance, calm))


@pytest.mark.slow
@pytest.mark.parametrize("part", ["", "checkin"])
def test_the_formulas_say_of_an_intake_what_the_plain_code_says(part: str) -> None:
    rulebook = shipped(part or None)
    law = Law(rulebook)
    for answers in intakes(rulebook, 6, INTAKES, None if part else CALM):
        assert law.broken_by(answers) == [], answers


@pytest.mark.slow
def test_the_formulas_mean_the_same_in_rulebooks_of_every_shape(tmp_path: Path) -> None:
    for chance, rulebook in random_rulebooks(tmp_path, range(7000, 7025)):
        law = Law(rulebook)
        for _ in range(20):
            answers = read_answers(rulebook, random_intake(rulebook, chance))
            assert law.broken_by(answers) == [], answers


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Everything that overrules or precedes something else, each on a question of its own."""
    yes = {f"q{place}": {f"q{place}": {"is": "yes"}} for place in range(6)}
    concluded = {
        "triage.urgent": "q0",
        "triage.soon": "q1",
        "triage.fine": "q2",
        "pattern.shape.likely": "q3",
        "pattern.shape.possible": "q4",
        "intervention.rest.recommended": "q3",
        "intervention.rest.postponed": "q4",
        "intervention.rest.set_aside": "q5",
        "parameter.week.1": "q4",
        "parameter.week.5": "q5",
    }
    rules = [
        {"id": f"rule-{place}", "if": yes[name], "then": then}
        for place, (then, name) in enumerate(concluded.items())
    ]
    options = [{"id": word, "text": word} for word in ("yes", "no")]
    questions = [{"id": name, "type": "single", "options": options} for name in yes]
    rest = {"id": "rest", "kind": "treatment", "name": "Rest", "short": "Rest.", "starts": "week", **SOURCE}
    files = small_rulebook(
        rules,
        questions,
        patterns=[
            {"id": "shape", "name": "S", "text": "A shape.", "levels": ["likely", "possible"], **SOURCE}
        ],
        interventions=[rest],
        parameters=[{"id": "week", "text": "Week", "values": [5, 1], "wins": "smallest", **SOURCE}],
        plans=[
            {"key": "first", "text": "First", "when": yes["q3"], "value": 1, **SOURCE},
            {"key": "first", "text": "First", "when": yes["q4"], "value": 2, **SOURCE},
            {"key": "rest", "text": "R", "for": {"rest": ["recommended", "postponed"]}, "value": 3, **SOURCE},
            {"key": "named", "text": "N", "when": "triage.soon", "value": 4, **SOURCE},
        ],
    )
    return load_rulebook(write_files(tmp_path_factory.mktemp("small"), files))


def every_intake(rulebook: Rulebook) -> Iterator[Answers]:
    for words in itertools.product(("yes", "no", None), repeat=len(rulebook.questions)):
        yield read_answers(rulebook, dict(zip(rulebook.questions, words, strict=True)))


@pytest.mark.slow
def test_the_formulas_say_of_every_intake_of_a_small_rulebook_what_the_plain_code_says(
    small: Rulebook,
) -> None:
    law = Law(small)
    for answers in every_intake(small):
        assert law.broken_by(answers) == [], answers


def _less(formula: Formula, place: int) -> Formula:
    """A conjunction without one of its parts."""
    assert isinstance(formula, And)
    return And(formula.parts[:place] + formula.parts[place + 1 :])


def _level_over_an_open_one(decisions: Decisions) -> None:
    decisions.levels["soon"] = _less(decisions.levels["soon"], 1)


def _level_under_a_proved_one(decisions: Decisions) -> None:
    decisions.levels["soon"] = _less(decisions.levels["soon"], 2)


def _reachable_under_a_proved_one(decisions: Decisions) -> None:
    decisions.reachable["soon"] = _less(decisions.reachable["soon"], 0)


def _weaker_level_beside_the_stronger(decisions: Decisions) -> None:
    weak = Is(Ref("pattern.shape.possible"))
    decisions.patterns["shape"]["possible"] = And((decisions.shows_patterns, weak))


def _status_beside_one_that_overrules_it(decisions: Decisions) -> None:
    decisions.statuses["rest"]["recommended"] = Is(Ref("intervention.rest.recommended"))


def _given_at_any_level(decisions: Decisions) -> None:
    decisions.given["rest"] = decisions.statuses["rest"]


def _value_beside_one_that_wins(decisions: Decisions) -> None:
    decisions.choices["week"][Decimal(5)] = Is(Ref("parameter.week.5"))


def _goal_though_settled(decisions: Decisions) -> None:
    for name, goal in decisions.goals.items():
        decisions.goals[name] = _less(goal, 0)


def _second_line_beside_the_first(decisions: Decisions) -> None:
    decisions.plan = tuple(line._replace(gives=Is(line.applies)) for line in decisions.plan)


def _line_that_is_refuted(decisions: Decisions) -> None:
    decisions.plan = tuple(line._replace(may_give=_less(line.may_give, 1)) for line in decisions.plan)


@pytest.mark.slow
@pytest.mark.parametrize("breaks", [
    _level_over_an_open_one,
    _level_under_a_proved_one,
    _reachable_under_a_proved_one,
    _weaker_level_beside_the_stronger,
    _status_beside_one_that_overrules_it,
    _given_at_any_level,
    _value_beside_one_that_wins,
    _goal_though_settled,
    _second_line_beside_the_first,
    _line_that_is_refuted,
])  # fmt: skip
def test_a_broken_formula_is_caught(small: Rulebook, breaks: Callable[[Decisions], None]) -> None:
    decisions = Decisions(small)
    breaks(decisions)
    law = Law(small, decisions)
    assert any(law.broken_by(answers) for answers in every_intake(small))
