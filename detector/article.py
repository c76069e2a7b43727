"""An article, its sentences, and exact places in its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate, pairwise
from pathlib import Path

from detector.errors import BadInput

# A heading ends without a full stop and is short; 14 words hold nearly every subheading.
HEADING_WORDS = 14
# A headline may be longer than a subheading, but no paragraph is this short and unpunctuated.
HEADLINE_WORDS = 30
# Longer stretches without any sentence end are cut at word ends, so that no step is quadratic
# in the length of one "sentence".
LONGEST_SENTENCE = 2_000

# A line broken off by a mail program or a text file's margin is at least this long; the shorter
# ones that the next line goes on after in lower case stand in lists and address blocks.
WRAPPED_LINE = 40
# Marks that end a sentence are looked for in this many characters of a line's end.
LINE_END = 12

# "!!!!!!!!": the splitter's time grows with the square of such a run; four marks mean as much.
KEPT_MARKS = 4

WORD = re.compile(r"\w+(?:['’]\w+)*")
_LONG_RUN = re.compile(r"[^\w\s]{5,}")
# "two decades ago.The trailer": extraction loses the space between paragraphs.
_GLUED = re.compile(r"[.!?](?:(?<=[a-z0-9%)”\"’].)|[”\"’])(?=[A-Z][a-z])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE = re.compile(r"[^\r\n]+")
_SENTENCE_ENDS = tuple(".!?…:;,")
_CLOSING = "\"'”’»)]"
MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|"
        "september sept sep|october oct|november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}
_WRITTEN_DATE = re.compile(
    r"\b(?:(?P<day1>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<month>[A-Za-z]{3,9})\.?\s+"
    r"(?:(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<year>(?:19|20)\d\d)\b"
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of characters: ``text[start:end]``."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Number of characters."""
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters this span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or line of an article, with its place in ``Article.text``."""

    start: int
    end: int
    text: str
    is_heading: bool = False

    @property
    def span(self) -> Span:
        """The sentence's place."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class PaidLink:
    """A link that the page declares paid for, or that counts who bought through it.

    Attributes:
        text: the words that are linked.
        host: where it leads.
    """

    text: str
    host: str


@dataclass(frozen=True)
class Rights:
    """What a page's own tags say about where its text comes from, and who paid for it.

    Attributes:
        canonical: address in ``<link rel=canonical>``.
        syndicated_from: address or name in a syndication or original-source tag.
        sponsored: the page declares itself paid for.
        links: addresses on other sites that its paragraphs link to.
        paid_links: links of the page that are.
    """

    canonical: str | None = None
    syndicated_from: str | None = None
    sponsored: bool = False
    links: tuple[str, ...] = ()
    paid_links: tuple[PaidLink, ...] = ()


@dataclass(frozen=True)
class Article:
    """One article: its text, exactly as given, and what is known about it.

    What stands in ``boilerplate`` other pages of its site have too: it is left out of matching.
    """

    text: str
    id: str
    title: str | None = None
    url: str | None = None
    site: str | None = None
    author: str | None = None
    published: datetime | None = None
    rights: Rights = field(default_factory=Rights)
    boilerplate: tuple[Span, ...] = ()

    @classmethod
    def from_text(  # noqa: PLR0913 - the fields of an article, fixed by the public contract
        cls,
        text: str,
        *,
        id: str | None = None,
        title: str | None = None,
        url: str | None = None,
        site: str | None = None,
        author: str | None = None,
        published: datetime | date | str | None = None,
    ) -> Article:
        """Make an article whose text is kept character for character.

        Args:
            text: the body; spans in every report are offsets into it.
            id: any stable name; derived from the url, or else the text, when absent.
            title: the headline.
            url: where it was published.
            site: the outlet, as a host name; taken from the url when absent.
            author: the byline.
            published: a datetime, a date, or one in ISO 8601, RFC 2822 or written English form.

        Returns:
            The article.

        Raises:
            BadInput: ``text`` holds no word, or ``published`` is no date.
        """
        if not WORD.search(text):
            raise BadInput(
                f"the text holds no word ({len(text)} characters): give an article with text"
            )
        text, title, author = (encodable(part or "") for part in (text, title, author))
        url, site = encodable(url or ""), encodable(site or "")
        return cls(
            text=text,
            id=encodable(id or stable_id(url or text)),
            title=title or None,
            url=url or None,
            site=site or host(url),
            author=author or None,
            published=parse_date(published) if isinstance(published, str) else utc(published),
        )

    @classmethod
    def from_html(cls, html: str | bytes, *, url: str | None = None) -> Article:
        """Make an article from a web page: body, title, date, author, site and source tags."""
        from detector.extract import article_from_html  # it imports trafilatura, which is slow

        return article_from_html(html, url=url)

    @classmethod
    def from_file(cls, path: str | Path) -> Article:
        """Read the one article of a text, Markdown, HTML or JSON file."""
        from detector.readers import read_one  # readers build on this module

        return read_one(path)

    @classmethod
    def from_url(
        cls, url: str, *, allow_private: bool = False, ignore_robots: bool = False
    ) -> Article:
        """Fetch the one article at an address; ``detector.fetch.Fetcher`` has more settings.

        Args:
            url: a web address.
            allow_private: also reach addresses of the machine's own network.
            ignore_robots: fetch what the site's robots.txt forbids.

        Raises:
            FetchError: it could not be fetched, or must not be.
            BadInput: what is there is no article.
        """
        from detector.fetch import fetcher  # it imports the web client, and builds on this module

        return fetcher(allow_private=allow_private, ignore_robots=ignore_robots).article(url)

    def named(self, id: str) -> Article:
        """Return the same article under another id."""
        return replace(self, id=id)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences and headings, in order; only a line wrapped in mid-sentence is joined."""
        return tuple(_sentences(self.prose))

    @cached_property
    def prose(self) -> str:
        """The text with its boilerplate blanked out: what is matched, at the same places."""
        parts, end = [], 0
        for span in self.boilerplate:
            parts += [self.text[end : span.start], " " * span.length]
            end = span.end
        return "".join([*parts, self.text[end:]]) if parts else self.text

    @cached_property
    def story(self) -> Article:
        """The article as if its prose were its whole text."""
        return replace(self, text=self.prose, boilerplate=()) if self.boilerplate else self

    @cached_property
    def words(self) -> int:
        """Number of words in the text."""
        return len(WORD.findall(self.text))


def joined(sources: Sequence[Article]) -> Article:
    """Put several sources one behind the other, as the one source of a mosaic.

    Args:
        sources: at least one; the earliest dated one lends its date, the first all the rest.
    """
    dates = [source.published for source in sources if source.published]
    starts = accumulate((len(source.text) + 2 for source in sources), initial=0)
    return replace(
        sources[0],
        boilerplate=tuple(
            Span(start + span.start, start + span.end)
            for start, source in zip(starts, sources, strict=False)
            for span in source.boilerplate
        ),
        text="\n\n".join(source.text for source in sources),
        id="+".join(source.id for source in sources),
        published=min(dates, default=None),
    )


def encodable(text: str) -> str:
    """Replace lone surrogates, which no file or database takes, one for one."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def host(url: str) -> str | None:
    """Return the host name of an address without ``www.``, or None when it has none."""
    found = re.match(r"(?:[a-z][a-z0-9+.-]{0,30}:)?//(?:[^/?#@]*@)?([^/?#:]+)", url.strip(), re.I)
    return found.group(1).lower().removeprefix("www.") if found else None


def stable_id(content: str) -> str:
    """Name some content by its own bytes; the same in every process and on every machine."""
    # blake2b, not hash(): str hashes differ in every process
    return blake2b(content.encode("utf8", "surrogatepass"), digest_size=8).hexdigest()


def utc(moment: datetime | date | None) -> datetime | None:
    """Return the moment in UTC; one without a zone is taken as UTC, a day as its beginning."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(tzinfo=UTC)) if moment else None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def parse_date(text: str) -> datetime | None:
    """Read a publication date.

    Args:
        text: ISO 8601, RFC 2822 (feeds), or a date written in English; may be empty.

    Returns:
        The moment in UTC, or None for an empty text.

    Raises:
        BadInput: there is text, but no date in it.
    """
    text = text.strip()
    if not text:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime, written_date):
        try:
            return utc(read(text))
        except (ValueError, IndexError, OverflowError):
            continue
    raise BadInput(
        f"published is {text[:40]!r}, which is no date: expected one such as 2025-11-14T08:00:00Z"
    )


def written_date(text: str) -> datetime:
    """Read the first date written out in English, such as ``November 13th 2025``.

    Raises:
        ValueError: there is none.
    """
    for found in _WRITTEN_DATE.finditer(text):
        month = MONTHS.get(found["month"].lower())
        day = found["day1"] or found["day2"]
        if month and day:
            return datetime(int(found["year"]), month, int(day), tzinfo=UTC)
    raise ValueError(f"no date in {text[:40]!r}")


def looks_like_heading(line: str, *, most_words: int = HEADING_WORDS) -> bool:
    """Tell whether a line is short and ends without the punctuation of a sentence."""
    line = line.strip()
    if len(line) > LONGEST_SENTENCE or (_ends_like_a_sentence(line) and not line.endswith("?")):
        return False
    return 0 < len(WORD.findall(line)) <= most_words


def _ends_like_a_sentence(line: str) -> bool:
    return line.rstrip().rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _sentences(text: str) -> Iterator[Sentence]:
    lines = list(_lines(text))
    for start, end in lines:
        line = text[start:end]
        if not WORD.search(line):
            continue
        heading = len(lines) > 1 and looks_like_heading(line)
        for inner in _sentence_spans(line):
            a, b = start + inner.start, start + inner.end
            if WORD.search(text, a, b):
                yield Sentence(a, b, text[a:b], heading)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of a text; what a margin broke off is one line again."""
    start = end = None
    for found in _LINE.finditer(text):
        if start is not None and end is not None:
            if _is_wrapped(text, start, end, found.start()):
                end = found.end()
                continue
            yield start, end
        start, end = found.span()
    if start is not None and end is not None:
        yield start, end


def _is_wrapped(text: str, start: int, end: int, after: int) -> bool:
    """Tell whether the line at ``start`` goes on, in lower case, on the next one."""
    line, following = text[max(start, end - LINE_END) : end].rstrip(), text[after : after + 4]
    long_enough = end - start >= WRAPPED_LINE and text.count("\n", end, after) <= 1
    return long_enough and following.lstrip()[:1].islower() and not _ends_like_a_sentence(line)


def _blanked(run: re.Match[str]) -> str:
    return run[0][:KEPT_MARKS] + " " * (len(run[0]) - KEPT_MARKS)


def _unglued(line: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Split spans where a sentence follows another without a space."""
    for start, end in spans:
        glued = _GLUED.finditer(line, max(0, start - 1), end)
        yield from pairwise([start, *(found.end() for found in glued), end])


def _sentence_spans(line: str) -> Iterator[Span]:
    """Split one line at sentence ends, without the white space around them."""
    from nupunkt import sent_spans  # its model loads on first use

    unbroken = line.replace("\r", " ").replace("\n", " ")
    for start, end in _unglued(line, sent_spans(_LONG_RUN.sub(_blanked, unbroken))):
        while start < end:
            cut = end
            if end - start > LONGEST_SENTENCE:
                space = line.rfind(" ", start + 1, start + LONGEST_SENTENCE)
                cut = space if space > start else start + LONGEST_SENTENCE
            piece = line[start:cut]
            left = start + len(piece) - len(piece.lstrip())
            yield Span(left, left + len(piece.strip()))
            start = cut
