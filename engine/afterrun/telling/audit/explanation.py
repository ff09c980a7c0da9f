"""Answers to why, why not, why asked, what if and nearest: as sections of words."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.assessment import PLAN
from afterrun.explanation import (
    TRUTH_WORDS,
    Citations,
    WhatIf,
    WhyAsked,
    answer_in_words,
    plan_entry,
    subject_of,
    verdict_words,
)
from afterrun.rulebook import LinkedRule, Truth, engine_of, name_of
from afterrun.telling.audit.findings import Findings
from afterrun.telling.audit.nearest import nearest_sections
from afterrun.telling.audit.numbers import number_section
from afterrun.telling.audit.overview import overview_sections
from afterrun.telling.audit.proofs.brief import Brief
from afterrun.telling.audit.proofs.tree import (
    PLAIN_TRUTH_WORDS,
    Claim,
    claim_of,
    claim_section,
    proved,
    reason_lines,
)
from afterrun.telling.audit.standing import rule_section, source_section, standing_section
from afterrun.telling.audit.view import View
from afterrun.telling.audit.words import Difference, plan_value_words, status_words
from afterrun.telling.page import Line, Section


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


def explanation_sections(view: View, found: Findings, *, full: bool = False) -> Iterator[Section]:
    """What was found, line by line: in short, each proof once; or all of it."""
    if found.everything and not full:
        yield from overview_sections(view, found)
    else:
        yield from _named_sections(view, found, full)
    for why in found.asked:
        yield _asked_section(view, asked_words(view, why))
    if found.what_if is not None:
        yield from _comparison_sections(view, found.what_if, full)
    yield from nearest_sections(view, found.nearest, full=full)
    if found.hidden:
        yield Section(f"Not shown at this point ({view.level.name}). Read it with --for clinician.")
    if full and (sources := tuple(_source_lines(view, found.sources()))):
        yield Section("Sources", lines=sources)


def beside_proofs(view: View, found: Findings) -> Iterator[Section]:
    """What is told beside proofs: what stands of several, numbers of the plan, rules and sources."""
    yield from (standing_section(view, each) for each in found.standings)
    told = {each.subject for each in found.standings}
    for number in found.numbers:
        yield number_section(view, number, told)
        told |= {each.subject for each in number.choices}
    yield from (rule_section(view, each) for each in found.rules)
    yield from (source_section(view, each) for each in found.cited)


def _named_sections(view: View, found: Findings, full: bool) -> Iterator[Section]:
    brief = Brief(view)
    standings = {each.subject: each for each in found.standings}
    asked = Counter(subject_of(each.conclusion) for each in found.explanations)
    above: dict[Truth, list[Claim]] = {}
    for explained in found.explanations:
        subject = subject_of(explained.conclusion)
        # What stands of several comes before them: the level acted on before all else.
        if subject in standings and (asked[subject] > 1 or (found.everything and subject == "triage")):
            yield standing_section(view, standings.pop(subject))
        claim = claim_of(view, explained)
        if not full and subject not in standings and brief.has_told(claim):
            above.setdefault(claim.value, []).append(claim)
            continue
        yield claim_section(view, claim, None if full else brief.lines(claim))
        if subject in standings:
            yield standing_section(view, standings.pop(subject))
    yield from (_above_section(view, value, claims) for value, claims in above.items())
    yield from itertools.islice(beside_proofs(view, found), len(found.standings), None)


def _above_section(view: View, value: Truth, claims: list[Claim]) -> Section:
    """Conclusions whose proofs were told within another."""
    if view.plain:
        words = "; ".join(each.words for each in claims)
        return Section(f"As above, {PLAIN_TRUTH_WORDS[value]}: {words}")
    names = ", ".join(each.id for each in claims)
    return Section(f"As above: {names} {'are' if claims[1:] else 'is'} {TRUTH_WORDS[value]}")


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


def changed_answers(view: View, told: WhatIf) -> list[Difference]:
    """Every answer as it is, and as it would be."""
    return [
        Difference(
            view.ask(name),
            answer_in_words(view.rulebook, name, pair.before, told.before.answers),
            answer_in_words(view.rulebook, name, pair.after, told.after.answers),
            name,
        )
        for name, pair in told.answers.items()
    ]


def changed_results(view: View, told: WhatIf) -> Iterator[Difference]:
    """Each part of the result that differs."""
    rulebook = view.rulebook
    before, after = told.triage
    if before != after:
        names = (rulebook.triage[level].name for level in (before, after))
        yield Difference(rulebook.identity.triage_text, *names)
    for name, pair in told.patterns.items():
        sides = (level or "not shown" for level in pair)
        yield Difference(rulebook.patterns[name].called, *sides)
    for name, pair in told.interventions.items():
        now, then = (
            status if view.may_see(name_of("intervention", name, status), at) else None
            for status, at in zip(pair, told.triage, strict=True)
        )
        if now != then:
            yield Difference(rulebook.interventions[name].called, status_words(now), status_words(then))
    for key, pair in told.plan.items():
        values = (
            plan_value_words(rulebook, key, value, result)
            for value, result in zip(pair, (told.before, told.after), strict=True)
        )
        yield Difference(plan_entry(rulebook, key).text, *values)
    for name in told.opened:
        yield Difference(f"Question: {view.ask(name)}", "settled", "open")
    for name in told.closed:
        yield Difference(f"Question: {view.ask(name)}", "open", "settled")


def _asked_section(view: View, why: AskedWords) -> Section:
    named = (words if words == name else f"{words}{view.id(name)}" for words, name in why.changes)
    lines = [Line(why.about), *(Line(f"- {words}") for words in dict.fromkeys(named))]
    lines += [Line(f"- in the plan: {text}{view.id(key)}") for text, key in why.keys]
    if why.rules:
        lines.append(Line("because:"))
    reasons = dict.fromkeys(f"- {rule.because}{view.id(rule.id)}" for rule in why.rules)
    return Section(f"{why.ask}{view.id(why.question)}", lines=(*lines, *map(Line, reasons)))


def _comparison_sections(view: View, told: WhatIf, full: bool) -> Iterator[Section]:
    yield Section("What if", lines=tuple(_difference_lines(view, changed_answers(view, told))))
    results = tuple(_difference_lines(view, changed_results(view, told)))
    yield Section("What then", lines=results or (Line("Nothing changes."),))
    for each in () if view.plain else told.conclusions:
        if "." in each.conclusion:
            lines: list[Line] = []
            for side, value, proof in zip(("now", "then"), each.value, each.proof, strict=True):
                lines.append(Line(f"{side}: {TRUTH_WORDS[value]}"))
                lines += reason_lines(proved(view, proof), 2, False) if proof and full else ()
                # What holds now is no proof of what would hold then.
                lines += Brief(view).lines(proved(view, proof), 2) if proof and not full else ()
            yield Section(each.conclusion, lines=tuple(lines))


def _difference_lines(view: View, differences: Iterable[Difference]) -> Iterator[Line]:
    for name, now, then, id in differences:
        yield Line(f"{name}{view.id(id) if id else ''}")
        yield Line(f"now:  {now}", 2)
        yield Line(f"then: {then}", 2)


def _source_lines(view: View, keys: list[str]) -> Iterator[Line]:
    """What the source keys stand for, and how the article's statements fare in the literature."""
    if view.plain:
        return
    cited = engine_of(view.rulebook, Citations)
    for each in cited.of(keys):
        note = f" ({each.note})" if each.note else ""
        yield Line(f"{each.key}: {each.text}{note} {each.url}".rstrip())
    for verdict in cited.verdicts(keys):
        yield Line(f"evidence {verdict.id}: {verdict_words(verdict)}. {verdict.literature}")
