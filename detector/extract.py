"""HTML -> Article: body, title, date, author, site, and what the page says of its own source."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from detector.agencies import agency_named
from detector.article import WORD, Article, PaidLink, Rights, host, parse_date
from detector.charsets import DECLARATION_BYTES, decoded_page
from detector.errors import BadInput, NoArticle
from detector.noarticle import PageSigns, signs_of, why_no_article
from detector.outlets import same_outlet

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]
    from trafilatura.settings import Document

# No article page is this large; the parser would need some ten times as much memory.
LARGEST_PAGE = 20_000_000
# The largest of 356 benchmark pages has 5,000 elements; extraction takes a second per 10,000.
MOST_ELEMENTS = 50_000
# The largest of those pages has 28 on one tag; libxml2 needs quadratic time for them.
MOST_ATTRIBUTES = 1_000
# No story has so many paid links; each is looked for in each sentence.
MOST_PAID_LINKS = 100
# Articles link to fewer other sites; longer addresses carry data.
MOST_LINKS = 100
LONGEST_LINK = 500
# A link stands this deep in its paragraph at most: <p><em><strong><span><a>.
LINK_DEPTH = 4
# Fixed, so that the result depends on no clock; and without the extensive search, which on
# the benchmark finds 9 more right dates and 45 wrong ones (years of copyright notices).
DATE_SETTINGS = {"original_date": True, "extensive_search": False, "max_date": "2100-12-31"}

# trafilatura's generous way finds more on pages with lists and boxes, and nearly nothing on some:
# of 22 of 356 benchmark pages less than this share of the words of their paragraphs; its usual way
# then finds more. F1 of the words is .940 so, .931 in the usual way alone.
FOUND_SHARE = 0.7
# Shorter paragraphs are captions and menus.
PARAGRAPH_WORDS = 8
_FRAME = frozenset("nav footer aside header form button noscript".split())

_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.I)
_ANY_TAG = re.compile(r"<[a-z][^<>]*+>", re.I)
_PAGE_START = re.compile(r"\A[\s\ufeff]*+(?:<\?xml[^<>]*+>\s*+)?<(?:!doctype\s+html|html)\b", re.I)
_CROWDED_TAG = re.compile(
    r"<[a-z][^\s<>/]*+(?:\s++[^\s\"'<>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>]++))?+)"
    rf"{{{MOST_ATTRIBUTES}}}",
    re.I,
)
_SOURCE_NAMES = frozenset({"syndication-source", "original-source"})
# What a report is "based on" there is the study that it reports, and not another's article.
_STUDIES = frozenset({"doi.org", "dx.doi.org", "arxiv.org", "pubmed.ncbi.nlm.nih.gov"})
_SECTION_NAMES = frozenset({"article:section", "article:tag", "og:type", "section", "keywords"})
_PAID = re.compile(
    r"sponsored(?: (?:content|post|article|story))?|advertorial|advertisement feature|"
    r"(?:paid|partner|branded|promoted) (?:post|content|partnership|story)|native ad(?:vertising)?",
    re.I,
)
# Parameters by which shops credit whoever sent a buyer; "utm_source" alone only counts visits.
_AFFILIATE = re.compile(
    r"[?&](?:aff(?:iliate)?(?:_?id)?|tag|clickid|irclickid|partner_?id|awc|ranmid|subid|aff_sub"
    r"|utm_medium=(?:affiliate|sponsored|native|advertorial))(?:=|&|$)",
    re.I,
)
_TABLE_RULE = re.compile(r"\|[-|]+")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_SAYS_NO = frozenset({"", "0", "false", "no", "none", "null", "off", "n"})
_TITLE_SEPARATOR = re.compile(r"\s{0,9}(?:[|–—·•»]|-\s|::)")
# Handed to trafilatura's loggers, so that its remarks reach standard error only by the
# caller's own choice.
_SILENCE = logging.NullHandler()


@dataclass(frozen=True, slots=True)
class _PageTags:
    """What a page's own tags declare."""

    canonical: str | None
    address: str | None
    sources: tuple[str, ...]
    sponsored: bool
    published: datetime | None
    headlines: tuple[str, ...]
    links: tuple[str, ...]
    paid_links: tuple[PaidLink, ...]
    signs: PageSigns


def article_from_html(
    html: str | bytes, *, url: str | None = None, charset: str | None = None
) -> Article:
    """Make an article of a web page.

    Args:
        html: the page, or a fragment of one; bytes are decoded as the page declares.
        url: where it was fetched from; the page's own ``og:url`` or canonical link when absent.
        charset: the encoding that the server declared for the bytes.

    Raises:
        NoArticle: it shows something else: a wall, an error, a list of stories.
        BadInput: the page is too large, no HTML, or holds no article text.
    """
    name = f"the page at {url[:200]!r}" if url else "the page"
    faults = _parser_faults()
    try:
        tree = _parse(html, name, charset)
        tags = _read_tags(tree)
        document = _extract(tree, url)
    except faults as error:
        raise BadInput(
            f"{name} cannot be read as HTML ({type(error).__name__}): give the article's own page"
        ) from error
    title, text = (document.title, document.text or "") if document else (None, "")
    found = why_no_article(tags.signs, title, text)
    if found:
        raise NoArticle(f"{name} is {found}, and no article: give the article's own page or text")
    if document is None or not WORD.search(document.text or ""):
        raise BadInput(
            f"{name} holds no article text ({len(html)} characters of HTML): "
            "expected paragraphs; give the article's own page, or its text"
        )
    return _article(document, tags, url)


def is_whole_page(text: str) -> bool:
    """Tell whether a text begins as a web page does."""
    return _PAGE_START.match(text) is not None


def _article(document: Document, tags: _PageTags, url: str | None) -> Article:
    url = url or tags.address or tags.canonical
    site = (host(url) if url else None) or document.hostname or document.sitename
    title = _bare_title(document.title, tags.headlines)
    article = Article.from_text(
        _without_title(_plain_tables(document.text), title),
        title=title,
        url=url,
        site=site,
        author=document.author.replace("; ", ", ") if document.author else None,
        published=tags.published or _date(document.date),
    )
    source = next((source for source in tags.sources if _is_elsewhere(source, site)), None)
    links = tuple(link for link in tags.links if not same_outlet(host(link), site))[:MOST_LINKS]
    rights = Rights(tags.canonical, source, tags.sponsored, links, tags.paid_links)
    return replace(article, rights=rights)


def _parser_faults() -> tuple[type[Exception], ...]:
    """What lxml and trafilatura raise on pages made to break them."""
    from lxml import etree  # type: ignore[import-untyped]

    builtin = (ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError)
    return (etree.LxmlError, AssertionError, *builtin)


def _parse(html: str | bytes, name: str, charset: str | None) -> HtmlElement:
    from trafilatura.utils import load_html

    _silence()
    if len(html) > LARGEST_PAGE:
        raise BadInput(
            f"{name} has {len(html)} bytes, more than any article's "
            f"({LARGEST_PAGE}): give the article's own page"
        )
    if isinstance(html, bytes):
        html = decoded_page(html, charset=charset, largest=LARGEST_PAGE)
    text = html.lstrip("\ufeff \t\r\n")
    if _CROWDED_TAG.search(text):
        raise BadInput(f"{name} has a tag with over {MOST_ATTRIBUTES} attributes: it is no article")
    if not _WHOLE_PAGE.search(text, 0, DECLARATION_BYTES):
        is_piece = _ANY_TAG.search(text) and "\0" not in text
        text = f"<html><body><article>{text}</article></body></html>" if is_piece else ""
    tree = load_html(text)
    if tree is None:
        raise BadInput(f"{name} holds no article text: it is empty or no HTML; give a web page")
    elements = sum(1 for _ in tree.iter())
    if elements > MOST_ELEMENTS:
        raise BadInput(
            f"{name} has {elements} elements, more than any article's ({MOST_ELEMENTS}): "
            "give the article's own page"
        )
    return tree


def _silence() -> None:
    for package in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(package).addHandler(_SILENCE)


def _extract(tree: HtmlElement, url: str | None) -> Document | None:
    """Extract what a page holds, in the generous way; in the usual way where that finds little."""
    whole = deepcopy(tree)
    document = _extracted(tree, url, generous=True)
    words = _words(document.text) if document else 0
    if words < FOUND_SHARE * _paragraph_words(whole):
        usual = _extracted(whole, url, generous=False)
        return usual if usual and _words(usual.text) > words else document
    return document


def _extracted(tree: HtmlElement, url: str | None, *, generous: bool) -> Document | None:
    from trafilatura import bare_extraction

    return bare_extraction(
        tree,
        url=url,
        favor_recall=generous,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params=DATE_SETTINGS,
    )


def _paragraph_words(tree: HtmlElement) -> int:
    """Count the words of the paragraphs that stand in no menu, header, footer or box."""
    return sum(
        words
        for paragraph in tree.iter("p")
        if (words := _words(" ".join(paragraph.itertext()))) >= PARAGRAPH_WORDS
        and not any(element.tag in _FRAME for element in paragraph.iterancestors())
    )


def _words(text: str | None) -> int:
    return len(text.split()) if text else 0


def _read_tags(tree: HtmlElement) -> _PageTags:
    metas = list(_metas(tree))
    links = list(_links(tree))
    objects = list(_linked_data(tree))
    named = dict(reversed(metas))  # the first of a name counts
    canonicals = (address for relation, address in links if relation == "canonical")
    declared = [content for name, content in metas if name in _SOURCE_NAMES]
    linked = [address for relation, address in links if relation == "syndication" and host(address)]
    dates = [named.get("article:published_time"), *(each.get("datePublished") for each in objects)]
    return _PageTags(
        canonical=next(filter(host, canonicals), None),
        address=next(filter(host, [named.get("og:url", "")]), None),
        sources=(*declared, *linked, *_named_sources(objects)),
        sponsored=_is_sponsored(metas) or any(map(_is_paid_object, objects)),
        published=next(filter(None, map(_date, dates)), None),
        headlines=tuple(" ".join(h1.itertext()) for h1 in tree.iter("h1")),
        links=tuple(dict.fromkeys(_paragraph_links(tree))),
        paid_links=tuple(islice(_paid_links(tree), MOST_PAID_LINKS)),
        signs=signs_of(tree, named.get("og:type", ""), objects),
    )


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for tag in tree.iter("meta"):
        name = tag.get("name") or tag.get("property") or tag.get("itemprop") or ""
        content = (tag.get("content") or "").strip()
        if content:
            yield name.strip().lower(), content


def _links(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for tag in tree.iter("link"):
        address = (tag.get("href") or "").strip()
        for relation in (tag.get("rel") or "").lower().split():
            yield relation, address


def _paragraph_links(tree: HtmlElement) -> Iterator[str]:
    """Yield the addresses that paragraphs link to; menus and lists of further stories have none."""
    for link in tree.iter("a"):
        address = (link.get("href") or "").strip()
        if len(address) <= LONGEST_LINK and host(address):
            above = islice(link.iterancestors(), LINK_DEPTH)
            if any(element.tag == "p" for element in above):
                yield address


def _paid_links(tree: HtmlElement) -> Iterator[PaidLink]:
    """Yield the links that are declared paid, or that say through whom a buyer came."""
    for tag in tree.iter("a"):
        address, text = (tag.get("href") or "").strip(), " ".join("".join(tag.itertext()).split())
        declared = "sponsored" in (tag.get("rel") or "").lower().split()
        leads_to = host(address)
        if leads_to and WORD.search(text) and (declared or _AFFILIATE.search(address)):
            yield PaidLink(text, leads_to)


def _linked_data(tree: HtmlElement) -> Iterator[Mapping[str, object]]:
    """Yield the page's JSON-LD objects that describe a piece of writing."""
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                data: object = json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue
            yield from filter(_is_article_object, _objects(data))


def _objects(data: object) -> Iterator[Mapping[str, object]]:
    graph = data.get("@graph") if isinstance(data, dict) else None
    for each in (data, *_as_list(graph)):
        yield from (item for item in _as_list(each) if isinstance(item, dict))


def _as_list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _types(thing: Mapping[str, object]) -> str:
    return " ".join(kind for kind in _as_list(thing.get("@type")) if isinstance(kind, str))


def _is_article_object(thing: Mapping[str, object]) -> bool:
    return re.search(r"Article|BlogPosting|Report\b", _types(thing)) is not None


def _is_paid_object(thing: Mapping[str, object]) -> bool:
    return "AdvertiserContentArticle" in _types(thing) or any(
        isinstance(section, str) and _PAID.fullmatch(section.strip())
        for section in _as_list(thing.get("articleSection"))
    )


def _named_sources(objects: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Yield the addresses or names in ``isBasedOn``, ``sdPublisher`` and ``copyrightHolder``."""
    for thing in objects:
        own = {_name(value) for value in _as_list(thing.get("publisher"))}
        for key in ("isBasedOn", "sdPublisher", "copyrightHolder"):
            names = map(_name, _as_list(thing.get(key)))
            # a holder that is no agency is the outlet's own company
            is_source = agency_named if key == "copyrightHolder" else bool
            yield from (name for name in names if name and name not in own and is_source(name))


def _name(value: object) -> str | None:
    if isinstance(value, dict):
        known = (value.get(key) for key in ("url", "@id", "name"))
        value = next((each for each in known if isinstance(each, str) and each.strip()), None)
    return value.strip() or None if isinstance(value, str) else None


def _is_sponsored(metas: Sequence[tuple[str, str]]) -> bool:
    for name, content in metas:
        if "sponsor" in name and content.lower() not in _SAYS_NO:
            return True
        values = content.split(",") if name in _SECTION_NAMES else ()
        if any(_PAID.fullmatch(value.strip()) for value in values):
            return True
    return False


def _is_elsewhere(source: str, site: str | None) -> bool:
    """Tell whether a source tag names another site: many pages name themselves, or a number."""
    named = host(source)
    if named in _STUDIES or (named is None and not _LETTERS.search(source)):
        return False
    return not same_outlet(named or source.lower().removeprefix("www."), site)


def _date(value: object) -> datetime | None:
    """Read a date that a page declares; an unreadable one is none."""
    try:
        return parse_date(value) if isinstance(value, str) else None
    except BadInput:
        return None


def _bare_title(title: str | None, headlines: Sequence[str]) -> str | None:
    """Take the site's name off a title, when the page's headline stands without it."""
    for headline in headlines:
        headline = " ".join(headline.split())
        stands_alone = title and headline and title.startswith(headline)
        if title and stands_alone and _TITLE_SEPARATOR.match(title, len(headline)):
            return headline
    return title


def _plain_tables(text: str) -> str:
    """Keep the cells of tables with bars between them, without Markdown's rules and edges."""
    rows = (line for line in text.split("\n") if not _TABLE_RULE.fullmatch(line))
    return "\n".join(line.strip("| ") if line.startswith("| ") else line for line in rows)


def _without_title(text: str, title: str | None) -> str:
    """Drop a first line that repeats the title."""
    first, _, rest = text.partition("\n")
    repeats = title and WORD.findall(first.lower()) == WORD.findall(title.lower())
    return rest if repeats and WORD.search(rest) else text
