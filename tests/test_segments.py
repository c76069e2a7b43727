"""Claims about segments: they hold and find what the SQLite file and plain arrays do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from detector import cells, segmentfile, shortlist
from detector.article import Article
from detector.candidates import find_candidates
from detector.catalogue import SEAL
from detector.encoders import Encoder, load_encoder
from detector.errors import IndexMismatch
from detector.index import Index
from detector.intake import BATCH
from detector.loops import NUMPY
from detector.segment import Segment, Table
from detector.segmentfile import MAGIC, is_whole, open_segment, write_segment


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="module")
def articles(news: dict[str, Article]) -> list[Article]:
    return list(news.values())


@pytest.fixture(scope="module")
def memory(articles: list[Article], encoder: Encoder) -> Index:
    """Return an index of the fixtures that compares everything with everything."""
    index = Index.in_memory(encoder)
    index.add(articles)
    return index


@pytest.fixture
def folder(tmp_path: Path, articles: list[Article], encoder: Encoder) -> Path:
    """Return the folder of an index of the fixtures: two segments, and seven in none."""
    with Index.create(tmp_path / "sealed.index", encoder) as index:
        for first, last in ((0, 60), (60, len(articles) - 7)):
            index.add(articles[first:last])
            index.seal()
        index.add(articles[-7:])
    return tmp_path / "sealed.index"


def segment_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("segment-*"))


def assert_same(a: Segment | Table, b: Segment | Table) -> None:
    for field in fields(a):
        one: Any = getattr(a, field.name)
        other: Any = getattr(b, field.name)
        if is_dataclass(one):
            assert_same(one, other)  # type: ignore[arg-type]
        elif isinstance(one, np.ndarray):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)


def found(index: Index, article: Article, **options: bool) -> list[tuple[Any, ...]]:
    return [
        (c.source, c.found_by, [*c.scores], c.terms.terms.tolist(), c.support)
        for c in find_candidates(article, index, **options)
    ]


def nearly(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return what was found, its scores compared to five decimals."""
    return [(*row[:2], pytest.approx(row[2], abs=1e-5), *row[3:]) for row in rows]


def test_segments_find_what_plain_arrays_find(
    folder: Path, memory: Index, articles: list[Article], encoder: Encoder
) -> None:
    with Index.open(folder, encoder) as index:
        assert [len(part.segment) for part in index.catalogue().parts] == [
            60,
            len(articles) - 67,
            7,
        ]
        for article in articles[::3]:
            assert found(index, article) == nearly(found(memory, article))
            earlier = found(index, article, earlier_only=True)
            assert earlier == nearly(found(memory, article, earlier_only=True))


def test_a_larger_index_compares_the_vectors_of_what_other_channels_put_first(
    folder: Path,
    memory: Index,
    articles: list[Article],
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("detector.shortlist", "detector.candidates"):
        monkeypatch.setattr(f"{module}.ALL_VECTORS", 20)
    monkeypatch.setattr(shortlist, "NEAREST", 15)
    compared = 0
    with Index.open(folder, encoder) as index:
        for article in articles[::3]:
            assert found(index, article) == nearly(found(memory, article))
            earlier = found(index, article, earlier_only=True)
            assert earlier == nearly(found(memory, article, earlier_only=True))
            compared += sum(scores[1] > 0 for _, _, scores, *_ in found(index, article))
        assert compared
        assert not any(part._floats for part in index.catalogue().parts)


@pytest.fixture
def large(folder: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """Return the index of the fixtures, searched as if it were too large to compare everything."""
    monkeypatch.setattr("detector.catalogue.SCANNED", 0)
    monkeypatch.setattr("detector.catalogue.MERGE_SIZES", (100,))
    monkeypatch.setattr(cells, "CELLS", 16)
    with Index.open(folder, encoder) as index:
        index.seal()
        assert len(segment_files(folder)) == len(index.catalogue().parts) < 3
        assert index.catalogue().cells is not None
        yield index


def test_a_large_index_passes_over_most_terms_and_vectors_and_finds_the_same_first(
    large: Index, memory: Index, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlist, "ENTRIES_READ", 100)
    monkeypatch.setattr(shortlist, "SIGNS_READ", 150)
    monkeypatch.setattr(shortlist, "ALIKE", 60)
    monkeypatch.setattr(shortlist, "COMPARED", 20)
    for article in articles[::3]:
        wanted, got = found(memory, article)[:1], found(large, article)[:1]
        assert got == nearly(wanted)


def test_a_large_index_that_reads_everything_finds_what_plain_arrays_find(
    large: Index, memory: Index, articles: list[Article]
) -> None:
    for article in articles[::5]:
        assert found(large, article) == nearly(found(memory, article))


def test_the_rows_compared_are_as_many_as_allowed_and_nearly_always_the_nearest(
    large: Index, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = large.catalogue()
    parts = [part.segment for part in catalogue.parts if part.segment.has_cells]
    vectors = cells.floats(np.concatenate([part.vectors for part in parts]))
    others = sum(len(part.segment.vectors) for part in catalogue.parts) - len(vectors)
    monkeypatch.setattr(shortlist, "COMPARED", len(vectors) // 8)
    shares = []
    for row in range(0, len(vectors), 7):
        rows = shortlist.compared_rows(vectors[row : row + 1], catalogue, NUMPY)
        assert sum(map(len, rows)) == len(vectors) // 8 + others
        compared = rows[0].tolist()
        assert compared == sorted(set(compared))
        nearest = np.argsort(-(vectors @ vectors[row]))[:5]
        shares.append(np.isin(nearest, compared).mean())
        assert row in compared
    assert len(parts) == 1
    assert np.mean(shares) > 0.9


def test_segments_of_an_earlier_version_are_made_anew_with_their_cells(
    large: Index, folder: Path, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detector.index.SEAL", 30)
    monkeypatch.setattr("detector.index.BATCH", 30)
    large._database.execute("UPDATE centroids SET rows = zeroblob(length(rows) * 2)")
    for file in segment_files(folder):
        file.write_bytes(file.read_bytes().replace(MAGIC, b"detector segment 1\n", 1))
    assert len(large.verify()) == len(segment_files(folder))
    assert large.rebuild() == len(articles)
    assert large.verify() == []
    made = large.catalogue().cells
    assert made is not None
    assert len(made.centroids) == 16
    assert find_candidates(articles[0].named("q"), large)[0].source == articles[0]


def test_what_is_read_by_row_is_what_the_map_shows(folder: Path) -> None:
    for file in segment_files(folder):
        segment = open_segment(file)
        in_memory = replace(segment, file=None)
        assert segment.file is not None
        for rows in ([], [3], [7, 0, 7, len(segment.vectors) - 1]):
            read = segment.vectors_of(np.array(rows, np.uint32))
            assert read.shape == (len(rows), segment.vectors.shape[1])
            assert np.array_equal(read, segment.vectors[rows])
        for place in range(len(segment)):
            one, other = segment.term_vector(place), in_memory.term_vector(place)
            assert np.array_equal(one.terms, other.terms)
            assert np.array_equal(one.counts, other.counts)


def test_a_segment_read_back_is_the_one_written(folder: Path, encoder: Encoder) -> None:
    with Index.open(folder, encoder) as index:
        for file in segment_files(folder):
            segment = open_segment(file)
            name, _ = write_segment(segment, folder)
            assert name == file.name
            assert_same(open_segment(file), segment)
        tail = index.catalogue().parts[-1].segment
        name, _ = write_segment(tail, folder)
        assert_same(open_segment(folder / name), tail)


def test_merged_segments_are_those_made_at_once(
    tmp_path: Path,
    folder: Path,
    articles: list[Article],
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("detector.catalogue.MERGE_SIZES", (len(articles),))
    with Index.open(folder, encoder) as index:
        index.seal()
        (together,) = index.catalogue().parts
        assert segment_files(folder) == [folder / together.name]
        assert index.verify() == []
    monkeypatch.undo()
    with Index.create(tmp_path / "once.index", encoder) as index:
        index.add(articles)
        index.seal()
        (once,) = index.catalogue().parts
        for name in ("terms", "headlines"):
            assert_same(getattr(together.segment, name), getattr(once.segment, name))
        for name in (
            "numbers",
            "signatures",
            "packed",
            "band_starts",
            "band_holders",
            "row_starts",
        ):
            np.testing.assert_array_equal(
                getattr(together.segment, name), getattr(once.segment, name)
            )


def test_terms_come_back_from_a_segment_as_they_were(
    folder: Path, memory: Index, articles: list[Article], encoder: Encoder
) -> None:
    with Index.open(folder, encoder) as index:
        for article in articles:
            here, there = (i.terms(i.number(article.id)) for i in (index, memory))
            assert (here.terms.tolist(), here.counts.tolist()) == (
                there.terms.tolist(), there.counts.tolist()
            )  # fmt: skip


def test_what_is_removed_from_a_segment_is_found_no_more(
    folder: Path, articles: list[Article], encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(folder, encoder) as reader, Index.open(folder, encoder) as index:
        assert len(reader) == len(articles)
        gone = [articles[3].id, articles[70].id, articles[-1].id]
        assert index.remove(gone) == 3
        for one in (reader, index):
            assert len(one) == len(articles) - 3
            assert one.verify() == []
            assert not {a.id for a in one} & set(gone)
            for article in (articles[3], articles[70], articles[-1]):
                candidates = find_candidates(article.named("query"), one)
                assert not {c.source.id for c in candidates} & set(gone)
        monkeypatch.setattr("detector.catalogue.MERGE_SIZES", (len(articles) - 1,))
        index.seal()
        assert [part.alive.all() for part in index.catalogue().parts] == [True]
        assert index.add([articles[3]]).added == 1
        assert len(reader) == len(articles) - 2


def test_a_reader_goes_on_while_segments_are_merged(
    folder: Path, articles: list[Article], encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(folder, encoder, read_only=True) as reader:
        before = found(reader, articles[5])
        catalogue = reader.catalogue()
        monkeypatch.setattr("detector.catalogue.MERGE_SIZES", (len(articles),))
        with Index.open(folder, encoder) as index:
            index.seal()
        assert catalogue.parts[0].segment.signatures.sum() > 0  # its file is gone, its pages not
        assert found(reader, articles[5]) == before
        assert len(reader.catalogue().parts) == 1


def test_a_segment_that_is_merged_while_it_is_opened_is_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = segment_files(folder)[0]

    def mapped(path: Path) -> segmentfile._Mapped:
        found = real(path)
        file.unlink()
        return found

    real = segmentfile._mapped
    monkeypatch.setattr(segmentfile, "_mapped", mapped)
    with pytest.raises(IndexMismatch, match=f"{file.name} cannot be read"):
        open_segment(file)


@pytest.mark.parametrize("damage", ["cut", "flipped", "gone", "other", "earlier"])
def test_damage_to_a_segment_is_told_and_mended(
    folder: Path, articles: list[Article], encoder: Encoder, damage: str
) -> None:
    file = segment_files(folder)[0]
    whole = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        flipped = whole[:-200] + bytes([whole[-200] ^ 1]) + whole[-199:]
        changed = {
            "cut": whole[:-100],
            "flipped": flipped,
            "other": b"no segment" + whole[10:],
            "earlier": whole.replace(MAGIC, b"detector segment 1\n", 1),
        }
        file.write_bytes(changed[damage])
    assert not is_whole(file)
    with Index.open(folder, encoder) as index:
        (fault,) = index.verify()
        assert fault == f"{file.name} is damaged: make it again with 'detector index rebuild'"
        if damage != "flipped":
            with pytest.raises(IndexMismatch, match=f"{file.name} cannot be read"):
                find_candidates(articles[0], index)
        assert index.rebuild() == 60
        assert index.verify() == []
        assert list(index) == articles
        assert find_candidates(articles[0].named("q"), index)[0].source == articles[0]


def test_thousands_of_articles_are_sealed_as_they_are_added(
    tmp_path: Path, encoder: Encoder
) -> None:
    boats = [Article.from_text(f"Boat {n} left pier {n}.", id=str(n)) for n in range(SEAL + 10)]
    with Index.create(tmp_path / "boats.index", encoder) as index:
        index.add(boats)
        assert [len(part.segment) for part in index.catalogue().parts] == [SEAL, 10]
        assert [file.read_bytes()[: len(MAGIC)] for file in segment_files(index.path)] == [MAGIC]
        assert (len(index), list(index), index.verify()) == (SEAL + 10, boats, [])


def test_twenty_kills_at_random_moments_lose_nothing_committed() -> None:
    script = ROOT / "scripts" / "benchmarks" / "index.py"
    options = ("kill", "--times", "20", "--seal", "512")
    done = subprocess.run(
        [sys.executable, str(script), *options],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout.splitlines()[-1])
    assert measured["kills"] == 20
    assert measured["articles"] >= BATCH
    assert measured["segments"] > 1
