"""What is told, in words for one reader: results, plans, proofs, the rulebook; no medium."""

from afterrun.telling.audit_words import (
    Reader,
    answer_in_words,
    change_words,
    may_see,
    plan_value_words,
    status_words,
)
from afterrun.telling.book.condition_words import as_lines
from afterrun.telling.book.entries import RuleEntry, rule_entries
from afterrun.telling.book.graph import graph_svg
