"""What a person's own files say beside the questions of a check-in, and of weeks that are reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from afterrun.assessment import Scope
from afterrun.explanation import answer_in_words
from afterrun.history import RunningHistory
from afterrun.intake import FROM_FILES, on_day, span_words
from afterrun.rulebook import Rulebook
from afterrun.telling.history.beside import FileOffers
from afterrun.telling.history.offered import offer_words
from afterrun.telling.history.words import run_amount_words, unit_of

if TYPE_CHECKING:
    from afterrun.diary import History, OtherSum

CORRECTS = "afterrun checkin --correct"


class WeekOffers:
    """One person's files beside the check-in on a week of their diary, before that is kept."""

    def __init__(
        self,
        part: Rulebook,
        history: History,
        files: RunningHistory,
        week: int,
        confirmed: Mapping[str, Any] | None = None,
        *,
        types: bool = True,
    ) -> None:
        """`types` says whether an answer is typed, and Enter takes what is offered."""
        from afterrun.diary import is_without_running, runs_of, week_ahead, written_of

        self._part = part
        self._no = "If not, type 0." if types else "If not, put 0 instead."
        self._question = written_of(part).measures_amount
        self._confirmed = confirmed or {}
        """Answers that stand already; the files change none of them."""
        self._runs = runs_of(history, files, week)
        self._banned = bool(self._runs) and is_without_running(week_ahead(part, history, week))
        self._offers = FileOffers(part, files, history.last_day(week))

    def within(self, scope: Scope) -> Scope:
        """What is asked with them: the amount, too, where a run lies in a week without running."""
        return scope._replace(always=(*scope.always, *self.asks), of_files=self._answers)

    @property
    def asks(self) -> tuple[str, ...]:
        """What is asked for their sake, though the answer may change nothing."""
        return (self._question,) if self._banned else ()

    def kept(self) -> dict[str, Any]:
        """All of it as plain JSON values: what a page can carry on, and KeptOffers read."""
        quantity = self._part.questions[self._question].quantity
        key = self._part.quantities[quantity].unit_key if quantity is not None else ""
        kept = self._offers.kept()
        units = {
            unit: {
                "answers": self._answers({key: unit}),
                "lines": {self._question: [each.strip() for each in self.lines(self._question, {key: unit})]},
            }
            for unit in kept["units"]
        }
        return {**kept, "units": units, "asks": list(self.asks)}

    def lines(self, question: str, intake: Mapping[str, Any]) -> list[str]:
        """What stands beside a question."""
        told = self._offers.lines(question, intake)
        if question != self._question:
            return told
        asks = [f"{self.noticed(intake)} Did you run then? {self._no}"] if self._banned else []
        found = self._offers.answers(intake)
        if question in self._confirmed and question in found:
            stood = answer_in_words(
                self._part, question, self._confirmed[question], {**intake, **self._confirmed}
            )
            now = answer_in_words(self._part, question, found[question], found)
            if stood != now:
                told = [f"You confirmed {stood}. Your files now say {now}.", *told]
        return [*asks, *told]

    def noticed(self, intake: Mapping[str, Any]) -> str:
        """The runs in a week in which the plan has none, by their days; nothing where there is none."""
        if not self._banned:
            return ""
        first, last = self._runs[0], self._runs[-1]
        what = f"{len(self._runs)} runs, {span_words(first.day, last.day)},"
        if first is last:
            unit = unit_of(self._part, self._question, intake)
            amount = run_amount_words(self._part, first.metres, first.seconds, unit)
            what = f"a run{f' of {amount}' if amount else ''} on {on_day(first.day)},"
        return f"Your files have {what} in a week without running."

    def lacking(self, answers: Mapping[str, Any], intake: Mapping[str, Any]) -> list[str]:
        """What the files would offer beside answers that are given already; nothing of it is filled in."""
        offered = self._answers({**intake, **answers})
        left = [name for name in offered[FROM_FILES] if answers.get(name) is None]
        told = [self.noticed({**intake, **answers})]
        if left:
            numbers = "1 number" if len(left) == 1 else f"{len(left)} numbers"
            told.append(
                f"Your files would offer {numbers} that these answers lack, and nothing is filled in:"
            )
            for name in left:
                said = answer_in_words(self._part, name, offered[name], offered)
                told.append(f"{self._part.questions[name].ask} {said}")
        return list(filter(None, told))

    def _answers(self, intake: Mapping[str, Any]) -> dict[str, Any]:
        told = self._offers.answers(intake)
        entries = {name: each for name, each in told[FROM_FILES].items() if name not in self._confirmed}
        return {key: each for key, each in told.items() if key not in self._confirmed} | {FROM_FILES: entries}


def other_sum_lines(
    part: Rulebook, history: History, files: RunningHistory, *, commands: bool = True
) -> Iterator[str]:
    """The weeks of which the files now say another amount than was confirmed; nothing is changed by it."""
    from afterrun.diary import other_sums

    for each in other_sums(part, history, files):
        yield _other_sum(part, history, each)
        if each.is_last:
            yield f"To change it:  {CORRECTS}" if commands else "Your diary lets you correct it."


def _other_sum(part: Rulebook, history: History, other: OtherSum) -> str:
    week, offer = other.kept.week, other.offer
    stood = answer_in_words(
        part, offer.question, other.confirmed, {**other.kept.standing.facts, **other.kept.answers}
    )
    days = span_words(history.first_day(week), history.last_day(week))
    return (
        f"Your files now say {offer_words(part, offer)} for week {week}, {days}. "
        f"You confirmed {stood}, and that stays."
    )
