"""Claims about feeds and sitemaps: lists of addresses, fetched only when asked."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import FIXTURES
from webserver import Site, answer, serving

from detector.article import Article
from detector.cli import main
from detector.errors import BadInput
from detector.fetch import Fetcher, Limits
from detector.readers import Failure, read_articles
from detector.readers.feeds import MOST_ADDRESSES, addresses_in

STORY = (
    "The ferry to Norrholm was cancelled on Monday, and nobody on the pier knew why it was. "
    "Its owner, a dairy on the mainland, said a gearbox had failed twice within one week."
)
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><link>https://a.example/</link>
<item><title>One</title><link> https://a.example/1 </link><guid>x</guid></item>
<item><guid isPermaLink="true">https://a.example/2</guid></item>
<item><guid isPermaLink="false">https://a.example/no</guid></item>
<item><link>/3</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.example/"/>
<entry><link rel="self" href="https://a.example/no"/><link href="https://a.example/1"/></entry>
<entry><link rel="alternate" href="https://a.example/2"/></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/"><channel/><item><link>https://a.example/1</link></item></rdf:RDF>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://a.example/1</loc><image:image><image:loc>https://a.example/i.png</image:loc>
</image:image></url><url><loc>https://a.example/2</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://a.example/map.xml</loc></sitemap></sitemapindex>"""


def addresses(xml: str, base: str = "") -> list[str]:
    return list(addresses_in(io.BytesIO(xml.encode()), base=base))


def test_every_kind_of_list_is_read() -> None:
    assert addresses(RSS) == ["https://a.example/1", "https://a.example/2"]
    assert addresses(ATOM) == ["https://a.example/1", "https://a.example/2"]
    assert addresses(RDF) == ["https://a.example/1"]
    assert addresses(SITEMAP) == ["https://a.example/1", "https://a.example/2"]
    assert addresses(INDEX) == ["https://a.example/map.xml"]


def test_relative_addresses_lead_on_from_the_lists_own() -> None:
    assert addresses(RSS, "https://b.example/feed")[-1] == "https://b.example/3"


def test_other_xml_is_refused() -> None:
    with pytest.raises(BadInput, match=r"another kind \(<html>\): expected RSS, Atom or a sitemap"):
        addresses("<html><item><link>https://a.example/1</link></item></html>")


def test_xml_made_to_multiply_or_to_name_files_gives_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://a.example/secret")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "https://a.example/">{laughs}]><rss><item><link>&l9;</link>'
    file = f'<!DOCTYPE rss [<!ENTITY f SYSTEM "{secret.as_uri()}">]><rss><item><link>&f;</link>'
    for xml in (bomb, file):
        tracemalloc.start()
        try:
            assert addresses(f"{xml}</item></rss>") == []
        except BadInput as error:
            assert "broken XML" in str(error)  # noqa: PT017 - either is right
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.stop()


def test_a_list_without_end_ends() -> None:
    entry = "<url><loc>https://a.example/1</loc></url>"
    with pytest.raises(BadInput, match="more than 50000 addresses"):
        addresses(f"<urlset>{entry * (MOST_ADDRESSES + 1)}</urlset>")


def test_a_list_is_not_fetched_unless_asked(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS)
    (tmp_path / "map.xml.gz").write_bytes(gzip.compress(SITEMAP.encode()))
    for name in ("feed.xml", "map.xml.gz"):
        (failure,) = read_articles([tmp_path / name])
        assert isinstance(failure, Failure)
        assert failure.message == (
            "this is a list of 2 addresses, and none was fetched: "
            "fetch them with 'detector scan --fetch'"
        )
    (failure,) = read_articles(["https://a.example/1"])
    assert isinstance(failure, Failure)
    assert failure.message == "this is an address, and nothing is fetched here: give a file"


def test_a_folder_is_read_without_its_feeds(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS)
    (tmp_path / "a.txt").write_text(STORY)
    assert [isinstance(item, Article) for item in read_articles([tmp_path])] == [True]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        for n in (1, 2):
            page = f"<!doctype html><html><title>{n}</title><body><p>Boat {n}. {STORY}</p></body>"
            site.pages[f"/{n}"] = answer(page.encode())
        entries = "".join(f"<item><link>{site.url(f'/{n}')}</link></item>" for n in (1, 9, 2))
        feed = f"<rss><channel>{entries}</channel></rss>".encode()
        site.pages["/feed"] = answer(feed, kind="application/rss+xml")
        maps = (
            f"<sitemapindex><sitemap><loc>{site.url('/map.xml.gz')}</loc></sitemap></sitemapindex>"
        )
        site.pages["/maps.xml"] = answer(maps.encode(), kind="text/xml")
        urls = f"<urlset><url><loc>{site.url('/1')}</loc></url></urlset>"
        site.pages["/map.xml.gz"] = answer(gzip.compress(urls.encode()), kind="application/gzip")
        yield site


def sitemaps(url: str) -> bytes:
    return f"<sitemapindex><sitemap><loc>{url}</loc></sitemap></sitemapindex>".encode()


def fetcher() -> Fetcher:
    limits = Limits(pause_seconds=0, read_seconds=2, total_seconds=5)
    return Fetcher(limits=limits, private=[ip_network("127.0.0.0/8")])


def test_what_a_feed_lists_is_fetched_and_what_fails_is_a_failure(
    site: Site, tmp_path: Path
) -> None:
    path = tmp_path / "feed.rss"
    path.write_bytes(site.pages["/feed"].partition(b"\r\n\r\n")[2])  # type: ignore[union-attr]
    one, failure, two = read_articles([path], fetcher=fetcher())
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert (one.url, two.url) == (site.url("/1"), site.url("/2"))
    assert isinstance(failure, Failure)
    assert (failure.origin, failure.line, failure.id) == (path.as_posix(), 2, site.url("/9"))
    assert "answered 404 Not Found" in failure.message


def test_an_address_may_be_an_article_a_feed_or_a_sitemap_of_sitemaps(site: Site) -> None:
    inputs = [site.url("/2"), site.url("/feed"), site.url("/maps.xml")]
    found = [
        item.url if isinstance(item, Article) else None
        for item in read_articles(inputs, fetcher=fetcher())
    ]
    assert found == [site.url(path) if path else None for path in ("/2", "/1", "", "/2", "/1")]


def test_sitemaps_in_a_circle_end(site: Site) -> None:
    site.pages["/maps.xml"] = answer(sitemaps(site.url("/maps.xml")), kind="text/xml")
    (failure,) = read_articles([site.url("/maps.xml")], fetcher=fetcher())
    assert isinstance(failure, Failure)
    assert "is text/xml, expected a web page" in failure.message


def test_scan_fetches_what_a_feed_lists_when_asked(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(site.pages["/feed"].partition(b"\r\n\r\n")[2])  # type: ignore[union-attr]
    asked = ["scan", str(path), "--sources", str(FIXTURES / "sources.jsonl"), "--quiet"]
    without = CliRunner().invoke(main, asked)
    assert "--fetch" in without.stdout
    assert site.asked == []
    result = CliRunner().invoke(main, [*asked, "--fetch", "--allow-private"])
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["article"]["url"] if "article" in line else line["id"] for line in lines] == [
        site.url("/1"),
        site.url("/9"),
        site.url("/2"),
    ]
