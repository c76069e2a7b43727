"""Facts of a text: numbers, dates, names, datelines and quotes, each with a normal form.

Two facts are compared by ``value``, never by spelling: ``40%`` and ``forty per cent`` are both
``40 %``; ``three-quarters`` is ``75 %``; ``$12.9bn`` is ``12900000000 $``; ``British`` is
``united kingdom``.
"""

from __future__ import annotations

from detector.article import Article
from detector.facts.dates import dates
from detector.facts.fact import Fact, Kind
from detector.facts.names import datelines, names
from detector.facts.numbers import numbers
from detector.facts.quotes import quotes
from detector.facts.same_name import NameIndex

__all__ = [
    "Fact",
    "Kind",
    "NameIndex",
    "datelines",
    "dates",
    "facts",
    "figures",
    "names",
    "numbers",
    "quotes",
]


def figures(text: str) -> tuple[Fact, ...]:
    """Return the numbers and the dates of a text."""
    calendar = tuple(dates(text))
    return (*numbers(text, calendar), *calendar)


def facts(article: Article) -> tuple[Fact, ...]:
    """Return every fact of an article, in the order of the text."""
    text = article.text
    found = [*figures(text), *datelines(article), *names(article), *quotes(text)]
    return tuple(sorted(found, key=lambda fact: (fact.start, fact.end, fact.kind)))
