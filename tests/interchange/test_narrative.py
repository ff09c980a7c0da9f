"""What a person reads is well-formed, and what somebody wrote is text in it and never markup."""

from xml.etree import ElementTree

from afterrun.interchange.told.narrative import narrative
from afterrun.telling import Point, Section

NASTY = '<script>alert(1)</script> & \x1b[31m "quoted" ]]>'


def test_text_of_any_kind_is_text() -> None:
    point = Point(NASTY, NASTY, (NASTY,), NASTY)
    sections = [Section(NASTY, (point,), note=NASTY), Section("", (Point(NASTY, NASTY),), table=True)]
    made = narrative(NASTY, NASTY, sections=sections)
    assert made["status"] == "generated"
    root = ElementTree.fromstring(made["div"])
    assert root.tag == "{http://www.w3.org/1999/xhtml}div"
    texts = [each for each in root.itertext() if each]
    assert set(texts) == {NASTY.replace("\x1b", "\\x1b")}
    assert len(texts) == 10
    assert not [each for each in root.iter() if each.tag.endswith("script")]


def test_a_name_alone_is_no_heading() -> None:
    points = (Point("Only this"), Point("This", "and more"))
    assert narrative("A", sections=[Section("", points)])["div"].endswith(
        "<ul><li>Only this</li><li><b>This</b><p>and more</p></li></ul></div>"
    )


def test_what_is_empty_is_left_out() -> None:
    assert narrative("A", "", sections=[Section("B")])["div"] == (
        '<div xmlns="http://www.w3.org/1999/xhtml"><h2>A</h2></div>'
    )
