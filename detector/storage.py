"""The SQLite file of an index: its tables, its settings, and its rows as articles."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from detector.arrays import stored_fingerprint, stored_terms
from detector.article import Article, Rights
from detector.encoders import DEFAULT_ENCODER, Encoder, load_encoder
from detector.errors import IndexMismatch
from detector.fingerprint import Fingerprint
from detector.sketch import SketchSpec
from detector.terms import TermVector

FORMAT = 1

SCHEMA = """
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

# Segments hold the fingerprints of most articles of a large index; the table above, those of the
# last few. A removed article stays in its segment until that is merged with others. What is made
# here, indexes of earlier versions lack.
ADDED_SCHEMA = """
CREATE INDEX IF NOT EXISTS articles_by_site ON articles (site, id);
CREATE TABLE IF NOT EXISTS segments (
    name TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, articles INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS removed (n INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS centroids (rows BLOB NOT NULL)
"""

SELECT = "SELECT id, title, url, site, author, published, rights, text FROM articles"
SELECT_SITE = SELECT + " WHERE site = ? ORDER BY id LIMIT ?"
INSERT_ARTICLE = (
    "INSERT INTO articles (id, title, url, site, author, published, rights, text)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_FINGERPRINT = "INSERT INTO fingerprints VALUES (?, ?, ?, ?, ?, ?, ?)"
SELECT_TERMS = "SELECT terms, counts FROM fingerprints WHERE n = ?"
SELECT_SAME = (
    "SELECT title, text, signature, terms, counts, headline, headline_counts, vectors"
    " FROM articles JOIN fingerprints USING (n) WHERE id = ?"
)
SELECT_FINGERPRINTS = (
    "SELECT n, published, signature, terms, counts, headline, headline_counts, vectors "
    "FROM fingerprints JOIN articles USING (n) ORDER BY n"
)


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


def connect(file: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open the file so that others may read while one writes."""
    try:
        database = sqlite3.connect(file, check_same_thread=False, isolation_level=None, timeout=30)
        # Counts for a new file only: texts of 1.5 KB leave a third of pages of 4 KB empty, 7 % of
        # pages of 16 KB and half as much of these.
        database.execute("PRAGMA page_size = 32768")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")  # safe under WAL against a killed process
        if read_only:
            database.execute("PRAGMA query_only = ON")
    except sqlite3.OperationalError as error:  # a full disk, a lock, a folder nobody may write to
        raise IndexMismatch(
            f"{file} could not be opened ({error}): check its disk and who may use it"
        ) from error
    except sqlite3.DatabaseError as error:
        raise IndexMismatch(
            f"{file} is no index of this program ({error}): build it again"
        ) from error
    return database


def create_database(file: Path, encoder: Encoder) -> sqlite3.Connection:
    """Make an empty index in a folder, which is made when it is not there.

    Raises:
        IndexMismatch: the folder holds an index already, or cannot be made.
    """
    folder = file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IndexMismatch(
            f"{folder} cannot be made a folder ({error.strerror}): name another"
        ) from error
    database = connect(file)
    if not is_empty(database):  # a kill while creating leaves an empty file: go on with it
        database.close()
        raise IndexMismatch(f"{folder} holds an index already: open it, or name another folder")
    create_tables(database, encoder)
    return database


def open_database(file: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open the file of an index.

    Raises:
        IndexMismatch: it is not there, or no database.
    """
    if not file.is_file():
        raise IndexMismatch(
            f"{file.parent} holds no index (no {file.name}): make one with "
            f"'detector index add SOURCES --index {file.parent}'"
        )
    return connect(file, read_only=read_only)


def read_meta(database: sqlite3.Connection, name: str) -> dict[str, str]:
    """Return the settings of an index, and close what is none.

    Raises:
        IndexMismatch: the file has no settings.
    """
    try:
        return dict(database.execute("SELECT key, value FROM meta"))
    except sqlite3.DatabaseError as error:
        database.close()
        raise IndexMismatch(
            f"{name} is no index of this program ({error}): remove it and build again"
        ) from error


def create_tables(database: sqlite3.Connection, encoder: Encoder) -> None:
    """Write the schema and the settings in one transaction: all of an index, or nothing."""
    database.isolation_level = None
    meta = {
        "format": str(FORMAT),
        "encoder": encoder.name,
        "sketch": json.dumps(SketchSpec().to_dict(), sort_keys=True),
    }
    database.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA.split(";"):
        database.execute(statement)
    add_what_is_new(database)
    database.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    database.execute("COMMIT")


def add_what_is_new(database: sqlite3.Connection) -> None:
    """Add the tables that an index made by an earlier version lacks, and its way to a site."""
    for statement in ADDED_SCHEMA.split(";"):
        database.execute(statement)


def has_segment_tables(database: sqlite3.Connection) -> bool:
    """Tell whether the index may have segments; one that an earlier version made has none."""
    query = "SELECT count(*) FROM sqlite_master WHERE name = 'segments'"
    return bool(database.execute(query).fetchone()[0])


def is_complete(database: sqlite3.Connection) -> bool:
    """Tell whether the index has all that this version makes."""
    query = (
        "SELECT count(*) FROM sqlite_master "
        "WHERE name IN ('segments', 'removed', 'centroids', 'articles_by_site')"
    )
    return bool(database.execute(query).fetchone()[0] == 4)


def is_empty(database: sqlite3.Connection) -> bool:
    """Tell whether the file holds no table yet."""
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return not tables


def check_meta(meta: dict[str, str], folder: Path, encoder: Encoder | None) -> Encoder:
    """Check what an index was made with, and return the encoder to search it with."""
    if meta.get("format") != str(FORMAT):
        raise IndexMismatch(
            f"{folder} is an index of format {meta.get('format')}; this version reads format "
            f"{FORMAT}: build it again with 'detector index add'"
        )
    sketch = json.dumps(SketchSpec().to_dict(), sort_keys=True)
    if meta.get("sketch") != sketch:
        raise IndexMismatch(
            f"{folder} was sketched with {meta.get('sketch')}; this run uses {sketch}: "
            "build it again"
        )
    if encoder is None:
        name = meta.get("encoder", "")
        encoder = load_encoder(DEFAULT_ENCODER if name.startswith("static-") else name)
    if encoder.name != meta.get("encoder"):
        raise IndexMismatch(
            f"{folder} holds vectors of the encoder {meta.get('encoder')}; this run uses "
            f"{encoder.name}: name the first with --encoder, or build the index again"
        )
    return encoder


def article_row(article: Article) -> tuple[str | bytes | None, ...]:
    """Return an article as the columns of ``articles`` after ``n``."""
    rights = article.rights
    return (
        article.id,
        article.title,
        article.url,
        article.site,
        article.author,
        article.published.isoformat() if article.published else None,
        json.dumps([rights.canonical, rights.syndicated_from, rights.sponsored, rights.links]),
        packed(article.text),
    )


def packed(text: str) -> bytes:
    """Return a text as it is kept."""
    return zlib.compress(text.encode("utf8", "surrogatepass"), 1)


def unpacked(text: bytes) -> str:
    """Return a text that is kept."""
    return zlib.decompress(text).decode("utf8", "surrogatepass")


def article_of(row: tuple[str, ...]) -> Article:
    """Return an article as the columns of ``articles`` after ``n``."""
    id, title, url, site, author, published, rights, text = row
    return Article(
        text=unpacked(text),  # type: ignore[arg-type]
        id=id,
        title=title,
        url=url,
        site=site,
        author=author,
        published=datetime.fromisoformat(published) if published else None,
        rights=_rights_of(rights),
    )


def _rights_of(stored: str) -> Rights:
    canonical, syndicated_from, sponsored, *links = json.loads(stored)  # older rows have no links
    return Rights(canonical, syndicated_from, sponsored, *map(tuple, links))


def article_where(database: sqlite3.Connection, column: str, value: str | int) -> Article | None:
    """Return the article with a value in a column of different values, or None."""
    row = database.execute(f"{SELECT} WHERE {column} = ?", (value,)).fetchone()
    return article_of(row) if row else None


def kept_terms(database: sqlite3.Connection, number: int) -> TermVector | None:
    """Return the terms of an article by its row, or None where its fingerprint is not here."""
    row = database.execute(SELECT_TERMS, (number,)).fetchone()
    return stored_terms(*row) if row else None


def kept_fingerprint(
    database: sqlite3.Connection, article: Article, dimensions: int
) -> Fingerprint | None:
    """Return the fingerprint of an article that is kept with the same prose and title, or None."""
    row = database.execute(SELECT_SAME, (article.id,)).fetchone()
    if row is None or (row[0], unpacked(row[1])) != (article.title, article.prose):
        return None
    return stored_fingerprint(row[2:], dimensions)


def articles_of(database: sqlite3.Connection, site: str, most: int) -> list[Article]:
    """Return the first articles of a site by their ids, at most so many."""
    return [article_of(row) for row in database.execute(SELECT_SITE, (site, most)).fetchall()]


def insert(
    database: sqlite3.Connection,
    articles: Iterable[tuple[str | bytes | None, ...]],
    fingerprints: Iterable[tuple[bytes, ...]],
) -> None:
    """Add rows of ``article_row`` and of fingerprints, side by side."""
    for article, fingerprint in zip(articles, fingerprints, strict=True):
        number = database.execute(INSERT_ARTICLE, article).lastrowid
        database.execute(INSERT_FINGERPRINT, (number, *fingerprint))
