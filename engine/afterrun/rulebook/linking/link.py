"""Written files in, a rulebook out: every name looked up, every order found, all mistakes told."""

from __future__ import annotations

import itertools
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import Any

from afterrun.errors import Problem, RulebookError, nearest
from afterrun.rulebook.linking.compile import Report, Vocabulary
from afterrun.rulebook.linking.conditions import propositions_in, tests_in
from afterrun.rulebook.linking.index import Item, Items, WrittenFile, WrittenRulebook
from afterrun.rulebook.linking.invariants import link_invariants
from afterrun.rulebook.linking.references import check_references
from afterrun.rulebook.linking.schedule_references import check_schedule
from afterrun.rulebook.logic import Formula, Ref
from afterrun.rulebook.model import LinkedRule, Rulebook
from afterrun.rulebook.proposition import name_of
from afterrun.rulebook.schema import Condition, Identity, Rule
from afterrun.rulebook.yaml12 import KeyPath


def link(written: WrittenRulebook) -> Rulebook:
    """Resolve every name; raises RulebookError with all that do not resolve."""
    return _Linker(written).rulebook()


class _Linker:
    def __init__(self, written: WrittenRulebook) -> None:
        self.written = written
        self.items = Items(written)
        self.problems = self.items.problems
        self.nameable = [each.name for each in self.items.propositions()]
        self.vocabulary = Vocabulary(
            {key: item.value for key, item in self.items.questions.items()},
            {key: item.value for key, item in self.items.measures.items()},
            self.nameable,
        )

    def rulebook(self) -> Rulebook:
        """The linked rulebook, or every problem at once."""
        check_references(self.items)
        check_schedule(self.items)
        for _, condition, _ in self.items.conditions():
            self.vocabulary.note_thresholds(condition)
        self.vocabulary.make_variables()
        compiled = {
            (*item.path, item.file.name): self.vocabulary.compile(condition, path, self._report(item.file))
            for item, condition, path in self.items.conditions()
        }
        rules = self._linked_rules(compiled)
        invariants = link_invariants(self.items, self.written.invariants)
        order = self._order()
        if self.problems:
            raise RulebookError(
                sorted(dict.fromkeys(self.problems), key=lambda each: (each.file, each.line or 0))
            )
        concluding: dict[str, list[LinkedRule]] = defaultdict(list)
        for rule in rules:
            for conclusion in rule.conclusions:
                concluding[conclusion].append(rule)
        identity: Identity = self.written.knowledge["rulebook"].model
        codes = self.written.knowledge.get("codes")
        return Rulebook(
            identity=identity,
            digest=self.written.digest,
            sections=_values(self.items.sections),
            quantities=_values(self.items.quantities),
            questions=_values(self.items.questions),
            measures=_values(self.items.measures),
            findings=_values(self.items.findings),
            triage=_values(self.items.triage),
            patterns=_values(self.items.patterns),
            interventions=_values(self.items.interventions),
            parameters=_values(self.items.parameters),
            plan=tuple(item.value for item in self.items.plan),
            plan_conditions={
                place: compiled[(*item.path, item.file.name)]
                for place, item in enumerate(self.items.plan)
                if item.value.when is not None
            },
            background=tuple(_values(self.items.background).values()),
            evidence=tuple(_values(self.items.evidence).values()),
            codes=codes.model if codes else None,
            sources=self.items.sources,
            variables=self.vocabulary.variables,
            skips=self.vocabulary.skips,
            rules={rule.id: rule for rule in rules},
            propositions={name: tuple(concluding[name]) for name in order if name in concluding},
            schemes=self.items.schemes(),
            enrolment=self.items.enrolment.value if self.items.enrolment else None,
            base=self.written.base,
            schedule=self.items.schedule.value if self.items.schedule else None,
            invariants=invariants,
        )

    def _linked_rules(self, compiled: dict[Any, Formula]) -> list[LinkedRule]:
        nameable = set(self.nameable)
        rules = []
        for rule_id, item in self.items.rules.items():
            rule: Rule = item.value
            for conclusion in rule.conclusions:
                if conclusion not in nameable:
                    self.items.problem(
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
        for item, condition, path in self.items.conditions():
            for name in propositions_in(condition):
                if name in nameable and name not in concluded:
                    line = item.file.document.line(path)
                    self.problems.append(
                        Problem(f"waits for '{name}', which no rule concludes", item.file.name, line)
                    )
        for finding_id, item in self.items.findings.items():
            if finding_id not in concluded:
                self.items.problem(item, f"no rule concludes the finding '{finding_id}'")
        return rules

    def _level_rules(self) -> list[LinkedRule]:
        """Levels are cumulative: each stronger level proves the next weaker one."""
        rules = []
        for key, item in self.items.patterns.items():
            levels = item.value.levels
            for stronger, weaker in itertools.pairwise(levels):
                rules.append(
                    LinkedRule(
                        id=f"{key}-{weaker}-from-{stronger}".replace("_", "-"),
                        formula=Ref(name_of("pattern", key, stronger)),
                        conclusions=(name_of("pattern", key, weaker),),
                        because=f"Levels are cumulative: what is {stronger} is {weaker} too.",
                        sources=item.value.sources,
                        written=None,
                    )
                )
        return rules

    def _order(self) -> list[str]:
        """Propositions so ordered that none waits for a later one; a circle is a problem."""
        # Dictionaries and not sets, so that the order is the same in every process.
        waits: dict[str, dict[str, None]] = defaultdict(dict)

        def add(name: str, condition: Condition) -> None:
            waits[name].update(dict.fromkeys(propositions_in(condition)))
            for on in tests_in(condition):
                behind = self.vocabulary.questions_behind(on.subject)
                waits[name].update(dict.fromkeys(f"?{question}" for question in behind))

        for item in self.items.rules.values():
            for conclusion in item.value.conclusions:
                add(conclusion, item.value.if_)
        for rule in self._level_rules():
            assert isinstance(rule.formula, Ref)
            waits[rule.conclusions[0]][rule.formula.proposition] = None
        for key, item in self.items.questions.items():
            if item.value.skip_when is not None:
                add(f"?{key}", item.value.skip_when)
        try:
            return list(TopologicalSorter(waits).static_order())
        except CycleError as error:
            circle = " -> ".join(name.lstrip("?") for name in reversed(error.args[1]))
            self.problems.append(Problem(f"propositions wait for each other in a circle: {circle}", "rules/"))
            return []

    def _report(self, file: WrittenFile) -> Report:
        def report(path: KeyPath, message: str, near: str) -> None:
            self.problems.append(Problem(message, file.name, file.document.line(path), nearest=near))

        return report


def _values(items: dict[str, Item]) -> dict[str, Any]:
    return {key: item.value for key, item in items.items()}
