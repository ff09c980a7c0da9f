"""Numbers as text in, exact values out; what no arithmetic could bear is told before it is one."""

from __future__ import annotations

from decimal import Decimal

LONGEST_NUMBER = 40
"""Characters of a number, and digits before or after its point; 1e999999999 would never end."""
TOO_LONG = f"a number of more than {LONGEST_NUMBER} digits"


def number_of(text: str) -> int | Decimal | None:
    """A number exactly as it is written in digits; None for one of absurd size.

    >>> number_of("34"), number_of("1.30"), number_of("1e999999999"), number_of("9" * 41)
    (34, Decimal('1.30'), None, None)
    """
    if len(text) > LONGEST_NUMBER:
        return None
    value = Decimal(text)
    if abs(value.adjusted()) > LONGEST_NUMBER:
        return None
    return int(value) if text.lstrip("-+").isdigit() else value
