"""What other answers changed, for the person who gave them."""

from __future__ import annotations

from afterrun.explanation import WhatIf
from afterrun.intake import read_answers
from afterrun.rulebook import Rulebook
from afterrun.telling.audit.explanation import changed_answers, changed_results
from afterrun.telling.audit.view import View
from afterrun.telling.audit.words import Difference
from afterrun.telling.page import Page, Point, Section, page_of


def change_page(rulebook: Rulebook, told: WhatIf) -> Page:
    """A page of the answers that were changed, and of what follows from them, each before and after.

    What to do now stands above all of it, where the answers call for something else than before.
    """
    view = View(rulebook, read_answers(rulebook, told.after.answers), told.after.triage, "person")
    now, before = rulebook.triage[told.after.triage], rulebook.triage[told.before.triage]
    # The questions that were opened have been asked by now.
    compared = told._replace(opened=(), closed=())
    plan: tuple[Point, ...] = ()
    if now.shows_plan != before.shows_plan:
        # Told in one line: each of its numbers comes or goes with it.
        compared = compared._replace(plan={})
        plan = (Point("Your plan", "none before → given" if now.shows_plan else "given → none for now"),)
    follows = (*map(_point, changed_results(view, compared)), *plan)
    # Where little is shown for now, little hangs on what does not count.
    skipped = told.skipped if now.shows_patterns else ()
    uncounted = (Point(view.ask(name), view.answer(name, told.after.answers[name])) for name in skipped)
    return page_of(
        "Your answers are changed",
        f"{now.name}. {now.do}" if now != before else f"As before: {now.name}.",
        (
            Section("Your answers", tuple(map(_point, changed_answers(view, told)))),
            Section("What that changes", follows, table=True)
            if follows
            else Section("What that changes", note="Nothing: the result is the same."),
            Section("No longer counted, since it does not apply any more", tuple(uncounted)),
        ),
        told.after.rulebook,
    )


def _point(each: Difference) -> Point:
    return Point(each.name, f"{each.now} → {each.then}")
