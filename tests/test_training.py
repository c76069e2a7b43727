"""The shipped form of a model says what scikit-learn says."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from detector.alignment import Aligner
from detector.article import Article, Span
from detector.encoders import load_encoder
from detector.evidence.plugs import PLUG_SIGNALS
from detector.evidence.plugs.signals import words_score
from detector.evidence.plugs.turns import turns_of, turns_score
from detector.evidence.reuse import SIGNALS
from detector.models import BoostedTrees, Softmax, load_models, load_plug_model, load_rarity
from detector.terms import TermExtractor

if TYPE_CHECKING:
    from plug_passages import Text

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, BoostedTrees]:
    """Train on random signals, and load what the script writes."""
    sys.path.insert(0, str(ROOT / "scripts"))
    import list_models
    import train_derivation

    random = np.random.default_rng(0)
    rows = random.normal(size=(400, len(SIGNALS)))
    rows[random.random(rows.shape) < 0.1] = np.nan
    relation = np.where(np.nan_to_num(rows[:, 0]) + random.normal(size=400) > 0, "copy", "none")
    table = train_derivation.Table(
        rows,
        relation,
        np.arange(400).astype(str),
        np.full(400, "fixtures"),
        tuple(map(str, range(400))),
        np.zeros(400, bool),
    )
    model = train_derivation.fit_derivation(table)
    folder = tmp_path_factory.mktemp("models")
    for name in ("relation.json", "kinship.json"):
        (folder / name).write_bytes((ROOT / "models" / name).read_bytes())
    written = train_derivation.as_json(model, 0.9, 0.1)
    (folder / "derivation.json").write_text(json.dumps(written), encoding="utf8")
    list_models.main(["--folder", str(folder)], standalone_mode=False)
    return model, load_models(SIGNALS, folder).derivation


def test_the_loaded_trees_give_the_probabilities_of_the_trained_ones(
    trained: tuple[object, BoostedTrees],
) -> None:
    model, trees = trained
    rows = np.random.default_rng(1).normal(size=(200, len(SIGNALS)))
    rows[::3, 2] = np.nan
    log_odds = 0.9 * model.decision_function(rows) + 0.1
    expected = 1 / (1 + np.exp(-log_odds))
    found = [trees.probability(row) for row in rows]
    assert found == pytest.approx(expected.tolist(), abs=1e-9)


def test_the_contributions_add_up_to_the_log_odds(trained: tuple[object, BoostedTrees]) -> None:
    model, trees = trained
    row = np.random.default_rng(2).normal(size=len(SIGNALS))
    total = trees.baseline + trees.value[trees.roots].sum() + trees.contributions(row).sum()
    assert total == pytest.approx(float(model.decision_function(row[None, :])[0]), abs=1e-9)


def test_a_linear_model_of_two_classes_gives_the_probabilities_of_the_trained_one(
    trained: tuple[object, BoostedTrees],
) -> None:
    from sklearn.linear_model import LogisticRegression
    from train_derivation import as_softmax

    random = np.random.default_rng(3)
    rows = random.normal(size=(200, len(SIGNALS)))
    kinds = np.where(rows[:, 1] + random.normal(size=200) > 0, "sibling", "source")
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    model = LogisticRegression().fit((rows - mean) / scale, kinds)
    written = as_softmax(model, mean, scale)
    softmax = Softmax(
        signals=tuple(written["signals"]),
        classes=tuple(written["classes"]),
        **{name: np.array(written[name]) for name in ("mean", "scale", "weights", "bias")},
    )
    expected = model.predict_proba((rows - mean) / scale)
    found = [[*softmax.scores(row).values()] for row in rows]
    assert np.allclose(found, expected, atol=1e-9)


REST = " Ruth Calder spoke for {0} hours. The hall leaks. It was built in 1894. Nobody repaired it."


def chat_answers() -> list[Text]:
    """Return answers of 80 houses, every other one with an advertisement."""
    from plug_passages import Text

    return [
        Text(
            "chat",
            f"chat:{n}",
            Article.from_text(
                f"Walk {n:02} hours. " + f"Try Gantrix Boots for {n} days. " * (n % 2) + REST
            ),
            plugs=(Span(15, 45),) * (n % 2),
            advertiser=f"house {n}",
        )
        for n in range(80)
    ]


def test_the_loaded_plug_model_gives_the_probabilities_of_the_trained_one(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    import list_models
    import train_plugs
    from plug_passages import Text

    aligner = Aligner(load_encoder(), TermExtractor(), load_rarity())
    texts = [
        Text(
            "plugs" if plugs else "lookalikes",
            f"g{n}",
            Article.from_text(text.format(n)),
            plugs=plugs,
        )
        for n in range(24)
        for text, plugs in (
            (
                "The council met on day {0}. Try Gantrix Hoists today for {0} days free." + REST,
                (Span(26, 70),),
            ),
            (
                "The council met on day {0}. Gantrix Hoists was fined {0} euros by the court."
                + REST,
                (),
            ),
        )
    ]
    texts += chat_answers()
    sample = train_plugs.read_all(texts, aligner)
    train_plugs.write(tmp_path, sample, sample.plain)
    list_models.main(["--folder", str(tmp_path)], standalone_mode=False)
    model = load_plug_model(PLUG_SIGNALS, tmp_path)
    rows = train_plugs.table_of(sample, train_plugs.unseen_scores(
        sample, sample.plain, train_plugs.folds_of(sample, "branch")
    ))  # fmt: skip
    trained = train_plugs.fit(sample, rows, np.arange(len(rows)))
    expected = trained.predict_proba(rows)[:, 1]
    assert expected.max() > 0.9 > 0.1 > expected.min()
    assert [model.stories.trees.probability(row) for row in rows] == pytest.approx(
        expected.tolist(), abs=1e-9
    )
    words = [words_score(plain, model.stories.words) for plain in sample.plain]
    learned = train_plugs.learn(sample, sample.plain, np.arange(len(rows)))
    both = learned.scores(sample.plain, sample.vectors)
    assert words == pytest.approx(both[:, 0].tolist())
    assert (sample.vectors @ model.stories.tone).tolist() == pytest.approx(
        both[:, 1].tolist(), abs=1e-5
    )


def test_turns_weigh_as_scikit_learns_rarity_and_length_have_them() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    import train_plugs
    from sklearn.feature_extraction.text import TfidfVectorizer

    aligner = Aligner(load_encoder(), TermExtractor(), load_rarity())
    sample = train_plugs.read_all(chat_answers(), aligner)
    told = [sentence.text for sentence in sample.sentences]
    learned = train_plugs.learn_answers(
        sample, [turns_of(text) for text in told], np.arange(len(told))
    )
    table = TfidfVectorizer(
        analyzer=lambda text: sorted(turns_of(text)),
        vocabulary=sorted(learned.words),
        lowercase=False,
    )
    table.fit([text for text, first in zip(told, sample.first, strict=True) if first])
    weights = np.array([learned.words[turn] for turn in sorted(learned.words)])
    found = [turns_score(turns_of(text), learned.words, learned.rarity) for text in told]
    assert found == pytest.approx((table.transform(told) @ weights).tolist(), abs=2e-3)
    assert min(np.array(found)[sample.truth]) > max(np.array(found)[~sample.truth])
