"""Record ids seen before: the first row of an id stays, later ones are refused.

Lots come in their order. What is held in memory is the same for a million rows as for a hundred million:
a fixed field of bits says 'never seen' of nearly every new id at once; the few others are looked up in
sorted lists of hashes on disk, and what is found there is compared as text.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from afterrun.batch.input.layout import OCCASION, PLACE_COLUMNS
from afterrun.batch.input.lines import Array
from afterrun.batch.input.lots import Lot
from afterrun.batch.input.rejects import Reject
from afterrun.batch.input.sources import Chunk, Source
from afterrun.batch.read.readers import given_rows
from afterrun.batch.stored import scan_arrow
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook
from afterrun.storage import make_folder, new_private

_WORD_BITS = 22
WORDS = 1 << _WORD_BITS
"""Of 64 bits, 32 MB together; at 30 million ids three new ones in a hundred are sought on disk in vain."""
RUNS_MERGED = 8
"""Short runs put together into one; more at a time would cost memory, fewer time."""
SEED = 7
_FIRST = ("source", "line")
_BETWEEN = "\x1f"
_ALREADY = " is already in "


class _Run(NamedTuple):
    """Sorted hashes on disk, and beside each the row that it came from: chunk << 32 | row."""

    hashes: Path
    rows: Path


class Later(NamedTuple):
    """Rows of a lot whose id came before."""

    stays: pl.Series
    """Which rows are not among them."""
    rejects: list[Reject]


class DuplicateFinder:
    """Remembers the record ids of all rows accepted so far; `folder` is its own and is emptied."""

    def __init__(self, folder: Path, sources: Sequence[Source] = ()) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        make_folder(folder, private=True)
        self._folder, self._sources = folder, sources
        self._seen = np.zeros(WORDS, np.uint64)
        self._runs: list[_Run] = []
        self._merged: list[_Run] = []
        self._chunks = 0

    def refuse(self, rulebook: Rulebook, lot: Lot, rows: pl.DataFrame) -> Later | None:
        """The rows of a lot whose id came before, if there are any; the others are remembered."""
        places = keyed(rows)
        hashes = _hashes(places[RECORD_ID].fill_null(""))
        order = np.argsort(hashes)
        firsts = self._firsts_of_later_ones(places, hashes, hashes[order])
        if firsts is None:
            if places[RECORD_ID].null_count():
                self.remember(rows)
            else:
                self._remember(places, hashes, order)
            return None
        stays = firsts["line"].is_null()
        self.remember(rows.filter(stays))
        later = rows.select(RECORD_ID, own_source="source", own="line").hstack(firsts)
        later = later.filter(pl.col("line").is_not_null())
        rejects = list[Reject]()
        for place, chunk in lot.pieces:
            source = self._sources[place]
            of_source = later.filter(pl.col("own_source") == place)
            reasons = {
                line: said_twice(record_id, _where(self._sources, place, first))
                for record_id, _, line, *first in of_source.iter_rows()
            }
            rejects += later_rejects(rulebook, source, chunk, RECORD_ID, reasons)
        return Later(stays, rejects)

    def remember(self, places: pl.DataFrame) -> None:
        """Take note of accepted rows: their `record_id`, `occasion`, `source` and `line`."""
        places = keyed(places).filter(pl.col(RECORD_ID).is_not_null())
        hashes = _hashes(places[RECORD_ID])
        self._remember(places, hashes, np.argsort(hashes))

    def _remember(self, places: pl.DataFrame, hashes: Array, order: Array) -> None:
        """Take note of rows that have ids: their hashes, and the order of these."""
        if places.is_empty():
            return
        places.write_ipc(new_private(self._ids(self._chunks)), compression="uncompressed")
        ordered = hashes[order]
        self._set(ordered)
        run = self._run("run")
        _save(run.hashes, ordered)
        _save(run.rows, (self._chunks << 32) + order.astype(np.uint64))
        self._runs.append(run)
        self._chunks += 1
        if len(self._runs) == RUNS_MERGED:
            self._merge()

    def _firsts_of_later_ones(
        self, places: pl.DataFrame, hashes: Array, ordered: Array
    ) -> pl.DataFrame | None:
        """For each row the `source` and `line` of the row that had its id first, null where that is the row
        itself; None where it is so in every row. The hashes of its ids are also given in order."""
        before = self._before(places[RECORD_ID], hashes)
        if before is None and not (ordered[1:] == ordered[:-1]).any():
            return None
        rows = places.with_row_index("own")
        rows = rows.with_columns(first_own=pl.col("own").first().over(RECORD_ID))
        inside, named = pl.col("own") != pl.col("first_own"), pl.col(RECORD_ID).is_not_null()
        firsts = rows.select(
            pl.when(named).then(
                pl.coalesce(
                    pl.lit(None) if before is None else before[name],
                    pl.when(inside).then(pl.col(name).gather(pl.col("first_own"))),
                ).alias(name)
            )
            for name in _FIRST
        )
        return firsts if firsts["line"].is_not_null().any() else None

    def _before(self, ids: pl.Series, hashes: Array) -> pl.DataFrame | None:
        """For each row the place of the earlier row with its id; None where no row has one."""
        word, bits = _places(hashes)
        maybe = np.flatnonzero((self._seen[word] & bits) == bits)
        places: dict[int, tuple[int, int]] = {}
        maybe = maybe[np.argsort(hashes[maybe])]
        if len(maybe):
            found = np.array([*self._looked_up(hashes, maybe)], dtype=np.uint64).reshape(-1, 2)
            for chunk in np.unique(found[:, 1] >> np.uint64(32)).tolist():
                pairs = found[(found[:, 1] >> np.uint64(32)) == chunk]
                stored = scan_arrow(self._ids(chunk)).collect()
                earlier = stored[(pairs[:, 1] & np.uint64(0xFFFFFFFF)).astype(np.int64)]
                for row, (record_id, *place) in zip(pairs[:, 0].tolist(), earlier.iter_rows(), strict=True):
                    if ids[row] == record_id:
                        places[row] = (place[0], place[1])
        if not places:
            return None
        nowhere = (None, None)
        schema = {name: PLACE_COLUMNS[name] for name in _FIRST}
        return pl.DataFrame([places.get(row, nowhere) for row in range(len(ids))], schema, orient="row")

    def _looked_up(self, hashes: Array, rows: Array) -> Iterator[tuple[int, int]]:
        """Each row with each earlier row whose hash is the same."""
        wanted = hashes[rows]
        for run in [*self._merged, *self._runs]:
            known = np.load(run.hashes, mmap_mode="r")
            place = np.searchsorted(known, wanted)
            left = np.arange(len(wanted))
            while True:
                # Two ids may share a hash; their places in the run are neighbours.
                inside = place[left] < len(known)
                left = left[inside]
                left = left[known[place[left]] == wanted[left]]
                if not len(left):
                    break
                origin = np.load(run.rows, mmap_mode="r")
                yield from zip(rows[left].tolist(), origin[place[left]].tolist(), strict=True)
                place[left] += 1

    def _set(self, hashes: Array) -> None:
        """`hashes` are sorted, and so are their words then."""
        word, bits = _places(hashes)
        begins = np.flatnonzero(np.concatenate([[True], word[1:] != word[:-1]]))
        self._seen[word[begins]] |= np.bitwise_or.reduceat(bits, begins)

    def _merge(self) -> None:
        """Make one long run of the short ones, so that there are few to look into."""
        hashes = np.concatenate([np.load(run.hashes) for run in self._runs])
        # A stable sort sees that it is given sorted pieces.
        order = np.argsort(hashes, kind="stable")
        merged = self._run("merged")
        # One after the other, since a lot is held beside them.
        _save(merged.hashes, hashes[order])
        del hashes
        _save(merged.rows, np.concatenate([np.load(run.rows) for run in self._runs])[order])
        self._merged.append(merged)
        for run in self._runs:
            run.hashes.unlink()
            run.rows.unlink()
        self._runs.clear()

    def _run(self, kind: str) -> _Run:
        return _Run(*(self._folder / f"{kind}-{self._chunks:06d}.{part}.npy" for part in ("hashes", "rows")))

    def _ids(self, chunk: int) -> Path:
        return self._folder / f"ids-{chunk:06d}.arrow"


def _save(path: Path, numbers: Array) -> None:
    np.save(new_private(path), numbers)


def said_twice(record_id: str, where: str) -> str:
    """The reason against a row whose id came before."""
    return f"{RECORD_ID}: '{record_id[:60]}'{_ALREADY}{where}"


def said_mended_twice(sources: Sequence[Source], place: int, first: Sequence[int]) -> str:
    """The reason against a row of mended rejects that came back before: in the row `first` of an input."""
    return f"this mended reject{_ALREADY}{_where(sources, place, first)}"


def later_rejects(
    rulebook: Rulebook, source: Source, chunk: Chunk, question: str, reasons: Mapping[int, str]
) -> list[Reject]:
    """What is refused of a chunk for what came before it: by line the reason."""
    given = given_rows(rulebook, source, chunk, set(reasons)) if reasons else {}
    return [
        Reject(source.name, line, "duplicate", reason, question, given[line])
        for line, reason in reasons.items()
    ]


def _where(sources: Sequence[Source], place: int, first: Sequence[int]) -> str:
    """An earlier row as it is told beside a row of an input."""
    source, line = first
    return f"line {line}" if source == place else f"{sources[source].name}:{line}"


def without_place(reason: str) -> str:
    """The same reason whatever the file is called in which the id came before."""
    return reason.partition(_ALREADY)[0]


def keyed(frame: pl.DataFrame) -> pl.DataFrame:
    """Where rows stand, and under `record_id` what no two may share: the record, and which of its rows."""
    places = frame.select(*PLACE_COLUMNS)
    if places[OCCASION].null_count() < places.height:
        of_record = pl.concat_str(RECORD_ID, pl.lit(_BETWEEN), OCCASION)
        places = places.with_columns(pl.coalesce(of_record, RECORD_ID).alias(RECORD_ID))
    return places.drop(OCCASION)


def _hashes(ids: pl.Series) -> Array:
    return ids.hash(SEED).to_numpy()


def _places(hashes: Array) -> tuple[Array, Array]:
    """The word that each hash belongs to, by its upper end, and the three bits there that stand for it."""
    word = hashes >> np.uint64(64 - _WORD_BITS)
    bits = np.zeros(len(hashes), np.uint64)
    for shift in (0, 6, 12):
        bits |= np.uint64(1) << ((hashes >> np.uint64(shift)) & np.uint64(63))
    return word.astype(np.int64), bits
