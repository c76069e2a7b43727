"""Facts of a text: numbers, dates, names, datelines and quotes, each with a normal form.

Two facts are compared by ``value``, never by spelling: ``40%`` and ``forty per cent`` are both
``40 %``; ``three-quarters`` is ``75 %``; ``$12.9bn`` is ``12900000000 $``; ``British`` is
``united kingdom``.
"""

from __future__ import annotations

from datetime import datetime

from detector.article import Article
from detector.facts.beginnings import beginnings
from detector.facts.dates import dates
from detector.facts.fact import Fact, Kind, Speaker
from detector.facts.moment import Days, Moment, same_moment
from detector.facts.names import datelines, names, names_and_datelines
from detector.facts.numbers import Taken, numbers
from detector.facts.quantity import Quantity, same_quantity
from detector.facts.quotes import quotes
from detector.facts.same_name import NameIndex
from detector.facts.units import UNITS

__all__ = [
    "Days", "Fact", "Kind", "Moment", "NameIndex", "Quantity", "Speaker", "datelines", "dates",
    "facts", "figures", "names", "numbers", "quotes", "same_moment", "same_quantity",
]  # fmt: skip


def figures(text: str, published: datetime | None = None) -> tuple[Fact, ...]:
    """Return the numbers and the dates of a text; the values do not depend on ``published``."""
    begun = beginnings(text)
    calendar = tuple(dates(text, published, begun))
    return (*numbers(text, calendar, begun), *calendar)


def facts(article: Article, known: tuple[Fact, ...] | None = None) -> tuple[Fact, ...]:
    """Return every fact of an article, in the order of the text.

    Args:
        article: the article.
        known: what ``figures`` returns of it, where that has been read.
    """
    text = article.text
    read = figures(text, article.published) if known is None else known
    times = {(fact.start, fact.end) for fact in read if fact.kind == "date"}
    amounts = Taken((fact.start, fact.end) for fact in read if fact.kind == "number")
    named = [
        fact
        for fact in names_and_datelines(article)
        if (fact.start, fact.end) not in times  # Next May
        if (fact.text.isalpha() and fact.text.casefold() not in UNITS)
        or not amounts.overlaps(fact.start, fact.end)  # N5 billion, 400 IU
    ]
    found = [*read, *named, *quotes(text)]
    return tuple(sorted(found, key=lambda fact: (fact.start, fact.end, fact.kind)))
