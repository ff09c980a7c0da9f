"""What was found about one case, before it is put into words, on a page or into JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

from afterrun.explanation import Citations, Explanation, Nearest, WhatIf, WhyAsked, sources_in
from afterrun.rulebook import engine_of, name_of
from afterrun.telling.audit.view import View


class Findings(NamedTuple):
    """The answers to what was asked of one case."""

    explanations: tuple[Explanation, ...] = ()
    asked: tuple[WhyAsked, ...] = ()
    what_if: WhatIf | None = None
    nearest: tuple[Nearest, ...] = ()
    hidden: bool = False
    """Whether something was left out that the runner may not see yet."""

    def seen_by(self, view: View) -> Findings:
        """The same without what the reader may not be told."""
        shown = tuple(each for each in self.explanations if view.may_see(each.conclusion))
        near = tuple(each for each in self.nearest if view.may_see(each.conclusion))
        hidden = len(shown) + len(near) < len(self.explanations) + len(self.nearest)
        return self._replace(explanations=shown, nearest=near, hidden=hidden)

    def sources(self) -> list[str]:
        """Every source behind what is told."""
        proofs = [each.proof for each in self.explanations]
        if self.what_if is not None:
            proofs += [proof for each in self.what_if.conclusions for proof in each.proof]
        rules = [source for why in self.asked for rule in why.rules for source in rule.sources]
        return list(dict.fromkeys([*sources_in(proofs), *rules]))

    def to_dict(self, view: View) -> dict[str, Any]:
        """What was found as JSON; for a runner without rule ids, sources, and what the triage hides."""
        record = {} if view.answers.record_id is None else {"record_id": view.answers.record_id}
        page: dict[str, Any] = {**record, "rulebook": view.rulebook.stamp}
        if self.explanations or not any(self[1:4]):
            page["explanations"] = [each.to_dict() for each in self.explanations]
        if self.asked:
            page["why_asked"] = [each.to_dict() for each in self.asked]
        if self.what_if is not None:
            page["what_if"] = self.what_if.to_dict()
        if self.nearest:
            page["nearest"] = [each.to_dict() for each in self.nearest]
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
    return {**_without_ids(page), "hidden": found.hidden}


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(each) for key, each in value.items() if key not in ("rule", "sources")}
    return [_without_ids(each) for each in value] if isinstance(value, list | tuple) else value
