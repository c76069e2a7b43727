"""HTML -> Article: body, title, date, author, site, and what the page says of its own source."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from detector.article import WORD, Article, Rights, host
from detector.charsets import DECLARATION_BYTES, decoded_page
from detector.errors import BadInput, NoArticle
from detector.noarticle import signs_of, why_no_article
from detector.outlets import same_outlet
from detector.pagesaid import PageSaid, said_of
from detector.pagetags import MOST_LINKS, PageTags, declared_date, read_tags

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

    from detector.mainblocks import MainText
    from detector.models import BoostedTrees

# No article page is this large; the parser would need some ten times as much memory.
LARGEST_PAGE = 20_000_000
# The largest of 356 benchmark pages has 5,000 elements; extraction takes .6 CPU seconds per 10,000.
MOST_ELEMENTS = 50_000
# The largest of those pages has 28 on one tag; libxml2 needs quadratic time for them.
MOST_ATTRIBUTES = 1_000
# For each element that is written the parser makes up at most three: <html>, <body>, <p>, <tbody>.
IMPLIED_ELEMENTS = 4
# The trees promise an F1 for what they keep. Where it is lower than this, trafilatura's text is
# taken: F1 of unseen sites changes by .003 at most from .75 to .9.
SURE = 0.8
# trafilatura's generous way finds more on pages with lists and boxes, and nearly nothing on some:
# of 22 of 356 benchmark pages less than this share of the words of their paragraphs; its usual way
# then finds more.
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
# What no XML may hold, in UTF-8.
_CONTROLS = bytes([*range(9), 0xB, 0xC, *range(0xE, 0x20)])
_NO_CHARACTERS = tuple(character.encode() for character in "\ufffe\uffff")
# What a report is "based on" there is the study that it reports, and not another's article.
_STUDIES = frozenset({"doi.org", "dx.doi.org", "arxiv.org", "pubmed.ncbi.nlm.nih.gov"})
_TABLE_RULE = re.compile(r"\|[-|]+")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_TITLE_SEPARATOR = re.compile(r"\s{0,9}(?:[|–—·•»]|-\s|::)")
# Handed to trafilatura's loggers, so that its remarks reach standard error only by the
# caller's own choice.
_SILENCE = logging.NullHandler()


def article_from_html(
    html: str | bytes,
    *,
    url: str | None = None,
    charset: str | None = None,
    trees: BoostedTrees | None = None,
) -> Article:
    """Make an article of a web page.

    Args:
        html: the page, or a fragment of one; bytes are decoded as the page declares.
        url: where it was fetched from; the page's own ``og:url`` or canonical link when absent.
        charset: the encoding that the server declared for the bytes.
        trees: what finds the text; the shipped ones when absent.

    Raises:
        NoArticle: it shows something else: a wall, an error, a list of stories.
        BadInput: the page is too large, no HTML, or holds no article text.
    """
    name = f"the page at {url[:200]!r}" if url else "the page"
    faults = _parser_faults()
    try:
        tree = page_tree(html, name, charset)
        tags = read_tags(tree)
        main = _main_text(tree, trees)
        address = url or tags.address or tags.canonical
        site = host(address) if address else None
        said = said_of(tree, url, date=tags.published is None, site=site is None)
    except faults as error:
        raise BadInput(
            f"{name} cannot be read as HTML ({type(error).__name__}): give the article's own page"
        ) from error
    text = main.text
    signs = signs_of(tree, tags.kind, tags.writings, text=text, after=main.after)
    found = why_no_article(signs, said.title, text)
    if found:
        raise NoArticle(f"{name} is {found}, and no article: give the article's own page or text")
    if not WORD.search(text):
        raise BadInput(
            f"{name} holds no article text ({len(html)} characters of HTML): "
            "expected paragraphs; give the article's own page, or its text"
        )
    return _article(text, replace(said, site=site or said.site), tags, address)


def is_whole_page(text: str) -> bool:
    """Tell whether a text begins as a web page does."""
    return _PAGE_START.match(text) is not None


def _article(text: str, said: PageSaid, tags: PageTags, url: str | None) -> Article:
    title = _bare_title(said.title, tags.headlines)
    article = Article.from_text(
        _without_title(text, title),
        title=title,
        url=url,
        site=said.site,
        author=said.author,
        published=tags.published or declared_date(said.date),
    )
    source = next((source for source in tags.sources if _is_elsewhere(source, said.site)), None)
    sites = {link: host(link) for link in tags.links}
    elsewhere = {name for name in sites.values() if not same_outlet(name, said.site)}
    links = tuple(link for link in tags.links if sites[link] in elsewhere)[:MOST_LINKS]
    rights = Rights(tags.canonical, source, tags.sponsored, links, tags.paid_links)
    return replace(article, rights=rights)


def _parser_faults() -> tuple[type[Exception], ...]:
    """What lxml and trafilatura raise on pages made to break them."""
    from lxml import etree  # type: ignore[import-untyped]

    builtin = (ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError)
    return (etree.LxmlError, AssertionError, *builtin)


def page_tree(html: str | bytes, name: str = "the page", charset: str | None = None) -> HtmlElement:
    """Parse a page.

    Args:
        html: it, or a fragment of one.
        name: what errors call it.
        charset: the encoding that the server declared for its bytes.

    Raises:
        BadInput: it is too large, or no HTML.
    """
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
    tree = _parsed(text)
    if tree is None:
        raise BadInput(f"{name} holds no article text: it is empty or no HTML; give a web page")
    most = IMPLIED_ELEMENTS * text.count("<")
    elements = sum(1 for _ in tree.iter()) if most > MOST_ELEMENTS else most
    if elements > MOST_ELEMENTS:
        raise BadInput(
            f"{name} has {elements} elements, more than any article's ({MOST_ELEMENTS}): "
            "give the article's own page"
        )
    return tree


def _parsed(text: str) -> HtmlElement | None:
    """Parse as trafilatura's ``load_html`` does; None where there is no page.

    lxml's own parser of HTML asks Python for the class of each element; here all are of one. It
    reads UTF-8 faster than text.
    """
    from lxml import etree, html
    from trafilatura.utils import is_dubious_html

    parser = etree.HTMLParser(
        collect_ids=False,
        default_doctype=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
    )
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    tree = None
    with suppress(*_parser_faults()):
        tree = html.fromstring(_repaired(text), parser=parser)
    is_piece = tree is not None and len(tree) < 2 and is_dubious_html(text[:50].lower())
    return None if is_piece else tree


def _repaired(text: str) -> bytes:
    """Repair what libxml2 stumbles over: characters anywhere, tags at the beginning."""
    from trafilatura.utils import repair_faulty_html

    page, opening = text.encode("utf8", "surrogatepass"), text[:50].lower()
    is_clean = len(page.translate(None, _CONTROLS)) == len(page)
    end = text.find("\n", text.find("\n") + 1 + DECLARATION_BYTES) + 1
    if not (end and is_clean) or any(character in page for character in _NO_CHARACTERS):
        return str(repair_faulty_html(text, opening)).encode("utf8", "surrogatepass")
    beginning = text[:end]
    rest = page[len(beginning.encode("utf8", "surrogatepass")) :]
    return str(repair_faulty_html(beginning, opening)).encode("utf8", "surrogatepass") + rest


def _silence() -> None:
    for package in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(package).addHandler(_SILENCE)


def page_title(tree: HtmlElement) -> str:
    """Return the title that a page gives for sharing, or else its own; "" when it has neither."""
    for tag in tree.iter("meta"):
        if tag.get("property") == "og:title" and tag.get("content"):
            return str(tag.get("content"))
    return tree.findtext(".//title") or ""


def _main_text(tree: HtmlElement, trees: BoostedTrees | None) -> MainText:
    """Find the article's text by trained trees; by rules where these are not sure."""
    from detector.mainblocks import main_text  # it loads numpy

    found = main_text(tree, page_title(tree), trees or _shipped())
    ruled = _by_rules(tree) if found.sure < SURE else ""
    return replace(found, text=ruled) if ruled else found


def _shipped() -> BoostedTrees:
    from detector.maintrees import MAIN_TREES  # it reads a model

    return MAIN_TREES


def _by_rules(tree: HtmlElement) -> str:
    """Extract the text in the generous way; in the usual way where that finds little."""
    text = _ruled(tree, generous=True)
    if _words(text) < FOUND_SHARE * _paragraph_words(tree):
        text = max(text, _ruled(tree, generous=False), key=_words)
    return text


def _ruled(tree: HtmlElement, *, generous: bool) -> str:
    from trafilatura import bare_extraction

    document = bare_extraction(
        deepcopy(tree),
        favor_recall=generous,
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    return _plain_tables(document.text or "") if document else ""


def _paragraph_words(tree: HtmlElement) -> int:
    """Count the words of the paragraphs that stand in no menu, header, footer or box."""
    return sum(
        words
        for paragraph in tree.iter("p")
        if (words := _words(" ".join(paragraph.itertext()))) >= PARAGRAPH_WORDS
        and not any(element.tag in _FRAME for element in paragraph.iterancestors())
    )


def _words(text: str) -> int:
    return len(text.split())


def _is_elsewhere(source: str, site: str | None) -> bool:
    """Tell whether a source tag names another site: many pages name themselves, or a number."""
    named = host(source)
    if named in _STUDIES or (named is None and not _LETTERS.search(source)):
        return False
    return not same_outlet(named or source.lower().removeprefix("www."), site)


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
