"""What is told, in words for one reader: results, plans, check-ins, proofs, counts, the rulebook.

    Result  ->  result: Page                CheckIn, History  ->  check_in, diary: Page
    Schedule  ->  plan: PlanPage            Summary  ->  summary: Page
    Explanation, WhatIf, …  ->  audit: View, Findings  ->  Sections
    Result, History  ->  handover: Sheet, the one page for whoever treats the knee
    Exercise  ->  exercises: sections, each with a drawing
    Question, Conversation  ->  interview: what helps to answer, and what is said while it is asked
    RunningHistory, Offers  ->  history: Page, a picture of the weeks, and the runs behind an answer
    Migration  ->  migration: what is to be answered again
    RulebookChange  ->  changes: Page
    CaseCoverage, Rulebook  ->  rulebook: hazards, coverage, shapes of files, how it reads
    Rulebook  ->  book: entries, graph, a site, search

`page` has the nouns of which all of them are made, and no medium; a terminal, a web page and `formats` (HTML
of one style and one base page, PDF, Markdown, a notebook) draw them. A runner is told no more than the triage
lets be shown.
"""

from typing import TYPE_CHECKING

from afterrun.doors import door

if TYPE_CHECKING:
    from afterrun.telling.audit.change import change_page
    from afterrun.telling.audit.explanation import explanation_sections
    from afterrun.telling.audit.findings import Findings
    from afterrun.telling.audit.inquiry import Inquiry
    from afterrun.telling.audit.nearest import MOST_SETS
    from afterrun.telling.audit.proofs.tree import claim_section, proved
    from afterrun.telling.audit.report import FiredRow, contents_of, fired_rows
    from afterrun.telling.audit.view import Reader, View
    from afterrun.telling.book.entries import RuleEntry, rule_entries, rule_lines
    from afterrun.telling.book.graph import graph_svg
    from afterrun.telling.book.search import Found, Search, search
    from afterrun.telling.book.shelf import SHELVES, Leaf, Shelf, shelf_of_source
    from afterrun.telling.book.site import book_html, book_pages, book_parts
    from afterrun.telling.book.words.tree import as_lines
    from afterrun.telling.changes.brief import brief_change_page
    from afterrun.telling.changes.page import rulebook_change_page
    from afterrun.telling.check_in import check_in_page
    from afterrun.telling.diary.asking import (
        NO_NEW_SIGN,
        about_week,
        asked_again_words,
        beside_question,
        no_week_words,
        stop_words,
    )
    from afterrun.telling.diary.changes import (
        changes_of,
        last_week_page,
        stopped_words,
        week_page,
        what_it_holds,
        what_now,
    )
    from afterrun.telling.diary.history import history_lines, told_so_far, where_words
    from afterrun.telling.diary.own_files import WeekOffers, other_sum_lines
    from afterrun.telling.diary.picture import Shape, diary_svg, picture_of
    from afterrun.telling.diary.settings import changed_settings_page, settings_page
    from afterrun.telling.diary.weeks import Diary, DiaryWeek, Stop, days_words, diary_of, phase_words
    from afterrun.telling.exercises.cards import exercises_page
    from afterrun.telling.exercises.picture import exercise_svg, on_paper
    from afterrun.telling.first_screen import COLUMNS, ROWS, WORDS
    from afterrun.telling.formats.html import (
        Frame,
        as_pdf,
        asset,
        change_html,
        coverage_html,
        explanation_html,
        explanation_parts,
        handover_html,
        handover_parts,
        handover_style,
        load_templates,
        page_html,
        plan_html,
        plan_parts,
        render,
        report_html,
        report_parts,
    )
    from afterrun.telling.formats.markdown import as_markdown, section_markdown
    from afterrun.telling.formats.notebook import notebook_html
    from afterrun.telling.handover.contents import handover_of
    from afterrun.telling.handover.sheet import Handover, Paper, Sheet, fitted
    from afterrun.telling.handover.since import diary_handover
    from afterrun.telling.history.beside import FileOffers
    from afterrun.telling.history.kept import KeptOffers
    from afterrun.telling.history.left_out import left_out_words
    from afterrun.telling.history.offered import offer_lines, offer_words
    from afterrun.telling.history.page import history_page
    from afterrun.telling.history.weeks import shown_weeks, weeks_section, weeks_svg
    from afterrun.telling.history.words import BY_FILES, read_words
    from afterrun.telling.interview import (
        FIRST,
        NEEDED,
        UNIT_NEEDED,
        Alarm,
        LastWords,
        alarm_of,
        doubt_words,
        heading_words,
        last_words,
        question_help,
    )
    from afterrun.telling.migration import migration_lines
    from afterrun.telling.page import Bar, Chart, Day, Line, Page, Point, Section, capital, page_of
    from afterrun.telling.plan import PlanPage, plan_page, why_no_weeks
    from afterrun.telling.preferences import conflicts_section
    from afterrun.telling.result import (
        exercise_cards,
        intervention_point,
        lead_of,
        ledger_rows,
        pattern_points,
        plan_rows,
        result_page,
    )
    from afterrun.telling.rulebook.coverage import coverage_lines, coverage_page
    from afterrun.telling.rulebook.file_shapes import file_shapes_page
    from afterrun.telling.rulebook.hazards import hazard_page
    from afterrun.telling.rulebook.reading import RunnerText, reading_of, runner_texts
    from afterrun.telling.summary import summary_page
else:
    __getattr__, __dir__ = door(globals())
