"""RSS, Atom and sitemaps: lists of addresses, which are fetched only when that is asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urljoin

from detector.article import host
from detector.errors import BadInput
from detector.readers.source import Articles, Results
from detector.streams import Stream, open_text

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

    from detector.fetch import Page

# A sitemap lists no more than this (sitemaps.org), and no feed comes near.
MOST_ADDRESSES = 50_000
# Sitemaps of sitemaps; deeper ones are a circle.
DEEPEST = 2
# A list's first tag stands within this many bytes.
LIST_HEAD = 4_096

_ENTRIES = frozenset({"item", "entry", "url", "sitemap"})
_LISTS = frozenset({"rss", "rdf", "feed", "urlset", "sitemapindex"})
_LIST_START = re.compile(
    rb"[\s\xef\xbb\xbf]*+(?:<\?xml[^<>]*+>\s*+|<\?[^<>]*+>\s*+|<!DOCTYPE[^<>]*+>\s*+|"
    rb"<!--(?:(?!-->).)*+-->\s*+)*+<(?:rss|rdf:RDF|feed|urlset|sitemapindex)\b",
    re.I | re.S,
)
_EXPECTED = "expected RSS, Atom or a sitemap"


def read_feed(source: Articles) -> Results:
    """Read a feed or sitemap: fetch what it lists, or say how much that is."""
    with open_text(source.origin) as stream:
        yield from _from_list(stream, source, base="", depth=0)


def read_address(source: Articles) -> Results:
    """Fetch one address: an article, or a list of them."""
    if source.fetcher is None:
        raise BadInput("this is an address, and nothing is fetched here: give a file")
    page = source.fetcher.page(source.origin)
    if _is_list(page):
        yield from _from_list(io.BytesIO(page.content), source, base=page.url, depth=0)
    else:
        yield page.article()


def addresses_in(stream: Stream | BinaryIO, *, base: str = "") -> Iterator[str]:
    """Yield the addresses that a feed or sitemap lists, without holding it.

    Args:
        stream: the XML.
        base: address that relative ones are relative to.

    Raises:
        BadInput: it is no feed, broken, or endless.
    """
    from lxml import etree  # type: ignore[import-untyped]

    count = 0
    # entities are left alone and nothing is loaded: XML can name files, and multiply itself
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    try:
        for event, element in events:
            if event == "start":
                _check_root(element)
                continue
            address = urljoin(base, _address(element)) if _name(element) in _ENTRIES else ""
            if _name(element) in _ENTRIES:
                _forget(element)
            if host(address) and address.lower().startswith("http"):
                count += 1
                if count > MOST_ADDRESSES:
                    raise BadInput(f"the list has more than {MOST_ADDRESSES} addresses: split it")
                yield address
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput(f"broken XML ({str(error)[:100]}): {_EXPECTED}") from error


def _from_list(stream: Stream | BinaryIO, source: Articles, *, base: str, depth: int) -> Results:
    addresses = addresses_in(stream, base=base)
    if source.fetcher is None:
        count = sum(1 for _ in addresses)
        raise BadInput(
            f"this is a list of {count} addresses, and none was fetched: "
            "fetch them with 'detector scan --fetch'"
        )
    for number, address in enumerate(addresses, start=1):
        try:
            page = source.fetcher.page(address)
            if _is_list(page) and depth < DEEPEST:
                inner = replace(source, origin=address)
                yield from _from_list(
                    io.BytesIO(page.content), inner, base=page.url, depth=depth + 1
                )
            else:
                yield page.article()
        except BadInput as error:
            yield source.failure(str(error), number, address)


def _is_list(page: Page) -> bool:
    return _LIST_START.match(page.content[:LIST_HEAD]) is not None


def _check_root(element: _Element) -> None:
    if element.getparent() is None and _name(element) not in _LISTS:
        raise BadInput(f"this is XML of another kind (<{_name(element)[:40]}>): {_EXPECTED}")


def _name(element: _Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _address(entry: _Element) -> str:
    """Return where an entry leads: its link, or what stands for one."""
    links = [child for child in entry if _name(child) in {"link", "loc"}]
    own = [link for link in links if link.get("rel", "alternate") == "alternate"]
    for link in own:
        found = (link.get("href") or link.text or "").strip()
        if found:
            return str(found)
    guids = [child for child in entry if _name(child) == "guid"]
    named = (guid for guid in guids if guid.get("isPermaLink", "true").lower() == "true")
    return next((str(guid.text or "").strip() for guid in named), "")


def _forget(entry: _Element) -> None:
    """Drop an entry and those before it, so that a list of any length takes the same memory."""
    entry.clear()
    while entry.getprevious() is not None:
        del entry.getparent()[0]
