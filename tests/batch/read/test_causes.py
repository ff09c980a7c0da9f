"""One cause that hits many cells of a row is told once, and counted as what it is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from afterrun import Rulebook
from afterrun.batch import How
from afterrun.batch.input.rejects import MOST_TOLD, first_told, reason_of
from afterrun.errors import Problem, ProblemsError
from tests.support.batches.forms import CLINIC, read, written
from tests.support.batches.runs import batch


def rows_of_people(rulebook: Rulebook) -> list[list[str]]:
    """A header and three filled rows."""
    with (CLINIC / "b01_line_break_in_comment.csv").open(encoding="utf-8", newline="") as stream:
        return [row[:-1] for row in csv.reader(stream)]


def as_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize(("way", "step"), [("right", 1), ("left", -1)])
def test_a_row_that_is_shifted_is_told_once(rulebook: Rulebook, tmp_path: Path, way: str, step: int) -> None:
    header, one, two, three = rows_of_people(rulebook)
    shifted = [two[0], "", *two[1:-1]] if step == 1 else [two[0], *two[2:], ""]
    found = read(rulebook, as_csv(tmp_path / "in.csv", [header, one, shifted, three]))
    (reject,) = found.rejects
    assert (reject.line, reject.kind) == (3, "shifted")
    assert f"one column too far to the {way} from about " in reject.reason
    assert len(reject.reason) < 160
    assert reject.counted_as(header) == "shifted"
    assert len(reject.question.split(";")) > MOST_TOLD


def test_cells_that_are_wrong_by_themselves_are_no_shift(rulebook: Rulebook, tmp_path: Path) -> None:
    header, one, *_ = rows_of_people(rulebook)
    odd = [cell if at not in (1, 8, 11, 13, 14, 15) else f"odd {at}" for at, cell in enumerate(one)]
    (reject,) = read(rulebook, as_csv(tmp_path / "in.csv", [header, odd])).rejects
    assert reject.kind == "answer"
    assert reject.reason.endswith("; and 2 more like these")
    assert reject.counted_as(header).startswith("answer: age_years;pain_site;worst_pain;")
    assert reject.counted_as(header).endswith(";and 2 more")


def test_what_is_said_of_several_columns_is_said_once(rulebook: Rulebook, tmp_path: Path) -> None:
    path = written(
        tmp_path / "in.csv", "record_id,age_years,pain_site,worst_pain,pain_timing", "a,N/A,N/A,N/A,N/A"
    )
    (reject,) = read(rulebook, path).rejects
    assert reject.reason == (
        "age_years, pain_site, worst_pain, pain_timing: "
        "if 'N/A' means that no answer was given, add --na 'N/A'"
    )
    assert reject.question == "age_years;pain_site;worst_pain;pain_timing"
    many = [Problem(f"m{at}", key=f"k{at}") for at in range(9)]
    assert reason_of([*many, Problem("the way out")]) == (
        "the way out; k0: m0; k1: m1; k2: m2; k3: m3; and 5 more like these"
    )
    assert first_told([many[0]], [Problem("x", key="k0"), many[1]]) == many[:2]


CLASSES = {
    "answer": "a,340\n",
    "fields": "a,34,\n",
    "quote": 'a,"34\n',
    "zero_byte": "a,3\0\n",
    "too_long": f"{'x' * 70_000},34\n",
    "duplicate": "first,34\n",
    "header": "record_id,age_years\n",
}


@pytest.mark.parametrize("kind", CLASSES)
def test_each_class_of_reject_is_counted_as_its_cause(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path / "in.csv", f"record_id,age_years\nfirst,30\n{CLASSES[kind]}".rstrip("\n"))
    assert batch(path, tmp_path / "out").code == 1
    reasons = json.loads(batch("summary", tmp_path / "out", "--format", "json").out)["reasons"]
    assert [each.partition(":")[0] for each in reasons] == [kind]


def test_a_reject_that_comes_back_as_it_went_is_counted_as_such(tmp_path: Path) -> None:
    given = [CLASSES["quote"], CLASSES["answer"]]
    path = written(tmp_path / "in.csv", "record_id,age_years", *(each.rstrip() for each in given))
    assert batch(path, tmp_path / "out").code == 1
    assert batch(tmp_path / "out" / "_rejects.csv", tmp_path / "again").code == 1
    assert batch(CLINIC / "d07_misspelt_key.jsonl", tmp_path / "json").code == 1
    assert batch(tmp_path / "json" / "_rejects.csv", tmp_path / "more").code == 1
    for name, kinds in (("again", ["answer", "not_mended"]), ("more", ["not_mended"])):
        reasons = json.loads(batch("summary", tmp_path / name, "--format", "json").out)["reasons"]
        assert [each.partition(":")[0] for each in reasons] == kinds, name


def test_files_that_were_put_together_are_read_or_refused(rulebook: Rulebook, tmp_path: Path) -> None:
    header, one, two, three = rows_of_people(rulebook)
    text = as_csv(tmp_path / "one.csv", [header, one, two]).read_text(encoding="utf-8")
    more = as_csv(tmp_path / "two.csv", [header, three]).read_text(encoding="utf-8")
    both = written(tmp_path / "both.csv", f"{text}\ufeff{more}".rstrip("\n"))
    found = read(rulebook, both)
    assert found.frame["record_id"].to_list() == ["P1", "P2", "P3"]
    assert [(each.line, each.kind) for each in found.rejects] == [(4, "header")]
    marked = written(tmp_path / "marked.csv", "record_id,age_years", "a,34", "\ufeffb,35")
    assert read(rulebook, marked).frame["record_id"].to_list() == ["a", "b"]
    at, to = header.index("volume_before"), header.index("volume_last_week")
    turned = list(header)
    turned[at], turned[to] = turned[to], turned[at]
    other = as_csv(tmp_path / "other.csv", [header, one, turned, two])
    with pytest.raises(ProblemsError, match=r"other\.csv:3: another header begins here, with 'volume_"):
        read(rulebook, other)
    run = batch(other, tmp_path / "out")
    assert (run.code, "Traceback" in run.err) == (2, False)
    assert not (tmp_path / "out" / "_SUCCESS").exists()


@pytest.mark.parametrize("footer", ["Total: 43 rows", "total", "Count 43", "Gesamt = 43"])
def test_what_stands_below_a_table_is_nobody(rulebook: Rulebook, tmp_path: Path, footer: str) -> None:
    path = written(
        tmp_path / "in.csv", "record_id,age_years", "a,34", "Totally,35", "total-7,36", f"{footer},"
    )
    found = read(rulebook, path)
    assert found.frame["record_id"].to_list() == ["a", "Totally", "total-7"]
    assert ["stands below a table" in each.reason for each in found.rejects] == [True]


def test_documents_of_json_are_refused_with_what_makes_lines_of_them(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    rows = [{"record_id": "a", "age_years": 34}]
    for document, said in (
        (json.dumps(rows), r"jq -c '\.\[\]' FILE"),
        (json.dumps(rows, indent=1), r"jq -c '\.\[\]' FILE"),
        (json.dumps({"data": rows}), r"jq -c '\.data\[\]' FILE"),
    ):
        with pytest.raises(ProblemsError, match=said):
            read(rulebook, written(tmp_path / "in.json", document))


SITES = [
    "below_kneecap", "around_behind_kneecap", "above_kneecap", "outer_side", "inner_side", "back_of_knee",
    "shin_bump", "muscle", "cannot_localise",
]  # fmt: skip
LIME: dict[str, tuple[list[str], list[bool | None]]] = {
    "shown": (["Y", *[""] * 8], [True, *[False] * 8]),
    "not shown": (["N/A"] * 9, [None] * 9),
    "some not shown": (["Y", "N/A", *[""] * 7], [True, None, *[False] * 7]),
    "all shown are ticked": (["Y", *["N/A"] * 8], [True, *[None] * 8]),
    "nothing ticked": ([*[""] * 9], [None] * 9),
}


def test_what_limesurvey_did_not_show_is_open(rulebook: Rulebook, tmp_path: Path) -> None:
    header = ["id", "record_id", *(f"pain_site[{each}]" for each in SITES), "running_status", "weeks_off"]
    rows = [["1", name, *cells, "-oth-", "N/A"] for name, (cells, _) in LIME.items()]
    path = as_csv(tmp_path / "in.csv", [header, *rows])
    found = read(rulebook, path)
    assert found.rejects == []
    frame = found.frame
    assert frame["running_status"].null_count() == frame["weeks_off"].null_count() == len(rows)
    for name, row in zip(
        frame["record_id"], frame.select(f"pain_site___{each}" for each in SITES).rows(), strict=True
    ):
        assert list(row) == LIME[name][1], name
    assert (
        "N/A (not shown) and -oth- (another answer) are read as not answered"
        in batch(path, tmp_path / "o").err
    )
    told = read(rulebook, path, How(na=("NULL",)))
    assert len(told.rejects) == len(rows)
    plain = as_csv(tmp_path / "plain.csv", [["record_id", "weeks_off"], ["a", "N/A"]])
    assert len(read(rulebook, plain).rejects) == 1


def test_an_object_where_words_are_asked_is_told_as_one(rulebook: Rulebook, tmp_path: Path) -> None:
    """Ticks by name may say what is not ticked, too: nobody guesses, and the program's own words stay out."""
    wrong = {
        "warning_signs": {"calf_swollen": False},
        "pain_timing": {"after_next_day": True},
        "warning_signs___dark_urine": {"ticked": 3.5},
    }
    path = written(
        tmp_path / "in.jsonl",
        "".join(json.dumps({"record_id": name, name: given}) + "\n" for name, given in wrong.items()),
    )
    reasons = {each.line: each.reason for each in read(rulebook, path).rejects}
    assert [reasons[line].partition(";")[0].partition(", or")[0] for line in (1, 2, 3)] == [
        "warning_signs: takes a list of words, not an object",
        "pain_timing: takes one word, not an object",
        "warning_signs___dark_urine: takes 1 or 0",
    ]
    assert """not '{"ticked": "3.5"}'""" in reasons[3]
