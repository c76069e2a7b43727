"""Quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.article import WORD
from detector.facts.fact import Fact

# Shorter quoted stretches are scare quotes or titles, not statements.
QUOTE_WORDS = 4
# A quotation longer than this is an unclosed mark.
QUOTE_CHARACTERS = 1_500
_QUOTE = re.compile(rf"“([^“”]{{1,{QUOTE_CHARACTERS}}})”|\"([^\"\n]{{1,{QUOTE_CHARACTERS}}})\"")


def quotes(text: str) -> Iterator[Fact]:
    """Yield quotations of some words in double marks, curly or straight."""
    for found in _QUOTE.finditer(text):
        inner = found[1] or found[2]
        words = WORD.findall(inner.casefold().replace("’", "'"))
        if len(words) >= QUOTE_WORDS:
            yield Fact("quote", found.start(), found.end(), found[0], " ".join(words))
