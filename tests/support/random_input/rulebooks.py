"""Random small rulebooks, written as the files a person would write, in every shape that is allowed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from afterrun import EngineFault, Rulebook, load_rulebook
from afterrun.inference.durable import Reasoner
from afterrun.rulebook import engine_of

Written = dict[str, Any]

SOURCE = {"sources": ["anyone-2020"]}
WORDS = ("ash", "birch", "cedar", "yes", "no", "on", "off", "y")
"""Option ids; some are words that YAML 1.1 would not read as text."""


class _WrittenOut(yaml.SafeDumper):
    """No aliases: rule files may not hold any."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def random_rulebooks(folder: Path, seeds: Iterable[int]) -> Iterator[tuple[random.Random, Rulebook]]:
    """A rulebook for each seed; one that the core refuses as too large is left out."""
    for seed in seeds:
        chance = random.Random(seed)
        rulebook = load_rulebook(write_rulebook(folder / str(seed), chance))
        try:
            engine_of(rulebook, Reasoner)
        except EngineFault:
            continue
        yield chance, rulebook


def write_rulebook(folder: Path, chance: random.Random) -> Path:
    """Write `rules/` and `knowledge/` of a random rulebook below a folder."""
    return write_files(folder, _Author(chance).files())


def write_files(folder: Path, files: dict[str, Any]) -> Path:
    """Write plain values as YAML, by file name."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(content, Dumper=_WrittenOut, sort_keys=False), encoding="utf-8")
    return folder


def small_rulebook(
    rules: Iterable[Written], questions: Iterable[Written], findings: Iterable[str] = (), **knowledge: Any
) -> dict[str, Any]:
    """The files of a rulebook with these rules and questions, and the least of everything else."""
    return {
        "rules/rules.yaml": [
            {
                "because": "So it is.",
                "examples": {"fires": [{}], "silent": [{}]},
                **SOURCE,
                **rule,
            }
            for rule in rules
        ],
        "knowledge/rulebook.yaml": {
            "name": "small",
            "version": "1",
            "title": "A small rulebook",
            "purpose": "To be tried.",
            "limits": ["It means nothing."],
        },
        "knowledge/questions.yaml": {
            "sections": [{"id": "all", "title": "All", "safety": True}],
            "quantities": knowledge.pop("quantities", []),
            "questions": [
                {"section": "all", "ask": f"What about {question['id']}?", **SOURCE, **question}
                for question in questions
            ],
        },
        "knowledge/findings.yaml": [
            {"id": name, "text": f"{name} holds.", "refuted": f"{name} does not hold."} for name in findings
        ],
        "knowledge/triage.yaml": [
            {"id": "urgent", "name": "Urgent", "do": "Go.", "settles": True, "interventions": [], **SOURCE},
            {"id": "soon", "name": "Soon", "do": "Go soon.", "interventions": [], **SOURCE},
            {
                "id": "unfinished",
                "name": "Open",
                "do": "Go on.",
                "pending": True,
                "interventions": [],
                **SOURCE,
            },
            {
                "id": "fine",
                "name": "Fine",
                "do": "Stay.",
                "interventions": "all",
                "shows_patterns": True,
                "shows_plan": True,
                **SOURCE,
            },
        ],
        "knowledge/patterns.yaml": knowledge.pop("patterns", []),
        "knowledge/interventions.yaml": knowledge.pop("interventions", []),
        "knowledge/sources.yaml": {
            "article": {"title": "None", "words": 0, "statements": []},
            "rows": [],
            "resolutions": [],
            "publications": [
                {"id": "anyone-2020", "title": "A trial", "design": "RCT", "level": 2, "read": "memory"}
            ],
        },
        **{f"knowledge/{name}.yaml": content for name, content in knowledge.items()},
    }


class _Author:
    """Writes questions first, then rules in an order in which each waits for earlier ones only."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.questions: list[Written] = []
        self.measures: list[Written] = []
        self.concluded: list[str] = []
        self.rules: list[Written] = []

    def files(self) -> dict[str, Any]:
        chance = self.chance
        self.questions = [self._question(place) for place in range(chance.randint(2, 6))]
        if chance.random() < 0.15:
            self.questions.append(self._multi("wide", 18))
        # What a skip waits for must not itself wait for a question that can be skipped.
        self._conclude(["early"], self.questions[:1])
        for question in self.questions[1:]:
            if chance.random() < 0.3:
                self._make_skippable(question)
        self.measures = (
            [self._measure(place) for place in range(chance.randint(0, 2))] if self._numbers() else []
        )
        findings = [f"finding-{place}" for place in range(chance.randint(1, 4))]
        levels = chance.choice((["likely", "possible"], ["sure", "likely", "possible"], ["possible"]))
        names = [
            *findings,
            *(f"pattern.shape.{level}" for level in levels),
            "intervention.rest.recommended",
            "intervention.rest.set_aside",
            "parameter.dose.5",
            "parameter.dose.7.5",
            *(f"triage.{level}" for level in ("urgent", "soon", "fine")),
        ]
        while names:
            together = 2 if len(names) > 1 and chance.random() < 0.2 else 1
            now, names = names[:together], names[together:]
            self._conclude(now, self.questions)
        subjects = [question["id"] for question in self.questions]
        chance.shuffle(self.rules)
        return small_rulebook(
            self.rules,
            self.questions,
            ["early", *findings],
            measures=self.measures,
            patterns=[{"id": "shape", "name": "Shape", "text": "A shape.", "levels": levels, **SOURCE}],
            interventions=[{"id": "rest", "kind": "treatment", "name": "Rest", "short": "Rest.", **SOURCE}],
            parameters=[
                {
                    "id": "dose",
                    "text": "Dose",
                    "values": [5, 7.5],
                    "wins": chance.choice(("smallest", "largest")),
                    **SOURCE,
                }
            ],
            plans=[
                {
                    "key": "dose",
                    "text": "Dose",
                    "for": {"rest": ["recommended"]},
                    "parameter": "dose",
                    **SOURCE,
                },
                {"key": "first", "text": "First", "when": "early", "answer": subjects[0], **SOURCE},
            ],
        )

    def _question(self, place: int) -> Written:
        name, kind = f"q{place}", self.chance.choice(("single", "single", "multi", "integer", "number"))
        if kind == "multi":
            return self._multi(name, self.chance.randint(2, 5))
        if kind == "single":
            options = self.chance.sample(WORDS, self.chance.randint(2, 4))
            question: Written = {"options": [{"id": word, "text": word.title()} for word in options]}
            reads: Iterable[Any] = (*options, "nothing")
        else:
            question = {"at_least": 0, "at_most": 20}
            reads = (3, 5.5, "nothing") if kind == "number" else (3, "nothing")
        if self.chance.random() < 0.4:
            question["unknown_reads"] = self.chance.choice(list(reads))
        return {"id": name, "type": kind, **question}

    def _multi(self, name: str, count: int) -> Written:
        options = [{"id": f"o{number}", "text": f"Option {number}"} for number in range(count)]
        return {"id": name, "type": "multi", "options": options}

    def _make_skippable(self, question: Written) -> None:
        earlier = self.questions[: self.questions.index(question)]
        question["skip_when"] = (
            "early" if self.chance.random() < 0.3 else self._condition(1, earlier, with_names=False)
        )
        question["skipped_reads"] = "nothing"
        if self.chance.random() < 0.6:
            if question["type"] == "single":
                question["skipped_reads"] = self.chance.choice(question["options"])["id"]
            elif question["type"] in ("integer", "number"):
                question["skipped_reads"] = self.chance.randint(0, 10)

    def _numbers(self) -> list[str]:
        return [each["id"] for each in self.questions if each["type"] in ("integer", "number")]

    def _measure(self, place: int) -> Written:
        def one() -> Any:
            return self.chance.choice([*self._numbers(), 4])

        name = self.chance.choice(self._numbers())
        formula = self.chance.choice(
            (
                {"percent_change": {"from": name, "to": one()}},
                {"difference": {"of": name, "minus": one()}},
                {"largest_above_zero": [name, one(), one()]},
                {"capped": {"value": name, "by": one()}},
                {"reduced": {"value": name, "percent": 20}},
                {"raised": {"value": {"capped": {"value": name, "by": one()}}, "percent": 10}},
            )
        )
        return {"id": f"m{place}", "text": f"Measure {place}", "formula": formula, **SOURCE}

    def _conclude(self, names: list[str], questions: list[Written]) -> None:
        early = questions is not self.questions
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            condition = self._condition(1 if early else 3, questions, with_names=not early)
            then = names[0] if len(names) == 1 else names
            self.rules.append({"id": f"rule-{len(self.rules)}", "if": condition, "then": then})
        self.concluded += names

    def _condition(self, depth: int, questions: list[Written], *, with_names: bool) -> Any:
        chance = self.chance

        def parts(least: int) -> list[Any]:
            count = chance.randint(least, 4)
            return [self._condition(depth - 1, questions, with_names=with_names) for _ in range(count)]

        shape = chance.choice(("all", "any", "not", "at_least", "test", "test", "name"))
        if with_names and shape == "name" and self.concluded:
            return chance.choice(self.concluded)
        if depth == 0 or shape in ("test", "name"):
            return self._test(questions, with_names=with_names)
        if shape == "not":
            return {"not": self._condition(depth - 1, questions, with_names=with_names)}
        wide = next((each for each in questions if each["id"] == "wide"), None)
        if wide is not None and with_names and shape != "at_least" and chance.random() < 0.4:
            return {shape: [{"wide": {"includes": option["id"]}} for option in wide["options"]]}
        if shape == "at_least":
            of = parts(1)
            return {"at_least": {"count": chance.randint(1, len(of)), "of": of}}
        return {shape: parts(1)}

    def _test(self, questions: list[Written], *, with_names: bool) -> Any:
        if with_names and self.measures and self.chance.random() < 0.25:
            # Whether a measure is unknown or skipped cannot always be told, so that test has its own case.
            return {self.chance.choice(self.measures)["id"]: self._number_test(unknown=False)}
        question = self.chance.choice(questions)
        options = [option["id"] for option in question.get("options", ())]
        unknown = "unknown_reads" in question
        if question["type"] == "multi":
            some = self.chance.sample(options, self.chance.randint(1, len(options)))
            test = self.chance.choice(
                (
                    {"includes": some[0]},
                    {"includes_any": some},
                    {"includes": some[0], "includes_any": some[1:] or some},
                )
            )
        elif question["type"] == "single":
            offered = [*options, "unknown"] if unknown else options
            some = self.chance.sample(offered, self.chance.randint(1, len(offered) - 1))
            test = self.chance.choice(({"is": some[0]}, {"one_of": some}))
        else:
            test = self._number_test(unknown=unknown)
        return {question["id"]: test}

    def _number_test(self, *, unknown: bool) -> Written:
        low, high = sorted(self.chance.choice((0, 2, 3, 5, 5.5, 8, 10, 20)) for _ in range(2))
        tests: list[Written] = [
            {"is": low},
            {"one_of": [low, high]},
            {"at_least": low},
            {"at_most": high},
            {"over": low},
            {"under": high},
            {"over": low, "at_most": high},
            {"at_least": low, "under": high},
        ]
        tests += [{"is": "unknown"}, {"one_of": ["unknown", low]}] if unknown else []
        return self.chance.choice(tests)
