"""Train the model of plugs: models/plugs.json.

    python scripts/train_plugs.py SHARED --into models
    python scripts/list_models.py

``--validate branch`` splits plugs by their branch of trade (``voice``: by their voice), chat
answers by the brand, crawled articles by their site, and prints how many texts of each kind are
found. The brands and sites that only measure (``plug_passages.py``), and derivatives/, are never
trained on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from plug_answers import (
    ALIKE,
    Texts,
    register_probability,
    report_answers,
    report_register,
    texts_of,
    written_register,
)
from plug_passages import Text, number_of, reader, training_texts
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from train_derivation import as_json

from detector.alignment import Aligner
from detector.article import Sentence
from detector.evidence.plugs.signals import PLUG_SIGNALS, Reading, read, words_score
from detector.evidence.plugs.turns import turns_of, turns_score

# More of these never speaks against a plug; more of those never for it.
RISING = {
    "words", "words_before", "words_after", "tone", "calls", "offers", "offers_before",
    "offers_after", "praise", "bridges", "sponsor", "marks", "domain", "new_brand", "named_before",
    "named_after",
}  # fmt: skip
FALLING = {
    "reported", "known_names", "article_domains", "elsewhere", "support", "like_article",
    "like_neighbours", "past", "article_words", "doubtful",
}  # fmt: skip
TREES = {
    "max_depth": 5, "max_iter": 250, "learning_rate": 0.08, "min_samples_leaf": 20,
    "l2_regularization": 5.0, "random_state": 0, "early_stopping": False,
}  # fmt: skip
# Of chat answers; chosen cross-validated over their brands (F1 .893 instead of .890).
ANSWER_TREES = {**TREES, "max_iter": 300, "max_features": 0.5}
# Of their turns; cross-validated from 1 to 4 F1 of answers moves by .003.
TURNS_C = 1.0
FOLDS = 5
# A word or pair is kept when so many sentences have it, from so many branches, brands and sites;
# so that no single plug teaches its own words.
FEWEST_SENTENCES, FEWEST_GROUPS = 8, 5
# Words of smaller weight change no score.
LEAST_WEIGHT = 0.02
WORDS_C, TONE_C = 0.5, 1.0
# So much a plug counts for the learned words and the tone: those that stand in news are few, and
# the chat answers' are another register.
PLUG_WEIGHT = {"plugs": 10.0, "fixtures": 10.0, "chat": 4.0}
# Of a crawled article's sentences every third is learned from, and counts three times.
CRAWL_SHARE = 3


@dataclass(frozen=True)
class Sample:
    """Sentences to learn from; texts one behind the other.

    Attributes:
        readings: of the texts.
        starts: number of each text's first sentence, and of the end.
        truth: which sentences are plugs.
        origin, group, voice: of each sentence's text.
        vectors: of the sentences.
        named: which may be a plug at all: they, or sentences beside them, name someone.
        first: which count for words and tone: each written passage is learned from once.
        promoted: which stand in a text with a plug, were it half a sentence.
        advertiser: of each sentence's answer.
    """

    readings: tuple[Reading, ...]
    starts: NDArray[np.int64]
    truth: NDArray[np.bool_]
    origin: NDArray[np.str_]
    group: NDArray[np.str_]
    voice: NDArray[np.str_]
    vectors: NDArray[np.float32]
    named: NDArray[np.bool_]
    first: NDArray[np.bool_]
    promoted: NDArray[np.bool_]
    advertiser: NDArray[np.str_]

    @property
    def weights(self) -> NDArray[np.float64]:
        """How much each sentence counts; 0 for those that are left out."""
        every = np.arange(len(self.truth)) % CRAWL_SHARE == 0
        return np.where(self.origin == "crawl", CRAWL_SHARE * every, 1).astype(float)

    @property
    def sentences(self) -> list[Sentence]:
        return [sentence for reading in self.readings for sentence in reading.sentences]

    @property
    def plain(self) -> list[frozenset[str]]:
        return [plain for reading in self.readings for plain in reading.plain]


def read_all(texts: Iterable[Text], aligner: Aligner) -> Sample:
    """Measure every sentence of some texts."""
    readings, columns, seen = [], [], set()
    for text in texts:
        reading = read(aligner.prepare(text.article), aligner.rarity)
        readings.append(reading)
        for sentence in reading.sentences:
            is_plug = text.truth(sentence)
            new = sentence.text not in seen and (is_plug or text.origin not in {"plugs"})
            seen.add(sentence.text)
            own = text.origin, text.group, text.voice, bool(text.plugs), text.advertiser
            columns.append((is_plug, new, *own))
    truth, first, origin, group, voice, promoted, advertiser = (
        np.array(column) for column in zip(*columns, strict=True)
    )
    sizes = [len(reading.sentences) for reading in readings]
    return Sample(
        tuple(readings), np.concatenate([[0], np.cumsum(sizes)]), truth, origin, group, voice,
        np.concatenate([reading.vectors for reading in readings]),
        np.concatenate([reading.has_name for reading in readings]), first, promoted, advertiser,
    )  # fmt: skip


@dataclass(frozen=True)
class Learned:
    """The two learned signals: weights of words, and the direction of advertisements.

    Attributes:
        words: of stories the plain words, of answers the turns.
        tone: the direction.
        rarity: of the turns.
    """

    words: Mapping[str, float]
    tone: NDArray[np.float64]
    rarity: Mapping[str, float] = field(default_factory=dict)

    def scores(self, plain: list[frozenset[str]], vectors: NDArray) -> NDArray[np.float64]:
        if self.rarity:
            words = [turns_score(each, self.words, self.rarity) for each in plain]
        else:
            words = [words_score(each, self.words) for each in plain]
        return np.stack([np.array(words), vectors @ self.tone], axis=1)


def learn(sample: Sample, plain: list[frozenset[str]], rows: NDArray) -> Learned:
    """Learn words and tone from some sentences."""
    rows = rows[sample.first[rows] & (sample.weights[rows] > 0)]
    vocabulary = _vocabulary(sample, plain, rows)
    table = _counts([plain[n] for n in rows], vocabulary)
    weights = linear(sample, table, rows, WORDS_C)
    tone = linear(sample, sample.vectors[rows], rows, TONE_C)
    learned = dict(zip(vocabulary, np.round(weights, 3).tolist(), strict=True))
    kept = {word: weight for word, weight in learned.items() if abs(weight) >= LEAST_WEIGHT}
    return Learned(kept, np.round(tone, 4))


def learn_answers(sample: Sample, turns: list[frozenset[str]], rows: NDArray) -> Learned:
    """Learn turns and tone from some sentences of answers."""
    rows = rows[sample.first[rows]]
    vocabulary = _vocabulary(sample, turns, rows)
    table = _counts([turns[n] for n in rows], vocabulary)
    table.data[:] = 1
    # Inverse document frequency and rows of length 1, as ``turns_score`` has them.
    rarity = np.round(1 + np.log((1 + len(rows)) / (1 + table.getnnz(axis=0))), 3)
    weights = linear(sample, normalize(table.multiply(rarity).tocsr()), rows, TURNS_C)
    tone = linear(sample, sample.vectors[rows], rows, TONE_C)
    return Learned(
        dict(zip(vocabulary, np.round(weights, 3).tolist(), strict=True)),
        np.round(tone, 4),
        dict(zip(vocabulary, rarity.tolist(), strict=True)),
    )


Learner = Callable[[Sample, list[frozenset[str]], NDArray], Learned]


def linear(
    sample: Sample, table: NDArray | csr_matrix, rows: NDArray, strength: float
) -> NDArray[np.float64]:
    """Return what separates the plugs among some sentences from the others."""
    weights = sample.weights[rows] * np.where(
        sample.truth[rows], [PLUG_WEIGHT.get(o, 1.0) for o in sample.origin[rows]], 1.0
    )
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0)
    return model.fit(table, sample.truth[rows], sample_weight=weights).coef_[0]


def _vocabulary(sample: Sample, plain: list[frozenset[str]], rows: NDArray) -> dict[str, int]:
    sentences: Counter[str] = Counter()
    groups: dict[str, set[str]] = {}
    for n in rows:
        sentences.update(plain[n])
    frequent = {word for word, count in sentences.items() if count >= FEWEST_SENTENCES}
    for n in rows:
        for word in plain[n] & frequent:
            groups.setdefault(word, set()).add(sample.group[n])
    kept = sorted(word for word in frequent if len(groups[word]) >= FEWEST_GROUPS)
    return {word: number for number, word in enumerate(kept)}


def _counts(plain: list[frozenset[str]], vocabulary: Mapping[str, int]) -> csr_matrix:
    """Return which words each sentence has, damped as ``words_score`` does."""
    rows = [sorted(vocabulary[word] for word in each if word in vocabulary) for each in plain]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    lengths = np.repeat([max(1, len(each)) ** -0.5 for each in plain], [len(row) for row in rows])
    return csr_matrix(
        (lengths, np.concatenate([np.array(row, np.int64) for row in rows]), starts),
        shape=(len(plain), len(vocabulary)),
    )


def table_of(sample: Sample, scores: NDArray) -> NDArray[np.float64]:
    """Return the signals of all sentences, the learned ones filled in."""
    parts = [
        reading.with_learned(scores[start:end, 0], scores[start:end, 1])
        for reading, start, end in zip(
            sample.readings, sample.starts[:-1], sample.starts[1:], strict=True
        )
    ]
    return np.concatenate(parts)


def unseen_scores(
    sample: Sample, plain: list[frozenset[str]], folds: NDArray, learner: Learner = learn
) -> NDArray:
    """Return each sentence's learned signals from what never saw its group; fold -1 is left out."""
    scores = np.zeros((len(plain), 2))
    for fold in np.unique(folds[folds >= 0]):
        learned = learner(sample, plain, np.flatnonzero((folds >= 0) & (folds != fold)))
        own = np.flatnonzero(folds == fold)
        scores[own] = learned.scores([plain[n] for n in own], sample.vectors[own])
    return scores


def fit(
    sample: Sample, table: NDArray, rows: NDArray, trees: Mapping = TREES
) -> HistGradientBoostingClassifier:
    """Fit the trees to those of some sentences that are near a name."""
    rows = rows[sample.named[rows] & (sample.weights[rows] > 0)]
    bends = [1 if n in RISING else -1 if n in FALLING else 0 for n in PLUG_SIGNALS]
    model = HistGradientBoostingClassifier(monotonic_cst=bends, **trees)
    return model.fit(table[rows], sample.truth[rows], sample_weight=sample.weights[rows])


def folds_of(sample: Sample, split: str) -> NDArray[np.int64]:
    """Number the fold of each sentence: by branch, brand and site, or plugs by their voice."""
    names = [
        voice if split == "voice" and origin == "plugs" else group
        for origin, group, voice in zip(sample.origin, sample.group, sample.voice, strict=True)
    ]
    known = {name: number_of(f"fold {name}", FOLDS) for name in set(names)}
    return np.array([known[name] for name in names])


def cross_validated(
    sample: Sample, plain: list[frozenset[str]], folds: NDArray
) -> NDArray[np.float64]:
    """Return the log-odds of each named sentence from a model that never saw its group."""
    odds = np.full(len(plain), -np.inf)
    for fold in range(FOLDS):
        inner = np.where(folds == fold, -1, folds)
        scores = unseen_scores(sample, plain, inner)
        seen, own = np.flatnonzero(inner >= 0), np.flatnonzero(folds == fold)
        learned = learn(sample, plain, seen)
        scores[own] = learned.scores([plain[n] for n in own], sample.vectors[own])
        table = table_of(sample, scores)
        own = own[sample.named[own]]
        odds[own] = fit(sample, table, seen).decision_function(table[own])
    return odds


def report(sample: Sample, probability: NDArray) -> Iterator[str]:
    """Yield what is found, text by text: the likeliest sentence decides."""
    bounds = list(zip(sample.starts[:-1], sample.starts[1:], strict=True))
    highest = np.array([probability[a:b].max(initial=0) for a, b in bounds])
    has = np.array([sample.truth[a:b].any() for a, b in bounds])
    first = sample.starts[:-1]
    origin, voice = sample.origin[first], sample.voice[first]
    for kind in sorted({f"{o}/{v}" for o, v in zip(origin, voice, strict=True)}):
        own = (origin == kind.split("/")[0]) & (voice == kind.split("/")[1])
        for name, chosen in (("with a plug", own & has), ("without", own & ~has)):
            if chosen.any():
                shares = " ".join(
                    f"p>={t}: {(highest[chosen] >= t).mean():.3f}" for t in (0.35, 0.8)
                )
                yield f"  {kind:24} {name:12} {chosen.sum():5d}  {shares}"


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--into", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--validate", type=click.Choice(["branch", "voice"]), help="Cross-validate as well.")
def main(shared: Path, into: Path, validate: str | None) -> None:
    """Train on the texts of SHARED and write the model."""
    aligner = reader()
    sample = read_all(training_texts(shared, aligner), aligner)
    plain = sample.plain
    click.echo(
        f"{len(plain)} sentences, {sample.named.sum()} near a name, {sample.truth.sum()} plugs"
    )
    if validate:
        odds = cross_validated(sample, plain, folds_of(sample, validate))
        for line in report(sample, 1 / (1 + np.exp(-odds))):
            click.echo(line)
    write(into, sample, plain)


def write(into: Path, sample: Sample, plain: list[frozenset[str]]) -> None:
    """Train on everything and write the model; words and tone are as unseen as they will be."""
    folds = folds_of(sample, "branch")
    table = table_of(sample, unseen_scores(sample, plain, folds))
    rows = np.arange(len(plain))
    # The crawl stands among the sentences as often as it was drawn: no calibration is needed.
    model = written(fit(sample, table, rows), learn(sample, plain, rows))
    columns = {"origin": sample.origin, "fold": folds}
    texts = texts_of(table, sample.starts, sample.promoted, columns)
    model["register"] = written_register(texts)
    model["answers"] = answers(sample, texts)
    (into / "plugs.json").write_text(json.dumps(model) + "\n", encoding="utf8")
    click.echo(f"{len(model['words'])} words, {len(model['roots'])} trees; "
               f"answers {len(model['answers']['words'])} words")  # fmt: skip


def written(trees: HistGradientBoostingClassifier, learned: Learned) -> dict:
    return as_json(trees, 1.0, 0.0) | {
        "signals": list(PLUG_SIGNALS),
        "depth": TREES["max_depth"],
        "tone": learned.tone.tolist(),
        "words": dict(sorted(learned.words.items())),
        "rarity": dict(sorted(learned.rarity.items())),
    }


def answers(sample: Sample, texts: Texts) -> dict:
    """Learn to find plugs in chat answers, and in what reads like them; say how well."""
    register = register_probability(texts)
    report_register(texts, register, click.echo)
    sizes = np.diff(sample.starts)
    is_chat = sample.origin == "chat"
    alike = np.repeat(register >= ALIKE, sizes) & ~is_chat
    # Whoever is advertised has all of its answers in one fold, with the plug and without it.
    own = [number_of(f"fold {name}", FOLDS) for name in sample.advertiser]
    folds = np.where(is_chat, own, np.where(alike, np.repeat(texts.folds, sizes), -1))
    # In an answer a sentence that names no one may be one.
    sample = replace(sample, named=np.ones(len(folds), bool))
    turns = [
        turns_of(sentence.text) if fold >= 0 else frozenset()
        for fold, sentence in zip(folds, sample.sentences, strict=True)
    ]
    probability = np.zeros(len(folds))
    for fold in range(FOLDS):
        inner = np.where(folds == fold, -1, folds)
        test, seen = np.flatnonzero(folds == fold), np.flatnonzero(inner >= 0)
        own_table, _ = answer_table(sample, turns, inner)
        model = fit(sample, own_table, seen, ANSWER_TREES)
        probability[test] = model.predict_proba(own_table[test])[:, 1]
    highest = np.maximum.reduceat(probability, sample.starts[:-1])
    report_answers(texts, highest, register, click.echo)
    table, learned = answer_table(sample, turns, folds)
    return written(fit(sample, table, np.flatnonzero(folds >= 0), ANSWER_TREES), learned)


def answer_table(
    sample: Sample, turns: list[frozenset[str]], folds: NDArray
) -> tuple[NDArray[np.float64], Learned]:
    """Return the signals of all sentences as answers have them, and what was learned of answers.

    Those of answers in the folds are scored by what never saw their advertiser.
    """
    is_learned = (sample.origin == "chat") & (folds >= 0)
    learned = learn_answers(sample, turns, np.flatnonzero(is_learned))
    inner = np.where(is_learned, folds, -1)
    unseen = unseen_scores(sample, turns, inner, learn_answers)
    scores = np.where(is_learned[:, None], unseen, learned.scores(turns, sample.vectors))
    return table_of(sample, scores), learned


if __name__ == "__main__":
    main()
