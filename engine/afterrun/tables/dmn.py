"""The tables of a rulebook as a file of DMN 1.3: one decision a proposition, one for each thing decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from afterrun.rulebook import Rulebook, names_in, proposition_words, propositions_of, stamp_words
from afterrun.rulebook.schema import Question
from afterrun.tables import feel
from afterrun.tables.columns import LEVEL, Column
from afterrun.tables.diagrams import draw
from afterrun.tables.tables import Table, Tables
from afterrun.visible import on_one_line, visible

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"

LIMITS = (
    "These tables are for reading and are never read back. They hold for complete answers: every question"
    " that applies is answered, a question that is skipped is null, and 'I don't know' is \"unknown\".",
    "In a column of numbers null stands for 'I don't know', as it does for a measure that has no value.",
    "What DMN cannot say is left out. A proposition of the rulebook is true, false or open, and open is no"
    " 'no'; a table knows true and false alone, so on partial answers it may say false where the rulebook"
    " says open.",
    "There are no proofs here, no order of questions, and no numbers of the plan or the schedule.",
    "A rise from nothing to something has no number; here it is " + feel.INFINITE + ".",
)
"""What a reader of the tables must know, as it stands in the file."""


def as_dmn(rulebook: Rulebook) -> str:
    """All rules of a rulebook, or of a part of one, as the text of a DMN file."""
    return _Writer(rulebook).written()


class _Writer:
    def __init__(self, rulebook: Rulebook) -> None:
        register_namespace("", NAMESPACE)
        self._rulebook = rulebook
        self._tables = Tables(rulebook)
        self._words = dict(_words(rulebook))
        self._names = _Names()
        self._questions = {key: self._names.of(key) for key in rulebook.questions}
        self._measures = {key: self._names.of(key) for key in rulebook.measures}
        self._decided = {
            (table.kind, table.subject): self._names.of(_decision_name(table))
            for table in self._tables.tables
        }
        self._root = Element(
            _tag("definitions"),
            {
                "id": "definitions",
                "name": rulebook.identity.name,
                "namespace": f"urn:afterrun:{rulebook.identity.name}",
                "expressionLanguage": _FEEL,
                "typeLanguage": _FEEL,
                "exporter": "afterrun",
                "exporterVersion": rulebook.identity.version,
            },
        )

    def written(self) -> str:
        """The whole file."""
        about = (f"{self._rulebook.identity.title}. Rulebook {stamp_words(self._rulebook.stamp)}.", *LIMITS)
        _text(self._root, "description", "\n".join((*about, *self._rulebook.identity.limits)))
        for key, question in self._rulebook.questions.items():
            self._type(key, question)
        for key, question in self._rulebook.questions.items():
            made = self._element(self._root, "inputData", f"input_{key}", self._questions[key], question.ask)
            self._variable(made, self._questions[key], _type_name(self._questions[key]))
        words = self._rulebook.sources.in_words()
        links = {each.id: each.link for each in self._rulebook.sources.publications}
        for source in self._sources():
            place = {"locationURI": links[source]} if links.get(source) else {}
            made = self._element(self._root, "knowledgeSource", _source_id(source), source, "", place)
            made.insert(0, _described(words[source]))
        for key in self._rulebook.measures:
            self._measure(key)
        for table in self._tables.tables:
            self._table(table)
        draw(self._root)
        indent(self._root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(self._root, encoding="unicode") + "\n"

    def _sources(self) -> list[str]:
        """Every source of a rule, once."""
        lines = (line for table in self._tables.tables for line in table.lines if line.rule)
        return sorted({source for line in lines if line.rule for source in line.rule.sources})

    def _type(self, key: str, question: Question) -> None:
        """What may be answered to a question."""
        is_list = {"isCollection": "true"} if question.type == "multi" else {}
        name = _type_name(self._questions[key])
        made = SubElement(self._root, _tag("itemDefinition"), {"name": name, "id": f"type_{key}", **is_list})
        may_be_unknown = question.unknown_reads is not None
        options = [option.id for option in question.options]
        _text(made, "typeRef", "string" if options else "Any" if may_be_unknown else "number")
        if options:
            allowed = [*options, *(["unknown"] if may_be_unknown else [])]
            within = SubElement(made, _tag("allowedValues"))
            _text(within, "text", ", ".join(map(feel.text, allowed)))

    def _measure(self, key: str) -> None:
        """A number that rules test, by its formula."""
        measure = self._rulebook.measures[key]
        made = self._element(self._root, "decision", f"measure_{key}", self._measures[key], measure.text)
        self._variable(made, self._measures[key], "number")
        for name in dict.fromkeys(names_in(measure.formula)):
            self._requires(made, Column("measure" if name in self._measures else "question", name))
        literal = SubElement(made, _tag("literalExpression"), {"id": f"formula_{key}"})
        _text(literal, "text", feel.measure(self._rulebook, measure, self._questions | self._measures))

    def _table(self, table: Table) -> None:
        """One table with what it rests on."""
        name = self._decided[table.kind, table.subject]
        label = table.subject if table.kind in ("proposition", "triage") else f"{table.kind} {table.subject}"
        made = self._element(self._root, "decision", f"decision_{name}", name, label)
        if words := self._words.get(table.subject, ""):
            made.insert(0, _described(words))
        kind = {"proposition": "boolean", "parameter": "number"}.get(table.kind, "string")
        self._variable(made, name, kind)
        columns = [self._tables.columns.by_name[column] for column in table.columns]
        for needed in dict.fromkeys((column.kind, column.subject) for column in columns):
            self._requires(made, next(each for each in columns if (each.kind, each.subject) == needed))
        for source in dict.fromkeys(each for line in table.lines if line.rule for each in line.rule.sources):
            authority = SubElement(made, _tag("authorityRequirement"), {"id": f"{name}_{_source_id(source)}"})
            SubElement(authority, _tag("requiredAuthority"), {"href": f"#{_source_id(source)}"})
        self._lines(made, table, name, kind, columns)

    def _lines(self, made: Element, table: Table, name: str, kind: str, columns: list[Column]) -> None:
        # Several rules may conclude a proposition; of what is decided never two lines hold.
        policy = "ANY" if table.kind == "proposition" else "UNIQUE"
        grid = SubElement(made, _tag("decisionTable"), {"id": f"table_{name}", "hitPolicy": policy})
        for place, column in enumerate(columns):
            described = {"id": f"{name}_input_{place}", "label": on_one_line(self._heading(column))}
            head = SubElement(grid, _tag("input"), described)
            looks_at = SubElement(head, _tag("inputExpression"), {"id": f"{name}_looks_at_{place}"})
            _text(looks_at, "text", feel.input_expression(column, self._name_of(column)))
        gives = {
            "id": f"{name}_output",
            "label": on_one_line(self._words.get(table.subject, name)),
            "name": name,
            "typeRef": kind,
        }
        output = SubElement(grid, _tag("output"), gives)
        if table.otherwise is not None:
            otherwise = SubElement(output, _tag("defaultOutputEntry"), {"id": f"{name}_otherwise"})
            _text(otherwise, "text", feel.value(table.otherwise))
        notes = ("rule", "because", "sources") if table.kind == "proposition" else ()
        for note in notes:
            SubElement(grid, _tag("annotation"), {"name": note})
        for number, line in enumerate(table.lines):
            rule = SubElement(grid, _tag("rule"), {"id": f"{name}_rule_{number}"})
            if line.rule:
                # Where the annotations are not shown, this is.
                rule.append(_described(f"{line.rule.id}: {line.rule.because}"))
            for place, (key, column) in enumerate(zip(table.columns, columns, strict=True)):
                entry = SubElement(rule, _tag("inputEntry"), {"id": f"{name}_cell_{number}_{place}"})
                _text(entry, "text", feel.cell(column, line.row.get(key)))
            entry = SubElement(rule, _tag("outputEntry"), {"id": f"{name}_gives_{number}"})
            _text(entry, "text", feel.value(line.gives))
            if line.rule:
                for said in (line.rule.id, line.rule.because, ", ".join(line.rule.sources)):
                    _text(SubElement(rule, _tag("annotationEntry")), "text", said)

    def _heading(self, column: Column) -> str:
        """What a column asks, for a person."""
        if column.kind == "proposition":
            return self._words[column.subject]
        if column.kind == "level":
            return self._rulebook.identity.triage_text
        if column.kind == "measure":
            return self._rulebook.measures[column.subject].text
        question = self._rulebook.questions[column.subject]
        ticked = "; or: ".join(option.text for option in question.options if option.id in column.options)
        # The tick comes first: a viewer may show no more than the beginning.
        return f"{ticked} ({question.ask})" if column.kind == "ticked" else question.ask

    def _name_of(self, column: Column) -> str:
        if column.kind == "proposition":
            return self._decided["proposition", column.subject]
        if column.kind == "level":
            return self._decided["triage", LEVEL]
        return (self._measures if column.kind == "measure" else self._questions)[column.subject]

    def _requires(self, made: Element, column: Column) -> None:
        asked = column.kind in ("question", "ticked")
        prefix = "measure" if column.kind == "measure" else "decision"
        target = f"input_{column.subject}" if asked else f"{prefix}_{self._name_of(column)}"
        identity = {"id": f"{made.get('id')}_needs_{target}"}
        needs = SubElement(made, _tag("informationRequirement"), identity)
        SubElement(needs, _tag("requiredInput" if asked else "requiredDecision"), {"href": f"#{target}"})

    def _element(
        self,
        within: Element,
        tag: str,
        identity: str,
        name: str,
        label: str,
        more: dict[str, str] | None = None,
    ) -> Element:
        labelled = {"label": on_one_line(label)} if label else {}
        return SubElement(within, _tag(tag), {"id": identity, "name": name, **labelled, **(more or {})})

    def _variable(self, made: Element, name: str, kind: str) -> None:
        SubElement(
            made, _tag("variable"), {"id": f"{made.get('id')}_variable", "name": name, "typeRef": kind}
        )


class _Names:
    """Names that FEEL reads as one, none of them twice."""

    def __init__(self) -> None:
        self._taken = set(feel.RESERVED)

    def of(self, wanted: str) -> str:
        """The name itself where it may stand, else with a line below it."""
        name = re.sub(r"[^A-Za-z0-9]", "_", wanted)
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name


def _decision_name(table: Table) -> str:
    if table.kind == "proposition":
        return table.subject if "." in table.subject else f"finding.{table.subject}"
    shown = {"triage": "level", "pattern": "shown", "intervention": "given", "parameter": "chosen"}
    return f"{shown[table.kind]}.{table.subject}"


def _words(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """What each proposition says."""
    kinds = (
        rulebook.findings,
        rulebook.triage,
        rulebook.patterns,
        rulebook.interventions,
        rulebook.parameters,
    )
    return ((each.name, proposition_words(each, *kinds)) for each in propositions_of(rulebook))


def _type_name(question: str) -> str:
    return f"{question}_answer"


def _source_id(source: str) -> str:
    return f"source_{re.sub('[^A-Za-z0-9-]', '_', source)}"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(within: Element, name: str, said: str) -> None:
    SubElement(within, _tag(name)).text = visible(said)


def _described(said: str) -> Element:
    made = Element(_tag("description"))
    made.text = visible(said)
    return made
