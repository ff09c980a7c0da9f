"""Files that are no text and that nobody here reads, known by how they begin, each with its way in."""

from __future__ import annotations

import re

from afterrun.batch.input.lines import BOM
from afterrun.errors import Problem, ProblemsError

_UNPACK = "unpack it, or pack it as .gz or .zst"
_EXPORT = "export it as CSV or Parquet"
_AS_SHEET = "open it in a spreadsheet, and save it as .xlsx or CSV"
_AS_TABLE = "give its table: {}:///FILE?table=NAME"
_AS_FRAME = "write it as Parquet, or give the frame to afterrun.assess_frame"
_KINDS: dict[bytes, tuple[str, str]] = {
    b"BZh": ("is packed as bzip2", _UNPACK),
    b"\xfd7zXZ\0": ("is packed as xz", _UNPACK),
    b"7z\xbc\xaf'\x1c": ("is packed as 7z", _UNPACK),
    b"\x04\x22\x4d\x18": ("is packed as lz4", _UNPACK),
    b"PARE": ("is an encrypted Parquet file", "decrypt it, and give the plain one"),
    b"ARROW1": ("is an Arrow file", _AS_FRAME),
    b"\xff\xff\xff\xff": ("is a stream of Arrow", _AS_FRAME),
    b"FEA1": ("is a Feather file", _AS_FRAME),
    b"SQLite format 3\0": ("is a SQLite database", _AS_TABLE.format("sqlite")),
    b"Obj\x01": ("is an Avro file", _EXPORT),
    b"\x89HDF\r\n": ("is an HDF5 file", _EXPORT),
    b"$FL2": ("is a file of SPSS", _EXPORT),
    b"$FL3": ("is a file of SPSS", _EXPORT),
    b"<stata_dta>": ("is a file of Stata", _EXPORT),
    b"r\x02\x01": ("is a file of Stata", _EXPORT),
    b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60": ("is a file of SAS", _EXPORT),
    b"HEADER RECORD*******": ("is a file of SAS", _EXPORT),
    b"X\n\0\0\0": ("is a file of R", _EXPORT),
    b"RDX2\n": ("is a file of R", _EXPORT),
    b"RDX3\n": ("is a file of R", _EXPORT),
    b"\x80\x04\x95": ("is a pickle of Python", _AS_FRAME),
    b"\x80\x05\x95": ("is a pickle of Python", _AS_FRAME),
    b"%PDF": ("is a PDF", _EXPORT),
}
_MARKUP = re.compile(
    rb"<(?:!doctype\s|\?xml\s|html[\s>]|head>|body>|style[\s>]|(?:meta|table)\s+[\w-]+=|table>\s*<)",
    re.IGNORECASE,
)
"""How a table begins that a program writes for a browser and calls `.xls`."""
_AS_WORDS = (b"PARE", b"ARROW1", b"FEA1")
"""Those that a header of text may begin with, too, which has no such bytes."""
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f\x80-\xff]")
_DUCKDB = slice(8, 12)
"""Where DuckDB's files say what they are."""


def refuse_other_kinds(head: bytes, name: str) -> None:
    """Raise ProblemsError where a file begins as one of another kind."""
    if head[_DUCKDB] == b"DUCK" and not head.isascii():
        raise ProblemsError([Problem(f"is a DuckDB database: {_AS_TABLE.format('duckdb')}", name)])
    if _MARKUP.match(head.removeprefix(BOM).lstrip()):
        raise ProblemsError([Problem(f"is HTML or XML, whatever its name ends in: {_AS_SHEET}", name)])
    for magic, (what, way) in _KINDS.items():
        if head.startswith(magic) and (magic not in _AS_WORDS or _CONTROL.search(head)):
            raise ProblemsError([Problem(f"{what}: {way}", name)])
