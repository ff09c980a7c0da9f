"""What a person said: an object or a file in, checked answers out, or every problem with its place.

file  ->  files: RawIntake  ->  answers: Answers
typed line  ->  typed_answers: TypedAnswer
runs of a person's own files  ->  from_files: what they add up to, and the entry of an intake
intake of the earlier questionnaire  ->  migration: Migration (what carries over, and what is asked again)
record of a check-in  ->  check_in_records: CheckInAnswers (answers, and the intake behind them)
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.intake.answers import (
        LONGEST_TEXT,
        RECORD_ID,
        Answers,
        Value,
        as_intake,
        binding_units,
        gone_words,
        half_texts,
        plain,
        read_answers,
    )
    from afterrun.intake.check_in_records import (
        ANSWERS,
        CHECKIN,
        ENROLLED,
        CheckInAnswers,
        halves_of,
        read_check_in,
        record_of,
        takes_truths,
    )
    from afterrun.intake.files import (
        LONGEST_LINE,
        Format,
        RawIntake,
        raw_intakes,
        read_intake,
        read_raw,
    )
    from afterrun.intake.from_files.added_up import (
        Said,
        added_up,
        days_of,
        first_seen,
        longest_of,
        measure_of,
        measures_of,
        offered_for,
        reason_for,
    )
    from afterrun.intake.from_files.entries import FROM_FILES, LARGEST, MOST_RUNS, with_answers, without
    from afterrun.intake.from_files.habits import Silence, on_day, span_words
    from afterrun.intake.from_files.records import DIGITS, FileRun, FromFiles, entries_as_json, measured
    from afterrun.intake.json_faults import json_fault
    from afterrun.intake.left_blank import Doubted, as_answer, doubted, spared_by, unasked, unsaid
    from afterrun.intake.migration import AskedAgain, Migration, migrate
    from afterrun.intake.numbers import MILLION, bounds, exact_number, plain_number, runnable
    from afterrun.intake.partly_asked import PartlyAsked
    from afterrun.intake.typed_answers import (
        DONT_KNOW,
        Misread,
        TypedAnswer,
        UnitMissing,
        UnitsDiffer,
        offers_unknown,
        settled_unit,
        typed_answer,
    )
else:
    __getattr__, __dir__ = door(globals())
