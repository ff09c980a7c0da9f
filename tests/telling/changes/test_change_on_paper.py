"""A change that is printed to be signed: the box stays on the page of what it is about."""

from __future__ import annotations

import pytest

from afterrun.telling import Page, Point, Section, change_html
from tests.support.readers.pdfs import first_links
from tests.support.web.browsers import chromium

SIGN = '<div class="sign"><p>'


@pytest.mark.slow
@pytest.mark.process
def test_no_page_begins_with_a_box_to_sign() -> None:
    regions = tuple(
        Section(
            f"Region {number}",
            tuple(Point(f"Where {each}", "what it is about") for each in range(3 + number % 7)),
            id=f"region-{number}",
        )
        for number in range(40)
    )
    html = change_html(Page("A change", "What flips", regions, "Who agrees"))
    assert html.count(SIGN) == len(regions) + 2
    # What is linked can be found in the file again.
    html = html.replace(SIGN, f'{SIGN}<a href="http://box/">.</a>')
    for tag in ("<h2>", "<li><strong>"):
        html = html.replace(tag, f'{tag}<a href="http://words/">.</a>')
    with chromium() as browser:
        page = browser.new_page()
        page.set_content(html)
        links = first_links(page.pdf(prefer_css_page_size=True))
    assert len(links) > 10
    assert [place for place, each in enumerate(links) if each == "http://box/"] == []
