"""Claims about sketches: datasketch's own signatures, and what bands and estimates mean."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from stopwatch import cpu_seconds

import detector
from detector.errors import SketchMismatch
from detector.sketch import BLOCK, Sketcher, SketchSpec, jaccard, shingle_hashes

ROOT = Path(detector.__file__).parent.parent
FERRY = "The ferry to Norrholm was cancelled on Monday, and nobody on the pier knew why."
SPECS = [SketchSpec(), SketchSpec(shingle_words=5, bands=16, rows=4, seed=7), SketchSpec(1, 3, 1)]


@pytest.fixture(scope="module")
def sketcher() -> Sketcher:
    return Sketcher()


def shingles(text: str, words: int) -> set[str]:
    tokens = re.findall(r"\w+", text.casefold())
    return {" ".join(tokens[i : i + words]) for i in range(max(1, len(tokens) - words + 1))}


def by_datasketch(text: str, spec: SketchSpec) -> np.ndarray:
    signature = MinHash(
        num_perm=spec.permutations, seed=spec.seed, scheme="affine32", hashfunc=crc32
    )
    signature.update_batch(
        [shingle.encode("utf8", "surrogatepass") for shingle in shingles(text, spec.shingle_words)]
    )
    return signature.hashvalues


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize(
    "text",
    ["", "ferry", FERRY, "é 中 ﬃ İ ß", " ".join(f"w{i}" for i in range(2 * BLOCK + 5))],
    ids=["empty", "word", "sentence", "unicode", "several blocks"],
)
def test_a_signature_is_datasketch_s_bit_by_bit(spec: SketchSpec, text: str) -> None:
    signature = Sketcher(spec).sign(text)
    assert signature.dtype == np.uint32
    assert signature.tolist() == by_datasketch(text, spec).tolist()


def test_signatures_of_real_articles_are_datasketch_s(sketcher: Sketcher) -> None:
    lines = (ROOT / "fixtures" / "sources.jsonl").read_text(encoding="utf8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    expected = [by_datasketch(text, sketcher.spec).tolist() for text in texts]
    assert sketcher.sign_many(texts).tolist() == expected


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_text_has_datasketch_s_signature(text: str) -> None:
    spec = SketchSpec(2, 4, 2)
    assert Sketcher(spec).sign(text).tolist() == by_datasketch(text, spec).tolist()


def test_datasketch_reads_a_signature_made_here(sketcher: Sketcher) -> None:
    ours = MinHash(
        num_perm=128, seed=1, scheme="affine32", hashvalues=sketcher.sign(FERRY), hashfunc=crc32
    )
    theirs = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=crc32)
    theirs.update_batch([shingle.encode() for shingle in shingles(FERRY, 3)])
    assert ours.jaccard(theirs) == 1.0


def test_many_signatures_are_the_single_ones(sketcher: Sketcher) -> None:
    texts = [FERRY, "", "another pier"]
    expected = [sketcher.sign(text).tolist() for text in texts]
    assert sketcher.sign_many(iter(texts)).tolist() == expected
    assert sketcher.sign_many([]).shape == (0, 128)


@given(
    texts=st.lists(st.text(st.sampled_from("aB_É’ß \n-0"), max_size=30), max_size=6),
    size=st.integers(1, 5),
    long=st.integers(1, 300),
)
@example(texts=[], size=2, long=200_000)
def test_the_words_of_stretches_have_the_signatures_of_their_texts(
    texts: list[str], size: int, long: int
) -> None:
    sketcher = Sketcher(SketchSpec(shingle_words=size))
    texts = [*texts, "ü" * long + " a " + "b" * long]
    rows = [sketcher.stretch_words(text.split()) for text in texts]
    words = np.concatenate([row.values for row in rows])
    ends = np.cumsum([len(row.values) for row in rows])
    spans = np.stack([[0, *ends[:-1]], ends], axis=1)
    assert sketcher.sign_words(words, spans).tolist() == sketcher.sign_many(texts).tolist()


def test_signatures_are_the_same_in_every_process(sketcher: Sketcher) -> None:
    code = f"from detector.sketch import Sketcher; print(Sketcher().sign({FERRY!r}).tolist())"
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "5", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert json.loads(printed) == sketcher.sign(FERRY).tolist()


def test_case_and_punctuation_change_no_shingle() -> None:
    assert shingle_hashes("A b, C d!", 3).tolist() == shingle_hashes("a B c - d", 3).tolist()
    assert sorted(crc32(s) for s in (b"a b c", b"b c d")) == shingle_hashes("a b c d", 3).tolist()


def test_a_repeated_shingle_counts_once() -> None:
    assert shingle_hashes("a b a b a b", 2).tolist() == sorted([crc32(b"a b"), crc32(b"b a")])


@pytest.mark.parametrize("shared", [0, 20, 50, 80, 100])
def test_the_estimate_keeps_its_error_bound(sketcher: Sketcher, shared: int) -> None:
    spec = sketcher.spec
    errors = []
    for trial in range(40):
        common = " ".join(f"c{trial}x{i}" for i in range(shared + 2)) if shared else "solo"
        pair = [f"{common} " + " ".join(f"{side}{trial}x{i}" for i in range(200)) for side in "ab"]
        first, second = (shingles(text, spec.shingle_words) for text in pair)
        truth = len(first & second) / len(first | second)
        errors.append(jaccard(*sketcher.sign_many(pair)) - truth)
    bound = 0.5 / spec.permutations**0.5
    assert np.sqrt(np.mean(np.square(errors))) <= 1.15 * bound
    assert abs(np.mean(errors)) <= 3 * bound / 40**0.5
    assert max(np.abs(errors)) <= 4 * bound


def test_an_article_is_all_like_itself_and_not_at_all_like_another(sketcher: Sketcher) -> None:
    one, other = sketcher.sign_many([FERRY, " ".join(f"w{i}" for i in range(50))])
    assert (jaccard(one, one), jaccard(one, other)) == (1.0, 0.0)


def test_signatures_of_different_length_are_not_compared(sketcher: Sketcher) -> None:
    shorter = Sketcher(SketchSpec(bands=32)).sign(FERRY)
    with pytest.raises(
        SketchMismatch,
        match=r"^signatures of 128 and 64 permutations cannot be compared: make both with the same",
    ):
        jaccard(sketcher.sign(FERRY), shorter)


@settings(deadline=None)
@given(arrays(np.uint32, (5, 8), elements=st.sampled_from([0, 1, 2, 2**31, 2**32 - 1])))
def test_two_texts_share_a_band_where_their_rows_are_equal(signatures: np.ndarray) -> None:
    keys = Sketcher(SketchSpec(bands=4, rows=2)).bands(signatures)
    rows = signatures.reshape(5, 4, 2)
    assert (keys.shape, keys.dtype) == ((5, 4), np.uint64)
    for one in range(5):
        for other in range(5):
            equal = (rows[one] == rows[other]).all(axis=1)
            assert (keys[one] == keys[other]).tolist() == equal.tolist()


def test_the_same_rows_in_two_bands_have_two_keys() -> None:
    keys = Sketcher(SketchSpec(bands=64, rows=2)).bands(np.zeros((1, 128), np.uint32))
    assert len(set(keys[0].tolist())) == 64


def test_a_spec_names_its_settings() -> None:
    assert SketchSpec().to_dict() == {"shingle_words": 3, "bands": 64, "rows": 2, "seed": 1}
    assert SketchSpec(5, 16, 4).permutations == 64


@pytest.mark.parametrize("piece", ["a", "a ", " ", "word ", "é "])
def test_a_megabyte_is_signed_in_bounded_time(sketcher: Sketcher, piece: str) -> None:
    assert cpu_seconds(lambda: sketcher.sign(piece * (1_000_000 // len(piece)))) < 5
