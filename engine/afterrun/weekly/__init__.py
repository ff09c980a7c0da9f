"""The plan as weeks: what to do on which day, laid out from what the knowledge says a week consists of.

    Result, or a State of one's own  ->  courses  ->  amounts  ->  sessions  ->  layout  ->  Schedule
    Schedule  ->  table, calendar, picture

Nothing here reads a clock: the start is given, and so is the moment a calendar is stamped with.
"""
