"""What was found about one case, before it is put into words, on a page or into JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from afterrun.assessment import PLAN
from afterrun.explanation import (
    Citations,
    Explanation,
    Nearest,
    PlanNumber,
    RuleStanding,
    SourceStanding,
    Standing,
    WhatIf,
    WhyAsked,
    sources_in,
)
from afterrun.inference import Proof
from afterrun.rulebook import engine_of, name_of, versions_of
from afterrun.telling.audit.proofs.computed import computed_in
from afterrun.telling.audit.view import View


class Findings(NamedTuple):
    """The answers to what was asked of one case."""

    explanations: tuple[Explanation, ...] = ()
    asked: tuple[WhyAsked, ...] = ()
    what_if: WhatIf | None = None
    nearest: tuple[Nearest, ...] = ()
    hidden: bool = False
    """Whether something was left out that the person may not see yet."""
    standings: tuple[Standing, ...] = ()
    """What stands of several."""
    numbers: tuple[PlanNumber, ...] = ()
    rules: tuple[RuleStanding, ...] = ()
    cited: tuple[SourceStanding, ...] = ()
    everything: bool = False
    """Whether every conclusion was asked for, and none by its name."""

    def seen_by(self, view: View) -> Findings:
        """The same without what the reader may not be told."""
        shown = tuple(each for each in self.explanations if view.may_see(each.conclusion))
        near = tuple(each for each in self.nearest if view.may_see(each.conclusion))
        # One that is open, or was refuted, gives its name away as one that is proved does.
        stands = tuple(
            each for each in self.standings if all(view.may_see(one.conclusion) for one in each.candidates)
        )
        # Measures go with the plan: a rulebook may count in one what the level hides.
        numbers = self.numbers if view.may_see(PLAN) else ()
        # Rules and sources go by names that are for those who read rulebooks.
        rules, cited = ((), ()) if view.plain else (self.rules, self.cited)
        kept = map(len, (shown, near, stands, numbers, rules, cited))
        came = map(
            len, (self.explanations, self.nearest, self.standings, self.numbers, self.rules, self.cited)
        )
        return self._replace(
            explanations=shown,
            nearest=near,
            hidden=sum(kept) < sum(came),
            standings=stands,
            numbers=numbers,
            rules=rules,
            cited=cited,
        )

    def sources(self) -> list[str]:
        """Every source behind what is told."""
        rules = [source for why in self.asked for rule in why.rules for source in rule.sources]
        rules += [source for each in self.rules for source in each.rule.sources]
        rules += [source for each in self.numbers for source in each.item.sources]
        return list(dict.fromkeys([*sources_in(self.proofs()), *rules]))

    def proofs(self) -> Iterator[Proof | None]:
        """Every proof that is told."""
        yield from (each.proof for each in self.explanations)
        for changed in self.what_if.conclusions if self.what_if is not None else ():
            yield from changed.proof
        for rule in self.rules:
            if rule.step is not None:
                yield Proof(rule.rule.id, rule.step.holds, (rule.step,))

    def to_dict(self, view: View) -> dict[str, Any]:
        """What was found as JSON; for a person without rule ids, sources, and what the triage hides."""
        record = {} if view.answers.record_id is None else {"record_id": view.answers.record_id}
        page: dict[str, Any] = {**record, **versions_of(view.rulebook.stamp)}
        if self.explanations or not any(self[1:4]):
            page["explanations"] = [each.to_dict() for each in self.explanations]
        if self.asked:
            page["why_asked"] = [each.to_dict() for each in self.asked]
        if self.what_if is not None:
            page["what_if"] = self.what_if.to_dict()
        if self.nearest:
            page["nearest"] = [each.to_dict() for each in self.nearest]
        # What would change is told to a person without its proofs: they may rest on what is hidden.
        proofs = (self._replace(what_if=None) if view.plain else self).proofs()
        more = {
            "standings": [each.to_dict() for each in self.standings],
            "plan_numbers": [each.to_dict() for each in self.numbers],
            "rules": [each.to_dict() for each in self.rules],
            "named_sources": [each.to_dict() for each in self.cited],
            **computed_in(view.rulebook, proofs),
        }
        page |= {key: value for key, value in more.items() if value}
        if view.plain:
            return _in_plain_words(view, page, self)
        cited, keys = engine_of(view.rulebook, Citations), self.sources()
        page["sources"] = {each.key: each._asdict() for each in cited.of(keys)}
        page["evidence"] = [vars(each) for each in cited.verdicts(keys)]
        return page


def _in_plain_words(view: View, page: dict[str, Any], found: Findings) -> dict[str, Any]:
    if found.what_if is not None:
        page["what_if"].pop("conclusions")
        page["what_if"]["interventions"] = {
            name: pair
            for name, pair in page["what_if"]["interventions"].items()
            if all(
                status is None or view.may_see(name_of("intervention", name, status), at)
                for status, at in zip(pair.values(), found.what_if.triage, strict=True)
            )
        }
    for why in page.get("why_asked", ()):
        why["changes"] = why["plan_keys"] = ()
    for each in page.get("plan_numbers", ()):
        # What a line waits for is named as rules name it.
        del each["lines"]
    page.pop("asked_because", None)
    return {**_without_ids(page), "hidden": found.hidden}


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_ids(each) for key, each in value.items() if key not in ("rule", "sources", "by")
        }
    return [_without_ids(each) for each in value] if isinstance(value, list | tuple) else value
