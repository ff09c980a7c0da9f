"""Files of rules and knowledge in, one checked and immutable Rulebook out.

    files  ->  yaml12, schema (each file alone)  ->  linking (all together)  ->  model: Rulebook

What a rulebook is made of once every name is known (formulas of logic, variables and their cells,
arithmetic) is here too, and what is decided once its rules have concluded. What people write is in
`rulebook.schema`.
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.rulebook.approval import (
        LACKS,
        Lack,
        approval_words,
        lack_of,
        not_approved,
        review_words,
        rule_digest,
        written_rules,
    )
    from afterrun.rulebook.decisions import Decisions, PlanLine, allowed, number_items, values_in_order
    from afterrun.rulebook.documents import (
        LARGEST_DOCUMENT,
        Document,
        KeyPath,
        decoded,
        read_shared_yaml,
        read_yaml,
    )
    from afterrun.rulebook.engines import engine_of
    from afterrun.rulebook.formulas import (
        HUNDREDTH,
        Arithmetic,
        Exact,
        Lookup,
        Quantity,
        compute,
        evaluate,
        names_in,
        parameters_in,
        prepared,
        rounded_down,
        shown,
    )
    from afterrun.rulebook.linking.compile import Vocabulary
    from afterrun.rulebook.linking.conditions import demands_of, parts_of, walk, with_parts
    from afterrun.rulebook.linking.invariants import condition_of
    from afterrun.rulebook.linking.references.knowledge import known_sources
    from afterrun.rulebook.load import (
        load_every_part,
        load_rulebook,
        packed_rulebook,
        read_every_part,
        released_pack,
        root_of,
        rulebook_parts,
        rulebook_schemas,
        shipped,
        unpacked_rulebook,
    )
    from afterrun.rulebook.logic import (
        Algebra,
        And,
        AtLeast,
        CellTest,
        Evaluation,
        Formula,
        Is,
        Not,
        Or,
        Ref,
        Truth,
        Unsettled,
        atoms,
        concluded,
        disjunction,
        enough_of,
        operands_of,
        truth_by,
        truth_given,
        truths_given,
    )
    from afterrun.rulebook.model import (
        DISPLAY,
        STATUSES,
        LinkedInvariant,
        LinkedRule,
        Rulebook,
        stamp_words,
        versions_of,
        versions_words,
    )
    from afterrun.rulebook.numerals import LONGEST_NUMBER, number_of, number_words, value_words
    from afterrun.rulebook.packing.pack import pack_rulebook, unpack_rulebook
    from afterrun.rulebook.packing.released import Bundle, NotPacked, bundle_of
    from afterrun.rulebook.packing.revision import NoRevision, bundle_at
    from afterrun.rulebook.proposition import Kind, Proposition, name_of, proposition_words, propositions_of
    from afterrun.rulebook.reading.files import OPTIONAL_FILES, ReadRulebook
    from afterrun.rulebook.reading.json_schema import file_schemas
    from afterrun.rulebook.reading.pieces import read_pieces, words_of
    from afterrun.rulebook.reading.reviewing import UnplacedReview, review_rule
    from afterrun.rulebook.reasons import levels_behind
    from afterrun.rulebook.renaming.names import Named, NotRenamed
    from afterrun.rulebook.renaming.rename import Change, Renaming, rename
    from afterrun.rulebook.traceability import Coverage, check_pins, coverage, coverage_problems
    from afterrun.rulebook.variables import NOTHING, OPEN, UNKNOWN, Mark, Variable, number_cells
else:
    __getattr__, __dir__ = door(globals())
