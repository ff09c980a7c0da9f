"""Why, as one text a row: each conclusion that is shown, with the reason of a rule that proved it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from afterrun.batch.decide.fired import any_fired
from afterrun.rulebook import STATUSES, Rulebook, allowed, name_of

BECAUSE = "because"
BETWEEN = " | "
_GIVEN = "_given"


def with_reasons(rulebook: Rulebook, rules: Sequence[str], decided: pl.DataFrame) -> pl.DataFrame:
    """The decided rows with a column of reasons; `rules` are those behind the bits of `fired`.

    The conclusions are those that have a proof in the result of `assess`. Where several rules prove
    one, the reason is that of the first; the proof that `view` shows may rest on another.
    """
    given = pl.concat_str(pl.lit(";"), pl.col("interventions").cast(pl.String), pl.lit(";"))
    texts = [
        pl.when(shown).then(_reason(rulebook, rules, conclusion))
        for conclusion, shown in _conclusions(rulebook, rules, set(decided.columns))
    ]
    because = pl.concat_str(texts, separator=BETWEEN, ignore_nulls=True)
    return decided.with_columns(given.alias(_GIVEN)).with_columns(because.alias(BECAUSE)).drop(_GIVEN)


def _conclusions(
    rulebook: Rulebook, rules: Sequence[str], columns: set[str]
) -> Iterator[tuple[str, pl.Expr]]:
    """Every proposition that a result can show, and in which rows it does."""
    for level in rulebook.triage.values():
        if not level.pending:
            yield name_of("triage", level.id), pl.col("triage") == level.id
    for pattern in rulebook.patterns.values():
        for strength in pattern.levels:
            yield (
                name_of("pattern", pattern.id, strength),
                pl.col(f"pattern_{pattern.id}") == strength,
            )
    for intervention in rulebook.interventions:
        yield from _statuses(rulebook, rules, intervention)
    for item in rulebook.plan:
        if item.parameter is not None and f"plan_{item.key}" in columns:
            for value in rulebook.parameters[item.parameter].values:
                chosen = pl.col(f"plan_{item.key}") == float(value)
                yield name_of("parameter", item.parameter, value), chosen


def _statuses(rulebook: Rulebook, rules: Sequence[str], intervention: str) -> Iterator[tuple[str, pl.Expr]]:
    """The statuses of one intervention; the first that is proved overrules the others.

    One that is set aside is not among the interventions given, but the ledger tells of it.
    """
    given = pl.col(_GIVEN).str.contains(f";{intervention};", literal=True)
    levels = [level.id for level in rulebook.triage.values() if allowed(level, intervention)]
    recommended = _proved(rulebook, rules, name_of("intervention", intervention, "recommended"))
    still = pl.lit(True)
    for status in STATUSES:
        proposition = name_of("intervention", intervention, status)
        if proposition not in rulebook.propositions:
            continue
        proved = _proved(rulebook, rules, proposition)
        if status == "set_aside":
            told = recommended & pl.col("triage").cast(pl.String).is_in(levels)
        else:
            told = given
        yield proposition, told & still & proved
        still = still & ~proved


def _proved(rulebook: Rulebook, rules: Sequence[str], proposition: str) -> pl.Expr:
    return any_fired(rules, (rule.id for rule in rulebook.propositions.get(proposition, ())))


def _reason(rulebook: Rulebook, rules: Sequence[str], proposition: str) -> pl.Expr:
    """The conclusion and the reason of the first rule that proved it."""
    reason: pl.Expr = pl.lit(None, pl.String)
    for rule in reversed(rulebook.propositions.get(proposition, ())):
        text = pl.lit(f"{proposition}: {' '.join(rule.because.split())}")
        reason = pl.when(any_fired(rules, [rule.id])).then(text).otherwise(reason)
    return reason
