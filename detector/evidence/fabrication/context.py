"""Details in context: how likely what stands beside a detail is invented, as signals of it.

Whoever invents a sentence invents what is in it: its figure, its year and the name that says so. A
figure that a source has elsewhere speaks for nothing in a sentence of which all else is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detector.evidence.fabrication.finding import Doubt

# All are probabilities at first sight, or sums of them:
# - said: of the claim that the detail's sentence makes; 0 for the claim itself;
# - beside, beside_all: of the likeliest other detail of its sentence, and of all together;
# - details: how many these are;
# - elsewhere: of all details of the article, for each of its claims;
# - around, said_around: of the likeliest detail, and claim, of the sentences before and after.
IN_CONTEXT = (
    "said", "beside", "beside_all", "details", "elsewhere", "around", "said_around",
)  # fmt: skip
# Share of the place of a detail in its log-odds; see models/README.md.
PLACE_SHARE = 2 / 3
# What is no detail of a sentence: what it says as a whole, words in it, and what stands before it.
_WHOLE = frozenset({"claim", "exchange", "role", "dateline"})


def both(first: NDArray[np.float64], placed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities of details by what they are, first, and by where they stand.

    What they are keeps a third of the say, in log-odds: so fewer tie.
    """
    sure = (np.minimum(np.maximum(chance, 1e-9), 1 - 1e-9) for chance in (first, placed))
    odds = [np.log(chance) - np.log1p(-chance) for chance in sure]
    mean: NDArray[np.float64] = (1 - PLACE_SHARE) * odds[0] + PLACE_SHARE * odds[1]
    return 1 / (1 + np.exp(-mean))


def in_context(doubts: Sequence[Doubt], probabilities: Sequence[float]) -> NDArray[np.float64]:
    """Measure what stands around each detail of an article.

    Args:
        doubts: the details.
        probabilities: of each at first sight.

    Returns:
        What is listed in ``IN_CONTEXT``, shape ``(details, signals)``.
    """
    chance = np.array(probabilities, float)
    # A sentence before the first and one behind the last spare all questions about ends.
    place = np.array([doubt.sentence for doubt in doubts], np.intp) + 1
    is_claim = np.array([doubt.kind == "claim" for doubt in doubts], bool)
    is_detail = np.array([doubt.kind not in _WHOLE for doubt in doubts], bool)
    size = int(place.max(initial=0)) + 2
    claims, _ = _most(place[is_claim], chance[is_claim], size)
    most, second = _most(place[is_detail], chance[is_detail], size)
    own = np.where(is_detail, chance, 0.0)
    sums = np.bincount(place[is_detail], chance[is_detail], size)
    counts = np.bincount(place[is_detail], minlength=size)
    columns = (
        np.where(is_claim, 0.0, claims[place]),
        np.where(is_detail & (chance == most[place]), second[place], most[place]),
        sums[place] - own,
        counts[place] - is_detail,
        (sums.sum() - own) / max(1, is_claim.sum()),
        np.maximum(most[place - 1], most[place + 1]),
        np.maximum(claims[place - 1], claims[place + 1]),
    )
    return np.stack(columns, axis=1)


def _most(
    places: NDArray[np.intp], chances: NDArray[np.float64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the largest value of each sentence and the second largest, each ``(size,)``."""
    order = np.lexsort((-chances, places))
    places, chances = places[order], chances[order]
    firsts = np.searchsorted(places, np.arange(size))
    counts = np.bincount(places, minlength=size)
    padded = np.append(chances, [0.0, 0.0])
    most = np.where(counts > 0, padded[np.minimum(firsts, len(chances))], 0.0)
    second = np.where(counts > 1, padded[np.minimum(firsts + 1, len(chances))], 0.0)
    return most, second
