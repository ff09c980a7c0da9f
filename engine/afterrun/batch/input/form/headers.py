"""The columns of an input file: which question, option or unit each one holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from afterrun.batch.input.form.columns import REJECT_PREFIX, Column, Role, few
from afterrun.batch.input.form.dictionary import Field, places_by_code, renamed_ticks, units_by_code
from afterrun.batch.input.form.names import NEAR, RAW, UNREAD, Found, Names, folded
from afterrun.batch.input.form.near import as_option, meant_columns, misspelt, rename_words
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.input.layout import SEPARATOR
from afterrun.errors import Problem, UnknownNameError, nearest
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook, engine_of

FRONT = ("reject_file", "reject_line", "reject_reason", "reject_question", RAW, UNREAD)
"""The columns in front of a rejected row."""
NO_RECORDS = f"has no {RECORD_ID}: its rows are known by their lines alone, and none is found to come twice"
_SAYS_NOTHING: tuple[Role, ...] = ("record_id", "occasion", "unit", "raw", "unread", "other")


class Headers(NamedTuple):
    """All columns of a file, what was passed over, and what is wrong."""

    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]
    manners: frozenset[str] = frozenset()
    """Which programs write columns as these are."""
    whole: bool = True
    """Whether a question that has no column here has none at all."""


def of_quarantine(names: Iterable[str]) -> bool:
    """Whether a file with these columns came from the quarantine, which marks what looks like a formula."""
    return any(name.strip().lower() in FRONT for name in names)


def named(rulebook: Rulebook) -> frozenset[str]:
    """Every column that has a meaning, in lower case."""
    return frozenset(engine_of(rulebook, Names).native)


def resolve(rulebook: Rulebook, names: Sequence[str], file: str, how: How = AS_IT_IS) -> Headers:
    """What each column holds. A file without any question, or with a column twice, has problems."""
    known = engine_of(rulebook, Names)
    renamed, problems = _renamed(names, how)
    fields = {name: Field(name, choices) for name, choices in how.dictionary}
    renamed = _by_dictionary(rulebook, renamed, fields, problems)
    columns: list[Column] = []
    shapes: dict[str, str] = {}
    near: dict[str, str] = {}
    seen: dict[str, str] = {}
    for name, found in zip(names, known.find_all(renamed), strict=True):
        if found is None:
            columns.append(Column(name, "other"))
            continue
        if len(found.columns) > 1:
            problems.append(_two_meanings(name, found))
        column = _as_told(found.columns[0]._replace(name=name), how)
        if column.role in ("choice", "list") and folded(name) in fields:
            places = places_by_code(rulebook.questions[column.key], fields[folded(name)])
            column = column._replace(codes=tuple(places.items()))
        elif column.role == "unit" and folded(name) in fields:
            quantity = next(each for each in rulebook.quantities.values() if each.unit_key == column.key)
            column = column._replace(codes=tuple(units_by_code(quantity, fields[folded(name)]).items()))
        if found.shape == NEAR:
            near[name] = column.key
        elif found.shape:
            shapes.setdefault(found.shape, name)
        what = f"{column.role} {column.key} {column.option}"
        if what in seen:
            problems.append(Problem(f"the column is there twice, as '{seen[what]}' and '{name}'", key=name))
        seen.setdefault(what, name)
        columns.append(column)
    columns = _keyed(columns, how, problems)
    problems += _doubled(columns)
    missing = [
        name for name, each in known.native.items() if f"{each.role} {each.key} {each.option}" not in seen
    ]
    passed_over, slips = [], []
    for column in columns:
        if column.role == "other" and folded(column.name) and folded(column.name) not in known.native:
            problem = misspelt(rulebook, folded(column.name), missing)
            if problem:
                problems.append(problem._replace(key=column.name[:60]))
                slips += [] if SEPARATOR in problem.nearest or not problem.nearest else [column.name]
            elif not folded(column.name).startswith(REJECT_PREFIX):
                passed_over.append(column.name)
    whole = [each for each in missing if known.native[each].role not in ("tick", "occasion")]
    if all(column.role in _SAYS_NOTHING for column in columns):
        slips = []
        problems.append(nothing_known(known, names, file))
    if way := rename_words(meant_columns(slips, whole)):
        problems.append(Problem(f"if these are meant, add {way}"))
    notes = tuple(_notes(columns, shapes, near, passed_over, meant_columns(passed_over, whole)))
    placed = tuple(each._replace(file=file, line=1) for each in problems)
    return Headers(tuple(columns), notes, placed, frozenset(shapes))


def resolve_keys(
    rulebook: Rulebook, lines: Sequence[Collection[str]], file: str, how: How, *, is_whole: bool
) -> Headers:
    """What each key of JSON lines holds, by the first lines.

    One that means nothing is passed over where most lines have it, unless it is surely a slip. Any other is
    left out: lines that have it are refused.
    """
    counted = Counter(key for line in lines for key in line)
    known = engine_of(rulebook, Names)
    told = {folded(name) for name in (*how.key, *(theirs for theirs, _ in how.rename))}
    found = dict(zip(counted, known.find_all(list(counted)), strict=True))
    # A name that is only near is taken once; what other lines call otherwise is looked up line by line.
    first = {
        each.columns[0]: key
        for key, each in sorted(found.items(), key=lambda each: each[1] is not None and each[1].shape != NEAR)
        if each is not None
    }
    meant = [
        key
        for key, times in counted.items()
        if ((each := found[key]) and (each.shape != NEAR or first[each.columns[0]] == key))
        or folded(key) in told
        or (2 * times > len(lines) and not each and not misspelt(rulebook, folded(key), known.native))
    ]
    # What is told of codes, and what is doubted of them, holds for a key that only later lines have, too.
    columns = [each.columns[0] for key in meant if (each := found[key])]
    there = {each.key for each in columns if each.role != "tick"}
    coded = {"choice", "list", "unit"}
    late = [name for name, each in known.native.items() if each.role in coded and each.key not in there]
    late = [] if is_whole else late
    alike = {folded(key): key for key in reversed([*meant, *late])}
    names = list(reversed(alike.values()))
    headers = resolve(rulebook, names, file, how)
    nothing = nothing_known(known, names, file)
    problems = tuple(each for each in headers.problems if each != nothing)
    seen = {each.role for each in headers.columns if each.name not in late}
    # A line that names only its record is an intake without answers; with keys that mean nothing it is none.
    if counted and seen <= {*_SAYS_NOTHING} and ("other" in seen or not seen & {"record_id", "unit"}):
        problems += (nothing_known(known, list(counted), file),)
    return headers._replace(problems=problems)


def meanings_of(rulebook: Rulebook, how: How, names: Sequence[str]) -> list[tuple[Column, bool] | None]:
    """What each cell of a row would say if that were the header, and whether it stands above answers."""
    found = engine_of(rulebook, Names).find_all(_renamed(names, how)[0])
    return [each and (each.columns[0], each.columns[0].role not in _SAYS_NOTHING) for each in found]


def refuse_unknown(rulebook: Rulebook, how: How) -> None:
    """Raise UnknownNameError for a question or column, named by whoever runs a batch, that there is not."""
    several = [each.id for each in rulebook.questions.values() if each.type == "multi"]
    for name in how.assume_asked:
        if name not in several:
            raise UnknownNameError("question of several options", name, several)
    known = engine_of(rulebook, Names)
    for _, name in how.rename:
        if known.find(name) is None:
            raise UnknownNameError("column", name, known.native)


def _renamed(names: Sequence[str], how: How) -> tuple[list[str], list[Problem]]:
    """The names that the columns should have had, and a problem for each renaming that finds no column."""
    new = {folded(theirs): ours for theirs, ours in how.rename}
    there = set(map(folded, names))
    problems = [
        Problem("there is no such column to rename", key=theirs, nearest=nearest(folded(theirs), there))
        for theirs, ours in how.rename
        if folded(theirs) not in there and not any(folded(ours) == each for each in there)
    ]
    return [new.get(folded(name), name) for name in names], problems


def _by_dictionary(
    rulebook: Rulebook, names: Sequence[str], fields: Mapping[str, Field], problems: list[Problem]
) -> list[str]:
    """The names, columns of single options by what their code means; a problem for one that means none."""
    renamed = []
    for name in names:
        base, code = as_option(rulebook, folded(name))
        if base in fields:
            question, column = rulebook.questions[base], f"{base}{SEPARATOR}{code}"
            words = {each.lower(): text for each, text in fields[base].choices}
            meant = renamed_ticks(question, fields[base])
            if code in words and column not in meant:
                said = (
                    f"by the dictionary it is '{words[code][:60]}', and no option of {base} has these words"
                )
                problems.append(Problem(said, key=name))
            elif code not in words and code not in [option.id for option in question.options]:
                said = f"the dictionary has no code {code[:40]} for {base}, so what it means is not known"
                problems.append(Problem(said, key=name))
            name = meant.get(column, name)
        renamed.append(name)
    return renamed


def _as_told(column: Column, how: How) -> Column:
    return column._replace(assumed=column.role == "tick" and column.key in how.assume_asked)


def _two_meanings(name: str, found: Found) -> Problem:
    meant = " or ".join(f"'{each.key}'" for each in found.columns)
    return Problem(f"these words are those of {meant}; say which with --rename", key=name)


def _keyed(columns: Iterable[Column], how: How, problems: list[Problem]) -> list[Column]:
    """The columns, those that tell rows of one record apart marked as such."""
    wanted = {folded(name) for name in how.key}
    made = []
    for column in columns:
        name = folded(column.name)
        if how.key and column.role == "occasion":
            column = Column(column.name, "other")
        if name in wanted and column.role == "other":
            column = Column(column.name, "occasion", name)
        elif name in wanted and column.role != "record_id":
            problems.append(Problem("holds answers, so --key cannot tell rows apart by it", key=column.name))
        made.append(column)
    there = {folded(column.name) for column in made}
    problems += [
        Problem("there is no such column for --key", key=name, nearest=nearest(name, there))
        for name in sorted(wanted - there)
    ]
    return made


def _doubled(columns: Iterable[Column]) -> Iterator[Problem]:
    """A problem for each column without meaning that is there twice: its cells could not be kept apart."""
    seen: dict[str, str] = {}
    for column in columns:
        name = folded(column.name)
        if column.role == "other" and name in seen:
            said = f"the column is there twice, as '{seen[name]}' and '{column.name}'"
            yield Problem(said, key=column.name)
        if name:
            seen[name] = column.name


def _notes(
    columns: Sequence[Column],
    shapes: Mapping[str, str],
    near: Mapping[str, str],
    passed_over: Sequence[str],
    meant: Mapping[str, str],
) -> Iterator[str]:
    if near:
        taken = [f"'{name[:40]}' for {key}" for name, key in near.items()]
        yield f"takes {', '.join(taken[:5])}{f' and {len(taken) - 5} more' if len(taken) > 5 else ''}"
    for shape, name in shapes.items():
        manner = "by the rulebook's words" if shape == "labels" else f"as {shape} writes them"
        yield f"reads columns such as '{name[:40]}' {manner}"
    occasions = [column.name for column in columns if column.role == "occasion"]
    if occasions:
        yield f"tells the rows of one {RECORD_ID} apart by {_quoted(occasions)}"
    if passed_over:
        way = rename_words(meant)
        yield f"passed over {_quoted(passed_over)}: no question has this name" + (
            f"; if {', '.join(list(meant.values())[:3])} is meant, add {way}" if way else ""
        )
    if "record_id" not in {column.role for column in columns}:
        yield NO_RECORDS


def nothing_known(known: Names, names: Sequence[str], file: str) -> Problem:
    """What to say of a file none of whose columns is a question."""
    columns = [name for name, each in known.native.items() if each.role not in ("tick", "occasion")]
    way = rename_words(meant_columns([name for name in names if name not in known], columns))
    said = f"; if some are meant, add {way}" if way else "; say which are with --rename THEIRS=OURS,…"
    if not names:
        return Problem("there is no column", file, 1)
    return Problem(f"no column is a question: {_quoted(names)}{said}", file, 1)


def _quoted(names: Sequence[str]) -> str:
    return few([f"'{name[:40]}'" for name in names], "more columns")
