"""What a form never asked: questions without a column, and options without one among others that have one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from afterrun.batch.input.form.columns import Column, few
from afterrun.batch.input.layout import option_column
from afterrun.intake import Answers, PartlyAsked
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question


class Gaps(NamedTuple):
    """What nobody who filled in a form was asked."""

    questions: tuple[str, ...] = ()
    """Questions that have no column, less those that may be left out."""
    options: Mapping[str, tuple[str, ...]] = {}
    """By question, options without a column of their own."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, an option as the column that it would have had."""
        parts = (option_column(name, each) for name, options in self.options.items() for each in options)
        return (*self.questions, *parts)

    def notes(self) -> tuple[str, ...]:
        """For the person who starts a batch: what stays open in every row, and the way out."""
        told = [
            f"{name}: has no column for {few(options)}: nobody was asked, so they stay open unless "
            f"another option settles the matter; --assume-asked {name} if they were on the form"
            for name, options in self.options.items()
        ]
        if self.questions:
            word = "questions" if len(self.questions) > 1 else "question"
            told.append(f"has no column for the {word} {few(self.questions)}: open in every row")
        return tuple(told)


def unasked_of(columns: Iterable[Column]) -> dict[str, set[str]]:
    """By question with columns of options, the options that have one, unless all count as asked."""
    asked: dict[str, set[str]] = {}
    assumed = set()
    for column in columns:
        if column.role == "tick":
            asked.setdefault(column.key, set()).add(column.option)
            if column.assumed:
                assumed.add(column.key)
    return {name: options for name, options in asked.items() if name not in assumed}


def gaps_of(rulebook: Rulebook, columns: Sequence[Column], *, whole: bool = True) -> Gaps:
    """The gaps of a form with these columns; without `whole` no question is taken to be missing."""
    there = {column.key for column in columns}
    questions = rulebook.questions.values()
    missing = tuple(each.id for each in questions if each.id not in there and not each.optional)
    asked = unasked_of(columns)
    options = {
        each.id: found
        for each in questions
        if each.id in asked and (found := missing_options(each, asked[each.id]))
    }
    return Gaps(missing if whole else (), options)


def missing_options(question: Question, asked: Iterable[str]) -> tuple[str, ...]:
    """The options that were not offered."""
    offered = set(asked)
    return tuple(option.id for option in question.options if option.id not in offered)


def open_options(question: Question, asked: Iterable[str]) -> frozenset[str]:
    """The options that stay open where only those `asked` were offered.

    "None of these" is among them: it was said of a shorter list.
    """
    missing = missing_options(question, asked)
    alone = [option.id for option in question.options if option.alone]
    return frozenset([*missing, *alone]) if missing else frozenset()


def as_asked(rulebook: Rulebook, answers: Answers, columns: Iterable[Column]) -> Answers:
    """Answers given on a form with these columns: what it did not offer is open, and not left unticked."""
    values = dict(answers.values)
    for name, asked in unasked_of(columns).items():
        question, ticked = rulebook.questions[name], values.get(name)
        still_open = open_options(question, asked)
        if still_open and isinstance(ticked, frozenset):
            alone = {option.id for option in question.options if option.alone}
            chosen = ticked - alone
            left = still_open - chosen
            del values[name]
            if len(left) < len(question.options):
                values[name] = PartlyAsked(chosen, left)
    return answers._replace(values=values)
