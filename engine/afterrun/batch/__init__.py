"""Files of millions of intakes in, a decided row for each out; nothing lost.

    input (what there is to read)  ->  read (checked columns, rejects)  ->  decide (the rulebook on
    whole columns)  ->  write (parts and files)

`runs` leads through it lot by lot, and goes on after a stop; a `crew` does the work; `places` says where
it comes to lie, and `shown` what is there. `foreign` makes text of what is none; `templates` begin a file.

Wants the extra `batch`: `pip install afterrun[batch]`.
"""

from afterrun.batch.decide.bits import masks, no_rows, pack, unpack
from afterrun.batch.decide.columns import Columns
from afterrun.batch.decide.fired import RULES_PER_MASK, names_in
from afterrun.batch.decide.leaves import Leaves
from afterrun.batch.foreign.addresses import Address, AddressError, read_address
from afterrun.batch.foreign.databases import DatabaseFault
from afterrun.batch.foreign.records import OtherRecords
from afterrun.batch.input.folders import STDIN, Input, found_in, left_out
from afterrun.batch.input.form.dictionary import codes_told
from afterrun.batch.input.how import How
from afterrun.batch.input.layout import SEPARATOR, UNKNOWN_CODE, UNKNOWN_NUMBER, frame_of
from afterrun.batch.input.pseudonyms import Pseudonyms, UnsafeKey, pseudonyms_by
from afterrun.batch.input.rejects import Reject, ToldReject, first_rejects
from afterrun.batch.input.renames import renames_in
from afterrun.batch.input.sources import input_of
from afterrun.batch.people.folders import NotPeople
from afterrun.batch.people.rows import HistoryReading, PersonRead
from afterrun.batch.people.table import InTheWay, history_of_people
from afterrun.batch.places import STDOUT, Place, PlaceError, existing_place, place_of
from afterrun.batch.request import (
    Hands,
    Limits,
    Options,
    Progress,
    Request,
    TooManyRejects,
    TooManyRows,
    Watch,
)
from afterrun.batch.runs.frames import assess_frame
from afterrun.batch.runs.frozen import PlanDiffers
from afterrun.batch.runs.job import run
from afterrun.batch.runs.stream import run_to_stream
from afterrun.batch.runs.tabled import rejects_beside, run_to_table
from afterrun.batch.runs.unchanged import InputChanged
from afterrun.batch.shown.decisions import decisions_in_columns
from afterrun.batch.shown.flipped import FlippedRows, flipped_rows
from afterrun.batch.shown.kept import existing
from afterrun.batch.shown.summary import Summary, summary_in_memory, summary_of
from afterrun.batch.shown.view import RowDiffers, RowNotFound, view
from afterrun.batch.templates.template import TemplateFormat, template_files, write_template
from afterrun.batch.write.output import Format, NoReasons
from afterrun.batch.write.tally import HIDDEN, Tally
from afterrun.batch.write.workbook import DoesNotFit
