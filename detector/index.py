"""The index of sources: one SQLite file is the truth, arrays for searching are made from it."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType

from detector.arrays import SearchArrays, fingerprint_row, search_arrays
from detector.article import Article, Rights
from detector.encoders import DEFAULT_ENCODER, Encoder, load_encoder
from detector.errors import IndexMismatch
from detector.fingerprint import Fingerprinter
from detector.models import load_rarity
from detector.sketch import Sketcher, SketchSpec
from detector.terms import Rarity, TermExtractor

FORMAT = 1
FILE = "index.sqlite"
# One transaction holds this many articles: large enough that commits cost nothing, small enough
# that a killed process loses seconds of work.
BATCH = 256

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT, url TEXT, site TEXT,
    author TEXT, published TEXT, rights TEXT, text BLOB NOT NULL
);
CREATE TABLE fingerprints (
    n INTEGER PRIMARY KEY REFERENCES articles (n), signature BLOB NOT NULL, terms BLOB NOT NULL,
    counts BLOB NOT NULL, headline BLOB NOT NULL, headline_counts BLOB NOT NULL,
    vectors BLOB NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class AddCount:
    """What adding did: how many articles are new, and which were turned away, and why."""

    added: int
    already_there: int
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index says of itself."""

    articles: int
    encoder: str
    sketch: SketchSpec
    bytes_on_disk: int


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

    @classmethod
    def in_memory(cls, encoder: Encoder | None = None) -> Index:
        """Make an empty index that lives as long as this object."""
        database = sqlite3.connect(":memory:", check_same_thread=False)
        encoder = encoder or load_encoder()
        _create(database, encoder)
        return cls(database, encoder, None)

    @classmethod
    def create(cls, folder: str | Path, encoder: Encoder | None = None) -> Index:
        """Make an empty index in a new folder, or in an empty one.

        Raises:
            IndexMismatch: the folder holds an index already.
        """
        folder = Path(folder)
        if (folder / FILE).exists():
            raise IndexMismatch(f"{folder} holds an index already: open it, or name another folder")
        folder.mkdir(parents=True, exist_ok=True)
        encoder = encoder or load_encoder()
        database = _connect(folder / FILE)
        _create(database, encoder)
        return cls(database, encoder, folder)

    @classmethod
    def open(cls, folder: str | Path, encoder: Encoder | None = None) -> Index:
        """Open the index in a folder.

        Args:
            folder: where ``create`` made it.
            encoder: the one it was made with; loaded by the name the index remembers when absent.

        Raises:
            IndexMismatch: no index there, a damaged one, or one made with other settings.
        """
        folder = Path(folder)
        if not (folder / FILE).is_file():
            raise IndexMismatch(
                f"{folder} holds no index (no {FILE}): make one with "
                f"'detector index add SOURCES --index {folder}'"
            )
        database = _connect(folder / FILE)
        try:
            meta = dict(database.execute("SELECT key, value FROM meta"))
        except sqlite3.DatabaseError as error:
            database.close()
            raise IndexMismatch(
                f"{folder / FILE} is no index of this program ({error}): build it again"
            ) from error
        encoder = _check_meta(meta, folder, encoder)
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
        database.deserialize(content)
        meta = dict(database.execute("SELECT key, value FROM meta"))
        return cls(database, _check_meta(meta, Path("memory"), encoder), None)

    def __len__(self) -> int:
        """Number of sources."""
        with self._lock:
            (count,) = self._database.execute("SELECT count(*) FROM articles").fetchone()
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

    def add(self, articles: Iterable[Article]) -> AddCount:
        """Add sources; each batch is committed whole, so a kill loses only the last one.

        An article that is there already (same id, same text) is passed over; one whose id belongs
        to another text is refused and named in the result.
        """
        added, there, refused = 0, 0, []
        stream = iter(articles)
        while batch := list(islice(stream, BATCH)):
            fresh: dict[str, Article] = {}
            for article in batch:
                known = fresh.get(article.id) or self.get(article.id)
                if known is None:
                    fresh[article.id] = article
                elif known.text == article.text:
                    there += 1
                else:
                    refused.append(article.id)
            self._insert(list(fresh.values()))
            added += len(fresh)
        return AddCount(added, there, tuple(refused))

    def remove(self, ids: Iterable[str]) -> int:
        """Take sources out by id; return how many were there."""
        with self._writing() as database:
            gone = 0
            for id in ids:
                row = database.execute("SELECT n FROM articles WHERE id = ?", (id,)).fetchone()
                if row:
                    database.execute("DELETE FROM fingerprints WHERE n = ?", row)
                    database.execute("DELETE FROM articles WHERE n = ?", row)
                    gone += 1
        return gone

    def get(self, id: str) -> Article | None:
        """Return the source with this id, or None."""
        with self._lock:
            row = self._database.execute(_SELECT + " WHERE id = ?", (id,)).fetchone()
        return _article(row) if row else None

    def number(self, id: str) -> int:
        """Return the row of a source, or one past the last row when it is not there."""
        query = (
            "SELECT coalesce((SELECT n FROM articles WHERE id = ?),"
            " (SELECT max(n) + 1 FROM articles), 0)"
        )
        with self._lock:
            (row,) = self._database.execute(query, (id,)).fetchone()
        return int(row)

    def article(self, number: int) -> Article:
        """Return the source in a row of the SQLite file.

        Raises:
            IndexMismatch: it was removed since the arrays were read.
        """
        with self._lock:
            row = self._database.execute(_SELECT + " WHERE n = ?", (number,)).fetchone()
        if row is None:
            raise IndexMismatch("a source was removed while it was searched for: search again")
        return _article(row)

    def __iter__(self) -> Iterator[Article]:
        """Iterate over all sources in the order they were added."""
        for number in self.arrays().numbers:
            yield self.article(int(number))

    def verify(self) -> list[str]:
        """Return what is wrong with the file: one line per fault, none when it is sound."""
        with self._lock:
            faults = [
                f"SQLite: {row[0]}"
                for row in self._database.execute("PRAGMA integrity_check")
                if row[0] != "ok"
            ]
            lone = "SELECT count(*) FROM articles WHERE n NOT IN (SELECT n FROM fingerprints)"
            (count,) = self._database.execute(lone).fetchone()
        if count:
            faults.append(f"{count} articles have no fingerprint: remove them and add them again")
        return faults

    def arrays(self) -> SearchArrays:
        """Return the index as arrays, read from the file when something has changed since."""
        with self._lock:
            if self._arrays is None:
                rows = self._database.execute(_SELECT_FINGERPRINTS).fetchall()
                self._arrays = search_arrays(
                    rows, self.sketcher, self.rarity, self.encoder.dimensions
                )
            return self._arrays

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
                self._arrays = None

    def _insert(self, articles: Sequence[Article]) -> None:
        if not articles:
            return
        fingerprints = self.fingerprinter.fingerprint(articles)
        with self._writing() as database:
            for article, fingerprint in zip(articles, fingerprints, strict=True):
                cursor = database.execute(
                    "INSERT INTO articles (id, title, url, site, author, published, rights, text)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    _article_row(article),
                )
                database.execute(
                    "INSERT INTO fingerprints VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (cursor.lastrowid, *fingerprint_row(fingerprint)),
                )


_SELECT = "SELECT id, title, url, site, author, published, rights, text FROM articles"
_SELECT_FINGERPRINTS = (
    "SELECT n, published, signature, terms, counts, headline, headline_counts, vectors "
    "FROM fingerprints JOIN articles USING (n) ORDER BY n"
)


def _connect(file: Path) -> sqlite3.Connection:
    try:
        database = sqlite3.connect(file, check_same_thread=False, isolation_level=None, timeout=30)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")  # safe under WAL against a killed process
    except sqlite3.DatabaseError as error:
        raise IndexMismatch(f"{file} is no index of this program ({error})") from error
    return database


def _create(database: sqlite3.Connection, encoder: Encoder) -> None:
    database.isolation_level = None
    database.executescript("BEGIN;" + _SCHEMA + "COMMIT;")
    meta = {
        "format": str(FORMAT),
        "encoder": encoder.name,
        "sketch": json.dumps(SketchSpec().to_dict(), sort_keys=True),
    }
    database.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())


def _check_meta(meta: dict[str, str], folder: Path, encoder: Encoder | None) -> Encoder:
    if meta.get("format") != str(FORMAT):
        raise IndexMismatch(
            f"{folder} is an index of format {meta.get('format')}; this version reads format "
            f"{FORMAT}: build it again with 'detector index add'"
        )
    sketch = json.dumps(SketchSpec().to_dict(), sort_keys=True)
    if meta["sketch"] != sketch:
        raise IndexMismatch(
            f"{folder} was sketched with {meta['sketch']}; this run uses {sketch}: build it again"
        )
    if encoder is None:
        name = meta["encoder"]
        encoder = load_encoder(DEFAULT_ENCODER if name.startswith("static-") else name)
    if encoder.name != meta["encoder"]:
        raise IndexMismatch(
            f"{folder} holds vectors of the encoder {meta['encoder']}; this run uses "
            f"{encoder.name}: name the first with --encoder, or build the index again"
        )
    return encoder


def _article_row(article: Article) -> tuple[str | bytes | None, ...]:
    rights = article.rights
    return (
        article.id,
        article.title,
        article.url,
        article.site,
        article.author,
        article.published.isoformat() if article.published else None,
        json.dumps([rights.canonical, rights.syndicated_from, rights.sponsored]),
        zlib.compress(article.text.encode("utf8", "surrogatepass"), 1),
    )


def _article(row: tuple[str, ...]) -> Article:
    id, title, url, site, author, published, rights, text = row
    return Article(
        text=zlib.decompress(text).decode("utf8", "surrogatepass"),  # type: ignore[arg-type]
        id=id,
        title=title,
        url=url,
        site=site,
        author=author,
        published=datetime.fromisoformat(published) if published else None,
        rights=Rights(*json.loads(rights)),
    )
