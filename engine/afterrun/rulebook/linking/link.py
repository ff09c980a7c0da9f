"""Written files in, a rulebook out: every name looked up, every order found, all mistakes told."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping

from afterrun.errors import Problem, meant_by
from afterrun.rulebook.documents import KeyPath
from afterrun.rulebook.linking.circles import Wait, Waits
from afterrun.rulebook.linking.conditions import propositions_in, tests_in, walk
from afterrun.rulebook.linking.index import Items, values_of
from afterrun.rulebook.linking.invariants import link_invariants
from afterrun.rulebook.linking.references.codes import check_codes
from afterrun.rulebook.linking.references.exercises import check_exercises
from afterrun.rulebook.linking.references.history import check_history
from afterrun.rulebook.linking.references.knowledge import check_references
from afterrun.rulebook.linking.references.schedule import check_schedule
from afterrun.rulebook.linking.repeats import check_repeats
from afterrun.rulebook.linking.texts import fill_texts
from afterrun.rulebook.linking.written_files import WrittenRulebook
from afterrun.rulebook.logic import Formula, Ref
from afterrun.rulebook.model import LinkedRule, Rulebook
from afterrun.rulebook.proposition import Proposition, name_of
from afterrun.rulebook.reasons import in_order_of_reasons
from afterrun.rulebook.schema import Condition, Identity, Rule


def link(written: WrittenRulebook) -> tuple[Rulebook, list[Problem]]:
    """Resolve every name; where there are problems, the rulebook only lends its names to other parts."""
    linker = _Linker(written)
    return linker.rulebook(), linker.problems


class _Linker:
    def __init__(self, written: WrittenRulebook) -> None:
        self.written = written
        self.items = Items(written)
        self.problems = self.items.problems
        self.nameable = [each.name for each in self.items.propositions()]
        self.vocabulary = self.items.vocabulary(self.nameable)

    def rulebook(self) -> Rulebook:
        """The linked rulebook, as far as it could be linked."""
        check_references(self.items)
        check_repeats(self.items)
        check_schedule(self.items)
        check_exercises(self.items)
        check_history(self.items)
        check_codes(self.items)
        fill_texts(self.items)
        self.vocabulary.make_variables()
        formulas = {
            (each.file.name, each.path): self.vocabulary.compile(
                each.value, each.path, self.items.complain_of(each.file)
            )
            for each in self.items.conditions()
        }
        rules = self._linked_rules(formulas)
        invariants = link_invariants(self.items)
        order = self._order()
        concluding: dict[str, list[LinkedRule]] = defaultdict(list)
        for rule in rules:
            for conclusion in rule.conclusions:
                concluding[conclusion].append(rule)
        identity: Identity = self.written.knowledge["rulebook"].model
        if self.written.base is not None and not identity.review_by:
            identity = identity.changed(review_by=self.written.base.identity.review_by)
        codes = self.written.knowledge.get("codes")
        return Rulebook(
            identity=identity,
            digest=self.written.digest,
            sections=values_of(self.items.sections),
            quantities=values_of(self.items.quantities),
            questions=values_of(self.items.questions),
            measures=values_of(self.items.measures),
            findings=values_of(self.items.findings),
            triage=values_of(self.items.triage),
            patterns=values_of(self.items.patterns),
            interventions=values_of(self.items.interventions),
            parameters=values_of(self.items.parameters),
            plan=tuple(item.value for item in self.items.plan),
            plan_conditions={
                place: formulas[item.file.name, (*item.path, "when")]
                for place, item in enumerate(self.items.plan)
                if item.value.when is not None
            },
            background=tuple(values_of(self.items.background).values()),
            evidence=tuple(values_of(self.items.evidence).values()),
            hazards=tuple(values_of(self.items.hazards).values()),
            codes=codes.model if codes else None,
            sources=self.items.sources,
            variables=self.vocabulary.variables,
            skips=self.vocabulary.skips,
            rules={rule.id: rule for rule in rules},
            propositions={
                name: in_order_of_reasons(concluding[name], list(self.items.triage))
                for name in order
                if name in concluding
            },
            schemes=self.items.schemes(),
            enrolment=self.items.enrolment.value if self.items.enrolment else None,
            base=self.written.base,
            schedule=self.items.schedule.value if self.items.schedule else None,
            exercises=values_of(self.items.exercises),
            doses=self.items.doses.value if self.items.doses else {},
            history=self.items.history.value if self.items.history else None,
            invariants=invariants,
        )

    def _linked_rules(self, formulas: Mapping[tuple[str, KeyPath], Formula]) -> list[LinkedRule]:
        rules = []
        message = "concludes '{name}', which knowledge does not name"
        for rule_id, item in self.items.rules.items():
            rule: Rule = item.value
            self.items.look_up(item.at("then"), "", rule.conclusions, self.nameable, message)
            file = item.file.name
            formula = formulas[file, (*item.path, "if")]
            rules.append(
                LinkedRule(
                    rule_id, formula, rule.conclusions, rule.because, rule.sources, rule, file, item.line
                )
            )
        rules += self._level_rules()
        concluded = {conclusion for rule in rules for conclusion in rule.conclusions}
        nameable = set(self.nameable)
        # What a conclusion is a slip of has its rule once that is mended.
        unconcluded = nameable - concluded - meant_by(concluded - nameable, self.nameable)
        if any("" in rule.conclusions for rule in rules):
            return rules  # what one of them concludes could not be read
        may_name = self.items.unread.may_name
        for condition in self.items.conditions():
            for path, name in walk(condition.value, condition.path):
                if isinstance(name, str) and name in unconcluded and not may_name(name):
                    message = f"waits for '{name}', which no rule concludes: write a rule with 'then: {name}'"
                    self.items.problem(condition._replace(path=path), message)
        for finding_id, item in self.items.findings.items():
            if finding_id in unconcluded and not may_name(finding_id):
                message = f"no rule concludes the finding '{finding_id}': write one, or take it out"
                self.items.problem(item, message)
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
        waits = Waits()

        def add(name: str, condition: Condition, wait: Wait) -> None:
            waits.add(name, propositions_in(condition), wait)
            for on in tests_in(condition):
                behind = self.vocabulary.questions_behind(on.subject)
                waits.add(name, (f"?{question}" for question in behind), wait)

        for key, item in self.items.rules.items():
            for conclusion in item.value.conclusions:
                add(conclusion, item.value.if_, Wait(f"the rule '{key}' for '{conclusion}'", item))
        for rule in self._level_rules():
            assert isinstance(rule.formula, Ref)
            (weaker,) = rule.conclusions
            pattern = self.items.patterns[Proposition.parse(weaker).subject]
            waits.add(weaker, [rule.formula.proposition], Wait(f"the level '{weaker}'", pattern))
        for key, item in self.items.questions.items():
            if item.value.skip_when is not None:
                add(
                    f"?{key}",
                    item.value.skip_when,
                    Wait(f"the skip of the question '{key}'", item.at("skip_when")),
                )
        self.problems += waits.problems("conclusions")
        return waits.order()
