"""Claims about encoders: unit vectors, the same alone or in a batch, and near for one subject."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save_file
from stopwatch import cpu_seconds

import detector
from detector.article import Article
from detector.encoders import Encoder, load_encoder
from detector.encoders.static import StaticEncoder, unit
from detector.errors import MissingPackage, ModelError
from detector.shipped import model_folder

ROOT = Path(detector.__file__).parent.parent
SHIPPED = model_folder() / "static-encoder"
FERRY = "The ferry to Norrholm was cancelled on Monday after its gearbox failed."
BOAT = "Monday's boat to the island of Norrholm did not sail because of a broken gearbox."
BANK = "The central bank raised interest rates by a quarter point to slow inflation."
EVERY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("table.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    return tmp_path


def stories(name: str) -> dict[str, dict[str, str]]:
    lines = (ROOT / "fixtures" / name).read_text(encoding="utf8").splitlines()
    return {story["id"]: story for story in map(json.loads, lines)}


def test_the_static_encoder_is_the_default_and_says_which_it_is(encoder: Encoder) -> None:
    assert isinstance(encoder, StaticEncoder)
    assert encoder.name == load_encoder("static").name
    assert encoder.name.startswith(f"static-{encoder.dimensions}-")


def test_every_row_has_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode([FERRY, BANK, "a", "the", "1", "é 中 🛶", FERRY * 500])
    assert vectors.shape == (7, encoder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(7), abs=1e-5)


@settings(deadline=None)
@given(texts=st.lists(EVERY_TEXT, max_size=5))
def test_any_row_has_length_one_or_zero(encoder: Encoder, texts: list[str]) -> None:
    vectors = encoder.encode(texts)
    assert vectors.shape == (len(texts), encoder.dimensions)
    lengths = np.linalg.norm(vectors, axis=1)
    assert (np.isclose(lengths, 1, atol=1e-5) | (lengths == 0)).all()


def test_an_empty_text_gives_the_zero_vector(encoder: Encoder) -> None:
    vectors = encoder.encode(["", FERRY, " \n"])
    assert np.abs(vectors).sum(axis=1).tolist()[::2] == [0.0, 0.0]
    assert np.linalg.norm(vectors[1]) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_a_batch_gives_the_vectors_of_its_texts_alone(encoder: Encoder) -> None:
    texts = [FERRY, "", BANK, BOAT, "pier " * 700]
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert np.allclose(encoder.encode(texts), alone, atol=1e-6)


def test_words_that_were_read_before_give_the_same_vectors() -> None:
    texts = ["The harbour reopens.", "", "x" * 60, "The x" + "y" * 60, "The harbour."]
    encoder = StaticEncoder.shipped()
    first = encoder.encode(texts)
    assert encoder.encode(texts).tobytes() == first.tobytes()
    known = encoder.encode(["The harbour."])  # nothing new is left to read
    assert known.tobytes() == StaticEncoder.shipped().encode(["The harbour."]).tobytes()


@given(
    st.lists(
        st.text(
            st.one_of(
                st.sampled_from("aZ09 \n'’“”‘–—…#[]-_^`$%\\£éß北\u200b\x85\u0301"),
                st.characters(exclude_categories=["Cs"]),
            ),
            max_size=12,
        ),
        max_size=8,
    )
)
@settings(deadline=None)
def test_a_text_has_the_word_pieces_that_its_tokeniser_finds(
    encoder: StaticEncoder, texts: list[str]
) -> None:
    encoder._known.clear()
    encoder._words.clear()
    texts = [*texts, "[UNK] [PAD] don’t ##s Reuters-led, unaffiliated (CLS) " + "a" * 120]
    expected = [encoder._tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    assert encoder.pieces(texts) == expected
    assert encoder.pieces(texts) == expected  # from memory
    for text, numbers in zip(texts, expected, strict=True):
        if encoder.reads_stretches(text):
            assert encoder.stretch_pieces(text.split()).values.tolist() == numbers


def test_one_subject_is_near_and_another_is_far(encoder: Encoder) -> None:
    ferry, boat, bank = encoder.encode([FERRY, BOAT, BANK])
    assert ferry @ boat > 0.6
    assert max(ferry @ bank, boat @ bank) < 0.25


def test_unrelated_articles_stay_below_related_ones(encoder: Encoder) -> None:
    sources, labelled = stories("sources.jsonl"), stories("labelled.jsonl")
    subjects = np.array([id.split("-")[0] for id in sources])
    known = encoder.encode([source["text"] for source in sources.values()])
    derived = {id: story for id, story in labelled.items() if story["sources"]}
    cosines = encoder.encode([story["text"] for story in derived.values()]) @ known.T
    for id, row in zip(derived, cosines, strict=True):
        own = subjects == id.split("-")[0]
        assert row[own].max() > row[~own].max(), id


def test_sentences_of_unrelated_articles_are_far_apart(encoder: Encoder) -> None:
    owners, vectors = [], []
    for id, source in stories("sources.jsonl").items():
        sentences = [sentence.text for sentence in Article.from_text(source["text"]).sentences]
        owners += [id.split("-")[0]] * len(sentences)
        vectors.append(encoder.encode(sentences))
    rows, subjects = np.vstack(vectors), np.array(owners)
    unrelated = (rows @ rows.T)[subjects[:, None] != subjects]
    assert abs(np.median(unrelated)) < 0.1
    assert np.quantile(unrelated, 0.99) < 0.45


def test_a_megabyte_is_encoded_in_bounded_time(encoder: Encoder) -> None:
    assert cpu_seconds(lambda: encoder.encode([FERRY * 14_000])) < 10


def test_rows_of_zeros_stay_zeros_when_scaled() -> None:
    vectors = np.array([[3, 4], [0, 0]], np.float32)
    assert unit(vectors) == pytest.approx(np.array([[0.6, 0.8], [0, 0]]))


def test_an_encoder_loads_from_its_folder(folder: Path, encoder: Encoder) -> None:
    loaded = load_encoder(str(folder))
    assert loaded.name == encoder.name
    assert np.array_equal(loaded.encode([FERRY]), encoder.encode([FERRY]))


def test_another_table_has_another_name(folder: Path, encoder: Encoder) -> None:
    tensors = load((folder / "table.safetensors").read_bytes())
    tensors["scale"] = tensors["scale"] * np.float32(2)
    save_file(tensors, folder / "table.safetensors")
    assert load_encoder(str(folder)).name != encoder.name


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("table.safetensors", b""),
        ("table.safetensors", b"no table"),
        ("table.safetensors", (SHIPPED / "table.safetensors").read_bytes()[:100_000]),
        ("tokenizer.json", b""),
        ("tokenizer.json", b"{}"),
        ("tokenizer.json", b"\xff\xfe"),
    ],
    ids=["empty table", "no table", "cut table", "empty tokenizer", "no tokenizer", "no text"],
)
def test_a_broken_folder_is_named(folder: Path, file: str, content: bytes) -> None:
    (folder / file).write_bytes(content)
    with pytest.raises(ModelError, match=r"^this is no static encoder \(.*\): make one again$"):
        load_encoder(str(folder))


def test_a_table_without_its_centre_is_named(folder: Path) -> None:
    tensors = load((folder / "table.safetensors").read_bytes())
    del tensors["centre"]
    save_file(tensors, folder / "table.safetensors")
    with pytest.raises(ModelError, match="'centre'"):
        load_encoder(str(folder))


def test_a_transformer_without_its_package_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(
        MissingPackage, match=r"pip install 'derivative-detector\[transformer\]', or use --encoder"
    ):
        load_encoder("minilm")


def test_an_unknown_transformer_is_one_clear_line() -> None:
    code = (
        "from detector.encoders import load_encoder\n"
        "from detector.errors import MissingPackage, ModelError\n"
        "try:\n    load_encoder('nobody/no-such-model')\n"
        "except (MissingPackage, ModelError) as error:\n    print(repr(str(error)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout.strip()
    assert "nobody/no-such-model" in said
    assert "\\n" not in said
