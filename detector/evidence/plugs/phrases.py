"""The language of promotion: calls to act, offers, praise, bridges, and what speaks against it.

Every pattern is a plain choice of words, so that a match takes time linear in the text, and reads
small letters: a pattern that looks for both cases takes twice as long. They say how English
advertises and how it reports, never what is advertised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ACT = (
    "try order visit download book grab shop browse join discover reserve switch subscribe apply "
    "call click enjoy explore save claim treat protect upload compare start sign get find meet "
    "ask request consider choose check pick see let take give stop say don't step pack quote drive "
    "roll open fuel turn look list type put use hear listen sell spoil measure experience unlock "
    "elevate unleash transform upgrade indulge immerse dive opt head turn stream register bookmark"
)


def _any_of(words: str) -> str:
    return "|".join(re.escape(word) for word in words.split())


# An order stands where a clause begins.
_CALL = re.compile(
    rf"(?:^[\"“'‘(]?|[:;!?–—]\s|,\s(?:so\s|and\s|then\s|just\s|or\s|simply\s)?"
    rf"|\b(?:can|to|simply|just|and|then)\s|\bwhy not\s)(?:{_any_of(_ACT)})\b"
)
_OFFER = re.compile(
    r"\bfree\b|\bat no (?:extra )?(?:charge|cost)\b|\b\d+ ?(?:%|percent|per cent) off\b"
    r"|\bhalf price\b"
    r"|\bdiscounts?\b|\bcode [a-z0-9]{3,}\b|\bmoney back\b|\bon the house\b|\bno win,? no fee\b"
    r"|\b(?:starts?|from|only|just|for) (?:at )?(?:[$€£] ?)?\d[\d.,]* ?(?:dollars|euros"
    r"|pounds|cents"
    r"|a month|a day|each)?\b|\b(?:limited|special) (?:time|offer)\b|\bwhile stocks last\b"
    r"|\bmoney.back guarantee\b|\bwarranty\b|\b(?:a|per|every) month\b|\bgift\b|\bbonus\b"
    r"|\bno (?:fees?|deposit|subscription|queues|hassle|strings|contracts?)\b|\bcancel any ?time\b"
    r"|\bwith(?:in|out) (?:\w+ ){0,3}(?:minutes?|hours?|seconds|clicks?|cent|penny|hassle)\b"
    r"|\bone (?:click|tap)\b|\bthree clicks\b|\bfirst (?:\w+ ){0,2}(?:months?|year|orders?) free\b"
)
_PRAISE = re.compile(
    r"\bleading\b|\bleaders? in\b|\bthe (?:\w+ ){0,2}(?:best|finest|smartest|fastest|easiest"
    r"|cheapest|toughest|most)\b|\bnumber one\b|\bunbeatable\b|\bunparalleled\b|\bunmatched\b"
    r"|\bunrivall?ed\b|\baward.winning\b|\btrusted\b|\bfavou?rites?\b|\btop.(?:rated|notch|quality"
    r"|tier)\b|\bworld.class\b|\bpremium\b|\bperfect(?:ly)?\b|\bideal\b|\bseamless(?:ly)?\b"
    r"|\beffortless(?:ly)?\b|\binnovative\b|\bstunning\b|\bexquisite\b|\bluxur\w+\b"
    r"|\bbest.in.class\b"
    r"|\bbreathtaking\b|\brenowned\b|\bexceptional\b|\bcutting.edge\b|\bstate.of.the.art\b"
    r"|\breliable\b|\bstands? out\b|\bgo.to\b|\bbenchmark\b|\bbeats?\b|\bswears? by\b|\bmust.have\b"
    r"|\b(?:wide|vast|extensive|impressive|diverse) (?:range|selection|array|collection|variety)\b"
    r"|\brobust\b|\btailored\b|\bversatile\b|\bguarantees?\b|\bcategory leader\b|\brecommends?\b"
)
_BRIDGE = re.compile(
    r"\bspeaking of\b|\bwhen it comes to\b|\bfor instance\b|\bif you(?:'re|’re| are)\b"
    r"|\bwhether you\b|\blooking for\b|\bfor (?:those|anyone|households|plants|the rest of us)\b"
    r"|\bthat(?:'s|’s| is) (?:where|why)\b|\bwhich is why\b|\bby the way\b|\bincidentally\b"
    r"|\bmeanwhile\b|\bneed not\b|\bno need\b|\bin the meantime\b|\bmight (?:like|want|also)\b"
    r"|\bwho would rather\b|\brather not\b|\bthose (?:who|seeking|looking)\b|\bjust (?:as|like)\b"
    r"|\bsimilarly\b|\bmuch like\b|\bif you(?:'d|’d| would| want| need| prefer| ever| can't)\b"
    r"|\bneed (?:a|some|help)\b|\bturn(?:ing)? to\b|\brely on\b|\bexplains? why\b"
    r"|\bcould do worse\b"
)
_SPONSOR = re.compile(
    r"\bbrought to you\b|\bsponsor(?:ed|s)?\b|\bpresented by\b|\bpowered by\b|\bpartner(?:ship)?\b"
    r"|\bin (?:association|cooperation|partnership) with\b|\bour (?:\w+ )?(?:friends|sponsors?"
    r"|partners?)\b|\bsupported by\b|\bcourtesy of\b|\bmade possible by\b"
    r"|\breaders (?:of|get|save)\b"
    r"|\badvertis\w+\b|\ba word from\b"
)
_YOU = re.compile(r"\b(?:you|your|yours|yourself|you(?:'|’)(?:re|ll|ve|d))\b")
_OURS = re.compile(r"\b(?:our|us|we|subscribe(?:rs)?|newsletter|readers)\b")
_REPORTED = re.compile(
    r"\b(?:said|says|told|according to|announced|reported|added|asked|statement|spokes\w+|argued"
    r"|warned|claimed|insisted|wrote|agreed|denied|confirmed|expected|analysts?|court|police"
    r"|found that|survey|poll|study|researchers?)\b"
    r"|[\"“”]|\)\s{0,3}(?:--|[–—])"
)
_PAST = re.compile(r"\b(?:was|were|had|did|\w{2,30}ed)\b")
_FIGURE = re.compile(r"\d[\d.,]*")


_PATTERNS = {
    "calls": _CALL,
    "offers": _OFFER,
    "praise": _PRAISE,
    "bridges": _BRIDGE,
    "sponsor": _SPONSOR,
    "you": _YOU,
    "ours": _OURS,
    "reported": _REPORTED,
    "past": _PAST,
    "figures": _FIGURE,
}


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


def count_phrases(sentence: str) -> Phrases:
    """Count the phrases of one sentence."""
    small = sentence.lower()
    counts = {name: sum(1 for _ in pattern.finditer(small)) for name, pattern in _PATTERNS.items()}
    return Phrases(**counts)
