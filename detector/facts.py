"""Facts of a text: numbers, dates, names and quotes, each with a normal form.

Two facts are compared by ``value``, never by spelling: ``40%`` and ``forty per cent`` are both
``40 %``; ``three-quarters`` is ``75 %``; ``$12.9bn`` is ``12900000000 $``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from detector.article import MONTHS, WORD, Article, Span

Kind = Literal["number", "date", "name", "quote"]

# Shorter quoted stretches are scare quotes or titles, not statements.
QUOTE_WORDS = 4
# "US$ " and "Rs. " are the longest currency signs before a number.
LONGEST_SIGN = 4
# "seventeen" with a word boundary before it.
LONGEST_COUNT = 10
# Larger numbers are digit strings, not amounts; a float of 400 digits is infinite.
LARGEST = 1e18
# A quotation longer than this is an unclosed mark.
QUOTE_CHARACTERS = 1_500


@dataclass(frozen=True, slots=True)
class Fact:
    """One checkable detail, with its place and its normal form."""

    kind: Kind
    start: int
    end: int
    text: str
    value: str

    @property
    def span(self) -> Span:
        """The fact's place in the text it was read from."""
        return Span(self.start, self.end)


_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen "
        "fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: value
    for value, word in zip(
        range(20, 100, 10),
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        strict=True,
    )
}
_SCALES = {
    "hundred": 1e2, "dozen": 12, "thousand": 1e3, "k": 1e3, "lakh": 1e5, "million": 1e6,
    "mln": 1e6, "mn": 1e6, "m": 1e6, "crore": 1e7, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "tn": 1e12, "trn": 1e12,
}  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_MONEY = {
    "$": "$", "us$": "$", "a$": "a$", "c$": "c$", "dollar": "$", "dollars": "$", "usd": "$",
    "£": "£", "pound": "£", "pounds": "£", "gbp": "£", "€": "€", "euro": "€", "euros": "€",
    "eur": "€", "¥": "¥", "yen": "¥", "yuan": "yuan", "₹": "₹", "rs": "₹", "inr": "₹",
    "rupee": "₹", "rupees": "₹",
}  # fmt: skip
_SPELLED = "|".join([*_UNITS, *_TENS])
_SIGN = re.compile(r"(?:(?:US|A|C)?\$|[$£€¥₹]|\bRs\.?)\s?$")
_AFTER_NUMBER = (
    r"(?:[\s-]?(?P<scale>hundred|dozen|thousand|million|mln|mn|billion|bn|trillion|trn|tn|crore|"
    r"lakh|[mbk])\b)?"
    r"(?:[\s-]?(?P<part>halves|half|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|"
    r"tenths?)\b)?"
    r"(?:\s?(?P<unit>%|percent\b|per\s?cent\b|pct\b|dollars?\b|USD\b|pounds?\b|euros?\b|yen\b|"
    r"yuan\b|rupees?\b))?"
)
# Digits and words are looked for apart: a pattern that starts with a digit is found ten times
# faster than one that may start with either.
_IN_DIGITS = re.compile(
    r"(?P<digits>\d(?<![\w.,]\d)(?:\d{0,2}(?:,\d{2,3})+|\d*)(?:\.\d+)?)" + _AFTER_NUMBER, re.I
)
_IN_WORDS = re.compile(
    rf"\b(?=[aefnostz])(?P<spelled>(?:{_SPELLED}|an?\s+(?=hundred|thousand|million|billion|dozen))"
    rf"(?:[\s-](?:{'|'.join(_UNITS)}))?)(?!\w)" + _AFTER_NUMBER,
    re.I,
)
# The middle is looked for first: "in" is rarer than the beginnings of words.
_SHARE = re.compile(
    rf"\s(?:in|out\s+of)\s+(?:every\s+)?(?P<many>\d{{1,3}}|{_SPELLED})\b(?![-/,.]?\d)", re.I
)
_SHARE_BEFORE = re.compile(rf"\b(?P<few>\d{{1,3}}|{_SPELLED})$", re.I)
_PART_OF = re.compile(r"\b(?:an?|one)[\s-]+(third|quarter|fifth|tenth)\s+of\b|\bhalf\s+of\b", re.I)
_MONTH = re.compile(
    rf"\b(?:{'|'.join(name.capitalize() for name in sorted(MONTHS, key=len, reverse=True))})\b\.?"
)
_DAY_BEFORE = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?$")
_DAY_AND_YEAR_AFTER = re.compile(
    r"(?:\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?![\d,.]*\d{3}))?"
    r"(?:,?\s+(?P<year>(?:1[89]|20)\d\d)\b)?"
)
_YEAR = re.compile(r"[12]\d\d\d(?<![\w.,$£€-]\d{4})(?![\d%]|[,.]\d|\s%|-\d\d-|\w)")
_NAME_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’-]*\w|[A-Z]{2,}"
_NAME = re.compile(
    rf"(?:{_NAME_WORD}|[A-Z]\.)(?:\s+(?:(?:of|the|de|da|van|von|der|al|bin|for|and)\s+){{0,2}}"
    rf"(?:{_NAME_WORD}|[A-Z]\.))*"
)
_QUOTE = re.compile(rf"“([^“”]{{1,{QUOTE_CHARACTERS}}})”|\"([^\"\n]{{1,{QUOTE_CHARACTERS}}})\"")
_NOT_NAMES = frozenset(
    "i the a an this that these those it he she we you they there here his her its "
    "our their my in on at by for from to of with and but or nor so yet as if when "
    "while where who what why how after before since although though because despite "
    "according meanwhile however also still now then one two three some many most all "
    "no not is are was were be has have had january february march april june july "
    "august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday mr mrs ms dr sir".split()
)


def figures(text: str) -> tuple[Fact, ...]:
    """Return the numbers and the dates of a text."""
    calendar = tuple(dates(text))
    return (*numbers(text, calendar), *calendar)


def numbers(text: str, calendar: tuple[Fact, ...]) -> Iterator[Fact]:
    """Yield numbers with their units, without those that are part of a date in ``calendar``."""
    shares = list(_shares(text))
    yield from shares
    taken = _Taken([*calendar, *shares])
    for pattern in (_IN_DIGITS, _IN_WORDS):
        for found in pattern.finditer(text):
            start, end = found.span()
            sign = _SIGN.search(text, max(0, start - LONGEST_SIGN), start)
            value = _number_value(found, sign[0].strip() if sign else "")
            if value and not taken.overlaps(start, end):
                start = sign.start() if sign else start
                yield Fact("number", start, end, text[start:end], value)


class _Taken:
    """Stretches that are facts already."""

    def __init__(self, facts: list[Fact]) -> None:
        self._spans = sorted(fact.span for fact in facts)

    def overlaps(self, start: int, end: int) -> bool:
        """Tell whether the stretch touches one of them."""
        place = bisect_left(self._spans, Span(start, start))
        near = self._spans[max(0, place - 1) : place + 2]
        return any(start < span.end and span.start < end for span in near)


def dates(text: str) -> Iterator[Fact]:
    """Yield calendar dates, months with a year or a day, and bare years."""
    reached = -1
    written = []
    for found in _MONTH.finditer(text):
        before = _DAY_BEFORE.search(text, max(reached, found.start() - 9, 0), found.start())
        after = _DAY_AND_YEAR_AFTER.match(text, found.end())
        day, year = (after["day"], after["year"]) if after else (None, None)
        value = _date_value(found[0], before[1] if before else day, year)
        if value:
            start = before.start() if before else found.start()
            reached = after.end() if after else found.end()
            written.append(Fact("date", start, reached, text[start:reached], value))
    yield from written
    taken = _Taken(written)
    for found in _YEAR.finditer(text):
        if 1800 <= int(found[0]) < 2100 and not taken.overlaps(*found.span()):
            yield Fact("date", found.start(), found.end(), found[0], found[0])


def names(article: Article) -> Iterator[Fact]:
    """Yield runs of capitalised words that are not merely the start of a sentence."""
    for sentence in article.sentences:
        if sentence.is_heading:
            continue  # title case says nothing about names
        for found in _NAME.finditer(sentence.text):
            start, text = _without_function_words(found)
            only_first_word = start == 0 and " " not in text and not text.isupper()
            if len(text) > 1 and not only_first_word:
                a = sentence.start + start
                yield Fact("name", a, a + len(text), text, text.casefold().replace("’", "'"))


def quotes(text: str) -> Iterator[Fact]:
    """Yield quotations of some words in double marks, curly or straight."""
    for found in _QUOTE.finditer(text):
        inner = found[1] or found[2]
        words = WORD.findall(inner.casefold().replace("’", "'"))
        if len(words) >= QUOTE_WORDS:
            yield Fact("quote", found.start(), found.end(), found[0], " ".join(words))


def facts(article: Article) -> tuple[Fact, ...]:
    """Return every fact of an article, in the order of the text."""
    text = article.text
    found = [*figures(text), *names(article), *quotes(text)]
    return tuple(sorted(found, key=lambda fact: (fact.start, fact.end, fact.kind)))


def _plain(value: float) -> str:
    if value > LARGEST:
        return f"{value:.6g}"
    return str(int(value)) if value == int(value) else f"{value:.6g}"


def _spelled(words: str) -> float:
    total = 0.0
    for word in re.split(r"[\s-]+", words.casefold().strip()):
        total += _UNITS.get(word, 0) or _TENS.get(word, 0) or (word in {"a", "an"})
    return total


def _number_value(found: re.Match[str], sign: str) -> str | None:
    groups = found.groupdict()
    spelled = groups.get("spelled")
    scale, part, unit = ((groups[name] or "").lower() for name in ("scale", "part", "unit"))
    value = _spelled(spelled) if spelled else float(found["digits"].replace(",", ""))
    if part:
        whole = _PARTS[part if part in _PARTS else part.removesuffix("s")]
        return f"{_plain(100 * value / whole)} %"
    value *= _SCALES.get(scale, 1)
    if unit.replace(" ", "") in {"%", "percent", "pct"}:
        return f"{_plain(value)} %"
    money = _MONEY.get(unit) or _MONEY.get(sign.lower().rstrip("."))
    if money:
        return f"{_plain(value)} {money}"
    if spelled and value < 3 and not scale:
        return None  # "one" and "two" are mostly pronouns and articles
    return _plain(value)


def _shares(text: str) -> Iterator[Fact]:
    """Yield "one in five" and "a third of" as percentages."""
    for found in _SHARE.finditer(text):
        before = _SHARE_BEFORE.search(text, max(0, found.start() - LONGEST_COUNT), found.start())
        if before:
            few, many = (
                float(word) if word.isdigit() else _spelled(word)
                for word in (before["few"], found["many"])
            )
            if 0 < few < many:
                start, end = before.start(), found.end()
                yield Fact("number", start, end, text[start:end], f"{_plain(100 * few / many)} %")
    for found in _PART_OF.finditer(text):
        value = f"{_plain(100 / _PARTS[(found[1] or 'half').lower()])} %"
        yield Fact("number", *found.span(), found[0], value)


def _date_value(month_name: str, day: str | None, year: str | None) -> str | None:
    month = f"{MONTHS[month_name.lower().rstrip('.')]:02}"
    if day:
        return f"{year or '-'}-{month}-{int(day):02}"
    return f"{year}-{month}" if year else None  # "may", "march", and a month by itself


def _without_function_words(found: re.Match[str]) -> tuple[int, str]:
    """Drop leading words that are capitalised only because a sentence starts with them."""
    start, text = found.start(), found[0]
    while text:
        first, _, rest = text.partition(" ")
        if first.casefold() not in _NOT_NAMES:
            break
        start, text = start + len(first) + 1 + len(rest) - len(rest.lstrip()), rest.lstrip()
    return start, re.sub(r"['’]s$", "", text)
