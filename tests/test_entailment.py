"""Claims about reading sentences beside passages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from detector.article import Article
from detector.encoders.static import StaticEncoder
from detector.entailment import FILE, MOST_PIECES, EntailmentReader
from detector.errors import ModelError
from detector.evidence.fabrication.case import PASSAGE as SENTENCES
from detector.shipped import model_folder, read_model

ROOT = Path(__file__).parent.parent
PASSAGE = (
    "Turnover at the glassworks rose by a tenth last year. The owner has rejected an offer from a "
    "rival and means to keep all four furnaces running."
)


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    """Return the shipped encoder, whose word pieces the reader reads."""
    return StaticEncoder.shipped()


@pytest.fixture(scope="module")
def reader(encoder: StaticEncoder) -> EntailmentReader:
    """Return the shipped reader."""
    return EntailmentReader.shipped(encoder)


@pytest.mark.parametrize(
    ("borne_out", "otherwise"),
    [
        ("Sales at the glass factory went up by ten percent.",
         "Sales at the glass factory went down by ten percent."),
        ("The proprietor turned down a competitor's bid.",
         "The proprietor accepted a competitor's bid."),
        ("None of the four furnaces will be shut.", "All four furnaces will be shut."),
    ],
)  # fmt: skip
def test_the_opposite_is_told_from_the_same_in_other_words(
    reader: EntailmentReader, borne_out: str, otherwise: str
) -> None:
    answers = reader.read([PASSAGE, PASSAGE], [borne_out, otherwise])
    assert answers.contradicted[0] < answers.contradicted[1]


def test_what_a_passage_lacks_is_told_from_what_it_says(reader: EntailmentReader) -> None:
    said, lacking = (
        "The owner wants to go on heating every furnace.",
        "Two workers were hurt at the glassworks in a fire in spring.",
    )
    answers = reader.read([PASSAGE, PASSAGE], [said, lacking])
    assert answers.lacking[0] + 2 < answers.lacking[1]
    assert answers.lacking[1] > 0
    assert answers.lacking[1] > answers.contradicted[1]


def kept_out(encoder: StaticEncoder) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is nearest to a statement in its passage, the statement, its verdict and span."""
    lines = (ROOT / "fixtures" / "statements_kept_out.jsonl").read_text(encoding="utf8")
    for record in map(json.loads, lines.splitlines()):
        told = [sentence.text for sentence in Article.from_text(record["passage"]).sentences]
        for each in record["statements"]:
            alike = encoder.encode(told) @ encoder.encode([each["text"]])[0]
            near = sorted(np.argsort(-alike, kind="stable")[:SENTENCES])
            yield " ".join(told[n] for n in near), each["text"], each["verdict"], each["span"]


def test_statements_that_nothing_was_learned_from_are_answered(
    reader: EntailmentReader, encoder: StaticEncoder
) -> None:
    passages, sentences, verdicts, _ = zip(*kept_out(encoder), strict=True)
    answers = reader.read(passages, sentences)
    none = np.zeros(len(sentences))
    best = np.column_stack([none, answers.contradicted, answers.lacking]).argmax(1)
    truth = ["supported contradicted unsupported comment".split().index(v) % 3 for v in verdicts]
    assert np.mean(best == truth) >= 0.8


def test_what_is_wrong_of_a_sentence_is_found_within_it(
    reader: EntailmentReader, encoder: StaticEncoder
) -> None:
    told = [
        (passage, sentence, span)
        for passage, sentence, _, span in kept_out(encoder)
        if span and len(span) < len(sentence) / 2
    ]
    passages, sentences, wrong = zip(*told, strict=True)
    answers = reader.read(passages, sentences)
    hits = []
    for sentence, span, pieces in zip(sentences, wrong, answers.pieces, strict=True):
        start = sentence.find(span)
        within = (pieces.starts < start + len(span)) & (pieces.ends > start)
        either = np.logaddexp(pieces.contradicted, pieces.lacking)
        hits.append(either[within].mean() > either[~within].mean())
    assert np.mean(hits) >= 0.75


def test_pieces_are_told_with_their_places(reader: EntailmentReader) -> None:
    sentence = "  Sales  at the glassworks (its “pride”) fell by 1,250."
    (pieces,) = reader.read([PASSAGE], [sentence]).pieces
    told = [sentence[a:b] for a, b in zip(pieces.starts, pieces.ends, strict=True)]
    assert "".join(told) == "".join(sentence.split())
    assert len(pieces.contradicted) == len(pieces.lacking) == len(told)


def test_a_pair_is_read_alike_whatever_stands_beside_it(reader: EntailmentReader) -> None:
    sentences = ["It grew.", "The owner sold out to a rival. " * 5, "x", PASSAGE] * 9
    together = reader.read([PASSAGE] * len(sentences), sentences)
    for n in range(4):
        alone = reader.read([PASSAGE], [sentences[n]])
        assert together.contradicted[n] == pytest.approx(alone.contradicted[0], abs=1e-3)
        assert together.lacking[n] == pytest.approx(alone.lacking[0], abs=1e-3)


def test_long_short_and_no_texts_are_read(reader: EntailmentReader) -> None:
    word = "furnace "
    answers = reader.read(["", word * 1_000, "", word], ["", "", word * 1_000, word * 1_000])
    assert np.isfinite(answers.contradicted).all()
    assert np.isfinite(answers.lacking).all()
    assert reader.read([], []).contradicted.shape == (0,)
    # Only its beginning is read.
    long = reader.read([word * MOST_PIECES, word * MOST_PIECES * 2], [word, word])
    assert long.lacking[0] == pytest.approx(long.lacking[1], abs=1e-3)


def test_numpy_reads_what_torch_has_learned(encoder: StaticEncoder) -> None:
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    pytest.importorskip("sklearn")
    sys.path.insert(0, str(ROOT / "scripts"))
    from train_entailment import Learner, Pair

    learner = Learner.__new__(Learner)
    torch.manual_seed(1)
    learner.encoder, learner.numbers = encoder, torch.arange(len(encoder.vocabulary) + 2)
    learner.body = transformers.BertModel(
        transformers.BertConfig(
            vocab_size=len(learner.numbers), hidden_size=48, num_hidden_layers=2,
            num_attention_heads=12, intermediate_size=96, hidden_act="gelu_pytorch_tanh",
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.3,
        ),
        add_pooling_layer=False,
    )  # fmt: skip
    learner.head, learner.piece_head = torch.nn.Linear(48, 3), torch.nn.Linear(48, 3)
    reader = EntailmentReader(learner.tensors(), encoder)
    sentences = ["Sales fell.", "The owner kept all furnaces running, he said.", "No."]
    pairs = [Pair(PASSAGE, sentence) for sentence in sentences]
    told = learner.answers(pairs)
    answers = reader.read([PASSAGE] * 3, sentences)
    # Matrices are rounded to 8 bits here and to 16 there.
    assert np.allclose(answers.contradicted, told.contradicted, atol=0.15)
    assert np.allclose(answers.lacking, told.lacking, atol=0.15)
    assert np.ptp(told.contradicted) > 1
    for here, there in zip(answers.pieces, told.pieces, strict=True):
        assert here.starts.tolist() == there.starts.tolist()
        assert np.allclose(here.contradicted, there.contradicted, atol=0.3)
        assert np.ptp(there.contradicted) > 0


def test_a_damaged_model_is_refused(encoder: StaticEncoder) -> None:
    with pytest.raises(ModelError, match="no entailment model"):
        EntailmentReader(b"nothing", encoder)
    tensors = load(read_model(FILE))
    del tensors["words"]
    with pytest.raises(ModelError, match="no entailment model"):
        EntailmentReader(save(tensors), encoder)


def test_a_model_for_other_word_pieces_is_refused(encoder: StaticEncoder) -> None:
    tensors = load((model_folder() / FILE).read_bytes())
    tensors["pieces"] = tensors["pieces"] ^ 1
    with pytest.raises(ModelError, match="other word pieces"):
        EntailmentReader(save(tensors), encoder)
