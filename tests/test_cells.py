"""Claims about cells and signs: exact whatever is computed together, and nearest where alike."""

from __future__ import annotations

import numpy as np
import pytest

from detector.cells import SIGNS, Cells, differences, learned


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


@pytest.mark.parametrize("has_count", [True, False])
def test_differences_are_those_from_the_most_alike_with_any_numpy(
    has_count: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detector.cells.SIGNS_BLOCK", 30)  # the last block is not full
    if not has_count:
        monkeypatch.delattr(np, "bitwise_count", raising=False)
    vectors = drawn(100)
    cells = made(vectors, monkeypatch)
    signs = cells.signs(vectors)
    apart = (bits(signs)[:, None] != bits(signs[:, :3])[None]).sum(axis=2).min(axis=1)
    assert differences(signs, signs[:, :3]).tolist() == apart.tolist()
    opposite = differences(~signs[:, :1], signs[:, :1])
    assert opposite.tolist() == [SIGNS]


def test_rows_alike_in_their_signs_are_near(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = drawn(2_000)
    cells = made(vectors, monkeypatch)
    near = np.round(vectors[:50] * 0.9 + vectors[50:100] * 0.3).astype(np.int8)
    for n, own in enumerate(cells.signs(near).T[:, :, None]):
        assert differences(cells.signs(vectors), own).argmin() == n
