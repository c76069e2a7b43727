"""Files, folders, JSONL, Parquet, CSV -> Articles or Failures, streaming."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Generic, TypeVar, cast

from detector.article import Article
from detector.errors import BadInput, MissingPackage
from detector.extract import article_from_html, is_whole_page
from detector.markup import article_from_markup
from detector.records import article_from_record, check_fields, known_columns, record_id
from detector.streams import (
    HEAD_BYTES,
    LONGEST_LINE,
    Line,
    decoded,
    head_of,
    lines_of,
    open_text,
    refuse_binary,
    refuse_utf16,
    whole,
)

STDIN = "-"
LARGEST_DOCUMENT = 50_000_000
# A .json file is held in memory whole, with some five times its size in objects.
LARGEST_JSON = 500_000_000
# Rows held at once: this many news pages with their HTML are some 50 MB.
PARQUET_ROWS = 256
DELIMITERS = ",;\t|"

_EXPECTED = ".txt .md .html .htm .json .jsonl .ndjson .csv (each also with .gz) or .parquet"
_BLANK_BYTES = codecs.BOM_UTF8 + b" \t\r\n"
# The tags inside of a line; text that begins with one is marked-up text, no page.
_JSON_START = re.compile(r"\{|\[\s*+[{\]]")
_INLINE_TAG = re.compile(r"<(?:span|b|i|u|em|strong|a|font|small|sub|sup|img|br|https?:)\b", re.I)


@dataclass(frozen=True, slots=True)
class Failure:
    """An input, or one record of it, that gave no article.

    Attributes:
        origin: the file as named by the user, ``-`` for standard input.
        message: what was found, what was expected, what to do; one line.
        line: line of a text file, or place of a record in a list or table, from 1.
        id: the record's id, where it has one.
    """

    origin: str
    message: str
    line: int | None = None
    id: str | None = None

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the line that stands for it among reports."""
        return {"error": self.message, "origin": self.origin, "line": self.line, "id": self.id}

    def told(self) -> str:
        """Return where it is and what is wrong, in one line."""
        place = self.origin if self.line is None else f"{self.origin}:{self.line}"
        return f"{place}: {self.message}"


# What is made of a record: an article, or an article with its labels.
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class _Source(Generic[Made]):
    """Where records come from, what the user calls their fields, and what is made of them."""

    origin: str
    fields: Mapping[str, str]
    make: Callable[[object, Mapping[str, str]], Made]

    def failure(self, message: str, line: int | None = None) -> Failure:
        return Failure(self.origin, message, line)

    def result(self, record: object, line: int) -> Made | Failure:
        """Make an article of a record, or say why not."""
        try:
            return self.make(record, self.fields)
        except BadInput as error:
            return Failure(self.origin, str(error), line, record_id(record, self.fields))


_Articles = _Source[Article]
Results = Iterator[Article | Failure]


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
    results = list(islice(_read_path(path, {}), 2))
    if len(results) != 1:
        found = "more than one article" if results else "no article"
        raise BadInput(
            f"{path.as_posix()} holds {found}, where one was expected: use 'detector scan'"
        )
    if isinstance(results[0], Failure):
        raise BadInput(f"{path.as_posix()}: {results[0].message}")
    return results[0]


def read_articles(
    inputs: Iterable[str | Path], *, fields: Mapping[str, str] | None = None
) -> Results:
    """Read every article of files, folders and standard input, one after the other.

    Args:
        inputs: paths, or ``-`` for standard input; folders are read with all below them.
        fields: our names of fields to the input's, such as ``{"text": "body"}``; a dot leads
            into an inner object.

    Returns:
        A stream of each article, or a failure in its place; a bad record never ends it.

    Raises:
        BadInput: ``fields`` names a field that articles do not have.
        MissingPackage: an input is Parquet, and pyarrow is not installed.
    """
    fields = dict(fields or {})
    check_fields(fields)  # at once, not with the first article
    inputs = [inputs] if isinstance(inputs, str | Path) else inputs
    return chain.from_iterable(_read_input(each, fields) for each in inputs)


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
    source = _Source(Path(path).as_posix(), fields, make)
    if not Path(path).is_file():
        found = "this is a folder" if Path(path).is_dir() else "there is no such file"
        return iter([source.failure(f"{found}: expected a file of JSON lines")])
    if _suffix(Path(path)) in {".jsonl", ".ndjson"}:
        return _guarded(source, _read_lines)
    return _guarded(source, _read_json)


def _read_input(origin: str | Path, fields: Mapping[str, str]) -> Results:
    if str(origin) == STDIN:
        return _guarded(_Source(STDIN, fields, article_from_record), _read_stdin)
    path = Path(origin)
    return _read_folder(path, fields) if path.is_dir() else _read_path(path, fields)


def _read_folder(folder: Path, fields: Mapping[str, str]) -> Results:
    files = _files_below(folder)
    first = next(files, None)
    if first is None:
        yield Failure(folder.as_posix(), f"the folder holds no file to read: expected {_EXPECTED}")
        return
    for file in chain([first], files):
        yield from [file] if isinstance(file, Failure) else _read_path(file, fields)


def _files_below(folder: Path) -> Iterator[Path | Failure]:
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
            yield from _files_below(entry)
        elif entry.is_file() and _suffix(entry) in _READERS:
            yield entry


def _read_path(path: Path, fields: Mapping[str, str]) -> Results:
    source = _Source(path.as_posix(), fields, article_from_record)
    reader = _READERS.get(_suffix(path))
    if not path.exists():
        return iter([source.failure("there is no such file or folder: check the path")])
    if reader is None:
        found = f"files named *{path.suffix or path.name} are not known here"
        return iter([source.failure(f"{found}: expected {_EXPECTED}, or a folder")])
    return _guarded(source, reader)


def _guarded(
    source: _Source[Made], reader: Callable[[_Source[Made]], Iterator[Made | Failure]]
) -> Iterator[Made | Failure]:
    """Turn what ends the reading of one input into a failure of it."""
    try:
        yield from reader(source)
    except BadInput as error:
        yield source.failure(str(error))
    except (OSError, EOFError, zlib.error) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        yield source.failure(
            f"reading stopped here ({reason}): the file is cut off, damaged or closed to you; "
            "what came before it counts, for the rest give a sound copy"
        )


def _suffix(path: Path) -> str:
    """Return the suffix that says what a file is, without that of compression."""
    return Path(path.name.lower().removesuffix(".gz")).suffix


def _read_document(source: _Articles) -> Results:
    with open_text(source.origin) as stream:
        text = decoded(whole(stream, LARGEST_DOCUMENT))
    yield _named(_from_text(text), source)


def _from_text(text: str) -> Article:
    return article_from_html(text) if is_whole_page(text) else article_from_markup(text)


def _read_page(source: _Articles) -> Results:
    with open_text(source.origin) as stream:
        content = whole(stream, LARGEST_DOCUMENT)
    yield _named(article_from_html(content), source)


def _named(article: Article, source: _Articles) -> Article:
    """Name an article without an address by its file."""
    return article if article.url else article.named(source.origin)


def _read_json(source: _Source[Made]) -> Iterator[Made | Failure]:
    with open_text(source.origin) as stream:
        text = decoded(whole(stream, LARGEST_JSON))
    yield from _from_json(text, source)


def _from_json(text: str, source: _Source[Made]) -> Iterator[Made | Failure]:
    data = _parsed(text)
    records = data if isinstance(data, list) else [data]
    for number, record in enumerate(records, start=1):
        yield source.result(record, number)


def _parsed(text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError) as error:
        reason = "too many levels" if isinstance(error, RecursionError) else str(error)
        raise BadInput(
            f"broken JSON ({reason}; it begins {text[:40]!r}): expected an object "
            'such as {"text": "…", "url": "…"}'
        ) from error


def _read_lines(source: _Source[Made]) -> Iterator[Made | Failure]:
    with open_text(source.origin) as stream:
        refuse_utf16(head_of(stream))
        for line in lines_of(stream):
            yield from _from_line(line, source)


def _from_line(line: Line, source: _Source[Made]) -> Iterator[Made | Failure]:
    if line.is_too_long:
        yield source.failure(
            f"the line holds more than {LONGEST_LINE} bytes, expected one record: left out",
            line.number,
        )
    elif line.content.strip():
        try:
            yield source.result(_parsed(decoded(line.content)), line.number)
        except BadInput as error:
            yield source.failure(str(error), line.number)


def _read_table(source: _Articles) -> Results:
    csv.field_size_limit(LONGEST_LINE)  # 131,072 by default, less than a long article
    with open_text(source.origin) as stream:
        head = head_of(stream)
        refuse_utf16(head)
        header = head.partition(b"\n")[0].decode("utf-8", "replace")
        delimiter = max(DELIMITERS, key=header.count)
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        yield from _from_rows(csv.DictReader(text, delimiter=delimiter), source)


def _from_rows(rows: csv.DictReader[str], source: _Articles) -> Results:
    known_columns(list(rows.fieldnames or ()), source.fields)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"a broken row ({error}): expected CSV with quoted texts"
            yield source.failure(message, rows.line_num)
        else:
            yield source.result(row, rows.line_num)


def _read_parquet(source: _Articles) -> Results:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise MissingPackage(
            f"{source.origin} is Parquet, which needs the package pyarrow: "
            "install it with pip install 'derivative-detector[parquet]'"
        ) from error
    try:
        with ParquetFile(source.origin) as file:
            columns = known_columns(file.schema_arrow.names, source.fields)
            batches = file.iter_batches(batch_size=PARQUET_ROWS, columns=columns)
            rows = chain.from_iterable(batch.to_pylist() for batch in batches)
            for number, row in enumerate(rows, start=1):
                yield source.result(row, number)
    except ArrowException as error:
        reason = str(error).partition("\n")[0]
        raise BadInput(f"no sound Parquet file ({reason}): write it again") from error


def _read_stdin(source: _Articles) -> Results:
    """Read JSON lines, a JSON document, a page or one text, by what it begins with."""
    stream = cast("io.BufferedReader", sys.stdin.buffer)
    lines = lines_of(stream)
    first = next((line for line in lines if line.content.strip(_BLANK_BYTES)), None)
    if first is None:
        raise BadInput("standard input is empty: expected JSON lines, a page or a text")
    refuse_binary(first.content[:HEAD_BYTES])
    if _is_record_line(first.content):
        for line in chain([first], lines):
            yield from _from_line(line, source)
        return
    text = decoded(first.content + whole(stream, LARGEST_JSON)).strip()
    if _JSON_START.match(text):
        yield from _from_json(text, source)
    elif text.startswith("<") and not _INLINE_TAG.match(text):
        yield article_from_html(text)
    else:
        yield article_from_markup(text)


def _is_record_line(content: bytes) -> bool:
    """Tell a line of JSON lines from the first line of a JSON document written over several."""
    content = content.strip(_BLANK_BYTES)
    return content.startswith(b"{") and not content.endswith((b"{", b",", b"[", b":"))


# A .json file gives no more than one article when it holds an object; read_one checks.
_DOCUMENTS: Mapping[str, Callable[[_Articles], Results]] = {
    ".txt": _read_document,
    ".text": _read_document,
    ".md": _read_document,
    ".markdown": _read_document,
    ".html": _read_page,
    ".htm": _read_page,
    ".xhtml": _read_page,
    ".json": _read_json,
}
_READERS: Mapping[str, Callable[[_Articles], Results]] = {
    **_DOCUMENTS,
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
    ".csv": _read_table,
    ".tsv": _read_table,
    ".parquet": _read_parquet,
}
