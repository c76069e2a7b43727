"""Names: runs of capitalised words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.article import Article
from detector.facts.fact import Fact

_NAME_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’-]*\w|[A-Z]{2,}"
_NAME = re.compile(
    rf"(?:{_NAME_WORD}|[A-Z]\.)(?:\s+(?:(?:of|the|de|da|van|von|der|al|bin|for|and)\s+){{0,2}}"
    rf"(?:{_NAME_WORD}|[A-Z]\.))*"
)
_NOT_NAMES = frozenset(
    "i the a an this that these those it he she we you they there here his her its "
    "our their my in on at by for from to of with and but or nor so yet as if when "
    "while where who what why how after before since although though because despite "
    "according meanwhile however also still now then one two three some many most all "
    "no not is are was were be has have had january february march april june july "
    "august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday mr mrs ms dr sir".split()
)


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


def _without_function_words(found: re.Match[str]) -> tuple[int, str]:
    """Drop leading words that are capitalised only because a sentence starts with them."""
    start, text = found.start(), found[0]
    while text:
        first, _, rest = text.partition(" ")
        if first.casefold() not in _NOT_NAMES:
            break
        start, text = start + len(first) + 1 + len(rest) - len(rest.lstrip()), rest.lstrip()
    return start, re.sub(r"['’]s$", "", text)
