"""YAML 1.2 text in, plain values out, each with the line it came from.

PyYAML reads YAML 1.1, where `no` and `yes` are booleans; only its scalar resolution is replaced
here, by the YAML 1.2 core schema, so that `injury_onset: no` stays the text it looks like.
A value is what it looks like, and nothing else: explicit tags are refused, and so are numbers of absurd
size, before anything is made of them.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from afterrun.errors import DocumentError, Problem
from afterrun.rulebook.numerals import TOO_LONG, number_of
from afterrun.rulebook.yaml12.faults import syntax_problem

_Lines = dict[tuple[str | int, ...], int]

DEEPEST = 100
"""Levels of nesting that a document may have."""

DASH_MISSING = "a dash ('- ') is missing before this line: another entry of the list begins here"
NAMING = ("id", "key")
"""The keys with which an entry of a list begins."""

_TAG = "tag:yaml.org,2002:"
_ENDLESS_OR_NONE = (".inf", ".nan")

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:
    # Wheels of PyYAML without libyaml exist; they are slower and read the same.
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]


class _Loader(_SafeLoader):
    """A safe loader that resolves plain scalars by the YAML 1.2 core schema."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 (the base class declares it so)


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:[-+]?[0-9]+)$", list("-+0123456789")),
    (
        "float",
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        list("-+0123456789."),
    ),
):
    _Loader.add_implicit_resolver(f"{_TAG}{_tag}", re.compile(_pattern), _first)


def _integer(loader: Any, node: yaml.ScalarNode) -> int:
    # YAML 1.1 would read 010 as octal.
    return int(loader.construct_scalar(node))


_Loader.add_constructor(f"{_TAG}int", _integer)


def compose(text: str, file: str) -> tuple[Any, _Lines]:
    """The values of one document, and the line of every path in them; see `read_yaml`."""
    _refuse_tags_and_deep_nesting(text, file)
    loader = _Loader(text)
    lines: _Lines = {}
    problems: list[Problem] = []
    try:
        node = loader.get_single_node()
        if node is not None:
            _note_lines(node, (), lines, problems, file, set())
        if problems:
            raise DocumentError(problems)
        data = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        raise DocumentError([syntax_problem(error, text, file)]) from error
    except RecursionError as error:
        raise DocumentError([Problem("nested too deeply", file, 1)]) from error
    except ValueError as error:
        raise DocumentError([Problem("not YAML: holds a value that cannot be made", file, 1)]) from error
    finally:
        loader.dispose()
    return data, lines


def _refuse_tags_and_deep_nesting(text: str, file: str) -> None:
    """Raise DocumentError for what may not even be composed.

    libyaml does that by recursion in C, and deep nesting ends the process; a tag would have a value made
    that is not what it looks like.
    """
    depth = 0
    tags: list[Problem] = []
    try:
        for event in yaml.parse(text, Loader=_Loader):
            tag = getattr(event, "tag", None)
            if tag is not None:
                line = event.start_mark.line + 1 if event.start_mark else 1
                tags.append(
                    Problem(f"a tag, '{tag.replace(_TAG, '!!')}'; write the value without it", file, line)
                )
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    line = event.start_mark.line + 1 if event.start_mark else 1
                    raise DocumentError([Problem("nested too deeply", file, line)])
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return  # reading it tells what is wrong, with its place
    if tags:
        raise DocumentError(tags)


def _note_lines(
    node: yaml.Node,
    path: tuple[str | int, ...],
    lines: _Lines,
    problems: list[Problem],
    file: str,
    visited: set[int],
) -> None:
    line = node.start_mark.line + 1
    lines[path] = line
    if isinstance(node, yaml.ScalarNode):
        if _is_absurd(node):
            problems.append(Problem(TOO_LONG, file, line, ".".join(map(str, path))))
        return
    if id(node) in visited:
        problems.append(Problem("an alias; write the value out", file, line))
        return
    visited.add(id(node))
    if isinstance(node, yaml.MappingNode):
        several: bool | None = None  # whether it holds what belongs to several entries of a list
        begun = False
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                problems.append(Problem("a key must be a plain word", file, line))
                continue
            if _is_absurd(key):
                problems.append(Problem(TOO_LONG, file, line))
            before = lines.get((*path, key.value))
            if before is not None and several is None:
                several = _holds_several(node, path)
            if several and key.value == node.value[0][0].value and before is not None:
                first, here = (before, _named(*node.value[0])), (line, _named(key, value))
                rows = [here] if begun or _is_entry(path) else [first, here]
                problems += (Problem(DASH_MISSING, file, each, named) for each, named in rows)
                begun = True
            elif before is not None and not begun:
                problems.append(Problem("written twice in one mapping", file, line, key.value))
            # What a key holds that stands there already is no part of the first.
            where = lines if before is None else {}
            _note_lines(value, (*path, key.value), where, problems, file, visited)
            lines[(*path, key.value)] = line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note_lines(item, (*path, index), lines, problems, file, visited)


def _holds_several(node: yaml.MappingNode, path: tuple[str | int, ...]) -> bool:
    """Whether a mapping in which a key stands twice is several entries of a list, all but one without dash.

    Then its first key begins each of them; where that is a name, others come again after it.
    """
    keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
    if node.flow_style or keys[0] not in keys[1:]:
        return False
    again = keys.index(keys[0], 1)
    before, behind = set(keys[1:again]), keys[again + 1 :]
    return not before.isdisjoint(behind) if keys[0] in NAMING else _is_entry(path)


def _named(key: yaml.ScalarNode, value: yaml.Node) -> str:
    """What an entry that begins with a key is known by."""
    is_name = key.value in NAMING and isinstance(value, yaml.ScalarNode)
    return str(value.value if is_name else key.value)


def _is_entry(path: tuple[str | int, ...]) -> bool:
    return bool(path) and isinstance(path[-1], int)


def _is_absurd(node: yaml.ScalarNode) -> bool:
    """A number that no arithmetic could bear; it is never made."""
    if node.tag not in (f"{_TAG}int", f"{_TAG}float"):
        return False
    text = node.value.lower()
    return not text.endswith(_ENDLESS_OR_NONE) and number_of(text) is None
