"""Changes of the shipped rulebook on purpose, and what is to be told of each: tests/data/changes.yaml."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from afterrun import Rulebook, assess, load_rulebook
from afterrun.assessment import Case
from afterrun.rulebook import rule_digest, written_rules
from afterrun.rulebook.schema import Review
from afterrun.telling.changes.regions import region_lines
from afterrun.verify.changes import Level, PartChange, change_between
from afterrun.verify.prove import Flip
from tests.support.paths import ROOT

Edit = tuple[str, str, str]
"""A file, a text in it, and what replaces it."""


class Change(NamedTuple):
    """A change of one file, and what is to be told of it."""

    name: str
    file: str
    old: str
    new: str
    level: Level
    approvals: tuple[str, ...]
    """The rules of which it takes an approval back, had each rule one."""
    part: str = ""
    flip: tuple[str, ...] = ()
    """One of the flips that follow: kind, name, from what, to what."""
    only: tuple[str, ...] = ()
    """Its region, in words."""
    at_length: bool = False
    """Whether it takes the solver longer than a test should."""
    told: str = ""
    """Whether it is exact (one region), whole (in parts that are all of it), or told in some parts."""

    @property
    def edit(self) -> Edit:
        """What is done to the files."""
        return self.file, self.old, self.new


def changes() -> dict[str, Change]:
    """All of them, by name."""
    written: list[dict[str, Any]] = yaml.safe_load(
        (ROOT / "tests" / "data" / "changes.yaml").read_text(encoding="utf-8")
    )
    return {each["name"]: Change(**{key: _frozen(value) for key, value in each.items()}) for each in written}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


CHANGES = changes()


def changed_copy(to: Path, *edits: Edit) -> Path:
    """The rulebook's files in a folder, in each of some files one text replaced once by another."""
    for folder in ("rules", "knowledge"):
        shutil.copytree(ROOT / folder, to / folder)
    for file, old, new in edits:
        text = (to / file).read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        (to / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return to


def both_of(change: Change, folder: Path) -> tuple[Rulebook, Rulebook]:
    """The part of the rulebook as shipped and as changed; in both each rule is approved as shipped."""
    old = load_rulebook(part=change.part or None)
    new = load_rulebook(changed_copy(folder, change.edit), part=change.part or None)
    reviews = {
        rule.id: Review(
            owner="Dr A",
            approved_on="2026-11-26",
            review_by="2027-11-26",
            digest=rule_digest(old, rule),
        )
        for rule in written_rules(old)
    }
    return _with(old, reviews), _with(new, reviews)


def _with(rulebook: Rulebook, reviews: Mapping[str, Review]) -> Rulebook:
    rules = {
        name: rule._replace(written=rule.written.changed(review=reviews[name]))
        if rule.written is not None and name in reviews
        else rule
        for name, rule in rulebook.rules.items()
    }
    return replace(rulebook, rules=rules)


def mistold(change: Change, old: Rulebook, new: Rulebook) -> Iterator[str]:
    """What is not told of a change as it should be; every witness is assessed by both rulebooks."""
    (part,) = change_between({change.part: old}, {change.part: new}).parts
    if part.level != change.level:
        yield f"{change.name}: {part.level}, not {change.level}"
    if part.undecided or part.apart:
        yield f"{change.name}: not known of {part.undecided or part.apart}"
    taken = tuple(each.rule for each in part.approvals)
    if taken != change.approvals:
        yield f"{change.name}: takes back the approvals of {taken}, not of {change.approvals}"
    for each in part.flips:
        before, after = seen(old, each, each.intakes[0]), seen(new, each, each.intakes[1])
        if before == after or each.intakes[0] != each.intakes[1]:
            yield f"{change.name}: {each.kind} {each.name} does not flip with {each.intakes}"
    yield from _faults_of_region(change, part)


def _faults_of_region(change: Change, part: PartChange) -> Iterator[str]:
    if not change.flip:
        shown = [each[:4] for each in part.flips if each.kind != "finding"]
        if shown:
            yield f"{change.name}: {shown} flip"
        return
    found = [each for each in part.flips if each[:4] == change.flip and not each.partial]
    if len(found) != 1:
        yield f"{change.name}: {change.flip} is told {len(found)} times"
        return
    (flip,) = found
    told = tuple(region_lines((part.new, part.old), flip.only))
    how = "exact" if flip.exact else "whole" if flip.whole else "some"
    if (told, how) != (change.only, change.told):
        yield f"{change.name}: the region is {told}, {how}; not {change.only}, {change.told}"


def seen(rulebook: Rulebook, flip: Flip, intake: dict[str, Any]) -> Any:
    """What `assess` says of the one thing, by the forward-chaining engine and the independent one."""
    result = assess(rulebook, intake)
    case = Case.of(rulebook, intake)
    return {
        "triage": result.triage,
        "pattern": dict(result.patterns).get(flip.name),
        "intervention": [each.status for each in case.entries if each.id == flip.name],
        "start": [each.from_week for each in case.entries if each.id == flip.name],
        "plan": result.plan.get(flip.name, "not there"),
        "finding": case.truths.get(flip.name),
    }[flip.kind]
