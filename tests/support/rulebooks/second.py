"""The second rulebook, and the words of the first that nothing may say of it."""

from __future__ import annotations

import re

from tests.support.paths import EXAMPLES

MOULD = EXAMPLES / "mould"
INTAKE = MOULD / "intake.yaml"
CASES = MOULD / "cases.jsonl"
_OF_THE_FIRST = re.compile(
    r"\b(knee\w*|run|runs|ran|running|runners?|km|kilomet\w+|miles?|jump\w*|legs?|tendon\w*|patell\w*|thighs?"
    r"|shoes?|physio\w*|pain|train(s|ed|ing)?|doctors?|patients?)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r'\b(?:aria-label|alt|title|content|placeholder|value)="([^"]*)"')
_SILENT = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)


def strange_words(text: str) -> list[str]:
    """Each word that belongs to the first rulebook and is shown, with what stands around it."""
    said = text
    if text.lstrip().startswith("<"):
        said = f"{_SILENT.sub(' ', text)} {' '.join(_SPOKEN.findall(text))}"
    return [
        f"{found[0]}: …{' '.join(said[max(0, found.start() - 60) : found.end() + 60].split())}…"
        for found in _OF_THE_FIRST.finditer(said)
    ]
