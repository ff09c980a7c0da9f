"""What is written otherwise in two rulebooks: entry by entry, and within an entry key by key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Limits, Names, Written, as_written

Sort = Literal["meaning", "weeks", "text", "source", "example", "approval"]
"""What an edit is of: the logic, the weeks of a plan, words, where it is from, examples, who approved it."""

_SORTS: Mapping[str, Sort] = {
    "sources": "source",
    "source": "source",
    "looked_at": "source",
    "examples": "example",
    "review": "approval",
    "redundant": "text",
    "strength": "source",
    "unit": "meaning",
}
"""Fields of which a name or a shape does not say what they are, wherever they stand."""

_OF_KIND: Mapping[str, Sort] = {
    "source": "source",
    "evidence": "source",
    "hazard": "text",
    "background": "text",
    "code": "text",
    "exercise": "text",
    "title": "text",
    "files asked": "text",
    "invariant": "example",
    "schedule": "weeks",
    "enrolment": "weeks",
}
"""Kinds of entry none of which the solver sees: what an edit of one is, whatever it is of. Invariants demand,
as examples do, and decide nothing; of the schedule and the enrolment only their words are texts."""


_IN_ORDER = ("triage level", "pattern", "intervention", "section", "question")
"""Kinds of entry of which the order counts: the strongest level stands first, and what presses most."""


class Edit(NamedTuple):
    """One thing that is written otherwise."""

    kind: str
    """Of the entry: rule, question, pattern, …"""
    name: str
    path: str
    """Where in it, as `options.muscle.text`; empty where the entry is new or gone."""
    was: Any
    """As it would be written; None where there was nothing."""
    now: Any
    sort: Sort

    @property
    def words(self) -> str:
        """What happened: added, removed or changed."""
        if self.was is None:
            return "added"
        return "removed" if self.now is None else "changed"


def edits_between(old: Rulebook, new: Rulebook) -> tuple[Edit, ...]:
    """All that is written otherwise, in the order of the entries."""
    before, after = _entries(old), _entries(new)
    found: list[Edit] = []
    for key in dict.fromkeys((*before, *after)):
        kind, name = key
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            whole = [None if each is None else as_written(each) for each in (was, now)]
            found.append(Edit(kind, name, "", whole[0], whole[1], _OF_KIND.get(kind, "meaning")))
        elif was != now:
            found += (_of_kind(Edit(kind, name, *each)) for each in _differences(was, now, "", None))
    return (*found, *_orders(before, after))


def _orders(before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]) -> Iterator[Edit]:
    """Kinds whose entries stand in another order, from the first that moved to the last."""
    both = {*before} & {*after}
    for kind in _IN_ORDER:
        was, now = (
            [name for each, name in some if each == kind and (each, name) in both] for some in (before, after)
        )
        moved = [place for place, pair in enumerate(zip(was, now, strict=True)) if pair[0] != pair[1]]
        if moved:
            part = slice(moved[0], moved[-1] + 1)
            yield Edit(kind, kind, "order", was[part], now[part], "meaning")


def _of_kind(edit: Edit) -> Edit:
    wanted = _OF_KIND.get(edit.kind)
    if wanted is None or (wanted == "weeks" and edit.sort == "text"):
        return edit
    return edit._replace(sort=wanted)


def _entries(book: Rulebook) -> dict[tuple[str, str], Any]:
    """Everything written in a rulebook, by kind and name; of a part not what it has from its main one."""
    base = book.base
    found: dict[tuple[str, str], Any] = {("title", "rulebook"): _titled(book)}
    groups: list[tuple[str, Iterable[tuple[str, Any]]]] = [
        ("rule", ((rule.id, rule.written) for rule in book.rules.values() if rule.written is not None)),
        ("section", book.sections.items()),
        ("quantity", book.quantities.items()),
        ("question", book.questions.items()),
        ("measure", book.measures.items()),
        ("finding", book.findings.items()),
        ("triage level", book.triage.items()),
        ("pattern", book.patterns.items()),
        ("intervention", book.interventions.items()),
        ("parameter", book.parameters.items()),
        ("plan value", _plan(book)),
        ("exercise", book.exercises.items()),
        ("invariant", ((each.id, each.written) for each in book.invariants)),
    ]
    for kind, entries in groups:
        found |= {(kind, name): each for name, each in entries}
    found |= {(kind, kind): each for kind, each in _alone(book) if each is not None}
    if base is None:
        found |= {("evidence", each.id): each for each in book.evidence}
        found |= {("hazard", each.id): each for each in book.hazards}
        found |= {("background", each.id): each for each in book.background}
        found |= {("source", name): each for name, each in book.sources.by_name.items()}
        return found
    inherited = _entries(base)
    return {key: each for key, each in found.items() if key[0] == "title" or inherited.get(key) != each}


def _titled(book: Rulebook) -> Any:
    """What a rulebook says of itself, but for its version, which follows from all else."""
    return {name: each for name, each in book.identity.plain().items() if name != "version"}


def _plan(book: Rulebook) -> Iterator[tuple[str, Any]]:
    counts: dict[str, int] = {}
    for item in book.plan:
        counts[item.key] = counts.get(item.key, 0) + 1
        yield item.key if counts[item.key] == 1 else f"{item.key} ({counts[item.key]})", item


def _alone(book: Rulebook) -> Iterator[tuple[str, Any]]:
    yield "schedule", book.schedule
    yield "enrolment", book.enrolment
    yield "files asked", book.history
    yield "code", book.codes


_Difference = tuple[str, Any, Any, Sort]


def _differences(was: Any, now: Any, path: str, sort: Sort | None) -> Iterator[_Difference]:
    """What differs between two values, down to where it does; `sort` is known once a field settled it."""
    if was == now:
        return
    if isinstance(was, Written) and type(was).plain is not Written.plain:
        was, now = as_written(was), as_written(now)  # a condition is told as it is written
    if isinstance(was, Written) and type(was) is type(now):
        keys = type(was).fields()
        blank = type(was).defaults()
        shapes = get_type_hints(type(was), include_extras=True)
        for name, key in keys.items():
            one, other = getattr(was, name), getattr(now, name)
            if one != other:
                of_field = sort or _SORTS.get(key) or ("text" if _says_only(shapes[name]) else None)
                here = _below(path, key)
                if name in blank and blank[name] in (one, other):
                    before, after = (
                        None if each == blank[name] else as_written(each) for each in (one, other)
                    )
                    yield here, before, after, of_field or "meaning"
                else:
                    yield from _differences(one, other, here, of_field)
        return
    one, other = (_by_name(each) for each in (was, now))
    if one is not None and other is not None:
        for key in dict.fromkeys((*one, *other)):
            if key in one and key in other:
                yield from _differences(one[key], other[key], _below(path, key), sort)
            else:
                before, after = (as_written(each[key]) if key in each else None for each in (one, other))
                yield _below(path, key), before, after, sort or "meaning"
        if [key for key in one if key in other] != [key for key in other if key in one]:
            yield _below(path, "order"), [*one], [*other], sort or "meaning"
        return
    if _alike(was, now):
        for place, (one, other) in enumerate(zip(was, now, strict=True), start=1):
            yield from _differences(one, other, _below(path, str(place)), sort)
        return
    yield path, as_written(was), as_written(now), sort or "meaning"


def _alike(was: Any, now: Any) -> bool:
    """Whether two lists have the same length and differ in one place alone."""
    if not (isinstance(was, tuple | list) and isinstance(now, tuple | list)) or len(was) != len(now):
        return False
    return sum(int(one != other) for one, other in zip(was, now, strict=True)) == 1


def _by_name(value: Any) -> Mapping[str, Any] | None:
    """The parts of a value that have a name each, or None."""
    if isinstance(value, Mapping):
        return {str(key): each for key, each in value.items()}
    if isinstance(value, tuple | list) and value and all(isinstance(each, Written) for each in value):
        names = [getattr(each, "id", None) or getattr(each, "key", None) for each in value]
        if all(isinstance(name, str) for name in names) and len({*names}) == len(names):
            return dict(zip(map(str, names), value, strict=True))
    return None


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _says_only(shape: Any) -> bool:
    """Whether a field holds words that nothing goes by."""
    if get_origin(shape) is Annotated:
        inner, *marks = get_args(shape)
        named = any(isinstance(mark, Names) and mark.kind != "text" for mark in marks)
        formed = any(isinstance(mark, Limits) and mark.pattern for mark in marks)
        return not named and not formed and _says_only(inner)
    origin, arguments = get_origin(shape), get_args(shape)
    if origin is tuple:
        return _says_only(arguments[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _says_only(arguments[1])
    return shape is str
