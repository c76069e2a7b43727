"""Lines and tags by which a page says outright that its text was published elsewhere first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.article import MONTHS, Article, Span, host
from detector.outlets import OUTLET_HOST, OUTLET_NAME, names_site, same_outlet

_PIECE = (
    r"(?:article|story|piece|post|report|essay|column|interview|item|text|content|work|analysis|"
    r"commentary|op-ed|feature|excerpt|extract|material|review|blog|dispatch)"
)
_NAMED = rf"[ ](?:the[ ])?(?P<name>(?-i:{OUTLET_NAME})|https?://\S{{4,200}}|{OUTLET_HOST}\b)"
_PUBLISHED = (
    r"(?:re-?published|published|appeared|appears|ran|posted|produced|provided|distributed|"
    r"syndicated|reprinted|reproduced|written|supplied|licensed|taken|adapted)"
)
# "This story was originally published by Grist.": its subject is the page's own text.
_OWN_WORDS = re.compile(
    rf"\b(?:this|the above|the following)[ ]{_PIECE}[ ](?:[\w-]+[ ]){{0,4}}?{_PUBLISHED}"
    rf"(?:[ ][\w-]+){{0,4}}?[ ](?:by|in|on|at|from|courtesy[ ]of|with[ ]permission[ ]from){_NAMED}",
    re.I,
)
# The same without a subject, where a line or a bracket begins.
_BARE_WORDS = re.compile(
    r"(?:^|[(\[*_.][ ]?)(?:(?:originally|first|previously)[ ](?:published|appeared|posted|printed)"
    r"|re-?published|reprinted|reproduced|syndicated)"
    rf"(?:[ ][\w-]+){{0,4}}?[ ](?:by|in|on|at|from|courtesy[ ]of){_NAMED}",
    re.I | re.M,
)
_ORIGINAL = re.compile(
    rf"\bread[ ]the[ ]original[ ](?:{_PIECE}[ ])?(?:on|at|in|from){_NAMED}", re.I
)
_PERMISSION = re.compile(
    r"\b(?:(?:re-?published|reprinted|reproduced|syndicated)[ ](?:here[ ])?(?:under|with|by)"
    r"[ ](?:an?[ ]|the[ ]|kind[ ])?(?:[\w-]+[ ]){0,3}(?:licen[cs]e|permission|agreement)"
    r"|used[ ](?:here[ ])?(?:with|by)[ ](?:kind[ ])?permission)\b",
    re.I,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)[ ]?(?:\(c\)[ ]|©[ ]|by[ ])?(?:(?:19|20)\d\d)?,?[ ]?"
    rf"(?:by[ ])?(?:the[ ])?(?P<name>(?-i:{OUTLET_NAME}))",
    re.I,
)
# Photographs have permissions of their own: "Photo: Ada / Flickr, used under licence".
_PICTURE = re.compile(
    r"\b(?:photo|photograph|image|picture|illustration|graphic|chart|video)s?\b", re.I
)
# A picture's credit stands on its permission's line, this close before it.
PICTURE_CHARACTERS = 120


def republication_lines(article: Article) -> Iterator[Span]:
    """Yield where a text says that it was published elsewhere, or is used by permission.

    The name that stands there need not be the source's: outlets' names and sites often share no
    letter (a paper called The Inquirer on ``city.example``), and hardly anyone gives the credit of
    a stolen text to a third. A line that names the article's own outlet says nothing.
    """
    for pattern in (_OWN_WORDS, _BARE_WORDS, _ORIGINAL):
        for found in pattern.finditer(article.text):
            if _is_elsewhere(found["name"], article.site):
                yield Span(*found.span())
    for found in _PERMISSION.finditer(article.text):
        before = article.text[max(0, found.start() - PICTURE_CHARACTERS) : found.start()]
        if not _PICTURE.search(before.rpartition("\n")[2]):
            yield Span(*found.span())


def copyright_lines(article: Article, holder: str | None) -> Iterator[Span]:
    """Yield where a text leaves the copyright with the outlet of another site."""
    for found in _COPYRIGHT.finditer(article.text):
        if names_site(found["name"], holder) and not names_site(found["name"], article.site):
            yield Span(*found.span())


def tags_elsewhere(article: Article) -> Iterator[str]:
    """Yield what the page's own tags name as the place of its text, when that is elsewhere.

    They are believed whatever they name: a page that gives its canonical address away also gives
    away its readers from search engines.
    """
    rights, own = article.rights, article.site
    if rights.syndicated_from and not _is_own(rights.syndicated_from, own):
        yield rights.syndicated_from
    canonical = host(rights.canonical) if rights.canonical else None
    if rights.canonical and canonical and own and not same_outlet(canonical, own):
        yield rights.canonical


def _is_own(named: str, own: str | None) -> bool:
    site = host(named)
    return same_outlet(site, own) if site else names_site(named, own) or named == own


def _is_elsewhere(name: str, own: str | None) -> bool:
    first = re.split(r"[ .,]", name, maxsplit=1)[0].lower()
    site = host(name)
    is_day = first in MONTHS or first.endswith("day")
    return not is_day and not names_site(name, own) and not (site and same_outlet(site, own))
