"""The grounds for a plug, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.evidence.plugs.brands import Brand
from detector.evidence.plugs.signals import PLUG_SIGNALS
from detector.models import BoostedTrees

# More grounds than these change no one's mind.
MOST_GROUNDS = 4
# Signals that move the log-odds by less are not worth a word.
LEAST_MOVED = 0.15

# What each signal says when it is there and speaks for a plug.
_GROUNDS = {
    "words": "its words are those of advertisements",
    "tone": "it reads like an advertisement",
    "words_before": "the sentence before it leads up to it",
    "words_after": "the sentence after it goes on promoting",
    "calls": "it tells the reader what to do",
    "offers": "it names a price or an offer",
    "offers_before": "an offer stands beside it",
    "offers_after": "an offer stands beside it",
    "praise": "it praises",
    "bridges": "it bridges from the subject to the brand",
    "sponsor": "it names a sponsor or partner",
    "you": "it addresses the reader",
    "domain": "it gives a web address",
    "like_neighbours": "it is far from the sentences beside it",
    "like_article": "it is far from the article's subject",
    "unlike_rest": "it is far from the article's subject",
    "support": "its terms occur nowhere else in the article",
}
# Of these a low value speaks for a plug.
_LOW = frozenset({"like_neighbours", "like_article", "support"})
# A share of terms this low is next to none, a cosine this low is far.
FEW_TERMS, FAR = 0.5, 0.35


def why(brand: Brand, values: NDArray[np.float64], trees: BoostedTrees) -> str:
    """Say what speaks most for a plug.

    Args:
        brand: what is promoted.
        values: the signals of its strongest sentence, shape ``(signals,)``.
        trees: the model that weighs them.
    """
    moved = trees.slope * trees.contributions(values)
    grounds = [f"the page declares the link to {brand.name} paid"] if brand.is_paid else []
    if brand.elsewhere == 0:
        grounds.append(f"{brand.name} is named nowhere else in the article")
    order = sorted(range(len(moved)), key=lambda n: (-moved[n], n))
    for n in order:
        name = PLUG_SIGNALS[n]
        ground = _GROUNDS.get(name)
        if ground and moved[n] >= LEAST_MOVED and _holds(name, float(values[n])):
            grounds.append(ground)
    return "; ".join(dict.fromkeys(grounds[: MOST_GROUNDS + 1]))


def _holds(name: str, value: float) -> bool:
    """Tell whether the words for a signal are true of its value."""
    if name in _LOW:
        return value < (FEW_TERMS if name == "support" else FAR)
    if name in {"words_before", "words_after", "tone", "unlike_rest"}:
        return value == value
    return value > 0
