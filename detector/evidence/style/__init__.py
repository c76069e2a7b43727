"""Style: the marks of spinning and of writing programs. It never grounds a verdict by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Aligner, Alignment
from detector.article import Article, Span
from detector.errors import ModelError
from detector.evidence.style.collocations import Collocations, load_collocations
from detector.evidence.style.residue import Residue, ResidueFinder
from detector.evidence.style.spinning import SPIN_SIGNALS, Expected, odd_words, spin_signals
from detector.evidence.style.stock import stock_phrases
from detector.evidence.style.substitution import (
    SUBSTITUTION_SIGNALS,
    Comparison,
    Exchange,
    compare_words,
    substitution_signals,
)
from detector.evidence.style.words import WordReader
from detector.language import language_of
from detector.shipped import model_hash, read_model

__all__ = ["SPIN_SIGNALS", "SUBSTITUTION_SIGNALS", "Residue", "Style", "StyleModel"]

STYLE_FILE = "style.json"
SCHEMA = 1
# From here on the wording alone is worth a line: chosen in training, where 2 of 1,000 crawled
# articles reach it; see models/README.md.
NOTABLE = 0.50
# Beside a source: half the texts that reach this are spun, were they as many as the others.
SUBSTITUTED = 0.50
# In shorter texts wording is chance.
FEWEST_WORDS = 80
# So many stock phrases, and so many in 100 words, are worth a line; 4 in 1,000 crawled articles
# reach both.
FEWEST_STOCK, STOCK_SHARE = 4, 0.8
# More examples change no one's mind.
MOST_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Style:
    """The marks of spinning and of writing programs in one article.

    Attributes:
        spun: how likely the wording is that of a spinner, seen without any source; None for texts
            that are too short or not in English.
        odd_words: words that their neighbours do not expect; only where ``spun`` is notable.
        substituted: how likely words of the named source were exchanged one by one; None without.
        exchanges: such words, the longest stretches of them first in the text.
        residue: what a writing program says to its user.
        stock_phrases: turns of phrase that fit any subject.
        words: how many the article has.
    """

    spun: float | None = None
    odd_words: tuple[Span, ...] = ()
    substituted: float | None = None
    exchanges: tuple[Exchange, ...] = ()
    residue: tuple[Residue, ...] = ()
    stock_phrases: tuple[Span, ...] = ()
    words: int = 0

    @property
    def is_spun(self) -> bool:
        """Whether the wording, or what became of the source's words, is worth a line."""
        if self.substituted is not None:
            return self.substituted >= SUBSTITUTED
        return self.spun is not None and self.spun >= NOTABLE

    @property
    def is_template(self) -> bool:
        """Whether stock phrases stand closer than in news."""
        count = len(self.stock_phrases)
        return count >= FEWEST_STOCK and 100 * count >= STOCK_SHARE * self.words

    @property
    def is_notable(self) -> bool:
        """Whether there is anything that an editor would want to know."""
        return bool(self.residue) or self.is_spun or self.is_template


@dataclass(frozen=True)
class Line:
    """A logistic regression over scaled signals.

    Attributes:
        mean, scale, weights: one number a signal, shape ``(signals,)``.
        bias: log-odds where every signal is average.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def probability(self, values: NDArray[np.float64]) -> float:
        """Return the probability for one row of signals, shape ``(signals,)``."""
        log_odds = self.weights @ ((values - self.mean) / self.scale) + self.bias
        return float(1 / (1 + np.exp(-log_odds)))


@dataclass(frozen=True)
class StyleModel:
    """What tells spun text from other text.

    Attributes:
        spun: weighs the signals of the wording.
        substituted: weighs what became of the source's words.
        expected: what honest news has.
        table: how often words and pairs of words occur in news.
        residue: finds what writing programs leave.
        hash: names the model in a report.
        reader: reads words.
    """

    spun: Line
    substituted: Line
    expected: Expected
    table: Collocations
    residue: ResidueFinder
    hash: str
    reader: WordReader = field(default_factory=WordReader, compare=False, repr=False)

    @classmethod
    def load(cls, folder: Path | None = None) -> StyleModel:
        """Load the model of style.

        Raises:
            ModelError: the model is missing, changed, of another schema, or for other signals.
        """
        parsed: Mapping[str, Any] = json.loads(read_model(STYLE_FILE, folder))
        return cls(
            spun=_line(parsed, "spun", SPIN_SIGNALS),
            substituted=_line(parsed, "substituted", SUBSTITUTION_SIGNALS),
            expected=Expected(**{name: np.array(v) for name, v in parsed["expected"].items()}),
            table=load_collocations(folder),
            residue=ResidueFinder.shipped(),
            hash=model_hash(STYLE_FILE, folder),
        )

    def examine(self, article: Article, alignments: Sequence[Alignment], aligner: Aligner) -> Style:
        """Look at the style of an article.

        Args:
            article: the article.
            alignments: with each source that is named for it; none where no source is.
            aligner: what aligned them.
        """
        stock = stock_phrases(article)
        style = Style(residue=self.residue.find(article), stock_phrases=stock, words=article.words)
        if article.words < FEWEST_WORDS or language_of(article.text) != "en":
            return style
        words = self.reader.read(article.text)
        spun = self.spun.probability(spin_signals(words, self.table, self.expected).values())
        odd = odd_words(words, self.table, most=MOST_EXAMPLES) if spun >= NOTABLE else ()
        compared = _compared(article, alignments, aligner)
        substituted = self._substituted(compared, alignments) if alignments else None
        return Style(
            spun=spun,
            odd_words=odd,
            substituted=substituted,
            exchanges=_examples(compared) if substituted and substituted >= SUBSTITUTED else (),
            residue=style.residue,
            stock_phrases=stock,
            words=article.words,
        )

    def _substituted(
        self, compared: Sequence[Comparison], alignments: Sequence[Alignment]
    ) -> float:
        signals = substitution_signals(
            compared,
            order=float(np.mean([alignment.order for alignment in alignments])),
            coverage=min(1.0, sum(alignment.coverage for alignment in alignments)),
        )
        return self.substituted.probability(signals.values())


def _compared(
    article: Article, alignments: Sequence[Alignment], aligner: Aligner
) -> tuple[Comparison, ...]:
    if not alignments:
        return ()
    a = aligner.prepare(article)
    return tuple(
        comparison
        for alignment in alignments
        for comparison in compare_words(alignment, a, aligner.prepare(alignment.source))
    )


def _examples(compared: Sequence[Comparison]) -> tuple[Exchange, ...]:
    """Return the first words that were exchanged between words that are kept."""
    spun = [exchange for each in compared for exchange in each.exchanges if exchange.is_spun]
    return tuple(spun[:MOST_EXAMPLES])


def _line(parsed: Mapping[str, Any], name: str, signals: Sequence[str]) -> Line:
    written = parsed[name]
    if parsed.get("schema") != SCHEMA or tuple(written["signals"]) != tuple(signals):
        raise ModelError(
            f"{STYLE_FILE} was trained for other signals than this version measures: "
            "train it again with scripts/train_style.py"
        )
    return Line(
        mean=np.array(written["mean"], np.float64),
        scale=np.array(written["scale"], np.float64),
        weights=np.array(written["weights"], np.float64),
        bias=written["bias"],
    )
