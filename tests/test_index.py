"""Claims about the index: what is added is there, whole, whatever happens to the process."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save_file

import detector
from detector import intake
from detector.article import Article, Rights
from detector.candidates import find_candidates
from detector.encoders import Encoder, load_encoder
from detector.errors import IndexMismatch
from detector.index import FILE, AddCount, Index, IndexInfo
from detector.intake import BATCH
from detector.shipped import model_folder
from detector.sketch import SketchSpec

ROOT = Path(detector.__file__).parent.parent
FERRY = Article(
    text="The ferry to Norrholm was cancelled on Monday\r\nby its owner, a dairy. 🛶 \0",
    id="ferry",
    title="No boat to Norrholm",
    url="https://boats.example/1",
    site="boats.example",
    author="Anna Vik",
    published=Article.from_text("a", published="2025-11-13T08:00:00.5+01:00").published,
    rights=Rights(
        "https://boats.example/1", "wire.example", sponsored=True, links=("https://gull.example/",)
    ),
)
BANK = Article.from_text("The bank raised its rates by a quarter point on Tuesday.", id="bank")
PIER = Article.from_text("A pier of 1899 fell into the sea, and no one was hurt.", id="pier")
# Adds numbered articles and tells when each is asked for: the article numbered BATCH * k is asked
# for when k batches are committed.
ADDING = """
import sys
from detector.article import Article
from detector.index import Index

def articles(count):
    for n in range(count):
        print(n, flush=True)
        yield Article.from_text(f"Boat {n} of the fleet left pier {n * 7} at noon.", id=str(n))

with Index.open(sys.argv[1]) as index:
    index.add(articles(int(sys.argv[2])))
"""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture
def folder(tmp_path: Path, encoder: Encoder) -> Path:
    """Return the folder of an index that holds three articles."""
    with Index.create(tmp_path / "sources.index", encoder) as index:
        index.add([FERRY, BANK, PIER])
    return tmp_path / "sources.index"


def change(folder: Path, statement: str) -> None:
    """Change the file of an index behind its back."""
    database = sqlite3.connect(folder / FILE)
    database.execute(statement)
    database.commit()
    database.close()


def start_adding(folder: Path, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ADDING, str(folder), str(count)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def read_until(process: subprocess.Popen[str], number: int) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) == number:
            return
    raise AssertionError(f"the process ended before article {number}")


def test_what_is_added_comes_back_as_it_was(encoder: Encoder) -> None:
    index = Index.in_memory(encoder)
    assert index.add([FERRY, BANK]) == AddCount(added=2, already_there=0, refused=())
    assert index.get("ferry") == FERRY
    assert index.get("bank") == BANK
    assert index.get("pier") is None
    assert (len(index), list(index)) == (2, [FERRY, BANK])


def test_an_index_in_a_folder_outlives_its_process(folder: Path, encoder: Encoder) -> None:
    with Index.open(folder, encoder) as index:
        assert list(index) == [FERRY, BANK, PIER]
        assert index.add([Article.from_text("A fourth.", id="4")]).added == 1
    with Index.open(folder) as index:
        assert [article.id for article in index] == ["ferry", "bank", "pier", "4"]
        assert index.encoder.name == encoder.name


def test_an_index_says_what_it_is(folder: Path, encoder: Encoder) -> None:
    with Index.open(folder, encoder) as index:
        size = sum(file.stat().st_size for file in folder.iterdir())
        assert index.info() == IndexInfo(3, encoder.name, SketchSpec(), size)
    assert Index.in_memory(encoder).info() == IndexInfo(0, encoder.name, SketchSpec(), 0)


def test_an_index_of_an_earlier_version_is_read_as_it_is_and_completed_when_written_to(
    tmp_path: Path, encoder: Encoder
) -> None:
    folder = tmp_path / "old.index"
    shown = Article.from_text("The ferry sank in May.", id="a", site="a.example")
    with Index.create(folder, encoder) as index:
        index.add([shown])
    with sqlite3.connect(folder / FILE) as database:
        database.execute("DROP INDEX articles_by_site")

    def has_index() -> bool:
        query = "SELECT count(*) FROM sqlite_master WHERE name = 'articles_by_site'"
        with sqlite3.connect(folder / FILE) as database:
            return bool(database.execute(query).fetchone()[0])

    with Index.open(folder, encoder, read_only=True) as index:
        assert index.of_site("a.example", 5) == [shown]
    assert not has_index()
    with Index.open(folder, encoder) as index:
        assert index.of_site("a.example", 5) == [shown]
    assert has_index()


def test_the_same_article_twice_is_kept_once(encoder: Encoder) -> None:
    index = Index.in_memory(encoder)
    assert index.add([BANK, BANK, FERRY]) == AddCount(2, 1, ())
    assert index.add([FERRY, PIER]) == AddCount(1, 1, ())
    assert list(index) == [BANK, FERRY, PIER]


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_that_work_ahead_make_the_same_index(
    workers: int, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "BATCH", 2)  # so that several batches are under way
    boats = [Article.from_text(f"Boat {n} left the pier.", id=str(n)) for n in range(7)]
    other = Article.from_text("Boat 3 came back.", id="3")
    index, one_by_one = (Index.in_memory(encoder) for _ in range(2))
    told = index.add([*boats, boats[5], other, FERRY, boats[6]], workers=workers)
    assert told == AddCount(added=8, already_there=2, refused=("3",))
    for article in (*boats, FERRY):
        one_by_one.add([article])
    for article in (*boats, FERRY):
        assert index.get(article.id) == article
        numbers = [each.number(article.id) for each in (index, one_by_one)]
        assert numbers[0] == numbers[1]
    found, expected = index.arrays(), one_by_one.arrays()
    assert np.array_equal(found.signatures, expected.signatures)
    assert np.allclose(found.vectors, expected.vectors, atol=0.01)


def test_another_text_under_a_known_id_is_refused(encoder: Encoder) -> None:
    index = Index.in_memory(encoder)
    other = PIER.named("bank")
    assert index.add([BANK, other]) == AddCount(1, 0, ("bank",))
    assert index.add([other, FERRY]) == AddCount(1, 0, ("bank",))
    assert list(index) == [BANK, FERRY]


def test_what_is_removed_is_gone_and_may_be_added_again(folder: Path, encoder: Encoder) -> None:
    with Index.open(folder, encoder) as index:
        assert index.remove(["bank", "bank", "nobody"]) == 1
        assert (index.get("bank"), list(index)) == (None, [FERRY, PIER])
        assert [c.source.id for c in find_candidates(BANK.named("q"), index)] != ["bank"]
        assert index.add([BANK]).added == 1
        assert list(index) == [FERRY, PIER, BANK]
        assert index.verify() == []


def test_rows_keep_their_numbers_when_one_is_removed(encoder: Encoder) -> None:
    index = Index.in_memory(encoder)
    index.add([FERRY, BANK, PIER])
    number = index.number("pier")
    index.remove(["bank"])
    assert index.number("pier") == number
    assert index.article(number) == PIER
    assert index.number("nobody") == number + 1
    with pytest.raises(IndexMismatch, match="was removed while it was searched for"):
        index.article(number - 1)


def test_an_empty_index_holds_nothing(encoder: Encoder) -> None:
    index = Index.in_memory(encoder)
    assert (len(index), list(index), index.number("x"), index.remove(["x"])) == (0, [], 0, 0)
    assert index.add([]) == AddCount(0, 0, ())
    assert index.verify() == []


def test_more_than_one_batch_keeps_its_order(encoder: Encoder) -> None:
    index = Index.in_memory(encoder)
    articles = [Article.from_text(f"boat {n}", id=str(n)) for n in range(2 * BATCH + 1)]
    assert index.add(iter(articles)).added == 2 * BATCH + 1
    assert list(index) == articles


def test_an_index_in_memory_finds_what_one_in_a_folder_finds(
    folder: Path, encoder: Encoder
) -> None:
    memory = Index.in_memory(encoder)
    memory.add([FERRY, BANK, PIER])
    with Index.open(folder, encoder) as index:
        for article in (FERRY.named("q"), BANK, PIER):
            assert find_candidates(article, memory) == find_candidates(article, index)


def test_an_index_in_memory_travels_as_bytes(encoder: Encoder) -> None:
    index = Index.in_memory(encoder)
    index.add([FERRY, BANK])
    content = index.portable()
    assert isinstance(content, bytes)
    copy = Index.from_portable(content)
    assert list(copy) == [FERRY, BANK]
    assert find_candidates(PIER, copy) == find_candidates(PIER, index)
    copy.add([PIER])
    assert (len(copy), len(index)) == (3, 2)


def test_an_index_in_a_folder_travels_as_its_path(folder: Path, encoder: Encoder) -> None:
    with Index.open(folder, encoder) as index:
        assert index.portable() == folder
        with Index.from_portable(index.portable(), encoder) as copy:
            assert list(copy) == list(index)


def test_a_missing_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(
        IndexMismatch, match=r"holds no index \(no index.sqlite\): make one with 'detector index"
    ):
        Index.open(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_an_index_is_not_made_over_another(folder: Path, encoder: Encoder) -> None:
    with pytest.raises(IndexMismatch, match="holds an index already: open it, or name another"):
        Index.create(folder, encoder)
    with Index.open(folder, encoder) as index:
        assert len(index) == 3


def test_an_index_of_another_format_is_refused(folder: Path) -> None:
    change(folder, "UPDATE meta SET value = '0' WHERE key = 'format'")
    with pytest.raises(IndexMismatch, match="is an index of format 0; this version reads format 1"):
        Index.open(folder)


def test_an_index_with_other_sketches_is_refused(folder: Path) -> None:
    change(folder, "UPDATE meta SET value = replace(value, '64', '32') WHERE key = 'sketch'")
    with pytest.raises(IndexMismatch, match=r'was sketched with \{"bands": 32, .*build it again'):
        Index.open(folder)


def test_an_index_of_another_encoder_is_refused(
    tmp_path: Path, folder: Path, encoder: Encoder
) -> None:
    other = Path(shutil.copytree(model_folder() / "static-encoder", tmp_path / "encoder"))
    tensors = load((other / "table.safetensors").read_bytes())
    tensors["scale"] = tensors["scale"] * np.float32(2)
    save_file(tensors, other / "table.safetensors")
    second = load_encoder(str(other))
    with pytest.raises(
        IndexMismatch, match=f"vectors of the encoder {encoder.name}; this run uses {second.name}"
    ):
        Index.open(folder, second)
    with Index.create(tmp_path / "second", second) as index:
        assert index.add([BANK]).added == 1
    with pytest.raises(IndexMismatch, match=f"vectors of the encoder {second.name}"):
        Index.open(tmp_path / "second")
    with Index.open(tmp_path / "second", second) as index:
        assert list(index) == [BANK]


@pytest.mark.parametrize("content", [b"", b"no database " * 1_000, None], ids=["0", "text", "cut"])
def test_a_file_that_is_no_index_is_refused(folder: Path, content: bytes | None) -> None:
    whole = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(IndexMismatch, match="is no index of this program"):
        Index.open(folder)


def test_verify_finds_articles_without_a_fingerprint(folder: Path, encoder: Encoder) -> None:
    with Index.open(folder, encoder) as index:
        assert index.verify() == []
    change(folder, "DELETE FROM fingerprints WHERE n = 2")
    with Index.open(folder, encoder) as index:
        assert index.verify() == ["1 articles without a fingerprint: build the index again"]
        index.remove(["bank"])
        index.add([BANK])
        assert index.verify() == []


def test_a_failing_batch_leaves_nothing_of_itself(folder: Path, encoder: Encoder) -> None:
    def articles() -> Iterator[Article]:
        for n in range(BATCH + 5):
            yield Article.from_text(f"boat {n}", id=str(n))
        raise RuntimeError("the crawl broke off")

    with Index.open(folder, encoder) as index:
        with pytest.raises(RuntimeError, match="the crawl broke off"):
            index.add(articles())
        assert len(index) == 3 + BATCH
        assert index.add([Article.from_text("after", id="after")]).added == 1
        assert index.verify() == []


@pytest.mark.parametrize(
    ("reached", "delay"), [(10, 0.0), (BATCH, 0.0), (2 * BATCH - 1, 0.03), (3 * BATCH - 1, 0.1)]
)
def test_a_killed_process_leaves_whole_batches(
    folder: Path, encoder: Encoder, reached: int, delay: float
) -> None:
    process = start_adding(folder, 100_000)
    read_until(process, reached)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with Index.open(folder, encoder) as index:
        ids = [article.id for article in index]
        added = len(ids) - 3
        assert added >= reached // BATCH * BATCH
        assert added % BATCH == 0
        assert ids == ["ferry", "bank", "pier", *(str(n) for n in range(added))]
        assert index.verify() == []
        assert index.add([Article.from_text("after", id="after")]).added == 1


def test_one_process_reads_while_another_adds(folder: Path, encoder: Encoder) -> None:
    counts, found = [3], set()
    process = start_adding(folder, 100_000)  # more than it adds until the reader has seen enough
    with Index.open(folder, encoder) as index:
        while len(set(counts)) < 6:
            assert process.poll() is None, "the writer ended before the reader saw six states"
            counts.append(len(index))
            found.add(find_candidates(BANK.named("q"), index)[0].source.id)
            assert index.get("ferry") == FERRY
        process.kill()
        process.communicate()
        assert index.verify() == []
    assert counts == sorted(counts)
    assert {(count - 3) % BATCH for count in counts} == {0}
    assert found == {"bank"}


def test_several_threads_may_search_one_index(encoder: Encoder) -> None:
    index = Index.in_memory(encoder)
    words = [f"word{n}" for n in range(400)]
    rng = random.Random(3)
    articles = [Article.from_text(" ".join(rng.choices(words, k=80)), id=str(n)) for n in range(60)]
    index.add(articles)
    expected = [find_candidates(article, index) for article in articles]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda a: find_candidates(a, index), articles)) == expected


def test_an_index_opened_to_read_refuses_to_be_written(
    tmp_path: Path, sources: tuple[Article, ...]
) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add(sources[:2])
    with Index.open(tmp_path / "index", read_only=True) as index:
        assert len(index) == 2
        with pytest.raises(IndexMismatch, match="readonly"):
            index.add(sources[2:3])
        with pytest.raises(IndexMismatch, match="readonly"):
            index.remove([sources[0].id])
        assert len(index) == 2
