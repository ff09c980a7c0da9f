"""Text in any encoding that clinics' programs write in, UTF-8 out, line for line.

What is no character there is no character here: its line is refused later, and no other one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.how import Encoding
from afterrun.batch.input.lines import BOM, blocks
from afterrun.batch.input.pseudonyms import WITHHELD
from afterrun.batch.input.rejects import Damage
from afterrun.batch.input.spool import laid_down
from afterrun.batch.input.text.csv_fields import split_line
from afterrun.batch.input.text.dialect import Dialect

_PIECE = 1 << 20
_HIGH = re.compile(rb"[\x80-\xff]+")
_HIGH_BYTES = bytes(range(128, 256))
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LOOKED_AT = 64
"""Bytes in which each second one of wide text without a mark is zero."""


def _cp1252(code: int) -> bytes:
    try:
        return bytes([code]).decode("cp1252").encode()
    except UnicodeDecodeError:
        return bytes([code])


_FROM_CP1252 = [_cp1252(code) for code in range(256)]
_NO_CP1252 = {code for code, text in enumerate(_FROM_CP1252) if code > 127 and len(text) == 1}
_NO_LETTER = {0xFF}
"""What programs leave behind that broke; as a letter it is all but unknown."""


class Decoded(NamedTuple):
    """A text in UTF-8, and the encoding that it came in."""

    path: Path
    encoding: Encoding


def in_utf8(path: Path, target: Path, told: Encoding) -> Decoded:
    """The file itself where it is UTF-8 already, damaged or not; else its text, laid down as `target`.

    What a file says with a mark at its beginning stands, whatever is told of all.
    """
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
        if head.startswith((b"PAR1", BOM)):
            return Decoded(path, "utf-8")
        wide = _wide_encoding(head)
        if told == "utf-16" or (wide and not told) or head[:2] in _WIDE:
            if not target.exists():
                file.seek(0)
                laid_down(target, _from_wide(file, wide or "utf-16-le"))
            return Decoded(target, "utf-16")
        if told == "utf-8" or (not told and not _is_cp1252(file)):
            return Decoded(path, "utf-8")
        if not target.exists():
            file.seek(0)
            laid_down(target, (_HIGH.sub(_translated, piece) for piece in _pieces(file)))
        return Decoded(target, "cp1252")


def notes_on_encoding(
    decoded: Decoded, columns: Sequence[Column], dialect: Dialect, *, hides_ids: bool
) -> Iterator[str]:
    """What was found, and the first cell of an answer that another encoding would make another of.

    Any cell may hold an id, in a row that is shifted; where they are hidden, none is quoted.
    """
    if decoded.encoding == "utf-16":
        yield "is read as UTF-16"
    if decoded.encoding == "cp1252":
        yield "is no UTF-8; it is read as cp1252, as Windows writes it"
        yield from islice(_high_answers(decoded.path, columns, dialect, hides_ids), 1)


def _high_answers(path: Path, columns: Sequence[Column], dialect: Dialect, hides_ids: bool) -> Iterator[str]:
    for block in blocks(path, 0, path.stat().st_size, 1, carriage_returns=True) if columns else ():
        for line, raw in enumerate(block.data.split(b"\n"), block.first_line):
            fields = [] if raw.isascii() else split_line(raw, len(columns), dialect.separator)
            for column, field in zip(columns, () if isinstance(fields, Damage) else fields, strict=False):
                if column.role != "other" and not field.isascii():
                    shown = WITHHELD if hides_ids else f"'{field.strip()[:40]}'"
                    yield f"line {line}: {column.name} is read as {shown}"


def _wide_encoding(head: bytes) -> str:
    """That of UTF-16 with its mark, or without one where a header of ASCII makes it plain."""
    if head[:2] in _WIDE:
        return _WIDE[head[:2]]
    for zero, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        header = head[: head.find(b"\n") + zero + 1] if b"\n" in head else head
        zeros, letters = header[zero::2], header[1 - zero :: 2]
        text = letters.translate(None, b"\r\n\t").decode("latin-1")
        if len(text) > 1 and not any(zeros) and text.isprintable():
            return name
    return ""


def _from_wide(file: BinaryIO, name: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(name)("surrogatepass")
    begun = False
    for piece in _pieces(file):
        text = decoder.decode(piece)
        yield (text if begun else text.removeprefix("\ufeff")).encode("utf-8", "surrogatepass")
        begun = True
    if decoder.getstate()[0]:
        yield b"\xff"  # half a character, which is none


def _is_cp1252(file: BinaryIO) -> bool:
    """Whether bytes that are no UTF-8 are letters of Windows; no more is asked once any UTF-8 is found."""
    file.seek(0)
    seen: set[int] = set()
    held = b""
    for piece in _pieces(file):
        data = held + piece
        held = b""
        if data.isascii():
            continue
        # A character that the piece cuts in two is looked at with the next one.
        whole = data.rstrip(_HIGH_BYTES)
        held = data[len(whole) :]
        for run in set(_HIGH.findall(whole)):
            if _is_utf8(run):
                return False
            seen |= set(run)
    if held:
        if _is_utf8(held):
            return False
        seen |= set(held)
    return bool(seen - _NO_LETTER) and not seen & _NO_CP1252


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _translated(run: re.Match[bytes]) -> bytes:
    return b"".join(map(_FROM_CP1252.__getitem__, run[0]))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_PIECE), b"")
