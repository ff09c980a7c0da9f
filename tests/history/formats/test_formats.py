"""What all formats have in common, and what GPX and TCX files give, whole and broken."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from afterrun.history.formats import apple_health, fit, gpx, markup, tcx
from afterrun.history.formats.activity import Activity, Fault, Format, Unreadable
from afterrun.history.formats.known import format_of
from tests.support.history.activity_files import TWELVE_WEEKS, fit_of, gpx_of, tcx_of
from tests.support.history.activity_reads import as_stream, entries, only, reasons

RUN = TWELVE_WEEKS[0]
FORMATS = {"FIT": (fit.FORMAT, fit_of), "GPX": (gpx.FORMAT, gpx_of), "TCX": (tcx.FORMAT, tcx_of)}
XML = (("GPX", gpx.FORMAT, gpx_of), ("TCX", tcx.FORMAT, tcx_of))


@pytest.mark.parametrize(("form", "write"), FORMATS.values(), ids=FORMATS)
def test_a_run_is_what_it_was(form: Format, write: Callable[..., bytes]) -> None:
    content = write(RUN)
    assert format_of(content[:4096]) is form
    found = only(form, content)
    assert found.began == RUN.began
    assert found.metres == pytest.approx(RUN.metres, rel=1e-4)
    assert (found.seconds, found.sport, found.place) == (RUN.seconds, "run", "")


@pytest.mark.parametrize("form", [fit, gpx], ids=["FIT", "GPX"])
@pytest.mark.parametrize("sport", ["run", "treadmill", "trail", "track", "walk", "ride", "swim", "other"])
def test_a_sport_is_told_as_it_was(form: object, sport: str) -> None:
    name = "FIT" if form is fit else "GPX"
    known, write = FORMATS[name]
    assert only(known, write(RUN._replace(sport=sport))).sport == sport


@pytest.mark.parametrize(("sport", "told"), [("trail", "run"), ("ride", "ride"), ("walk", None)])
def test_tcx_has_words_for_two_sports_and_other_is_none(sport: str, told: str | None) -> None:
    assert only(tcx.FORMAT, tcx_of(RUN._replace(sport=sport))).sport == told


@pytest.mark.parametrize(("form", "write"), FORMATS.values(), ids=FORMATS)
def test_several_activities_in_a_file_are_several(form: Format, write: Callable[..., bytes]) -> None:
    triathlon = (RUN._replace(sport="swim"), TWELVE_WEEKS[1]._replace(sport="ride"), TWELVE_WEEKS[3])
    found = entries(form, write(*triathlon))
    assert [each.began for each in found if isinstance(each, Activity)] == [each.began for each in triathlon]
    assert [each.sport for each in found if isinstance(each, Activity)][1:] == ["ride", "run"]
    assert [each.place.partition(" ")[2] for each in found if isinstance(each, Activity)] == ["", "2", "3"]


@pytest.mark.parametrize(("name", "form", "write"), XML)
@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE gpx SYSTEM "http://127.0.0.1:1/a.dtd">',
        "<!DOCTYPE gpx>",
    ],
)
def test_xml_with_a_document_type_is_refused(
    name: str, form: Format, write: Callable[..., bytes], declared: str
) -> None:
    text = write(RUN).decode().replace("?>", f"?>{declared}", 1).replace(">running<", ">&a;<")
    assert format_of(text.encode()[:4096]) is form
    assert reasons(form, text.encode()) == [
        "it has a document type, as no recording needs one, and was not read for safety"
    ]


@pytest.mark.parametrize(
    ("head", "root"),
    [
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<gpx>", "gpx"),
        ("\ufeff<gpx version='1.1'>".encode("utf-16"), "gpx"),
        (b"<!-- <TrainingCenterDatabase> --><g:gpx >", "gpx"),
        (b"<!DOCTYPE HealthData [\n<!ELEMENT HealthData (A|B)>\n]>\n<HealthData locale='de'>", "HealthData"),
        (b"gpx", ""),
        (b"", ""),
        (b"<html><body><gpx>", "html"),
    ],
)
def test_xml_is_known_by_its_first_element(head: bytes, root: str) -> None:
    assert markup.root_of(head) == root


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        (gpx.FORMAT, "<gpx>"),
        (tcx.FORMAT, '<TrainingCenterDatabase><Activities><Activity Sport="Running"><Lap><Track>'),
        (apple_health.FORMAT, "<HealthData>"),
    ],
)
@pytest.mark.parametrize(
    "hidden", ["", "<!-- </a></a></a> -->", '<b c="/>/>/>"/>'], ids=["", "comment", "text"]
)
def test_elements_without_an_end_are_not_gathered(form: Format, begins: str, hidden: str) -> None:
    # Apple Health writes UTF-8 alone.
    for encoding in ("utf-8",) if form is apple_health.FORMAT else ("utf-8", "utf-16"):
        deep = (begins + ("<a>" + hidden) * (6_000_000 // (3 + len(hidden)))).encode(encoding)
        stream = as_stream(deep)
        with pytest.raises(Unreadable, match="nests more elements than any recording"):
            list(form.read(stream))
        assert stream.tell() < len(deep)


@pytest.mark.parametrize(("name", "form", "write"), XML)
def test_elements_without_contents_are_no_nesting(
    name: str, form: Format, write: Callable[..., bytes]
) -> None:
    put = b"<x/><!-- x -->" * 150_000
    content = re.sub(rb"(</metadata>|<Activities>)", lambda found: found[1] + put, write(RUN), count=1)
    for encoded in (content, content.decode().replace("UTF-8", "UTF-16").encode("utf-16")):
        assert isinstance(entries(form, encoded)[0], Activity)


@pytest.mark.parametrize(("name", "form", "write"), XML)
@pytest.mark.parametrize("piece", ['<x y="{}"/>', "<!--{}-->"], ids=["attribute", "comment"])
def test_a_piece_without_an_end_is_not_read_on(
    name: str, form: Format, write: Callable[..., bytes], piece: str
) -> None:
    def put_in(length: int) -> list[object]:
        put = piece.format("x" * length).encode()
        return [*entries(form, re.sub(rb"(</metadata>|<Activities>)", rb"\1" + put, write(RUN), count=1))]

    assert isinstance(put_in(1 << 19)[0], Activity)
    assert put_in(1 << 22) == [
        Fault("a piece of it is longer than any of a recording, and it was not read for safety")
    ]


@pytest.mark.parametrize(("name", "form", "write"), XML)
def test_what_is_whole_before_xml_breaks_is_kept(
    name: str, form: Format, write: Callable[..., bytes]
) -> None:
    whole = write(RUN, TWELVE_WEEKS[1])
    first, *rest = entries(form, whole[:-300])
    assert isinstance(first, Activity)
    assert first.began == RUN.began
    assert len(rest) == 1
    assert isinstance(rest[0], Fault)
    assert "it is no whole XML: line" in rest[0].reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (r"<time>[^<]*</time>", "", "it has no times"),
        (r"<time>[^<]*</time>", "<time>noon</time>", "a time in it cannot be read"),
        (r'lat="[^"]*"', 'lat="north"', "a position in it cannot be read"),
        (r'lat="[^"]*"', 'lat="inf"', "a position in it cannot be read"),
        (r' lon="[^"]*"', "", "a position in it cannot be read"),
        (r"<trk>.*</trk>", "<rte/>", "it has no recorded track, only places or a route"),
    ],
)
def test_gpx_without_what_makes_a_run_gives_none(old: str, new: str, reason: str) -> None:
    text = re.sub(old, new, gpx_of(RUN).decode(), flags=re.DOTALL)
    assert reasons(gpx.FORMAT, text.encode()) == [reason]


@pytest.mark.parametrize(("name", "form", "write"), XML)
def test_a_prefix_before_each_name_changes_nothing(
    name: str, form: Format, write: Callable[..., bytes]
) -> None:
    prefixed = re.sub(rb"<(/?)(?=[A-Za-z]+[ >/])", rb"<\1g:", write(RUN)).replace(b"xmlns=", b"xmlns:g=")
    assert b"<g:" in prefixed
    assert format_of(prefixed[:4096]) is form
    assert entries(form, prefixed) == entries(form, write(RUN))


def test_a_time_in_an_extension_is_none_of_the_run() -> None:
    text = gpx_of(RUN).replace(b"<ns3:cad>84</ns3:cad>", b"<ns3:time>1999-01-01T00:00:00Z</ns3:time>")
    assert only(gpx.FORMAT, text)[:3] == only(gpx.FORMAT, gpx_of(RUN))[:3]


def test_a_gap_between_segments_is_no_way_run() -> None:
    text = gpx_of(RUN).decode()
    points = text.count("<trkpt")
    middle = text.index("<trkpt", len(text) // 2)
    parted = f"{text[:middle]}</trkseg><trkseg>{text[middle:]}".encode()
    assert only(gpx.FORMAT, parted).metres == pytest.approx(
        RUN.metres * (points - 2) / (points - 1), rel=1e-4
    )


def test_a_way_over_the_line_where_days_begin_is_short() -> None:
    points = "".join(
        f'<trkpt lat="0" lon="{lon}"><time>2026-03-02T07:0{at}:00Z</time></trkpt>'
        for at, lon in enumerate(("179.9995", "-179.9995"))
    )
    text = f"<gpx><trk><type>9</type><trkseg>{points}</trkseg></trk></gpx>".encode()
    assert only(gpx.FORMAT, text).metres == pytest.approx(111.2, abs=0.1)


@pytest.mark.parametrize(
    "text", [b"<time>2026-02-25T18:12:30Z</time><ext", b"<type>treadmill_running</type>"]
)
def test_gpx_that_comes_in_any_pieces_is_the_same(text: bytes) -> None:
    """Its reader folds at the ends of chunks, which may lie within a time or a type, also a track's first."""
    content = gpx_of(*TWELVE_WEEKS[:2])
    begins = content.index(text)
    for within in range(len(text)):
        spaces = (1 << 16) - begins - within
        assert spaces > 0
        first, second = entries(gpx.FORMAT, content.replace(b"<metadata>", b" " * spaces + b"<metadata>", 1))
        assert isinstance(first, Activity)
        assert isinstance(second, Activity)
        assert (first.began, first.sport) == (RUN.began, "run")
        assert (second.began, second.sport) == (TWELVE_WEEKS[1].began, "treadmill")
        assert second.seconds == 1_703
        assert second.metres == pytest.approx(4_730, abs=1)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<TotalTimeSeconds>1440.0", "<TotalTimeSeconds>long", "a number in it cannot be read"),
        ("<DistanceMeters>4000.00", "<DistanceMeters>nan", "a number in it cannot be read"),
        ('Lap StartTime="2026-02-23T06:12:30Z"', 'Lap StartTime="noon"', "a time in it cannot be read"),
        ('Lap StartTime="2026-02-23T06:12:30Z"', "Lap", "it has no times"),
        ("Activit", "Cours", "it is a course or a workout, no activity"),
    ],
)
def test_tcx_without_what_makes_a_run_gives_none(old: str, new: str, reason: str) -> None:
    assert old in tcx_of(RUN).decode()
    assert reasons(tcx.FORMAT, tcx_of(RUN).decode().replace(old, new).encode()) == [reason]


def test_laps_add_up() -> None:
    text = tcx_of(RUN).decode()
    lap = text[text.index("<Lap") : text.index("</Lap>") + len("</Lap>")]
    assert only(tcx.FORMAT, text.replace(lap, lap * 3).encode())[1:3] == (3 * RUN.metres, 3 * RUN.seconds)
