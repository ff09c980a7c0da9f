"""A result's plan in, weeks and days out: a Schedule, and its calendar, table and picture.

State, Preferences  ->  courses, amounts, days, sessions  ->  layout: Schedule  ->  calendar, table, picture
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.schedule.amounts import WEEKS_REMEMBERED
    from afterrun.schedule.changes import WeekChange, changes_between
    from afterrun.schedule.courses import PlanValues
    from afterrun.schedule.forms.calendar import Earlier, as_calendar
    from afterrun.schedule.forms.chart import LINE, Mark, Scale, bar, grid, legend
    from afterrun.schedule.forms.picture import as_svg, words_as_svg
    from afterrun.schedule.forms.svg import (
        STYLE,
        WIDTH,
        axis_top,
        document,
        fill_of,
        framed,
        marked,
        rect,
        text,
        width_of,
    )
    from afterrun.schedule.forms.table import as_csv
    from afterrun.schedule.layout import NoScheduleError, WeeksAmount, amounts_by_name, first_week, weeks
    from afterrun.schedule.lines import day_words, filled
    from afterrun.schedule.nouns import SOMEONE, Amount, Schedule, Session, State, Week
    from afterrun.schedule.preferences import (
        EVERY,
        WEEKDAYS,
        Away,
        Conflict,
        Preferences,
        PreferencesError,
        shared_kind,
    )
    from afterrun.schedule.worked import worked_weeks
else:
    __getattr__, __dir__ = door(globals())
