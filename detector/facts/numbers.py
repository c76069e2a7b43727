"""Numbers with their units, in a normal form: ``forty per cent`` is ``40 %``."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from detector.article import Span
from detector.facts.fact import Fact

# "US$ " and "Rs. " are the longest currency signs before a number.
LONGEST_SIGN = 4
# "seventeen" with a word boundary before it.
LONGEST_COUNT = 10
# Larger numbers are digit strings, not amounts; a float of 400 digits is infinite.
LARGEST = 1e18
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


def numbers(text: str, calendar: tuple[Fact, ...]) -> Iterator[Fact]:
    """Yield numbers with their units, without those that are part of a date in ``calendar``."""
    shares = list(_shares(text))
    yield from shares
    taken = Taken([*calendar, *shares])
    for pattern in (_IN_DIGITS, _IN_WORDS):
        for found in pattern.finditer(text):
            start, end = found.span()
            sign = _SIGN.search(text, max(0, start - LONGEST_SIGN), start)
            value = _number_value(found, sign[0].strip() if sign else "")
            if value and not taken.overlaps(start, end):
                start = sign.start() if sign else start
                yield Fact("number", start, end, text[start:end], value)


class Taken:
    """Stretches that are facts already."""

    def __init__(self, facts: list[Fact]) -> None:
        self._spans = sorted(fact.span for fact in facts)

    def overlaps(self, start: int, end: int) -> bool:
        """Tell whether the stretch touches one of them."""
        place = bisect_left(self._spans, Span(start, start))
        near = self._spans[max(0, place - 1) : place + 2]
        return any(start < span.end and span.start < end for span in near)


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
