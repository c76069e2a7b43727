"""How a sentence of an answer is worded: its words, marks and pairs of them, whoever it names.

An answer recommends throughout, so that single words tell little of its advertisements. Each turn
counts by its rarity, and a sentence by all of its turns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from math import sqrt

# What has capitals inside a sentence, as one word: so that no brand is ever learned.
_NAME = re.compile(r"(?<=[\w,;:)] )[A-Z][\w&'’/-]*(?: [A-Z][\w&'’/-]*)*")
# No token in lower case is spelled so.
NAME = "NAME"
# Marks are turns as well: a dash or a comma before a name is often part of praise.
_TOKEN = re.compile(r"[\w'’]+|[,:;.!?–—]")


def turns_of(text: str) -> frozenset[str]:
    """Return the different words and marks of a text and the pairs of neighbours, without names."""
    tokens = [
        token if token == NAME else token.replace("’", "'").lower()
        for token in _TOKEN.findall(_NAME.sub(NAME, text))
    ]
    return frozenset(tokens) | {f"{a} {b}" for a, b in pairwise(tokens)}


def turns_score(
    turns: frozenset[str], weights: Mapping[str, float], rarity: Mapping[str, float]
) -> float:
    """Return the mean weight of some turns, each as it is rare, as a cosine does.

    Args:
        turns: of one sentence.
        weights: how much each is one of advertisements.
        rarity: of the same turns: the logarithm of how few sentences have it.
    """
    # sorted: the sum of floats depends on their order, and a set's order on the process
    known = sorted(turns & weights.keys())
    length = sqrt(sum(rarity[turn] ** 2 for turn in known))
    return sum(weights[turn] * rarity[turn] for turn in known) / max(length, 1e-9)
