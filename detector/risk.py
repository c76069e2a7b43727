"""The risk: one probability that an editor should look, summed up from all findings.

An editor should look where an article was made from a source that it neither credits nor has a
licence for, or carries an inserted advertisement, or tells details that its source does not have.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import exp, expm1, log, log1p
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.article import Article
from detector.errors import ModelError
from detector.evidence.fabrication import Finding
from detector.evidence.plugs import Plug
from detector.evidence.style import Style
from detector.shipped import model_hash, read_model
from detector.verdict import LEAST_CONTRIBUTION, Reason, Verdict

RISK_FILE = "risk.json"
SCHEMA = 1
# The probability of derivation counts from here on: below it nothing was found.
NOTHING = 0.01
# No evidence makes anything more certain than this.
CERTAIN = 0.99
# Kinds of details that stand for reporting of one's own, where nothing says they are invented.
REPORTED = frozenset({"quote", "person", "place", "org"})


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found beside the verdict.

    Attributes:
        plugs: inserted advertisements, in the order of the article.
        fabrications: details that no named source has, in the order of the article; None where
            there are too many details to look.
        style: marks of spinning and of writing programs.
    """

    plugs: tuple[Plug, ...]
    fabrications: tuple[Finding, ...] | None
    style: Style


@dataclass(frozen=True, slots=True)
class RiskSignals:
    """What the findings say, in figures; 0 where a finding has nothing.

    Attributes:
        derivation: how far the log-odds of derivation are above those of ``NOTHING``.
        exchanged: probability that the source's words were exchanged one by one.
        inventions: logarithm of 1 + details not in the source, each by its probability.
        invented_quotes: the same for quotations alone: the gravest.
        advertisement: how far the log-odds of the likeliest advertisement are above even.
        advertised: share of the text that advertises.
        residue: logarithm of 1 + places where a writing program speaks to its user.
        credited: 1 where the source is named or linked.
        licensed: 1 where a licence, a wire mark or a common outlet allows the text.
        quoted: share of the words that are the source's in quotation marks.
        own_reporting: logarithm of 1 + quotations and names per 100 words that the source lacks
            and nothing calls invented.
        earlier: 1 where the article is dated before the source.
        sibling: probability that the source is none, but made from the same missing text.
    """

    derivation: float = 0.0
    exchanged: float = 0.0
    inventions: float = 0.0
    invented_quotes: float = 0.0
    advertisement: float = 0.0
    advertised: float = 0.0
    residue: float = 0.0
    credited: float = 0.0
    licensed: float = 0.0
    quoted: float = 0.0
    own_reporting: float = 0.0
    earlier: float = 0.0
    sibling: float = 0.0

    def values(self) -> NDArray[np.float64]:
        """Return the signals in the order of their names, shape ``(signals,)``."""
        return np.array([getattr(self, name) for name in RISK_SIGNALS], np.float64)


RISK_SIGNALS: tuple[str, ...] = tuple(field.name for field in fields(RiskSignals))
# What speaks against looking; it can only lower the risk, as the others can only raise it.
AGAINST = frozenset({"credited", "licensed", "quoted", "own_reporting", "earlier", "sibling"})

_SAYS: dict[str, str] = {
    "derivation": "it was made from the source with a probability of {d}",
    "exchanged": "words of the source were exchanged one by one: {v}",
    "inventions": "it has {e} details that the source lacks, weighed by their probability",
    "invented_quotes": "{e} of them are quotations",
    "advertisement": "it carries an inserted advertisement, with a probability of {a}",
    "advertised": "{p} of its text advertise",
    "residue": "a writing program speaks to its user in {e} places",
    "credited": "it names its source",
    "licensed": "it is licensed, or the outlet's own",
    "quoted": "{p} of its words are quoted from the source, with marks",
    "own_reporting": "{e} names and quotations per 100 words look like reporting of its own",
    "earlier": "it is dated before the source",
    "sibling": "the source may be none, but made from the same text: {v}",
}


@dataclass(frozen=True, slots=True)
class RiskModel:
    """A logistic line over the findings; what it adds up is the log-odds of the risk.

    Attributes:
        weights: log-odds for one more of each signal, shape ``(signals,)``.
        bias: log-odds where nothing was found.
        hash: as it stands in a report.
    """

    weights: NDArray[np.float64]
    bias: float
    hash: str

    @classmethod
    def load(cls, folder: Path | None = None) -> RiskModel:
        """Load the model.

        Raises:
            ModelError: it is missing, changed, of another schema, or for other signals.
        """
        parsed = json.loads(read_model(RISK_FILE, folder))
        if parsed.get("schema") != SCHEMA or tuple(parsed["signals"]) != RISK_SIGNALS:
            raise ModelError(
                f"{RISK_FILE} was trained for other signals than this version measures: "
                "train it again with detector train --only risk"
            )
        weights = np.array(parsed["weights"], np.float64)
        return cls(weights, float(parsed["bias"]), model_hash(RISK_FILE, folder))

    def sum_up(self, verdict: Verdict, signals: RiskSignals) -> Verdict:
        """Return the verdict with its risk and the reasons of it, strongest first."""
        moved = self.weights * signals.values()
        reasons = [
            Reason(name, float(value), float(weight), _says(name, float(value)))
            for name, value, weight in zip(RISK_SIGNALS, signals.values(), moved, strict=True)
            if abs(weight) >= LEAST_CONTRIBUTION
        ]
        reasons.sort(key=lambda reason: (-abs(reason.contribution), reason.signal))
        risk = 1 / (1 + exp(-(self.bias + float(moved.sum()))))
        return replace(verdict, risk=risk, risk_reasons=tuple(reasons))


def risk_signals(article: Article, verdict: Verdict, findings: Findings) -> RiskSignals:
    """Put the findings of an article into figures."""
    plugs, fabrications = findings.plugs, findings.fabrications or ()
    status = verdict.credit.status
    quotes = [finding for finding in fabrications if finding.kind == "quote"]
    advertised = sum(plug.span.length for plug in plugs) / max(1, len(article.text))
    return RiskSignals(
        derivation=_above(verdict.probability, NOTHING),
        exchanged=findings.style.substituted or 0.0,
        inventions=log1p(sum(finding.probability for finding in fabrications)),
        invented_quotes=log1p(sum(finding.probability for finding in quotes)),
        advertisement=_above(max((plug.probability for plug in plugs), default=0.0), 0.5),
        advertised=advertised,
        residue=log1p(len(findings.style.residue)),
        credited=float(status in {"credited", "linked"}),
        licensed=float(status == "licensed"),
        quoted=verdict.credit.quoted_share,
        own_reporting=_own_reporting(article, verdict, fabrications),
        earlier=float(_is_earlier(article, verdict)),
        sibling=verdict.sibling,
    )


def _above(probability: float, least: float) -> float:
    """Return how far the log-odds of a probability are above those of another, or 0."""
    return max(0.0, _log_odds(min(probability, CERTAIN)) - _log_odds(least))


def _log_odds(probability: float) -> float:
    return log(max(probability, 1e-9) / (1 - probability))


def _own_reporting(article: Article, verdict: Verdict, fabrications: Sequence[Finding]) -> float:
    if not verdict.sources:
        return 0.0
    reuse = verdict.sources[0].evidence.reuse
    invented = sum(finding.kind in REPORTED for finding in fabrications)
    per_hundred = 100 * invented / max(1, article.words)
    return log1p(max(0.0, reuse.new_quotes + reuse.new_names - per_hundred))


def _is_earlier(article: Article, verdict: Verdict) -> bool:
    published = article.published
    dates = [judged.source.published for judged in verdict.sources if judged.source.published]
    return published is not None and bool(dates) and published < min(dates)


def _says(signal: str, value: float) -> str:
    """Put one figure into words."""
    return _SAYS[signal].format(
        p=f"{100 * value:.0f} %",
        e=f"{expm1(value):.1f}",
        v=f"{value:.2f}",
        d=f"{_probability(value, NOTHING):.2f}",
        a=f"{_probability(value, 0.5):.2f}",
    )


def _probability(above: float, least: float) -> float:
    return 1 / (1 + exp(-(above + _log_odds(least))))
