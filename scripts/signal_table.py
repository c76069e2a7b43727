"""Measured pairs as one table: signals, labels, groups, and how much each pair counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pairs import HONEST, WRITTEN

from detector.evidence.reuse import SIGNALS

# A data set counts by the root of its size, so that 1,700 machine rewrites do not drown 48
# hand-made texts, times how close it is to what the detector meets.
IMPORTANCE = {
    "diluted": 2.0, "fixtures": 6.0, "derivatives": 6.0, "inventions": 6.0, "farms": 6.0,
    "nameless": 3.0, "triples": 6.0, "crawl": 6.0, "llm_rewrites": 1.5, "xsum_attacks": 0.7,
    "pan13": 0.5,
}  # fmt: skip
# Texts made from a headline are few and leave the least trace; with this weight 24 of 25 written
# ones are found at the threshold without more accusations of honest texts (19 of 25 without it).
HEADLINE_ONLY = 6.0
# Titles are missing in whole data sets; every titled pair is learned from without its title too,
# or the absence of a title would speak for one kind of pair.
TITLE_SIGNALS = ("headline", "title_in_lead", "shared_title", "title_run")
TITLED = [SIGNALS.index(name) for name in TITLE_SIGNALS]
# What sets a source apart from others found; a pair compared without an index has neither.
CONTEXT = [SIGNALS.index(name) for name in ("nowhere_else", "stands_out")]
# One pair in three is learned from as if compared by itself.
ALONE = 3
# A derived pair's untitled double counts this much, an honest pair's in full: so that the share of
# derived pairs is about the same with a title and without.
UNTITLED = 0.3


@dataclass(frozen=True)
class Table:
    """Measured pairs as arrays, one row a pair."""

    signals: NDArray[np.float64]
    relation: NDArray[np.str_]
    group: NDArray[np.str_]
    origin: NDArray[np.str_]
    names: tuple[str, ...]
    doubles: NDArray[np.bool_]

    @property
    def derived(self) -> NDArray[np.bool_]:
        return ~np.isin(self.relation, HONEST)

    @property
    def family(self) -> NDArray[np.str_]:
        return np.array([o.split(":")[0].split("-")[0] for o in self.origin])

    @property
    def written(self) -> NDArray[np.bool_]:
        return np.isin(self.family, WRITTEN)

    @property
    def machine_made(self) -> NDArray[np.bool_]:
        return np.isin(self.family, ["llm_rewrites", "xsum_attacks", "diluted"])

    def rows(self, chosen: NDArray) -> Table:
        names = np.array(self.names)[chosen]
        arrays = (self.signals, self.relation, self.group, self.origin)
        return Table(*(array[chosen] for array in arrays), tuple(names), self.doubles[chosen])

    def weights(self) -> NDArray[np.float64]:
        """Return how much each pair counts; a derived one's double ``UNTITLED`` of that."""
        kinds = np.array([f"{o}/{r}" for o, r in zip(self.origin, self.relation, strict=True)])
        weights = np.zeros(len(kinds))
        for kind in set(kinds):
            own = kinds == kind
            family = kind.split(":")[0].split("/")[0].split("-")[0]
            weights[own] = IMPORTANCE[family] / np.sqrt(own.sum())
        weights[self.doubles & self.derived] *= UNTITLED
        return weights / weights.mean()

    def emphasis(self) -> NDArray[np.float64]:
        """Return how much each pair counts in training; calibration goes by ``weights``."""
        hardest = self.written & (self.relation == "headline-only")
        return self.weights() * np.where(hardest, HEADLINE_ONLY, 1.0)

    def doubled(self) -> Table:
        """Return the table with every titled row once more, without its title."""
        untitled = self.signals.copy()
        untitled[:, TITLED] = np.nan
        titled = ~np.isnan(self.signals[:, TITLED[0]])
        both = [(a, a[titled]) for a in (self.relation, self.group, self.origin)]
        return Table(
            np.vstack([self.signals, untitled[titled]]),
            *(np.concatenate(pair) for pair in both),
            (*self.names, *np.array(self.names)[titled]),
            np.concatenate([self.doubles, np.ones(int(titled.sum()), bool)]),
        )


def read(path: Path) -> Table:
    records = [json.loads(line) for line in path.open(encoding="utf8")]
    names = tuple(f"{r['article']} <- {r['source']}" for r in records)
    signals = np.array([[r["signals"][name] for name in SIGNALS] for r in records], np.float64)
    alone = np.array([crc32(name.encode()) % ALONE == 0 for name in names])
    signals[np.ix_(alone, CONTEXT)] = np.nan
    return Table(
        signals,
        np.array([r["relation"] for r in records]),
        np.array([r["group"] for r in records]),
        np.array([r["origin"] for r in records]),
        names,
        np.zeros(len(records), bool),
    )
