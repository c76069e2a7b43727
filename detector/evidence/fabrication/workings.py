"""What the words beside a number of an article say of how it was worked out.

"15 dollars a month" of 184 a year, "70,000 each" of 140,000 for two, "the other 45" of 46: each
invents nothing, and none is the sum or difference of two numbers that a source writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

from detector.evidence.fabrication.arithmetic import (
    LEAST_RESULT,
    LONGEST_COMPARISON,
    PERCENT,
    is_any,
    says_much,
)
from detector.evidence.fabrication.bare import (
    UNITLESS,
    as_written,
    gap,
    is_same_amount,
    with_units,
)
from detector.evidence.fabrication.case import Told
from detector.evidence.fabrication.spans import DAY_SECONDS
from detector.facts import Fact, Quantity
from detector.facts.ranges import PLURAL_NOUN

_PERIOD_DAYS = {"day": 1.0, "week": 7.0, "month": 30.436875, "year": 365.2425}
_PERIODS = {
    **{name: name for name in _PERIOD_DAYS},
    "daily": "day", "weekly": "week", "monthly": "month", "annually": "year", "yearly": "year",
}  # fmt: skip
# "44,000 containers a week", "12 million per day"
_PERIOD = re.compile(
    r"(?:\s[a-z]{3,14}){0,2}\s(?:(?:an?|per|each|every)\s(day|week|month|year)\b"
    r"|(daily|weekly|monthly|annually|yearly)\b)"
)
# "Each day of the strike will cost the economy around 12 million."
_PERIOD_BEFORE = re.compile(r"\b(?:each|every)\s(day|week|month|year)\b[^.;]{1,60}$", re.I)
LONGEST_BEFORE = 80
_EACH = re.compile(r"(?:\s[a-z]{3,14})?\s(?:each|apiece)\b")
_EACH_BEFORE = re.compile(r"\b[Ee]ach\sof\s(?:the|its|their|his|her|our)\b[^.;]{1,60}$")
# "Together they carry 3,360", "the fine amounts to 19,800"
_TOTAL = re.compile(
    r"\b(?:[Tt]ogether|[Aa]ltogether|[Ii]n\s(?:all|total)|(?:amount|come|add|work)(?:s|ed|ing)?"
    r"(?:\sup)?(?:\sout)?\s(?:to|at)|came\sto)\b[^.;]{0,40}$"
)
# "Seven minutes longer", "21 euros cheaper": what is said so is a difference.
_MORE = re.compile(
    r"\s(?:[a-z]{3,14}\s)?(?:more|less|fewer|longer|shorter|cheaper|dearer|higher|lower|larger|"
    r"smaller|older|younger|faster|slower|heavier|lighter|warmer|colder|deeper|earlier|later|"
    r"above|below|ahead|behind|clear|adrift|back|short|off|too\s[a-z]+)\b"
)
# "Up by 13", "a 13-point lead", "won by five": how far the two halves of a score lie apart.
_BY = re.compile(r"\bby\s$")
_MARGIN = re.compile(
    r"[\s-](?:point|goal|run|shot|stroke|game|set|round|frame|vote|seat)s?"
    r"[\s-](?:lead|win|victory|defeat|loss|advantage|cushion|margin|deficit|gap|comeback|ahead|"
    r"behind|clear|adrift|down|up)\b"
)
# "43 wins and 24 defeats", "eight votes to three", "six of 34": a score in words, and part of one.
_AGAINST = re.compile(r"(?:\s[a-z-]+){0,3},?\s(?:and|to|against)\s$")
_OUT_OF = re.compile(r"(?:\s[a-z]+)?\s(?:out\s)?of\s(?:(?:the|its|their|his|her|last)\s){0,2}$")
# "22 million dollars, about a tenth of its profit"
_OF_WHOLE, NEXT_TO = re.compile(r"\s(?:of|as)\b"), 3
_AVERAGE = re.compile(r"\baverag(?:e\sof|ing)\s$", re.I)
_OTHER = re.compile(r"\bother\s$", re.I)
LONGEST_WORD = 12
# "Five were treated for burns and two for smoke": it counts as the number before it does.
_AND_A_FEW = re.compile(r"[^.;\d]{1,60}?\band\s(one|two)\s(?:of|for|in|by|with|from|on|as|at)\b")
_FEW = {"one": 1, "two": 2}
LEAST_OTHERS = 3
_SCORED = re.compile(
    r"[\s-](?:goals?|points?|runs?|tries|sets?|games?|frames?|legs?|wins|victories|votes?|times)\b"
)
# "A hazard ratio of 0.70 (95 per cent confidence interval 0.61 to 0.80)"; risks differ less.
_RATIO_BEFORE = re.compile(r"\b(?:[Rr]atio|[Rr]elative\s[Rr]isk|a?HR|a?RR|a?OR)\b")
MOST_RATIO = 20.0
# "Leeds, York and South Shields", "Norway, Sweden, and Finland"
_NAME = r"[A-Z][\w.’'-]{0,20}\w(?:\s[A-Z][\w.’'-]{0,20}\w){0,3}"
_LIST = re.compile(rf"\b{_NAME}(?:,\s{_NAME}){{1,10}},?\sand\s{_NAME}")
_LINK = re.compile(r",?\sand\s|,\s")
NOON = 12
# Days of a stretch that is told in months are no whole number.
_DAYS_OF = {"s": 1 / DAY_SECONDS, "month": _PERIOD_DAYS["month"]}


def is_worked_out(
    wanted: Told, near: Sequence[Told], beside: Sequence[Told], text: str, texts: Sequence[str]
) -> bool:
    """Tell whether a number follows from a source by what the words beside it say.

    Args:
        wanted: the number of the article.
        near: numbers and dates of the sources that stand near its place.
        beside: numbers that the article tells beside it, and a source too.
        text: of the article.
        texts: of the sources.
    """
    number = wanted.fact.quantity
    if number is None:
        return False
    if number.unit == "score":
        return any(number.matches(score) for score in _scores(near, texts))
    if number.unit in {"%", "x"} and is_any(number, _of_ratios(number, near, texts)):
        return True
    return not number.is_range and is_any(
        number, _by_words(wanted, number, near, beside, text, texts)
    )


def _by_words(
    wanted: Told,
    number: Quantity,
    near: Sequence[Told],
    beside: Sequence[Told],
    text: str,
    texts: Sequence[str],
) -> Iterator[Quantity]:
    """Yield what the words around a number say that it is: a share, a margin, an average."""
    known = [k for k in near if k.fact.quantity and not k.fact.quantity.is_range]
    before = text[max(0, wanted.fact.start - LONGEST_WORD) : wanted.fact.start]
    yield from _with_few(number, known, texts)
    yield from _moved_by_points(number, known)
    yield from _times_over(number, known)
    if number.unit == "" and (_BY.search(before) or _MARGIN.match(text, wanted.fact.end)):
        yield from _margins(near)
    if _OTHER.search(before) and number.unit in UNITLESS:
        yield from _others(number, known)
    earlier = text[max(0, wanted.fact.start - LONGEST_BEFORE) : wanted.fact.start]
    if (
        _EACH.match(text, wanted.fact.end)
        or _AVERAGE.search(before)
        or _EACH_BEFORE.search(earlier)
    ):
        yield from _for_each(number, known, beside)
    if _TOTAL.search(earlier):
        yield from _products(number, known)
    if _MORE.match(text, wanted.fact.end) and (says_much(number) or number.high >= LEAST_RESULT):
        yield from _apart(number, known, beside)
    yield from _in_all(number, known, beside, texts)
    if period := _period_of(wanted, text):
        yield from _in_period(number, period, known, texts)


def is_part(wanted: Told, near: Sequence[Told], texts: Sequence[str]) -> bool:
    """Tell whether a number is a share of what a source tells beside that share, or the rest.

    Args:
        wanted: the number of the article.
        near: numbers and dates of the sources that stand near its place.
        texts: of the sources.
    """
    number = wanted.fact.quantity
    if number is None or number.is_range or number.high < LEAST_RESULT:
        return False
    return is_any(number, _parts(number, near, texts))


def may_be_scored(text: str, fact: Fact) -> bool:
    """Tell "scored two" and "two goals" from "two match points"."""
    return not counts(text, fact) or _SCORED.match(text, fact.end) is not None


def counts(text: str, fact: Fact) -> bool:
    """Tell whether a number counts something: "six boats", not "at six"."""
    return PLURAL_NOUN.match(text, fact.end) is not None


def is_hour(wanted: Quantity, known: Sequence[Told]) -> bool:
    """Tell whether a small number may be the hour of a time that is known: "at six" for 18:00."""
    hours = {k.fact.moment.hour for k in known if k.fact.moment and k.fact.moment.hour is not None}
    is_small = wanted.unit == "" and wanted.high <= NOON
    return is_small and any(wanted.low % NOON == hour % NOON for hour in hours)


def counts_a_list(wanted: Quantity, sentences: Sequence[str]) -> bool:
    """Tell whether a small number counts the names that a source lists: "in three provinces"."""
    lists = (found[0] for sentence in sentences for found in _LIST.finditer(sentence))
    return wanted.unit == "" and any(wanted.low == len(_LINK.findall(names)) + 1 for names in lists)


def _quantities(known: Sequence[Told]) -> Iterator[tuple[Told, Quantity]]:
    for told in known:
        if told.fact.quantity and told.fact.quantity.unit != "score":
            yield told, told.fact.quantity


def _period_of(told: Told, text: str) -> str:
    """Return the period that a rate is told by: "a week"; "" where it is no rate."""
    found = _PERIOD.match(text, told.fact.end)
    if not found:
        start = max(0, told.fact.start - LONGEST_BEFORE)
        found = _PERIOD_BEFORE.search(text, start, told.fact.start)
    return _PERIODS[next(filter(None, found.groups()))] if found else ""


def _in_period(
    wanted: Quantity, period: str, known: Sequence[Told], texts: Sequence[str]
) -> Iterator[Quantity]:
    """Yield rates by another period: 15 a month of 184 a year."""
    for told, quantity in _quantities(known):
        other = _period_of(told, texts[told.side])
        if quantity.unit != wanted.unit or other == period:
            continue
        days = [_PERIOD_DAYS[other]] if other else _days_beside(told, known)
        for stretch in days:
            yield quantity.scaled(_PERIOD_DAYS[period] / stretch, wanted.unit)


def _in_all(
    wanted: Quantity, known: Sequence[Told], beside: Sequence[Told], texts: Sequence[str]
) -> Iterator[Quantity]:
    """Yield what a rate comes to that is told beside it: 96 million in eight days of 12 million."""
    rates = [b.fact.quantity for b in beside if b.fact.quantity]
    for told, quantity in _quantities(known):
        period = _period_of(told, texts[told.side]) if quantity.unit == wanted.unit else ""
        if not period or not any(is_same_amount(rate, quantity) for rate in rates):
            continue
        for _, stretch in _quantities(known):
            if stretch.unit in _DAYS_OF:
                days = stretch.low * _DAYS_OF[stretch.unit]
                yield quantity.scaled(days / _PERIOD_DAYS[period], wanted.unit)


def _for_each(
    wanted: Quantity, known: Sequence[Told], beside: Sequence[Told]
) -> Iterator[Quantity]:
    """Yield an amount by what shares it: 70,000 of 140,000 for two."""
    for told, quantity in _quantities(known):
        if wanted.unit in (quantity.unit, ""):
            here = [k for k in known if (k.side, k.sentence) == (told.side, told.sentence)]
            for _, count in _quantities([*here, *beside]):
                if count.unit == "" and 1 < count.low < quantity.low:
                    yield quantity.scaled(1 / count.low, wanted.unit)


def _days_beside(told: Told, known: Sequence[Told]) -> Iterator[float]:
    """Yield the days of each stretch near a number: of "1.2 million in three years"."""
    for other, stretch in _quantities(known):
        is_near = _is_together(told, other) and gap(told, other) <= LONGEST_COMPARISON
        if is_near and stretch.unit in _DAYS_OF and stretch.low > 0:
            yield stretch.low * _DAYS_OF[stretch.unit]


def _is_together(one: Told, other: Told) -> bool:
    """Tell whether two numbers stand in one sentence of one source."""
    return one is not other and (one.side, one.sentence) == (other.side, other.sentence)


def _parts(wanted: Quantity, near: Sequence[Told], texts: Sequence[str]) -> Iterator[Quantity]:
    """Yield a share of an amount that stands beside it, what is left, and what it is a part of."""
    for told, share in _quantities(near):
        if share.unit != "%" or share.is_range or not 0 < share.low < PERCENT:
            continue
        for other, whole in _quantities(near):
            is_near = _is_together(told, other) and gap(told, other) <= LONGEST_COMPARISON
            if not is_near or whole.unit == "%" or whole.unit != wanted.unit:
                continue
            part = share.low / PERCENT
            results = [whole.low * part, whole.low * (1 - part)]
            is_behind = 0 <= told.fact.start - other.fact.end <= NEXT_TO
            if is_behind and _OF_WHOLE.match(texts[told.side], told.fact.end):
                results = [whole.low / part]
            for result in results:
                yield Quantity(result, result, wanted.unit, "exactly", whole.step)


def _products(wanted: Quantity, known: Sequence[Told]) -> Iterator[Quantity]:
    """Yield what each amount of a sentence comes to, so many times: 14 trams of 240 seats."""
    for told, quantity in _quantities(known):
        for other, count in _quantities(known):
            if _is_together(told, other) and wanted.unit == quantity.unit and not count.unit:
                yield quantity.scaled(count.low, wanted.unit)


def _apart(wanted: Quantity, known: Sequence[Told], beside: Sequence[Told]) -> Iterator[Quantity]:
    """Yield how far two numbers lie apart that a source has in a sentence, or one of them here."""
    single = [b for b in beside if b.fact.quantity and not b.fact.quantity.is_range]
    if wanted.unit == "":
        known, single = ([as_written(told) for told in side] for side in (known, single))
    there, here = [*with_units(known)], [*with_units(single)]
    told = [each.fact.quantity for each in single if each.fact.quantity]
    pairs = [*product(there, here)]
    for one, other in combinations(there, 2):
        both = [each.fact.quantity for each in (one, other) if each.fact.quantity]
        is_told = any(is_same_amount(number, each) for each in both for number in told)
        if one.side == other.side and (one.sentence == other.sentence or is_told):
            pairs.append((one, other))
    for pair in pairs:
        large, small = (each.fact.quantity for each in pair)
        if large and small and large.unit == small.unit and wanted.unit in (large.unit, ""):
            away = abs(large.low - small.low)
            yield Quantity(away, away, wanted.unit, "exactly", max(large.step, small.step))


def _times_over(wanted: Quantity, known: Sequence[Told]) -> Iterator[Quantity]:
    """Yield what an amount came to that was halved or doubled: "six months, halved on appeal"."""
    for told, amount in _quantities(known):
        for other, ratio in _quantities(known):
            is_near = _is_together(told, other) and 0 < gap(told, other) <= LONGEST_COMPARISON
            if is_near and ratio.unit == "x" and amount.unit == wanted.unit not in {"x", "%"}:
                yield amount.scaled(ratio.low, wanted.unit)


def _margins(near: Sequence[Told]) -> Iterator[Quantity]:
    """Yield how far the two halves of each score lie apart: 13 of 58-45."""
    for told in near:
        score = told.fact.quantity
        if score and score.unit == "score" and score.is_range:
            away = abs(score.high - score.low)
            yield Quantity(away, away)


def _scores(near: Sequence[Told], texts: Sequence[str]) -> Iterator[Quantity]:
    """Yield 43-24 of "43 wins and 24 defeats" and 28-6 of "lost six of 34"."""
    for told, one in _quantities(near):
        for other, two in _quantities(near):
            if not _is_together(told, other) or {one.unit, two.unit} != {""}:
                continue
            if one.is_range or two.is_range or not 0 < gap(told, other) <= LONGEST_COMPARISON:
                continue
            between = texts[told.side][told.fact.end : other.fact.start]
            if _AGAINST.fullmatch(between):
                yield Quantity(one.low, two.low, "score")
            elif _OUT_OF.fullmatch(between) and one.low < two.low:
                yield Quantity(one.low, two.low - one.low, "score")


def _others(wanted: Quantity, known: Sequence[Told]) -> Iterator[Quantity]:
    """Yield all but one: "the other 45" of 46."""
    for _, quantity in _quantities(known):
        if quantity.unit in UNITLESS and quantity.low > LEAST_OTHERS:
            yield Quantity(quantity.low - 1, quantity.low - 1, wanted.unit)


def _with_few(wanted: Quantity, known: Sequence[Told], texts: Sequence[str]) -> Iterator[Quantity]:
    """Yield a count with the one or two that a source adds to it without their noun."""
    for told, quantity in _quantities(known):
        few = _AND_A_FEW.match(texts[told.side], told.fact.end) if quantity.unit == "" else None
        if few and wanted.unit == "":
            total = quantity.low + _FEW[few[1]]
            yield Quantity(total, total)


def _of_ratios(wanted: Quantity, known: Sequence[Told], texts: Sequence[str]) -> Iterator[Quantity]:
    """Yield what the ratio of two risks says: "a hazard ratio of 0.70" is a risk 30 % lower."""
    for told, ratio in _quantities(known):
        start = max(0, told.fact.start - LONGEST_BEFORE)
        is_ratio = ratio.unit == "" and ratio.step < 1 and ratio.low > 0 and ratio.high < MOST_RATIO
        if not is_ratio or not _RATIO_BEFORE.search(texts[told.side], start, told.fact.start):
            continue
        if wanted.unit == "x":
            yield replace(ratio, unit="x")
        elif (ratio.low < 1) == (ratio.high < 1):
            low, high = sorted(PERCENT * abs(1 - end) for end in (ratio.low, ratio.high))
            yield Quantity(low, high, "%", ratio.bound, PERCENT * ratio.step)


def _moved_by_points(wanted: Quantity, known: Sequence[Told]) -> Iterator[Quantity]:
    """Yield what a percentage moved from: "widened by 130 basis points to 22.4 percent"."""
    if wanted.unit != "%":
        return
    for told, share in _quantities(known):
        for other, points in _quantities(known):
            is_together = (told.side, told.sentence) == (other.side, other.sentence)
            if share.unit == "%" and points.unit == "pp" and is_together:
                for moved in (share.low - points.low, share.low + points.low):
                    yield Quantity(moved, moved, "%", "exactly", max(share.step, points.step))
