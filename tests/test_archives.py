"""Claims about WARC and WACZ files, sound and damaged."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from conftest import ROOT

from detector.article import Article
from detector.readers import Failure, read_articles

STORY = (
    "The ferry to Norrholm was cancelled on Monday, and nobody on the pier knew why it was. "
    "Its owner, a dairy on the mainland, said a gearbox had failed twice within one week."
)


def html(number: int = 0, text: str = STORY) -> bytes:
    head = f"<head><title>Boat {number}</title></head>"
    return f"<!doctype html><html>{head}<body><p>Boat {number}. {text}</p></body></html>".encode()


def response(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def record(
    block: bytes, url: str, *, kind: str = "response", mime: str = "application/http", **fields: str
) -> bytes:
    """Return one WARC record, uncompressed."""
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2025-11-14T08:00:00Z",
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>",
        f"Content-Type: {mime}",
        f"Content-Length: {fields.get('length', len(block))}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + block + b"\r\n\r\n"


def url_of(number: int) -> str:
    return f"https://post.example/{number}"


def pages(count: int = 6) -> list[bytes]:
    return [record(response(html(n)), url_of(n)) for n in range(count)]


def archive(path: Path, records: Sequence[bytes]) -> Path:
    """Write an archive, each record compressed by itself when it is named .gz."""
    compress = gzip.compress if path.suffix == ".gz" else bytes
    path.write_bytes(b"".join(map(compress, records)))
    return path


def read(path: Path) -> list[Article | Failure]:
    return list(read_articles([path]))


def found(path: Path) -> list[str | None]:
    """Return the addresses that gave an article, and None for each failure."""
    return [item.url if isinstance(item, Article) else None for item in read(path)]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_the_pages_of_an_archive_are_articles(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / name, pages(2))
    assert read(path) == [
        Article.from_text(f"Boat {n}. {STORY}", title=f"Boat {n}", url=url_of(n)) for n in (0, 1)
    ]


def test_an_archive_compressed_as_a_whole_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(b"".join(pages(3))))
    assert found(path) == [url_of(n) for n in range(3)]


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.warc",
        [
            record(b"software: x\r\n", "a", kind="warcinfo", mime="application/warc-fields"),
            record(b"GET / HTTP/1.1\r\n\r\n", url_of(0), kind="request"),
            record(response(b"\x89PNG\0", kind="image/png"), url_of(1)),
            record(response(html(), status="404 Not Found"), url_of(2)),
            record(response(b"", "Location: /4", status="301 Moved"), url_of(3)),
            record(response(html(4), kind="text/html; charset=utf-8"), url_of(4)),
            record(html(5), url_of(5), kind="resource", mime="text/html"),
            record(STORY.encode(), url_of(6), kind="conversion", mime="text/plain"),
        ],
    )
    assert found(path) == [url_of(4), url_of(5), url_of(6)]


def test_common_crawls_text_files_are_read(tmp_path: Path) -> None:
    text = record(STORY.encode(), url_of(1), kind="conversion", mime="text/plain")
    path = archive(tmp_path / "CC-MAIN-1.warc.wet.gz", [text])
    assert read(path) == [Article.from_text(STORY, url=url_of(1))]


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(html()), ["Content-Encoding: gzip"]),
        (zlib.compress(html()), ["Content-Encoding: deflate"]),
        (chunked(html()), ["Transfer-Encoding: chunked"]),
        (chunked(gzip.compress(html())), ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),
        (html(), ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),  # undone by the crawler
        (html(), ["Content-Encoding: br"]),
    ],
)
def test_what_servers_do_to_pages_is_undone(
    tmp_path: Path, body: bytes, headers: list[str]
) -> None:
    path = archive(tmp_path / "a.warc.gz", [record(response(body, *headers), url_of(0))])
    assert found(path) == [url_of(0)]


def test_a_page_in_another_charset_is_read_as_the_server_says(tmp_path: Path) -> None:
    body = html(text="Die Fähre fährt heute nicht über die Förde.").decode().encode("cp1252")
    page = response(body, kind="text/html; charset=iso-8859-1")
    (article,) = read(archive(tmp_path / "a.warc", [record(page, url_of(0))]))
    assert isinstance(article, Article)
    assert article.text.endswith("Die Fähre fährt heute nicht über die Förde.")


def test_a_page_without_an_article_is_a_failure_with_its_address(tmp_path: Path) -> None:
    wall = html(text="Subscribe to continue reading.")
    path = archive(tmp_path / "a.warc", [pages(1)[0], record(response(wall), url_of(7))])
    article, failure = read(path)
    assert isinstance(article, Article)
    assert isinstance(failure, Failure)
    assert (failure.origin, failure.line, failure.id) == (path.as_posix(), 2, url_of(7))
    assert "before a pay wall" in failure.message


def damaged(kind: str, records: list[bytes], *, compressed: bool) -> bytes:
    """Return an archive whose fourth record is damaged."""
    parts = [gzip.compress(each) if compressed else each for each in records]
    whole = parts[3]
    parts[3] = {
        "overwritten": whole[:60] + b"\xff" * 40 + whole[100:],
        "garbage": b"\0garbage\r\n" * 30,
        "cut": whole[: len(whole) // 2],
        "headless": whole[20:],
    }[kind]
    return b"".join(parts)


@pytest.mark.parametrize("kind", ["overwritten", "garbage", "cut", "headless"])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_damaged_record_is_a_failure_and_the_rest_is_read(
    tmp_path: Path, name: str, kind: str
) -> None:
    path = tmp_path / name
    path.write_bytes(damaged(kind, pages(6), compressed=path.suffix == ".gz"))
    results = found(path)
    sound = [url for url in results if url]
    assert sound[:3] == [url_of(n) for n in range(3)]
    assert sound[-1] == url_of(5)
    assert len(sound) >= 4
    if name == "a.warc.gz" or kind in {"garbage", "headless"}:
        assert results.count(None) == 1


def test_an_archive_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.warc.gz", pages(6))
    path.write_bytes(path.read_bytes()[:-100])
    *articles, failure = read(path)
    assert len(articles) == 5
    assert isinstance(failure, Failure)
    assert (failure.line, failure.id) == (6, url_of(5))
    assert "ends after" in failure.message


@pytest.mark.parametrize("content", [b"", b"hello\n", os.urandom(5_000), b"WARC/1.0\r\n" * 99])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.wacz"])
def test_what_is_no_archive_is_told_or_empty(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert set(found(path)) <= {None}


def test_archives_changed_at_random_neither_crash_nor_hang(tmp_path: Path) -> None:
    chance = random.Random(7)
    for name in ("a.warc", "a.warc.gz"):
        sound = archive(tmp_path / name, pages(4)).read_bytes()
        for _ in range(60):
            content = bytearray(sound)
            for _ in range(chance.randrange(1, 8)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            (tmp_path / name).write_bytes(content[: chance.randrange(len(content))])
            assert len(found(tmp_path / name)) <= 12


def test_a_page_that_inflates_without_end_is_a_failure(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 200_000_000, 9)
    path = archive(
        tmp_path / "a.warc",
        [record(response(bomb, "Content-Encoding: gzip"), url_of(0)), pages(2)[1]],
    )
    failure, article = read(path)
    assert isinstance(failure, Failure)
    assert "more than 20000000 bytes" in failure.message
    assert isinstance(article, Article)


def test_a_record_that_lies_about_its_length_is_a_failure(tmp_path: Path) -> None:
    lie = record(response(html()), url_of(0), length="900")
    huge = record(response(html()), url_of(1), length="99999999999")
    for records in ([lie, *pages(2)], [huge, *pages(2)]):
        assert None in found(archive(tmp_path / "a.warc", records))


# WACZ


def package(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_the_archives_in_a_wacz_are_read_by_name(tmp_path: Path) -> None:
    one, two = (b"".join(map(gzip.compress, part)) for part in (pages(4)[:2], pages(4)[2:]))
    path = package(
        tmp_path / "a.wacz",
        {
            "archive/2.warc.gz": two,
            "archive/1.warc.gz": one,
            "indexes/index.cdx": b"x",
            "datapackage.json": b"{}",
        },
    )
    assert found(path) == [url_of(n) for n in range(4)]


def test_a_damaged_record_in_a_wacz_is_a_failure(tmp_path: Path) -> None:
    content = damaged("overwritten", pages(6), compressed=True)
    results = found(package(tmp_path / "a.wacz", {"archive/1.warc.gz": content}))
    assert results.count(None) == 1
    assert results[-1] == url_of(5)


def test_a_zip_of_something_else_is_told(tmp_path: Path) -> None:
    (failure,) = read(package(tmp_path / "a.wacz", {"x.txt": b"x"}))
    assert isinstance(failure, Failure)
    assert failure.message == "the file has no archive/*.warc.gz in it: expected a WACZ"


# Memory


MEASURED = """
import resource, sys
from detector.readers import read_articles
count = sum(1 for _ in read_articles([sys.argv[1]]))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def noise(size: int) -> Iterator[bytes]:
    """Yield records that are no pages, and do not compress."""
    chance = random.Random(1)
    for _ in range(size):
        yield record(response(chance.randbytes(500_000), kind="image/png"), url_of(0))


def measured(path: Path) -> tuple[int, int]:
    """Return how many results a new process reads, and the kilobytes that it takes."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, path],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    count, kilobytes = done.stdout.split()
    return int(count), int(kilobytes)


def test_an_archive_of_any_length_is_read_in_the_same_memory(tmp_path: Path) -> None:
    small = archive(tmp_path / "a.warc.gz", [*noise(4), *pages(20)])
    large = archive(tmp_path / "b.warc.gz", [*noise(160), *pages(40)])
    few, small_kilobytes = measured(small)
    many, large_kilobytes = measured(large)
    assert (few, many) == (20, 40)
    assert large.stat().st_size > 80_000_000
    assert large_kilobytes < small_kilobytes + 15_000
