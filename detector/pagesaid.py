"""Who wrote a page, when, under which title and for which site, by trafilatura's rules.

They are the rules of its ``extract_metadata``, in their order, without those for categories, tags
and licences, which nobody here asks for and which take half the time.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]
    from trafilatura.settings import Document

# Fixed, so that the result depends on no clock.
LATEST_DATE = "2100-12-31"

# Whatever trafilatura takes for an author stands in an element one of whose names holds one of
# these; most pages that declare no author have none, and its own patterns take 10 ms to say so.
AUTHOR_WORDS = (
    "uthor", "yline", "byl", "BBL", "username", "writer", "screenname", "zuozhe", "bianji",
    "xiaobian", "channel-name", "submitted-by", "posted-by", "journalist-name",
)  # fmt: skip
_NAMED = ("class", "id", "itemprop", "rel", "data-testid", "data-component")
_UNWRITTEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What trafilatura raises on a page's own data that is none that it expects.
_JSON_FAULTS = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
_DATA_TYPES = frozenset({"application/ld+json", "application/settings+json"})
_JSON_STRING = re.compile(r'("(?:\\.|[^"\\])*")')
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PageSaid:
    """What a page says of itself.

    Attributes:
        title: with the site's name, perhaps.
        author: one, or several with commas between them.
        date: as the page or its address writes it.
        site: its host, or its name.
    """

    title: str | None
    author: str | None
    date: str | None
    site: str | None


def said_of(tree: HtmlElement, url: str | None, *, date: bool, site: bool = True) -> PageSaid:
    """Read what a page says of itself.

    Args:
        tree: the page; it stays as it is.
        url: where it was fetched from.
        date: whether its date is looked for.
        site: whether its site is.
    """
    from courlan import extract_domain
    from htmldate import find_date
    from trafilatura import metadata as rules

    heads = _heads(tree)
    said = rules.examine_meta(heads)
    if said.author and " " not in said.author:
        said.author = None
    with suppress(*_JSON_FAULTS):
        _read_data(tree, said)
    said.title = said.title or rules.extract_title(tree)
    if not said.author and (part := _part_with_author(tree)) is not None:
        said.author = rules.extract_author(part)
    if date or site:
        said.url = said.url or rules.extract_url(heads, url)
    if site and said.url:
        said.hostname = extract_domain(said.url, fast=True)
    if date:
        # the extensive search finds 9 more right dates on the benchmark, and 45 wrong ones
        # (years of copyright notices)
        said.date = find_date(
            tree, url=said.url, original_date=True, extensive_search=False, max_date=LATEST_DATE
        )
    said.description = said.image = None  # nobody here asks for them
    said.clean_and_trim()
    author = said.author.replace("; ", ", ") if said.author else None
    return PageSaid(said.title, author, said.date, said.hostname or said.sitename)


def _heads(tree: HtmlElement) -> HtmlElement:
    """Copy a page's head: rules that look for what stands in one need not walk the whole page."""
    heads = tree.makeelement("html")
    heads.extend(deepcopy(head) for head in tree.iterchildren("head"))
    return heads


def _read_data(tree: HtmlElement, said: Document) -> None:
    """Add what the page's own data say, as trafilatura's ``extract_meta_json`` does."""
    from trafilatura import json_metadata as rules

    for script in tree.iter("script"):
        if script.get("type") in _DATA_TYPES and script.text:
            text = _plain_json(script.text)
            try:
                rules.extract_json(json.loads(text, strict=False), said)
            except json.JSONDecodeError:
                rules.extract_json_parse_error(text, said)


def _plain_json(text: str) -> str:
    """Read data as trafilatura's ``JSON_MINIFY`` and ``normalize_json`` do, in a third of the time.

    Of what stands outside strings white space goes; of all of it escapes and tags.
    """
    from trafilatura.utils import HTML_STRIP_TAGS

    parts = _JSON_STRING.split(text)
    parts[::2] = ["".join(part.split()) for part in parts[::2]]
    text = "".join(parts)
    if "\\" in text:
        text = text.replace("\\n", "").replace("\\r", "").replace("\\t", "")
        text = _JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        text = unescape(_SURROGATE.sub("", text))
    return " ".join(HTML_STRIP_TAGS.sub("", text).split())


def _part_with_author(tree: HtmlElement) -> HtmlElement | None:
    """Copy what may name an author; of all that it stands in, only what rules could drop it for."""
    named = _naming_an_author(tree)
    if tree in named or next(tree.iter("rel"), None) is not None:
        return tree
    copies, whole = {tree: _emptied(tree)}, set()
    for element in named:
        line = [element]
        while line[-1] not in copies:
            line.append(line[-1].getparent())
        if line[-1] not in whole:
            for outer, inner in zip(line[:0:-1], line[-2::-1], strict=True):
                copies[inner] = deepcopy(inner) if inner is element else _emptied(inner)
                copies[outer].append(copies[inner])
            whole.add(element)
    return copies[tree] if named else None


def _naming_an_author(tree: HtmlElement) -> list[HtmlElement]:
    telling: dict[str, frozenset[str]] = {}
    for key in _NAMED:
        names = frozenset(tree.xpath(f"//*/@{key}", smart_strings=False))
        together = "\n".join(names)
        words = [word for word in AUTHOR_WORDS if word in together]
        if words:
            telling[key] = frozenset(name for name in names if any(map(name.__contains__, words)))
    if not telling:
        return list(tree.iter("author"))
    return [
        element
        for element in tree.iter()
        if element.tag == "author"
        or any(element.get(key) in names for key, names in telling.items())
    ]


def _emptied(element: HtmlElement) -> HtmlElement:
    """Copy an element by its tag and names alone; what lxml would not write, no rule names."""
    tag = element.tag if element.tag.isalnum() else "x"
    names = {name: _UNWRITTEN.sub("\ufffd", element.get(name, "")) for name in _NAMED}
    return element.makeelement(tag, names)
