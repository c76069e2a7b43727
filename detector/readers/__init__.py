"""Files, folders and standard input -> Articles or Failures, streaming."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from detector.article import Article
from detector.errors import BadInput
from detector.readers.archives import read_wacz, read_warc
from detector.readers.documents import (
    read_document,
    read_json,
    read_lines,
    read_page,
    read_stdin,
)
from detector.readers.feeds import read_address, read_feed
from detector.readers.source import Articles, Failure, Made, Results, Source, guarded
from detector.readers.tables import read_parquet, read_table
from detector.records import article_from_record, check_fields

if TYPE_CHECKING:
    from detector.fetch import Fetcher

__all__ = ["STDIN", "Failure", "is_address", "read_articles", "read_one", "read_records"]

STDIN = "-"

_EXPECTED = (
    ".txt .md .html .htm .json .jsonl .ndjson .csv .warc .xml (each also with .gz), "
    ".wacz or .parquet"
)


def read_one(path: str | Path) -> Article:
    """Read the one article of a text, Markdown, HTML or JSON file.

    Raises:
        BadInput: no such file, one of another kind, or one without a (single) article.
    """
    path = Path(path)
    if path.exists() and (path.is_dir() or _suffix(path) not in _DOCUMENTS):
        raise BadInput(
            f"{path.as_posix()} is no file of one article: expected .txt, .md, .html or .json; "
            "read many articles with 'detector scan'"
        )
    results = list(islice(_read_path(path, Source("", {}, article_from_record)), 2))
    if len(results) != 1:
        found = "more than one article" if results else "no article"
        raise BadInput(
            f"{path.as_posix()} holds {found}, where one was expected: use 'detector scan'"
        )
    if isinstance(results[0], Failure):
        raise BadInput(f"{path.as_posix()}: {results[0].message}")
    return results[0]


def read_articles(
    inputs: Iterable[str | Path],
    *,
    fields: Mapping[str, str] | None = None,
    fetcher: Fetcher | None = None,
) -> Results:
    """Read every article of files, folders, standard input and addresses, one after the other.

    Args:
        inputs: paths, ``-`` for standard input, or addresses; folders are read with all below.
        fields: our names of fields to the input's, such as ``{"text": "body"}``; a dot leads
            into an inner object.
        fetcher: fetches addresses, and what feeds and sitemaps list; without one nothing is
            fetched, and each of these is one failure.

    Returns:
        A stream of each article, or a failure in its place; a bad record never ends it.

    Raises:
        BadInput: ``fields`` names a field that articles do not have.
        MissingPackage: an input is Parquet or a web archive, and what reads it is not installed.
    """
    fields = dict(fields or {})
    check_fields(fields)  # at once, not with the first article
    inputs = [inputs] if isinstance(inputs, str | Path) else inputs
    common = Source("", fields, article_from_record, fetcher)
    return chain.from_iterable(_read_input(each, common) for each in inputs)


def is_address(input: str | Path) -> bool:
    """Tell an address from the name of a file."""
    return isinstance(input, str) and input.lower().startswith(("http://", "https://"))


def read_records(
    path: str | Path,
    make: Callable[[object, Mapping[str, str]], Made],
    *,
    fields: Mapping[str, str] | None = None,
) -> Iterator[Made | Failure]:
    """Read the records of one JSON or JSON-lines file as something other than plain articles.

    Args:
        path: a file of JSON lines when named .jsonl or .ndjson, else of one JSON document.
        make: what a record becomes, given it and ``fields``; raises BadInput where it cannot.
        fields: our names of fields to the input's.

    Returns:
        A stream of what was made, or a failure in its place; a bad record never ends it.
    """
    fields = dict(fields or {})
    check_fields(fields)
    source = Source(Path(path).as_posix(), fields, make)
    if not Path(path).is_file():
        found = "this is a folder" if Path(path).is_dir() else "there is no such file"
        return iter([source.failure(f"{found}: expected a file of JSON lines")])
    if _suffix(Path(path)) in {".jsonl", ".ndjson"}:
        return guarded(source, read_lines)
    return guarded(source, read_json)


def _read_input(origin: str | Path, common: Articles) -> Results:
    if str(origin) == STDIN:
        return guarded(replace(common, origin=STDIN), read_stdin)
    if is_address(origin):
        return guarded(replace(common, origin=str(origin)), read_address)
    path = Path(origin)
    return _read_folder(path, common) if path.is_dir() else _read_path(path, common)


def _read_folder(folder: Path, common: Articles) -> Results:
    # among other files a feed is no input of its own, unless it is to be fetched
    known = _READERS.keys() if common.fetcher else _READERS.keys() - _LISTS.keys()
    files = _files_below(folder, known)
    first = next(files, None)
    if first is None:
        yield Failure(folder.as_posix(), f"the folder holds no file to read: expected {_EXPECTED}")
        return
    for file in chain([first], files):
        yield from [file] if isinstance(file, Failure) else _read_path(file, common)


def _files_below(folder: Path, known: Set[str]) -> Iterator[Path | Failure]:
    """Yield the known files below a folder by name; no links to folders: they may be circles."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield Failure(folder.as_posix(), f"the folder cannot be read ({error.strerror})")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_below(entry, known)
        elif entry.is_file() and _suffix(entry) in known:
            yield entry


def _read_path(path: Path, common: Articles) -> Results:
    source = replace(common, origin=path.as_posix())
    reader = _READERS.get(_suffix(path))
    if not path.exists():
        return iter([source.failure("there is no such file or folder: check the path")])
    if reader is None:
        found = f"files named *{path.suffix or path.name} are not known here"
        return iter([source.failure(f"{found}: expected {_EXPECTED}, or a folder")])
    return guarded(source, reader)


def _suffix(path: Path) -> str:
    """Return the suffix that says what a file is, without that of compression."""
    return Path(path.name.lower().removesuffix(".gz")).suffix


# A .json file gives no more than one article when it holds an object; read_one checks.
_DOCUMENTS: Mapping[str, Callable[[Articles], Results]] = {
    ".txt": read_document,
    ".text": read_document,
    ".md": read_document,
    ".markdown": read_document,
    ".html": read_page,
    ".htm": read_page,
    ".xhtml": read_page,
    ".json": read_json,
}
_LISTS: Mapping[str, Callable[[Articles], Results]] = {
    ".xml": read_feed,
    ".rss": read_feed,
    ".atom": read_feed,
}
_READERS: Mapping[str, Callable[[Articles], Results]] = {
    **_DOCUMENTS,
    ".jsonl": read_lines,
    ".ndjson": read_lines,
    ".csv": read_table,
    ".tsv": read_table,
    ".parquet": read_parquet,
    ".warc": read_warc,
    ".wet": read_warc,
    ".wacz": read_wacz,
    **_LISTS,
}
