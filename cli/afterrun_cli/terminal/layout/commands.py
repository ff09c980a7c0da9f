"""Commands in a text, as they can be typed where the person stands.

Texts name `afterrun checkin`. Whoever called `.venv/bin/afterrun start --person anna` types
`.venv/bin/afterrun checkin --person anna`: both are read from the command that runs, none is kept anywhere.
Two spaces, a stop or a quote end a command in a text.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

# typer carries click inside itself, and hands out only what it gives to a command's own function.
from typer._click.globals import get_current_context

from afterrun.visible import on_one_line

NAME = "afterrun"
REPEATED = {
    "person": ("person",),
    "db": ("db",),
    "rulebook": ("rulebook", "folder"),
    "folder": ("folder", "rulebook"),
}
"""What says whose a command is, and under which names the command that runs was given it."""
_CALL = re.compile(rf"(?<![\w./~\\@-]){NAME}(?= [a-z])")
_OTHERS = re.compile(r"(?<![\w-])(?:pip install|rm)(?: (?:(?:'[^'\n]+'|\"[^\"\n]+\")+|/\S+))+")
"""What else is told to be typed: a package, a file to be deleted."""
_WORD = re.compile(r" ((?:'[^'\n]*'|\"[^\"\n]*\"|[^\s'\"])+)")
_PLAIN = re.compile(r"(?: [a-z0-9_]+)+(?=$|  |\n)")
_LAID_OUT = re.compile(r" ?\S*\\(?:\n|$)")
_STOPS = ".,:;)"
_HOME = "~/"


class Command(NamedTuple):
    """A command to be typed: what the text names, and what says whose it is here."""

    named: tuple[str, ...]
    whose: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    """Options that hold a secret, so that they are spoken of only."""

    @property
    def words(self) -> tuple[str, ...]:
        """All of it, as a shell reads it; what is not seen in a name is spelled out."""
        return tuple(map(on_one_line, (*self.named, *self.whose)))

    @property
    def note(self) -> str:
        """What is to be said because it is not typed for others."""
        return f" (with the same {' and '.join(self.withheld)})" if self.withheld else ""

    @property
    def brief(self) -> Command:
        """The same where there is no room for whose it is."""
        options = tuple(each for each in self.whose if each.startswith("--"))
        return Command(self.named, (), (*options, *self.withheld))

    def __str__(self) -> str:
        return shlex.join(self.words) + self.note


def called_as() -> str:
    """The name that calls this program here: its own where it is on the path, else as it was called."""
    called = sys.argv[0]
    if os.path.basename(called) != NAME:
        return NAME
    found = shutil.which(NAME)
    try:
        return NAME if found is not None and os.path.samefile(found, called) else on_one_line(called)
    except OSError:
        return NAME


def parts_of(text: str) -> Iterator[str | Command]:
    """The text in pieces, commands apart; there are none but while a command runs."""
    context = get_current_context(silent=True)
    done = 0
    if context is not None:
        for found in re.finditer(f"{_CALL.pattern}|{_OTHERS.pattern}", text):
            if found.start() < done:
                continue
            if found[0] != NAME:
                command, end = Command(tuple(shlex.split(found[0]))), found.end()
            else:
                read = _read(context, text, found.start(), found.end())
                if read is None:
                    continue
                command, end = read
            yield text[done : found.start()]
            yield command
            done = end
    yield text[done:]


def _read(context: Any, text: str, start: int, end: int) -> tuple[Command, int] | None:
    """The command that begins at a place, and where it ends."""
    if text[start - 1 : start] == "'" and "'" in text[end:]:
        text = text[: text.index("'", end)]
    root = context.find_root()
    command, path = root.command, [root.info_name or NAME]
    for found in _words(text, end):
        inner = getattr(command, "commands", {}).get(found.word)
        if inner is None:
            break
        command, end = inner, found.end
        path.append(found.word)
    if len(path) == 1:
        return None
    words, end = _arguments(command, text, end)
    if _LAID_OUT.match(text, end):
        return None
    found_here = Command((*path, *words), *_added(context, command, words))
    if text.startswith(found_here.note, end):
        # Said already: what is laid out once is looked at again when it is said.
        found_here = found_here._replace(withheld=())
    return found_here, end


class _Word(NamedTuple):
    """A word as it stands in a text, without the stop that ends the sentence, and where it ends."""

    word: str
    end: int


def _words(text: str, start: int) -> Iterator[_Word]:
    """The words from a place on, one space between any two, up to the one that something ends."""
    while (found := _WORD.match(text, start)) is not None:
        word = found[1].rstrip(_STOPS)
        start = found.start(1) + len(word)
        yield _Word(word, start)
        if word != found[1]:
            return


def _arguments(command: Any, text: str, end: int) -> tuple[list[str], int]:
    """The words of a text that belong to a command, and where they end."""
    options = {name: each for each in command.params if _is_option(each) for name in each.opts}
    counts = [each.nargs for each in command.params if not _is_option(each)]
    many, places = any(count < 0 for count in counts), sum(count for count in counts if count > 0)
    words: list[str] = []
    value = False
    for found in _words(text, end):
        if value:
            value = False
        elif found.word in options:
            value = not options[found.word].is_flag
        elif (many or places > 0) and (_is_argument(found.word) or (many and _PLAIN.match(text, end))):
            places -= 1
        elif found.word not in ("-h", "--help"):
            break
        try:
            read = shlex.split(found.word)
        except ValueError:
            break
        # A shell reads it as the home folder where it is not quoted.
        words += map(os.path.expanduser, read) if found.word.startswith(_HOME) else read
        end = found.end
    return words, end


def _is_argument(word: str) -> bool:
    """Whether a word is no word of the sentence: the name of a value, a path, an id."""
    return bool(word) and (word.isupper() or word[0] in "'\"" or any(each in "/._~" for each in word))


def _added(context: Any, command: Any, words: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What says whose it is, where the command takes it and the text does not; and what holds a secret."""
    added: list[str] = []
    withheld: list[str] = []
    for param in command.params:
        option = param.opts[0] if _is_option(param) else ""
        if option in words or (words and not option):
            continue
        value = next(
            (given for name in REPEATED.get(param.name, ()) if (given := _given(context, name))), None
        )
        if value is None or value in added:  # `rules check` takes its folder in two ways
            continue
        if param.name == "db" and holds_secret(value):
            withheld.append(option)
        else:
            added += [option, value] if option else [value]
    return tuple(added), tuple(withheld)


def _given(context: Any, name: str) -> str | None:
    """What was given to the command that runs, or to the family that it was called through."""
    while context is not None:
        source = context.get_parameter_source(name)
        if source is not None and source.name != "DEFAULT":
            return str(context.params[name])
        context = context.parent
    return None


def _is_option(param: Any) -> bool:
    return bool(param.param_type_name == "option")


def holds_secret(url: str) -> bool:
    """Whether an address may hold a password; one that cannot be read may.

    >>> [holds_secret(url) for url in ("me.sqlite", "postgresql://anna@host/db", "postgresql://anna:x@host/db")]
    [False, False, True]
    """
    if "://" not in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.password is not None or "pass" in parts.query.lower()
    except ValueError:
        return True
