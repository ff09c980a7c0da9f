"""One response with all that follows from it, and the names under which its resources speak of each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from afterrun.assessment import Result, assess
from afterrun.interchange.answered import Heard, day_of, instant_of
from afterrun.interchange.asked import canonical, extension, stable_id
from afterrun.once import once
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question, TriageLevel
from afterrun.schedule import NoScheduleError, Schedule, weeks

Role = Literal["response", "condition", "risk", "plan", "guidance", "provenance", "bundle"]
"""What a resource is in a Bundle."""

Assess = Callable[[Rulebook, Mapping[str, Any]], Result]
"""What makes a result of answers; whoever writes results down does it before any is told."""

SOMEBODY = "The person who answered"


@dataclass(frozen=True, eq=False)
class Record:
    """A response, its result, and the day on which it is told; `Record.of` makes one."""

    rulebook: Rulebook
    heard: Heard
    result: Result
    day: date | None
    """None where nobody says it: then nothing has a date."""

    @classmethod
    def of(cls, rulebook: Rulebook, heard: Heard, on: date | None = None, judge: Assess = assess) -> Record:
        """Assess what was heard, on some day or on the day on which it was answered.

        Raises IntakeError and EngineFault as `assess` does, and whatever else `judge` does.
        """
        day = on or day_of(heard.authored)
        result = judge(rulebook, heard.intake)
        # Whether its review is past goes by that day, so that the same response is always told alike.
        return cls(rulebook, heard, replace(result, rulebook=rulebook.on(day).stamp), day)

    @once
    def level(self) -> TriageLevel:
        """How soon to be seen, as told: not finished, where a plan would rest on a screen with a gap."""
        level = self.rulebook.triage[self.result.triage]
        if level.shows_plan and self.safety_gaps:
            return next(each for each in self.rulebook.triage.values() if each.pending)
        return level

    @once
    def safety_gaps(self) -> tuple[Question, ...]:
        """The questions of the safety screen without an answer, whether or not one could change anything."""
        return tuple(
            each
            for each in self.rulebook.questions.values()
            if self.rulebook.sections[each.section].safety
            and not each.optional
            and each.id not in self.result.answers
        )

    @once
    def open_questions(self) -> tuple[Question, ...]:
        """What is to be answered yet: of the safety screen all, then what can still change something."""
        gaps = () if self.level.settles else self.safety_gaps
        names = dict.fromkeys((*(each.id for each in gaps), *self.result.open_questions))
        return tuple(self.rulebook.questions[name] for name in names)

    @once
    def schedule(self) -> Schedule | None:
        """The weeks of the plan from the day on; None without a day, a plan or a schedule."""
        if self.day is None or not self.level.shows_plan:
            return None
        try:
            return weeks(self.rulebook, self.result, self.day)
        except NoScheduleError:
            return None

    @property
    def moment(self) -> str | None:
        """The instant at which it was answered, if it was said so, and that day is the one it is told on."""
        authored = self.heard.authored
        return authored if instant_of(authored) is not None and day_of(authored) == self.day else None

    @once
    def subject(self) -> dict[str, Any]:
        """Whom it is about."""
        said = dict(self.heard.subject or {})
        if said.get("reference", "").startswith("#"):
            # Whoever is contained in the response is not contained in what is told of it.
            del said["reference"]
        return said or {"display": SOMEBODY}

    @once
    def response(self) -> dict[str, Any]:
        """The response as it came, as plain JSON values; empty lists, which FHIR has none of, left out."""
        kept: dict[str, Any] = _plain(self.heard.resource)
        return kept

    def id(self, role: Role) -> str:
        """The id of a resource: the same for the same response on the same day under the same rulebook."""
        said = json.dumps(self.response, sort_keys=True, separators=(",", ":"))
        return stable_id(self.rulebook, said, self.day.isoformat() if self.day else "", role)

    def url(self, role: Role) -> str:
        """The `fullUrl` of a resource."""
        return f"urn:uuid:{self.id(role)}"

    def reference(self, role: Role, kind: str) -> dict[str, Any]:
        """A Reference from one resource of the Bundle to another."""
        return {"reference": self.url(role), "type": kind}

    def address(self, kind: str, name: str = "", versioned: bool = False) -> str:
        """The canonical address of something that the rulebook defines."""
        return canonical(self.rulebook, kind, name, versioned)

    def extension(self, name: str, **value: Any) -> dict[str, Any]:
        """An extension of our own."""
        return extension(self.address("StructureDefinition", name), **value)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | float):
        # The same number is the same response, however its reader holds it.
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items() if each not in ([], {})}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
