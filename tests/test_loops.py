"""Claims about the loops of a search: compiled, they return the same to the last bit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import index as index_module
from detector import loops
from detector.article import Article
from detector.candidates import find_candidates
from detector.cells import SIGNS
from detector.index import Index
from detector.loops import NUMPY, TF_WEIGHTS, Bands, Entries, compiled

SEEDS = st.integers(0, 2**32 - 1)
ARTICLES = 200


def same(name: str, *arguments: object) -> None:
    """Assert that both forms return the same numbers, of the same kinds."""
    pytest.importorskip("numba")
    for argument in arguments:
        for each in argument if isinstance(argument, tuple) else (argument,):
            if isinstance(each, np.ndarray):
                each.flags.writeable = False  # as what is mapped from a file is
    found, expected = (getattr(form, name)(*arguments) for form in (compiled(), NUMPY))
    if not isinstance(found, tuple):
        found, expected = (found,), (expected,)
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()


def drawn_entries(draw: np.random.Generator) -> Entries:
    lengths = draw.integers(0, 9, draw.integers(0, 6))
    holders = [np.sort(draw.choice(ARTICLES, size, replace=False)) for size in lengths]
    ends = np.cumsum(lengths)
    return Entries(
        np.concatenate([np.zeros(0), *holders]).astype(np.uint16),
        draw.integers(1, 256, lengths.sum()).astype(np.uint8),
        draw.uniform(0.1, 30, ARTICLES).astype(np.float32),
        (ends - lengths).astype(np.int64),
        ends.astype(np.int64),
        draw.uniform(0, 12, len(lengths)).astype(np.float32),
        draw.uniform(0, 1, len(lengths)).astype(np.float32),
        TF_WEIGHTS,
    )


@settings(deadline=None)
@given(SEEDS)
def test_differences_are_the_same_compiled(seed: int) -> None:
    draw = np.random.default_rng(seed)
    signs = draw.integers(0, 2**64, (SIGNS // 64, 500), np.uint64)
    others = signs[:, : draw.integers(1, 5)] ^ np.uint64(draw.integers(0, 256))
    bounds = np.sort(draw.choice(501, 2 * draw.integers(0, 9), replace=False))
    same("differences", signs, bounds[::2].copy(), bounds[1::2].copy(), others)


@settings(deadline=None)
@given(SEEDS)
def test_scores_of_terms_are_the_same_compiled(seed: int) -> None:
    draw = np.random.default_rng(seed)
    entries = drawn_entries(draw)
    same("term_scores", entries)
    places = np.sort(draw.choice(ARTICLES, draw.integers(0, 60), replace=False))
    same("late_scores", entries, places)
    late = NUMPY.late_scores(entries, places)
    assert late.tolist() == NUMPY.term_scores(entries)[places].tolist()


@settings(deadline=None)
@given(SEEDS)
def test_what_passes_is_the_same_compiled(seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = np.where(draw.random((3, ARTICLES)) < 0.5, draw.random((3, ARTICLES)), 0)
    rows[2, draw.integers(0, ARTICLES)] = np.inf
    weights = draw.random(2)
    sums = rows[2] + rows[0] * weights[0] + rows[1] * weights[1]
    least = np.array([draw.choice(rows[0]), draw.choice(rows[1]), draw.choice(sums)])
    same("passing", tuple(rows), weights, least)


@settings(deadline=None)
@given(SEEDS)
def test_what_shares_a_band_is_the_same_compiled(seed: int) -> None:
    draw = np.random.default_rng(seed)
    holders = np.array([draw.permutation(ARTICLES) for _ in range(8)]).astype(np.uint16)
    bounds = np.sort(draw.integers(0, ARTICLES + 1, (2, 8)), axis=0)
    signatures = draw.integers(0, 3, (ARTICLES, 16)).astype(np.uint16)
    same("band_mates", Bands(holders, bounds[0], bounds[1], signatures, signatures[0]))


@pytest.mark.parametrize("has_count", [True, False])
def test_differences_are_those_from_the_most_alike_with_any_numpy(
    has_count: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "SIGNS_BLOCK", 30)  # the last block is not full
    if not has_count:
        monkeypatch.delattr(np, "bitwise_count", raising=False)
    signs = np.random.default_rng(1).integers(0, 2**64, (2, 120), np.uint64)
    bits = np.unpackbits(np.ascontiguousarray(signs.T).view(np.uint8), axis=1)
    apart = (bits[:, None] != bits[:3][None]).sum(axis=2).min(axis=1)
    found = loops.differences(signs, np.array([0, 50]), np.array([40, 120]), signs[:, :3])
    assert found.tolist() == [*apart[:40], *apart[50:]]
    one = np.array([0]), np.array([1])
    assert loops.differences(~signs, *one, signs[:, :1]).tolist() == [SIGNS]


def test_compiled_loops_take_over_when_they_pay_and_find_the_same(
    news: dict[str, Article], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = list(news.values())
    monkeypatch.setattr("detector.catalogue.SCANNED", 0)
    monkeypatch.setattr("detector.catalogue.MERGE_SIZES", (100,))
    monkeypatch.setattr("detector.cells.CELLS", 16)
    with Index.create(tmp_path / "sources.index") as index:
        for half in (articles[:60], articles[60:]):
            index.add(half)
            index.seal()
        before = [find_candidates(article, index) for article in articles[::9]]
        assert index.loops_for(1) is NUMPY
        monkeypatch.setattr(index_module, "KERNELS_PAY", 0)
        assert index.loops_for(1) == compiled() != NUMPY
        assert [find_candidates(article, index) for article in articles[::9]] == before


def test_a_few_searches_never_import_numba(tmp_path: Path) -> None:
    code = f"""
import sys
from detector.article import Article
from detector.candidates import find_candidates
from detector.index import Index
with Index.create({str(tmp_path / "few.index")!r}) as index:
    index.add([Article.from_text(f"Boat {{n}} left pier {{n}}.", id=str(n)) for n in range(9)])
    index.seal()
    find_candidates(Article.from_text("Boat 3 left pier 3."), index)
print('numba' in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_without_numba_the_loops_stay_in_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "find_spec", lambda name: None)
    assert compiled() is NUMPY
