"""Web archives: WARC and WACZ, as crawlers and Common Crawl write them, record by record."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING

from detector.article import Article
from detector.decoding import decoded
from detector.errors import BadInput, MissingPackage
from detector.extract import LARGEST_PAGE, article_from_html
from detector.readers.source import Articles, Results
from detector.streams import decoded as decoded_text

if TYPE_CHECKING:
    from fastwarc import ArchiveIterator, WarcRecord

# Read at once when the next sound record is looked for.
BLOCK = 1_000_000
# A record begins so; compressed, this many bytes of it are enough to see that.
_RECORD_START = b"WARC/1."
_PROBE = 256
_STARTS = re.compile(rb"\x1f\x8b\x08|WARC/1\.")

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.I)
# Where a WACZ keeps its records (WACZ 1.1.1, "Directory layout").
_IN_WACZ = re.compile(r"archive/[^/]+\.warc(?:\.gz)?", re.I)


def read_warc(source: Articles) -> Results:
    """Read the pages of one WARC or WET file; a damaged record is a failure in its place."""
    with Path(source.origin).open("rb") as file:
        yield from _read_records(file, source, _Place())


def read_wacz(source: Articles) -> Results:
    """Read the pages of a WACZ file's records."""
    place = _Place()
    try:
        with zipfile.ZipFile(source.origin) as package:
            names = sorted(name for name in package.namelist() if _IN_WACZ.fullmatch(name))
            if not names:
                raise BadInput("the file has no archive/*.warc.gz in it: expected a WACZ")
            for name in names:
                with package.open(name) as file:
                    yield from _read_records(file, source, place)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise BadInput(f"no sound WACZ file ({error}): download it again") from error


@dataclass
class _Place:
    """How far an archive has been read.

    Attributes:
        number: records met, of any kind, from 1.
        at: where in the file the last one begins.
        is_sound: whether one was read since reading last began.
    """

    number: int = 0
    at: int = -1
    is_sound: bool = field(default=False)


def _read_records(file: IO[bytes], source: Articles, place: _Place) -> Results:
    """Read from record to record; after damage, go on with the next sound one."""
    start: int | None = 0
    while start is not None:
        file.seek(start)
        place.at, place.is_sound = start, False
        try:
            yield from _read_from(file, start, source, place)
        except (OSError, ValueError, EOFError, zlib.error) as error:
            if place.is_sound or start == 0:
                place.number += 1
                yield source.failure(_damaged(error), place.number)
            start = _next_start(file, place.at + 1)
        else:
            return


def _read_from(file: IO[bytes], start: int, source: Articles, place: _Place) -> Results:
    for record in _records(file):
        place.number += 1
        place.at, place.is_sound = start + record.stream_pos, True
        yield from _from_record(record, source, place.number)


def _records(file: IO[bytes]) -> ArchiveIterator:
    try:
        from fastwarc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        raise MissingPackage(
            "web archives need the package fastwarc: "
            "install it with pip install 'derivative-detector[warc]'"
        ) from error
    kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    return ArchiveIterator(file, record_types=kinds, parse_http=True, strict_mode=False)


def _from_record(record: WarcRecord, source: Articles, number: int) -> Results:
    """Make an article of a record that holds a page; images, errors and the like give nothing."""
    from fastwarc import WarcRecordType

    url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    is_text = record.record_type == WarcRecordType.conversion
    kind = _kind(record)
    if not is_text and not (kind.partition(";")[0].strip().lower() in _PAGES and _is_ok(record)):
        return
    try:
        content = _content(record)
        if is_text:
            yield Article.from_text(decoded_text(content), url=url or None)
        else:
            charset = _CHARSET.search(kind)
            yield article_from_html(
                content, url=url or None, charset=charset[1] if charset else None
            )
    except BadInput as error:
        yield source.failure(str(error), number, url or None)


def _kind(record: WarcRecord) -> str:
    """Return the media type of what a record holds."""
    if record.is_http_parsed:
        return record.http_headers.get("Content-Type") or ""
    return record.headers.get("Content-Type") or ""


def _is_ok(record: WarcRecord) -> bool:
    return not record.is_http_parsed or record.http_headers.status_code == HTTPStatus.OK


def _content(record: WarcRecord) -> bytes:
    """Return a page's bytes, with what the server did to them on the way undone."""
    expected = record.content_length
    if expected > LARGEST_PAGE:
        raise BadInput(f"the record has {expected} bytes, more than any page ({LARGEST_PAGE})")
    raw = record.reader.read(expected) if expected else b""
    if len(raw) < expected:
        raise BadInput(
            f"the record ends after {len(raw)} of its {expected} bytes: the file is cut off or "
            "damaged; give a sound copy"
        )
    if not record.is_http_parsed:
        return raw
    codings = (record.http_headers.get("Content-Encoding") or "").lower()
    if "chunked" in (record.http_headers.get("Transfer-Encoding") or "").lower():
        raw = _unchunked(raw)
    if codings.strip() == "br":
        raw, codings = _unbrotli(raw), ""
    return decoded([raw], codings.split(","), most=LARGEST_PAGE)


def _unchunked(raw: bytes) -> bytes:
    """Undo chunks, where crawlers have left them in."""
    from fastwarc.stream_io import ChunkedReader

    with suppress(OSError, ValueError):
        return ChunkedReader(io.BytesIO(raw)).read(LARGEST_PAGE + 1)
    return raw


def _unbrotli(raw: bytes) -> bytes:
    from fastwarc.stream_io import BrotliReader

    with suppress(OSError, ValueError):
        return BrotliReader(io.BytesIO(raw)).read(LARGEST_PAGE + 1)
    return raw


def _damaged(error: Exception) -> str:
    reason = " ".join(str(error).split())[:100] or type(error).__name__
    return f"a damaged record ({reason}): passed over; give a sound copy of the archive"


def _next_start(file: IO[bytes], after: int) -> int | None:
    """Find where the next record may begin, at or behind a place; None at the end."""
    file.seek(after)
    before, at = b"", after
    while block := file.read(BLOCK):
        window = before + block
        for found in _STARTS.finditer(window):
            offset = at - len(before) + found.start()
            if found[0] == _RECORD_START or _is_compressed_start(file, offset):
                return offset
        at += len(block)
        before = window[-len(_RECORD_START) :]
        file.seek(at)
    return None


def _is_compressed_start(file: IO[bytes], offset: int) -> bool:
    file.seek(offset)
    try:
        begins = zlib.decompressobj(31).decompress(file.read(_PROBE), len(_RECORD_START))
    except zlib.error:
        return False
    return begins == _RECORD_START
