"""Claims about fetching: what is asked, what is read, and what a hostile server cannot do."""

from __future__ import annotations

import gzip
import itertools
import ssl
import subprocess
import time
import tracemalloc
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from webserver import Site, answer, redirect, serving

from detector.article import Article
from detector.errors import BadInput, FetchError
from detector.extract import LARGEST_PAGE
from detector.fetch import PRIVATE_NETWORKS, Fetcher, Limits
from detector.version import __version__

FERRY = "The ferry to Norrholm was cancelled on Monday, and nobody on the pier knew why it was."
GEARBOX = "Its owner, a dairy on the mainland, said a gearbox had failed twice within one week."
PAGE = (
    f"<!doctype html><html><head><title>No boat</title></head><body><p>{FERRY}</p><p>{GEARBOX}</p>"
).encode()
TEXT = f"{FERRY}\n{GEARBOX}"
MEGABYTE = 1_000_000
QUICK = Limits(
    connect_seconds=2,
    read_seconds=1,
    total_seconds=3,
    backoff_seconds=0.05,
    longest_wait_seconds=2,
    pause_seconds=0,
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def other() -> Iterator[Site]:
    """Return a site on another loopback address; not every system has more than one."""
    try:
        with serving("127.0.0.2") as site:
            yield site
    except OSError:
        pytest.skip("this system has one loopback address")


def fetcher(
    *, limits: Limits = QUICK, obey_robots: bool = True, private: str = "127.0.0.0/8"
) -> Fetcher:
    networks = [ip_network(name) for name in private.split()]
    return Fetcher(limits=limits, obey_robots=obey_robots, private=networks)


def refused(url: str, match: str, **settings: object) -> str:
    """Return why an address was not fetched; every reason is one line."""
    with pytest.raises(FetchError, match=match) as caught:
        fetcher(**settings).page(url)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


# What is read


def test_a_page_becomes_an_article_at_its_address(site: Site) -> None:
    site.pages["/1"] = answer(PAGE, kind="text/html; charset=utf-8")
    article = fetcher().article(site.url("/1#part"))
    assert article == Article.from_text(TEXT, title="No boat", url=site.url("/1"))


def test_a_request_says_who_asks_and_how_to_answer(site: Site) -> None:
    site.pages["/1"] = answer(PAGE)
    fetcher().page(site.url("/1"))
    assert site.asked == ["/robots.txt", "/1"]
    assert f"Host: 127.0.0.1:{site.port}\r\n" in site.heads[1]
    assert f"User-Agent: derivative-detector/{__version__} (" in site.heads[1]
    assert "Accept-Encoding: gzip, deflate\r\n" in site.heads[1]


def test_a_text_is_read_too(site: Site) -> None:
    site.pages["/1.txt"] = answer(f"# No boat\n\n{TEXT}".encode(), kind="text/plain")
    article = fetcher().article(site.url("/1.txt"))
    assert (article.text, article.title, article.url) == (TEXT, "No boat", site.url("/1.txt"))


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "video/mp4", "text/css"])
def test_other_kinds_are_refused_without_reading_them(site: Site, kind: str) -> None:
    site.pages["/1"] = answer(b"x" * 100, kind=kind)
    assert refused(site.url("/1"), "expected a web page or a text").startswith(site.url("/1"))


def test_a_feed_is_a_page_but_no_article(site: Site) -> None:
    site.pages["/feed"] = answer(b"<rss/>", kind="application/rss+xml; charset=utf-8")
    page = fetcher().page(site.url("/feed"))
    assert (page.content, page.media_type, page.charset) == (
        b"<rss/>",
        "application/rss+xml",
        "utf-8",
    )
    with pytest.raises(BadInput, match=r"is application/rss\+xml, expected a web page or a text"):
        page.article()


def test_bytes_of_another_kind_are_refused_whatever_they_are_called(site: Site) -> None:
    site.pages["/1"] = answer(b"\x89PNG\r\n\0\0" * 100)
    refused(site.url("/1"), "this is a binary file")


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "403 Forbidden", "500 Oops"])
def test_an_error_is_no_article_however_much_it_says(site: Site, status: str) -> None:
    site.pages["/1"] = answer(PAGE, status=status)
    assert f"answered {status[:3]}" in refused(site.url("/1"), "expected a page")


@pytest.mark.parametrize(
    ("encoding", "declared", "in_page"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", "iso-8859-1", ""),  # falsely declared
        ("utf-8", "", "windows-1252"),
        ("cp1252", "iso-8859-1", ""),
        ("cp1252", "", "iso-8859-1"),
        ("cp1252", "utf-8", "windows-1252"),
        ("iso8859-2", "iso-8859-2", "windows-1252"),  # the server's word counts
        ("cp1252", "nonsense", "windows-1252"),
        ("cp1252", "punycode", "windows-1252"),  # Python knows it, no browser does
        ("utf-16", "utf-16", ""),
    ],
)
def test_any_charset_is_read(site: Site, encoding: str, declared: str, in_page: str) -> None:
    line = "Die Fähre nach Norrholm fährt heute nicht über die Förde, und keiner weiß warum."
    meta = f'<meta charset="{in_page}">' if in_page else ""
    page = f"<!doctype html><html><head>{meta}<title>x</title></head><body><p>{line}</p></body>"
    site.pages["/1"] = answer(page.encode(encoding), kind=f"text/html; charset={declared}")
    assert fetcher().article(site.url("/1")).text == line


# Compression


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),  # as some servers send it
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        ("gzip", gzip.compress(gzip.compress(PAGE))),  # twice, once unsaid
        ("identity", gzip.compress(PAGE)),
        ("gzip", gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:])),
        ("gzip", gzip.compress(PAGE) + b"\0\0 trailing"),
        ("gzip", PAGE),  # falsely declared
    ],
)
def test_compressed_pages_are_read(site: Site, coding: str, body: bytes) -> None:
    site.pages["/1"] = answer(body, f"Content-Encoding: {coding}")
    assert fetcher().page(site.url("/1")).content == PAGE


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip, gzip, gzip", b"", "compressed 3 times over"),
        ("gzip", gzip.compress(gzip.compress(gzip.compress(PAGE))), "more than 2 times over"),
        ("br", PAGE, "coding 'br', expected gzip or deflate"),
        ("gzip", gzip.compress(PAGE)[:-20], "cut off"),
        ("gzip", gzip.compress(PAGE)[:12] + b"\xff" * 40, "damaged"),
        ("gzip", gzip.compress(b"") * 2_000, "more than 1000 parts"),
    ],
)
def test_broken_compression_is_told(site: Site, coding: str, body: bytes, reason: str) -> None:
    site.pages["/1"] = answer(body, f"Content-Encoding: {coding}")
    refused(site.url("/1"), reason)


def bomb() -> Iterator[bytes]:
    """Yield ten gigabytes of zeros, compressed to ten megabytes, as they are asked for."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    zeros = b" " * MEGABYTE
    for _ in range(10_000):
        yield squeeze.compress(zeros)
    yield squeeze.flush()


def double_bomb() -> bytes:
    """Return two hundred megabytes in a kilobyte: gzip of gzip."""
    inner = b"".join(itertools.islice(bomb(), 1, 200))
    return answer(gzip.compress(inner), "Content-Encoding: gzip, gzip")


def endless(head: str = "", piece: bytes = b"<p>more</p>" * 5_000) -> Iterator[bytes]:
    yield f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n".encode()
    yield from itertools.repeat(piece)


def endless_chunks() -> Iterator[bytes]:
    return endless("Transfer-Encoding: chunked\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n")


def endless_head() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from (f"X-{n}: {'y' * 1000}\r\n".encode() for n in itertools.count())


def endless_hints() -> Iterator[bytes]:
    return itertools.repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n")


def drip(head: bytes) -> Iterator[bytes]:
    """Yield a byte at a time, each just before the client would give up."""
    yield head
    for byte in itertools.cycle(b"abc "):
        time.sleep(0.2)
        yield bytes([byte])


def dripping_body() -> Iterator[bytes]:
    return drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")


def dripping_head() -> Iterator[bytes]:
    return drip(b"HTTP/1.1 200 OK\r\nX-Long: ")


def silence() -> Iterator[bytes]:
    time.sleep(20)
    yield b""


def cost(url: str, match: str) -> tuple[float, int]:
    """Return the seconds and the bytes that a refused page took."""
    fetch = fetcher()
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(FetchError, match=match):
        fetch.page(url)
    seconds = time.perf_counter() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return seconds, peak


@pytest.mark.parametrize(
    ("page", "reason", "most_seconds"),
    [
        (bomb, "has more than 20000000 bytes", 3),
        (double_bomb, "has more than 20000000 bytes", 3),
        (endless, "has more than 20000000 bytes", 3),
        (endless_chunks, "has more than 20000000 bytes", 3),
        (endless_head, "could not be read", 3),
        (endless_hints, "took too long|could not be read", 4),
        (dripping_body, "took too long", 4),
        (dripping_head, "took too long", 4),
        (silence, "took too long", 2),
    ],
)
def test_what_never_ends_costs_little(
    site: Site, page: object, reason: str, most_seconds: float
) -> None:
    site.pages["/1"] = page() if page is double_bomb else page  # type: ignore[operator,assignment]
    seconds, peak = cost(site.url("/1"), reason)
    assert seconds < most_seconds
    assert peak < 3 * LARGEST_PAGE


@pytest.mark.parametrize(
    ("length", "reason"),
    [
        ("5000", "could not be read"),  # more than comes
        ("99999999999", "has 99999999999 bytes, expected at most"),
        ("9" * 400, "could not be read|has more|has 999"),
        ("-5", "could not be read"),
        ("ten", "could not be read"),
        ("10\r\nContent-Length: 12", "could not be read"),
    ],
)
def test_a_false_length_is_an_error(site: Site, length: str, reason: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n"
    site.pages["/1"] = head.encode() + PAGE
    refused(site.url("/1"), reason)


def test_a_page_cut_off_within_a_chunk_is_an_error(site: Site) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    site.pages["/1"] = head + b"fff\r\n" + PAGE
    refused(site.url("/1"), "could not be read")


@pytest.mark.parametrize("answered", [b"", b"\0\xff\0", b"SSH-2.0-OpenSSH\r\n", b"<html>hello\n\n"])
def test_a_server_of_another_kind_is_an_error(site: Site, answered: bytes) -> None:
    site.pages["/1"] = answered
    refused(site.url("/1"), "could not be read")


@pytest.mark.parametrize(
    "page",
    [
        b"<!doctype html><html><body>" + b"<div>" * 100_000 + FERRY.encode(),
        b"<!doctype html><html><body>" + b"<p>" * 100_000 + FERRY.encode(),
        b"<!doctype html><html><body><p>" + b"boat " * 3_900_000 + b"</p>",
    ],
    ids=["deep", "many", "one line"],
)
def test_a_page_made_to_break_the_parser_is_refused_or_read_soon(site: Site, page: bytes) -> None:
    site.pages["/1"] = answer(page)
    start = time.perf_counter()
    with suppress(BadInput):
        assert fetcher(limits=Limits(pause_seconds=0)).article(site.url("/1")).words > 10
    assert time.perf_counter() - start < 20


def test_fifty_megabytes_in_a_line_are_refused_before_they_are_read(site: Site) -> None:
    site.pages["/1"] = lambda: endless("Content-Length: 50000000\r\n", b"x" * MEGABYTE)
    seconds, peak = cost(site.url("/1"), "has 50000000 bytes, expected at most 20000000")
    assert seconds < 2
    assert peak < 5 * MEGABYTE  # the server, in this process too, holds some of it


# Redirects


def test_redirects_are_followed_and_the_last_address_counts(site: Site) -> None:
    site.pages |= {
        "/1": redirect("/a/2", status="301 Moved"),
        "/a/2": redirect("3?x=1#here", status="307 Temporary"),
        "/a/3?x=1": answer(PAGE),
    }
    assert fetcher().page(site.url("/1")).url == site.url("/a/3?x=1")


def test_redirects_in_a_circle_end(site: Site) -> None:
    site.pages |= {"/1": redirect("/2"), "/2": redirect("/1")}
    refused(site.url("/1"), "redirects in a circle")


def test_redirects_without_end_end(site: Site) -> None:
    site.pages |= {f"/{n}": redirect(f"/{n + 1}") for n in range(30)}
    refused(site.url("/0"), "redirects more than 10 times")
    assert site.asked[-1] == "/10"


def test_a_page_that_wants_its_cookie_back_gets_it(site: Site) -> None:
    def page() -> Iterator[bytes]:
        if "Cookie: seen=1" in site.heads[-1]:
            yield answer(PAGE)
        else:
            yield redirect("/1", "Set-Cookie: seen=1; Path=/; HttpOnly")

    site.pages["/1"] = page
    assert fetcher().page(site.url("/1")).content == PAGE


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://a.example/",
        "javascript:alert(1)",
        "gopher://a/",
    ],
)
def test_a_redirect_leads_to_the_web_or_nowhere(site: Site, location: str) -> None:
    site.pages["/1"] = redirect(location)
    refused(site.url("/1"), "redirects, and .* is no address of a page")


@pytest.mark.parametrize(
    "url",
    [
        *"ftp://a.example/1 file:///etc/passwd a.example/1 http:// http://[::1".split(),
        *["", "http://a b/", "\n", "http://a.example:99999/", "http://a.example/" + "x" * 9_000],
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    refused(url, "is no address of a page")


def test_a_password_in_an_address_is_not_sent() -> None:
    refused("http://ida:secret@a.example/", "the address at a.example holds a user name")


# Addresses


PRIVATE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0x7f.1",
    "localhost",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "0.0.0.0",
    "[::]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "2852039166",
    "[::ffff:169.254.169.254]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[fc00::1]",
    "[fec0::1]",
    "224.0.0.1",
    "[ff02::1]",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "192.0.2.1",
    "[2001:db8::1]",
    "100.100.100.200",
    "168.63.129.16",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_no_address_off_the_public_internet_is_reached(site: Site, host: str) -> None:
    with pytest.raises(FetchError) as caught:
        Fetcher(limits=QUICK, obey_robots=False).page(site.url("/1", host=host))
    told = str(caught.value)
    assert "not on the public internet" in told or "is no address" in told or "be found" in told
    assert site.asked == []


@pytest.mark.parametrize("host", PRIVATE)
def test_a_redirect_reaches_none_of_them_either(site: Site, other: Site, host: str) -> None:
    other.pages["/1"] = redirect(site.url("/secret", host=host))
    told = refused(other.url("/1"), ".", private="127.0.0.2/32", obey_robots=False)
    assert "not on the public internet" in told or "is no address" in told or "be found" in told
    assert site.asked == []
    assert other.asked == ["/1"]


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[fd00:ec2::254]", "100.100.100.200", "168.63.129.16", "224.0.0.1"]
)
def test_credentials_of_the_cloud_are_out_of_reach_whatever_is_allowed(host: str) -> None:
    allowing = Fetcher(limits=QUICK, obey_robots=False, private=PRIVATE_NETWORKS)
    with pytest.raises(FetchError, match="not on the public internet"):
        allowing.page(f"http://{host}/latest/meta-data/")


def test_a_public_looking_name_with_one_private_address_is_refused(site: Site) -> None:
    mixed = Fetcher(limits=QUICK, resolve=lambda host, port: ["93.184.215.14", "127.0.0.1"])
    with pytest.raises(FetchError, match=r"news\.example leads to 127\.0\.0\.1"):
        mixed.page(site.url("/1", host="news.example"))
    assert site.asked == []


def test_a_name_that_changes_its_address_is_asked_once_a_connection(
    site: Site, other: Site
) -> None:
    answers = iter(["127.0.0.2", "127.0.0.1"])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [next(answers)]

    site.pages["/1"] = answer(b"secret")
    other.pages["/1"] = answer(PAGE)
    fetch = Fetcher(
        limits=QUICK, obey_robots=False, resolve=rebinding, private=[ip_network("127.0.0.2")]
    )
    url = other.url("/1", host="news.example")
    assert fetch.page(url).content == PAGE
    assert (asked, f"Host: news.example:{other.port}\r\n" in other.heads[0]) == (
        ["news.example"],
        True,
    )
    with pytest.raises(FetchError, match=r"news\.example leads to 127\.0\.0\.1"):
        fetch.page(url)
    assert site.asked == []


def test_a_name_server_that_does_not_answer_is_given_up() -> None:
    def slow(host: str, port: int) -> Sequence[str]:
        raise FetchError(f"{host} cannot be found (no answer)")

    with pytest.raises(FetchError, match="cannot be found"):
        Fetcher(limits=QUICK, obey_robots=False, resolve=slow).page("http://news.example/")


def test_the_certificate_is_that_of_the_name_and_not_of_the_address(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "news.example")
    resolve = {"news.example": ["127.0.0.1"], "post.example": ["127.0.0.1"]}
    fetch = Fetcher(
        limits=QUICK,
        obey_robots=False,
        private=PRIVATE_NETWORKS,
        tls=client,
        resolve=lambda host, port: resolve[host],
    )
    with serving(tls=server) as site:
        site.pages["/1"] = answer(PAGE)
        named = site.url("/1", host="news.example", scheme="https")
        assert fetch.page(named).content == PAGE
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            fetch.page(site.url("/1", host="post.example", scheme="https"))


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for a name, and contexts that show and trust it."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    try:
        subprocess.run(
            ["openssl", *command.split(), *names, "-keyout", key, "-out", cert],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is not installed")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))


def test_the_environment_sends_nothing_through_a_proxy(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/1"] = answer(PAGE)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetcher().page(site.url("/1")).content == PAGE


# Politeness


ROBOTS = b"User-agent: *\nDisallow: /private/\nAllow: /private/open\nCrawl-delay: 1\n"


def test_robots_txt_is_obeyed_unless_told_otherwise(site: Site) -> None:
    site.pages |= {"/robots.txt": answer(ROBOTS, kind="text/plain"), "/private/1": answer(PAGE)}
    refused(site.url("/private/1"), r"the site's robots\.txt forbids it: save the page yourself")
    assert site.asked == ["/robots.txt"]
    assert fetcher(obey_robots=False).page(site.url("/private/1")).content == PAGE
    assert site.asked == ["/robots.txt", "/private/1"]


def test_robots_txt_addresses_this_program_by_name(site: Site) -> None:
    rules = b"User-agent: *\nDisallow:\n\nUser-agent: Derivative-Detector\nDisallow: /\n"
    site.pages |= {"/robots.txt": answer(rules, kind="text/plain"), "/1": answer(PAGE)}
    refused(site.url("/1"), "forbids it")


def test_a_redirect_into_what_robots_txt_forbids_is_not_followed(site: Site) -> None:
    site.pages |= {"/robots.txt": answer(ROBOTS), "/1": redirect("/private/2")}
    refused(site.url("/1"), "/private/2 is not fetched")


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "401 Unauthorized"])
def test_a_site_without_robots_txt_may_be_read(site: Site, status: str) -> None:
    site.pages |= {"/robots.txt": answer(ROBOTS, status=status), "/private/1": answer(PAGE)}
    assert fetcher().page(site.url("/private/1")).content == PAGE


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "429 Slow down"])
def test_a_site_whose_robots_txt_cannot_be_read_is_left_alone(site: Site, status: str) -> None:
    site.pages |= {"/robots.txt": answer(b"", status=status), "/1": answer(PAGE)}
    refused(site.url("/1"), r"/robots\.txt answered " + status[:3] + ".*--ignore-robots")
    assert site.asked == ["/robots.txt"]


def test_robots_txt_is_followed_to_another_address_but_no_private_one(
    site: Site, other: Site
) -> None:
    other.pages |= {
        "/robots.txt": redirect("/there.txt"),
        "/there.txt": answer(ROBOTS),
        "/private/1": answer(PAGE),
    }
    refused(other.url("/private/1"), "forbids it")
    other.pages["/robots.txt"] = redirect(site.url("/robots.txt"))
    refused(other.url("/1"), r"leads to 127\.0\.0\.1", private="127.0.0.2/32")
    assert site.asked == []


def test_a_hostile_robots_txt_costs_little(site: Site) -> None:
    site.pages["/robots.txt"] = endless  # only its first 500 KiB count
    site.pages["/" + "a" * 5_000] = answer(PAGE)
    start = time.perf_counter()
    assert fetcher().page(site.url("/" + "a" * 5_000)).content == PAGE
    stars = b"User-agent: *\n" + b"Disallow: /" + b"a*" * 200_000 + b"b\n"
    site.pages["/robots.txt"] = answer(stars)
    assert fetcher().page(site.url("/" + "a" * 5_000)).content == PAGE
    assert time.perf_counter() - start < 4


def test_a_site_is_asked_at_its_own_pace_and_for_its_rules_once(site: Site) -> None:
    site.pages |= {"/robots.txt": answer(ROBOTS), "/1": answer(PAGE), "/2": answer(PAGE)}
    fetch = fetcher()
    start = time.perf_counter()
    fetch.page(site.url("/1"))
    first = time.perf_counter() - start
    fetch.page(site.url("/2"))
    assert first < 1 <= time.perf_counter() - start
    assert site.asked == ["/robots.txt", "/1", "/2"]


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_busy_server_is_asked_again_after_as_long_as_it_asks(site: Site, status: str) -> None:
    busy = answer(b"", "Retry-After: 1", status=status)
    site.pages["/1"] = lambda: [busy if site.asked.count("/1") == 1 else answer(PAGE)]
    start = time.perf_counter()
    assert fetcher().page(site.url("/1")).content == PAGE
    assert time.perf_counter() - start >= 1


def test_a_server_that_stays_busy_is_given_up(site: Site) -> None:
    site.pages["/1"] = answer(b"", status="503 Service Unavailable")
    refused(site.url("/1"), "answered 503 Service Unavailable each time")
    assert site.asked.count("/1") == 3


@pytest.mark.parametrize("date", [True, False])
def test_a_wait_that_is_too_long_is_told_and_not_waited(site: Site, date: bool) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    site.pages["/1"] = answer(b"", f"Retry-After: {later if date else 3600}", status="429 Slow")
    start = time.perf_counter()
    refused(site.url("/1"), r"asks to wait 3,\d{3} seconds: try again after that")
    assert time.perf_counter() - start < 1
    assert site.asked.count("/1") == 1
