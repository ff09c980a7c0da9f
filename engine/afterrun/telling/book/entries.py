"""Each rule, statement and source with all that points at it: traceability in both directions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.explanation import Citation, Citations, conclusion_words, verdict_words
from afterrun.rulebook import (
    LinkedRule,
    Ref,
    Rulebook,
    atoms,
    coverage,
    engine_of,
    lack_of,
    review_words,
    written_rules,
)
from afterrun.rulebook.schema import Verdict
from afterrun.telling.book.words.conditions import condition_words
from afterrun.telling.book.words.tree import Place, WordTree, as_lines
from afterrun.telling.page import Line


class RuleEntry(NamedTuple):
    """One rule, in plain words and with its neighbours."""

    rule: LinkedRule
    condition: WordTree
    citations: tuple[Citation, ...]
    verdicts: tuple[Verdict, ...]
    waits_for: tuple[str, ...]
    """Rules whose conclusions it tests."""
    waited_for_by: tuple[str, ...]
    examples: tuple[tuple[str, Mapping[str, Any]], ...]
    approval: str
    """Who answers for it, or why nobody does."""
    approved: bool


class SourceUse(NamedTuple):
    """One source, and what names it."""

    citation: Citation
    rules: tuple[str, ...]
    """Their places in the book."""
    knowledge: tuple[str, ...]
    reason: str
    """Why no rule encodes it, where none does."""


def rule_entries(rulebook: Rulebook, place: Place = str) -> dict[str, RuleEntry]:
    """Every written rule of one part by id, in the order in which they are written."""
    written = {rule.id: rule for rule in written_rules(rulebook)}
    needs = {
        rule.id: {atom.proposition for atom in atoms(rule.formula) if isinstance(atom, Ref)}
        for rule in rulebook.rules.values()
    }
    cited = engine_of(rulebook, Citations)
    found = {}
    for rule in written.values():
        assert rule.written is not None
        examples = rule.written.examples
        found[rule.id] = RuleEntry(
            rule,
            condition_words(rulebook, rule.written.if_, place),
            tuple(cited.of(rule.sources)),
            tuple(cited.verdicts(rule.sources)),
            tuple(each.id for each in written.values() if needs[rule.id].intersection(each.conclusions)),
            tuple(each.id for each in written.values() if needs[each.id].intersection(rule.conclusions)),
            (
                *(("fires", each) for each in examples.fires),
                *(("silent", each) for each in examples.silent),
                *(("open", each) for each in examples.open),
            ),
            review_words(rulebook, rule),
            lack_of(rulebook, rule) is None,
        )
    return found


def rule_lines(rulebook: Rulebook, entry: RuleEntry) -> Iterator[Line]:
    """One rule: what it waits for, what it concludes, why, and from where."""
    yield Line(f"{entry.rule.id}  ({entry.rule.file}:{entry.rule.line})", 0)
    yield Line("", 0)
    yield Line("Concludes", 0)
    yield from (Line(f"- {conclusion_words(rulebook, each)} ({each})") for each in entry.rule.conclusions)
    yield Line("When", 0)
    yield from map(Line, as_lines(entry.condition))
    if entry.rule.written is not None and entry.rule.written.strength:
        yield Line(f"Strength: {entry.rule.written.strength.replace('_', ' ')}", 0)
    yield Line(f"Review: {entry.approval}", 0)
    yield Line("Because", 0)
    yield Line(entry.rule.because)
    yield Line("Sources", 0)
    yield from (Line(f"- {each.key}: {each.text} {each.url}".rstrip()) for each in entry.citations)
    yield from (Line(f"- {each.claim} ({verdict_words(each)})") for each in entry.verdicts)
    for title, names in (("Waits for", entry.waits_for), ("Waited for by", entry.waited_for_by)):
        if names:
            yield Line(f"{title}: {', '.join(names)}", 0)
    yield Line("Examples", 0)
    yield from (Line(f"- {kind}: {in_yaml(intake)}") for kind, intake in entry.examples)


def in_yaml(value: Any) -> str:
    """A plain value on one line, as a file of rules holds it.

    >>> in_yaml({"pain_site": ["behind"], "worst_pain": 3, "goal": "10 km"})
    '{pain_site: [behind], worst_pain: 3, goal: "10 km"}'
    """
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{in_yaml(key)}: {in_yaml(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_yaml, value))}]"
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT
    return str(value) if plain else json.dumps(value, ensure_ascii=False, default=str)


_PLAIN = re.compile(r"[A-Za-z_][\w-]*")
_NOT_TEXT = ("null", "true", "false")


def traced_sources(parts: Mapping[str, Rulebook], place: Callable[[str, str], str]) -> dict[str, SourceUse]:
    """Every statement, row, resolution and publication, with all that rests on it in any part."""
    main = parts[""]
    reached: dict[str, list[tuple[str, str]]] = {}
    covers = {part: coverage(rulebook) for part, rulebook in parts.items()}
    for part, cover in covers.items():
        for key, names in cover.reached.items():
            reached.setdefault(key, []).extend((part, name) for name in names)
    pending = covers[""].pending
    background = {f"background {entry.id}": entry.text for entry in main.background}
    found = {}
    for citation in engine_of(main, Citations):
        by = reached.get(citation.key, [])
        rules = tuple(
            place(part, each.removeprefix("rule ")) for part, each in by if each.startswith("rule ")
        )
        knowledge = tuple(dict.fromkeys(each for _, each in by if not each.startswith("rule ")))
        reason = ""
        if not rules:
            told = " ".join(background[name] for name in knowledge if name in background)
            kept = f"It decides nothing and is kept as background: {told}" if told else ""
            reason = pending.get(citation.key, "") or kept
        found[citation.key] = SourceUse(citation, rules, knowledge, reason)
    return found
