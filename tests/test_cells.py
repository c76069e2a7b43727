"""Claims about cells and signs: exact whatever is computed together, and nearest where alike."""

from __future__ import annotations

import numpy as np
import pytest

from detector.cells import SIGNS, Cells, floats, learned
from detector.loops import differences


def drawn(rows: int, dimensions: int = 256) -> np.ndarray:
    """Draw 8-bit rows that have something in common, as texts' vectors do."""
    draw = np.random.default_rng(1)
    rows_ = draw.normal(size=(rows, dimensions)) + draw.normal(size=dimensions)
    rows_ *= 127 / np.linalg.norm(rows_, axis=1, keepdims=True)
    return np.round(rows_).astype(np.int8)


def made(vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> Cells:
    monkeypatch.setattr("detector.cells.CELLS", 8)
    return Cells.of(learned(vectors))


def bits(signs: np.ndarray) -> np.ndarray:
    """Return signs as rows of zeros and ones."""
    return np.unpackbits(np.ascontiguousarray(signs.T).view(np.uint8), axis=1)


@pytest.mark.parametrize("dimensions", [64, 256, 384])
def test_the_signs_of_a_row_do_not_depend_on_what_is_computed_with_it(
    dimensions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = drawn(40, dimensions)
    cells = made(vectors, monkeypatch)
    together = cells.signs(vectors)
    assert together.shape == (SIGNS // 64, 40)
    alone = [cells.signs(vectors[n : n + 1]) for n in range(40)]
    assert np.array_equal(together, np.concatenate(alone, axis=1))
    sums = (vectors.astype(np.int64) - cells.centre.astype(np.int64)) @ cells.directions.astype(int)
    assert np.array_equal(bits(together), sums > 0)


def test_directions_stand_at_right_angles_and_signs_are_evenly_spread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = drawn(2_000)
    cells = made(vectors, monkeypatch)
    products = cells.directions.T @ cells.directions
    assert np.array_equal(products, 256 * np.eye(SIGNS))
    shares = bits(cells.signs(vectors)).mean(axis=0)
    assert 0.4 < shares.min() < shares.max() < 0.6


def test_likeness_is_whole_and_does_not_depend_on_what_is_computed_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = drawn(60)
    cells = made(vectors, monkeypatch)
    signs = cells.signs(vectors)
    together = cells.likeness(signs, vectors[:3])
    alone = [cells.likeness(signs[:, n : n + 1], vectors[:3])[0] for n in range(60)]
    each = [cells.likeness(signs, vectors[n : n + 1]) for n in range(3)]
    assert together.tolist() == alone == np.max(each, axis=0).tolist()
    assert np.array_equal(together, np.round(together))
    assert together.argmax() in range(3)


def test_likeness_finds_more_of_the_nearest_than_signs_in_common_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = drawn(4_000)
    vectors[50:] = np.round(0.8 * vectors[50:] + 0.5 * np.resize(vectors[:50], (3_950, 256)))
    cells = made(vectors, monkeypatch)
    signs, found = cells.signs(vectors), {"alike": 0, "in common": 0}
    for n in range(50):
        nearest = np.argsort(-(floats(vectors) @ floats(vectors[n])), kind="stable")[:40]
        common = -differences(signs, *np.array([[0], [4_000]]), signs[:, n : n + 1]).astype(int)
        likeness = cells.likeness(signs, vectors[n : n + 1])
        for name, score in (("alike", likeness), ("in common", common)):
            found[name] += np.isin(nearest, np.argsort(-score, kind="stable")[:60]).sum()
    assert found["alike"] > found["in common"] + 50


def test_rows_alike_in_their_signs_are_near(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = drawn(2_000)
    cells = made(vectors, monkeypatch)
    near = np.round(vectors[:50] * 0.9 + vectors[50:100] * 0.3).astype(np.int8)
    for n, own in enumerate(cells.signs(near).T[:, :, None]):
        apart = differences(cells.signs(vectors), *np.array([[0], [2_000]]), own)
        assert apart.argmin() == n
