"""The bit masks of fired rules: 63 rules to a signed mask, in the rulebook's order of rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

FIRED = "fired"
RULES_PER_MASK = 63
"""Bits of one signed mask: the sign is left alone, since engines disagree about it."""
_AT_ONCE = 9
"""Rules whose names are looked up together; divides RULES_PER_MASK, and 2**9 texts are quickly made."""


def any_fired(rules: Sequence[str], wanted: Iterable[str]) -> pl.Expr:
    """Whether at least one of the wanted rules fired."""
    masks: dict[int, int] = {}
    for rule in wanted:
        word, bit = divmod(rules.index(rule), RULES_PER_MASK)
        masks[word] = masks.get(word, 0) | 1 << bit
    tests = [_word(word) & pl.lit(mask, pl.Int64) != 0 for word, mask in masks.items()]
    return pl.any_horizontal(tests) if tests else pl.lit(False)


def fired_names(rules: Sequence[str]) -> pl.Expr:
    """The names of the fired rules, joined by semicolons."""
    texts = [pl.lit("")]
    for start in range(0, len(rules), _AT_ONCE):
        # RULES_PER_MASK is a multiple of _AT_ONCE, so that no group straddles two words.
        word, bit = divmod(start, RULES_PER_MASK)
        group = rules[start : start + _AT_ONCE]
        part = _word(word) // (1 << bit) % (1 << len(group))
        codes = range(1 << len(group))
        names = [
            "".join(f"{name};" for place, name in enumerate(group) if code >> place & 1) for code in codes
        ]
        texts.append(part.replace_strict(list(codes), names, return_dtype=pl.String))
    return pl.concat_str(texts).str.strip_suffix(";").alias(FIRED)


def names_in(rules: Sequence[str], masks: Sequence[int]) -> list[str]:
    """The rules in the masks of one row.

    >>> names_in(["a", "b", "c"], [5])
    ['a', 'c']
    """
    return [
        rule
        for place, rule in enumerate(rules)
        if masks[place // RULES_PER_MASK] >> place % RULES_PER_MASK & 1
    ]


def _word(place: int) -> pl.Expr:
    return pl.col(FIRED).arr.get(place)
