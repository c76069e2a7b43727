"""The language of promotion: calls to act, offers, praise, bridges, and what speaks against it.

Every phrase is a plain choice of words in small letters, known by its first word, so that a word
that begins none costs no more than a look. They say how English advertises and how it reports,
never what is advertised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detector.facts.lookout import tree

_ACT = (
    "try order visit download book grab shop browse join discover reserve switch subscribe apply "
    "call click enjoy explore save claim treat protect upload compare start sign get find meet "
    "ask request consider choose check pick see let take give stop say step pack quote drive "
    "roll open fuel turn look list type put use hear listen sell spoil measure experience unlock "
    "elevate unleash transform upgrade indulge immerse dive opt head turn stream register bookmark"
)

# An order stands where a clause begins: at the sentence's start, behind a mark, or behind a word.
_CALL = "|".join(
    (
        *("^", r"(?<=^[\"“'‘(])", r"(?<=[:;!?–—]\s)", r"(?<=,\s)"),
        *(r"(?<=,\sso\s)", r"(?<=,\sor\s)", r"(?<=\bwhy not\s)"),
        *(rf"(?<=\b{word}\s)" for word in ("can", "to", "simply", "just", "and", "then")),
    )
)
# Each phrase: the words that it may begin with, and what has to follow.
_OFFERS = (
    "free",
    "at no (?:extra )?(?:charge|cost)",
    "half price",
    "discount/discounts",
    "code [a-z0-9]{3,}",
    "money back",
    "on the house",
    "no win,? no fee",
    "starts/start/from/only/just/for (?:at )?(?:[$€£] ?)?"
    r"\d[\d.,]* ?(?:dollars|euros|pounds|cents|a month|a day|each)?",
    "limited/special (?:time|offer)",
    "while stocks last",
    "warranty",
    "a/per/every month",
    "gift/bonus",
    "no (?:fees?|deposit|subscription|queues|hassle|strings|contracts?)",
    "cancel any ?time",
    r"within/without (?:\w+ ){0,3}(?:minutes?|hours?|seconds|clicks?|cent|penny|hassle)",
    "one (?:click|tap)",
    "three clicks",
    r"first (?:\w+ ){0,2}(?:months?|year|orders?) free",
)
_PRAISE = (
    "leading",
    "leader/leaders in",
    r"the (?:\w+ ){0,2}(?:best|finest|smartest|fastest|easiest|cheapest|toughest|most)",
    "number one",
    "unbeatable/unparalleled/unmatched/unrivalled/unrivaled/trusted",
    "award.winning",
    "favourite/favourites/favorite/favorites",
    "top.(?:rated|notch|quality|tier)",
    "world.class",
    "premium/perfect/perfectly/ideal/seamless/seamlessly/effortless/effortlessly/innovative",
    "stunning/exquisite/breathtaking/renowned/exceptional/reliable/benchmark",
    "best.in.class",
    "cutting.edge",
    "state.of.the.art",
    "stand/stands out",
    "go.to",
    "beat/beats",
    "swear/swears by",
    "must.have",
    "wide/vast/extensive/impressive/diverse (?:range|selection|array|collection|variety)",
    "robust/tailored/versatile/guarantee/guarantees/recommend/recommends",
    "category leader",
)
_BRIDGES = (
    "speaking of",
    "when it comes to",
    "for instance",
    "if you(?:'re|’re| are)",
    "whether you",
    "looking for",
    "for (?:those|anyone|households|plants|the rest of us)",
    "that(?:'s|’s| is) (?:where|why)",
    "which is why",
    "by the way",
    "incidentally/meanwhile/similarly",
    "need not",
    "no need",
    "in the meantime",
    "might (?:like|want|also)",
    "who would rather",
    "rather not",
    "those (?:who|seeking|looking)",
    "just (?:as|like)",
    "much like",
    "if you(?:'d|’d| would| want| need| prefer| ever| can't)",
    "need (?:a|some|help)",
    "turn/turning to",
    "rely on",
    "explain/explains why",
    "could do worse",
)
_SPONSOR = (
    "brought to you",
    "sponsor/sponsors/sponsored/partner/partnership",
    "presented/powered/supported by",
    "in (?:association|cooperation|partnership) with",
    r"our (?:\w+ )?(?:friends|sponsors?|partners?)",
    "courtesy of",
    "made possible by",
    "readers (?:of|get|save)",
    "a word from",
)
_REPORTED = (
    "said/says/told/announced/reported/added/asked/statement/argued/warned/claimed/insisted/wrote",
    "agreed/denied/confirmed/expected/analyst/analysts/court/police/survey/poll/study",
    "researcher/researchers",
    "according to",
    "found that",
)
_WORDED = {
    "offers": _OFFERS,
    "praise": _PRAISE,
    "bridges": _BRIDGES,
    "sponsor": _SPONSOR,
    "you": ("you/your/yours/yourself",),
    "ours": ("our/us/we/subscribe/subscribers/newsletter/readers",),
    "reported": _REPORTED,
    "past": ("was/were/had/did",),
}
# The end of a word of 4 to 32 letters.
_PAST = re.compile(r"ed\b(?<=\w\wed)(?<!\w{31}ed)")
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d[\d.,]*")
# Quotation marks, and the slug of an agency: "(Agency) --".
_REPORTING_MARK = re.compile(r"[\"“”]|\)\s{0,3}(?:--|[–—])")


@dataclass(frozen=True, slots=True)
class Phrases:
    """How often each kind of phrase stands in one sentence.

    Attributes:
        calls: orders to the reader where a clause begins.
        offers: what it costs, what is free, what is saved.
        praise: superlatives and words of praise.
        bridges: turns that lead from one subject to another.
        sponsor: words that name a sponsor or partner.
        you: the reader addressed.
        ours: the outlet speaking of itself.
        reported: words and marks of reported speech, and the slug of an agency.
        past: verbs of the past.
        figures: numbers in digits.
    """

    calls: int
    offers: int
    praise: int
    bridges: int
    sponsor: int
    you: int
    ours: int
    reported: int
    past: int
    figures: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase that some word may begin.

    Attributes:
        kind: what it is counted as.
        pattern: what has to stand from its first word on; None where that word is enough.
    """

    kind: str
    pattern: re.Pattern[str] | None = None


# The beginnings of words that count whatever follows.
_STEMS = {"luxur": "praise", "advertis": "sponsor", "spokes": "reported"}
_DISCOUNT = _Phrase("offers", re.compile(r"\b\d+ ?(?:%|percent|per cent) off\b"))
# Without one of these a sentence has nothing that is told by the form of a word.
_FORMS = (*_STEMS, " off")


def _by_form(word: str) -> Sequence[_Phrase]:
    """Return what a word counts as, or may begin, by its first characters."""
    if word[0].isdigit():
        return (_DISCOUNT,)
    return [
        _Phrase(kind)
        for stem, kind in _STEMS.items()
        if word.startswith(stem) and len(word) > len(stem)
    ]


def _beginnings() -> Mapping[str, Sequence[_Phrase]]:
    """Return the phrases that each word may begin; of one kind, the first that matches counts."""
    call, warning = (_Phrase("calls", re.compile(p)) for p in (_CALL, rf"(?:{_CALL})don't\b"))
    found = {**{word: [call] for word in _ACT.split()}, "don": [warning]}
    for kind, phrases in _WORDED.items():
        for written in phrases:
            words = re.split(r"[^\w/]", written, maxsplit=1)[0]
            rest = written[len(words) :]
            phrase = _Phrase(kind, re.compile(rf"\b\w+(?:{rest})\b") if rest else None)
            for word in words.split("/"):
                found.setdefault(word, []).append(phrase)
    return found


_BEGINNINGS = _beginnings()
_KNOWN_WORD = re.compile(rf"\b{tree(_BEGINNINGS)}\b")


def count_phrases(sentence: str) -> Phrases:
    """Count the phrases of one sentence."""
    small = sentence.lower()
    figures = len(_FIGURE.findall(small))
    counts = dict.fromkeys(Phrases.__slots__, 0)
    ends = counts.copy()
    has_forms = any(map(small.__contains__, _FORMS))
    for word in (_WORD if has_forms else _KNOWN_WORD).finditer(small):
        for phrase in _BEGINNINGS.get(word[0]) or (_by_form(word[0]) if has_forms else ()):
            start, kind = word.start(), phrase.kind
            found = phrase.pattern.match(small, start) if phrase.pattern else word
            if found and start >= ends[kind]:
                counts[kind] += 1
                ends[kind] = found.end()
    counts["past"] += len(_PAST.findall(small))
    counts["reported"] += len(_REPORTING_MARK.findall(small))
    counts["figures"] = figures
    return Phrases(**counts)
