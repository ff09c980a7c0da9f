"""Everything written in a rulebook's files, found by id, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from afterrun.errors import Problem, nearest
from afterrun.rulebook.model import Rulebook, Scheme
from afterrun.rulebook.proposition import Proposition, every_proposition
from afterrun.rulebook.schema import Condition, Interview, Option, Question, Rule, SourceFile
from afterrun.rulebook.yaml12 import Document, KeyPath

_WEEKS = re.compile(r"^([1-9][0-9]*)(?:-([1-9][0-9]*))?$")


class WrittenFile(NamedTuple):
    """One file as written: its name, its text's lines, and its validated model."""

    name: str
    document: Document
    model: Any


class WrittenRulebook(NamedTuple):
    """Every file of a rulebook, validated one by one and not yet together."""

    rules: list[WrittenFile]
    knowledge: dict[str, WrittenFile]
    digest: str
    base: Rulebook | None = None
    """The main part, which lends its sources and quantities."""
    invariants: WrittenFile | None = None


class Item(NamedTuple):
    """Something written: its value, its file and its place there."""

    value: Any
    file: WrittenFile
    path: KeyPath


class Items:
    """The written rulebook by kind and id; what goes wrong is gathered in `problems`."""

    def __init__(self, written: WrittenRulebook) -> None:
        self.written = written
        self.problems: list[Problem] = []
        interview: Interview = written.knowledge["questions"].model
        self.sections = self._by_id("questions", interview.sections, "sections")
        self.quantities = self._by_id("questions", interview.quantities, "quantities")
        self._inherit_quantities()
        self.questions = self._by_id("questions", interview.questions, "questions")
        self._inherit_options()
        self.measures = self._by_id("measures")
        self.findings = self._by_id("findings")
        self.triage = self._by_id("triage")
        self.patterns = self._by_id("patterns")
        self.interventions = self._by_id("interventions")
        self.parameters = self._by_id("parameters")
        self.background = self._by_id("background")
        self.evidence = self._by_id("evidence")
        base = written.base
        self.sources: SourceFile = base.sources if base else written.knowledge["sources"].model
        enrolment = written.knowledge.get("enrolment")
        self.enrolment = Item(enrolment.model, enrolment, ()) if enrolment else None
        self.rules = self._written_rules()
        self.plan = self._items("plans")
        schedule = written.knowledge.get("schedule")
        self.schedule = Item(schedule.model, schedule, ()) if schedule else None

    def _items(self, stem: str, values: Iterable[Any] | None = None, under: str = "") -> list[Item]:
        file = self.written.knowledge.get(stem)
        if file is None:
            return []
        prefix: KeyPath = (under,) if under else ()
        return [
            Item(value, file, (*prefix, place))
            for place, value in enumerate(file.model if values is None else values)
        ]

    def _by_id(self, stem: str, values: Iterable[Any] | None = None, under: str = "") -> dict[str, Item]:
        found: dict[str, Item] = {}
        for item in self._items(stem, values, under):
            if item.value.id in found:
                self.problem(item, f"the id '{item.value.id}' is taken")
            found[item.value.id] = item
        return found

    def _written_rules(self) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for file in self.written.rules:
            rules: tuple[Rule, ...] = file.model
            for place, rule in enumerate(rules):
                item = Item(rule, file, (place,))
                if rule.id in found:
                    self.problem(item, f"the rule id '{rule.id}' is taken")
                found[rule.id] = item
        return found

    def _inherit_quantities(self) -> None:
        file = self.written.knowledge["questions"]
        for key, quantity in (self.written.base.quantities if self.written.base else {}).items():
            self.quantities.setdefault(key, Item(quantity, file, ()))

    def _inherit_options(self) -> None:
        """Give each question the options that it takes over from the main part."""
        known = self.written.base.questions if self.written.base else {}
        for key, item in self.questions.items():
            question: Question = item.value
            for name in question.options_from:
                if name not in known:
                    self.problem(
                        item,
                        f"the main part has no question '{name}'",
                        "options_from",
                        nearest(name, known),
                    )
            lists = [known[name].options for name in question.options_from if name in known]
            if lists:
                options = _joined(question, lists)
                self.questions[key] = item._replace(value=question.changed(options=options))

    def propositions(self) -> list[Proposition]:
        """Every proposition that some rule may conclude."""
        kinds = (self.findings, self.triage, self.patterns, self.interventions, self.parameters)
        return every_proposition(*({key: item.value for key, item in kind.items()} for kind in kinds))

    def schemes(self) -> dict[str, Scheme]:
        """The keys of the plan that hold an entry for each stretch of weeks, the main part's too."""
        found = dict(self.written.base.schemes) if self.written.base else {}
        for item in self.plan:
            if scheme := _scheme(item.value.value):
                found[item.value.key] = scheme
        return found

    def conditions(self) -> Iterator[tuple[Item, Condition, KeyPath]]:
        """Every condition written anywhere, with what it belongs to and its place."""
        for item in self.rules.values():
            yield item, item.value.if_, (*item.path, "if")
        for item in self.questions.values():
            if item.value.skip_when is not None:
                yield item, item.value.skip_when, (*item.path, "skip_when")
        for item in self.plan:
            if item.value.when is not None:
                yield item, item.value.when, (*item.path, "when")

    def everything(self) -> Iterator[Item]:
        for group in (
            self.rules,
            self.questions,
            self.quantities,
            self.measures,
            self.triage,
            self.patterns,
            self.interventions,
            self.parameters,
            self.background,
            self.evidence,
        ):
            yield from group.values()
        yield from self.plan
        yield from self.courses()

    def courses(self) -> Iterator[Item]:
        """Every part of the schedule that names its sources."""
        if self.schedule is None:
            return
        written, file = self.schedule.value, self.schedule.file
        yield Item(written.length, file, ("length",))
        yield Item(written.check_in, file, ("check_in",))
        for place, course in enumerate(written.courses):
            yield Item(course, file, ("courses", place))

    def problem(self, item: Item, message: str, key: str = "", near: str = "") -> None:
        path = (*item.path, key) if key else item.path
        self.problems.append(Problem(message, item.file.name, item.file.document.line(path), nearest=near))


def _joined(question: Question, lists: list[tuple[Option, ...]]) -> tuple[Option, ...]:
    """The options of several questions; what each of several offers ('none of these') comes last."""
    offered = [option.id for option in chain(*lists)]
    own = {option.id: option for option in question.options}
    found: dict[str, Option] = {}
    for option in sorted(chain(*lists), key=lambda option: offered.count(option.id) > 1):
        if option.id not in question.options_but:
            found.setdefault(option.id, own.get(option.id, option))
    return (*found.values(), *(option for key, option in own.items() if key not in found))


def _scheme(value: Any) -> Scheme:
    """A constant such as {"1": "3x15", "2-3": "3x12"} by stretch of weeks; empty for any other."""
    stretches = (
        [(_WEEKS.match(str(key)), entry) for key, entry in value.items()] if isinstance(value, dict) else []
    )
    if not all(stretches and match for match, _ in stretches):
        return ()
    return tuple(
        (int(match[1]), int(match[2] or match[1]), str(entry))
        for match, entry in stretches
        if match is not None
    )
