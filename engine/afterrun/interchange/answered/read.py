"""A QuestionnaireResponse in, what it says out; or everything that is wrong with it, at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterrun.errors import IntakeError
from afterrun.intake import RECORD_ID, gone_words, read_answers
from afterrun.interchange.answered.envelope import (
    RESPONSE,
    is_contained,
    looked_at,
    numbers_looked_at,
    record_id_of,
)
from afterrun.interchange.answered.gathering import Told, kind_of
from afterrun.interchange.answered.heard import Heard
from afterrun.interchange.answered.issues import Issue, ResponseError
from afterrun.interchange.answered.places import Link, Placed, links_of, placed_items
from afterrun.interchange.answered.values import (
    DECLINED,
    UNKNOWN_REASONS,
    Given,
    Wanted,
    read_reason,
    read_value,
)
from afterrun.interchange.asked import canonical, is_enabled, subjects_of
from afterrun.rulebook import UNKNOWN, Rulebook
from afterrun.rulebook.schema import Question


def read_response(rulebook: Rulebook, resource: object) -> Heard:
    """What a QuestionnaireResponse of FHIR R4 to this rulebook's Questionnaire says.

    `resource` is the parsed JSON. Its items stand in the questionnaire's sections or without any. Raises
    ResponseError with all that is wrong; nothing is guessed.
    """
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(resource, dict) or kind != RESPONSE:
        what = kind_of(resource)
        if isinstance(resource, dict):
            what = f"a {kind[:40]}" if isinstance(kind, str) else "an object without a resourceType"
        raise ResponseError([Issue("fatal", "structure", "", f"a {RESPONSE} is wanted, not {what}")])
    told = Told()
    looked_at(rulebook, resource, told)
    reader = _Reader(rulebook, resource, told)
    intake, declined = reader.read()
    numbers_looked_at(resource, told)
    if told.issues:
        raise ResponseError(told.issues)
    return Heard(
        intake=intake,
        declined=declined,
        subject=resource.get("subject"),
        authored=resource.get("authored"),
        record_id=record_id_of(resource),
        resource=_without_narratives(resource),
    )


def _without_narratives(resource: Mapping[str, Any]) -> dict[str, Any]:
    """A narrative is markup of whoever sent it, which no reader of ours looks at; nobody is handed it on."""
    kept = _without_text(resource)
    if "contained" in kept:
        kept["contained"] = [_without_text(each) for each in kept["contained"]]
    return kept


def _without_text(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name not in ("text", "_text")}


class _Reader:
    def __init__(self, rulebook: Rulebook, resource: Mapping[str, Any], told: Told) -> None:
        self.rulebook = rulebook
        self.resource = resource
        self.told = told
        self.links = links_of(rulebook)
        self.intake: dict[str, Any] = {}
        self.paths: dict[str, str] = {}
        """Where each answer of the intake stands."""
        self.reasons: dict[str, str] = {}
        """Why a question has no answer, where the response says it."""

    def read(self) -> tuple[dict[str, Any], frozenset[str]]:
        """The intake, and what was passed over; what is wrong is told."""
        for name, placed in placed_items(self.links, self.resource, self.told).items():
            link = self.links[name]
            match link.kind:
                case "question":
                    self._question(self.rulebook.questions[link.name], placed)
                case "unknown":
                    self._unknown(name, link, placed)
                case "unit":
                    self._unit(name, link, placed)
        for question in self.rulebook.questions.values():
            self._only_where_asked(question)
        if (record_id := record_id_of(self.resource)) is not None:
            self.intake[RECORD_ID] = record_id
        self._checked()
        declined = {name for name, reason in self.reasons.items() if reason == DECLINED}
        return self.intake, frozenset(declined - self.intake.keys())

    def _given(self, wanted: Wanted, placed: Placed) -> list[Given]:
        """The answers of an item, or the reason for having none, which stands on the item or in its place."""
        read = [read_value(answer, wanted, path, self.told) for answer, path in placed.answers]
        given = [each for each in read if each is not None]
        reason = read_reason(placed.item, placed.path, wanted.name, self.told)
        if reason and given:
            self.told.wrong("invariant", placed.path, f"has an answer beside '{reason}'", wanted.name)
        elif reason:
            given = [Given(None, reason, placed.path)]
        if len(given) > 1 and any(each.reason for each in given):
            place = next(each for each in given if each.reason)
            message = f"'{place.reason}' stands beside another answer"
            self.told.wrong("invariant", place.path, message, wanted.name)
            return []
        return given

    def _question(self, question: Question, placed: Placed) -> None:
        given = self._given(_wanted(self.rulebook, question), placed)
        if not given:
            return
        if given[0].reason:
            self._absent(question, given[0])
        elif question.type == "multi":
            self._ticked(question, given)
        elif self._single(question.id, given):
            self._put(question.id, given[0].value, given[0].path)

    def _ticked(self, question: Question, given: list[Given]) -> None:
        """Options that may stand together. Some forms let "none of these" stand beside a sign: as in any
        intake the sign counts then, for to refuse it would hold back a warning."""
        seen: list[str] = []
        for each in given:
            if each.value in seen:
                self.told.wrong("duplicate", each.path, f"'{each.value}' is ticked twice", question.id)
            else:
                seen.append(each.value)
        self._put(question.id, seen, placed_above(given[0].path))

    def _single(self, name: str, given: list[Given]) -> bool:
        for each in given[1:]:
            self.told.wrong("structure", each.path, "takes one answer, and this is another", name)
        return len(given) == 1

    def _absent(self, question: Question, given: Given) -> None:
        """No value: 'I don't know' is an answer, all else is none."""
        if given.reason not in UNKNOWN_REASONS:
            self.reasons[question.id] = given.reason
        elif question.unknown_reads is not None:
            self._put(question.id, UNKNOWN.value, given.path)
        else:
            unsure = next((each.id for each in question.options if each.unsure), "")
            way = f"choose '{unsure}'" if unsure else "leave it out if it is not answered"
            message = f"'{given.reason}' is not offered here; {way}"
            self.told.wrong("code-invalid", given.path, message, question.id)

    def _unknown(self, name: str, link: Link, placed: Placed) -> None:
        given = self._given(Wanted(name, "valueCoding"), placed)
        if not given or not self._single(name, given):
            return
        if link.name in self.intake:
            message = f"says that it is not known, and {link.name} has an answer: take one of them out"
            self.told.wrong("business-rule", given[0].path, message, name)
        else:
            self._absent(self.rulebook.questions[link.name], given[0])

    def _unit(self, name: str, link: Link, placed: Placed) -> None:
        units = [each.id for each in self.rulebook.quantities[link.name].units]
        wanted = Wanted(name, "valueCoding", canonical(self.rulebook, "CodeSystem", name), units)
        given = self._given(wanted, placed)
        if given and given[0].reason in UNKNOWN_REASONS:
            message = f"a unit is needed, one of {', '.join(units)}"
            self.told.wrong("code-invalid", given[0].path, message, name)
        elif given and not given[0].reason and self._single(name, given):
            self._put(name, given[0].value, given[0].path)

    def _put(self, name: str, value: Any, path: str) -> None:
        self.intake[name] = value
        self.paths[name] = path

    def _only_where_asked(self, question: Question) -> None:
        """Tell an answer to what no form asks for, going by the others."""
        if question.id not in self.intake or is_contained(self.resource):
            return
        enabled = is_enabled(self.rulebook, question, self.intake)
        subjects = subjects_of(self.rulebook, question)
        # Where a response says itself that what it hangs on has no answer, the question may well be asked.
        if enabled or (enabled is None and subjects & self.reasons.keys()):
            return
        if enabled is None and subjects & self.told.names:
            return
        others = ", ".join(sorted(subjects))
        found = "rules it out" if enabled is False else "is not answered"
        message = f"has an answer, but is not asked: {others} {found}. Take one of them out"
        self.told.wrong("business-rule", self.paths[question.id], message, question.id)

    def _checked(self) -> None:
        """Tell what the intake's own reader finds: bounds, how many, units."""
        try:
            read_answers(self.rulebook, self.intake)
        except IntakeError as error:
            units = {each.unit_key for each in self.rulebook.quantities.values()}
            for problem in error.problems:
                if problem.key in units and problem.key in self.told.names:
                    continue
                elsewhere = f"{RESPONSE}.identifier" if problem.key == RECORD_ID else RESPONSE
                path = self.paths.get(problem.key, elsewhere)
                self.told.issues.append(Issue("error", "value", path, str(problem)))


def _wanted(rulebook: Rulebook, question: Question) -> Wanted:
    if not question.options:
        return Wanted(question.id, "valueInteger" if question.type == "integer" else "valueDecimal")
    return Wanted(
        question.id,
        "valueCoding",
        canonical(rulebook, "CodeSystem", question.id),
        [each.id for each in question.options],
        {each: gone_words(question, each) for each in (question.earlier.gone if question.earlier else ())},
    )


def placed_above(path: str) -> str:
    """The item of an answer."""
    return path.rpartition(".answer[")[0]
