"""Everything written in a rulebook's files, found by id, each with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from afterrun.errors import Problem, nearest
from afterrun.rulebook.formulas import names_in
from afterrun.rulebook.linking.circles import Wait, Waits
from afterrun.rulebook.linking.compile import Complain, Vocabulary
from afterrun.rulebook.linking.written_files import Item, WrittenFile, WrittenRulebook
from afterrun.rulebook.model import Scheme
from afterrun.rulebook.proposition import Proposition, every_proposition
from afterrun.rulebook.schema import Interview, Option, Question, SourceFile

_WEEKS = re.compile(r"^([1-9][0-9]{0,3})(?:-([1-9][0-9]{0,3}))?$")


class Items:
    """The written rulebook by kind and id; what goes wrong is gathered in `problems`.

    What could not be read is told already. A name that it may have given is not looked for, and how the
    parts of an entry go together is not asked where one of them is lost.
    """

    def __init__(self, written: WrittenRulebook) -> None:
        self.written = written
        self.unread = written.unread
        self.problems: list[Problem] = []
        questions, base = written.knowledge["questions"], written.base
        interview: Interview = questions.model
        self.sections = self._by_id(_listed(questions, interview.sections, "sections"))
        self.quantities = self._by_id(_listed(questions, interview.quantities, "quantities"))
        for key, quantity in base.quantities.items() if base else ():
            self.quantities.setdefault(key, Item(quantity, questions, ()))
        self.questions = self._by_id(_listed(questions, interview.questions, "questions"))
        self._inherit_options()
        self.measures, self.findings, self.triage, self.patterns, self.interventions = (
            self._by_id(self._file(stem))
            for stem in ("measures", "findings", "triage", "patterns", "interventions")
        )
        self._leave_out_circles()
        self.parameters, self.background, self.evidence, self.hazards = (
            self._by_id(self._file(stem)) for stem in ("parameters", "background", "evidence", "hazards")
        )
        self.sources: SourceFile = base.sources if base else written.knowledge["sources"].model
        self.plan = list(_under_every_key(self._file("plans")))
        self.enrolment = self._whole("enrolment")
        self.schedule = self._whole("schedule")
        self.history = self._whole("history")
        cards = self._whole("exercises")
        self.exercises = self._by_id(_listed(cards.file, cards.value.exercises, "exercises") if cards else ())
        self.doses = cards.at("doses")._replace(value=cards.value.doses) if cards else None
        rules = chain.from_iterable(_listed(file, file.model) for file in written.rules)
        self.rules = self._by_id(rules, "rule id")
        promises = written.invariants
        self.invariants = self._by_id(_listed(promises, promises.model) if promises else (), "invariant id")

    def _file(self, stem: str) -> list[Item]:
        file = self.written.knowledge.get(stem)
        return _listed(file, file.model) if file else []

    def _whole(self, stem: str) -> Item | None:
        file = self.written.knowledge.get(stem)
        return Item(file.model, file, ()) if file else None

    def _by_id(self, items: Iterable[Item], what: str = "id") -> dict[str, Item]:
        found: dict[str, Item] = {}
        for item in items:
            if item.value.id in found:
                self._tell(item, f"the {what} '{item.value.id}' is taken by {found[item.value.id].place}")
            found[item.value.id] = item
        return found

    def _leave_out_circles(self) -> None:
        """Tell the measures that rest on each other: none of them comes to anything."""
        waits = Waits()
        for key, item in self.measures.items():
            waits.add(key, names_in(item.value.formula), Wait(f"the measure '{key}'", item))
        self.problems += waits.problems("measures")
        for name in chain.from_iterable(waits.circles()):
            del self.measures[name]
            self.unread = self.unread.joined([name])

    def _inherit_options(self) -> None:
        """Give each question the options that it takes over from the main part."""
        known = self.written.base.questions if self.written.base else {}
        for key, item in self.questions.items():
            question: Question = item.value
            message = "the main part has no {kind} '{name}'"
            self.look_up(item.at("options_from"), "question", question.options_from, known, message)
            lists = [known[name].options for name in question.options_from if name in known]
            if lists:
                self.questions[key] = item._replace(value=question.changed(options=_joined(question, lists)))

    def propositions(self) -> list[Proposition]:
        """Every proposition that some rule may conclude."""
        kinds = (self.findings, self.triage, self.patterns, self.interventions, self.parameters)
        return every_proposition(*map(values_of, kinds))

    def numbers(self) -> set[str]:
        """The questions that take a number, and the measures."""
        asked = (key for key, item in self.questions.items() if item.value.type in ("integer", "number"))
        return {*asked, *self.measures}

    def vocabulary(self, propositions: Iterable[str]) -> Vocabulary:
        """What conditions may speak of, with the numbers that those of rules and plan compare with."""
        vocabulary = Vocabulary(
            values_of(self.questions), values_of(self.measures), propositions, self.unread
        )
        for condition in self.conditions():
            vocabulary.note_thresholds(condition.value)
        return vocabulary

    def schemes(self) -> dict[str, Scheme]:
        """The keys of the plan that hold an entry for each stretch of weeks, the main part's too."""
        found = dict(self.written.base.schemes) if self.written.base else {}
        for item in self.plan:
            if scheme := _scheme(item.value.value):
                found[item.value.key] = scheme
        return found

    def conditions(self) -> Iterator[Item]:
        """Every condition of the rules, the questions and the plan."""
        held = ((self.rules.values(), "if_"), (self.questions.values(), "skip_when"), (self.plan, "when"))
        for items, field in held:
            for item in items:
                condition = getattr(item.value, field)
                if condition is not None:
                    yield item.at(field.rstrip("_"))._replace(value=condition)

    def everything(self) -> Iterator[Item]:
        """Whatever may name its sources."""
        for group in (
            self.rules,
            self.questions,
            self.quantities,
            self.measures,
            self.triage,
            self.patterns,
            self.interventions,
            self.parameters,
            self.background,
            self.evidence,
            self.hazards,
            self.exercises,
            self.invariants,
        ):
            yield from group.values()
        yield from self.plan
        if self.schedule is not None:
            for key in ("length", "check_in"):
                if (part := getattr(self.schedule.value, key)) is not None:
                    yield self.schedule.at(key)._replace(value=part)
            yield from _listed(self.schedule.file, self.schedule.value.courses, "courses")
        if self.history is not None:
            if self.history.value.regular is not None:
                yield self.history.at("regular")._replace(value=self.history.value.regular)
            yield from _listed(self.history.file, self.history.value.offers, "offers")

    def problem(self, at: Item, message: str, near: str = "") -> None:
        """Note how things at a place do not go together, unless part of them is lost."""
        if not at.file.is_damaged(at.path):
            self._tell(at, message, near)

    def complain_of(self, file: WrittenFile) -> Complain:
        """Notes what is wrong at a path in a file."""
        return lambda path, message, near: self._tell(Item(None, file, path), message, near)

    def _tell(self, at: Item, message: str, near: str = "") -> None:
        """Note what is wrong at a place, and the nearest right name."""
        self.problems.append(Problem(message, at.file.name, at.line, at.name, near))

    def look_up(
        self,
        at: Item,
        kind: str,
        names: str | Iterable[Any] | None,
        known: Collection[str],
        message: str = "there is no {kind} '{name}'",
    ) -> None:
        """Note each name (one, several or none) that is not known."""
        for name in (names,) if isinstance(names, str) else names or ():
            if name not in known and not self.unread.may_name(str(name), kind, known):
                self._tell(at, message.format(kind=kind, name=name), nearest(str(name), known))


def values_of(items: Mapping[str, Item]) -> dict[str, Any]:
    """What is written, by id, without its places."""
    return {key: item.value for key, item in items.items()}


def _listed(file: WrittenFile, values: Iterable[Any], *under: str) -> list[Item]:
    """Each entry of a list in a file, with its place."""
    return [Item(value, file, (*under, place)) for place, value in enumerate(values)]


def _joined(question: Question, lists: list[tuple[Option, ...]]) -> tuple[Option, ...]:
    """The options of several questions, in the order of its groups; what each of several offers
    ('none of these') comes last."""
    offered = [option.id for option in chain(*lists)]
    own = {option.id: option for option in question.options}
    found: dict[str, Option] = {}
    for option in sorted(chain(*lists), key=lambda option: offered.count(option.id) > 1):
        if option.id not in question.options_but:
            # What is harmless there need not be so here.
            found.setdefault(option.id, own.get(option.id, option.changed(harmless="")))
    joined = (*found.values(), *(option for key, option in own.items() if key not in found))
    grouped = [*chain.from_iterable(group.options for group in question.groups)]
    place = {name: at for at, name in enumerate(grouped)}
    return tuple(sorted(joined, key=lambda option: place.get(option.id, len(place))))


def _scheme(value: Any) -> Scheme:
    """A constant such as {"1": "3x15", "2-3": "3x12"} by stretch of weeks; empty for any other."""
    stretches = (
        [(_WEEKS.match(str(key)), entry) for key, entry in value.items()] if isinstance(value, dict) else []
    )
    if not all(stretches and match for match, _ in stretches):
        return ()
    return tuple(
        (int(match[1]), int(match[2] or match[1]), str(entry))
        for match, entry in stretches
        if match is not None
    )


def _under_every_key(plan: Iterable[Item]) -> Iterator[Item]:
    """Each entry of the plan, and the same again under each other key that it names."""
    for item in plan:
        also: Mapping[str, str] = item.value.also
        own = item.value.changed(also={}) if also else item.value
        yield item._replace(value=own)
        for key, text in also.items():
            yield item._replace(value=own.changed(key=key, text=text))
