"""Intake files in, raw intakes out, one at a time, each with the line of every key.

Three formats: JSON and YAML hold one intake; JSONL holds one a line and is read as a stream, so that
its length never matters. What cannot be read is told with its place, and the next line is read on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import chain
from pathlib import PurePath
from typing import Any, BinaryIO, Literal, NamedTuple, TypeVar

from afterrun.errors import DocumentError, IntakeError, Problem
from afterrun.intake.answers import Answers, read_answers
from afterrun.intake.json_faults import json_fault
from afterrun.rulebook import LARGEST_DOCUMENT, LONGEST_NUMBER, Rulebook, number_of, read_yaml

Format = Literal["json", "yaml", "jsonl"]
Read = TypeVar("Read")

SUFFIXES: Mapping[str, Format] = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
LONGEST_LINE = 1_000_000
"""Bytes of one line of JSONL; one beyond LARGEST_DOCUMENT is none, and nothing after it is read."""

_BOM = b"\xef\xbb\xbf"


class RawIntake(NamedTuple):
    """One intake as it stands in its file, before any question has looked at it."""

    file: str
    line: int
    data: Mapping[str, Any]
    lines: Mapping[str, int]
    """The line of each key, where it is not the intake's own."""
    problems: tuple[Problem, ...] = ()
    """Why there is no data."""
    whole_file: bool = False
    """Its format holds one intake a file."""


def raw_intakes(stream: BinaryIO, file: str, kind: Format | None = None) -> Iterator[RawIntake]:
    """The intakes of a file. Without a format the suffix tells it (that of a packed file before `.gz`), and
    without a suffix the text.

    Never raises for what the file holds: an intake that cannot be read carries its problems.
    """
    kind = kind or SUFFIXES.get(PurePath(file.lower().removesuffix(".gz")).suffix)
    lines = _lines(stream)
    if kind is None:
        kind, lines = _guess(lines)
    if kind == "jsonl":
        return _jsonl(lines, file)
    return iter([_document(lines, stream, file, kind)._replace(whole_file=True)])


def read_intake(rulebook: Rulebook, raw: RawIntake) -> Answers:
    """The answers of a raw intake; IntakeError tells every problem with file, line and key."""
    return read_raw(rulebook, raw, read_answers)


def read_raw(rulebook: Rulebook, raw: RawIntake, read: Callable[[Rulebook, Mapping[str, Any]], Read]) -> Read:
    """What `read` makes of a raw intake, or of a record that stands as one in its file; else as above."""
    if raw.problems:
        raise IntakeError(raw.problems)
    try:
        return read(rulebook, raw.data)
    except IntakeError as error:
        placed = []
        for each in error.problems:
            # Of what is nested the line of the outermost key is known.
            line = raw.lines.get(each.key) or raw.lines.get(each.key.split(".")[0], raw.line)
            placed.append(each._replace(file=raw.file, line=line))
        raise IntakeError(sorted(placed, key=lambda each: each.line or 0)) from None


class _Line(NamedTuple):
    number: int
    content: bytes
    """With its end; of a line that is too long, the beginning."""
    too_long: bool = False
    endless: bool = False
    """The line before it had no end within LARGEST_DOCUMENT."""


def _lines(stream: BinaryIO) -> Iterator[_Line]:
    """The lines of a stream, of which none is held beyond LONGEST_LINE, nor read beyond LARGEST_DOCUMENT."""
    number = 0
    while content := stream.readline(LONGEST_LINE + 1):
        number += 1
        too_long = len(content) > LONGEST_LINE and not content.endswith(b"\n")
        yield _Line(number, content.removeprefix(_BOM) if number == 1 else content, too_long)
        # Whoever wants the rest of a long line takes it from the stream before asking for the next.
        size = len(content)
        while too_long and (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            size += len(rest)
            if size > LARGEST_DOCUMENT:
                yield _Line(number, b"", endless=True)
                return


def _guess(lines: Iterator[_Line]) -> tuple[Format, Iterator[_Line]]:
    """The format by the first two lines that are not blank, and all lines again."""
    seen: list[_Line] = []
    telling: list[bytes] = []
    for line in lines:
        seen.append(line)
        if stripped := line.content.strip():
            telling.append(stripped)
        if len(telling) == 2 or line.too_long or line.number > 1000:
            break
    first, second = [*telling, b"", b""][:2]
    # In an intake no line but the first begins with a brace: nothing in it is nested.
    if second.startswith(b"{") or (first.startswith(b"{") and first.endswith(b"}") and second):
        return "jsonl", chain(seen, lines)
    return ("json" if first[:1] in (b"{", b"[") else "yaml"), chain(seen, lines)


def _jsonl(lines: Iterator[_Line], file: str) -> Iterator[RawIntake]:
    empty = True
    for number, content, too_long, endless in lines:
        if endless:
            limit = f"{LARGEST_DOCUMENT // 1_000_000} MB"
            yield _unreadable(
                file, number, f"the line has no end within {limit}, so nothing after it is read"
            )
            return
        if not content.strip():
            continue
        empty = False
        if too_long:
            yield _unreadable(file, number, f"the line is longer than {LONGEST_LINE // 1_000_000} MB")
            continue
        try:
            text = _text(content, file, number).rstrip()
            data, twice = _json(text, file, number)
            problems = [Problem("written twice in one intake", file, number, key) for key in twice]
            yield _object(file, number, data, {}, problems)
        except DocumentError as error:
            yield RawIntake(file, number, {}, {}, error.problems)
    if empty:
        yield _unreadable(file, None, "is empty")


def _document(lines: Iterator[_Line], stream: BinaryIO, file: str, kind: Format) -> RawIntake:
    parts: list[bytes] = []
    size = 0
    for line in lines:
        parts.append(line.content)
        if line.too_long:
            parts.append(stream.read(LARGEST_DOCUMENT))
        size += sum(map(len, parts[-2:])) if line.too_long else len(line.content)
        if size > LARGEST_DOCUMENT:
            limit = f"{LARGEST_DOCUMENT // 1_000_000} MB"
            return _unreadable(
                file, None, f"is larger than {limit}; put many intakes into a .jsonl file, one a line"
            )
    content = b"".join(parts)
    if not content.strip():
        return _unreadable(file, None, "is empty")
    try:
        text = _text(content, file, 1)
        if kind == "json":
            data, twice = _json(text, file, 1)
            lines_of = _key_lines(text) if isinstance(data, dict) else {}
            return _object(
                file, 1, data, lines_of, [Problem("written twice", file, lines_of.get(k), k) for k in twice]
            )
        data, places = read_yaml(text, file)
        lines_of = {str(path[0]): line for path, line in places.items() if len(path) == 1}
        if data is None:
            return _unreadable(file, None, "holds no intake")
        return _object(file, 1, data, lines_of, [])
    except DocumentError as error:
        return RawIntake(file, 1, {}, {}, error.problems)


def _object(file: str, line: int, data: Any, lines: Mapping[str, int], problems: list[Problem]) -> RawIntake:
    if not isinstance(data, dict):
        kind = "a list" if isinstance(data, list) else "a single value"
        hint = "; put many intakes into a .jsonl file, one a line" if isinstance(data, list) else ""
        return _unreadable(file, line, f"an intake is an object of answers, not {kind}{hint}")
    return RawIntake(file, line, {} if problems else data, lines, tuple(problems))


def _unreadable(file: str, line: int | None, message: str) -> RawIntake:
    return RawIntake(file, line or 1, {}, {}, (Problem(message, file, line),))


def _text(content: bytes, file: str, first_line: int) -> str:
    if b"\0" in content:
        line = first_line + content[: content.index(b"\0")].count(b"\n")
        raise DocumentError([Problem("not a text file: it holds a zero byte", file, line)])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = first_line + content[: error.start].count(b"\n")
        raise DocumentError([Problem("not text in UTF-8", file, line)]) from None


def _json(text: str, file: str, first_line: int) -> tuple[Any, list[str]]:
    """The value, numbers exact, and the keys of its objects that are written twice."""
    twice: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) < len(found):
            times = Counter(key for key, _ in found)
            twice.extend(key for key in made if times[key] > 1)
        return made

    try:
        value = json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=Decimal, object_pairs_hook=pairs
        )
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        hint = (
            "; many intakes belong into a .jsonl file, one a line"
            if error.msg == "Extra data" and error.lineno > 1
            else ""
        )
        raise DocumentError([Problem(f"{json_fault(error)}{hint}", file, line)]) from None
    except RecursionError:
        raise DocumentError([Problem("nested too deeply", file, first_line)]) from None
    return value, twice


def _number(text: str) -> int | Decimal | str:
    """A number exactly as written; one of absurd size stays text, which no question takes."""
    value = number_of(text)
    if value is not None:
        return value
    return text if len(text) <= LONGEST_NUMBER else f"{text[:LONGEST_NUMBER]}…"


def _key_lines(text: str) -> dict[str, int]:
    """The line of each key of a JSON object that is known to be well-formed."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
    lines: dict[str, int] = {}
    place, line, counted = text.index("{") + 1, 1, 0
    while True:
        place = _past(text, place, " \t\n\r,")
        if text[place] == "}":
            return lines
        line, counted = line + text.count("\n", counted, place), place
        key, place = decoder.raw_decode(text, place)
        lines[key] = line
        _, place = decoder.raw_decode(text, _past(text, place, " \t\n\r:"))


def _past(text: str, place: int, skipped: str) -> int:
    while text[place] in skipped:
        place += 1
    return place
