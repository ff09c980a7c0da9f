"""A person's weeks, kept: enrolment and check-ins, each written once and never changed.

    Result  ->  standing.begin  ->  Standing
    Standing, CheckIn  ->  standing.after  ->  Standing
    Standing, CheckIn  ->  keeping.Diary  ->  the database      (tables, database, migrations)
    the database  ->  History  ->  onward.schedules_of  ->  the weeks ahead

Only `keeping`, `tables` and `database` know that there is a database. Nothing here reads a clock: days
and times are given. Needs the extra 'diary'.
"""
