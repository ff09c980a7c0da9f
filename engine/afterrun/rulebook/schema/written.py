"""The root of all that people write: plain frozen values, which a program can also make by itself.

A class says in annotations what may be written. `validation` holds YAML against that; whoever only
uses a rulebook pays for none of it, not even for the methods that a dataclass would have compiled.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Self, dataclass_transform


class Limits(NamedTuple):
    """What a text, a number or a list must keep besides its type; each only where it is given."""

    pattern: str | None = None
    strip_whitespace: bool | None = None
    min_length: int | None = None
    max_length: int | None = None
    ge: int | None = None
    le: int | None = None
    form: str = ""
    """The pattern in words, for whoever missed it: what stands there, and one as an example."""

    def given(self) -> dict[str, Any]:
        """Those that are given, but for the words."""
        return {name: value for name, value in self._asdict().items() if value is not None and name != "form"}


class Names(NamedTuple):
    """Marks a text that names something of the rulebook: whoever renames goes by it, and editors do."""

    kind: str
    offered: bool = True
    """Whether an editor offers what there is of this kind: not where the name is given, and not where it may
    be one of another part, or of several kinds."""


SOME = Limits(min_length=1)
"""Not empty."""

ONE = Limits(min_length=1, max_length=1)
"""Exactly one."""

BY_KEY = "by key"
"""Marks a union whose mappings are told apart by their first known key; a plain word is a text."""

BY_NAME = "by name"
"""Marks a union of functions, each written as a mapping with its name as the one key."""

_MISSING = object()


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Written:
    """Something written in YAML. A trailing underscore keeps a key apart from Python's own words."""

    _blank: ClassVar[dict[str, Any]] = {}
    """Every field in order, with its default where it has one."""

    def __init_subclass__(cls) -> None:
        names = (name for name in cls.__annotations__ if not name.startswith("_"))
        cls._blank = {name: getattr(cls, name, _MISSING) for name in names}

    def __init__(self, **values: Any) -> None:
        state = {**self._blank, **values}
        missing = [name for name, value in state.items() if value is _MISSING]
        unknown = values.keys() - self._blank.keys()
        if missing or unknown:
            raise TypeError(f"{type(self).__name__}: missing {missing}, unknown {sorted(unknown)}")
        self.__dict__.update(state)
        self.__post_init__()

    def __post_init__(self) -> None:
        """Raise ValueError when the values do not go together."""

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.given())
        return f"{type(self).__name__}({said})"

    @classmethod
    def restored(cls, given: dict[str, Any]) -> Self:
        """The value that `given` was taken from, without looking at it again."""
        self = cls.__new__(cls)
        self.__dict__.update(cls._blank)
        self.__dict__.update(given)
        return self

    @classmethod
    def fields(cls) -> dict[str, str]:
        """The name of every field, with the key under which it is written."""
        return {name: name.removesuffix("_") for name in cls._blank}

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """The fields that need not be written, with what they then hold."""
        return {name: value for name, value in cls._blank.items() if value is not _MISSING}

    def given(self) -> dict[str, Any]:
        """The fields that differ from their defaults, in order."""
        return {name: value for name, value in self.__dict__.items() if value != self._blank[name]}

    def plain(self) -> dict[str, Any]:
        """The mapping that would be written."""
        keys = self.fields()
        return {keys[name]: as_written(each) for name, each in self.given().items()}

    def changed(self, **changes: Any) -> Self:
        """The same with other values in some fields."""
        return type(self)(**{**self.__dict__, **changes})


def as_written(value: Any) -> Any:
    """A value as YAML would hold it: mappings with the keys as written, defaults left out, lists.

    >>> class Line(Written):
    ...     if_: tuple[str, ...]
    ...     note: str = ""
    >>> as_written(Line(if_=("a",)))
    {'if': ['a']}
    """
    if isinstance(value, Written):
        return value.plain()
    if isinstance(value, dict):
        return {key: as_written(each) for key, each in value.items()}
    return [as_written(each) for each in value] if isinstance(value, tuple | list) else value
