"""What is proved of results: safety answers count, reasons fit, and every number of a plan is there, once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from afterrun.inference import Cones
from afterrun.rulebook import STATUSES, CellTest, PlanLine, Rulebook, atoms, engine_of, levels_behind, name_of
from afterrun.rulebook.schema import Option, PlanItem, Question, as_written
from afterrun.verify import rule_truth, unguarded_signs
from afterrun.verify.prove.encoding.terms import Term, conj, disj, neg
from afterrun.verify.prove.findings import Finding, Outcome, check, never
from afterrun.verify.prove.search import Ground, filled


@check("every sign of a safety question leads to being seen, or is declared harmless; none may be blank")
def safety(ground: Ground) -> Iterator[Outcome]:
    rulebook, shown = ground.rulebook, ground.shown
    calm = list(rulebook.triage)[-1]
    for each in unguarded_signs(rulebook):
        yield Finding(each.key, each.message, file=each.file)
    for question in rulebook.questions.values():
        if not rulebook.sections[question.section].safety:
            continue
        asked = ground.world.asked[question.id]
        applies = neg(ground.encoding.skips[question.id].true) if question.id in rulebook.skips else True
        message = "may stay blank, and a plan is shown all the same, although its section is for safety"
        blank = (neg(asked.answered), applies, shown.shows_plan)
        yield never(ground, question.id, message, *blank, explain="")
        for option in question.options:
            if not option.alone:
                sign = (shown.levels[calm], asked.options[option.id])
                yield _sign(ground, question, option, calm, *sign)


@check("what a triage level gives is told with that level's own reason, never with another's")
def reasons(ground: Ground) -> Iterator[Outcome]:
    rulebook = ground.rulebook
    for intervention in rulebook.interventions:
        for status in STATUSES:
            rules = rulebook.propositions.get(name_of("intervention", intervention, status), ())
            behind = {rule.id: levels_behind(rule.formula) for rule in rules}
            for level, term in ground.shown.levels.items():
                if not any(behind.values()) or status == "set_aside":
                    continue
                # A rule that needs no level has a reason of its own, which fits them all.
                own = [
                    ground.encoding.rules[name].true
                    for name, each in behind.items()
                    if level in each or not each
                ]
                others = ", ".join(name for name, each in behind.items() if each - {level})
                message = (
                    f"at '{level}' it is given by no rule that waits for 'triage.{level}', so that the "
                    f"reason told is another level's: {others}"
                )
                wrong = (term, ground.shown.given(intervention, status), neg(disj(own)))
                yield never(ground, intervention, message, *wrong, explain="")


@check("a complete intake leaves no number of the plan null, but for those that are asked later")
def numbers(ground: Ground) -> Iterator[Outcome]:
    # A part's optional facts are those that a record of its programme holds.
    complete = ground.complete if ground.rulebook.base is None else ground.everything
    given = (complete, filled(ground.world, ground.rulebook), ground.shown.shows_plan)
    for key, lines in _entries(ground).items():
        if any(_is_number(ground.rulebook, item) for item, _ in lines):
            later = disj(
                neg(ground.encoding.where(line.applies, False)) for item, line in lines if item.asked_later
            )
            message = (
                "is null although every question is answered; if that is meant, an entry before it says "
                "when and why: 'when', 'asked_later'"
            )
            shown = ground.shown.plan.keys[key]
            # An amount of nothing is none, however small the answers behind it.
            missing = conj((shown.null, neg(later), neg(shown.nothing)))
            yield never(ground, f"plan {key}", message, *given, missing, explain="")


@check("no key of the plan stands twice: at most one of its entries holds")
def entries(ground: Ground) -> Iterator[Outcome]:
    given = (ground.complete, filled(ground.world, ground.rulebook), ground.shown.shows_plan)
    for key, lines in _entries(ground).items():
        valued = [(item, line) for item, line in lines if not item.asked_later]
        if len(valued) < 2:
            yield None
        for (one, first), (other, second) in combinations(valued, 2):
            both = [ground.encoding.where(line.applies) for line in (first, second)]
            message = (
                f"two entries hold at once, '{_when(one)}' and '{_when(other)}', and only their order "
                "decides which is shown"
            )
            yield never(ground, f"plan {key}", message, *given, *both, explain="")


def _sign(ground: Ground, question: Question, option: Option, calm: str, *calmly: Term) -> Outcome:
    name = f"option {option.id} of {question.id}"
    if option.harmless:
        if ground.search.possible(*calmly):
            return None
        return Finding(name, f"is declared harmless, but never leads to '{calm}'")
    found = ground.intakes(*calmly)
    if not found:
        return None
    variable = f"{question.id}:{option.id}" if question.type == "multi" else question.id
    place = [each.id for each in question.options].index(option.id)
    mask = 0b10 if question.type == "multi" else 1 << place
    cones = engine_of(ground.rulebook, Cones)
    levels = (name_of("triage", each) for each in ground.rulebook.triage if each != calm)
    # A rule that fires in the intake found leads elsewhere.
    testing = [
        rule.id
        for level in levels
        if level in ground.rulebook.propositions
        for rule in cones.rules(level)
        for atom in atoms(rule.formula)
        if isinstance(atom, CellTest) and atom.variable == variable and atom.mask & mask
        if not rule_truth(ground.rulebook, rule, found[0])
    ]
    match list(dict.fromkeys(testing)):
        case []:
            cause = "no rule for a stronger level tests it"
        case [only]:
            cause = f"rule '{only}' is its only way, and wants more than it"
        case several:
            cause = f"the rules that test it all want more than it: {', '.join(several)}"
    way_out = "give it a rule of its own, or say with 'harmless' why it needs none"
    return Finding(name, f"leads to '{calm}': {cause}; {way_out}", found)


def _entries(ground: Ground) -> dict[str, list[tuple[PlanItem, PlanLine]]]:
    """The entries of each key of the plan."""
    found: dict[str, list[tuple[PlanItem, PlanLine]]] = defaultdict(list)
    for item, line in zip(ground.rulebook.plan, ground.encoding.decisions.plan, strict=True):
        found[item.key].append((item, line))
    return found


def _is_number(rulebook: Rulebook, item: PlanItem) -> bool:
    """Whether an entry gives a number that has to be worked out."""
    if item.answer is not None:
        asked = rulebook.questions.get(item.answer)
        return asked is not None and not asked.options
    return item.parameter is not None or item.formula is not None or item.scheme is not None


def _when(item: PlanItem) -> str:
    key, written = ("for", item.for_) if item.for_ is not None else ("when", item.when)
    return f"{key}: {json.dumps(as_written(written), default=str)}"
