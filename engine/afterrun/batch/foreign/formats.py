"""How a workbook shows its numbers, where that is not what is stored: as percentages, with zeros in front."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

PERCENTAGE = "is a percentage there, as 30% is 0.3; write the number itself"
_BUILT_IN = {9: "0%", 10: "0.00%"}
"""Formats by number that no file spells out, of those that matter here."""
_CONDITION = re.compile(r"\[[^\]]*\]")
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|([-+/():!\'&~{}<>=$ ])|(0)')


class Format(NamedTuple):
    """What a format makes of a whole number."""

    percentage: bool
    parts: tuple[str, ...] = ()
    """In its order: `0` for a digit, any other text as it stands; none where that is no matter."""

    def shown(self, number: int) -> str:
        """A number as people see it.

        >>> Format(False, ("0", "0", "0", "0")).shown(12)
        '0012'
        """
        zeros = self.parts.count("0")
        digits = str(number).zfill(zeros)
        more = len(digits) - zeros + 1
        left = iter([digits[:more], *digits[more:]])
        return "".join(next(left) if each == "0" else each for each in self.parts)


def formats_in_xlsx(archive: ZipFile) -> dict[int, Format]:
    """By the number of a cell's style those that show a number as something else."""
    part = next((each for each in archive.namelist() if each.rpartition("/")[2] == "styles.xml"), None)
    if part is None:
        return {}
    codes = dict(_BUILT_IN)
    styles = list[int]()
    for element in ElementTree.fromstring(archive.read(part)):
        kind = element.tag.rpartition("}")[2]
        if kind == "numFmts":
            codes |= {_whole(each.get("numFmtId")): each.get("formatCode", "") for each in element}
        elif kind == "cellXfs":
            styles = [_whole(each.get("numFmtId")) for each in element]
    found = {at: format_of(codes[number]) for at, number in enumerate(styles) if number in codes}
    return {at: format for at, format in found.items() if format.percentage or format.parts}


def format_of(code: str) -> Format:
    """A format by its code, of which the first section is that of positive numbers.

    >>> [format_of(each).parts for each in ("0000", '"P-"00', "0", "0.00", "#,##0")]
    [('0', '0', '0', '0'), ('P-', '0', '0'), (), (), ()]
    """
    code = _CONDITION.sub("", code.split(";")[0])
    if "%" in re.sub(r'"[^"]*"|\\.', "", code):
        return Format(True)
    parts, ends = list[str](), 0
    for token in _TOKEN.finditer(code):
        if token.start() != ends:
            return Format(False)
        ends = token.end()
        parts.append(next(each for each in token.groups() if each is not None))
    plain = ends != len(code) or "0" not in parts or parts == ["0"]
    return Format(False) if plain else Format(False, tuple(parts))


def shown_with_zeros(text: str, number: float) -> bool:
    """Whether a text shows a whole number with zeros in front of its digits.

    >>> shown_with_zeros("0012", 12), shown_with_zeros("P-012", 12), shown_with_zeros("0.00", 0)
    (True, True, False)
    """
    digits = re.sub(r"[^0-9]", "", text)
    zeros = digits.startswith("0") and len(digits) > 1 and not re.search("[.,%]", text)
    return zeros and number >= 0 and float(number).is_integer() and int(digits) == number


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() else 0
