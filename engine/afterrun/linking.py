"""Written files in, a rulebook out: every name looked up, every order found, all mistakes told."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from afterrun.arithmetic import names_in, parameters_in
from afterrun.compiling import Report, Vocabulary, propositions_in, tests_in
from afterrun.errors import Problem, RulebookError, nearest
from afterrun.logic import Formula, Ref
from afterrun.rulebook import STATUSES, LinkedRule, Rulebook
from afterrun.written.conditions import Condition
from afterrun.written.files import (
    CodeFile,
    Identity,
    Interview,
    PlanItem,
    Rule,
    RuleFile,
    SourceFile,
)
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


class _Item(NamedTuple):
    """Something written: its value, its file and its place there."""

    value: Any
    file: WrittenFile
    path: Path


def link(written: WrittenRulebook) -> Rulebook:
    """Resolve every name; raises RulebookError with all that do not resolve."""
    return _Linker(written).rulebook()


class _Linker:
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
        self.vocabulary = Vocabulary(
            {key: item.value for key, item in self.questions.items()},
            {key: item.value for key, item in self.measures.items()},
            self._nameable(),
        )

    def rulebook(self) -> Rulebook:
        """The linked rulebook, or every problem at once."""
        self._check_questions()
        self._check_formulas()
        self._check_sources()
        self._check_names_of_knowledge()
        for _, condition, _ in self._conditions():
            self.vocabulary.note_thresholds(condition)
        self.vocabulary.make_variables()
        compiled = {
            (*item.path, item.file.name): self.vocabulary.compile(condition, path, self._report(item.file))
            for item, condition, path in self._conditions()
        }
        rules = self._linked_rules(compiled)
        order = self._order()
        if self.problems:
            raise RulebookError(sorted(set(self.problems), key=lambda each: (each.file, each.line or 0)))
        concluding: dict[str, list[LinkedRule]] = defaultdict(list)
        for rule in rules:
            for conclusion in rule.conclusions:
                concluding[conclusion].append(rule)
        identity: Identity = self.written.knowledge["rulebook"].model
        codes: CodeFile | None = (
            self.written.knowledge["codes"].model if "codes" in self.written.knowledge else None
        )
        return Rulebook(
            identity=identity,
            digest=self.written.digest,
            sections=_values(self.sections),
            quantities=_values(self.quantities),
            questions=_values(self.questions),
            measures=_values(self.measures),
            findings=_values(self.findings),
            triage=_values(self.triage),
            patterns=_values(self.patterns),
            interventions=_values(self.interventions),
            parameters=_values(self.parameters),
            plan=tuple(item.value for item in self.plan),
            plan_conditions={
                place: compiled[(*item.path, item.file.name)]
                for place, item in enumerate(self.plan)
                if item.value.when is not None
            },
            background=tuple(_values(self.background).values()),
            evidence=tuple(_values(self.evidence).values()),
            codes=codes,
            sources=self.sources,
            variables=self.vocabulary.variables,
            skips=self.vocabulary.skips,
            rules={rule.id: rule for rule in rules},
            propositions={name: tuple(concluding[name]) for name in order if name in concluding},
        )

    def _items(self, stem: str, values: Iterable[Any] | None = None, under: str = "") -> list[_Item]:
        file = self.written.knowledge.get(stem)
        if file is None:
            return []
        prefix: Path = (under,) if under else ()
        return [
            _Item(value, file, (*prefix, place))
            for place, value in enumerate(file.model.root if values is None else values)
        ]

    def _by_id(self, stem: str, values: Iterable[Any] | None = None, under: str = "") -> dict[str, _Item]:
        found: dict[str, _Item] = {}
        for item in self._items(stem, values, under):
            if item.value.id in found:
                self._problem(item, f"the id '{item.value.id}' is taken")
            found[item.value.id] = item
        return found

    def _written_rules(self) -> dict[str, _Item]:
        found: dict[str, _Item] = {}
        for file in self.written.rules:
            model: RuleFile = file.model
            for place, rule in enumerate(model.root):
                item = _Item(rule, file, (place,))
                if rule.id in found:
                    self._problem(item, f"the rule id '{rule.id}' is taken")
                found[rule.id] = item
        return found

    def _nameable(self) -> list[str]:
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

    def _conditions(self) -> Iterator[tuple[_Item, Condition, Path]]:
        """Every condition written anywhere, with what it belongs to and its place."""
        for item in self.rules.values():
            yield item, item.value.if_, (*item.path, "if")
        for item in self.questions.values():
            if item.value.skip_when is not None:
                yield item, item.value.skip_when, (*item.path, "skip_when")
        for item in self.plan:
            if item.value.when is not None:
                yield item, item.value.when, (*item.path, "when")

    def _linked_rules(self, compiled: dict[Any, Formula]) -> list[LinkedRule]:
        nameable = set(self._nameable())
        rules = []
        for rule_id, item in self.rules.items():
            rule: Rule = item.value
            for conclusion in rule.conclusions:
                if conclusion not in nameable:
                    self._problem(
                        item,
                        f"concludes '{conclusion}', which knowledge does not name",
                        "then",
                        nearest(conclusion, nameable),
                    )
            line = item.file.document.line(item.path)
            formula = compiled[(*item.path, item.file.name)]
            rules.append(
                LinkedRule(
                    rule_id, formula, rule.conclusions, rule.because, rule.sources, rule, item.file.name, line
                )
            )
        concluded = {conclusion for rule in rules for conclusion in rule.conclusions}
        rules += self._level_rules()
        concluded |= {conclusion for rule in rules for conclusion in rule.conclusions}
        for item, condition, path in self._conditions():
            for name in propositions_in(condition):
                if name in nameable and name not in concluded:
                    line = item.file.document.line(path)
                    self.problems.append(
                        Problem(f"waits for '{name}', which no rule concludes", item.file.name, line)
                    )
        for finding_id, item in self.findings.items():
            if finding_id not in concluded:
                self._problem(item, f"no rule concludes the finding '{finding_id}'")
        return rules

    def _level_rules(self) -> list[LinkedRule]:
        """Levels are cumulative: each stronger level proves the next weaker one."""
        rules = []
        for key, item in self.patterns.items():
            levels = item.value.levels
            for stronger, weaker in itertools.pairwise(levels):
                rules.append(
                    LinkedRule(
                        id=f"{key}-{weaker}-from-{stronger}".replace("_", "-"),
                        formula=Ref(f"pattern.{key}.{stronger}"),
                        conclusions=(f"pattern.{key}.{weaker}",),
                        because=f"Levels are cumulative: what is {stronger} is {weaker} too.",
                        sources=item.value.sources,
                        written=None,
                    )
                )
        return rules

    def _order(self) -> list[str]:
        """Propositions so ordered that none waits for a later one; a circle is a problem."""
        waits: dict[str, set[str]] = defaultdict(set)

        def add(name: str, condition: Condition) -> None:
            waits[name].update(propositions_in(condition))
            for on in tests_in(condition):
                waits[name].update(
                    f"?{question}" for question in self.vocabulary.questions_behind(on.subject)
                )

        for item in self.rules.values():
            for conclusion in item.value.conclusions:
                add(conclusion, item.value.if_)
        for rule in self._level_rules():
            assert isinstance(rule.formula, Ref)
            waits[rule.conclusions[0]].add(rule.formula.proposition)
        for key, item in self.questions.items():
            if item.value.skip_when is not None:
                add(f"?{key}", item.value.skip_when)
        try:
            return list(TopologicalSorter(waits).static_order())
        except CycleError as error:
            circle = " -> ".join(name.lstrip("?") for name in reversed(error.args[1]))
            self.problems.append(Problem(f"propositions wait for each other in a circle: {circle}", "rules/"))
            return []

    def _check_questions(self) -> None:
        for item in self.questions.values():
            question = item.value
            if question.section not in self.sections:
                self._problem(
                    item,
                    f"there is no section '{question.section}'",
                    "section",
                    nearest(question.section, self.sections),
                )
            if question.quantity is not None and question.quantity not in self.quantities:
                self._problem(
                    item,
                    f"there is no quantity '{question.quantity}'",
                    "quantity",
                    nearest(question.quantity, self.quantities),
                )
            if (question.type in ("single", "multi")) != bool(question.options):
                self._problem(
                    item, f"a {question.type} question has options exactly when it is a choice", "options"
                )
            options = [option.id for option in question.options]
            if len(set(options)) < len(options):
                self._problem(item, "an option stands twice", "options")
            if question.skip_when is not None and question.skipped_reads is None:
                self._problem(item, "can be skipped; say what it is then read as: 'skipped_reads'")
            for key in ("unknown_reads", "skipped_reads"):
                reads = getattr(question, key)
                if question.type == "single" and reads not in (None, "nothing", *options):
                    self._problem(item, f"'{reads}' is no option", key, nearest(str(reads), options))
                if question.type in ("integer", "number") and isinstance(reads, str) and reads != "nothing":
                    self._problem(item, f"'{reads}' is no number", key)

    def _check_formulas(self) -> None:
        numbers = {key for key, item in self.questions.items() if item.value.type in ("integer", "number")}
        graph: dict[str, set[str]] = {}
        for key, item in self.measures.items():
            graph[key] = set(names_in(item.value.formula))
            self._check_operands(item, numbers | set(self.measures))
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            self.problems.append(
                Problem(f"measures rest on each other: {error.args[1]}", "knowledge/measures.yaml")
            )
            raise RulebookError(self.problems) from error
        for item in self.plan:
            self._check_plan_item(item, numbers | set(self.measures))

    def _check_operands(self, item: _Item, known: set[str]) -> None:
        formula = item.value.formula
        if formula is None:
            return
        if len(formula.model_fields_set) != 1:
            self._problem(item, "a formula takes exactly one function", "formula")
        for name in names_in(formula):
            if name not in known:
                self._problem(
                    item, f"'{name}' is no number question and no measure", "formula", nearest(name, known)
                )
        for name in parameters_in(formula):
            if name not in self.parameters:
                self._problem(
                    item, f"there is no parameter '{name}'", "formula", nearest(name, self.parameters)
                )

    def _check_plan_item(self, item: _Item, known: set[str]) -> None:
        plan: PlanItem = item.value
        self._check_operands(item, known)
        ways = {"value", "parameter", "formula", "answer", "by_option", "asked_later"} & plan.model_fields_set
        if len(ways) != 1:
            self._problem(
                item,
                f"'{plan.key}' takes exactly one of value, parameter, formula, answer, by_option, "
                "asked_later",
            )
        if (plan.for_ is None) == (plan.when is None):
            self._problem(item, f"'{plan.key}' takes either 'for' or 'when'")
        for name in plan.for_ or ():
            if name not in self.interventions:
                self._problem(
                    item, f"there is no intervention '{name}'", "for", nearest(name, self.interventions)
                )
        if plan.parameter is not None and plan.parameter not in self.parameters:
            self._problem(
                item,
                f"there is no parameter '{plan.parameter}'",
                "parameter",
                nearest(plan.parameter, self.parameters),
            )
        units = [quantity.value.unit_key for quantity in self.quantities.values()]
        if plan.answer is not None and plan.answer not in (*self.questions, *units):
            self._problem(
                item,
                f"there is no question '{plan.answer}'",
                "answer",
                nearest(plan.answer, [*self.questions, *units]),
            )
        for name, options in (plan.by_option or {}).items():
            if name not in self.questions:
                self._problem(
                    item, f"there is no question '{name}'", "by_option", nearest(name, self.questions)
                )
                continue
            offered = [option.id for option in self.questions[name].value.options]
            for option in set(options) - set(offered):
                self._problem(
                    item, f"'{name}' has no option '{option}'", "by_option", nearest(option, offered)
                )

    def _check_names_of_knowledge(self) -> None:
        for item in self.interventions.values():
            starts, into = item.value.starts, item.value.merged_into
            if starts is not None and starts not in self.parameters:
                self._problem(
                    item, f"there is no parameter '{starts}'", "starts", nearest(starts, self.parameters)
                )
            if into is not None and into not in self.interventions:
                self._problem(
                    item,
                    f"there is no intervention '{into}'",
                    "merged_into",
                    nearest(into, self.interventions),
                )
        for item in self.triage.values():
            for name in () if item.value.interventions == "all" else item.value.interventions:
                if name not in self.interventions:
                    self._problem(
                        item,
                        f"there is no intervention '{name}'",
                        "interventions",
                        nearest(name, self.interventions),
                    )

    def _check_sources(self) -> None:
        known = known_sources(self.sources)
        for item in self._all_items():
            for source in getattr(item.value, "sources", ()):
                if source not in known:
                    self._problem(
                        item,
                        f"the source '{source}' does not stand in knowledge/sources.yaml",
                        "sources",
                        nearest(source, known),
                    )

    def _all_items(self) -> Iterator[_Item]:
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

    def _report(self, file: WrittenFile) -> Report:
        def report(path: Path, message: str, near: str) -> None:
            self.problems.append(Problem(message, file.name, file.document.line(path), nearest=near))

        return report

    def _problem(self, item: _Item, message: str, key: str = "", near: str = "") -> None:
        path = (*item.path, key) if key else item.path
        self.problems.append(Problem(message, item.file.name, item.file.document.line(path), nearest=near))


def known_sources(sources: SourceFile) -> set[str]:
    """Everything that a `sources` list may name."""
    return {
        *(f"article:{statement.id}" for statement in sources.article.statements),
        *(f"row:{row.id}" for row in sources.rows),
        *(f"resolution:{resolution.id}" for resolution in sources.resolutions),
        *(publication.id for publication in sources.publications),
    }


def _values(items: dict[str, _Item]) -> dict[str, Any]:
    return {key: item.value for key, item in items.items()}
