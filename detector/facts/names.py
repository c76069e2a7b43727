"""Names: persons, places and organisations, each with its full form as the value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from detector.article import Article, Sentence
from detector.facts.capitals import Run, Word, runs
from detector.facts.coreference import resolved
from detector.facts.datelines import Dateline
from detector.facts.datelines import datelines as _datelines
from detector.facts.fact import Fact
from detector.facts.gazetteer import Gazetteer, Place
from detector.facts.lexicon import FUNCTION_WORDS
from detector.facts.mentions import mentions
from detector.facts.single import LARGE_CITY

# A heading with this share of its longer words capitalised says nothing about names.
TITLE_CASE_SHARE = 0.7
# Shorter words are articles and prepositions, which Title Case leaves small.
LONGER_WORD = 4
# Names in a heading are looked up in stretches of at most this many words.
LONGEST_NAME = 6
_LONGER = re.compile(rf"\b[^\W\d_]{{{LONGER_WORD},}}")


def names_and_datelines(article: Article) -> list[Fact]:
    """Return the names of an article, and its datelines, whole; out of order."""
    from detector.facts.known import GAZETTEER  # it reads the shipped lists

    filed = tuple(_datelines(article.text, GAZETTEER))
    return [*find_names(article, GAZETTEER, filed), *(dateline.whole for dateline in filed)]


def names(article: Article) -> Iterator[Fact]:
    """Yield the persons, places, organisations and other names of an article, in order.

    The value is the normal form of the full name: ``Greitens`` has the value of the
    ``Sheena Greitens`` named elsewhere in the article, ``British`` that of ``United Kingdom``.
    """
    from detector.facts.known import GAZETTEER  # it reads the shipped lists

    yield from find_names(article, GAZETTEER, tuple(_datelines(article.text, GAZETTEER)))


def datelines(article: Article) -> Iterator[Fact]:
    """Yield the datelines of an article, whole: place, date and agency."""
    from detector.facts.known import GAZETTEER  # it reads the shipped lists

    yield from (dateline.whole for dateline in _datelines(article.text, GAZETTEER))


def find_names(article: Article, gazetteer: Gazetteer, filed: Sequence[Dateline]) -> list[Fact]:
    """Return the names of an article by the places and words of a gazetteer, in order."""
    body, titles = _parted(article.sentences)
    found = [
        mention
        for sentence in body
        for run in runs(sentence, gazetteer.common)
        for mention in mentions(run, gazetteer)
    ]
    outside = [m for m in found if not _is_within(m.start, filed)] if filed else found
    facts = resolved(article.text, outside, gazetteer)
    confirmed = _confirmed(facts)
    for sentence in titles:
        for run in runs(sentence):
            if not _is_within(run.words[0].start, filed):
                facts.extend(_in_title(article.text, run, confirmed, gazetteer))
    facts.extend(part for dateline in filed for part in dateline.parts)
    return sorted(facts, key=lambda fact: (fact.start, fact.end))


def _parted(sentences: Sequence[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences whose capitals tell names, and those in Title Case or capitals."""
    body: list[Sentence] = []
    titles: list[Sentence] = []
    for sentence in sentences:
        (titles if _is_title_case(sentence) else body).append(sentence)
    return body, titles


def _is_title_case(sentence: Sentence) -> bool:
    if not sentence.is_heading and not sentence.text[-12:].isupper():
        return False
    words: list[str] = _LONGER.findall(sentence.text)
    large = sum(word[0].isupper() for word in words)
    return large >= TITLE_CASE_SHARE * len(words)


def _is_within(start: int, filed: Sequence[Dateline]) -> bool:
    """Tell whether a place lies in a dateline; they stand in the order of the text."""
    at = bisect_right(filed, start, key=lambda dateline: dateline.whole.start)
    return at > 0 and start < filed[at - 1].whole.end


def _spelling(text: str) -> str:
    return text.casefold().replace("’", "'").replace(".", "")


def _confirmed(facts: Sequence[Fact]) -> dict[str, Fact]:
    """Return the names of the body by how they are written, and people by their surnames."""
    known = {_spelling(fact.text): fact for fact in reversed(facts)}
    for fact in facts:
        if fact.kind == "person":
            known.setdefault(fact.value.rpartition(" ")[2], fact)
    return known


def _in_title(text: str, run: Run, known: dict[str, Fact], gazetteer: Gazetteer) -> Iterator[Fact]:
    """Yield the names of a Title Case run that the text or the gazetteer has as well."""
    at = 0
    while at < len(run.words):
        fact = _longest(text, run.words[at : at + LONGEST_NAME], known, gazetteer)
        if fact:
            yield fact
            at += text.count(" ", fact.start, fact.end)
        at += 1


def _longest(
    text: str, words: Sequence[Word], known: dict[str, Fact], gazetteer: Gazetteer
) -> Fact | None:
    start = words[0].start
    if words[0].lower in FUNCTION_WORDS:
        return None
    lower, keys = [word.lower for word in words], [word.key for word in words]
    for count in range(len(words), 0, -1):
        end = words[count - 1].end
        named = known.get(" ".join(lower[:count]))
        if named:
            return Fact(named.kind, start, end, text[start:end], named.value)
        key = " ".join(keys[:count])
        place = gazetteer.places.get(key) or gazetteer.places.get(key.title())
        if place and (count > 1 or not _is_doubtful(words[0], place, gazetteer)):
            return Fact("place", start, end, text[start:end], place.value)
    return None


def _is_doubtful(word: Word, place: Place, gazetteer: Gazetteer) -> bool:
    """Tell whether a word in Title Case may be a common word or a surname, not the place."""
    if word.lower in gazetteer.common:
        return True
    is_town = place.level == "city" and place.thousands < LARGE_CITY
    return is_town and (word.key in gazetteer.surnames or word.key in gazetteer.given)
