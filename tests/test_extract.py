"""Claims about reading web pages."""

from __future__ import annotations

import json
import logging
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from detector.article import Article, Rights
from detector.errors import BadInput
from detector.extract import LARGEST_PAGE, MOST_ELEMENTS, article_from_html, is_whole_page

PARAGRAPHS = (
    "The ferry to Norrholm was cancelled on Monday, and nobody on the pier was told the reason.",
    "Its owner, a dairy on the mainland, said later that a gearbox had failed twice in a week.",
    "A new one is to come by train from Malmö, a journey of two days, if the line stays open.",
)
TEXT = "\n".join(PARAGRAPHS)
OWN = "https://www.island-post.example/2024/ferry"
WIRE = "https://wire.example/7"


def page(head: str = "", *, title: str = "No boat to Norrholm", body: str = "") -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>"
        f"<nav><a href='/'>Start</a></nav><article><h1>No boat to Norrholm</h1>{paragraphs}{body}"
        "</article><footer>© Island Post</footer></body></html>"
    )


def linked_data(**values: object) -> str:
    data = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **values})
    return f'<script type="application/ld+json">{data}</script>'


def rights(head: str) -> Rights:
    return article_from_html(page(head), url=OWN).rights


def test_a_page_gives_body_title_author_date_and_site() -> None:
    head = (
        '<meta name="author" content="Ida Berg">'
        '<meta property="article:published_time" content="2024-03-04T07:30:00+01:00">'
        f'<link rel="canonical" href="{OWN}">'
    )
    article = article_from_html(page(head), url=OWN)
    assert article == Article(
        text=TEXT,
        id=article.id,
        title="No boat to Norrholm",
        url=OWN,
        site="island-post.example",
        author="Ida Berg",
        published=datetime(2024, 3, 4, 6, 30, tzinfo=UTC),
        rights=Rights(canonical=OWN),
    )


def test_a_page_without_a_given_address_is_where_it_says_it_is() -> None:
    head = f'<link rel="canonical" href="{WIRE}"><meta property="og:url" content="{OWN}">'
    article = article_from_html(page(head))
    assert (article.url, article.site) == (OWN, "island-post.example")
    assert article.rights.canonical == WIRE


def test_the_site_is_no_part_of_the_title() -> None:
    assert article_from_html(page(title="No boat to Norrholm | Island Post")).title == (
        "No boat to Norrholm"
    )


def test_a_page_date_that_is_none_is_ignored() -> None:
    head = '<meta property="article:published_time" content="last spring, perhaps">'
    assert article_from_html(page(head)).published is None


def test_the_date_in_linked_data_counts() -> None:
    article = article_from_html(page(linked_data(datePublished="2024-03-04T21:00:00-05:00")))
    assert article.published == datetime(2024, 3, 5, 2, 0, tzinfo=UTC)


def test_the_year_of_a_copyright_notice_is_no_date() -> None:
    assert article_from_html(page().replace("©", "© 2019")).published is None


@pytest.mark.parametrize(
    "head",
    [
        f'<meta name="syndication-source" content="{WIRE}">',
        f'<meta name="Original-Source" content="{WIRE}">',
        f'<link rel="syndication" href="{WIRE}">',
        linked_data(isBasedOn=WIRE),
        linked_data(isBasedOn={"@type": "CreativeWork", "url": WIRE}),
        linked_data(sdPublisher={"@type": "Organization", "name": "North Wire", "url": WIRE}),
        linked_data(isBasedOn=[{"@id": WIRE}]),
    ],
)
def test_a_tag_naming_another_source_is_syndication(head: str) -> None:
    assert rights(head) == Rights(syndicated_from=WIRE)


def test_a_source_may_be_a_name() -> None:
    assert rights(linked_data(sdPublisher={"name": "North Wire"})).syndicated_from == "North Wire"


@pytest.mark.parametrize(
    "head",
    [
        f'<meta property="og:url" content="{WIRE}">',
        f'<meta name="original-source" content="{OWN}">',
        '<meta name="original-source" content="1">',
        '<link rel="syndication" href="/feed">',
        linked_data(publisher={"name": "Post"}, sdPublisher={"name": "Post"}),
        '<script type="application/ld+json">{"@type": "NewsArticle", broken</script>',
        f'<script type="application/ld+json">{"[" * 50_000}</script>',
    ],
)
def test_a_page_naming_itself_or_nothing_is_not_syndicated(head: str) -> None:
    assert rights(head) == Rights()


def test_the_holder_of_the_copyright_is_a_source_when_it_is_an_agency() -> None:
    agency = linked_data(copyrightHolder={"name": "Agence France-Presse"})
    assert rights(agency).syndicated_from == "Agence France-Presse"
    assert rights(linked_data(copyrightHolder={"name": "Island Media plc"})) == Rights()


def test_a_study_that_is_reported_is_no_other_article() -> None:
    assert rights(linked_data(isBasedOn="https://doi.org/10.1000/boats")) == Rights()


def test_paragraphs_links_to_other_sites_are_kept_once_each_in_order() -> None:
    body = (
        '<ul><li><a href="https://menu.example/">Menu</a></li></ul>'
        f'<p>As the <em><a href="{WIRE}">North Wire</a></em> reports, and '
        f'<a href="https://gull.example/2">the Gull</a>, and <a href="{WIRE}">again</a>.</p>'
        f'<p><a href="{OWN}">Own</a> <a href="/about">About</a> <a href="mailto:a@b.example">W</a>'
    )
    article = article_from_html(page(body=body), url=OWN)
    assert article.rights.links == (WIRE, "https://gull.example/2")


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="sponsored" content="true">',
        '<meta property="article:is-sponsor" content="Dairy plc">',
        '<meta property="article:section" content="Advertorial">',
        '<meta property="article:tag" content="Paid post">',
        '<meta name="keywords" content="boats, sponsored content, trains">',
        linked_data(articleSection="Sponsored"),
        linked_data(**{"@type": "AdvertiserContentArticle"}),
    ],
)
def test_a_page_that_declares_itself_paid_for_is_sponsored(head: str) -> None:
    assert rights(head) == Rights(sponsored=True)


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="sponsored" content="false">',
        '<meta property="article:tag" content="state-sponsored hackers">',
        '<meta name="keywords" content="sponsored walks, boats">',
        '<meta name="description" content="Sponsored">',
    ],
)
def test_a_page_about_sponsors_is_not_sponsored(head: str) -> None:
    assert rights(head) == Rights()


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_bytes_are_decoded_as_declared(encoding: str) -> None:
    content = page(f'<meta charset="{encoding}">').encode(encoding)
    assert article_from_html(content).text == TEXT


def test_a_wrong_or_unknown_declaration_does_no_harm() -> None:
    for declared in ("iso-8859-1", "no-such-thing", "rot13", "utf-7"):
        content = page(f'<meta charset="{declared}">').encode()
        assert article_from_html(content).text == TEXT


def test_a_piece_of_a_page_is_read() -> None:
    pieces = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    article = article_from_html(pieces)
    assert (article.text, article.title, article.url) == (TEXT, None, None)


def test_tables_are_kept_row_by_row() -> None:
    table = (
        "<table><tr><th>Fares</th><th>Price</th></tr><tr><td>Adults</td><td>12</td></tr>"
        "<tr><td>Children</td><td>6</td></tr></table>"
    )
    rows = "Fares | Price\nAdults | 12\nChildren | 6"
    assert article_from_html(page(body=table)).text == f"{TEXT}\n{rows}"


def test_comments_are_left_out() -> None:
    extra = (
        "<section id='comments' class='comments'><p>First! What a silly boat this is.</p></section>"
    )
    assert article_from_html(page(body=extra)).text == TEXT


def test_the_same_page_gives_the_same_article() -> None:
    assert article_from_html(page()) == article_from_html(page())


def test_nothing_is_logged_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().handlers, kept = [], logging.getLogger().handlers
    try:
        with pytest.raises(BadInput):
            article_from_html("<html><body></body></html>")
    finally:
        logging.getLogger().handlers = kept
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "html",
    [
        "",
        b"",
        " \n",
        "\0\0\0",
        b"\0\xff\xfe\x00",
        "<",
        "<html></html>",
        "<!DOCTYPE html>",
        "<html><body><script>var words = 'some words';</script></body></html>",
        "<html><head><title>Only a title</title></head><body><p>…</p></body></html>",
        "<?xml version='1.0' encoding='utf-8'?><html/>",
        b"\x1f\x8b\x08\x00broken gzip",
        "<html><frameset><frame src='a'></frameset></html>",
        "\ud800\udfff",
    ],
)
def test_a_page_without_an_article_is_refused_in_one_line(html: str | bytes) -> None:
    with pytest.raises(BadInput, match=r"holds no article text|cannot be read") as refusal:
        article_from_html(html, url=f"{OWN}\nsecond line")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "ul", "blockquote", "p", "font"])
def test_a_nesting_bomb_neither_crashes_nor_hangs(tag: str) -> None:
    started = time.process_time()
    with suppress(BadInput):
        assert article_from_html(f"<html><body>{f'<{tag}>' * 20_000}{page()}").text
    assert time.process_time() - started < 20


def test_a_tag_crowded_with_attributes_is_refused_at_once() -> None:
    crowd = " ".join(f"a{number}='1'" for number in range(100_000))
    started = time.process_time()
    with pytest.raises(BadInput, match="attributes"):
        article_from_html(page(body=f"<p {crowd}>word</p>"))
    assert time.process_time() - started < 2


def test_a_page_of_too_many_elements_is_refused() -> None:
    with pytest.raises(BadInput, match="elements, more than any article's"):
        article_from_html(page(body="<p>word</p>" * MOST_ELEMENTS))


@pytest.mark.parametrize("unit", ["a", b"a"])
def test_a_page_that_is_too_large_is_refused(unit: str | bytes) -> None:
    with pytest.raises(BadInput, match="more than any article's"):
        article_from_html(unit * (LARGEST_PAGE + 1))


def test_two_megabytes_in_one_line_are_read() -> None:
    long = "Boats ran late again in the north of the country. " * 40_000
    started = time.process_time()
    article = article_from_html(page(body=f"<p>{long}</p>"))
    assert article.text == f"{TEXT}\n{long.strip()}"
    assert time.process_time() - started < 20


def test_a_broken_page_gives_what_is_there() -> None:
    assert article_from_html(page().partition("</article>")[0]).text == TEXT


def test_only_the_beginning_tells_a_page_from_a_text() -> None:
    assert is_whole_page("\ufeff <!doctype HTML>")
    assert is_whole_page("<?xml version='1.0'?>\n<html lang='en'>")
    assert not is_whole_page("<span style='font-size: 9pt'>A line</span>")
    assert not is_whole_page("The tag <html> begins a page.")
