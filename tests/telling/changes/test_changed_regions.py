"""A region of answers in words that are no narrower than the region."""

from afterrun import load_rulebook
from afterrun.telling.changes.regions import region_lines
from afterrun.verify.prove import Condition, Stretch
from tests.support.paths import ROOT

MOULD = load_rulebook(ROOT / "examples" / "mould")
KNEE = load_rulebook(ROOT)
ANY = Stretch(None, False, None, False)


def test_who_does_not_know_is_in_a_region_that_leaves_out_the_unanswered_alone() -> None:
    answered = Condition("wet_hours", "", (ANY, "unknown"), ("blank",))
    known = Condition("wet_hours", "", (ANY,), ("blank",))
    assert [*region_lines([MOULD], [answered, known])] == [
        'wet_hours: answered, or "I don\'t know"',
        "wet_hours: known",
    ]


def test_a_measure_that_answers_leave_open_is_not_known() -> None:
    measure = next(iter(KNEE.measures))
    told = [*region_lines([KNEE], [Condition(measure, "", ("blank",), (ANY, "nothing"))])]
    assert told == [f"{measure}: not known"]
