"""A value in, what a notebook shows of it out: part of a page, in the notebook's own style."""

from __future__ import annotations

from functools import singledispatch

from afterrun.assessment import CheckIn, Result
from afterrun.rulebook import Rulebook
from afterrun.schedule import Schedule, as_svg
from afterrun.telling.check_in import check_in_page
from afterrun.telling.formats.html import Frame, render
from afterrun.telling.page import Page, page_of
from afterrun.telling.result import result_page

IN_NOTEBOOK = Frame("notebook.html.j2")


@singledispatch
def notebook_html(value: object) -> str:
    """What is told of a value; each kind that has a look of its own is registered here."""
    # The summary of a batch, whose room is not loaded for anything else here.
    from afterrun.batch import Summary
    from afterrun.telling.summary import summary_page

    if not isinstance(value, Summary):
        raise TypeError(f"nothing is told of a {type(value).__name__}")
    return _drawn(summary_page(value, brief=True))


@notebook_html.register
def _(result: Result) -> str:
    return _drawn(result_page(result.made_by, result, commands=False))


@notebook_html.register
def _(said: CheckIn) -> str:
    return _drawn(check_in_page(said.made_by, said))


@notebook_html.register
def _(schedule: Schedule) -> str:
    return as_svg(schedule)


@notebook_html.register
def _(rulebook: Rulebook) -> str:
    return _drawn(page_of(rulebook.identity.title, rulebook.identity.purpose, (), rulebook.stamp))


def _drawn(page: Page) -> str:
    return render("page.html.j2", IN_NOTEBOOK, page=page, limits=(), inputs=())
