"""Everything written in a rulebook's files, found by id, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from afterrun.errors import Problem
from afterrun.rulebook import STATUSES
from afterrun.written.conditions import Condition
from afterrun.written.files import Interview, RuleFile, SourceFile
from afterrun.written.yaml12 import Document, Path


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


class Item(NamedTuple):
    """Something written: its value, its file and its place there."""

    value: Any
    file: WrittenFile
    path: Path


class Items:
    """The written rulebook by kind and id; what goes wrong is gathered in `problems`."""

    def __init__(self, written: WrittenRulebook) -> None:
        self.written = written
        self.problems: list[Problem] = []
        interview: Interview = written.knowledge["questions"].model
        self.sections = self._by_id("questions", interview.sections, "sections")
        self.quantities = self._by_id("questions", interview.quantities, "quantities")
        self.questions = self._by_id("questions", interview.questions, "questions")
        self.measures = self._by_id("measures")
        self.findings = self._by_id("findings")
        self.triage = self._by_id("triage")
        self.patterns = self._by_id("patterns")
        self.interventions = self._by_id("interventions")
        self.parameters = self._by_id("parameters")
        self.background = self._by_id("background")
        self.evidence = self._by_id("evidence")
        self.sources: SourceFile = written.knowledge["sources"].model
        self.rules = self._written_rules()
        self.plan = self._items("plans")
        schedule = written.knowledge.get("schedule")
        self.schedule = Item(schedule.model, schedule, ()) if schedule else None

    def _items(self, stem: str, values: Iterable[Any] | None = None, under: str = "") -> list[Item]:
        file = self.written.knowledge.get(stem)
        if file is None:
            return []
        prefix: Path = (under,) if under else ()
        return [
            Item(value, file, (*prefix, place))
            for place, value in enumerate(file.model.root if values is None else values)
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
            model: RuleFile = file.model
            for place, rule in enumerate(model.root):
                item = Item(rule, file, (place,))
                if rule.id in found:
                    self.problem(item, f"the rule id '{rule.id}' is taken")
                found[rule.id] = item
        return found

    def nameable(self) -> list[str]:
        """Every proposition that some rule may conclude."""
        names = [*self.findings]
        names += [f"triage.{item.value.id}" for item in self.triage.values() if not item.value.pending]
        names += [
            f"pattern.{key}.{level}" for key, item in self.patterns.items() for level in item.value.levels
        ]
        names += [f"intervention.{key}.{status}" for key in self.interventions for status in STATUSES]
        names += [
            f"parameter.{key}.{value}" for key, item in self.parameters.items() for value in item.value.values
        ]
        return names

    def conditions(self) -> Iterator[tuple[Item, Condition, Path]]:
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
