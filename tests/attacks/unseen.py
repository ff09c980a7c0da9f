"""What nobody sees, and what a table of texts holds of it."""

import unicodedata

TEXTS = {
    "a control code": "a\x1b[31mb",
    "a bell and a backspace": "a\x07\bb",
    "a delete": "a\x7fb",
    "a C1 code": "a\x9b31mb",
    "a mark that turns the line": "a\u202egnp.b",
    "an isolate": "a\u2066b\u2069",
    "marks of direction": "a\u200e\u200f\u061cb",
    "a separator of lines": "a\u2028FORGED: b",
    "a next line": "a\x85FORGED: b",
    "a line feed": "a\nFORGED: b",
    "a carriage return": "a\rFORGED: b",
    "a tab": "a\tb",
    "a mark of byte order": "a\ufeffb",
    "a tag": "a\U000e0041b",
    "what is not assigned": "a\u0378b",
    "what is private": "a\ue000b",
    "a lone joiner": "a\u200db",
}
"""By what is in it, text that steers, hides or forges."""


def unseen(text: str) -> str:
    """The characters of a text that should have been spelled out; line feeds part its lines."""
    return "".join(
        each
        for at, each in enumerate(text)
        if each != "\n"
        and (unicodedata.category(each)[0] == "C" or unicodedata.category(each) in ("Zl", "Zp"))
        and not (each in "\u200c\u200d" and _joins(text, at))
    )


def _joins(text: str, at: int) -> bool:
    beside = text[at - 1 : at] + text[at + 1 : at + 2]
    return len(beside) == 2 and not any(
        each.isascii() or unicodedata.category(each)[0] == "C" for each in beside
    )
