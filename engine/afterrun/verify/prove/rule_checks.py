"""What is proved of the rules: that each counts, and that none contradicts another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise

from afterrun.rulebook import LinkedRule, name_of
from afterrun.verify import unconcluded
from afterrun.verify.prove.claims import Claims
from afterrun.verify.prove.encoding.rulebook import Encoding
from afterrun.verify.prove.encoding.shown import ResultEncoding
from afterrun.verify.prove.encoding.terms import boolean, conj, disj, neg
from afterrun.verify.prove.encoding.two_intakes import SecondIntake
from afterrun.verify.prove.findings import Example, Finding, Outcome, can, check, never
from afterrun.verify.prove.search import Ground, Intake


@check("what a result waits for is concluded by some rule; if not, nothing else is proved")
def concluded(ground: Ground) -> Iterator[Outcome]:
    yield None
    for each in unconcluded(ground.rulebook):
        yield Finding(each.key, each.message, file=each.file)


@check("every invariant of rules/invariants.yaml holds")
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


@check("every rule can fire")
def rules(ground: Ground) -> Iterator[Outcome]:
    for rule in ground.written:
        yield can(ground, rule.id, "can never fire", ground.encoding.rules[rule.id].true, rule=rule)


@check("every conclusion can be true and can be false, and everything can be shown")
def conclusions(ground: Ground) -> Iterator[Outcome]:
    for name, pair in ground.encoding.pairs.items():
        rule = ground.rulebook.propositions[name][0]
        yield can(ground, name, "can never be true", pair.true, rule=rule)
        yield can(ground, f"not {name}", "can never be false", pair.false, rule=rule, explain=name)
    for name, term in ground.shown.levels.items():
        yield can(ground, f"level {name}", "can never be the triage", term)
    for name, levels in ground.shown.patterns.items():
        for level, term in levels.items():
            concluding = ground.rulebook.propositions.get(name_of("pattern", name, level), ())
            # A level that is only implied by a stronger one is never the one shown.
            if any(rule.written for rule in concluding):
                yield can(ground, f"shown {name} {level}", "can never be shown", term)
    for name in ground.rulebook.interventions:
        for status in ("recommended", "postponed", "merged"):
            if name_of("intervention", name, status) in ground.rulebook.propositions:
                term = ground.shown.given(name, status)
                yield can(ground, f"{status} {name}", "can never be given", term)
    for key, standing in ground.shown.plan.keys.items():
        terms = (ground.shown.shows_plan, standing.present)
        yield can(ground, f"plan {key}", "can never stand in a plan", *terms)


@check("no rule is redundant: leaving it out changes a result of some complete intake")
def redundancy(ground: Ground) -> Iterator[Outcome]:
    switches = {rule.id: boolean(f"rule {rule.id}") for rule in ground.written}
    encoding = Encoding(ground.rulebook, ground.world, switches=switches)
    apart = disj(ground.shown.display.differences(ResultEncoding(encoding).display).values())
    unexpected: dict[str, tuple[Intake, ...]] = {}
    with ground.search.assuming(ground.complete, apart):
        for rule in ground.written:
            off = [neg(on) if name == rule.id else on for name, on in switches.items()]
            needed = ground.search.possible_among(*off)
            if needed == bool(rule.written and rule.written.redundant):
                unexpected[rule.id] = ground.intakes(*off) if needed else ()
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


@check("no two interventions that conflict are recommended together")
def conflicts(ground: Ground) -> Iterator[Outcome]:
    for one in ground.rulebook.interventions.values():
        for other in one.conflicts_with:
            now = (ground.shown.given(name, "recommended") for name in (one.id, other))
            yield never(ground, f"{one.id} + {other}", "are recommended together", *now, explain=one.id)


@check("every question can change a result: two complete intakes that differ in it alone")
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
        outcome = can(
            ground, question, "changes no result, whatever is answered", *terms, beside=beside.world
        )
        yield Example(f"question {question}", outcome.intakes) if isinstance(outcome, Example) else outcome


@check("levels are cumulative: a stronger one proves each weaker one, and is refuted with it")
def levels(ground: Ground) -> Iterator[Outcome]:
    for key, pattern in ground.rulebook.patterns.items():
        for stronger, weaker in pairwise(pattern.levels):
            names = (name_of("pattern", key, level) for level in (stronger, weaker))
            first, second = map(ground.encoding.proposition, names)
            broken = disj((conj((first.true, neg(second.true))), conj((second.false, neg(first.false)))))
            message = f"'{stronger}' does not bring '{weaker}' with it"
            yield never(ground, name_of("pattern", key, weaker), message, broken)


@check("nothing is both proved and refuted")
def contradictions(ground: Ground) -> Iterator[Outcome]:
    for name, pair in {**ground.encoding.rules, **ground.encoding.pairs}.items():
        yield never(ground, name, "is both proved and refuted", pair.true, pair.false)


@check("a complete intake leaves nothing open, and ends in a pattern or in a reason to be seen")
def gaps(ground: Ground) -> Iterator[Outcome]:
    pending = next(level.id for level in ground.rulebook.triage.values() if level.pending)
    unfinished = ground.shown.levels[pending]
    yield never(ground, "triage", "a complete intake is left unfinished", ground.complete, unfinished)
    if ground.rulebook.base is None:
        # A part that follows up on the main one has no story to tell.
        some = disj(chain.from_iterable(levels.values() for levels in ground.shown.patterns.values()))
        untold = conj((ground.shown.shows_patterns, neg(some)))
        message = "a complete intake ends in no pattern"
        yield never(ground, "pattern", message, ground.complete, untold, explain="")
    for name, pair in ground.encoding.pairs.items():
        yield never(ground, name, "is open although all is answered", ground.everything, pair.open)


@check("one more answer never unsettles what was proved or refuted")
def monotone(ground: Ground) -> Iterator[Outcome]:
    beside = SecondIntake(ground.shown)
    more = (*beside.world.rules, *ground.world.extended_by(beside.world))
    with ground.search.assuming(*more):
        for name, pair in ground.encoding.pairs.items():
            later = beside.pair(pair)
            lost = disj((conj((pair.true, neg(later.true))), conj((pair.false, neg(later.false)))))
            message = "is settled by the first intake and not by the second, which only says more"
            outcome = never(ground, name, message, lost, beside=beside.world)
            yield outcome
            if outcome is None:
                # What is proved of one proposition need not be found anew for those that rest on it.
                ground.search.require(neg(lost))


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
