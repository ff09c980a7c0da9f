"""Which unanswered questions can really change the result: by meaning, where relevance goes by form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterrun.intake import Answers, read_answers
from afterrun.rulebook import Rulebook, engine_of
from afterrun.verify.prove.encoding.terms import Term, disj, neg
from afterrun.verify.prove.encoding.two_intakes import SecondIntake
from afterrun.verify.prove.search import Ground


class Relevance:
    """A rulebook made ready to be asked which questions still matter."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._ground = Ground(rulebook)
        self._changes: dict[str, tuple[Term, ...]] = {}
        for question in rulebook.questions:
            beside = SecondIntake(self._ground.shown, question)
            self._changes[question] = (
                *beside.world.rules,
                neg(self._ground.world.asked[question].answered),
                beside.world.asked[question].answered,
                disj(beside.differences().values()),
            )

    def questions(self, answers: Answers) -> tuple[str, ...]:
        """The unanswered questions whose answer can change the result, now or after other answers."""
        units = self._ground.world.units
        given = [
            *(self._ground.world.asked[name].equals(value) for name, value in answers.values.items()),
            *(
                units[key][answers.units[quantity.unit_key]]
                for key, quantity in self._rulebook.quantities.items()
                if quantity.unit_key in answers.units
            ),
        ]
        with self._ground.search.assuming(*given):
            return tuple(
                name
                for name in self._rulebook.questions
                if name not in answers.values and self._ground.search.possible(*self._changes[name])
            )


def relevant_questions(rulebook: Rulebook, intake: Mapping[str, Any] | Answers) -> tuple[str, ...]:
    """Exactly the unanswered questions that can still change the result, in the questionnaire's order.

    A question is relevant when, with some answers to the others or none, answering it gives another
    result than leaving it blank. `Result.open_questions` lists each of these, and sometimes one more.
    Not for several threads at once.
    """
    answers = intake if isinstance(intake, Answers) else read_answers(rulebook, intake)
    return engine_of(rulebook, Relevance).questions(answers)
