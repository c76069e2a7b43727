"""The outlook of a candidate: whether it may be a source at all, told by its terms alone.

It costs a hundredth of measuring a pair; most pairs of news articles need no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from detector.terms import Rarity, TermVector

# A term found in fewer than 1 of 400 news articles is rare: names, figures, technical words.
RARE = 6.0
# A rival that holds this share of the source's weighted terms tells the same story, as its own
# rewrite would (half of all rewrites have .42 or more, half of all reports of one event .30), and
# would hide what sets that story apart.
SAME_STORY = 0.5
# Learned by scripts/train_outlook.py from 1,200 crawled articles and all labelled derivatives.
# fmt: off
WEIGHTS = np.array([
    -3.627, -0.022, 8.778, 3.854, 9.664, -0.608, 0.345, -0.067, 0.367, 1.832, 5.162, 3.244,
])
# fmt: on
BIAS = -5.612
# A pair is aligned and measured from here on. Of 300 machine rewrites (llm_rewrites), which it was
# not learned from, none is lost that measuring every candidate finds; from -4.0 on 4 of 261 are,
# from -2.75 on 12.
LIKELY = -4.5
# Where the signals stand behind the scores of the channels.
_SUPPORTS, _APART = slice(-8, -6), slice(-3, None)
# Matrix products are rounded by how memory lies; further digits mean nothing.
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Apart:
    """What sets a source apart from the other sources found; NaN where there are none."""

    nowhere_else: float = nan
    stands_out: float = nan


NO_RIVALS = Apart()


def outlook_signals(
    own: TermVector,
    others: Sequence[TermVector],
    scores: NDArray[np.float64],
    rarity: Rarity,
) -> NDArray[np.float64]:
    """Measure each candidate of an article by terms.

    Args:
        own: the article's terms, of title and text.
        others: each candidate's.
        scores: each channel's score of each candidate, shape ``(candidates, channels)``.
        rarity: how rare terms are in news.

    Returns:
        Shape ``(candidates, channels + 8)``: the scores; share of the article's weighted terms
        that the candidate has, and the other way round; logarithm of 1 + rare terms in common;
        rare terms per 100 that the candidate lacks; logarithm of the article's length over the
        candidate's; the common terms' share that no rival has; how much more of the article's
        terms the candidate has than the best rival; 1 where there is no rival.
    """
    terms, holds = _holds([own, *others])
    idf = rarity.of(terms).astype(np.float64)
    weights, is_rare = idf**2, (idf >= RARE).astype(np.float64)
    shared = (holds * weights) @ holds.T
    mass = np.maximum(np.diag(shared), 1e-9)
    lengths = np.array([max(1.0, float(v.counts.sum())) for v in (own, *others)])
    support, rare = shared / mass[:, None], holds[1:] @ (is_rare * holds[0])
    signals = np.column_stack(
        [
            scores,
            support[0, 1:],
            support[1:, 0],
            np.log1p(rare),
            100 * (float(is_rare @ holds[0]) - rare) / lengths[0],
            np.log(lengths[0] / lengths[1:]),
            *_apart(holds, weights, support),
        ]
    )
    return signals.round(_DIGITS)


def _holds(vectors: Sequence[TermVector]) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """Return the terms of some texts, sorted, and 1 where a text has one: its row, its column."""
    owners = np.repeat(np.arange(len(vectors), dtype=np.uint64), [len(v) for v in vectors])
    terms = np.concatenate([vector.terms for vector in vectors])
    keys = np.sort(terms.astype(np.uint64) << np.uint64(32) | owners)
    terms, owners = (keys >> np.uint64(32)).astype(np.uint32), keys & np.uint64(0xFFFFFFFF)
    is_first = np.append(True, terms[1:] != terms[:-1])[: len(terms)]
    different = terms[is_first]
    holds = np.zeros((len(vectors), len(different)), np.float64)
    holds[owners.astype(np.intp), np.cumsum(is_first) - 1] = 1
    return different, holds


def _apart(
    holds: NDArray[np.float64], weights: NDArray[np.float64], support: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Return what sets each candidate apart from those that tell another story."""
    own = np.flatnonzero(holds[0])
    theirs = holds[1:, own]
    common = theirs * weights[own]
    rivals = (support[1:, 1:] < SAME_STORY) & ~np.eye(len(theirs), dtype=bool)
    elsewhere = rivals.astype(np.float64) @ theirs > 0
    total = common.sum(axis=1)
    alone = ~rivals.any(axis=1) | (total == 0)
    nowhere = 1 - (common * elsewhere).sum(axis=1) / np.where(alone, 1, total)
    best_rival = np.where(rivals, support[0, 1:], 0).max(axis=1)
    stands_out = support[0, 1:] - best_rival
    return np.where(alone, 0, nowhere), np.where(alone, 0, stands_out), alone.astype(np.float64)


def support_of(signals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the larger share of either side's weighted terms that the other has."""
    larger: NDArray[np.float64] = signals[:, _SUPPORTS].max(axis=1)
    return larger


def apart_of(signals: NDArray[np.float64]) -> list[Apart]:
    """Return what sets each candidate apart from those that tell another story."""
    return [
        NO_RIVALS if alone else Apart(nowhere_else, stands_out)
        for nowhere_else, stands_out, alone in signals[:, _APART].tolist()
    ]


def outlooks(signals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-odds that each candidate turns out to be a source, shape ``(candidates,)``."""
    odds: NDArray[np.float64] = np.sum(signals * WEIGHTS, axis=1) + BIAS
    return odds
