"""The files of a small rulebook in which nothing is wrong, as an author writes them."""

from pathlib import Path

RULES = """\
- id: sore-is-far
  if:
    all:
      - sore: {is: hard}
      - distance: {over: 10}
  then: far
  because: So it is.
  sources: [anyone-2020]
  examples:
    fires: [{sore: hard, distance: 11}]
    silent: [{sore: light}]
- id: far-is-soon
  if: far
  then: triage.soon
  because: So it is.
  sources: [anyone-2020]
  examples:
    fires: [{sore: hard, distance: 11}]
    silent: [{sore: light}]
"""
QUESTIONS = """\
sections:
  - {id: all, title: All, safety: true}
questions:
  - id: sore
    section: all
    ask: How sore?
    type: single
    options:
      - {id: hard, text: Hard}
      - {id: light, text: Light}
    sources: [anyone-2020]
  - id: distance
    section: all
    ask: How far?
    type: number
    at_least: 0
    at_most: 100
    sources: [anyone-2020]
"""
LEVEL = "- {{id: {0}, name: {0}, do: Go., interventions: {1}, {2}sources: [anyone-2020]}}\n"
FILES = {
    "rules/rules.yaml": RULES,
    "knowledge/questions.yaml": QUESTIONS,
    "knowledge/rulebook.yaml": """\
name: small
version: '1'
title: Small
purpose: To be tried.
limits: [None.]
""",
    "knowledge/findings.yaml": "- {id: far, text: It is far., refuted: It is not far.}\n",
    "knowledge/triage.yaml": LEVEL.format("soon", "[]", "settles: true, ")
    + LEVEL.format("unfinished", "[]", "pending: true, ")
    + LEVEL.format("fine", "all", "shows_patterns: true, shows_plan: true, "),
    "knowledge/patterns.yaml": "[]\n",
    "knowledge/measures.yaml": """\
- id: twice_as_far
  text: Twice as far.
  formula: {sum: [distance, distance]}
  sources: [anyone-2020]
""",
    "knowledge/interventions.yaml": """\
- {id: rest, kind: treatment, name: Rest, short: Rest., sources: [anyone-2020]}
""",
    "knowledge/plans.yaml": """\
- key: days
  text: Days
  for: {rest: [recommended]}
  value: 12
  sources: [anyone-2020]
""",
    "knowledge/sources.yaml": """\
article: {title: None, words: 0, statements: []}
rows: []
resolutions: []
publications:
  - {id: anyone-2020, title: A trial, design: RCT, level: 2, read: memory}
""",
}


def write_small(folder: Path) -> Path:
    """Write them into a folder."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
