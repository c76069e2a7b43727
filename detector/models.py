"""The trained models, read from the shipped files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.errors import ModelError
from detector.shipped import model_hash, read_model
from detector.terms import Rarity

RARITY_FILE = "term-rarity.safetensors"
DERIVATION_FILE = "derivation.json"
RELATION_FILE = "relation.json"
KINSHIP_FILE = "kinship.json"
PLUGS_FILE = "plugs.json"
SCHEMA = 1
# Of trees with at most so many leaves all nodes are looked at, rather than step after step: with 8
# leaves this takes a third of the time, with 31, for more than a few rows, twice the time.
FEW_LEAVES = 16


def load_rarity(folder: Path | None = None) -> Rarity:
    """Load how rare each term is in news."""
    from safetensors.numpy import load

    tensors = load(read_model(RARITY_FILE, folder))
    return Rarity(
        known=tensors["terms"],
        values=tensors["idf"].astype(np.float32),
        unknown=float(tensors["unknown"][0]),
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    """The nodes of trees, roots first, in an order in which a right child follows its left one.

    A leaf's left child is itself, and no value leads right from it.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    missing_right: NDArray[np.bool_]
    left: NDArray[np.int64]
    value: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Nodes:
    """The inner nodes of small trees, the first of each, then the second of each, and so on.

    The leaves of a tree are the bits of a number, the leftmost the highest. A step to the right at
    a node loses the leaves to its left; the leftmost that no node loses is the one reached.

    Attributes:
        feature, threshold, missing_right: of each node, shape ``(nodes, trees)``; no value leads
            right from those that fill up a tree with fewer.
        lost: the leaves that a step to the right loses, same shape.
        leaves: all leaves of each tree, shape ``(trees,)``.
        value: of the leaf of each bit, shape ``(trees, bits)``.

    Source: Lucchese et al. 2015, "QuickScorer".
    """

    feature: NDArray[np.intp]
    threshold: NDArray[np.float64]
    missing_right: NDArray[np.bool_]
    lost: NDArray[np.uint16]
    leaves: NDArray[np.uint16]
    value: NDArray[np.float64]


@dataclass(frozen=True)
class BoostedTrees:
    """A sum of small decision trees, with a calibrated probability.

    The nodes of all trees stand one behind the other, each before those to its left, and these
    before those to its right; a leaf points at itself.

    Attributes:
        signals: names of the inputs, in order.
        baseline: log-odds before any tree has spoken.
        slope, intercept: Platt calibration of the summed log-odds.
        roots: first node of each tree, shape ``(trees,)``.
        feature, threshold, missing_left, left, right, value: one entry per node; ``value`` is
            the mean of what a node's leaves add, so each step down a tree credits one signal.
        depth: steps from any root to its deepest leaf.
    """

    signals: tuple[str, ...]
    baseline: float
    slope: float
    intercept: float
    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    depth: int

    def probability(self, values: NDArray[np.float64]) -> float:
        """Return the calibrated probability for one row of signals, shape ``(signals,)``."""
        return float(self.probabilities(values[None, :])[0])

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the calibrated probability of each row of signals.

        Args:
            rows: shape ``(rows, signals)``.

        Returns:
            Shape ``(rows,)``; each as if its row stood alone.
        """
        added = self._by_nodes(rows) if self._are_small else self._by_steps(rows)
        log_odds = self.baseline + added.sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-(self.slope * log_odds + self.intercept))))

    @cached_property
    def _are_small(self) -> bool:
        sizes = np.diff(self.roots, append=len(self.left))
        return bool(sizes.max() < 2 * FEW_LEAVES)

    def _by_nodes(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each tree adds for each row, shape ``(rows, trees)``: all nodes at once."""
        nodes = self._nodes
        given = rows.T.copy().take(nodes.feature, axis=0)  # whole rows are copied far faster
        goes_right = given > nodes.threshold[..., None]
        if np.isnan(rows).any():
            goes_right |= np.isnan(given) & nodes.missing_right[..., None]
        lost = np.bitwise_or.reduce(goes_right * nodes.lost[..., None], axis=0)
        highest = np.frexp((nodes.leaves - lost.T).astype(np.float32))[1] - 1
        places = np.arange(len(self.roots)) * nodes.value.shape[1] + highest
        return np.asarray(nodes.value.take(places))

    @cached_property
    def _nodes(self) -> _Nodes:
        is_leaf = self.left == np.arange(len(self.left))
        tree = np.repeat(np.arange(len(self.roots)), np.diff(self.roots, append=len(self.left)))
        # How many leaves of its tree stand behind the beginning of each node.
        counts = np.bincount(tree[is_leaf])
        behind = np.cumsum(counts)[tree] - (np.cumsum(is_leaf) - is_leaf)
        inner, leaf = np.flatnonzero(~is_leaf), np.flatnonzero(is_leaf)
        firsts = self.roots - np.cumsum(counts) + counts
        place = np.arange(len(inner)) - firsts[tree[inner]], tree[inner]
        shape = max(1, counts.max() - 1), len(self.roots)
        feature, threshold = np.zeros(shape, np.intp), np.full(shape, np.inf)
        missing_right, lost = np.zeros(shape, bool), np.zeros(shape, np.uint16)
        feature[place], threshold[place] = self.feature[inner], self.threshold[inner]
        missing_right[place] = ~self.missing_left[inner]
        lost[place] = (1 << behind[inner]) - (1 << behind[self.right[inner]])
        value = np.zeros((len(self.roots), counts.max()))
        value[tree[leaf], behind[leaf] - 1] = self.value[leaf]
        leaves = ((1 << counts) - 1).astype(np.uint16)
        return _Nodes(feature, threshold, missing_right, lost, leaves, value)

    def _by_steps(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each tree adds for each row, shape ``(rows, trees)``: from its root on."""
        walk = self._walk
        nodes = np.broadcast_to(np.arange(len(self.roots)), (len(rows), len(self.roots)))
        rows = np.ascontiguousarray(rows)
        is_missing = np.isnan(rows)
        some_missing = bool(is_missing.any())
        begins = np.arange(len(rows))[:, None] * rows.shape[1]
        for _ in range(self.depth):  # ``take`` is twice as fast as an index
            places = walk.feature.take(nodes) + begins
            right = rows.take(places) > walk.threshold.take(nodes)
            if some_missing:
                right = np.where(is_missing.take(places), walk.missing_right.take(nodes), right)
            nodes = walk.left.take(nodes) + right
        return walk.value.take(nodes)

    @cached_property
    def _walk(self) -> _Walk:
        levels = [self.roots]
        while len(inner := levels[-1][self.left[levels[-1]] != levels[-1]]):
            levels.append(np.stack([self.left[inner], self.right[inner]], axis=1).ravel())
        order = np.concatenate(levels)
        is_inner = self.left[order] != order
        below = len(self.roots) + 2 * (np.cumsum(is_inner) - 1)
        return _Walk(
            feature=self.feature[order],
            threshold=np.where(is_inner, self.threshold[order], np.inf),
            missing_right=is_inner & ~self.missing_left[order],
            left=np.where(is_inner, below, np.arange(len(order))),
            value=self.value[order],
        )

    def contributions(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far each signal moves the log-odds from the average, shape ``(signals,)``.

        Source: Saabas 2014, "Interpreting random forests".
        """
        moved = np.zeros(len(self.signals))
        nodes = self.roots
        for _ in range(self.depth):
            feature = self.feature[nodes]
            given = values[feature]
            left = np.where(
                np.isnan(given), self.missing_left[nodes], given <= self.threshold[nodes]
            )
            below = np.where(left, self.left[nodes], self.right[nodes])
            np.add.at(moved, feature, self.value[below] - self.value[nodes])
            nodes = below
        return moved


@dataclass(frozen=True)
class Softmax:
    """A linear model over scaled signals that chooses among classes.

    Attributes:
        signals: names of the inputs, in order.
        classes: what it chooses among.
        mean, scale: of each signal in training, shape ``(signals,)``.
        weights: shape ``(classes, signals)``.
        bias: shape ``(classes,)``.
    """

    signals: tuple[str, ...]
    classes: tuple[str, ...]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def scores(self, values: NDArray[np.float64]) -> dict[str, float]:
        """Return the probability of each class; a missing signal counts as average."""
        scaled = np.nan_to_num((values - self.mean) / self.scale)
        logits = self.weights @ scaled + self.bias
        raised = np.exp(logits - logits.max())
        return dict(zip(self.classes, (raised / raised.sum()).tolist(), strict=True))


@dataclass(frozen=True)
class PlugWeights:
    """What tells a plug from the other sentences of one kind of text.

    Attributes:
        words: how much each plain word, or pair of them, is one of advertisements.
        rarity: of these words, among sentences of answers; empty for stories, whose words count
            alike.
        tone: direction of advertisements among the static encoder's vectors, shape
            ``(dimensions,)``.
        trees: weigh these two with the other signals.
    """

    words: Mapping[str, float]
    rarity: Mapping[str, float]
    tone: NDArray[np.float32]
    trees: BoostedTrees


@dataclass(frozen=True)
class PlugModel:
    """What tells a plug from the sentences around it.

    Attributes:
        stories: for news.
        answers: for texts that advise and recommend throughout, as a chatbot's answers do.
        register: tells the two kinds of text apart; its classes are "story" and "answer".
        hash: names the model in a report.
    """

    stories: PlugWeights
    answers: PlugWeights
    register: Softmax
    hash: str


@dataclass(frozen=True)
class Models:
    """The trained models a verdict needs, and the hashes that name them in a report."""

    derivation: BoostedTrees
    relation: Softmax
    kinship: Softmax
    hashes: Mapping[str, str]


def load_models(signals: Sequence[str], folder: Path | None = None) -> Models:
    """Load the models of the verdict.

    Args:
        signals: what this version measures; the models must have been trained on the same.
        folder: the folder of models; the shipped one when absent.

    Raises:
        ModelError: a model is missing, changed, of another schema, or for other signals.
    """
    return Models(
        derivation=boosted_trees(_parsed(DERIVATION_FILE, signals, folder)),
        relation=_softmax(_parsed(RELATION_FILE, signals, folder)),
        kinship=_softmax(_parsed(KINSHIP_FILE, signals, folder)),
        hashes={
            "derivation": model_hash(DERIVATION_FILE, folder),
            "relation": model_hash(RELATION_FILE, folder),
            "kinship": model_hash(KINSHIP_FILE, folder),
        },
    )


def load_plug_model(signals: Sequence[str], folder: Path | None = None) -> PlugModel:
    """Load the model of plugs.

    Args:
        signals: what this version measures; the model must have been trained on the same.
        folder: the folder of models; the shipped one when absent.

    Raises:
        ModelError: the model is missing, changed, of another schema, or for other signals.
    """
    parsed = _parsed(PLUGS_FILE, signals, folder, trained_by="train_plugs")
    return PlugModel(
        stories=_plug_weights(parsed),
        answers=_plug_weights(parsed["answers"]),
        register=_softmax(parsed["register"]),
        hash=model_hash(PLUGS_FILE, folder),
    )


# What ``json.loads`` returns for a model: numbers, names, and lists of either.
_Parsed = Mapping[str, Any]


def _parsed(
    name: str, signals: Sequence[str], folder: Path | None, *, trained_by: str = "train_derivation"
) -> _Parsed:
    parsed: _Parsed = json.loads(read_model(name, folder))
    if parsed.get("schema") != SCHEMA or tuple(parsed["signals"]) != tuple(signals):
        raise ModelError(
            f"{name} was trained for other signals than this version measures: "
            f"train it again with scripts/{trained_by}.py"
        )
    return parsed


def boosted_trees(parsed: _Parsed) -> BoostedTrees:
    """Make trees of what a model file holds."""
    return BoostedTrees(
        signals=tuple(parsed["signals"]),
        baseline=parsed["baseline"],
        slope=parsed["slope"],
        intercept=parsed["intercept"],
        roots=np.array(parsed["roots"], np.int64),
        feature=np.array(parsed["feature"], np.int64),
        threshold=np.array(parsed["threshold"], np.float64),
        missing_left=np.array(parsed["missing_left"], bool),
        left=np.array(parsed["left"], np.int64),
        right=np.array(parsed["right"], np.int64),
        value=np.array(parsed["value"], np.float64),
        depth=parsed["depth"],
    )


def _plug_weights(parsed: _Parsed) -> PlugWeights:
    return PlugWeights(
        words=parsed["words"],
        rarity=parsed.get("rarity", {}),
        tone=np.array(parsed["tone"], np.float32),
        trees=boosted_trees(parsed),
    )


def _softmax(parsed: _Parsed) -> Softmax:
    return Softmax(
        signals=tuple(parsed["signals"]),
        classes=tuple(parsed["classes"]),
        mean=np.array(parsed["mean"], np.float64),
        scale=np.array(parsed["scale"], np.float64),
        weights=np.array(parsed["weights"], np.float64),
        bias=np.array(parsed["bias"], np.float64),
    )
