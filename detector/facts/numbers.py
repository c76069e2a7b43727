"""Numbers with their units, in a normal form: ``forty per cent`` is ``40 %``."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from detector.facts.amounts import (
    FAHRENHEIT_ZERO,
    LITERAL_REST,
    PAST,
    Amount,
    amount_at,
    currency,
    share_of,
    sign_before,
    unit_at,
)
from detector.facts.beginnings import RATIOS, SEVERAL, Beginnings, beginnings
from detector.facts.fact import Fact
from detector.facts.hedges import Hedge, hedge_after, hedge_before
from detector.facts.quantity import Quantity
from detector.facts.ranges import PLURAL_NOUN, measured
from detector.facts.shares import shares
from detector.facts.spelled import ONE_UNITS, RANKS
from detector.facts.stopwatch import stopped
from detector.facts.units import SCALES, UNITS

# Digits and words are looked for apart, and both by a first character of a small set: other
# patterns are many times slower. No number starts within a word, a version, an address or a date.
_DIGITS = re.compile(
    r"[0-9½¼¾](?:(?<![\w.,/\\#=&@:][0-9])|(?<=\bUS[0-9])|(?<=\$A[0-9])|(?<=\$NZ[0-9])"
    r"|(?<=[\s($£€][.][0-9])|(?<=\bRs[0-9])|(?<=\bRs\.[0-9])|(?<=\bNo\.[0-9])|(?<=\b[NR][0-9])"
    r"|(?<=\bRM[0-9])|(?<=\bSh[0-9])|(?<=\b[KTU][Ss]h[0-9]))(?<!\w-[0-9])" + LITERAL_REST
)
# "+44 20 7946 0000" and "(305) 448-1333"; apart, since each begins with one character.
_PHONES = (
    re.compile(r"\+[0-9][0-9 ()-]{7,18}[0-9]"),
    re.compile(r"\([0-9]{2,5}\)\s?[0-9]{3}[0-9 -]{3,9}[0-9]"),
)
_SEVERAL_OF = re.compile(r"[a-zA-Z]{1,20}\s([a-z]{1,20})")
_TENS_OF = re.compile(rf"([a-zA-Z]+)(?:\sof\s({'|'.join(SEVERAL)}))?\b")
# "third-party", but "third-round" and "fourth-largest"
_NO_RANK = re.compile(
    r",|-(?!\w+est\b|(?:round|tier|place|placed|division|quarter|half|set|inning|innings|stage|"
    r"leg|day|year|grade|floor|generation|term|minute|choice|ranked|seeded)\b)"
)
_GOES_ON = ("/", ":")
_FACTOR_MARKS = (" times", "-times", " fold", "-fold")
_FRACTION = re.compile(r"([1-9])/([2-9]|10)(?=\s(?:of|an?|[a-z]+s?)\b)")
# "1. The pier": the number of a list's item.
_LIST_NUMBER = re.compile(r"[0-9]{1,3}[.)]\s")
_LINE_BEGINNINGS = frozenset({"", "\n"})
_MINUS = frozenset("-−")
_NEGATIVE = re.compile(r"[-−]|minus\s", re.I)
# "minus 3", but "plus or minus 3".
_MINUS_BEFORE = re.compile(r"(?<!or\s)\bminus\s$", re.I)
LONGEST_MINUS = len("or minus ")
_LETTERS = re.compile(r"[a-zA-Z]+")
_TIMES = re.compile(
    r"[\s-]times(?=\s(?:as|more|the\s(?:number|size|rate|price|amount)|[a-z]+er)\b)|[\s-]fold\b"
)
_THINKING = ("think ", "thinks ", "thinking ", "thought ", "once or ")
LONGEST_THINKING = max(map(len, _THINKING))
_AS_MANY = re.compile(r"\s(?:as|the|that|what|its|his|her|their|those)\b")
_OF_IT = re.compile(r"\s(?:of|the|his|her|its|their|our|my|your|as|all|that|those|these|this)\b")
_HALVED_BY = frozenset("by in".split())
# "One day he left": no length of time.
_ONE_DAYS = frozenset({"one day", "one minute", "one second"})
_AGE_WORDS = frozenset("aged age ages".split())
# Before "over nine years" these make it more than nine; behind all other words they pass.
_LASTING = frozenset(
    "for after took take takes taken taking last lasts lasted lasting spent spend spends spending "
    "is was were are be been of in within a the with by than has had have waited some until to "
    "served serving just well and".split()
)
_TIMES_TAKEN = frozenset({"s", "month"})
_EARLIER = re.compile(r"\s(?:before|earlier|ago|previously)\b")
_RANK_WORDS = frozenset("no. no number nos.".split())
# "the first half" is no share
_HALVES_OF_GAMES = frozenset("first second other this that last final each every next".split())
# No one older was ever counted in the news.
OLDEST = 120
# Numbers this large are no version or model: "Boeing 747", but "Iraq 12,000".
LARGEST_MODEL = 10_000
# Naira and rand, whose signs stand before roads and models, too, with numbers below this one.
_LETTERS_TOO = frozenset("NR")
LARGEST_LABEL = 1_000
# "(Xetra: 514000)": the code of a share.
_CODE_BEFORE = re.compile(r"\([A-Z][\w .-]{1,20}:\s?$")
LEAST_CODE, LONGEST_CODE = 10_000, 24
# Before "two" these say that the reader knows which two: not a count that a text can get wrong.
_DEFINITE = frozenset(
    "the these those his her their its our my your other of each every last first next for".split()
)
# "The Liberals have 61 seats, the New Democrats 28": what is left out is no part of a name.
_GROUP_BEFORE = re.compile(r"(?:[,;]|\band)\sthe(?:\s[A-Z][\w-]+){0,2}\s[A-Z][\w-]+(?<![us])s\s$")
LONGEST_GROUP = 60
# "page 40 000" and "Windows 10": a capitalised word and a number are a name together, except after
# these, which only begin a sentence.
_STARTERS = frozenset(
    "a about above after all almost among an and approximately are around as at barely because "
    "before below besides between but by despite during even except exactly for from had has have "
    "he her his how if in including it its just last least less like maximum more most my nearly "
    "next no not now of on once only or our out over per plus roughly she since so some than that "
    "the their then there these they this those though through to today under until up upon was "
    "we were what when where which while who with within without you your yes".split()
) | frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december".split()
)


def numbers(text: str, calendar: Sequence[Fact], begun: Beginnings | None = None) -> Iterator[Fact]:
    """Yield numbers with their units.

    Args:
        text: the text.
        calendar: its dates; numbers that are part of one are left out.
        begun: where numbers in words may begin, where that has been read.
    """
    parts = list(shares(text))
    yield from parts
    phones = (found.span() for pattern in _PHONES for found in pattern.finditer(text))
    taken = Taken([*((fact.start, fact.end) for fact in (*calendar, *parts)), *phones])
    reached = 0
    for start, kind in _starts(text, begun or beginnings(text)):
        if start < reached or taken.overlaps(start, start + 1):
            continue
        fact = _READERS[kind](text, start)
        if fact and fact.start >= reached and not taken.overlaps(fact.start, fact.end):
            reached = fact.end
            yield fact


class Taken:
    """Stretches that are facts already, or no facts at all."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        spans = sorted(spans)
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def overlaps(self, start: int, end: int) -> bool:
        """Tell whether the stretch touches one of them."""
        after = bisect_left(self._starts, end)
        return after > 0 and self._ends[after - 1] > start


def _starts(text: str, begun: Beginnings) -> list[tuple[int, str]]:
    """Find where numbers may start, in order, and which reader knows each."""
    return sorted(begun.numbers + [(m.start(), "amount") for m in _DIGITS.finditer(text)])


def _fact(text: str, hedge: Hedge, end: int, quantity: Quantity) -> Fact:
    """Make the fact, with the hedges before and behind it in its span and its bounds."""
    after = None if hedge.is_hedged else hedge_after(text, end)
    bound, stop = (after.bound, after.place) if after else (hedge.bound, end)
    if bound != "exactly":
        quantity = quantity.hedged(bound)
    start = hedge.place
    return Fact("number", start, stop, text[start:stop], quantity.value, quantity)


def _read_number(text: str, start: int) -> Fact | None:
    taken = stopped(text, start)
    if taken:
        return _fact(text, hedge_before(text, start), taken.end, taken.quantity)
    return _read_amount(text, start)


def _read_amount(text: str, start: int) -> Fact | None:
    if text[start - 1 : start] == "." and not text[start - 2 : start - 1].isalpha():  # ".5 percent"
        start -= 1
    sign = sign_before(text, start)
    money = currency(sign[0]) if sign else None
    amount = amount_at(text, start, money)
    if _is_label(text, start, amount, sign[0] if sign else ""):
        return None
    if not amount:
        return _read_rank(text, start + len("a ")) if text[start] in "aA" else None
    if text.startswith(_GOES_ON, amount.end) and text[amount.end + 1 : amount.end + 2].isdigit():
        return _fraction(text, start)
    written = sign.start() if sign else start
    origin = _origin(text, written)
    hedge = hedge_before(text, origin)
    amount = _in_context(text, origin, amount, hedge)
    before = hedge.word
    if hedge.is_hedged:
        words = text[hedge.place : origin]
        before = words.split()[-1]
        if _is_during(words, amount, hedge):
            hedge = Hedge(origin, "exactly", False, "over")
    whole = measured(text, amount, before, money)
    if not whole or (not whole.quantity.is_range and _is_empty(text, start, amount, hedge)):
        return None
    quantity = whole.quantity
    if quantity.unit != "score" and amount.is_plain and _is_name(text, start, amount, hedge):
        return None
    if origin != written and _NEGATIVE.match(text, origin):
        quantity = _negative(quantity, amount)
    return _fact(text, hedge, whole.end, quantity)


def _negative(quantity: Quantity, amount: Amount) -> Quantity:
    # its zero is no zero of the base unit: -4 °F is -20 °C, and 4 °F -15.6 °C
    zero = 2 * FAHRENHEIT_ZERO if amount.unit == UNITS["°f"] else 0.0
    return replace(quantity, low=zero - quantity.low, high=zero - quantity.high)


def _is_during(words: str, amount: Amount, hedge: Hedge) -> bool:
    """Tell "it stole 2 million over nine years" from "it took over nine years"."""
    is_time = amount.unit is not None and amount.unit.base in _TIMES_TAKEN
    return is_time and words.strip().lower() == "over" and hedge.word.lower() not in _LASTING


def _is_label(text: str, start: int, amount: Amount | None, sign: str) -> bool:
    """Tell "1. The pier", the mask "N95" and a share's code from "N5bn" and "R12,000"."""
    if text[start - 1 : start] in _LINE_BEGINNINGS and _LIST_NUMBER.match(text, start):
        return True
    if amount and amount.is_plain and amount.number >= LEAST_CODE:
        return _CODE_BEFORE.search(text, max(0, start - LONGEST_CODE), start) is not None
    if not amount or sign not in _LETTERS_TOO or amount.factor > 1:
        return False
    return amount.number < LARGEST_LABEL or text[start : amount.end].isdigit()


def _is_empty(text: str, start: int, amount: Amount, hedge: Hedge) -> bool:
    """Tell what counts nothing: "+44", "one of", "one day"."""
    if amount.is_plain and (text[start - 1 : start] == "+" or _is_no_count(text, amount, hedge)):
        return True
    is_bare = amount.in_words and not (hedge.is_hedged and not _is_compared(text, amount, hedge))
    return is_bare and _is_idle(text[start : amount.end].lower())


def _is_compared(text: str, amount: Amount, hedge: Hedge) -> bool:
    """Tell "6% fewer than a year before" from "fewer than a year"."""
    is_share = hedge.word[-1:] == "%" or hedge.word.lower() in {"percent", "cent"}
    return is_share and _EARLIER.match(text, amount.end) is not None


def _is_idle(words: str) -> bool:
    """Tell "one day" and "a week" from "nearly a week"."""
    article, _, unit = words.partition(" ")
    return words in _ONE_DAYS or (article in {"a", "an"} and unit in ONE_UNITS)


def _fraction(text: str, start: int) -> Fact | None:
    """Read "2/3 of"; None for "24/7", "9/11" and "3:16"."""
    found = _FRACTION.match(text, start)
    if not found or int(found[1]) >= int(found[2]):
        return None
    share = int(found[1]) / int(found[2])
    part = share_of(text, Amount(share, share, found.end(), in_words=True))
    return _fact(text, hedge_before(text, start), part.end, part.quantity())


def _origin(text: str, start: int) -> int:
    """Step over a minus, also in words, and over the letters of "US74.05¢"."""
    before = text[max(0, start - 2) : start]
    if before == "s ":
        minus = _MINUS_BEFORE.search(text, max(0, start - LONGEST_MINUS), start)
        return minus.start() if minus else start
    if before[-1:] in _MINUS and not before[:-1].strip():
        return start - 1
    return start - 2 if before == "US" else start


def _in_context(text: str, start: int, amount: Amount, hedge: Hedge) -> Amount:
    """Give a bare number the unit that its surroundings name: an age, a rank, a factor."""
    if not amount.is_plain:
        return amount
    times = text.startswith(_FACTOR_MARKS, amount.end) and _TIMES.match(text, amount.end)
    if times:
        return amount._replace(unit=UNITS["x"], end=times.end())
    word = hedge.word or text[max(0, start - len("No.")) : start]
    is_rank = word.lower() in _RANK_WORDS and not (amount.in_words and word.lower() == "no")
    if is_rank and amount.is_whole:
        return amount._replace(unit=UNITS["th"])
    apposition = word[-1:] == "," and word[0].isupper() and text[amount.end : amount.end + 1] == ","
    ages = word.lower() in _AGE_WORDS or (apposition and not amount.in_words)
    if ages and amount.is_whole and 0 < amount.number < OLDEST:
        return amount._replace(unit=UNITS["year-old"])
    return amount


def _is_no_count(text: str, amount: Amount, hedge: Hedge) -> bool:
    """Tell the small words that are no counts: "one of", "two-way", "the other two"."""
    if not amount.in_words or amount.number > 2:
        return False
    if hedge.is_hedged:  # but "the only one"
        return text[amount.end : amount.end + 1] == "-" or hedge.word.lower() == "the"
    if amount.number == 1:
        return True
    return hedge.word.lower() in _DEFINITE or not PLURAL_NOUN.match(text, amount.end)


def _is_name(text: str, start: int, amount: Amount, hedge: Hedge) -> bool:
    """Tell "Windows 10" and "Ocean's Eleven" from counts."""
    word = hedge.word
    if hedge.is_hedged or not word[:1].isupper() or not word[-1].isalnum():
        return False
    if amount.in_words:
        return text[start].isupper()
    is_starter = word.lower() in _STARTERS or word.endswith("ly")
    if _GROUP_BEFORE.search(text, max(0, start - LONGEST_GROUP), start):
        return False
    return not is_starter and amount.number < LARGEST_MODEL


def _read_half(text: str, start: int) -> Fact | None:
    end = start + len("half")
    part = share_of(text, Amount(0.5, 0.5, end, in_words=True))
    hedge = hedge_before(text, start)
    if part.end == end:
        told = hedge.is_hedged or hedge.word.lower() in _HALVED_BY
        is_part = told or _OF_IT.match(text, end)
        if not is_part or text[end : end + 1] == "-" or text.startswith(PAST, end):
            return None
        if not hedge.is_hedged and hedge.word.lower() in _HALVES_OF_GAMES:
            return None
    return _fact(text, hedge, part.end, part.quantity())


def _read_several(text: str, start: int) -> Fact | None:
    found = _SEVERAL_OF.match(text, start)
    return found and _some(text, start, found.end(), SCALES[found[1]])


def _read_tens(text: str, start: int) -> Fact | None:
    found = _TENS_OF.match(text, start)
    if not found or (found[1].lower() == "tens" and not found[2]):
        return None
    scale, of = SEVERAL.get(found[1].lower(), 10.0), SEVERAL[found[2]] if found[2] else 1.0
    is_wide = scale >= SCALES["thousand"] and not found[2]
    return _some(text, start, found.end(), scale * of, 100 if is_wide else 10)


def _some(text: str, start: int, end: int, scale: float, most: int = 10) -> Fact:
    """Make "hundreds" the range from 200 to 1,000, also of dollars or miles.

    Tens of thousands are thousands, too: those go up to ``most`` times their scale.
    """
    quantity = Quantity(2 * scale, most * scale, "", "exactly", scale)
    found = unit_at(text, end + len(" of")) if text.startswith(" of ", end) else None
    if found:
        quantity, end = quantity.scaled(found[0].factor, found[0].base), found[1]
    return _fact(text, Hedge(start, "exactly", True), end, quantity)


def _read_ratio(text: str, start: int) -> Fact | None:
    word = _LETTERS.match(text, start)
    if not word:
        return None
    name, end = word[0].lower(), word.end()
    is_ratio = name.endswith(("ed", "ing", "fold")) or _AS_MANY.match(text, end)
    before = text[max(0, start - LONGEST_THINKING) : start].lower()
    if not is_ratio and (name not in {"twice", "thrice"} or before.endswith(_THINKING)):
        return None  # "a double room", "think twice"
    value = float(RATIOS[name])
    hedge = hedge_before(text, start)
    return _fact(text, hedge, end, Quantity(value, value, "x" if is_ratio else "", step=value / 10))


def _read_rank(text: str, start: int) -> Fact | None:
    word = _LETTERS.match(text, start)
    value = RANKS.get(word[0]) if word else None  # "the Fifth Amendment" is a name
    if not word or value is None or _NO_RANK.match(text, word.end()):
        return None
    return _fact(text, Hedge(start, "exactly", True), word.end(), Quantity(value, value, "th"))


_READERS: dict[str, Callable[[str, int], Fact | None]] = {
    "amount": _read_number, "half": _read_half, "several": _read_several, "tens": _read_tens,
    "ratio": _read_ratio, "rank": _read_rank,
}  # fmt: skip
