"""What is proved of a rulebook, one check each; whatever fails comes with an intake that shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

from afterrun.rulebook import LinkedRule, Rulebook
from afterrun.verify.prove.claims import Claims
from afterrun.verify.prove.encoding import Encoding
from afterrun.verify.prove.findings import Example, Finding, Report, Tried
from afterrun.verify.prove.ground import Ground
from afterrun.verify.prove.search import Intake, Undecided
from afterrun.verify.prove.shown import Shown, differences
from afterrun.verify.prove.terms import Pair, Term, boolean, conj, disj, neg
from afterrun.verify.prove.two_intakes import Beside

Check = Callable[[Ground], Iterator[Tried]]


def invariants(ground: Ground) -> Iterator[Tried]:
    """every invariant of rules/invariants.yaml holds"""
    for invariant in ground.rulebook.invariants:
        claims = Claims(invariant, ground.shown)
        scope = ground.complete if invariant.written.for_ == "complete" else True
        found = ground.intakes(scope, claims.broken)
        place = (invariant.file, invariant.line)
        if found:
            yield Tried(Finding("invariants", invariant.id, invariant.written.because, found, "", *place))
        elif not ground.search.possible(scope, claims.occasion):
            message = "says nothing: what it speaks of can never be so"
            yield Tried(Finding("invariants", invariant.id, message, (), "", *place))
        else:
            yield Tried()


def rules(ground: Ground) -> Iterator[Tried]:
    """every rule can fire"""
    for rule in ground.written:
        term = ground.encoding.rules[rule.id].true
        yield _can(ground, term, "rules", rule.id, "can never fire", rule)


def conclusions(ground: Ground) -> Iterator[Tried]:
    """every conclusion can be true and can be false, and everything can be shown"""
    for name, pair in ground.encoding.pairs.items():
        rule = ground.rulebook.propositions[name][0]
        yield _can(ground, pair.true, "conclusions", name, "can never be true", rule)
        yield _can(ground, pair.false, "conclusions", f"not {name}", "can never be false", rule, name)
    for name, term in ground.shown.outcome.level.items():
        yield _can(ground, term, "conclusions", f"level {name}", "can never be the triage")
    for name, levels in ground.shown.patterns.items():
        for level, term in levels.items():
            concluding = ground.rulebook.propositions.get(f"pattern.{name}.{level}", ())
            # A level that is only implied by a stronger one is never the one shown.
            if any(rule.written for rule in concluding):
                yield _can(ground, term, "conclusions", f"shown {name} {level}", "can never be shown")
    for name in ground.rulebook.interventions:
        for status in ("recommended", "postponed", "merged"):
            if f"intervention.{name}.{status}" in ground.rulebook.propositions:
                term = ground.shown.outcome.given(name, status)
                yield _can(ground, term, "conclusions", f"{status} {name}", "can never be given")
    for key, standing in ground.shown.plan.keys.items():
        term = conj((ground.shown.shows_plan, standing.present))
        yield _can(ground, term, "conclusions", f"plan {key}", "can never stand in a plan")


def redundancy(ground: Ground) -> Iterator[Tried]:
    """no rule is redundant: leaving it out changes a result of some complete intake"""
    switches = {rule.id: boolean(f"rule {rule.id}") for rule in ground.written}
    encoding = Encoding(ground.rulebook, ground.world, switches=switches)
    apart = disj(differences(ground.shown, Shown(encoding)).values())
    unexpected: dict[str, tuple[Intake, ...]] = {}
    with ground.search.assuming(ground.complete, apart):
        for rule in ground.written:
            off = conj(neg(on) if name == rule.id else on for name, on in switches.items())
            needed = ground.search.possible(off)
            if needed == bool(rule.written and rule.written.redundant):
                unexpected[rule.id] = ground.intakes(off) if needed else ()
            else:
                yield Tried()
    for rule in ground.written:
        if rule.id in unexpected:
            message = (
                "is marked redundant, but leaving it out changes this result"
                if unexpected[rule.id]
                else f"changes no result of any complete intake{_why_redundant(ground, rule)}"
            )
            intakes = unexpected[rule.id]
            yield Tried(Finding("redundancy", rule.id, message, intakes, "", rule.file, rule.line))


def conflicts(ground: Ground) -> Iterator[Tried]:
    """no two interventions that conflict are recommended together"""
    for one in ground.rulebook.interventions.values():
        for other in one.conflicts_with:
            now = [ground.shown.outcome.given(name, "recommended") for name in (one.id, other)]
            found = ground.intakes(*now)
            message = "are recommended together"
            yield Tried(
                Finding("conflicts", f"{one.id} + {other}", message, found, one.id) if found else None
            )


def questions(ground: Ground) -> Iterator[Tried]:
    """every question can change a result: two complete intakes that differ in it alone"""
    for question in ground.rulebook.questions:
        beside = Beside(ground.shown, question)
        asked = ground.world.asked[question], beside.world.asked[question]
        terms = (
            *beside.world.rules,
            *(each.answered for each in asked),
            ground.complete,
            beside.term(ground.complete),
            disj(beside.differences().values()),
        )
        if ground.wants_examples:
            found = ground.intakes(*terms, worlds=(ground.world, beside.world))
            if found:
                yield Tried(example=Example(f"question {question}", found))
                continue
        elif ground.search.possible(*terms):
            yield Tried()
            continue
        yield Tried(Finding("questions", question, "changes no result, whatever is answered"))


def levels(ground: Ground) -> Iterator[Tried]:
    """levels are cumulative: a stronger one proves each weaker one, and is refuted with it"""
    for key, pattern in ground.rulebook.patterns.items():
        for stronger, weaker in pairwise(pattern.levels):
            first, second = (
                ground.encoding.proposition(f"pattern.{key}.{each}") for each in (stronger, weaker)
            )
            broken = disj((conj((first.true, neg(second.true))), conj((second.false, neg(first.false)))))
            found = ground.intakes(broken)
            message = f"'{stronger}' does not bring '{weaker}' with it"
            name = f"pattern.{key}.{weaker}"
            yield Tried(Finding("levels", name, message, found, name) if found else None)


def contradictions(ground: Ground) -> Iterator[Tried]:
    """nothing is both proved and refuted"""
    everything = {**ground.encoding.rules, **ground.encoding.pairs}
    for name, pair in everything.items():
        found = ground.intakes(pair.true, pair.false)
        message = "is both proved and refuted"
        yield Tried(Finding("contradictions", name, message, found, name) if found else None)


def gaps(ground: Ground) -> Iterator[Tried]:
    """a complete intake leaves nothing open, and ends in a pattern or in a reason to be seen"""
    pending = next(level.id for level in ground.rulebook.triage.values() if level.pending)
    some = disj(chain.from_iterable(levels.values() for levels in ground.shown.patterns.values()))
    unfinished = ground.shown.outcome.level[pending]
    ends = [("triage", unfinished, "a complete intake is left unfinished", "triage")]
    if ground.rulebook.base is None:
        # A part that follows up on the main one has no story to tell.
        untold = conj((ground.shown.shows_patterns, neg(some)))
        ends.append(("pattern", untold, "a complete intake ends in no pattern", ""))
    for name, term, message, explain in ends:
        found = ground.intakes(ground.complete, term)
        yield Tried(Finding("gaps", name, message, found, explain) if found else None)
    for name, pair in ground.encoding.pairs.items():
        found = ground.intakes(ground.everything, pair.open)
        message = "is open although all is answered"
        yield Tried(Finding("gaps", name, message, found, name) if found else None)


def monotone(ground: Ground) -> Iterator[Tried]:
    """one more answer never unsettles what was proved or refuted"""
    beside = Beside(ground.shown)
    more = (*beside.world.rules, *ground.world.extended_by(beside.world))
    with ground.search.assuming(*more):
        for name, pair in ground.encoding.pairs.items():
            later: Pair = beside.pair(pair)
            lost = disj((conj((pair.true, neg(later.true))), conj((pair.false, neg(later.false)))))
            found = ground.intakes(lost, worlds=(ground.world, beside.world))
            message = "is settled by the first intake and not by the second, which only says more"
            yield Tried(Finding("monotone", name, message, found, name) if found else None)


CHECKS: dict[str, Check] = {
    each.__name__: each
    for each in (
        invariants,
        rules,
        conclusions,
        redundancy,
        conflicts,
        questions,
        levels,
        contradictions,
        gaps,
        monotone,
    )
}
"""Every check by name; its docstring says what it proves."""


def prove(
    rulebook: Rulebook,
    only: Sequence[str] = (),
    *,
    examples: bool = False,
    progress: Callable[[str, int], None] = lambda check, tried: None,
) -> Iterator[Report]:
    """Prove a rulebook over all intakes, whole and partial: one report for each check, as it is done.

    With `examples`, everything that can be comes with an intake in which it is. `progress` is told
    how many questions of a check the solver has answered.
    """
    ground = Ground(rulebook, examples=examples)
    for name, check in CHECKS.items():
        if only and name not in only:
            continue
        began = time.perf_counter()
        tried: list[Tried] = []
        try:
            for each in check(ground):
                tried.append(each)
                progress(name, len(tried))
        except Undecided as error:
            finding = Finding(name, "the solver", f"gave up, so that nothing is proved: {error}")
            tried.append(Tried(finding))
        yield Report(
            name,
            check.__doc__ or "",
            len(tried),
            tuple(each.finding for each in tried if each.finding),
            tuple(each.example for each in tried if each.example),
            time.perf_counter() - began,
        )


def _can(
    ground: Ground,
    term: Term,
    check: str,
    name: str,
    message: str,
    rule: LinkedRule | None = None,
    explain: str = "",
) -> Tried:
    """Something must be possible."""
    if ground.wants_examples:
        found = ground.intakes(term)
        if found:
            return Tried(example=Example(name, found))
    elif ground.search.possible(term):
        return Tried()
    place: dict[str, Any] = {"file": rule.file, "line": rule.line} if rule and rule.file else {}
    return Tried(Finding(check, name, message, explain=explain, **place))


def _why_redundant(ground: Ground, rule: LinkedRule) -> str:
    """A rule that says the same whenever this one fires, if there is one."""
    fires = ground.encoding.rules[rule.id].true
    if not ground.search.possible(ground.complete, fires):
        return ", since it never fires"
    for conclusion in rule.conclusions:
        for other in ground.rulebook.propositions[conclusion]:
            if other.id != rule.id and not ground.search.possible(
                ground.complete, fires, neg(ground.encoding.rules[other.id].true)
            ):
                return f", since '{other.id}' fires whenever it does"
    return ""
