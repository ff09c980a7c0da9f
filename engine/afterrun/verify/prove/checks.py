"""What is proved of a rulebook, one check each; whatever fails comes with an intake that shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from afterrun.rulebook import LinkedRule, Rulebook, name_of
from afterrun.verify.prove.claims import Claims
from afterrun.verify.prove.encoding import Encoding
from afterrun.verify.prove.search import Ground, Intake, Undecided
from afterrun.verify.prove.shown import ResultEncoding
from afterrun.verify.prove.terms import Term, boolean, conj, disj, neg
from afterrun.verify.prove.two_intakes import SecondIntake
from afterrun.verify.prove.world import World


class Finding(NamedTuple):
    """One thing that does not hold."""

    name: str
    """What it is about: an invariant, rule, conclusion, question or pair of interventions."""
    message: str
    intakes: tuple[Intake, ...] = ()
    """The plainest intake that shows it, or two that belong together."""
    explain: str = ""
    """The conclusion to look at in it; without one, the whole result."""
    file: str = ""
    line: int | None = None


class Example(NamedTuple):
    """Something that can be, and an intake in which it is, or two that belong together."""

    name: str
    intakes: tuple[Intake, ...]


Outcome = Finding | Example | None
"""What came of one question put to the solver; None where all is well and nothing is to be shown."""


class Check(NamedTuple):
    """One thing that is proved of a rulebook."""

    name: str
    proves: str
    run: Callable[[Ground], Iterator[Outcome]]


def _check(proves: str) -> Callable[[Callable[[Ground], Iterator[Outcome]]], Check]:
    """Makes a check of the function below, under the function's name."""
    return lambda run: Check(run.__name__, proves, run)


class CheckReport(NamedTuple):
    """What one check tried, and what it found."""

    check: Check
    tried: int
    findings: tuple[Finding, ...]
    examples: tuple[Example, ...]
    seconds: float


def prove(
    rulebook: Rulebook,
    only: Sequence[str] = (),
    *,
    examples: bool = False,
    progress: Callable[[str, int], None] = lambda check, tried: None,
) -> Iterator[CheckReport]:
    """Prove a rulebook over all intakes, whole and partial: one report for each check, as it is done.

    With `examples`, everything that can be comes with an intake in which it is. `progress` is told
    how many questions of a check the solver has answered.
    """
    ground = Ground(rulebook, examples=examples)
    for check in CHECKS.values():
        if only and check.name not in only:
            continue
        began = time.perf_counter()
        tried: list[Outcome] = []
        try:
            for each in check.run(ground):
                tried.append(each)
                progress(check.name, len(tried))
        except Undecided as error:
            tried.append(Finding("the solver", f"gave up, so that nothing is proved: {error}"))
        findings = tuple(each for each in tried if isinstance(each, Finding))
        shown = tuple(each for each in tried if isinstance(each, Example))
        yield CheckReport(check, len(tried), findings, shown, time.perf_counter() - began)


@_check("every invariant of rules/invariants.yaml holds")
def invariants(ground: Ground) -> Iterator[Outcome]:
    for invariant in ground.rulebook.invariants:
        claims = Claims(invariant, ground.shown)
        scope = ground.complete if invariant.written.for_ == "complete" else True
        found = ground.intakes(scope, claims.broken)
        place = (invariant.file, invariant.line)
        if found:
            yield Finding(invariant.id, invariant.written.because, found, "", *place)
        elif not ground.search.possible(scope, claims.occasion):
            yield Finding(invariant.id, "says nothing: what it speaks of can never be so", (), "", *place)
        else:
            yield None


@_check("every rule can fire")
def rules(ground: Ground) -> Iterator[Outcome]:
    for rule in ground.written:
        yield _can(ground, rule.id, "can never fire", ground.encoding.rules[rule.id].true, rule=rule)


@_check("every conclusion can be true and can be false, and everything can be shown")
def conclusions(ground: Ground) -> Iterator[Outcome]:
    for name, pair in ground.encoding.pairs.items():
        rule = ground.rulebook.propositions[name][0]
        yield _can(ground, name, "can never be true", pair.true, rule=rule)
        yield _can(ground, f"not {name}", "can never be false", pair.false, rule=rule, explain=name)
    for name, term in ground.shown.levels.items():
        yield _can(ground, f"level {name}", "can never be the triage", term)
    for name, levels in ground.shown.patterns.items():
        for level, term in levels.items():
            concluding = ground.rulebook.propositions.get(name_of("pattern", name, level), ())
            # A level that is only implied by a stronger one is never the one shown.
            if any(rule.written for rule in concluding):
                yield _can(ground, f"shown {name} {level}", "can never be shown", term)
    for name in ground.rulebook.interventions:
        for status in ("recommended", "postponed", "merged"):
            if name_of("intervention", name, status) in ground.rulebook.propositions:
                term = ground.shown.given(name, status)
                yield _can(ground, f"{status} {name}", "can never be given", term)
    for key, standing in ground.shown.plan.keys.items():
        terms = (ground.shown.shows_plan, standing.present)
        yield _can(ground, f"plan {key}", "can never stand in a plan", *terms)


@_check("no rule is redundant: leaving it out changes a result of some complete intake")
def redundancy(ground: Ground) -> Iterator[Outcome]:
    switches = {rule.id: boolean(f"rule {rule.id}") for rule in ground.written}
    encoding = Encoding(ground.rulebook, ground.world, switches=switches)
    apart = disj(ground.shown.display.differences(ResultEncoding(encoding).display).values())
    unexpected: dict[str, tuple[Intake, ...]] = {}
    with ground.search.assuming(ground.complete, apart):
        for rule in ground.written:
            off = conj(neg(on) if name == rule.id else on for name, on in switches.items())
            needed = ground.search.possible(off)
            if needed == bool(rule.written and rule.written.redundant):
                unexpected[rule.id] = ground.intakes(off) if needed else ()
            else:
                yield None
    for name, intakes in unexpected.items():
        rule = ground.rulebook.rules[name]
        message = (
            "is marked redundant, but leaving it out changes this result"
            if intakes
            else f"changes no result of any complete intake{_why_redundant(ground, rule)}"
        )
        yield Finding(name, message, intakes, "", rule.file, rule.line)


@_check("no two interventions that conflict are recommended together")
def conflicts(ground: Ground) -> Iterator[Outcome]:
    for one in ground.rulebook.interventions.values():
        for other in one.conflicts_with:
            now = (ground.shown.given(name, "recommended") for name in (one.id, other))
            yield _never(ground, f"{one.id} + {other}", "are recommended together", *now, explain=one.id)


@_check("every question can change a result: two complete intakes that differ in it alone")
def questions(ground: Ground) -> Iterator[Outcome]:
    for question in ground.rulebook.questions:
        beside = SecondIntake(ground.shown, question)
        terms = (
            *beside.world.rules,
            *(world.asked[question].answered for world in (ground.world, beside.world)),
            ground.complete,
            beside.term(ground.complete),
            disj(beside.differences().values()),
        )
        outcome = _can(
            ground, question, "changes no result, whatever is answered", *terms, beside=beside.world
        )
        yield Example(f"question {question}", outcome.intakes) if isinstance(outcome, Example) else outcome


@_check("levels are cumulative: a stronger one proves each weaker one, and is refuted with it")
def levels(ground: Ground) -> Iterator[Outcome]:
    for key, pattern in ground.rulebook.patterns.items():
        for stronger, weaker in pairwise(pattern.levels):
            names = (name_of("pattern", key, level) for level in (stronger, weaker))
            first, second = map(ground.encoding.proposition, names)
            broken = disj((conj((first.true, neg(second.true))), conj((second.false, neg(first.false)))))
            message = f"'{stronger}' does not bring '{weaker}' with it"
            yield _never(ground, name_of("pattern", key, weaker), message, broken)


@_check("nothing is both proved and refuted")
def contradictions(ground: Ground) -> Iterator[Outcome]:
    for name, pair in {**ground.encoding.rules, **ground.encoding.pairs}.items():
        yield _never(ground, name, "is both proved and refuted", pair.true, pair.false)


@_check("a complete intake leaves nothing open, and ends in a pattern or in a reason to be seen")
def gaps(ground: Ground) -> Iterator[Outcome]:
    pending = next(level.id for level in ground.rulebook.triage.values() if level.pending)
    unfinished = ground.shown.levels[pending]
    yield _never(ground, "triage", "a complete intake is left unfinished", ground.complete, unfinished)
    if ground.rulebook.base is None:
        # A part that follows up on the main one has no story to tell.
        some = disj(chain.from_iterable(levels.values() for levels in ground.shown.patterns.values()))
        untold = conj((ground.shown.shows_patterns, neg(some)))
        message = "a complete intake ends in no pattern"
        yield _never(ground, "pattern", message, ground.complete, untold, explain="")
    for name, pair in ground.encoding.pairs.items():
        yield _never(ground, name, "is open although all is answered", ground.everything, pair.open)


@_check("one more answer never unsettles what was proved or refuted")
def monotone(ground: Ground) -> Iterator[Outcome]:
    beside = SecondIntake(ground.shown)
    more = (*beside.world.rules, *ground.world.extended_by(beside.world))
    with ground.search.assuming(*more):
        for name, pair in ground.encoding.pairs.items():
            later = beside.pair(pair)
            lost = disj((conj((pair.true, neg(later.true))), conj((pair.false, neg(later.false)))))
            message = "is settled by the first intake and not by the second, which only says more"
            yield _never(ground, name, message, lost, beside=beside.world)


CHECKS = {
    check.name: check
    for check in (
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
"""Every check by name."""


def _never(
    ground: Ground,
    name: str,
    message: str,
    *terms: Term,
    explain: str | None = None,
    beside: World | None = None,
) -> Outcome:
    """Something must not be possible; without `explain`, look at what it is named after."""
    found = ground.intakes(*terms, beside=beside)
    return Finding(name, message, found, name if explain is None else explain) if found else None


def _can(
    ground: Ground,
    name: str,
    message: str,
    *terms: Term,
    rule: LinkedRule | None = None,
    explain: str = "",
    beside: World | None = None,
) -> Outcome:
    """Something must be possible."""
    if ground.wants_examples:
        found = ground.intakes(*terms, beside=beside)
        if found:
            return Example(name, found)
    elif ground.search.possible(*terms):
        return None
    place = (rule.file, rule.line) if rule and rule.file else ()
    return Finding(name, message, (), explain, *place)


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
