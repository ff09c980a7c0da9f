"""A name changed everywhere: the rulebook says what it said, and nothing but the name is another."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args, get_origin

import pytest

from afterrun import AfterrunError, Rulebook, UnknownNameError, assess, check_in
from afterrun.rulebook import NotRenamed, load_every_part, rename
from afterrun.rulebook.reading.validation import fields_of
from afterrun.rulebook.renaming.names import Kind, Named, things_called
from afterrun.rulebook.renaming.rename import _changed, _rulebook_files, _shape, _spots, _spots_of_cases
from afterrun.rulebook.renaming.spots import Spot
from afterrun.rulebook.schema import INVARIANTS, KNOWLEDGE, RULES, Id, KebabId, Limits, Names, Written
from afterrun.verify import check_rulebook
from afterrun.verify.cases import NAMES_IN_CASES, WrittenCase, differences, form_of, read_cases
from tests.support.paths import DATA
from tests.support.rulebooks.copies import copied, spoil
from tests.support.rulebooks.small import write_small

CASES = ("cases.jsonl", "check_in_cases.jsonl")
UNREAD = "cannot be read, so that nothing was renamed: a comma or a ']' is missing before this"


def test_every_text_of_the_form_of_a_name_is_marked_with_what_it_names() -> None:
    """Whoever adds a field to the schema says of its texts what they name, or nothing is renamed there."""
    forms = {get_args(each)[1].pattern for each in (Id, KebabId)}
    found = 0
    for shape in (RULES, INVARIANTS, *KNOWLEDGE.values()):
        for where, text in _texts(shape, "", set()):
            marks = get_args(text)[1:]
            if any(isinstance(each, Limits) and each.pattern in forms for each in marks):
                found += 1
                assert any(isinstance(each, Names) for each in marks), f"{where}: mark it with `Names`"
    assert found > 100


def _texts(shape: Any, where: str, seen: set[Any]) -> Iterator[tuple[str, Any]]:
    """Every marked shape in a shape, and the field that it stands in."""
    if get_origin(shape) is Annotated:
        yield where, shape
    if isinstance(shape, type) and issubclass(shape, Written) and shape not in seen:
        seen.add(shape)
        for field, each in fields_of(shape).items():
            yield from _texts(each, f"{shape.__name__}.{field}", seen)
    for each in get_args(shape):
        yield from _texts(each, where, seen)


class _Everything(NamedTuple):
    """Names that are all changed at once, each with another ending, or back."""

    names: dict[str, list[Named]]
    back: bool = False

    def renamed(self, spot: Spot, new: str) -> str | None:
        subject = spot.name.split(".")[1] if "." in spot.name else spot.name
        for each in self.names.get(subject.removesuffix("_zz").removesuffix("-zz"), ()):
            old, fresh = each.name, f"{each.name}{'-zz' if each.kind == 'finding' else '_zz'}"
            now, new = (fresh, old) if self.back else (old, fresh)
            changed = each._replace(name=now, too=tuple(one._replace(name=now) for one in each.too))
            if (found := changed.renamed(spot, new)) is not None:
                return found
        return None


def _all_names(parts: tuple[Rulebook, ...], kind: str) -> dict[str, list[Named]]:
    """Everything of a kind, but for what units and an enrolment go by without naming it."""
    diary = parts[1].enrolment.diary if parts[1].enrolment else None
    assert diary is not None
    units = {each.unit_key for each in parts[0].quantities.values()}
    kept = {*units, diary.programme, diary.looks_back_on}
    found: dict[str, list[Named]] = {}
    for part in parts:
        names = {
            "question": part.questions,
            "measure": part.measures,
            "finding": part.findings,
            "pattern": part.patterns,
            "intervention": part.interventions,
            "parameter": part.parameters,
            "plan": [item.key for item in part.plan],
            "option": [each.id for one in part.questions.values() for each in one.options],
        }[kind]
        for name in names:
            found[name] = [
                each
                for each in things_called(name, parts)
                if any(one.kind == kind for one in each.whole)
                and not each.questions & units
                and not (each.kind in ("question", "measure") and name in kept)
            ]
    return found


def _rewrite(folder: Path, everything: _Everything) -> int:
    """All names changed in the files of a folder; gives at how many places."""
    by: Any = everything
    places = 0
    for path in [*_rulebook_files(folder), *(folder / name for name in CASES)]:
        cases = path.suffix == ".jsonl"
        shape = NAMES_IN_CASES if cases else _shape(path.relative_to(folder))
        change = _changed(path, (_spots_of_cases if cases else _spots)(path, shape), by, "")
        path.write_bytes(change.after.encode())
        places += change.places
    return places


@pytest.fixture(scope="module")
def parts() -> tuple[Rulebook, ...]:
    return load_every_part()


def _cases_of(folder: Path, part: Rulebook) -> list[WrittenCase]:
    name = CASES[part.enrolment is not None]
    return read_cases([(name, (folder / name).read_text(encoding="utf-8"))], form_of(part))


def _result(part: Rulebook, case: WrittenCase) -> dict[str, Any]:
    if part.enrolment is None:
        return assess(part, case.answers, engine="compiled").to_dict()
    return check_in(part, case.answers, engine="compiled").to_dict()


@pytest.mark.slow
@pytest.mark.parametrize("kind", get_args(Kind))
def test_names_of_a_kind_changed_leave_every_result_as_it_was_and_changed_back_every_byte(
    tmp_path: Path, parts: tuple[Rulebook, ...], kind: str
) -> None:
    folder, names = copied(tmp_path), _all_names(parts, kind)
    for name in CASES:
        shutil.copy(DATA / name, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    places = _rewrite(folder, _Everything(names))
    assert places > len(names)
    renamed = load_every_part(folder)
    assert check_rulebook(*renamed) == []
    for was, now in zip(parts, renamed, strict=True):
        assert len(was.rules) == len(now.rules)
        cases = _cases_of(folder, now)
        for case in cases[:: max(1, len(cases) // 25)]:
            expect = {key: value for key, value in case.expect.items() if key != "weeks"}
            assert list(differences(_result(now, case), expect)) == [], case.id
        assert [case.id for case in cases] == [case.id for case in _cases_of(DATA, was)]
    assert _rewrite(folder, _Everything(names, back=True)) == places
    assert {path: path.read_bytes() for path in before} == before


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rulebook with a file of cases; whoever writes into it puts it back."""
    folder = copied(tmp_path_factory.mktemp("copy"))
    shutil.copy(DATA / "cases.jsonl", folder)
    return folder


@pytest.mark.slow
def test_a_name_changed_and_changed_back_leaves_every_byte_as_it_was(copy: Path) -> None:
    old, new = "warning_signs.fever_unwell", "ill"
    files = [*_rulebook_files(copy), copy / "cases.jsonl"]
    before = {file: file.read_bytes() for file in files}
    renaming = rename(copy, old, new, [copy / "cases.jsonl"], NAMES_IN_CASES)
    assert {file: file.read_bytes() for file in files} == before
    renaming.write()
    after = {file: file.read_bytes() for file in files}
    assert {file for file in files if after[file] != before[file]} == {each.file for each in renaming.changes}
    back = rename(copy, new, old.split(".")[-1], [copy / "cases.jsonl"], NAMES_IN_CASES)
    back.write()
    assert {file: file.read_bytes() for file in files} == before
    assert [each.places for each in back.changes] == [each.places for each in renaming.changes]


REFUSED: dict[tuple[str, str], str] = {
    ("pain_site", "pain_timing"): "'pain_timing' is taken: it is a question. Choose another name",
    ("pain_site", "tendon_weeks"): "'tendon_weeks' is taken: it is a key of the plan. Choose another name",
    ("pain_site", "at_least"): "'at_least' is taken: it is a word that begins a condition",
    (
        "pain_site",
        "Pain-Site",
    ): "small letters, digits and '_', as in first_choice. Did you mean 'pain_site'?",
    (
        "relapse-on-return",
        "came_back",
    ): "in words joined by '-', as in first-choice. Did you mean 'came-back'?",
    ("squat", "jump_hop"): "'jump_hop' is taken: it is an option of 'provoked_by'. Choose another name",
    ("squat", "unknown"): "'unknown' is taken: it is a word with a meaning of its own",
    ("pain_sight", "x"): "key of the plan 'pain_sight'. Did you mean 'pain_site'?",
    ("pain_site.squad", "x"): "there is no option 'pain_site.squad'. Did you mean ",
    ("none", "x"): "say which: equipment.none, ",
    ("question.volume_unit", "x"): "keeps its name: answers with a unit are read by it",
    ("ramp_pct", "x"): "'ramp_pct' stands for 2 things: say which: question.ramp_pct, parameter.ramp_pct",
    ("parameter.ramp_pct", "buffer_pct"): "'buffer_pct' is taken: it is a parameter. Choose another name",
    ("plan.ramp_pct", "pain_site"): "'pain_site' is taken: it is a question. Choose another name",
    ("tendon_weeks", "amount"): "'amount' is taken: it is what a sentence of a week may say in braces",
    ("intervention.tendon_laoding", "x"): "there is no intervention 'intervention.tendon_laoding'. "
    "Did you mean 'intervention.tendon_loading'?",
}


@pytest.mark.slow
def test_a_name_that_cannot_be_changed_or_had_is_refused(
    copy: Path, parts: tuple[Rulebook, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is loaded is the same each time; to load it once is enough.
    monkeypatch.setattr("afterrun.rulebook.renaming.rename.load_every_part", lambda folder: parts)
    for (old, new), words in REFUSED.items():
        with pytest.raises(AfterrunError) as caught:
            rename(copy, old, new)
        assert isinstance(caught.value, NotRenamed | UnknownNameError)
        assert words in str(caught.value), (old, new)


@pytest.mark.slow
def test_what_would_not_hold_together_is_refused_with_its_reason(copy: Path) -> None:
    with pytest.raises(NotRenamed, match=r"(?s)would not hold together:.*there is no question 'week'"):
        rename(copy, "week", "week_of_it")


@pytest.mark.slow
def test_a_file_that_cannot_be_written_leaves_all_as_they_were(tmp_path: Path) -> None:
    copied(tmp_path)
    renaming = rename(tmp_path, "pain_site", "where_it_hurts")
    last = renaming.changes[-1].file
    kept = {each.file: each.file.read_bytes() for each in renaming.changes[:-1]}
    last.unlink()
    last.mkdir()
    with pytest.raises(AfterrunError):
        renaming.write()
    assert {file: file.read_bytes() for file in kept} == kept


@pytest.mark.slow
def test_a_rulebook_in_a_folder_of_any_name_is_renamed(tmp_path: Path) -> None:
    for name in ("rules", "knowledge"):
        assert rename(copied(tmp_path / name), "pain_site", "where_it_hurts").changes


@pytest.mark.slow
def test_a_link_stays_one_and_a_file_that_is_named_twice_is_written_once(tmp_path: Path) -> None:
    folder = copied(tmp_path / "copy")
    file = folder / "rules/findings.yaml"
    elsewhere = file.rename(tmp_path / "findings.yaml")
    file.symlink_to(elsewhere)
    cases, link = tmp_path / "cases.yaml", tmp_path / "linked.yaml"
    cases.write_text("- {id: a, answers: {pain_site: [muscle]}, expect: {}}\n", encoding="utf-8")
    link.symlink_to(cases)
    renaming = rename(folder, "pain_site", "where_it_hurts", [link, cases, cases], NAMES_IN_CASES)
    assert [each.places for each in renaming.changes if each.file.parent == tmp_path] == [1]
    renaming.write()
    assert file.is_symlink()
    assert link.is_symlink()
    for written in (elsewhere, cases):
        assert "where_it_hurts" in written.read_text(encoding="utf-8")
        assert "pain_site" not in written.read_text(encoding="utf-8")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small rulebook in a folder of its own."""
    (tmp_path / "small").mkdir()
    return write_small(tmp_path / "small")


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("separators", [(",", ":"), ("\t, ", " :\t")])
def test_whatever_a_case_of_json_may_hold_stays_as_it_is(
    small: Path, separators: tuple[str, str], escaped: bool
) -> None:
    why = "".join(map(chr, (*range(1, 0x3000), *range(0xFE00, 0x10000), 0x1F9B5)))
    case = {"id": "a", "title": "A", "answers": {"sore": "hard"}, "expect": {"triage": "soon"}, "why": why}
    line = json.dumps(case, ensure_ascii=escaped, separators=separators).replace("/", "\\/")
    file = small / "cases.jsonl"
    other = line.replace('"a"', '"b"')
    third = line.replace('"a"', '"c"')
    file.write_bytes(f"{line}\r\n\n{other}\r{third}\n".encode())
    before = read_cases([(file.name, file.read_bytes())])
    renaming = rename(small, "sore", "sour", [file], NAMES_IN_CASES)
    renaming.write()
    after = read_cases([(file.name, file.read_bytes())])
    assert [each.answers for each in after] == [{"sour": "hard"}] * 3
    assert [each.why for each in after] == [each.why for each in before]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("cases.jsonl", b'{"id": "\xc2\x85"}\n{"answers": {"sore": [1}}\n', f"2: {UNREAD}"),
        ("cases.YAML", b"- id: a\n\n- answers: {sore: [hard}\n", f"3: {UNREAD}"),
        ("cases.jsonl", b'\n{"id": "\xff"}\n', "2: is not in UTF-8 here"),
    ],
)
def test_a_file_of_cases_that_cannot_be_read_is_told_with_line_and_reason(
    small: Path, name: str, text: bytes, told: str
) -> None:
    file = small / name
    file.write_bytes(text)
    with pytest.raises(NotRenamed) as caught:
        rename(small, "sore", "sour", [file], NAMES_IN_CASES)
    assert str(caught.value).startswith(f"{file}:{told}")


@pytest.mark.slow
def test_layout_quotes_and_comments_stay_and_what_still_says_the_old_name_is_told(tmp_path: Path) -> None:
    copied(tmp_path)
    file = "rules/findings.yaml"
    spoil(tmp_path, file, "    pain_timing: {one_of", "    'pain_timing' :   {one_of")
    spoil(
        tmp_path,
        file,
        "- id: came-back-on-return",
        "# By pain_timing, see above.\r\n- id: came-back-on-return",
    )
    renaming = rename(tmp_path, "pain_timing", "when_it_hurts")
    (change,) = (each for each in renaming.changes if each.file == tmp_path / file)
    assert "    'when_it_hurts' :   {one_of" in change.after
    assert change.after.replace("when_it_hurts", "pain_timing") == change.before
    assert [each.split(": ", 1)[1] for each in renaming.left if file in each] == [
        "# By pain_timing, see above."
    ]
    assert "+ 'when_it_hurts' :   {one_of: [after_within_hours" in "\n".join(change.diff)
