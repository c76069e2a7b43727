"""What an index has to search: its segments, and the last few articles, which are in none yet."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detector.cells import Cells, floats, learned
from detector.errors import IndexMismatch
from detector.segment import MOST_ARTICLES, Recipe, Segment, merged, segment_of
from detector.segmentfile import REBUILD, is_whole, open_segment, write_segment
from detector.storage import SELECT_FINGERPRINTS, has_segment_tables

# So many articles without a segment get one; until then they are read from the SQLite file at
# opening, a tenth of a millisecond each.
SEAL = 2_048
# Neighbouring segments below a size are merged when together they reach it: of 2,048 articles some
# 14,336, of those some 57,344. Each article is so written three times.
MERGE_SIZES = (7 * SEAL, 24 * SEAL)
# Up to so many articles all vectors are compared; beyond, those of the nearest cells.
SCANNED = 65_536
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in use.

    Attributes:
        name: of its file; empty for the articles that are in none yet.
        segment: its arrays.
        alive: which of its articles were not removed, shape ``(articles,)``.
    """

    name: str
    segment: Segment
    alive: NDArray[np.bool_]
    _floats: list[NDArray[np.float32]] = field(default_factory=list)

    def vectors(self) -> NDArray[np.float32]:
        """Return all vectors as they stand for; kept, for an index small enough to scan."""
        if not self._floats:
            self._floats.append(floats(self.segment.vectors))
        return self._floats[0]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The parts of an index at one moment, in the order of their articles' numbers."""

    parts: tuple[Part, ...]
    cells: Cells | None

    def __len__(self) -> int:
        """Number of sources."""
        return sum(int(part.alive.sum()) for part in self.parts)

    @property
    def is_scanned(self) -> bool:
        """Whether the index is small enough that every vector is compared."""
        return sum(len(part.segment) for part in self.parts) <= SCANNED

    def numbers(self) -> NDArray[np.int64]:
        """Return the rows of all sources in the SQLite file, ascending."""
        numbers = [part.segment.numbers[part.alive] for part in self.parts]
        return np.sort(np.concatenate([np.zeros(0, np.int64), *numbers]))

    def find(self, number: int) -> tuple[Segment, int] | None:
        """Return where a source is: its segment, and its place there."""
        for part in self.parts:
            place = part.segment.place(number)
            if place is not None and part.alive[place]:
                return part.segment, place
        return None


class Listed(NamedTuple):
    """A row of the table of segments."""

    name: str
    first: int
    last: int
    articles: int


def listed_segments(database: sqlite3.Connection) -> list[Listed]:
    """Return the segments of an index in the order of their articles."""
    if not has_segment_tables(database):
        return []
    rows = database.execute("SELECT name, first, last, articles FROM segments ORDER BY first")
    return [Listed(*row) for row in rows]


def read_catalogue(
    database: sqlite3.Connection, folder: Path, recipe: Recipe, known: Sequence[Part]
) -> Catalogue:
    """Read what there is to search, in one state of the file.

    Args:
        database: the SQLite file.
        folder: of the segments' files.
        recipe: what segments are made with, without cells.
        known: the parts of an earlier state; those still there are not opened again.

    Raises:
        IndexMismatch: a segment's file is missing or damaged.
    """
    for tries in range(_TRIES):
        with _snapshot(database):
            listed = listed_segments(database)
            removed = removed_numbers(database)
            rows = database.execute(SELECT_FINGERPRINTS).fetchall()
            recipe = replace(recipe, cells=cells_of(database, recipe.dimensions))
        opened = {part.name: part for part in known}
        try:
            parts = [_part(entry.name, folder, removed, opened) for entry in listed]
            break
        except IndexMismatch:  # another process may have merged it since: read again
            if tries + 1 == _TRIES:
                raise
    if rows:
        tail = segment_of(rows, recipe)
        parts.append(Part("", tail, np.ones(len(tail), np.bool_)))
    return Catalogue(tuple(parts), recipe.cells)


def _part(name: str, folder: Path, removed: NDArray[np.int64], opened: dict[str, Part]) -> Part:
    known = opened.get(name)
    segment = known.segment if known else open_segment(folder / name)
    inside = removed[np.isin(removed, segment.numbers)]
    alive = np.ones(len(segment), np.bool_)
    alive[np.searchsorted(segment.numbers, inside)] = False
    return replace(known, alive=alive) if known else Part(name, segment, alive)


class _snapshot:
    """One state of the file for several queries; inside a transaction, that of the transaction."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._own = not database.in_transaction

    def __enter__(self) -> None:
        if self._own:
            self._database.execute("BEGIN")

    def __exit__(self, *_: object) -> None:
        if self._own:
            with suppress(sqlite3.OperationalError):
                self._database.execute("ROLLBACK")


def removed_numbers(database: sqlite3.Connection) -> NDArray[np.int64]:
    """Return the rows that were removed and are still in a segment, ascending."""
    if not has_segment_tables(database):
        return np.zeros(0, np.int64)
    return np.array([n for (n,) in database.execute("SELECT n FROM removed ORDER BY n")], np.int64)


def cells_of(database: sqlite3.Connection, dimensions: int) -> Cells | None:
    """Return the cells that an index sorts its vectors by; None in a small one."""
    if not has_segment_tables(database):
        return None
    row = database.execute("SELECT rows FROM centroids").fetchone()
    return Cells.of(np.frombuffer(row[0], np.float32).reshape(-1, dimensions)) if row else None


def seal(database: sqlite3.Connection, folder: Path, recipe: Recipe) -> list[str]:
    """Put the articles that are in no segment into one, and merge what is due to be merged.

    Belongs into a writing transaction: a file is whole on disk before a row names it, and what it
    replaces is unused once that transaction is committed.

    Returns:
        Files that may be deleted after the commit.
    """
    recipe = replace(recipe, cells=cells_of(database, recipe.dimensions))
    rows = database.execute(SELECT_FINGERPRINTS).fetchall()
    for at in range(0, len(rows), MOST_ARTICLES):
        _write(database, folder, segment_of(rows[at : at + MOST_ARTICLES], recipe))
    database.execute("DELETE FROM fingerprints")
    unused: list[str] = []
    for size in MERGE_SIZES:
        for run in _runs_below(listed_segments(database), size):
            recipe = _with_cells(database, folder, run, recipe)
            unused += _merge(database, folder, run, recipe)
    return unused


def _runs_below(listed: list[Listed], size: int) -> Iterator[list[Listed]]:
    """Yield runs of neighbouring segments below a size that reach it together."""
    run: list[Listed] = []
    for entry in listed:
        total = sum(one.articles for one in run) + entry.articles
        if entry.articles >= size or total > MOST_ARTICLES:
            run = []
        if entry.articles < size:
            run.append(entry)
            if len(run) > 1 and sum(one.articles for one in run) >= size:
                yield run
                run = []


def _with_cells(
    database: sqlite3.Connection, folder: Path, run: list[Listed], recipe: Recipe
) -> Recipe:
    """Learn the cells when the first large segment is made, from its vectors."""
    if recipe.cells or sum(entry.articles for entry in run) < MERGE_SIZES[-1]:
        return recipe
    vectors = [open_segment(folder / entry.name).vectors for entry in run]
    means = learned(np.concatenate(vectors))
    database.execute("INSERT INTO centroids VALUES (?)", (means.tobytes(),))
    return replace(recipe, cells=Cells.of(means))


def _merge(
    database: sqlite3.Connection, folder: Path, run: list[Listed], recipe: Recipe
) -> list[str]:
    segments = [open_segment(folder / entry.name) for entry in run]
    removed = removed_numbers(database)
    gone = [int(n) for s in segments for n in removed[np.isin(removed, s.numbers)]]
    if sum(map(len, segments)) > len(gone):
        _write(database, folder, merged(segments, removed, recipe))
    database.executemany("DELETE FROM removed WHERE n = ?", ((n,) for n in gone))
    names = [entry.name for entry in run]
    database.executemany("DELETE FROM segments WHERE name = ?", ((name,) for name in names))
    return names


def _write(database: sqlite3.Connection, folder: Path, segment: Segment) -> None:
    name, _ = write_segment(segment, folder)
    numbers = segment.numbers
    row = (name, int(numbers[0]), int(numbers[-1]), len(segment))
    database.execute("INSERT INTO segments VALUES (?, ?, ?, ?)", row)


def damaged_segments(database: sqlite3.Connection, folder: Path) -> list[Listed]:
    """Return the segments whose files are missing or not what was written; reads all of them."""
    return [entry for entry in listed_segments(database) if not is_whole(folder / entry.name)]


def article_numbers(database: sqlite3.Connection) -> NDArray[np.int64]:
    """Return the rows of all articles, ascending."""
    return np.array([n for (n,) in database.execute("SELECT n FROM articles ORDER BY n")], np.int64)


def held_numbers(database: sqlite3.Connection, folder: Path | None) -> NDArray[np.int64]:
    """Return the rows of all that have a fingerprint, in a segment or, not removed, in none yet."""
    single = [n for (n,) in database.execute("SELECT n FROM fingerprints")]
    parts = [open_segment(folder / one.name) for one in listed_segments(database) if folder]
    numbers = [np.array(single, np.int64), *(segment.numbers for segment in parts)]
    return np.setdiff1d(np.concatenate(numbers), removed_numbers(database))


def faults_of(database: sqlite3.Connection, folder: Path | None) -> list[str]:
    """Return what is wrong with the files of an index, one line each; reads all of them."""
    checked = database.execute("PRAGMA integrity_check").fetchall()
    faults = [f"SQLite: {row[0]}" for row in checked if row[0] != "ok"]
    damaged = damaged_segments(database, folder) if folder else []
    faults += [f"{entry.name} is damaged: {REBUILD}" for entry in damaged]
    return faults if damaged else faults + _lone_rows(database, folder)


def _lone_rows(database: sqlite3.Connection, folder: Path | None) -> list[str]:
    """Return what is there by half, one line for each kind."""
    articles, held = article_numbers(database), held_numbers(database, folder)
    lone = {
        "articles without a fingerprint": np.setdiff1d(articles, held),
        "fingerprints without an article": np.setdiff1d(held, articles),
    }
    return [
        f"{len(rows)} {kind}: build the index again" for kind, rows in lone.items() if len(rows)
    ]
