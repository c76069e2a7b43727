"""Boilerplate: what a site says on many of its pages, whatever they report.

Cookie lines, footers, "Read more", author boxes and calls for a newsletter are learned by counting
on how many different stories of one site the same sentence stands. They are left out of matching,
never out of the text.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Protocol

from detector.article import WORD, Article, Span

# A sentence is boilerplate when this many stories of its site have it; of a site with many pages
# a tenth of them, up to ten: a background paragraph may stand in the follow-ups of one story.
FEWEST_STORIES = 3
STORY_SHARE = 0.1
MOST_STORIES = 10
# A page of which more than this share stands on earlier pages may be the same story again, a copy,
# an update, the second page of a gallery, and is not counted: when its title is known too, when it
# has hardly a word of its own, or when more is repeated than a footer has.
SAME_STORY = 0.5
OWN_WORDS = 10
FOOTER_WORDS = 120
# A part of a line has at least this many words; "Mr." and "Inc." end no sentence.
FEWEST_WORDS = 4
# What is remembered of one site and how many sites are, the latest: 100 bytes a sentence.
KEPT_SENTENCES = 4_000
KEPT_SITES = 500
# A source is met again while its story is told: the latest pages are remembered, 5 MB.
KEPT_PAGES = 1_024
# Of an index's sources so many pages of a site are read, by their ids: 10 ms.
SAMPLED_PAGES = 60

_LINE = re.compile(r"[^\r\n]+")
_GAP = re.compile(r"[.!?:»”\"]\s++(?=[A-ZÀ-Þ\d©(\[“\"»])")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line or sentence of a page.

    Attributes:
        span: its place in the text.
        key: the same for the same words, whatever their case, punctuation and figures.
        words: how many.
    """

    span: Span
    key: int
    words: int


def pieces_of(text: str) -> tuple[Piece, ...]:
    """Cut a text into what may be repeated on another page."""
    written = _written(text)
    if len(written) != len(text):  # a few letters grow when folded: one piece at a time
        cut = ((span, _written(span.of(text)), is_line) for span, is_line in _cut(text))
        every = (_piece(span, own, Span(0, len(own)), is_line) for span, own, is_line in cut)
    else:
        every = (_piece(span, written, span, is_line) for span, is_line in _cut(text))
    return tuple([piece for piece in every if piece])


def _written(text: str) -> str:
    """Return a text without its case and its figures."""
    return _DIGIT.sub("0", text.casefold())


def _cut(text: str) -> Iterator[tuple[Span, bool]]:
    """Yield the lines, or where a line holds several sentences these, and whether it is a line."""
    for line in _LINE.finditer(text):
        start = line.start()
        for gap in _GAP.finditer(text, *line.span()):
            yield Span(start, gap.start() + 1), False
            start = gap.end()
        yield Span(start, line.end()), start == line.start()


def _piece(span: Span, written: str, place: Span, is_line: bool) -> Piece | None:
    words = WORD.findall(written, place.start, place.end)
    if len(words) < (1 if is_line else FEWEST_WORDS):
        return None
    joined = " ".join(words)
    if not _LETTER.search(joined):
        return None
    digest = blake2b(joined.encode("utf8", "surrogatepass"), digest_size=8).digest()
    return Piece(span, int.from_bytes(digest), len(words))


@dataclass(slots=True)
class Site:
    """What the pages of one site have in common.

    Attributes:
        stories: different pages counted so far.
        counts: on how many of them each piece stands.
    """

    stories: int = 0
    counts: dict[int, int] = field(default_factory=dict)

    @property
    def needed(self) -> int:
        """On how many stories a piece has to stand to be boilerplate."""
        return max(FEWEST_STORIES, min(MOST_STORIES, int(STORY_SHARE * self.stories)))

    def learn(self, title: str | None, pieces: Iterable[Piece]) -> None:
        """Count a page, unless it tells the story of an earlier one again."""
        titles = {piece.key for piece in pieces_of(title or "")}
        words = {piece.key: piece.words for piece in pieces}
        if self._is_known(titles, words):
            return
        self.stories += 1
        for key in titles | words.keys():
            self.counts[key] = self.counts.get(key, 0) + 1
        if len(self.counts) > KEPT_SENTENCES:
            self._forget()

    def _is_known(self, titles: Set[int], words: Mapping[int, int]) -> bool:
        counts, needed = self.counts.get, self.needed
        own = {key: count for key, count in words.items() if counts(key, 0) < needed}
        repeated = sum(count for key, count in own.items() if key in self.counts)
        new = sum(own.values()) - repeated
        again = titles and titles <= self.counts.keys()
        return repeated > SAME_STORY * (repeated + new) and bool(
            again or new < OWN_WORDS or repeated > FOOTER_WORDS
        )

    def has(self, key: int) -> bool:
        """Tell whether a piece is boilerplate here."""
        return self.counts.get(key, 0) >= self.needed

    def repeated(self) -> frozenset[int]:
        """Return the keys of all pieces that are boilerplate here."""
        return frozenset(key for key in self.counts if self.has(key))

    def _forget(self) -> None:
        """Drop the older half of what was seen only once, then the rarest.

        Source: Manku, Motwani 2002, "Approximate frequency counts over data streams".
        """
        once = [key for key, count in self.counts.items() if count == 1]
        for key in once[: max(1, len(once) // 2)]:
            del self.counts[key]
        if len(self.counts) > KEPT_SENTENCES:
            rare = sorted(self.counts, key=self.counts.__getitem__)
            for key in rare[: len(rare) // 2]:
                del self.counts[key]


def learned(pages: Iterable[Article], cut: Callable[[str], tuple[Piece, ...]] = pieces_of) -> Site:
    """Learn what some pages of one site have in common.

    Args:
        pages: the pages.
        cut: cuts their texts as ``pieces_of`` does.
    """
    site = Site()
    for page in pages:
        site.learn(page.title, cut(page.text))
    return site


def marked(article: Article, has: Callable[[int], bool], pieces: Iterable[Piece]) -> Article:
    """Return an article with its boilerplate marked, and with what was marked before."""
    found = {piece.span for piece in pieces if has(piece.key)}
    found.difference_update(article.boilerplate)
    if not found:
        return article
    return replace(article, boilerplate=tuple(sorted({*found, *article.boilerplate})))


class StreamBoilerplate:
    """Learns from a stream of articles and marks each by those that came before it."""

    def __init__(self) -> None:
        self._sites: OrderedDict[str, Site] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, article: Article) -> Article:
        """Learn from an article, and return it marked; its text stays as it is."""
        if not article.site:
            return article
        pieces = pieces_of(article.text)
        with self._lock:
            site = self._sites.setdefault(article.site, Site())
            self._sites.move_to_end(article.site)
            if len(self._sites) > KEPT_SITES:
                self._sites.popitem(last=False)
            site.learn(article.title, pieces)
            return marked(article, site.has, pieces)


class Boilerplate(Protocol):
    """What knows the boilerplate of sites."""

    def mark(self, article: Article) -> Article:
        """Return an article with its site's boilerplate marked."""


class KnownBoilerplate:
    """The boilerplate of sites that was learned elsewhere; safe while nobody changes it.

    Attributes:
        repeated: the keys of the pieces that are boilerplate, by site.
    """

    def __init__(self) -> None:
        self.repeated: dict[str, frozenset[int]] = {}

    def mark(self, article: Article) -> Article:
        """Return an article with its site's boilerplate marked."""
        repeated = self.repeated.get(article.site or "")
        if not repeated:
            return article
        return marked(article, repeated.__contains__, pieces_of(article.text))


class SourceBoilerplate:
    """Learns each site's boilerplate from the sources of an index when it is first asked for."""

    def __init__(self, pages_of: Callable[[str, int], Iterable[Article]]) -> None:
        self._pages_of = pages_of
        self._read: OrderedDict[str, tuple[Article, Article]] = OrderedDict()
        self._pieces: OrderedDict[str, tuple[Piece, ...]] = OrderedDict()
        self._sites: OrderedDict[str, Site] = OrderedDict()
        self._lock = threading.Lock()

    def mark(self, article: Article) -> Article:
        """Return an article marked by what its site's sources have in common."""
        site = self._site(article.site) if article.site else None
        if site is None or site.stories < FEWEST_STORIES:
            return article
        with self._lock:
            known = self._read.get(article.id)
        if known is None or known[0] != article:
            known = (article, marked(article, site.has, self._cut(article.text)))
            with self._lock:
                self._read[article.id] = known
                if len(self._read) > KEPT_PAGES:
                    self._read.popitem(last=False)
        return known[1]

    def _cut(self, text: str) -> tuple[Piece, ...]:
        """Cut a text, or recall its pieces: a page that was learned from is often marked next."""
        with self._lock:
            known = self._pieces.get(text)
        if known is None:
            known = pieces_of(text)
            with self._lock:
                self._pieces[text] = known
                if len(self._pieces) > KEPT_PAGES:
                    self._pieces.popitem(last=False)
        return known

    def _site(self, name: str) -> Site:
        with self._lock:
            known = self._sites.get(name)
        if known is None:
            known = learned(self._pages_of(name, SAMPLED_PAGES), self._cut)
            with self._lock:
                self._sites[name] = known
                if len(self._sites) > KEPT_SITES:
                    self._sites.popitem(last=False)
        return known
