"""Carriers: the unrelated sites that have one and the same text, as wire copy and releases have.

A text that several outlets carry which have nothing to do with each other was in all likelihood
issued to be printed. Where one of them names the agency, two are enough; else it takes three
beside the article. How many there are is shown; that each had a licence is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detector.article import Article
from detector.candidates import CHANNELS, Candidate
from detector.evidence.wire import named_agencies
from detector.outlets import same_outlet

# Of 91 articles of a news crawl that two or more unrelated sites have too, 80 bear an agency's mark
# on one of the copies; the other eleven were read: sister papers, and agency copy without a mark.
WITH_A_MARK = 2
WITHOUT_A_MARK = 3
# Word triples in common, of all of both: estimated from signatures, standard error .04.
SAME_TEXT = 0.4


def same_text(found: Iterable[Candidate]) -> tuple[Article, ...]:
    """Return the sources that have nearly the whole text and nothing else."""
    shingles = CHANNELS.index("shingles")
    return tuple(each.source for each in found if each.scores[shingles] >= SAME_TEXT)


def unrelated(article: Article, sources: Iterable[Article]) -> tuple[Article, ...]:
    """Return one source of each outlet that is neither the article's nor another's here."""
    kept: list[Article] = []
    for source in sorted(sources, key=lambda source: source.id):
        if source.site and not any(same_outlet(source.site, x.site) for x in (article, *kept)):
            kept.append(source)
    return tuple(kept)


def why_issued(article: Article, copies: Sequence[Article]) -> str | None:
    """Say why a text was issued to be printed, given its copies; None when nothing shows it."""
    outlets = unrelated(article, copies)
    if len(outlets) < WITH_A_MARK:
        return None
    agencies = sorted({agency.name for copy in copies for agency in named_agencies(copy)})
    if not agencies and len(outlets) < WITHOUT_A_MARK:
        return None
    sites = ", ".join(str(outlet.site) for outlet in outlets[:WITHOUT_A_MARK])
    named = f" and {agencies[0]} is named" if agencies else ""
    return f"{len(outlets)} unrelated sites carry the same text ({sites}){named}"
