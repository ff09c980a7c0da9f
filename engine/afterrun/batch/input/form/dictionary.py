"""A REDCap data dictionary in, what each code of a form means out, by its words in the rulebook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from afterrun.batch.input.form.words import coded, option_words, unit_words, yes_no
from afterrun.errors import DocumentError, Problem
from afterrun.rulebook import LARGEST_DOCUMENT, UNKNOWN
from afterrun.rulebook.schema import Quantity, Question

_NAMES = (
    ("Variable / Field Name", "Field Type", "Choices, Calculations, OR Slider Labels"),
    ("field_name", "field_type", "select_choices_or_calculations"),
)
"""How REDCap calls the columns that matter: in its files, and to programs."""
_PLAIN = {"yesno": (("1", "Yes"), ("0", "No")), "truefalse": (("1", "True"), ("0", "False"))}
NOTHING = -1
"""What a code means whose words are those of no option."""


class Field(NamedTuple):
    """One field of a form with choices."""

    name: str
    choices: tuple[tuple[str, str], ...]
    """Each code with its words."""


def codes_told(told: str) -> tuple[Literal["", "places", "yes_no"], tuple[Field, ...]]:
    """What `--codes` says: a word, or the fields of a dictionary. Raises DocumentError."""
    if told in ("", "places", "yes_no"):
        return told, ()  # type: ignore[return-value]
    return "", read_dictionary(Path(told))


def read_dictionary(path: Path) -> tuple[Field, ...]:
    """The fields with choices. Raises DocumentError where the file is no such dictionary."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_DOCUMENT + 1).decode("utf-8-sig")
    except OSError as error:
        raise DocumentError([Problem(f"cannot be read: {error.strerror or error}", str(path))]) from None
    except UnicodeDecodeError:
        raise DocumentError([Problem("not text in UTF-8", str(path))]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = next((each for each in _NAMES if set(each) <= set(reader.fieldnames or ())), None)
    if names is None:
        said = f"is no data dictionary of REDCap: its columns would be '{', '.join(_NAMES[0])}'"
        raise DocumentError([Problem(said, str(path))])
    fields = []
    for row in reader:
        name, kind, choices = ((row[each] or "").strip() for each in names)
        found = _PLAIN.get(kind) or tuple(_choices(choices))
        if found and kind in (*_PLAIN, "radio", "dropdown", "checkbox"):
            fields.append(Field(name.lower(), found))
    return tuple(fields)


def _choices(text: str) -> Iterable[tuple[str, str]]:
    for part in filter(None, map(str.strip, text.split("|"))):
        code, _, words = part.partition(",")
        yield code.strip(), " ".join(words.split())


def places_by_code(question: Question, field: Field) -> dict[str, int]:
    """The place of each code's option; NOTHING where its words are those of none."""
    words = option_words(question)
    plain = yes_no(question)
    if plain is not None:
        words |= {"No": plain.no[0]} | ({"Yes": plain.yes[0]} if len(plain.yes) == 1 else {})
    numbers = coded(question)
    return {
        code: NOTHING if numbers and text.isdigit() else words.get(text, NOTHING)
        for code, text in field.choices
        if text != UNKNOWN.value
    }


def units_by_code(quantity: Quantity, field: Field) -> dict[str, int]:
    """The place of each code's unit, by its words or name; NOTHING where it is none."""
    words = unit_words(quantity)
    return {
        code: NOTHING if text.replace(".", "").isdigit() else words.get(text, NOTHING)
        for code, text in field.choices
    }


def renamed_ticks(question: Question, field: Field) -> Mapping[str, str]:
    """REDCap's column of each code, with the column of the option that it means."""
    ids = [option.id for option in question.options]
    return {
        f"{question.id}___{code.lower()}": f"{question.id}___{ids[place]}"
        for code, place in places_by_code(question, field).items()
        if place != NOTHING
    }
