"""Answers to why, why not, why asked, what if and nearest: as sections of words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from afterrun.assessment import PLAN, rules_that_ask
from afterrun.explanation import (
    TRUTH_WORDS,
    VERDICTS,
    Citations,
    Explanation,
    Nearest,
    NearestChange,
    WhatIf,
    WhyAsked,
    conclusion_words,
    plan_uses,
    sources_in,
)
from afterrun.inference import Proof
from afterrun.rulebook import LinkedRule, Rulebook, name_of
from afterrun.rulebook.schema import Question
from afterrun.telling.audit.proof import (
    PLAIN_TRUTH_WORDS,
    Claim,
    claim_of,
    claim_section,
    proved,
    reason_lines,
)
from afterrun.telling.audit.view import View
from afterrun.telling.audit.words import answer_in_words, change_words, plan_value_words, status_words
from afterrun.telling.page import Line, Point, Section, capital

MOST_SETS = 20
"""Sets of changes told in lines; JSON and the page have all."""


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


class AskedWords(NamedTuple):
    """Why a question is asked, in words."""

    question: str
    ask: str
    about: str
    changes: tuple[tuple[str, str], ...]
    """What the answer can change or has settled, each with its id."""
    keys: tuple[tuple[str, str], ...]
    """The same for keys of the plan."""
    rules: tuple[LinkedRule, ...]


class Difference(NamedTuple):
    """One thing as it is, and as it would be."""

    name: str
    id: str
    now: str
    then: str


class ChangedClaim(NamedTuple):
    """A conclusion whose truth would change, with its proofs where there are any."""

    id: str
    words: str
    values: tuple[bool | None, bool | None]
    proofs: tuple[Claim | None, Claim | None]


class Comparison(NamedTuple):
    """Two results side by side."""

    answers: tuple[Difference, ...]
    results: tuple[Difference, ...]
    claims: tuple[ChangedClaim, ...]


class Step(NamedTuple):
    """One answer to give otherwise."""

    question: str
    ask: str
    instead: str
    now: str


def explanation_sections(view: View, found: Findings) -> Iterator[Section]:
    """What was found, line by line."""
    for each in found.explanations:
        yield claim_section(view, claim_of(view, each))
    for why in found.asked:
        yield _asked_section(view, asked_words(view, why))
    if found.what_if is not None:
        yield from _comparison_sections(view, comparison(view, found.what_if))
    for near in found.nearest:
        yield _nearest_section(view, near)
    if found.hidden:
        yield Section(
            f"Not shown at this point ({view.level.name}). A clinician can read it with --for clinician."
        )
    if sources := tuple(_source_lines(view, found.sources())):
        yield Section("Sources", lines=sources)


def asked_words(view: View, why: WhyAsked) -> AskedWords:
    """Why a question is asked: what the reader may be told of it."""
    changes = {each: view.words(each) for each in why.changes if each != PLAN and view.may_see(each)}
    plan_keys = why.plan_keys if view.may_see(PLAN) else ()
    texts = {item.key: item.text for item in reversed(view.rulebook.plan)}
    if why.state == "answered":
        about = f'You answered "{view.answer(why.question, why.answer)}". '
        if changes or plan_keys:
            about += "Without this answer these would be open:"
        else:
            about += "Nothing hangs on this answer now."
    else:
        about = {
            "open": "It is asked because the answer can still change:",
            "skipped": "It is skipped: by your other answers it does not apply to you.",
            "idle": "It need not be asked: your other answers have settled all that it could change.",
        }[why.state]
    return AskedWords(
        why.question,
        view.ask(why.question),
        about,
        tuple((words, name) for name, words in changes.items()),
        tuple((texts[key], key) for key in plan_keys),
        tuple(rule for rule in why.rules if any(map(view.may_see, rule.conclusions))),
    )


def why_asked_points(rulebook: Rulebook, question: Question, changes: tuple[str, ...]) -> list[Point]:
    """Why a question is asked in an interview, each point with the mark before it."""
    if not changes:
        return [Point("", "Your other answers have settled everything that this one could change.")]
    words = dict.fromkeys(conclusion_words(rulebook, each) for each in changes if each != PLAN)
    if PLAN in changes:
        keys = [item.text for item in rulebook.plan if plan_uses(item, question.id)]
        words |= dict.fromkeys(f"in your plan: {key}" for key in keys)
        if not keys:
            words[conclusion_words(rulebook, PLAN)] = None
    points = [Point("", "The answer can still change:"), *(Point("  - ", each) for each in words)]
    rules = rules_that_ask(rulebook, question.id, changes)
    if reasons := dict.fromkeys(rule.because for rule in rules):
        points += [Point("", "because:"), *(Point("  - ", reason) for reason in reasons)]
    return points


def comparison(view: View, told: WhatIf) -> Comparison:
    """Two results side by side: the answers, what follows, and for a clinician the proofs."""
    answers = tuple(
        Difference(
            view.ask(name),
            name,
            answer_in_words(view.rulebook, name, pair.before, told.before.answers),
            answer_in_words(view.rulebook, name, pair.after, told.after.answers),
        )
        for name, pair in told.answers.items()
    )
    claims = tuple(
        ChangedClaim(
            each.conclusion,
            view.words(each.conclusion),
            (each.value.before, each.value.after),
            (_claim(view, each.proof.before), _claim(view, each.proof.after)),
        )
        for each in (() if view.plain else told.conclusions)
    )
    return Comparison(
        answers, tuple(Difference(name, "", *sides) for name, *sides in _results(view, told)), claims
    )


def steps(view: View, change: NearestChange) -> list[Step]:
    """One set of changes, answer by answer."""
    return [
        Step(
            each.question,
            view.ask(each.question),
            change_words(view.rulebook, each, change.intake),
            view.answer(each.question, each.now),
        )
        for each in change.changes
    ]


def explanation_dict(view: View, found: Findings) -> dict[str, Any]:
    """What was found as JSON; for a runner without rule ids, sources, and what the triage hides."""
    record = {} if view.answers.record_id is None else {"record_id": view.answers.record_id}
    page: dict[str, Any] = {**record, "rulebook": view.rulebook.stamp}
    if found.explanations or not any(found[1:4]):
        page["explanations"] = [each.to_dict() for each in found.explanations]
    if found.asked:
        page["why_asked"] = [each.to_dict() for each in found.asked]
    if found.what_if is not None:
        page["what_if"] = found.what_if.to_dict()
    if found.nearest:
        page["nearest"] = [each.to_dict() for each in found.nearest]
    if view.plain:
        return _in_plain_words(view, page, found)
    cited, keys = view.rulebook.compiled(Citations), found.sources()
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


def _claim(view: View, proof: Proof | None) -> Claim | None:
    return None if proof is None else proved(view, proof)


def _results(view: View, told: WhatIf) -> Iterator[tuple[str, str, str]]:
    """Name, now and then, of each part of the result that differs."""
    rulebook = view.rulebook
    before, after = told.triage
    if before != after:
        yield "How soon to be seen", rulebook.triage[before].name, rulebook.triage[after].name
    for name, pair in told.patterns.items():
        yield rulebook.patterns[name].name, pair.before or "not shown", pair.after or "not shown"
    for name, pair in told.interventions.items():
        now, then = (
            status if view.may_see(name_of("intervention", name, status), at) else None
            for status, at in zip(pair, told.triage, strict=True)
        )
        if now != then:
            yield rulebook.interventions[name].name, status_words(now), status_words(then)
    for key, pair in told.plan.items():
        item = next(each for each in rulebook.plan if each.key == key)
        yield (
            item.text,
            plan_value_words(rulebook, key, pair.before, told.before),
            plan_value_words(rulebook, key, pair.after, told.after),
        )
    for name in told.opened:
        yield f"Question: {view.ask(name)}", "settled", "open"
    for name in told.closed:
        yield f"Question: {view.ask(name)}", "open", "settled"


def _asked_section(view: View, why: AskedWords) -> Section:
    named = (words if words == name else f"{words}{view.id(name)}" for words, name in why.changes)
    lines = [Line(why.about), *(Line(f"- {words}") for words in dict.fromkeys(named))]
    lines += [Line(f"- in the plan: {text}{view.id(key)}") for text, key in why.keys]
    if why.rules:
        lines.append(Line("because:"))
    reasons = dict.fromkeys(f"- {rule.because}{view.id(rule.id)}" for rule in why.rules)
    return Section(f"{why.ask}{view.id(why.question)}", lines=(*lines, *map(Line, reasons)))


def _comparison_sections(view: View, told: Comparison) -> Iterator[Section]:
    yield Section("What if", lines=tuple(_difference_lines(view, told.answers)))
    results = tuple(_difference_lines(view, told.results)) or (Line("Nothing changes."),)
    yield Section("What then", lines=results)
    for each in told.claims:
        if "." in each.id:
            lines: list[Line] = []
            for side, value, claim in zip(("now", "then"), each.values, each.proofs, strict=True):
                lines += [
                    Line(f"{side}: {TRUTH_WORDS[value]}"),
                    *(reason_lines(claim, 2, False) if claim else ()),
                ]
            yield Section(each.id, lines=tuple(lines))


def _difference_lines(view: View, differences: Iterable[Difference]) -> Iterator[Line]:
    for name, id, now, then in differences:
        yield Line(f"{name}{view.id(id) if id else ''}")
        yield Line(f"now:  {now}", 2)
        yield Line(f"then: {then}", 2)


def _nearest_section(view: View, told: Nearest) -> Section:
    """The sets of changes that would prove or refute one proposition."""
    words = view.words(told.conclusion, told.value)
    if view.plain:
        title, lines = f"{capital(words)}: {PLAIN_TRUTH_WORDS[told.value]}", []
    else:
        title, lines = f"{told.conclusion} is {TRUTH_WORDS[told.value]}", [Line(words)]
    aim = "hold" if told.wanted else "be ruled out"
    if not told.sets:
        most = f"{told.at_most} answer{'s' if told.at_most > 1 else ''}"
        return Section(title, lines=(*lines, Line(f"No change of up to {most} would make it {aim}.")))
    lines.append(Line(f"It would {aim} with any one of these {len(told.sets)} changes of answers:"))
    for place, each in enumerate(told.sets[:MOST_SETS], 1):
        for at, step in enumerate(steps(view, each)):
            lead = f"{place}. " if at == 0 else "   and "
            lines.append(Line(f"{lead}{step.ask}{view.id(step.question)}"))
            lines.append(Line(f"{step.instead} (now: {step.now})", 4))
    if len(told.sets) > MOST_SETS:
        lines.append(Line(f"… and {len(told.sets) - MOST_SETS} more; --format json has all."))
    return Section(title, lines=tuple(lines))


def _source_lines(view: View, keys: list[str]) -> Iterator[Line]:
    """What the source keys stand for, and how the article's statements fare in the literature."""
    if view.plain:
        return
    cited = view.rulebook.compiled(Citations)
    for each in cited.of(keys):
        note = f" ({each.note})" if each.note else ""
        yield Line(f"{each.key}: {each.text}{note} {each.url}".rstrip())
    for verdict in cited.verdicts(keys):
        yield Line(f"evidence {verdict.id}: {VERDICTS[verdict.verdict]}. {verdict.literature}")
