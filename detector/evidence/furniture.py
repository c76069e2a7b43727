"""Page furniture: what a news page says around its story, and no source has to bear out.

Picture captions with their credit, notes on who reported and edited, stamps of publication, calls
to follow or subscribe, and links to other stories stay in scraped text. Of sites that an index has,
they are known by being repeated (``detector.boilerplate``); of all others, here, by their words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from detector.article import MONTHS, Article, Sentence, Span

_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_DATE = (
    rf"(?:{_DAY},?\s)?(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH}|\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}})"
    r"(?:,?\s\d{4}\b)?"
)
_CLOCK = r"\d{1,2}[:.]\d\d\b(?:\s?[ap]\.?m\b\.?)?(?:\s(?:[a-z]{2,4}t|utc)\b)?"
_BETWEEN = r",?\s(?:at\s|\|\s|[-–]\s)?"
_SHORT_TIME = r"\d{1,2} (?:sec|min|hr|second|minute|hour|day)s?"
_AGO = rf"{_SHORT_TIME}(?: {_SHORT_TIME})? ago\b"
_WHO = "reporting|writing|editing|compiled|edited|written|reported|translated|graphics?"


@dataclass(frozen=True, slots=True)
class _Sign:
    """Words that tell furniture, in small letters; nearly no text has them, so they come first.

    Attributes:
        words: one of these is there.
        pattern: what they stand in.
    """

    words: Collection[str]
    pattern: re.Pattern[str]

    def places(self, text: str) -> Iterator[re.Match[str]]:
        """Yield where it is in a text."""
        if any(word in text for word in self.words):
            yield from self.pattern.finditer(text)


# Signs that are furniture by themselves.
_STRETCHES = (
    # "(Reporting by …; Editing by …)", of several sentences
    _Sign(
        ("(",),
        re.compile(
            rf"\((?:(?:additional |further |extra )?(?:{_WHO})\b[^()]{{0,60}}\bby"
            r"|with (?:inputs|files|additional))\b[^()]{0,400}\)?"
        ),
    ),
    # "First published on July 31, 2015 10:35 am", "Updated: 12:05 GMT", but no "report published on
    # May 6"
    _Sign(
        ("published", "posted", "updated", "modified"),
        re.compile(
            r"\b(?:published|posted|updated|modified)(?:\s?:\s{0,3}(?:"
            rf"{_DATE}(?:{_BETWEEN}{_CLOCK})?|{_CLOCK})|(?:\s(?:on|at))?\s{{1,3}}(?:{_DATE}{_BETWEEN}"
            rf"{_CLOCK}|(?:{_DATE}|{_CLOCK})(?=[ ]{{0,3}}(?:[|\n]|$))))"
        ),
    ),
)
# Signs of which the whole sentence is furniture: a caption's credit, a call, the page's own rights.
_ANYWHERE = (
    _Sign(
        ("reuters", "afp", "epa", "getty", "shutterstock"),
        re.compile(r"\b(?:reuters|afp|epa|getty|shutterstock)\s?/\s?[^\W\d]|\bgetty images\b"),
    ),
    _Sign(
        ("ap photo", "picture taken", "file photo", "file picture", "file image", "photo credit"),
        re.compile(r"\b(?:ap photo|picture taken|file (?:photo|picture|image)|photo credit)\b"),
    ),
    _Sign(
        ("on twitter", "on facebook", "on instagram"),
        re.compile(r"@\w{2,30} on (?:twitter|facebook|instagram)\b|\bfan on facebook\b"),
    ),
    _Sign(
        ("click here", "all rights reserved", "learn more..", "to edit or correct", "see more »"),
        re.compile(
            r"\b(?:click here|all rights reserved|learn more\.\.|to edit or correct|see more »)"
        ),
    ),
    # "Reuters – 29 minutes ago", behind a dash or at the end of a line
    _Sign(
        (" ago",),
        re.compile(rf"[-–—]\s{_AGO}|\b{_AGO}(?=[ ]{{0,3}}(?:\.[ ]|\n|view photo|[-–—|]|$))"),
    ),
    # "Fri, Jul 31, 2015, 20:39 BST": no sentence of a story names weekday, year and minute
    _Sign(("20",), re.compile(rf"(?<![^\W\d_]){_DAY},?\s{_DATE}{_BETWEEN}{_CLOCK}")),
)
# What a sentence of furniture begins with, by its first word.
_SITES = r"(?:twitter|facebook|instagram|youtube|linkedin|whatsapp|telegram|google|x)\b"
_FIRST = {
    "view": r"view (?:photos?|gallery|image|slideshow|comments)\b",
    "photo": r"photos?(?:\s?:|\s(?:by|credit|courtesy)\b)",
    "image": r"images?(?:\s?:|\s(?:by|credit|courtesy|source)\b)",
    "picture": r"pictures?(?:\s?:|\s(?:by|credit|courtesy)\b)",
    "follow": rf"follow (?:\S{{1,30}} ){{1,4}}?on {_SITES}",
    "like": r"like (?:\S{1,30} ){1,4}?on facebook\b",
    "find": rf"find (?:us|me|him|her|them) on {_SITES}",
    "join": rf"join us on {_SITES}",
    "sign": r"sign up (?:for|to|now|here|today)\b",
    "subscribe": r"subscribe (?:for|to|now|here|today)\b",
    "click": r"click (?:here|on|for)\b",
    "tap": r"tap (?:here|on|for)\b",
    "read": r"read (?:more\b(?! than)|also\b|next\b|the full (?:story|article|report)\b)",
    "see": r"see also\b",
    "also": r"also (?:read|see|watch)\s?:",
    "more": r"more (?:from|on|about) [^:.\n]{1,40}:",
    "share": r"share this (?:article|story|page|post|on|via|with)\b",
    "copyright": r"copyright\s?(?:©|\(c\)|\d{4})",
    "©": r"©",
    "download": r"download (?:our|the) (?:free )?(?:\S{1,20} )?app\b",
    "additional": rf"additional (?:{_WHO}) by\b",
    **{
        word: rf"(?:{_WHO})(?: and (?:{_WHO}))? by [a-z]"
        for word in ("reporting", "writing", "editing", "compiled", "edited", "reported")
    },
}
_BEGINNINGS = {word: re.compile(pattern) for word, pattern in _FIRST.items()}
_FIRST_WORD = re.compile(r"©|\w+")
# "Related Stories", "Other Articles", but "Other topics on the agenda": a heading has capitals.
_TEASER = re.compile(
    r"(?:Other|Related|Recommended|Trending|Latest|Popular|More|Top)\s"
    r"(?:Articles?|Stories|Topics|Quotes?|News|Videos?|Posts|Links|Coverage)\b"
)
# "Divers near the wreck on March 3. REUTERS/Una Grell": what a credit closes is its caption.
_CLOSES = re.compile(
    r"(?:reuters|afp|epa|getty|ap photo|photo|picture|image)s?\b\s?[/:]|getty images"
)
# A preview is cut off in its middle; a quotation may be left so.
_CUT_OFF = (" …", " ...")
_QUOTES = ('"', "“")
# "(Xetra: A1JAGV - news)", "(FCAU.N)": codes of shares and indices.
_CODE = re.compile(
    r"\(\s?(?:[A-Z][\w .]{1,20}:\s?|(?=[A-Z0-9=-]{0,8}\.))(?=[0-9.=-]{0,12}[A-Z])[A-Z0-9.=-]{1,12}"
    r"(?:\s[-–]\snews)?\s?\)"
)


def furniture(article: Article) -> tuple[Span, ...]:
    """Return where an article's text is page furniture, in order, apart from each other.

    Args:
        article: the article.
    """
    text = article.text
    small = text.lower()
    if len(small) != len(text):  # a few letters grow when made small
        small = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    found = [m.span() for sign in _STRETCHES for m in sign.places(small)]
    found += [m.span() for m in _CODE.finditer(text)]
    signs = [m.start() for sign in _ANYWHERE for m in sign.places(small)]
    before = 0
    for sentence in article.sentences:
        if (
            any(sentence.start <= at < sentence.end for at in signs)
            or _TEASER.match(sentence.text)
            or (sentence.text.endswith(_CUT_OFF) and not sentence.text.startswith(_QUOTES))
            or _begins_so(small, sentence)
        ):
            closes = (
                _CLOSES.match(small, sentence.start) and "\n" not in text[before : sentence.start]
            )
            found.append((before if closes else sentence.start, sentence.end))
        before = sentence.start
    return tuple(_joined(found))


def _begins_so(small: str, sentence: Sentence) -> bool:
    """Tell by its first words whether a sentence is furniture."""
    first = _FIRST_WORD.match(small, sentence.start, sentence.end)
    begins = _BEGINNINGS.get(first[0].removesuffix("s")) if first else None
    return begins is not None and begins.match(small, sentence.start, sentence.end) is not None


def _joined(places: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield places in order, those that overlap as one."""
    begin = end = 0
    for start, stop in sorted(places):
        if start > end:
            if end:
                yield Span(begin, end)
            begin = start
        end = max(end, stop)
    if end:
        yield Span(begin, end)


def is_mostly_in(span: Span, stretches: Sequence[Span]) -> bool:
    """Tell whether half of a place or more is in some stretches that stand apart."""
    shared = sum(max(0, min(span.end, s.end) - max(span.start, s.start)) for s in stretches)
    return 2 * shared >= span.end - span.start
