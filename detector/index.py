"""The index of sources: one SQLite file is the truth, arrays for searching are made from it."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from detector.arrays import SearchArrays, fingerprint_row, search_arrays
from detector.article import Article
from detector.catalogue import (
    SEAL,
    Catalogue,
    Part,
    article_numbers,
    damaged_segments,
    faults_of,
    held_numbers,
    listed_segments,
    read_catalogue,
    seal,
)
from detector.encoders import Encoder, load_encoder
from detector.errors import IndexMismatch
from detector.fingerprint import Fingerprint, Fingerprinter
from detector.intake import BATCH, Intake, fingerprinted
from detector.loops import KERNELS_PAY, NUMPY, Loops, compiled
from detector.models import load_rarity
from detector.segment import Recipe
from detector.sketch import Sketcher
from detector.storage import (
    INSERT_FINGERPRINT,
    SELECT_FINGERPRINTS,
    AddCount,
    IndexInfo,
    add_what_is_new,
    article_row,
    article_where,
    articles_of,
    check_meta,
    create_database,
    create_tables,
    insert,
    is_complete,
    kept_fingerprint,
    kept_terms,
    open_database,
    read_meta,
)
from detector.terms import Rarity, TermExtractor, TermVector

FILE = "index.sqlite"
_REMOVED = "a source was removed while it was searched for: search again"


class Index:
    """Sources to search, in memory or in a folder.

    Several threads may search one index; one process at a time adds to a folder, and others may
    go on reading meanwhile.
    """

    def __init__(self, database: sqlite3.Connection, encoder: Encoder, path: Path | None) -> None:
        self.path = path
        self.rarity: Rarity = load_rarity()
        self.sketcher = Sketcher()
        self.encoder = encoder
        self.fingerprinter = Fingerprinter(encoder, self.sketcher, TermExtractor())
        self._database = database
        self._lock = threading.RLock()
        self._arrays: SearchArrays | None = None
        self._arrays_version = -1
        self._catalogue: Catalogue | None = None
        self._catalogue_version = -1
        self._parts: tuple[Part, ...] = ()
        self._looked_through = 0

    @classmethod
    def in_memory(cls, encoder: Encoder | None = None) -> Index:
        """Make an empty index that lives as long as this object."""
        database = sqlite3.connect(":memory:", check_same_thread=False)
        encoder = encoder or load_encoder()
        create_tables(database, encoder)
        return cls(database, encoder, None)

    @classmethod
    def create(cls, folder: str | Path, encoder: Encoder | None = None) -> Index:
        """Make an empty index in a new folder, or in an empty one.

        Raises:
            IndexMismatch: the folder holds an index already.
        """
        folder = Path(folder)
        encoder = encoder or load_encoder()
        return cls(create_database(folder / FILE, encoder), encoder, folder)

    @classmethod
    def open(
        cls, folder: str | Path, encoder: Encoder | None = None, *, read_only: bool = False
    ) -> Index:
        """Open the index in a folder.

        Args:
            folder: where ``create`` made it.
            encoder: the one it was made with; loaded by the name the index remembers when absent.
            read_only: refuse to add or remove.

        Raises:
            IndexMismatch: no index there, a damaged one, or one made with other settings.
        """
        folder = Path(folder)
        database = open_database(folder / FILE, read_only=read_only)
        encoder = check_meta(read_meta(database, str(folder / FILE)), folder, encoder)
        if not read_only and not is_complete(database):
            add_what_is_new(database)
        return cls(database, encoder, folder)

    def portable(self) -> bytes | Path:
        """Return what another process needs to open this index: its folder, or its content."""
        if self.path is not None:
            return self.path
        with self._lock:
            return self._database.serialize()

    @classmethod
    def from_portable(cls, content: bytes | Path, encoder: Encoder | None = None) -> Index:
        """Open what ``portable`` returned."""
        if isinstance(content, Path):
            return cls.open(content, encoder)
        database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        try:
            database.deserialize(content)
        except sqlite3.DatabaseError as error:
            raise IndexMismatch(f"these bytes are no index ({error})") from error
        meta = read_meta(database, "what was sent")
        return cls(database, check_meta(meta, Path("memory"), encoder), None)

    def __len__(self) -> int:
        """Number of sources."""
        if self.has_segments():  # counting the rows of a million articles takes .1 s
            return len(self.catalogue())
        with self._reading() as database:
            (count,) = database.execute("SELECT count(*) FROM articles").fetchone()
        return int(count)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the index cannot be used afterwards."""
        self._database.close()

    def info(self) -> IndexInfo:
        """Return how many sources there are, and what they were prepared with."""
        size = sum(file.stat().st_size for file in self.path.iterdir()) if self.path else 0
        return IndexInfo(len(self), self.encoder.name, self.sketcher.spec, size)

    def add(self, articles: Iterable[Article], *, workers: int = 1) -> AddCount:
        """Add sources; each batch is committed whole, so a kill loses only the last ones.

        An article that is there already (same id, same text) is passed over; one whose id belongs
        to another text is refused and named in the result.

        Args:
            articles: the sources.
            workers: processes that prepare them; 1 does it in this one.
        """
        intake = Intake(self.get)
        for batch, prints in fingerprinted(intake.new(articles), self.fingerprinter, workers):
            self.add_rows(map(article_row, batch), map(fingerprint_row, prints))
            intake.arrived(batch)
            if self.path is not None and self._unsealed() >= SEAL:
                self.seal()
        return intake.count

    def remove(self, ids: Iterable[str]) -> int:
        """Take sources out by id; return how many were there."""
        with self._writing() as database:
            gone = 0
            for id in ids:
                row = database.execute("SELECT n FROM articles WHERE id = ?", (id,)).fetchone()
                if row:
                    if not database.execute("DELETE FROM fingerprints WHERE n = ?", row).rowcount:
                        database.execute("INSERT INTO removed VALUES (?)", row)
                    database.execute("DELETE FROM articles WHERE n = ?", row)
                    gone += 1
        return gone

    def get(self, id: str) -> Article | None:
        """Return the source with this id, or None."""
        with self._reading() as database:
            return article_where(database, "id", id)

    def number(self, id: str) -> int:
        """Return the row of a source, or one past the last row when it is not there."""
        query = (
            "SELECT coalesce((SELECT n FROM articles WHERE id = ?),"
            " (SELECT max(n) + 1 FROM articles), 0)"
        )
        with self._reading() as database:
            (row,) = database.execute(query, (id,)).fetchone()
        return int(row)

    def article(self, number: int) -> Article:
        """Return the source in a row of the file; IndexMismatch if it was removed meanwhile."""
        with self._reading() as database:
            found = article_where(database, "n", number)
        if found is None:
            raise IndexMismatch(_REMOVED)
        return found

    def terms(self, number: int) -> TermVector:
        """Return the terms of the source in a row of the file; IndexMismatch if it is gone."""
        found = self.catalogue().find(number) if self.has_segments() else None
        if found:
            segment, place = found
            return segment.term_vector(place)
        with self._reading() as database:
            kept = kept_terms(database, number)
        if kept is None:
            raise IndexMismatch(_REMOVED)
        return kept

    def fingerprint(self, article: Article) -> Fingerprint:
        """Return an article's fingerprint: the one that is kept of the same text, or a new one."""
        with self._reading() as database:
            known = kept_fingerprint(database, article, self.encoder.dimensions)
        return known or self.fingerprinter.fingerprint([article])[0]

    def of_site(self, site: str, most: int) -> list[Article]:
        """Return the first sources of a site by their ids, at most so many."""
        with self._reading() as database:
            return articles_of(database, site, most)

    def __iter__(self) -> Iterator[Article]:
        """Iterate over all sources in the order they were added."""
        for number in self.numbers():
            yield self.article(int(number))

    def numbers(self) -> NDArray[np.int64]:
        """Return the rows of all sources in the SQLite file, in the order they were added."""
        with self._reading() as database:
            return article_numbers(database)

    def verify(self) -> list[str]:
        """Return what is wrong with the index: one line per fault, none when it is sound."""
        try:
            with self._reading() as database:
                faults = faults_of(database, self.path)
            faults += [f"{article.id} has no text" for article in self if not article.text]
        except IndexMismatch as error:
            return [str(error)]
        return faults

    def rebuild(self) -> int:
        """Make anew what is damaged beside the SQLite file; return how many articles that were."""
        if self.path is None:
            return 0
        with self._writing() as database:
            for entry in damaged_segments(database, self.path):
                database.execute("DELETE FROM segments WHERE name = ?", (entry.name,))
            if not listed_segments(database):  # all are made anew, and so are their cells
                database.execute("DELETE FROM centroids")
        with self._reading() as database:
            lone = np.setdiff1d(article_numbers(database), held_numbers(database, self.path))
        for at in range(0, len(lone), BATCH):
            numbers = [int(number) for number in lone[at : at + BATCH]]
            prints = self.fingerprinter.fingerprint([self.article(number) for number in numbers])
            with self._writing() as database:
                for number, fingerprint in zip(numbers, prints, strict=True):
                    database.execute(INSERT_FINGERPRINT, (number, *fingerprint_row(fingerprint)))
            if self._unsealed() >= SEAL:
                self.seal()
        self.seal()
        return len(lone)

    def has_segments(self) -> bool:
        """Whether most fingerprints lie in segments, which ``catalogue`` reads; not in memory."""
        return self.path is not None and bool(self.catalogue().parts)

    def catalogue(self) -> Catalogue:
        """Return what there is to search, read again when something has changed since."""
        with self._reading() as database:
            (version,) = database.execute("PRAGMA data_version").fetchone()
            known = self._catalogue
            if known is None or version != self._catalogue_version:
                known = self._read_catalogue(database)
                self._catalogue, self._catalogue_version = known, version
            return known

    def loops_for(self, articles: int) -> Loops:
        """Return what searches so many articles: compiled, once enough were looked through."""
        self._looked_through += articles
        return compiled() if self._looked_through > KERNELS_PAY else NUMPY

    def _read_catalogue(self, database: sqlite3.Connection) -> Catalogue:
        if self.path is None or not listed_segments(database):
            return Catalogue((), None)
        parts = self._parts
        catalogue = read_catalogue(database, self.path, self._recipe, parts)
        self._parts = catalogue.parts
        return catalogue

    def _unsealed(self) -> int:
        with self._reading() as database:
            (count,) = database.execute("SELECT count(*) FROM fingerprints").fetchone()
        return int(count)

    @property
    def _recipe(self) -> Recipe:
        return Recipe(self.sketcher, self.rarity, self.encoder.dimensions, None)

    def seal(self) -> None:
        """Put the articles that are in no segment yet into one; adding does so by itself.

        Until then they are read from the SQLite file at opening.
        """
        if self.path is None:
            return
        self._database.execute("PRAGMA synchronous = FULL")  # what is merged must not come back
        try:
            with self._writing() as database:
                unused = seal(database, self.path, self._recipe)
        finally:
            self._database.execute("PRAGMA synchronous = NORMAL")
        for name in unused:
            with suppress(OSError):  # another process reads it, on a system that keeps it then
                (self.path / name).unlink()

    def arrays(self) -> SearchArrays:
        """Return the index as arrays, read from the file when something has changed since."""
        with self._reading() as database:
            # changes when another connection, of this process or another, has committed
            (version,) = database.execute("PRAGMA data_version").fetchone()
            if self._arrays is None or version != self._arrays_version:
                rows = database.execute(SELECT_FINGERPRINTS).fetchall()
                self._arrays = search_arrays(
                    rows, self.sketcher, self.rarity, self.encoder.dimensions
                )
                self._arrays_version = version
            return self._arrays

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection; what a damaged file raises becomes one clear error."""
        with self._lock:
            try:
                yield self._database
            except (sqlite3.DatabaseError, zlib.error, ValueError) as error:
                raise IndexMismatch(
                    f"the index at {self.path or 'memory'} is damaged ({error}): "
                    "restore the folder, or build it again from the sources"
                ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                yield self._database
                self._database.execute("COMMIT")
            except sqlite3.OperationalError as error:
                with suppress(sqlite3.OperationalError):
                    self._database.execute("ROLLBACK")
                raise IndexMismatch(
                    f"the index at {self.path or 'memory'} could not be written ({error}): "
                    "nothing of this batch was kept; free the file or the disk and add it again"
                ) from error
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            finally:
                self._arrays = self._catalogue = None

    def add_rows(
        self,
        articles: Iterable[tuple[str | bytes | None, ...]],
        fingerprints: Iterable[tuple[bytes, ...]],
    ) -> None:
        """Add rows of ``article_row`` and ``fingerprint_row`` as they are, of new ids only."""
        with self._writing() as database:
            insert(database, articles, fingerprints)
