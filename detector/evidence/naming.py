"""Naming: the places where a text says that another outlet reported something.

One word is no credit by itself, since outlets are news themselves: a word of attribution stands
beside it, or it stands alone (``Source: Fulcrum``). A name of several words that the source itself
does not mention is credit wherever it stands ("The Bay Review has pieced together what came next"),
unless it is about the outlet's own affairs. Nor is "told the Review" credit where the source says
so itself: that came along with its words. A surname is no outlet: where an Anna Hill is mentioned,
Hill is she.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.article import Article, Span
from detector.outlets import OUTLET_HOST, OUTLET_NAME, names_site, opening

# A cue and the name it belongs to are this near each other: "a long report on Monday in the".
NEAR_CHARACTERS = 50
# More mentions of an outlet than this are no longer looked at, in hostile texts.
MOST_NAMINGS = 200

_NAME = re.compile(rf"(?:\b[Tt]he[ ])?(?<![\w@.-])(?:{OUTLET_NAME}|{OUTLET_HOST})")
_PIECE = (
    r"(?:article|story|piece|post|investigation|analysis|interview|account|editorial|column|essay|"
    r"review|report|reporting|coverage|findings|calculations?|survey|exclusive|scoop|profile|study|"
    r"read|feature|dispatch|longread)"
)
_CUE_BEFORE = re.compile(
    r"\b(?:according to|via|per|sources?(?=:)|courtesy of|h/t|hat tip|credits?(?=:)|citing|cites|"
    r"cited|quoting|quotes|quoted (?:by|in)|"
    r"(?:reported|revealed|broken|disclosed|obtained|seen|printed|noted|analy[sz]ed|examined|"
    r"described|documented|chronicled|detailed|set out|laid out|uncovered|compiled)"
    r"(?: \w+){0,3}? (?:by|in)|"
    r"(?:published|posted|carried|appear(?:ed|ing|s))(?:(?: \w+){0,3}? (?:by|in|at)| on)|"
    r"(?:writes|wrote|writing|said) (?:in|for)|reports? (?:by|in|from)|"
    rf"{_PIECE} (?:[\w,]+ ){{0,4}}?(?:by|in|from|at)|"
    r"read (?:more|it|the (?:full|original|whole))(?: \w+){0,3}? (?:at|on|in))\b[^.!?\n]{0,25}$",
    re.I,
)
_TOLD = re.compile(
    r"\b(?:told|tells|telling|(?:spoke|speaking) (?:to|with)|(?:interview|conversation) with|"
    r"(?:e-?mail|statement|comments?|remarks) (?:sent )?to)(?: the)?(?: [\w-]+){0,2}? ?$",
    re.I,
)
# "The Review said it would cut 90 posts": then the outlet is the news
_OWN_AFFAIRS = (
    r"[^.!?\n]{0,60}\b(?:its|it will|it would|it had|it has|it is|it was|profits?|earnings|"
    r"revenues?|loss(?:es)?)\b"
)
_IS_NEWS = re.compile(
    rf"{_OWN_AFFAIRS}|(?:['’]s)? (?:offices?|buildings?|headquarters|newsroom|owners?|publishers?|"
    r"staff|shares?|workers|employees|strike|prize|award)\b"
)
_ITS_PLACE = re.compile(
    r"\b(?:offices?|buildings?|headquarters|newsrooms?|owners?|publishers?|shares?|employees) of "
    r"(?:the )?$",
    re.I,
)
_CUE_AFTER = re.compile(
    rf"(?:(?:['’]s?)?[ ](?:own[ ]|exclusive[ ])?{_PIECE}\b"
    rf"|[ ](?:has|had|have|ran|runs|carries|carried|published)(?:[ ][\w-]+){{1,4}}?[ ]{_PIECE}\b"
    r"|(?:['’]s?)?(?:,[ ]which|,[ ]who)?(?:[ ][\w-]+){0,2}?[ ](?:reports?|reported|reporting|"
    r"writes|wrote|written|notes?|noted|observes?|observed|argues?|argued|reveals?|revealed|"
    r"discloses?|disclosed|quotes?|quoted|cites?|cited|estimates?|estimated|calculates?|"
    r"calculated|explains?|explained|points out|pointed out|describes?|described|adds?|added|"
    r"finds?|found|says|said|broke|learned)\b"
    rf"(?!{_OWN_AFFAIRS}))"
)
# "Follow Reuters", "More from Bloomberg": what stands before an outlet in a page's own lines.
_NO_FIRST_NAMES = frozenset(
    "by follow from like more on read see source sources the thomson via visit watch with".split()
)
# "(Bay Review)", "Source: Bay Review", "— Bay Review": nothing else on the line or in brackets.
_ALONE = re.compile(r"(?:^|[(\[\n])[ \t]{0,4}(?:[-–—]{1,2}[ ]{0,2})?$")
_ENDS_ALONE = re.compile(r"[)\]]|[ \t.]{0,4}(?:\n|$)")


def namings(article: Article, source: Article) -> Iterator[Span]:
    """Yield where an article attributes something to the outlet of a source.

    Only the outlet of ``source.site`` counts, and not where ``article.site`` is meant as well.
    """
    if not source.site:
        return
    named = list(_NAME.finditer(article.text))
    meant = {
        name
        for name in {found[0] for found in named}
        if _means_only(name, source.site, article.site)
    }
    spans = [_without_opening(found) for found in named if found[0] in meant][:MOST_NAMINGS]
    surnames = _surnames(article.text) if spans else frozenset()
    for span in spans:
        if span.of(article.text) not in surnames and _is_attribution(article, source, span):
            yield span


def _means_only(name: str, site: str, own: str | None) -> bool:
    return names_site(name, site) and not names_site(name, own)


def _without_opening(found: re.Match[str]) -> Span:
    return Span(found.start() + len(opening(found[0])), found.end())


def _is_attribution(article: Article, source: Article, span: Span) -> bool:
    before = article.text[max(0, span.start - 2 * NEAR_CHARACTERS) : span.start]
    after = article.text[span.end : span.end + 2 * NEAR_CHARACTERS]
    if _CUE_BEFORE.search(before):
        return True
    if _TOLD.search(before):
        return span.of(article.text) not in source.text
    if _CUE_AFTER.match(after):
        return True
    if _ALONE.search(before) and _ENDS_ALONE.match(after):
        return True
    name = span.of(article.text)
    is_telling = " " in name and name.casefold() not in source.text.casefold()
    return is_telling and not _IS_NEWS.match(after) and not _ITS_PLACE.search(before)


def _surnames(text: str) -> frozenset[str]:
    """Return the words that stand at the end of a longer name somewhere: ``Hill`` of Anna Hill."""
    names = (found[0][len(opening(found[0])) :].split() for found in _NAME.finditer(text))
    return frozenset(
        words[-1]
        for words in names
        if len(words) > 1 and words[-1][1:].islower() and words[-2].lower() not in _NO_FIRST_NAMES
    )
