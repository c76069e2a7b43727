"""One amount at a place of a text: digits or words, a scale, a part, a unit."""

from __future__ import annotations

import re
from typing import NamedTuple

from detector.facts.quantity import Quantity
from detector.facts.spelled import SPELLED_NUMBER, last_step, spelled
from detector.facts.units import (
    MONEY,
    PARTS,
    PER_TIME,
    SCALE_WORDS,
    SCALES,
    SIGNS,
    TOUCHING,
    TWO_WORDS,
    UNITS,
    Unit,
)

# More digits are a phone, card or file number.
MOST_DIGITS = 15
# "three-quarters" may be said of 74 to 76 per cent.
PART_STEP = 2.0
# "200 pounds" is a weight when one of these stands within so many characters before it.
WEIGHT_WORDS = re.compile(r"\b(?:weigh|weight|lost|gained|heavi)")
WEIGHT_REACH = 40
SPACES = " \u00a0\u2009\u202f"
# 0 °F in degrees Celsius.
FAHRENHEIT_ZERO = -32 / 1.8
VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
# What follows the first digit of a number: "1,234.5", "12 345", "3½".
LITERAL_REST = (
    rf"(?:\d{{0,2}}(?:[{SPACES}]\d{{3}})+(?!\d)|\d*(?:[.,]\d+)*)"
    r"(?:\s?[½¼¾⅓⅔]|[\s-][1-9]\d?/(?:[2345]|8|16|32)(?!\d))?"
)
LITERAL = re.compile(r"(?:\.?\d" + LITERAL_REST + r"|[½¼¾⅓⅔])")
# Units of one letter, of which the other case means nothing: "30C" but "30c", "4g" but "4G".
_LETTER_UNITS = {"C": UNITS["°c"], "F": UNITS["°f"], "p": UNITS["pence"], "g": UNITS["gram"]}
# Whatever else follows a number is no part of it.
_KNOWN = frozenset([*UNITS, *SCALES, *PARTS, *TWO_WORDS, "c", "f", "p", "° c", "° f"])
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}")
_DECIMAL_COMMA = re.compile(r"\d{1,3},\d{1,2}")
# Bounded, since any number of letters may follow.
_TAIL = re.compile(r"(?P<gap>[\s-]?)(?P<word>[a-zA-Z]{1,20}(?![a-zA-Z])|[%¢]|°\s?[CF]?)")
_NEXT_WORD = re.compile(r"\.?[\s-](?P<word>[a-zA-Z]{1,20})(?![a-zA-Z])")
_NEXT_SCALE = re.compile(rf"[\s-]({SCALE_WORDS})\b")
_AND_A_PART = re.compile(r"[\s-]and[\s-]a[\s-](half|quarter|third)\b")
_OF_A_UNIT = re.compile(r"\s(?:(?:of\s)?an?|of\sone)(?=\s)")
_PER = re.compile(r"\s(?:per|an?)\s(hour|second|minute)\b|/(h)\b")
_GOES_ON_AS_PART = re.compile(
    r" (?:of|as|more|less|fewer|higher|lower|larger|smaller|cheaper|dearer|longer|shorter)\b"
)
# "fell by a third", but "a third fell"
_PART_CUE = re.compile(
    r"\b(?:by|than|about|nearly|almost|over|around|roughly|under|up\sto)\san?$", re.I
)
# "about half past six" is a time.
PAST = " past "
LONGEST_CUE = len("roughly a") + 1
# "the past three quarters", "three quarters in a row": parts of a year, which are counted.
_PERIODS_BEFORE = re.compile(
    r"\b(?:past|last|next|first|previous|final|coming|recent|preceding|remaining)\s\S+$", re.I
)
_PERIODS_AFTER = re.compile(r"\s(?:in\sa\srow|running|straight|ago|later|earlier)\b")
LONGEST_PERIODS = len("remaining three") + 1
_OLD = re.compile(r"[\s-](?:olds?\b|of\sage\b)")
_LENGTHWISE = re.compile(
    r"-|\s(?:high|long|wide|deep|tall|away|race|sprint|final|relay|freestyle|hurdles|dash)\b"
)
_SIGN = re.compile(
    r"(?:\$(?:US|A|NZ)|(?:US|AU?|CA?|HK|NZ|S|R)?\$|[£€¥₹₩₽₺฿₦₪]|\bRs\.?|\b[A-Z]{3})\s?$"
    r"|\b(?:N|R|RM|Sh|[KTU][Ss]h)$"
)
_SIGN_HERE = re.compile(
    r"(?:(?:US|AU?|CA?|HK|NZ|S|R)?\$|[£€¥₹₩₽₺฿₦₪]|Rs\.?\s?"
    r"|(?:N|R|RM|Sh|[KTU][Ss]h)(?=\d))"
)
# "US$ " is the longest sign before a number.
LONGEST_SIGN = 5
_SIGN_ENDS = frozenset("$£€¥₹₩₽₺฿₦₪s.DPRYFBKSAZNMh")
# "2.5 degrees Fahrenheit warmer than usual", but "5 degrees Fahrenheit below zero".
_WARMER = re.compile(
    r"\s(?:warmer|hotter|colder|cooler|higher|lower|more|less|above|below)\b(?!\s(?:zero|freezing)\b)"
)


class Amount(NamedTuple):
    """A number as it is written.

    Attributes:
        number: what the digits or words before the scale amount to.
        factor: what they are multiplied by: the scale, or the part.
        step: what the last digit of ``number`` is worth.
        end: where it ends in the text, unit included.
        unit: its unit, if it has one.
        in_words: no digit was written.
    """

    number: float
    step: float
    end: int
    in_words: bool = False
    factor: float = 1.0
    unit: Unit | None = None

    @property
    def is_plain(self) -> bool:
        """Whether there is only a number: no scale and no unit."""
        return self.unit is None and self.factor == 1.0

    @property
    def is_whole(self) -> bool:
        """Whether it is a plain number without decimals."""
        return self.is_plain and self.number == int(self.number)

    def having(self, unit: Unit | None, end: int) -> Amount:
        """Return the same amount with a unit that ends there."""
        return Amount(self.number, self.step, end, self.in_words, self.factor, unit)

    def quantity(self) -> Quantity:
        """Return the amount in its base unit."""
        if self.unit is None:
            value = self.number * self.factor
            return Quantity(value, value, "", "exactly", self.step * self.factor)
        unit = self.unit
        factor = self.factor * unit.factor
        value, step = self.number * factor, self.step * factor
        if unit.base == "°F":
            value = value / 1.8 + FAHRENHEIT_ZERO
            return Quantity(value, value, "°C", "exactly", step / 1.8)
        return Quantity(value, value, unit.base, "exactly", step)


def amount_at(text: str, start: int, sign: Unit | None = None) -> Amount | None:
    """Read the amount that begins at a place, or None when it is no number one can check.

    Args:
        text: the whole text.
        start: where its first digit, or the first letter of its first word, stands.
        sign: the currency of a sign before it.
    """
    written = LITERAL.match(text, start)
    if written:
        amount = _literal(written)
    else:
        words = SPELLED_NUMBER.match(text, start)
        amount = words and Amount(spelled(words[0]), last_step(words[0]), words.end(), True)
    return _completed(text, amount, sign) if amount else None


def sign_before(text: str, start: int) -> re.Match[str] | None:
    """Find the currency sign that ends where a number starts."""
    if text[start - 1 : start] not in _SIGN_ENDS and text[start - 2 : start - 1] not in _SIGN_ENDS:
        return None
    found = _SIGN.search(text, max(0, start - LONGEST_SIGN), start)
    return found if found and currency(found[0]) else None


def sign_at(text: str, start: int) -> re.Match[str] | None:
    """Find the currency sign that starts at a place."""
    return _SIGN_HERE.match(text, start)


def currency(sign: str) -> Unit | None:
    """Return the currency of a sign such as ``US$`` or ``Rs.``."""
    name = SIGNS.get(sign.strip().lower())
    return Unit(name) if name else None


def unit_at(text: str, end: int) -> tuple[Unit, int] | None:
    """Read the unit that stands behind a number, and where it ends."""
    tail = _TAIL.match(text, end)
    return _unit_in(text, tail) if tail and tail["word"].lower() in _KNOWN else None


def _unit_in(text: str, tail: re.Match[str]) -> tuple[Unit, int] | None:
    word, gap = tail["word"], tail["gap"]
    key, after = word.lower(), tail.end()
    if key in TWO_WORDS:
        more = _NEXT_WORD.match(text, after)
        both = UNITS.get(f"{key} {more['word'].lower()}") if more else None
        if both and more:
            return both, more.end()
    if len(key) == 1 and key in "cfpg" and (gap or word not in _LETTER_UNITS):
        return None  # "4G", "30 C Street"
    unit = _LETTER_UNITS.get(word) or UNITS.get(key.replace("° ", "°"))
    if not unit or (gap and key in TOUCHING and key != "m"):  # "20 m" is metres
        return None
    return _per_time(text, unit, after) if unit.base == "m" else _aged(text, unit, after)


def _per_time(text: str, unit: Unit, end: int) -> tuple[Unit, int]:
    per = _PER.match(text, end)
    if not per:
        return unit, end
    return Unit("m/s", unit.factor / PER_TIME[per[1] or "hour"]), per.end()


def _aged(text: str, unit: Unit, end: int) -> tuple[Unit, int]:
    old = _OLD.match(text, end) if unit == UNITS["years"] else None
    return (Unit("yo"), old.end()) if old else (unit, end)


def _literal(written: re.Match[str]) -> Amount | None:
    """Read digits; None for what is no number: "1.2.3", "007", sixteen digits."""
    digits, extra = written[0], 0.0
    if digits.isdigit() and digits[0] != "0" and len(digits) <= MOST_DIGITS:
        return Amount(float(digits), 1.0, written.end())
    if digits[-1] in VULGAR:
        digits, extra = digits[:-1].rstrip(), VULGAR[digits[-1]]
    elif "/" in digits:
        digits, fraction = digits.replace("-", " ").rsplit(None, 1)
        over, under = fraction.split("/")
        extra = int(over) / int(under)
    digits = "".join(digits.split())
    if "," in digits or digits.count(".") > 1:
        if _THOUSANDS.fullmatch(digits):
            several = digits.count(".") > 1
            digits = digits.replace("." if several else ",", "")
        elif _DECIMAL_COMMA.fullmatch(digits):
            digits = digits.replace(",", ".")
        else:
            return None
    whole, _, decimals = digits.partition(".")
    if len(digits) > MOST_DIGITS or (len(whole) > 1 and whole[0] == "0"):
        return None
    return Amount(float(digits or 0) + extra, 10.0 ** -len(decimals), written.end())


def _completed(text: str, amount: Amount, sign: Unit | None) -> Amount | None:
    """Add a part, a scale and a unit; None when letters follow that are none of these."""
    amount = _with_half(text, amount)
    tail = _TAIL.match(text, amount.end)
    word = tail["word"].lower() if tail else ""
    if not tail or word not in _KNOWN:
        if text[amount.end : amount.end + 1].isalnum():
            return None
        return amount.having(sign, amount.end) if sign else amount
    if word in PARTS and (tail["gap"] or amount.in_words):
        return _part(text, amount, tail)
    scale = SCALES.get(word)
    if not scale or (tail["gap"] and word in TOUCHING and not sign):
        return _with_unit(text, amount, tail, sign)
    if word == "m" and not sign and _LENGTHWISE.match(text, tail.end()):  # "a 5m-high wall"
        return _with_unit(text, amount, tail, sign)
    more = _NEXT_SCALE.match(text, tail.end())  # "2.5 lakh crore"
    factor, end = (scale * SCALES[more[1]], more.end()) if more else (scale, tail.end())
    amount = _with_half(text, amount._replace(factor=factor, end=end))
    return _with_unit(text, amount, _TAIL.match(text, amount.end), sign)


def _with_half(text: str, amount: Amount) -> Amount:
    """Add the half of "two and a half" or "a million and a half"."""
    if not text.startswith((" and a ", "-and-a-"), amount.end):
        return amount
    found = _AND_A_PART.match(text, amount.end)
    if not found:
        return amount
    share = amount.step / PARTS[found[1]]  # "a million and a half": the step is a million
    return amount._replace(number=amount.number + share, end=found.end(), step=share)


def _with_unit(
    text: str, amount: Amount, tail: re.Match[str] | None, sign: Unit | None
) -> Amount | None:
    found = _unit_in(text, tail) if tail else None
    if not found:
        if tail and not tail["gap"] and tail["word"] not in "%¢":
            return None  # "4G", "5kth"
        return amount.having(sign, amount.end) if sign else amount
    unit, end = found
    if unit.base == "°F" and _WARMER.match(text, end):  # how far apart, whatever the zero is
        unit = Unit("°C", unit.factor / 1.8)
    if text[amount.end : end] == "st" and not _ends_like_first(amount.number):  # "14st 6lb"
        unit = UNITS["stone"]
    if sign:  # "£5 million GBP" says it twice; "$3 miles" is no amount
        return amount.having(sign, end if unit.base in MONEY else amount.end)
    if text[amount.end : end] == "s" and amount.number % 10 == 0:
        return None  # "the 30s"
    if unit == UNITS["pounds"] and _is_weight(text, amount.end, end):
        unit = UNITS["lb"]
    return amount.having(unit, end)


def _ends_like_first(number: float) -> bool:
    """Tell the 1st, the 21st and the 101st from all others."""
    return number % 10 == 1 and number % 100 != 11


def _is_weight(text: str, start: int, end: int) -> bool:
    if text[end - 1] == "d" and text[start] == "-":  # a 200-pound man; money is "a £200 fine"
        return True
    before = text[max(0, start - WEIGHT_REACH) : start]
    return text.startswith(" of ", end) or bool(WEIGHT_WORDS.search(before))


def _part(text: str, amount: Amount, tail: re.Match[str]) -> Amount | None:
    """Read "two-thirds", "a quarter of an hour" and "a third of"; None for "a third man"."""
    word = tail["word"].lower()
    whole = PARTS[word]
    plural = word.endswith("s") or word == "halves"
    if word == "quarters" and _are_periods(text, amount, tail):
        return amount
    if not 0 < amount.number < whole or plural == (amount.number == 1):
        return None
    if text.startswith(PAST, tail.end()) or _is_ordinal(text, amount, tail):
        return None
    return share_of(text, amount._replace(number=amount.number / whole, end=tail.end()))


def _are_periods(text: str, amount: Amount, tail: re.Match[str]) -> bool:
    """Tell quarters of a year from "three quarters"; nobody calls a half "two quarters"."""
    if amount.number not in {1, 3} or _PERIODS_AFTER.match(text, tail.end()):
        return True
    return bool(_PERIODS_BEFORE.search(text, max(0, amount.end - LONGEST_PERIODS), amount.end))


def _is_ordinal(text: str, amount: Amount, tail: re.Match[str]) -> bool:
    """Tell "a third man" from "a third of", "a third more", "by a third" and "a quarter mile"."""
    article = amount.number == 1 and text[amount.end - 1] in "anAN"
    if not article or _GOES_ON_AS_PART.match(text, tail.end()):
        return False
    if tail["word"].lower() in {"half", "quarter"} and unit_at(text, tail.end()):
        return False
    return not _PART_CUE.search(text, max(0, amount.end - LONGEST_CUE), amount.end)


def share_of(text: str, part: Amount) -> Amount:
    """Complete a part of one: of a unit ("half an hour"), a scale ("half a million"), or %."""
    of = _OF_A_UNIT.match(text, part.end)
    end = of.end() if of else part.end
    scale = _TAIL.match(text, end)
    scaled = SCALES.get(scale["word"].lower()) if scale and scale["gap"] else None
    if scale and scaled and scale["word"].lower() not in TOUCHING:
        part = part._replace(factor=scaled, end=scale.end(), step=part.number)
        return _with_unit(text, part, _TAIL.match(text, part.end), None) or part
    found = unit_at(text, end)
    if found and (of or text[end : end + 1] in {"-", " "}):
        return part._replace(unit=found[0], end=found[1], step=part.number)
    return part._replace(factor=100.0, unit=UNITS["%"], step=PART_STEP / 100)
