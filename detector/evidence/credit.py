"""Credit: whether an article says where its text comes from, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from detector.article import Article, host

Status = Literal["credited", "linked", "licensed", "uncredited", "not-applicable"]

# The strongest kind of credit first.
_RANK: tuple[Status, ...] = ("licensed", "linked", "credited")
_LICENCE = re.compile(
    r"\b(?:re-?published|reprinted|reproduced|syndicated|used)\s+(?:here\s+)?(?:under|with|by|from)"
    r"\s+(?:an?\s+|the\s+|kind\s+)?(?:\w+\s+){0,3}(?:licen[cs]e|permission|agreement)"
    r"|\b(?:originally|first)\s+(?:appeared|published)\s+(?:in|on|by|at)\b"
    r"|\bCreative Commons\b",
    re.I,
)
# "(Reuters) -", "LONDON (AP) —": the slug that opens wire copy.
_WIRE = re.compile(r"^[^\n]{0,80}?\((?:Reuters|AP|AFP|PTI|UPI|dpa|Xinhua|IANS|ANI|EFE|TASS)\)")
_WIRE_BYLINE = re.compile(
    r"^(?:by\s+)?(?:Reuters|Associated Press|AP|AFP|PTI|UPI|dpa|Xinhua|IANS|ANI|PRNewswire"
    r"|Press Association)\b",
    re.I,
)
_CUE = re.compile(
    r"\b(?:according to|reports?|reported|reporting|first published|writes|wrote|revealed by|"
    r"as told|via|source|courtesy of|cited|citing|an? (?:article|story|piece|investigation|"
    r"analysis|report) (?:in|by|from))\b",
    re.I,
)
_NAME_WORD = r"[A-Z](?:[\w&'’.-]*[\w&])?"
_NAME = re.compile(rf"{_NAME_WORD}(?:\s+(?:(?:of|the|and)\s+)?{_NAME_WORD}){{0,4}}")
# "The minister told X" is no credit when the source says so itself: it came with the words.
_TOLD = re.compile(
    r"\b(?:told|tells|telling|spoke to|speaking to|interview with|e?-?mail to)\s+(?:the\s+)?$", re.I
)
# Shorter labels ("ft", "bbc") are matched as a whole name only, never inside a longer one.
SQUASHED_CHARACTERS = 4
# Shorter names are surnames and common words too ("fox", "time"): they need a word of credit near.
DISTINCT_CHARACTERS = 7
_SENTENCE_START = re.compile(r"^(?:As|In|The|For|At|By|When|But|And|While|After)\s+")
_COMMON_TAIL = re.compile(r"(?:news|online|media|daily)$")


@dataclass(frozen=True, slots=True)
class CreditEvidence:
    """One place that gives credit: in the text (with offsets) or in the page's tags (without)."""

    status: Status
    text: str
    why: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Whether and how the source is credited, with the evidence."""

    status: Status
    evidence: tuple[CreditEvidence, ...] = ()


def find_credit(article: Article, source: Article | None) -> Credit:
    """Look for credit of the source, and for licence and wire marks."""
    if source is None:
        return Credit("not-applicable")
    found = [*_licensed(article), *_linked(article, source), *_credited(article, source)]
    for status in _RANK:
        if any(evidence.status == status for evidence in found):
            return Credit(status, tuple(found))
    return Credit("uncredited")


def _licensed(article: Article) -> Iterator[CreditEvidence]:
    rights, own = article.rights, article.site
    if rights.syndicated_from:
        yield CreditEvidence("licensed", rights.syndicated_from, "the page's syndication tag")
    if rights.canonical and own and (host(rights.canonical) or own) != own:
        yield CreditEvidence("licensed", rights.canonical, "the canonical address is elsewhere")
    if article.author and _WIRE_BYLINE.match(article.author):
        yield CreditEvidence("licensed", article.author, "the byline is a news agency's")
    for pattern, why in ((_WIRE, "a news agency's slug"), (_LICENCE, "a line on republication")):
        for found in pattern.finditer(article.text):
            yield CreditEvidence("licensed", found[0], why, *found.span())


def _linked(article: Article, source: Article) -> Iterator[CreditEvidence]:
    if source.url:
        start = article.text.find(source.url)
        if start >= 0:
            end = start + len(source.url)
            yield CreditEvidence("linked", source.url, "the source's address", start, end)


def _credited(article: Article, source: Article) -> Iterator[CreditEvidence]:
    outlet = _label(source.site)
    if not outlet or (article.site and _label(article.site) == outlet):
        return
    distinct = len(outlet) >= DISTINCT_CHARACTERS
    for sentence in article.sentences:
        if not (distinct or _CUE.search(sentence.text)):
            continue
        for name in _NAME.finditer(sentence.text):
            told = _TOLD.search(sentence.text, 0, name.start())
            taken_over = told and name[0] in source.text
            if _names_outlet(name[0], outlet) and not taken_over:
                a = sentence.start + name.start()
                yield CreditEvidence(
                    "credited", name[0], f"names {source.site}", a, a + len(name[0])
                )


def _label(site: str | None) -> str:
    """Return the name part of a host: ``economist`` for ``www.economist.com``."""
    if not site:
        return ""
    parts = site.lower().removeprefix("www.").split(".")
    return re.sub(r"[^a-z0-9]", "", parts[0] if len(parts) < 3 else max(parts[:-1], key=len))


def _names_outlet(name: str, outlet: str) -> bool:
    words = re.findall(r"\w+", _SENTENCE_START.sub("", name).lower())
    runs = {"".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    initials = "".join(word[0] for word in words if word != "the")
    if len(outlet) >= SQUASHED_CHARACTERS:
        return outlet == initials or outlet in runs or outlet.removeprefix("the") in runs
    return outlet in {initials, _COMMON_TAIL.sub("", "".join(words))}
