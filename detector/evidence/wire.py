"""Wire marks: the signs by which agencies and press-release services mark their copy.

A slug opens it, a byline or an author field names the agency, a sign-off or a copyright line
closes it; "with inputs from" is less: the words are the writer's, some of the facts are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from detector.agencies import Agency, agency_named, agency_of_site
from detector.article import Article, Span

# A slug stands in the first lines, below a headline, a standfirst and a caption at most.
OPENING_CHARACTERS = 1_500
# Sign-offs stand in the last lines, above contacts, notes and links at most.
CLOSING_CHARACTERS = 1_500
# Bylines stand on the first lines.
BYLINE_LINES = 4
# Shorter capitals are abbreviations; OSLO and ROME have four.
LOUD = 4


class MarkKind(StrEnum):
    """How an agency is named."""

    SLUG = "slug"
    BYLINE = "byline"
    SIGN_OFF = "sign-off"
    COPYRIGHT = "copyright line"
    HELP = "note of help"


@dataclass(frozen=True, slots=True)
class WireMark:
    """One mark of an agency: in the text (with its place) or in the author field (without)."""

    agency: Agency
    kind: MarkKind
    text: str
    span: Span | None = None


_DASH = "[-–—:]"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}"
# "LONDON, Aug 5 (Reuters) -", "(AP) —", "NEW DELHI (PTI) Boats left": what stands before the
# bracket is a place and a date, not a sentence.
_SLUG = re.compile(
    rf"^(?P<before>[^()\n]{{0,70}}?[-–—,]{{0,3}}[ ]{{0,2}})[(\[](?P<names>[^()\[\]\n]{{2,50}})[)\]]"
    rf"[ ]{{0,2}}(?P<dash>{_DASH}|{_MONTH}\b)?",
    re.M,
)
# "Beijing, Aug 5, Xinhua -", "PTI | New Delhi", "AFP - Boats left"
_BARE_SLUG = re.compile(
    r"^(?:(?P<before>[A-ZÀ-Þ][^()\n,|]{0,40}(?:,[^()\n,|]{1,15})?)(?:,|[ ]\|)[ ]{1,2})?"
    r"(?P<names>[A-Z][\w.&'’-]{1,20}(?:[ ][A-Z][\w.-]{1,20}){0,2})[ ]{0,2}(?:[—–|]|--?[ ])",
    re.M,
)
_DATE_WORDS = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|[mtwfs][a-z]{2,5}day)\b", re.I
)
_SMALL_WORD = re.compile(r"(?<![\w'’.-])[a-zà-þ]{2,}")
# The whole line is names: a caption and its photographer's agency are none.
_BYLINE = re.compile(
    r"[ \t]{0,4}(?:(?i:by|from)[ ]{1,3})?"
    r"(?P<names>[A-Z][^\s()]{0,30}(?:[ ]{1,3}(?:(?:and|for|of|via|de|[|/&–—-]|staff|writers?)\b"
    r"|[A-Z][^\s()]{0,30})){0,9})[ \t]{0,4}"
)
_LINE = re.compile(r"[^\r\n]+")
_BETWEEN_NAMES = re.compile(
    r"(?:(?<!\s)\s+)?(?:[,;|/&()]|\band\b|\bvia\b|\bfor\b|\bwith\b|&amp;|\s[-–—]\s)\s*"
)
_NAME_WORD = r"[A-Z][\w'’&-]{1,20}(?:\.\w{1,10}){0,3}"
_NAME = rf"{_NAME_WORD}(?:[ ]{_NAME_WORD}){{0,4}}"
_SIGN_OFF = re.compile(
    r"(?:^|[.!?\"”’)\]…][ ]{0,3})"
    r"(?:[-–—]{1,2}[ ]{0,2}|[(\[]|(?i:\b(?:sources?|via|agency)[ ]?:[ ]{0,2}))"
    rf"(?P<names>{_NAME}(?:[/,][ ]?{_NAME})?)[)\]]?[ ]{{0,3}}\.?[ ]{{0,3}}$",
    re.M,
)
# "PTI" or "Bloomberg, AAP" on a line of its own near the end.
_LAST_LINE = re.compile(
    rf"^[ \t]{{0,4}}(?P<names>{_NAME}(?:(?:,|/|[ ]and|[ ]with)[ ]?{_NAME}){{0,2}})"
    r"[ \t\ufeff]{0,4}$",
    re.M,
)
# "AAP – 48 minutes ago": how portals head what agencies sent them.
_SENT_AGO = re.compile(
    rf"(?P<names>{_NAME_WORD}(?:[ ]{_NAME_WORD})?)(?:[ ]-[ ][\w ]{{2,20}})?[ ]?[-–—|][ ]?"
    r"\d{1,2}[ ](?:minute|hour|day|min|hr)s?[ ]ago"
)
# "she told Reuters": what was said to an agency was written by it, or by who names it otherwise.
_TOLD = re.compile(
    rf"\b(?:told|tells|told the)[ ](?P<names>{_NAME_WORD}(?:[ ]{_NAME_WORD}){{0,2}})"
)
_COPYRIGHT = re.compile(
    r"(?:©|(?i:\(c\)|&copy;|\bcopyright\b))[ ]?(?:(?i:\(c\)|©|by)[ ])?"
    r"(?:(?:19|20)\d\d(?:[-–]\d{2,4})?)?,?[ ]?"
    rf"(?i:by[ ])?(?i:the[ ])?(?P<names>{_NAME})"
)
_HELP_FROM = re.compile(
    r"\b(?i:(?:with|additional)[ ]+(?:(?:some|additional)[ ]+)?"
    r"(?:inputs?|material|reporting|files?|agency)[ ]+(?:from|by)[ ]+(?:the[ ]+)?)"
    rf"(?P<names>{_NAME})"
)
_HELPED = re.compile(
    rf"(?P<names>{_NAME})(?i:[ ]+contributed[ ]+to[ ]+this[ ]+(?:report|story|article))"
)
_ENDINGS = (
    (_SIGN_OFF, MarkKind.SIGN_OFF),
    (_LAST_LINE, MarkKind.SIGN_OFF),
    (_COPYRIGHT, MarkKind.COPYRIGHT),
    (_HELP_FROM, MarkKind.HELP),
    (_HELPED, MarkKind.HELP),
)
# Sign-offs that name no agency but are one agency's own form.
_FORMS = tuple(
    (re.compile(form, re.M), agency)
    for form, name in (
        (
            r"\((?:(?:Additional )?(?:[Rr]eporting|[Ww]riting)\b[^()\n;]{2,300}; ?){0,3}"
            r"(?:Additional )?(?:[Rr]eporting|[Ww]riting|[Ee]diting|[Cc]ompiled)(?: and \w+)?"
            r" [Bb]y [A-Z][^()\n]{2,300}\)",
            "Reuters",
        ),
        (r"To contact the (?:reporter|editor)s?[^\n]{0,60}? (?:on|for) this story", "Bloomberg"),
        (r"View source version on businesswire\.com", "Business Wire"),
        (r"^SOURCE:?[ ]+[A-Z][^\n]{2,60}$", "PR Newswire"),
        (r"/(?:PRNewswire|CNW)[^/\n]{0,40}/", "PR Newswire"),
        (r"distributed (?:on|by|via) PRWeb", "PRWeb"),
    )
    if (agency := agency_named(name))
)


def wire_marks(article: Article) -> tuple[WireMark, ...]:
    """Return the marks of agencies on an article, in the order of their strength."""
    found = [*_author_marks(article), *_slugs(article.text), *_bylines(article.text)]
    found.extend(_endings(article.text))
    return tuple(found)


def named_agencies(article: Article) -> frozenset[Agency]:
    """Return the agencies whose copy an article says, or its site shows, that it is."""
    marked = {mark.agency for mark in wire_marks(article) if mark.kind is not MarkKind.HELP}
    publishing = agency_of_site(article.site)
    return frozenset(marked | {publishing} if publishing else marked)


def spoken_to(article: Article) -> frozenset[Agency]:
    """Return the agencies that an article says somebody told something."""
    told = (_first_agency(found["names"]) for found in _TOLD.finditer(article.text))
    return frozenset(filter(None, told))


def _author_marks(article: Article) -> Iterator[WireMark]:
    agency = _first_agency(article.author or "")
    if agency:
        yield WireMark(agency, MarkKind.BYLINE, article.author or "")


def _slugs(text: str) -> Iterator[WireMark]:
    for found in _SLUG.finditer(text, 0, OPENING_CHARACTERS):
        if _is_place_and_date(found["before"]) and (found["dash"] or _is_loud(found["before"])):
            yield from _marked(text, found, kind=MarkKind.SLUG, end=found.end("names") + 1)
    for found in _SENT_AGO.finditer(text, 0, OPENING_CHARACTERS):
        yield from _marked(text, found, kind=MarkKind.SLUG)
    for found in _BARE_SLUG.finditer(text, 0, OPENING_CHARACTERS):
        if _is_place_and_date(found["before"] or ""):
            yield from _marked(text, found, kind=MarkKind.SLUG, end=found.end("names"))


def _is_loud(before: str) -> bool:
    return any(word.isupper() and len(word) >= LOUD for word in before.replace(",", " ").split())


def _is_place_and_date(before: str) -> bool:
    """Tell what may stand before a slug's agency from the beginning of a sentence."""
    return len(_SMALL_WORD.findall(_DATE_WORDS.sub("", before))) <= 1


def _bylines(text: str) -> Iterator[WireMark]:
    for line in islice(_LINE.finditer(text, 0, OPENING_CHARACTERS), BYLINE_LINES):
        found = _BYLINE.fullmatch(text, *line.span())
        if found:
            yield from _marked(text, found, kind=MarkKind.BYLINE)


def _endings(text: str) -> Iterator[WireMark]:
    begin = max(0, len(text) - CLOSING_CHARACTERS)
    for pattern, kind in _ENDINGS:
        for found in pattern.finditer(text, begin):
            yield from _marked(text, found, kind=kind)
    for form, agency in _FORMS:
        for found in form.finditer(text, begin):
            yield WireMark(agency, MarkKind.SIGN_OFF, found[0], Span(*found.span()))


def _marked(
    text: str, found: re.Match[str], *, kind: MarkKind, end: int | None = None
) -> Iterator[WireMark]:
    agency = _first_agency(found["names"])
    if agency:
        span = Span(found.start(), end or found.end())
        yield WireMark(agency, kind, span.of(text), span)


def _first_agency(written: str) -> Agency | None:
    parts = filter(None, _BETWEEN_NAMES.split(written))
    return next(filter(None, map(agency_named, parts)), None)
