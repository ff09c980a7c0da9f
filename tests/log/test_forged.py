"""An entry that somebody edited, with the chain made anew behind it, is told in words with its line."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

import afterrun
from afterrun.canonical import NotCanonical
from afterrun.log import Log, LogError, NotReplayed, Recorder, Rulebooks, replay, verify
from afterrun.log.entries import NOTHING_BEFORE, sealed
from tests.support.logs import WHEN, results, said_nothing
from tests.support.random_input.check_ins import random_record

OTHERS: tuple[Any, ...] = (
    None,
    True,
    7,
    -1,
    0.5,
    "",
    "x",
    "\x1b[31m\u202eé",
    [],
    ["x"],
    [["x"]],
    [{"x": []}],
    {},
    {"x": ["y"]},
    {"x": {"record_id": []}},
)


@pytest.fixture(scope="module")
def entries(
    tmp_path_factory: pytest.TempPathFactory, checkin_part: afterrun.Rulebook
) -> list[dict[str, Any]]:
    """One of each kind, as our own writer wrote it: with and without answers, a check-in, both of a batch."""
    path = tmp_path_factory.mktemp("forged") / "log"
    main = results()[0].made_by
    record = random_record(checkin_part, Random(1))
    with Log(path, said_nothing) as log:
        bare, told = (Recorder(log, lambda: WHEN, answers=answers) for answers in (False, True))
        bare.result("assess", results()[1])
        told.result("ask", results()[2])
        told.check_in(afterrun.check_in(checkin_part, record), record["enrolled"].get("answers"))
        told.batch_begins(main, [{"bytes": 1, "sha256": "0" * 64}, {"from": "stdin"}])
        told.batch_ends(
            main,
            [{"bytes": 1, "sha256": "0" * 64}],
            dict.fromkeys(("rows_in", "rows", "rejects", "blank"), 0),
        )
    return [json.loads(line)["entry"] for line in path.read_bytes().splitlines()]


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """Where a member stands, however deep."""
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in within:
        yield (key,)
        for rest in places(each):
            yield (key, *rest)


def edits(said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each member gone or another, three others in turn."""
    for turn, (*way, last) in enumerate(places(said)):
        if last in ("sequence", "previous", "afterrun_log"):
            # The writer puts these.
            continue
        for other in (..., *(OTHERS[(turn * 4 + step * 5) % len(OTHERS)] for step in range(3))):
            forged: Any = deepcopy(dict(said))
            within = forged
            for key in way:
                within = within[key]
            if other is ...:
                del within[last]
            else:
                within[last] = other
            yield forged


def chained(path: Path, *bodies: Mapping[str, Any]) -> None:
    """A log of these, whatever they say, with each hash as it should be."""
    head, lines = NOTHING_BEFORE, list[bytes]()
    for number, said in enumerate(bodies, 1):
        line, head = sealed(said, number, head)
        lines.append(line + b"\n")
    path.write_bytes(b"".join(lines))


@pytest.mark.slow
@pytest.mark.parametrize("which", range(5))
def test_no_edit_ends_in_anything_but_words(
    tmp_path: Path, entries: list[dict[str, Any]], checkin_part: afterrun.Rulebook, which: int
) -> None:
    rulebooks = Rulebooks(results()[0].made_by, checkin_part, False)
    log, told, whole = tmp_path / "log", 0, list[dict[str, Any]]()
    for forged in edits(entries[which]):
        chained(log, entries[0], forged, entries[0])
        verified = verify(log)
        if verified.whole:
            whole.append(forged)
            continue
        told += 1
        assert [each.line for each in verified.faults] == [2]
        assert verified.faults[0].why.startswith("is no entry: ")
        with pytest.raises(NotReplayed, match="line 2: is no entry: "):
            replay(log, rulebooks, {})
        chained(log, forged)
        with pytest.raises(LogError, match="the last entry is no entry: "):
            Log(log, said_nothing)
        log.write_bytes(log.read_bytes()[:-1])
        with pytest.raises(LogError):
            Log(log, said_nothing)
    assert told > 20
    for full in (False, True):
        # What is well formed runs, or is another rulebook's: at once, as a log holds it.
        ours = [each for each in whole if _ours(each, rulebooks)]
        chained(log, *ours)
        assert replay(log, rulebooks, {}, whole=full).entries == len(ours)


def _ours(said: Mapping[str, Any], rulebooks: Rulebooks) -> bool:
    main, part = rulebooks.main, rulebooks.check_in
    family = said.get("base", said["rulebook"])["name"]
    at_hand = part if said["kind"] == "check-in" else main
    return (
        family == main.identity.name and at_hand is not None and said["rulebook"]["digest"] == at_hand.digest
    )


@pytest.mark.parametrize(
    ("member", "value", "why"),
    [
        ("decided.triage", ["urgent"], "'decided.triage' is not a text"),
        ("decided.plan", {"x": "1"}, "'decided.plan' is not an object of numbers by key"),
        ("decided", "urgent", "'decided' is not an object"),
        ("answers", [], "'answers' is not an object"),
        ("kind", ["ask"], "'kind' is none of assess, ask, check-in, batch"),
        ("rulebook.version", 1, "'rulebook.version' is not a text"),
        ("intake", "x", "'intake' is not a SHA-256 in 64 digits"),
        ("time", "now", "'time' is not a time in UTC, as 2027-03-01T08:00:00.000+00:00"),
    ],
)
def test_it_is_said_which_member_is_wrong(
    tmp_path: Path, entries: list[dict[str, Any]], member: str, value: Any, why: str
) -> None:
    forged: Any = deepcopy(entries[1])
    *way, last = member.split(".")
    within = forged
    for key in way:
        within = within[key]
    within[last] = value
    chained(tmp_path / "log", entries[0], forged)
    assert [str(each) for each in verify(tmp_path / "log").faults] == [f"line 2: is no entry: {why}"]


@pytest.mark.parametrize(
    "edit",
    [
        (b'"triage":"', b'"triage":"\xff'),
        (b'"triage":"', b'"triage":"\\ud800'),
        (b'"triage":"', b'"triage":"x","triage":"'),
        (b'"answers":{', b'"answers": {'),
        (b'"answers":{', b'"answers":{"age_years":NaN,'),
        (b'"answers":{', b'"answers":{"age_years":1%b,' % (b"0" * 400)),
        (b'"answers":{', b'"answers":{"age_years":' + b"[" * 100_000 + b"]" * 100_000 + b","),
    ],
    ids=["no UTF-8", "half a character", "twice", "a blank", "no number", "a long number", "depth"],
)
def test_what_is_not_canonical_is_no_entry(
    tmp_path: Path, entries: list[dict[str, Any]], edit: tuple[bytes, bytes]
) -> None:
    chained(tmp_path / "log", entries[1])
    body = (tmp_path / "log").read_bytes()[len(b'{"entry":') :].rpartition(b',"hash":')[0]
    body = body.replace(*edit, 1)
    (tmp_path / "log").write_bytes(b'{"entry":%b,"hash":"%b"}\n' % (body, sha256(body).hexdigest().encode()))
    faults = verify(tmp_path / "log").faults
    assert [str(each) for each in faults] == ["line 1: is no entry: it is not canonical JSON"]


def test_a_place_that_stands_deeper_is_not_that_of_the_entry(
    tmp_path: Path, entries: list[dict[str, Any]]
) -> None:
    forged = {**entries[1], "time_of": {"previous": NOTHING_BEFORE, "sequence": 7}}
    chained(tmp_path / "log", forged)
    assert verify(tmp_path / "log").whole


def test_nothing_without_a_canonical_form_is_written(tmp_path: Path, entries: list[dict[str, Any]]) -> None:
    with pytest.raises(NotCanonical), Log(tmp_path / "log", said_nothing) as log:
        log.append({**entries[0], "engine": "\ud800"})
    assert not (tmp_path / "log").exists()
