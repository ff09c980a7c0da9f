"""A person's weeks, kept: enrolments and check-ins in, a History and the weeks ahead out.

    keeping: Diary  ->  history: History  ->  standing (where the person stands)  ->  weeks: Schedules
    History  ->  asking (what the next check-in asks)

The one room that knows the database. Wants the extra `diary`.
"""

from afterrun.diary.asking import Asked, CheckInQuestions, asked_on
from afterrun.diary.database.addresses import read_address
from afterrun.diary.database.remains import Damage, Salvaged, salvage
from afterrun.diary.earlier import asked_again, first_result
from afterrun.diary.errors import DamagedError, DiaryError, NotForgottenError, NotYetError, StorageError
from afterrun.diary.history import History, KeptCheckIn, miscounted, passed_over
from afterrun.diary.keeping import Diary, NewPlan
from afterrun.diary.settings import KeptSettings, goal_facts, goal_question, typed_goal
from afterrun.diary.standing import (
    Standing,
    begin,
    most_missed,
    planned_by,
    signs_of,
    step,
    stops,
    written_of,
)
from afterrun.diary.stopped import (
    before_last,
    is_answered_anew,
    pain_told,
    refuse_stopped,
    signs_told,
    stop_cause,
    worst_pain,
)
from afterrun.diary.weeks.ahead import Ahead, weeks_ahead
from afterrun.diary.weeks.onward import schedules_of, weeks_as_planned
from afterrun.diary.weeks.own_files import (
    OtherSum,
    is_without_running,
    kept_runs,
    other_sums,
    runs_of,
    week_ahead,
)
from afterrun.diary.weeks.planned_and_done import PlannedRun, planned_runs, sessions_with_runs
