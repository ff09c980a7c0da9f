"""Workbooks made by hand, cell by cell, as programs write them and as no library of ours would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

Place = TypeVar("Place", Path, BytesIO)
Cells = Sequence[Any]
"""Rows of values; a text that begins with `<` is the XML of a cell's inside, with its attributes in front."""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(
    path: Place, sheets: Mapping[str, Cells], *, hidden: Sequence[str] = (), merged: Sequence[str] = ()
) -> Place:
    """A workbook of some sheets; those `merged` are ranges of each."""
    numbers = range(1, len(sheets) + 1)
    states = {name: ' state="hidden"' if name in hidden else "" for name in sheets}
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="r{at}"{states[name]}/>'
        for at, name in zip(numbers, sheets, strict=True)
    )
    ranges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    merges = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/s{at}.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/>'
            for at in numbers
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.'
            'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
            f'"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{kinds}</Types>',
        )
        link = f'<Relationship Id="r1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr(
            "_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{link}</Relationships>'
        )
        links = "".join(
            f'<Relationship Id="r{at}" Type="{LINKS}/worksheet" Target="worksheets/s{at}.xml"/>'
            for at in numbers
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}</sheets></workbook>',
        )
        for at, cells in zip(numbers, sheets.values(), strict=True):
            rows = "".join(_xlsx_row(number, row) for number, row in enumerate(cells, start=1) if len(row))
            archive.writestr(
                f"xl/worksheets/s{at}.xml",
                f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{merges}</worksheet>',
            )
    return path


def _xlsx_row(number: int, row: Sequence[Any]) -> str:
    cells = "".join(
        _xlsx_cell(f"{_letters(at)}{number}", value) for at, value in enumerate(row) if value is not None
    )
    return f'<row r="{number}">{cells}</row>'


def _letters(column: int) -> str:
    before, letter = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(65 + letter)


def _xlsx_cell(place: str, value: Any) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if value.startswith("<"):
        kind, _, inside = value[1:].partition(">")
        return f'<c r="{place}" {kind}>{inside}</c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = (
    f'xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" xmlns:text="{OFFICE}:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(path: Place, sheets: Mapping[str, Cells]) -> Place:
    """A workbook of the open kind; a row of one number stands for so many blank rows."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>" + "".join(map(_ods_row, cells)) + "</table:table>"
        for name, cells in sheets.items()
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{OFFICE}:manifest:1.0"><m:file-entry m:full-path="/" m:media-type='
            '"application/vnd.oasis.opendocument.spreadsheet"/></m:manifest>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {NAMESPACES}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _ods_row(row: Sequence[Any]) -> str:
    if len(row) == 1 and isinstance(row[0], int):
        return f'<table:table-row table:number-rows-repeated="{row[0]}"><table:table-cell/></table:table-row>'
    cells = "".join(map(_ods_cell, row))
    return f"<table:table-row>{cells}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return _typed(f'boolean" office:boolean-value="{str(value).lower()}', str(value))
    if isinstance(value, int | float):
        return _typed(f'float" office:value="{value!r}', str(value))
    return value if value.startswith("<") else _typed("string", escape(value))


def _typed(kind: str, text: str) -> str:
    return f'<table:table-cell office:value-type="{kind}"><text:p>{text}</text:p></table:table-cell>'
