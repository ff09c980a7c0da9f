"""What of a rulebook can be judged although something in it is wrong.

What stands on a mistake waits until that is mended, so that nothing is told which only follows from one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from pathlib import PurePath

from afterrun.errors import meant_by
from afterrun.rulebook import (
    LinkedRule,
    Proposition,
    ReadRulebook,
    Ref,
    Rulebook,
    atoms,
    names_in,
    parameters_in,
    propositions_of,
    walk,
)
from afterrun.rulebook.schema import KNOWLEDGE, Condition, TestOn


class Intact:
    """What nothing wrong is in, and what stands on nothing wrong, of a rulebook read as far as it can be."""

    def __init__(self, read: ReadRulebook) -> None:
        self._all, self._wrong = read.rulebook, read.wrong
        self._missing = read.unread.missing - {"sources"}
        self._files = {_file_of(each.file) for each in read.problems} | read.unread.missing
        self._rules: dict[str, list[LinkedRule]] = defaultdict(list)
        for rule in self._all.rules.values():
            for conclusion in rule.conclusions:
                self._rules[conclusion].append(rule)
        wrong = {name for name, rules in self._rules.items() for rule in rules if rule.id in read.wrong.ids}
        self._known = [each.name for each in propositions_of(self._all)]
        self._lost = read.unread.words | meant_by(wrong, self._known)
        self._words = self._lost | read.wrong.words
        self._left_out = read.unread.left_out
        self._blind = "" in wrong or bool(self._missing - set(KNOWLEDGE))
        book = self._all
        units = (each.unit_key for each in book.quantities.values())
        self._subjects = {*book.questions, *book.measures, *book.parameters, *units}
        self._sound: dict[tuple[str, str], bool] = {}
        self.rulebook = self._of_what_is_sound()

    def _of_what_is_sound(self) -> Rulebook:
        """The rulebook with those rules, questions and measures alone that stand on nothing wrong."""
        book = self._all
        rules = {name: rule for name, rule in book.rules.items() if self._is_sound("rule", name)}
        propositions = {
            name: left
            for name, each in book.propositions.items()
            if (left := tuple(rule for rule in each if rule.id in rules))
        }
        questions = {name: each for name, each in book.questions.items() if self.answers([name])}
        measures = {name: each for name, each in book.measures.items() if self.answers([name])}
        subjects = {*questions, *measures}
        return replace(
            book,
            rules=rules,
            propositions=propositions,
            questions=questions,
            measures=measures,
            variables={name: each for name, each in book.variables.items() if each.subject in subjects},
        )

    def answers(self, names: Collection[str]) -> bool:
        """Whether nothing is wrong with these questions, units and measures, or with what they stand on.

        A name that is none's is a mistake of its own, unless it may be that of a question that is lost.
        """
        known = self._subjects if self.is_right("questions") else names
        return all(self._is_sound("subject", name) for name in names if name in known)

    def is_right(self, *files: str) -> bool:
        """Whether nothing is wrong in these files: knowledge by its stem, and `rules`."""
        return self._files.isdisjoint(files)

    def is_wrong(self, *names: str) -> bool:
        """Whether something is wrong in the entry of one of these."""
        return not self._wrong.ids.isdisjoint(names)

    def may_speak_of(self, name: str) -> bool:
        """Whether something wrong, or something lost, may name what nothing else does."""
        subject = Proposition.parse(name).subject
        anything = self._blind or self._left_out or bool(self._missing)
        return anything or not self._words.isdisjoint((name, subject))

    def doubted(self) -> set[str]:
        """The propositions for which that is so."""
        return {name for name in self._known if self.may_speak_of(name)}

    def _is_sound(self, kind: str, name: str) -> bool:
        """Whether something is right, and all that it stands on; what waits for itself has no order."""
        if (kind, name) not in self._sound:
            self._sound[kind, name] = False
            right = not self.is_wrong(name) and self._is_there(kind, name)
            self._sound[kind, name] = right and all(
                self._is_sound(*below) for below in self._below(kind, name)
            )
        return self._sound[kind, name]

    def _is_there(self, kind: str, name: str) -> bool:
        book = self._all
        if kind == "proposition":
            lost = self._blind or not self._lost.isdisjoint((name, Proposition.parse(name).subject))
            return name in book.propositions and name in self._known and not lost
        known = {"subject": self._subjects, "quantity": book.quantities}
        return kind not in known or name in known[kind]

    def _below(self, kind: str, name: str) -> list[tuple[str, str]]:
        """What something stands on."""
        book = self._all
        if kind == "rule":
            rule = book.rules[name]
            if rule.written is None:
                return [
                    ("proposition", each.proposition) for each in atoms(rule.formula) if isinstance(each, Ref)
                ]
            return _named_in(rule.written.if_)
        if kind == "proposition":
            return [("rule", rule.id) for rule in self._rules[name]]
        if name in book.questions:
            question = book.questions[name]
            skip = _named_in(question.skip_when) if question.skip_when is not None else []
            quantity = [("quantity", question.quantity)] if question.quantity is not None else []
            return [*skip, *quantity, *(("other", each) for each in question.options_from)]
        if name in book.measures:
            formula = book.measures[name].formula
            return [("subject", each) for each in (*names_in(formula), *parameters_in(formula))]
        return [("other", each.id) for each in book.quantities.values() if each.unit_key == name]


def _named_in(condition: Condition) -> list[tuple[str, str]]:
    """The propositions and the questions or measures that a condition names."""
    parts = [part for _, part in walk(condition)]
    return [
        *(("proposition", part) for part in parts if isinstance(part, str)),
        *(("subject", part.subject) for part in parts if isinstance(part, TestOn)),
    ]


def _file_of(name: str) -> str:
    folder, *_ = PurePath(name).parts
    return folder if folder == "rules" else PurePath(name).stem
