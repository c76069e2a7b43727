"""What a page's own tags declare: where it is, whose text it is, when it came, who paid."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from detector.agencies import agency_named
from detector.article import WORD, PaidLink, host, parse_date
from detector.errors import BadInput

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

# No story has so many paid links; each is looked for in each sentence.
MOST_PAID_LINKS = 100
# Articles link to fewer other sites; longer addresses carry data.
MOST_LINKS = 100
LONGEST_LINK = 500
# A link stands this deep in its paragraph at most: <p><em><strong><span><a>.
LINK_DEPTH = 4

_SOURCE_NAMES = frozenset({"syndication-source", "original-source"})
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
_SAYS_NO = frozenset({"", "0", "false", "no", "none", "null", "off", "n"})


@dataclass(frozen=True, slots=True)
class PageTags:
    """What a page's own tags declare.

    Attributes:
        canonical: address in ``<link rel=canonical>``.
        address: in ``og:url``.
        sources: addresses or names of whose text it is.
        sponsored: the page declares itself paid for.
        published: when.
        headlines: texts of its ``<h1>``.
        links: addresses that its paragraphs link to.
        paid_links: links of the page that are.
        kind: its ``og:type``; "" when it has none.
        writings: the pieces of writing in its own data (JSON-LD).
    """

    canonical: str | None
    address: str | None
    sources: tuple[str, ...]
    sponsored: bool
    published: datetime | None
    headlines: tuple[str, ...]
    links: tuple[str, ...]
    paid_links: tuple[PaidLink, ...]
    kind: str
    writings: tuple[Mapping[str, object], ...]


def read_tags(tree: HtmlElement) -> PageTags:
    """Read what a page's tags declare."""
    found = _found(tree, "meta", "link", "a", "script", "h1")
    metas, links = list(_metas(found["meta"])), list(_links(found["link"]))
    anchors = [(link, (link.get("href") or "").strip()) for link in found["a"]]
    objects = list(_linked_data(found["script"]))
    named = dict(reversed(metas))  # the first of a name counts
    canonicals = (address for relation, address in links if relation == "canonical")
    declared = [content for name, content in metas if name in _SOURCE_NAMES]
    linked = [address for relation, address in links if relation == "syndication" and host(address)]
    dates = [named.get("article:published_time"), *(each.get("datePublished") for each in objects)]
    return PageTags(
        canonical=next(filter(host, canonicals), None),
        address=next(filter(host, [named.get("og:url", "")]), None),
        sources=(*declared, *linked, *_named_sources(objects)),
        sponsored=_is_sponsored(metas) or any(map(_is_paid_object, objects)),
        published=next(filter(None, map(declared_date, dates)), None),
        headlines=tuple(" ".join(h1.itertext()) for h1 in found["h1"]),
        links=tuple(dict.fromkeys(_paragraph_links(anchors))),
        paid_links=tuple(islice(_paid_links(anchors), MOST_PAID_LINKS)),
        kind=named.get("og:type", ""),
        writings=tuple(objects),
    )


def _found(tree: HtmlElement, *tags: str) -> Mapping[str, Sequence[HtmlElement]]:
    """Return a page's elements of some tags, in one walk."""
    found: dict[str, list[HtmlElement]] = {tag: [] for tag in tags}
    for element in tree.iter(*tags):
        found[element.tag].append(element)
    return found


def _metas(tags: Iterable[HtmlElement]) -> Iterator[tuple[str, str]]:
    for tag in tags:
        name = tag.get("name") or tag.get("property") or tag.get("itemprop") or ""
        content = (tag.get("content") or "").strip()
        if content:
            yield name.strip().lower(), content


def _links(tags: Iterable[HtmlElement]) -> Iterator[tuple[str, str]]:
    for tag in tags:
        address = (tag.get("href") or "").strip()
        for relation in (tag.get("rel") or "").lower().split():
            yield relation, address


def _paragraph_links(anchors: Iterable[tuple[HtmlElement, str]]) -> Iterator[str]:
    """Yield the addresses that paragraphs link to; menus and lists of further stories have none."""
    for link, address in anchors:
        is_whole = "//" in address and len(address) <= LONGEST_LINK
        if is_whole and _in_paragraph(link) and host(address):
            yield address


def _in_paragraph(link: HtmlElement) -> bool:
    if next(link.iterancestors("p"), None) is None:
        return False
    return any(element.tag == "p" for element in islice(link.iterancestors(), LINK_DEPTH))


def _paid_links(anchors: Iterable[tuple[HtmlElement, str]]) -> Iterator[PaidLink]:
    """Yield the links that are declared paid, or that say through whom a buyer came."""
    for tag, address in anchors:
        declared = "sponsored" in (tag.get("rel") or "").lower().split()
        counted = ("?" in address or "&" in address) and _AFFILIATE.search(address)
        leads_to = host(address) if declared or counted else None
        text = " ".join("".join(tag.itertext()).split()) if leads_to else ""
        if leads_to and WORD.search(text):
            yield PaidLink(text, leads_to)


def _linked_data(scripts: Iterable[HtmlElement]) -> Iterator[Mapping[str, object]]:
    """Yield the page's JSON-LD objects that describe a piece of writing."""
    for script in scripts:
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


def declared_date(value: object) -> datetime | None:
    """Read a date that a page declares; an unreadable one is none."""
    try:
        return parse_date(value) if isinstance(value, str) else None
    except BadInput:
        return None
