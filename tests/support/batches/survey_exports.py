"""Intakes as survey programs export them: names or words in headers and cells, options apart or together."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from afterrun import Rulebook
from afterrun.rulebook.schema import Question

Intake = Mapping[str, Any]
Table = list[list[str]]
Cells = Callable[[Question, list[str]], dict[str, str]]
"""The columns of a multiple choice, with what they hold for these ticked options."""


def redcap_labels(question: Question, ticked: list[str]) -> dict[str, str]:
    """Checked and Unchecked, below words."""
    return {
        f"{question.ask} (choice={option.text})": "Checked" if option.id in ticked else "Unchecked"
        for option in question.options
    }


def kobo(question: Question, ticked: list[str]) -> dict[str, str]:
    """The options together, with spaces between, and each apart, in a group."""
    apart = {f"g1/{question.id}/{each.id}": str(int(each.id in ticked)) for each in question.options}
    return {f"g1/{question.id}": " ".join(ticked), **(apart if ticked else dict.fromkeys(apart, ""))}


def kobo_labels(question: Question, ticked: list[str]) -> dict[str, str]:
    """The same in words."""
    words = [option.text for option in question.options if option.id in ticked]
    apart = {f"{question.ask}/{each.text}": str(int(each.id in ticked)) for each in question.options}
    return {question.ask: " ".join(words), **(apart if ticked else dict.fromkeys(apart, ""))}


def lime(question: Question, ticked: list[str]) -> dict[str, str]:
    """Y or blank below the names of options."""
    return {f"{question.id}[{each.id}]": "Y" if each.id in ticked else "" for each in question.options}


def lime_words(question: Question, ticked: list[str]) -> dict[str, str]:
    """Yes and No below a name and words."""
    return {
        f"{question.id}[{each.id}]. {question.ask} [{each.text}]": "Yes" if each.id in ticked else "No"
        for each in question.options
    }


def qualtrics(question: Question, ticked: list[str]) -> dict[str, str]:
    """The option's words where it was ticked."""
    return {
        f"{question.ask} - Selected Choice - {option.text}": option.text if option.id in ticked else ""
        for option in question.options
    }


def lime_own(question: Question, ticked: list[str]) -> dict[str, str]:
    """Yes and No below the codes that LimeSurvey gives by itself, and words."""
    return {
        f"{question.id[:2]}[SQ{place:03}]. {question.ask} [{each.text}]": "Yes" if each.id in ticked else "No"
        for place, each in enumerate(question.options, 1)
    }


def lime_short(question: Question, ticked: list[str]) -> dict[str, str]:
    """Y or blank, the name without underscores, which LimeSurvey does not take."""
    name = question.id.replace("_", "")
    return {f"{name}({each.id})": "Y" if each.id in ticked else "" for each in question.options}


def odk(question: Question, ticked: list[str]) -> dict[str, str]:
    """As Kobo, with another sign behind the group."""
    return {name.replace("g1/", "g1-"): cell for name, cell in kobo(question, ticked).items()}


def surveymonkey(question: Question, ticked: list[str]) -> dict[str, str]:
    """The option's words where it was ticked; the bar parts two rows of header."""
    return {
        f"{question.ask} | {each.text}": each.text if each.id in ticked else "" for each in question.options
    }


def microsoft(question: Question, ticked: list[str]) -> dict[str, str]:
    """All in a cell, each with a semicolon behind it; below words with a blank that does not break."""
    words = [option.text for option in question.options if option.id in ticked]
    return {f"{question.ask}\xa0": "".join(f"{each};" for each in words)}


def google(question: Question, ticked: list[str]) -> dict[str, str]:
    """All in a cell with commas between, which the words may hold, too."""
    return {question.ask: ", ".join(option.text for option in question.options if option.id in ticked)}


def python(question: Question, ticked: list[str]) -> dict[str, str]:
    """A list as pandas writes it."""
    return {question.id: str(ticked)}


def postgres(question: Question, ticked: list[str]) -> dict[str, str]:
    """An array as PostgreSQL writes it: what holds anything but letters stands in quotes."""
    texts = [option.text for option in question.options if option.id in ticked]
    return {question.ask: "{" + ",".join(json.dumps(each, ensure_ascii=False) for each in texts) + "}"}


SHAPES: Mapping[str, tuple[Cells, bool]] = {
    "redcap labels": (redcap_labels, True),
    "kobo": (kobo, False),
    "kobo labels": (kobo_labels, True),
    "lime": (lime, False),
    "lime words": (lime_words, True),
    "qualtrics": (qualtrics, True),
    "lime with codes of its own": (lime_own, True),
    "lime without underscores": (lime_short, False),
    "odk": (odk, False),
    "surveymonkey": (surveymonkey, True),
    "microsoft forms": (microsoft, True),
    "google forms": (google, True),
    "python": (python, False),
    "postgresql": (postgres, True),
}
"""How each program writes several options, and whether it writes words elsewhere."""


def exported(rulebook: Rulebook, intakes: Sequence[Intake], shape: str) -> bytes:
    """Intakes as one program writes them."""
    several, in_words = SHAPES[shape]
    rows = [_row(rulebook, intake, several, in_words) for intake in intakes]
    headers: Table = [list(rows[0])]
    if shape == "qualtrics":
        names = [f"Q{place}" if name != "record_id" else name for place, name in enumerate(rows[0])]
        headers = [names, list(rows[0]), [json.dumps({"ImportId": f"QID{at}"}) for at in range(len(names))]]
    if shape == "lime with codes of its own":
        headers = [[_with_code(place, name) for place, name in enumerate(rows[0])]]
    if shape == "surveymonkey":
        headers = _in_two_rows(list(rows[0]))
    stream = io.StringIO()
    csv.writer(stream).writerows([*headers, *(list(row.values()) for row in rows)])
    return stream.getvalue().encode()


def _with_code(place: int, name: str) -> str:
    return name if name == "record_id" or "[SQ" in name else f"G01Q{place:02}. {name}"


def _in_two_rows(names: Sequence[str]) -> Table:
    """A question above the first of its options alone."""
    above, below = list[str](), list[str]()
    for name in names:
        question, bar, option = name.partition(" | ")
        before = [each for each in above if each]
        above.append("" if bar and before and before[-1] == question else question)
        below.append(option if bar else "" if name == "record_id" else "Response")
    return [above, below]


def _row(rulebook: Rulebook, intake: Intake, several: Cells, in_words: bool) -> dict[str, str]:
    units = {quantity.unit_key: quantity for quantity in rulebook.quantities.values()}
    row = {"record_id": str(intake["record_id"])}
    for key, quantity in units.items():
        words = {unit.id: unit.text for unit in quantity.units}
        unit = intake.get(key) or ""
        row[quantity.ask if in_words else key] = words.get(unit, unit) if in_words else unit
    for question in rulebook.questions.values():
        value = intake.get(question.id)
        if question.type == "multi":
            row |= several(question, value or [])
            continue
        words = {option.id: option.text for option in question.options}
        cell = "" if value in (None, []) else str(value)
        row[question.ask if in_words else question.id] = words.get(cell, cell) if in_words else cell
    return row
