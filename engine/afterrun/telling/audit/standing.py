"""What stands of several, one rule, one source: in lines."""

from __future__ import annotations

from collections.abc import Iterator

from afterrun.explanation import (
    TRUTH_WORDS,
    Candidate,
    Citations,
    RuleStanding,
    Skips,
    SourceStanding,
    Standing,
    also_giving,
    verdict_words,
)
from afterrun.rulebook import Proposition, engine_of, name_of
from afterrun.telling.audit.proofs.brief import Brief
from afterrun.telling.audit.proofs.tree import reason_of
from afterrun.telling.audit.view import View
from afterrun.telling.page import Line, Section, capital

_WINS = {
    "strongest": "the strongest level that is proved stands",
    "overrules": "a status overrules those that are weaker",
    "largest": "of several values the largest is used",
    "smallest": "of several values the smallest is used",
}
_HOLDS = {True: "holds", False: "does not hold", None: "is open"}
_FIRED = {True: "fired", False: "did not fire", None: "is open"}


def standing_section(view: View, each: Standing) -> Section:
    """Which of several conclusions stands, and why."""
    return Section(standing_title(view, each), lines=tuple(map(Line, standing_words(view, each))))


def standing_title(view: View, each: Standing) -> str:
    """What stands, in a line."""
    if each.subject == "triage":
        return f"Acted on: {view.level.name}{view.id(name_of('triage', view.level.id))}"
    if each.stands:
        return f"What stands: {view.words(each.stands)}{view.id(each.stands)}"
    return f"{'Nothing stands yet' if each.waits_for else 'Nothing stands'}{view.id(each.subject)}"


def standing_words(view: View, each: Standing) -> Iterator[str]:
    """Why that one stands, what gives way to it, and what may still win."""
    if each.waits_for and each.proved and view.plain:
        yield at_least_words(view, each.proved[0].conclusion)
    elif each.waits_for:
        held = "is open, and may still win" if each.proved else "is open"
        yield f"{capital(view.words(each.waits_for))} {held}{view.id(each.waits_for)}"
    if each.subject == "triage":
        when = "at once" if view.level.settles else "once no stronger one is open"
        if view.plain:
            yield from (line.text for line in what_to_do(view))
        else:
            yield f"The strongest level that is proved is acted on, {when}."
        yield from (f"- {view.words(one.conclusion)}: {TRUTH_WORDS[one.value]}" for one in each.candidates)
        return
    if each.lost:
        yield f"{capital(_WINS[each.wins])}:"
    for one in each.proved:
        lost = "weaker" if each.wins == "strongest" else "gives way"
        stands = "stands" if one.conclusion == each.stands else lost
        yield f"- {stands}: {view.words(one.conclusion)}{'' if view.plain else _by(view, one)}"
    if each.set_aside and each.stands and not view.plain:
        yield f"At the level {view.level.name} the person is not told of it."


def at_least_words(view: View, conclusion: str) -> str:
    """For a person: what is proved already, while something that would win is open."""
    kind = Proposition.parse(conclusion).kind
    if kind == "triage":
        return f"At least: {view.value(conclusion)}. An answer that is missing may make it more urgent."
    return f"{capital(view.words(conclusion))}, so far. An answer that is missing may change it."


def what_to_do(view: View) -> Iterator[Line]:
    """For a person: what to do now, while the level may still become a stronger one."""
    if view.plain and view.level.pending:
        yield Line(view.level.do)


def _by(view: View, given: Candidate) -> str:
    """The rule that gives a conclusion its reason, and those that somebody wrote and that give it too."""
    first = given.rules[0]
    others = [each.id for each in also_giving(view.rulebook, given, [first])]
    too = f" ({', '.join(others)} too)" if others else ""
    return f", by rule {first}{too}"


def rule_section(view: View, each: RuleStanding) -> Section:
    """Why one rule fired, did not, or is open."""
    rule, lines = each.rule, list[Line]()
    for part in each.concludes:
        lines.append(Line(f"concludes {part.name}, which is {TRUTH_WORDS[part.value]}"))
    lines.append(Line(f"because: {rule.because}"))
    if rule.sources:
        lines.append(Line(f"sources: {', '.join(rule.sources)}"))
    lines.append(Line("its condition:"))
    skips = engine_of(view.rulebook, Skips).of(rule)
    for part in each.parts:
        asked = "".join(f"; it says whether {name} is asked" for name in skips.get(part.premise, ()))
        lines.append(Line(f"- {part.name}: {_HOLDS[part.value]}{asked}", 2))
    if each.step is not None and each.step.premises:
        lines.append(Line("it fires by:" if each.value else "it is refuted by:"))
        lines += list(Brief(view).reason(reason_of(view, each.step)))[1:]
    lines += [Line(f"would be settled by: {view.ask(name)}{view.id(name)}") for name in each.settled_by]
    return Section(f"Rule {rule.id} {_FIRED[each.value]}", lines=tuple(lines))


def source_section(view: View, each: SourceStanding) -> Section:
    """What one source says, and what became of all that it stands behind."""
    cited = each.citation
    lines = [Line(cited.text)]
    lines += [Line(text) for text in (cited.note, cited.url) if text]
    for rule, value in each.rules:
        lines.append(Line(f"- rule {rule.id} {_FIRED[value]}: {', '.join(rule.conclusions)}"))
    for key, gives in each.plan_keys:
        lines.append(Line(f"- plan: {key}, {'given here' if gives else 'not given here'}"))
    if not each.rules and not each.plan_keys:
        lines.append(Line("No rule and no key of the plan names it."))
    for verdict in engine_of(view.rulebook, Citations).verdicts([cited.key]):
        lines.append(Line(f"evidence {verdict.id}: {verdict_words(verdict)}. {verdict.literature}"))
    return Section(f"{cited.key}, {cited.kind}", lines=tuple(lines))
