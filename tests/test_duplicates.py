"""Claims about near-duplicates: what is found is exactly alike enough, whoever computes it."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from detector import duplicates
from detector.duplicates import near_duplicates
from detector.sketch import shingle_hashes


def collection(count: int) -> list[str]:
    """Texts of which every third is the one before it with some words changed."""
    chance = random.Random(4)
    texts: list[str] = []
    for n in range(count):
        if n % 3:
            texts.append(" ".join(f"w{chance.randrange(10**6)}" for _ in range(120)))
        else:
            words = (texts[-1] if texts else "pier " * 120).split()
            for _ in range(chance.randrange(8)):
                words[chance.randrange(len(words))] = "changed"
            texts.append(" ".join(words))
    return texts


def truth(texts: list[str], threshold: float) -> dict[tuple[int, int], float]:
    sets = [set(shingle_hashes(text, 5).tolist()) for text in texts]
    alike = {
        (i, j): len(sets[i] & sets[j]) / len(sets[i] | sets[j])
        for i, j in combinations(range(len(texts)), 2)
    }
    return {pair: value for pair, value in alike.items() if value >= threshold}


@pytest.mark.parametrize("compiled", [True, False])
def test_the_pairs_found_are_the_true_ones(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "has_kernel", lambda: compiled)
    texts = collection(90)
    found = near_duplicates(texts)
    expected = truth(texts, 0.8)
    assert 5 < len(expected) < 30
    assert [tuple(pair) for pair in found.pairs.tolist()] == sorted(expected)
    assert found.jaccard.tolist() == [expected[pair] for pair in sorted(expected)]
    assert (found.containment >= found.jaccard).all()


def test_a_copied_half_is_contained_whole() -> None:
    whole = " ".join(f"w{n}" for n in range(104))
    half = " ".join(f"w{n}" for n in range(90))
    found = near_duplicates([whole, "nothing like it", half])
    assert found.pairs.tolist() == [[0, 2]]
    assert (found.jaccard.tolist(), found.containment.tolist()) == ([86 / 100], [1.0])


def test_texts_of_one_template_are_passed_over_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(duplicates, "BUCKET", 10)
    found = near_duplicates(["the same words stand in all of them"] * 11 + ["a b c d e f"] * 2)
    assert found.pairs.tolist() == [[11, 12]]
    assert found.buckets_passed_over == duplicates.SPEC.bands


@pytest.mark.parametrize("compiled", [True, False])
def test_copies_are_pairs_with_one_another_and_with_all_that_is_like_them(
    compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "has_kernel", lambda: compiled)
    whole = " ".join(f"w{n}" for n in range(104))
    cut = " ".join(f"w{n}" for n in range(95))
    found = near_duplicates([cut, whole, "a b", cut, whole, "", ""])
    alike = {(0, 3): 1.0, (1, 4): 1.0, (5, 6): 1.0} | {
        pair: 91 / 100 for pair in [(0, 1), (0, 4), (1, 3), (3, 4)]
    }
    assert [tuple(pair) for pair in found.pairs.tolist()] == sorted(alike)
    assert found.jaccard.tolist() == [alike[pair] for pair in sorted(alike)]
    assert found.checked == 1


@pytest.mark.parametrize("compiled", [True, False])
def test_a_pair_counts_once_in_the_first_band_that_is_not_passed_over(
    compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "BUCKET", 10)
    rows = duplicates.SPEC.rows
    signatures = np.random.default_rng(1).integers(0, 2**32, (20, 128), dtype=np.uint32)
    signatures[:11, :rows] = 7  # a full bucket
    for band in (3, 5):  # where 2 and 4 meet, and again
        signatures[4, rows * band : rows * (band + 1)] = signatures[
            2, rows * band : rows * (band + 1)
        ]
    signatures[15] = signatures[12]
    copies = np.ones(20, np.int64)
    copies[[1, 18]] = 2
    finder = duplicates._Compiled(1) if compiled else duplicates._Plain()
    pairs, passed_over = finder.candidates(signatures, copies, 3 * rows)
    assert sorted(pairs.tolist()) == [[1, 1], [2, 4], [12, 15], [18, 18]]
    assert passed_over == 1


def test_texts_that_hang_together_are_compared_together() -> None:
    chain = np.array([[0, 900], [3, 7], [5, 900], [5, 901], [7, 800]])
    (part,) = duplicates._parts(chain, 1_000)
    assert part.tolist() == [[0, 900], [5, 900], [5, 901], [3, 7], [7, 800]]


@pytest.mark.parametrize("texts", [[], ["one text"], ["a b c d e f g", "h i j k l m n o"]])
def test_without_likeness_there_is_no_pair(texts: list[str]) -> None:
    found = near_duplicates(texts)
    assert (found.pairs.shape, found.checked) == ((0, 2), 0)
