"""Credit: whether an article says where its text comes from, and how.

What is concluded from what:

- **The same outlet** may print its own text again, corrected or updated: licensed.
- **An agency's mark** (slug, byline, sign-off, copyright) licenses the agency's text only. It
  counts when the source is on that agency's site, bears a mark of the same agency or was "told"
  things as that agency, when the article itself stands on the agency's site, or when the
  source's outlet is not known. Over a text of another outlet it is shown, and is no licence:
  ``(Reuters)`` does not make a magazine's essay wire copy.
- **A press release** is issued to be printed: a source that bears the mark of a press-release
  service licenses the articles that print it, not those that only take up its subject.
- **The same text on several unrelated sites** was issued to be printed: wire copy, or a release
  (see ``detector.evidence.carriers``).
- **Tags and lines on republication** are believed whatever outlet they name (see
  ``detector.evidence.licences``). So is a source that says itself that its text is the article's.
- **A link** to the source is credit, and a link to its site or its name beside a word of
  attribution too. "With inputs from" an agency credits that agency, no more.
- **The byline** of the source's author is credit: whoever keeps it says whose words they are.
- **Quotation marks** are no credit; how much of the article stands in them is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detector.agencies import Agency, agency_named, agency_of_site
from detector.article import WORD, Article, Span, host
from detector.evidence.carriers import why_issued
from detector.evidence.licences import copyright_lines, republication_lines, tags_elsewhere
from detector.evidence.naming import namings
from detector.evidence.wire import MarkKind, WireMark, named_agencies, spoken_to, wire_marks
from detector.outlets import names_site, same_outlet
from detector.sketch import shingle_hashes

Status = Literal["credited", "linked", "licensed", "uncredited", "not-applicable"]

# The strongest kind of credit first.
_RANK: tuple[Status, ...] = ("licensed", "linked", "credited")
_STRENGTH: tuple[Status, ...] = ("not-applicable", "uncredited", "credited", "linked", "licensed")
# A press release is printed, not merely used, when this share of an article's shingles is its own.
PRINTED = 0.5
# Five words in a row are rarely the same by chance.
SHINGLE_WORDS = 5
# Shorter quotations are single words and titles.
LEAST_QUOTED_WORDS = 4
# Longer stretches between two marks are no quotation: a mark is missing.
LONGEST_QUOTATION = 1_500
_QUOTATION = re.compile(rf"[“\"]([^“”\"\n]{{10,{LONGEST_QUOTATION}}})[”\"]")
# First name and surname; "Staff writers" and "Market Desk" are nobody.
_PERSON = re.compile(
    r"(?!.{0,130}\b(?i:staff|desk|team|bureau|reporters?|correspondents?|editors?|news|online|media|press|"
    r"research|magazine|agenc(?:y|ies)|admin|writers?|share|post|print|edition)\b)"
    r"[A-ZÀ-Þ][\w.'’-]{0,30}(?: [\w.'’-]{1,30}){0,2} [A-ZÀ-Þ][\w'’-]{1,30}"
)
# Bylines and "reporting by" stand this near the beginning or the end of a text.
BYLINE_REACH = 500
_SCHEME = re.compile(r"^(?:[a-z]+:)?//(?:www\.)?", re.I)
_AUTHORS = re.compile(r"(?:(?<!\s)\s+)?(?:[,;/|&]|\band\b)\s*")
# "With agency inputs", "(with inputs from agencies)": help from agencies that it does not name.
_AGENCIES_HELPED = re.compile(
    r"\b(?:with[ ](?:inputs?[ ]from[ ](?:news[ ])?(?:agencies|wires)|agency[ ](?:inputs?|reports?))"
    r"|agencies[ ]contributed[ ]to[ ]this)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class CreditEvidence:
    """One place that gives credit: in the text (with offsets) or in the page's tags (without).

    ``status`` is what it proves; ``uncredited`` for a mark that does not hold for this source.
    """

    status: Status
    text: str
    why: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Whether and how the source is credited, with the evidence.

    Attributes:
        status: the strongest kind of credit.
        evidence: every place of it.
        quoted_share: share of the article's words that are the source's, in quotation marks.
    """

    status: Status
    evidence: tuple[CreditEvidence, ...] = ()
    quoted_share: float = 0.0


def find_credit(
    article: Article, source: Article | None, *, copies: Sequence[Article] = ()
) -> Credit:
    """Look for credit of the source, and for licence and wire marks.

    Args:
        article: the article.
        source: what it may have been made from.
        copies: known articles with the same text, the source among them where it is one.
    """
    if source is None:
        return Credit("not-applicable")
    found = credit_evidence(article, source, copies)
    given = {evidence.status for evidence in found}
    status: Status = next((status for status in _RANK if status in given), "uncredited")
    return Credit(status, found, _quoted_share(article, source))


def credit_evidence(
    article: Article, source: Article, copies: Sequence[Article] = ()
) -> tuple[CreditEvidence, ...]:
    """Return every place that gives credit; see ``find_credit``."""
    return (
        *_same_outlet(article, source),
        *_wire(article, source),
        *_issued(article, source, copies),
        *_licences(article, source),
        *_links(article, source),
        *_names(article, source),
    )


def credit_of_all(credits: Sequence[Credit]) -> Credit:
    """Return the credit of a mosaic: that of its source which is credited least.

    Args:
        credits: of each source, at least one.
    """
    if len(credits) == 1:
        return credits[0]
    weakest = min(credits, key=lambda credit: _STRENGTH.index(credit.status))
    evidence = dict.fromkeys(item for credit in credits for item in credit.evidence)
    return Credit(weakest.status, tuple(evidence), max(c.quoted_share for c in credits))


def _same_outlet(article: Article, source: Article) -> Iterator[CreditEvidence]:
    if same_outlet(article.site, source.site):
        yield CreditEvidence("licensed", article.site or "", "the source is the same outlet's")


def _wire(article: Article, source: Article) -> Iterator[CreditEvidence]:
    theirs = named_agencies(source)
    release = min((agency.name for agency in theirs if agency.releases), default=None)
    if release and _copied_share(article, source) >= PRINTED:
        why = "the source is a press release, issued to be printed"
        yield CreditEvidence("licensed", release, why)
    is_unknown = not (source.site or source.author or theirs)
    written = theirs | spoken_to(source)
    for mark in wire_marks(article):
        holds = mark.agency in written or is_unknown or _is_at_home(mark.agency, article)
        if mark.kind is not MarkKind.HELP:
            yield _weighed(mark, holds=holds)
        elif mark.agency in theirs:
            yield _of(mark, "credited", f"{mark.kind} from {mark.agency.name}")
    if theirs:
        for found in _AGENCIES_HELPED.finditer(article.text):
            yield _in(article, Span(*found.span()), "credited", "agencies helped, it says")


def _issued(
    article: Article, source: Article, copies: Sequence[Article]
) -> Iterator[CreditEvidence]:
    why = why_issued(article, copies) if source in copies else None
    if why:
        yield CreditEvidence("licensed", source.site or source.id, why)


def _copied_share(article: Article, source: Article) -> float:
    mine, theirs = (shingle_hashes(each.text, SHINGLE_WORDS) for each in (article, source))
    return float(np.isin(mine, theirs).mean())


def _is_at_home(agency: Agency, article: Article) -> bool:
    return agency_of_site(article.site) == agency


def _weighed(mark: WireMark, *, holds: bool) -> CreditEvidence:
    """Say what an agency's mark proves for a source that is that agency's, or is not."""
    named = f"{mark.kind} of {mark.agency.name}"
    if holds:
        return _of(mark, "licensed", named)
    return _of(mark, "uncredited", f"{named}, but nothing shows that the source is this agency's")


def _of(mark: WireMark, status: Status, why: str) -> CreditEvidence:
    if mark.span is None:
        return CreditEvidence(status, mark.text, why)
    return CreditEvidence(status, mark.text, why, mark.span.start, mark.span.end)


def _licences(article: Article, source: Article) -> Iterator[CreditEvidence]:
    for named in tags_elsewhere(article):
        yield CreditEvidence("licensed", named, "the page's tags name where its text comes from")
    for named in tags_elsewhere(source):
        if names_site(named, article.site) or same_outlet(host(named), article.site):
            yield CreditEvidence("licensed", named, "the source's tags name this article's site")
    if article.author and _is_byline_of(article.author, source, article):
        yield CreditEvidence("licensed", article.author, "the byline is the source's outlet")
    for span in republication_lines(article):
        yield _in(article, span, "licensed", "a line on republication")
    for span in copyright_lines(article, source.site):
        yield _in(article, span, "licensed", "the copyright is the source's outlet's")


def _is_byline_of(author: str, source: Article, article: Article) -> bool:
    names = _AUTHORS.split(author)
    return any(names_site(n, source.site) and not names_site(n, article.site) for n in names)


def _links(article: Article, source: Article) -> Iterator[CreditEvidence]:
    if not source.url:
        return
    address = _bare(source.url)
    for link in article.rights.links:
        if _bare(link) == address:
            yield CreditEvidence("linked", link, "a link to the source")
        elif same_outlet(host(link), source.site) and not same_outlet(article.site, source.site):
            yield CreditEvidence("linked", link, "a link to the source's site")
    start = article.text.find(address) if "/" in address else -1
    if start >= 0:
        yield _in(article, Span(start, start + len(address)), "linked", "the source's address")


def _bare(url: str) -> str:
    """Return an address without what may differ between two ways to the same page."""
    return _SCHEME.sub("", url.strip()).partition("#")[0].partition("?")[0].rstrip("/")


def _names(article: Article, source: Article) -> Iterator[CreditEvidence]:
    for span in namings(article, source):
        yield _in(article, span, "credited", f"names {source.site}")

    name = _kept_byline(article, source)
    if name:
        yield CreditEvidence("credited", name, "the byline is that of the source's author")


def _kept_byline(article: Article, source: Article) -> str | None:
    """Return a person who is the author of one text, and named at an end of the other too."""
    for one, other in ((source, article), (article, source)):
        ends = f"{other.author or ''}\n{other.text[:BYLINE_REACH]}\n{other.text[-BYLINE_REACH:]}"
        for name in _AUTHORS.split(one.author or ""):
            if _PERSON.fullmatch(name) and not agency_named(name) and name in ends:
                return name
    return None


def _in(article: Article, span: Span, status: Status, why: str) -> CreditEvidence:
    return CreditEvidence(status, span.of(article.text), why, span.start, span.end)


def _quoted_share(article: Article, source: Article) -> float:
    theirs = frozenset(_runs(WORD.findall(source.text.lower())))
    quoted = (WORD.findall(found[1].lower()) for found in _QUOTATION.finditer(article.text))
    copied = (q for q in quoted if len(q) >= LEAST_QUOTED_WORDS and theirs.issuperset(_runs(q)))
    return sum(map(len, copied)) / max(1, article.words)


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[n:] for n in range(LEAST_QUOTED_WORDS)), strict=False)
