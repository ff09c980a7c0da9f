"""What is written wrongly is told with its place and the way out, and nothing that only follows from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from afterrun.errors import Problem
from afterrun.rulebook import shipped
from afterrun.rulebook.linking.link import link
from afterrun.rulebook.linking.unread import Unread
from afterrun.rulebook.linking.written_files import WrittenFile, WrittenRulebook
from afterrun.rulebook.reading.files import read_rulebook, written_rulebook
from afterrun.rulebook.reading.mistakes import read_as
from afterrun.rulebook.schema import INVARIANTS, KNOWLEDGE, RULES
from tests.support.rulebooks.mistakes import (
    PYDANTIC,
    Place,
    Shipped,
    mistakes_at,
    places_of,
    shipped_files,
    with_file,
)

PARTS = ("", "checkin")


def every_place(parts: tuple[str, ...] = PARTS) -> Iterator[tuple[str, Shipped, Place]]:
    """The first place of every field of every class that a file of the parts has."""
    seen: set[str] = set()
    for part in parts:
        for file in shipped_files(part):
            for owner, place in places_of(file).items():
                if owner not in seen:
                    seen.add(owner)
                    yield part, file, place


@pytest.mark.slow
def test_every_mistake_at_every_place_is_told_with_its_place_and_in_words_of_ours() -> None:
    places = list(every_place())
    assert {place.file.split("/")[-1] for _, _, place in places} >= {f"{stem}.yaml" for stem in KNOWLEDGE}
    made = 0
    for _, whole, place in places:
        file, path = whole.alone(place.path)
        for what, change in mistakes_at(place._replace(path=path), file.at(path)):
            made += 1
            problems: list[Problem] = []
            read_as(file.shape, file.changed(path, change), file.name, problems)
            case = (place.owner, what, [str(each) for each in problems])
            assert len(problems) == 1, case
            (problem,) = problems
            wrong = path[:-1] if what == "left out" else path
            assert (problem.file, problem.line) == (file.name, file.document.line(wrong)), case
            assert not any(words in str(problem) for words in PYDANTIC), case
            # The way out: what to write, what is meant, or what is missing.
            ways_out = (": ", "is missing", "is not one of", "; there ")
            assert problem.nearest or any(each in problem.message for each in ways_out), case
    assert made > 3000


@pytest.fixture(scope="module")
def written() -> dict[str, WrittenRulebook]:
    """Both parts as they were read, file by file."""
    main = read_rulebook(shipped(), None, None)
    return {
        "": written_rulebook(shipped(), None, None)[0],
        "checkin": written_rulebook(shipped(), "checkin", main)[0],
    }


@pytest.mark.slow
def test_what_cannot_be_read_is_all_that_is_told(written: dict[str, WrittenRulebook]) -> None:
    """Linking goes on, and no name is missed that may stand in what could not be read."""
    every = [
        (part, file, place, mistake)
        for part, file, place in every_place()
        for mistake in mistakes_at(place, file.at(place.path))
    ]
    for part, file, place, (what, change) in every[::70]:
        read = read_as(file.shape, file.changed(place.path, change), file.name, [])
        nameless = read.nameless and file.shape not in (RULES, INVARIANTS)
        broken = WrittenFile(file.name, read.document, read.value, read.damaged)
        unread = Unread().joined(read.unread, nameless=nameless)
        _, problems = link(with_file(written[part], broken)._replace(unread=unread))
        assert not problems, (place.owner, what, [str(each) for each in problems])
