"""The questionnaire as a REDCap data dictionary, whose codes are those that a batch reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction

from afterrun.batch.input.form.words import UNKNOWN_WORDS, coded, yes_no
from afterrun.intake import RECORD_ID, bounds
from afterrun.rulebook import UNKNOWN, And, CellTest, Formula, Or, Rulebook, Variable
from afterrun.rulebook.schema import Quantity, Question

COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
NAME, FORM, SECTION, TYPE, LABEL, CHOICES, NOTE, VALIDATION, MIN, MAX, IDENTIFIER, BRANCHING = COLUMNS[:12]
ANNOTATION = COLUMNS[-1]
_TYPES = {"single": "radio", "multi": "checkbox"}

Row = dict[str, str]


def redcap_dictionary(rulebook: Rulebook) -> bytes:
    """The data dictionary as the CSV that REDCap imports, one row a field."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(_rows(rulebook))
    return stream.getvalue().encode()


def option_codes(question: Question) -> dict[str, str]:
    """The code of each option: its place, or its name where a place could be taken for yes or no."""
    by_place = coded(question) and (question.type == "multi" or yes_no(question) is None)
    places = enumerate(question.options, 1)
    return {option.id: str(place) if by_place else option.id for place, option in places}


def _rows(rulebook: Rulebook) -> Iterator[Row]:
    form = f"{rulebook.identity.name.replace('-', '_')}_intake"
    yield {NAME: RECORD_ID, FORM: form, TYPE: "text", LABEL: "Record ID", IDENTIFIER: "y"}
    titles = {section.id: section.title for section in rulebook.sections.values()}
    section, asked = "", set[str]()
    for question in rulebook.questions.values():
        header = titles[question.section] if question.section != section else ""
        section = question.section
        quantity = rulebook.quantities[question.quantity] if question.quantity else None
        if quantity and quantity.id not in asked:
            asked.add(quantity.id)
            yield {**_unit(quantity), FORM: form, SECTION: header}
            header = ""
        yield {**_field(rulebook, question, quantity), FORM: form, SECTION: header}


def _unit(quantity: Quantity) -> Row:
    choices = _choices((str(place), unit.text) for place, unit in enumerate(quantity.units, 1))
    return {NAME: quantity.unit_key, TYPE: "radio", LABEL: quantity.ask, CHOICES: choices}


def _field(rulebook: Rulebook, question: Question, quantity: Quantity | None) -> Row:
    skip = rulebook.skips.get(question.id)
    row = {
        NAME: question.id,
        TYPE: _TYPES.get(question.type, "text"),
        LABEL: question.ask,
        NOTE: " ".join((question.help or "").split()),
        BRANCHING: (_unless(rulebook, skip) or "") if skip is not None else "",
    }
    if question.options:
        codes = option_codes(question)
        choices = [(codes[option.id], option.text) for option in question.options]
        if question.type == "single" and question.unknown_reads is not None:
            choices.append((UNKNOWN.value, UNKNOWN_WORDS))
        alone = [codes[option.id] for option in question.options if option.alone]
        notes = [f"@NONEOFTHEABOVE='{','.join(alone)}'"] if alone else []
        notes += [f"@MAXCHECKED={question.max_choices}"] if question.max_choices else []
        return row | {CHOICES: _choices(choices), ANNOTATION: " ".join(notes)}
    low, high = bounds(question, quantity, None)
    if quantity is not None:
        # REDCap knows one bound; that of each unit is looked at when the file is read.
        high = max(Fraction(unit.at_most) for unit in quantity.units)
    limits = {name: f"{float(each):g}" for name, each in ((MIN, low), (MAX, high)) if each is not None}
    return row | {VALIDATION: question.type, **limits}


def _choices(pairs: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> str:
    """Codes and words as REDCap parts them."""
    return " | ".join(f"{code}, {' '.join(text.replace('|', '/').split())}" for code, text in pairs)


def _unless(rulebook: Rulebook, skip: Formula) -> str | None:
    """When a field is shown: as long as its skip is not proved; None where REDCap cannot say it.

    A skip of several parts that must all hold is only said whole; of several that suffice, those that can be.
    """
    if isinstance(skip, Or):
        parts = [said for part in skip.parts if (said := _unless(rulebook, part))]
        return " and ".join(f"({part})" for part in parts) or None
    if isinstance(skip, And):
        every = [_unless(rulebook, part) for part in skip.parts]
        return " or ".join(f"({part})" for part in every) if all(every) else None
    if isinstance(skip, CellTest):
        variable = rulebook.variables[skip.variable]
        question = rulebook.questions.get(variable.subject)
        if question is None or variable.option is not None:
            return None
        return (
            _choice_unless(question, variable, skip.mask)
            if question.options
            else _number_unless(variable, skip.mask)
        )
    return None


def _choice_unless(question: Question, variable: Variable, mask: int) -> str:
    codes = {**option_codes(question), UNKNOWN.value: UNKNOWN.value}
    skipped = [cell.raw for place, cell in enumerate(variable.cells) if mask >> place & 1]
    names = [each.value if each is UNKNOWN else str(each) for each in skipped]
    return " and ".join(f"[{question.id}]<>'{codes[name]}'" for name in names)


def _number_unless(variable: Variable, mask: int) -> str:
    """The stretches of numbers outside the mask, and the blank, of which nothing is proved."""
    name, edges = f"[{variable.name}]", [f"{float(edge):g}" for edge in variable.edges]
    last = 2 * len(edges)
    shown = [f"{name}=''"]
    place = 0
    while place <= last:
        if mask >> place & 1:
            place += 1
            continue
        first = place
        while place <= last and not mask >> place & 1:
            place += 1
        lower = [] if first == 0 else [f"{name}{'>=' if first % 2 else '>'}{edges[(first - 1) // 2]}"]
        end = place - 1
        upper = [] if end == last else [f"{name}{'<=' if end % 2 else '<'}{edges[end // 2]}"]
        shown.append(" and ".join([*lower, *upper]))
    return " or ".join(f"({each})" if " and " in each else each for each in shown)
