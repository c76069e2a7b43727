"""Claims about what happens to the machine: kills, full disks, damaged files, two writers."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import FIXTURES, ROOT, Shell

from detector.article import Article
from detector.errors import IndexMismatch
from detector.index import FILE, Index

FULL_DISK = Path("/dev/full")
COMMAND = (sys.executable, "-m", "detector")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
CRAWL = 24
FILLER = "The ferry to Norrholm was cancelled on Monday after its engine failed twice in one week. "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a crawl of small articles and a small index."""
    folder = tmp_path_factory.mktemp("robust")
    lines = [
        json.dumps({"id": str(n), "site": f"s{n % 3}.example", "text": f"{FILLER}Note {n}."})
        for n in range(CRAWL)
    ]
    (folder / "crawl.jsonl").write_text("\n".join(lines) + "\n", encoding="utf8")
    with Index.create(folder / "small.index") as index:
        index.add([Article.from_text(FILLER, id="source", title="Ferry cancelled")])
    return folder


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_a_scan_killed_at_random_and_resumed_gives_the_same_bytes(
    folder: Path, tmp_path: Path, shell: Shell, workers: int
) -> None:
    asked = ("scan", folder / "crawl.jsonl", "--index", folder / "small.index", "--quiet", "-o")
    whole, output = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    assert shell("-m", "detector", *asked, whole).returncode == 0
    rng = random.Random(workers)
    for _ in range(3):
        more = ("--resume", "--workers", str(workers))
        process = start(*asked, output, *more)
        process_group_deadline = time.monotonic() + rng.uniform(0.5, 4)
        while process.poll() is None and time.monotonic() < process_group_deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if output.exists() and rng.random() < 0.5:  # what the disk had not taken yet is lost
            os.truncate(output, rng.randint(0, output.stat().st_size))
    assert shell("-m", "detector", *asked, output, "--resume").returncode == 0
    assert output.read_bytes() == whole.read_bytes()
    assert whole.read_bytes().count(b"\n") == CRAWL


@pytest.mark.skipif(not FULL_DISK.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("where", ["-o", "stdout"])
def test_a_full_disk_is_one_clear_line(folder: Path, where: str) -> None:
    asked = ["scan", folder / "crawl.jsonl", "--index", folder / "small.index", "--quiet"]
    with FULL_DISK.open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *map(str, asked), *(["-o", str(FULL_DISK)] if where == "-o" else [])],
            env=ENVIRONMENT,
            stdout=full if where == "stdout" else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.decode() == (
        "detector: the output could not be written (No space left on device): what was written "
        "before is kept; make room, and go on with a scan by -o FILE --resume\n"
    )


def test_a_scan_that_a_full_disk_cut_off_is_taken_up_again(
    folder: Path, tmp_path: Path, shell: Shell
) -> None:
    sources = tmp_path / "sources.jsonl"
    sources.write_text(json.dumps({"id": "source", "text": FILLER}), encoding="utf8")
    asked = ("scan", folder / "crawl.jsonl", "--sources", sources, "--quiet", "-o")
    whole, output = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    shell("-m", "detector", *asked, whole)
    limited = subprocess.run(
        [*COMMAND, *map(str, asked), str(output)],
        env=ENVIRONMENT,
        capture_output=True,
        preexec_fn=lambda: _limit_files(whole.stat().st_size // 2),
        check=False,
    )
    assert limited.returncode == 3
    assert limited.stderr.count(b"\n") == 1
    assert b"File too large" in limited.stderr
    assert 0 < output.stat().st_size < whole.stat().st_size
    assert shell("-m", "detector", *asked, output, "--resume").returncode == 0
    assert output.read_bytes() == whole.read_bytes()


def _limit_files(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_an_index_on_a_full_disk_keeps_what_it_has(
    folder: Path, tmp_path: Path, shell: Shell
) -> None:
    target = tmp_path / "full.index"
    with Index.create(target) as index:
        index.add([Article.from_text(FILLER, id="kept")])
    limit = max(file.stat().st_size for file in target.iterdir()) + 20_000
    done = subprocess.run(
        [*COMMAND, "index", "add", str(FIXTURES / "sources.jsonl"), "--index", str(target)],
        env=ENVIRONMENT,
        capture_output=True,
        preexec_fn=lambda: _limit_files(limit),
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.count(b"\n") == 1
    assert b"could not be written" in done.stderr
    with Index.open(target) as index:
        assert index.verify() == []
        assert [article.id for article in index] == ["kept"]
    again = shell("-m", "detector", "index", "add", FIXTURES / "sources.jsonl", "--index", target)
    assert again.returncode == 0
    assert b"holds 20 sources" in again.stderr


def test_two_writers_lose_and_damage_nothing(tmp_path: Path) -> None:
    target = tmp_path / "two.index"
    Index.create(target).close()
    processes = []
    for writer in "ab":
        lines = [
            json.dumps({"id": f"{writer}{n}", "text": f"{FILLER}{writer} {n}"}) for n in range(700)
        ]
        file = tmp_path / f"{writer}.jsonl"
        file.write_text("\n".join(lines), encoding="utf8")
        processes.append(start("index", "add", file, "--index", target))
    assert [process.wait() for process in processes] == [0, 0]
    with Index.open(target) as index:
        assert len(index) == 1_400
        assert index.verify() == []
        assert {article.id for article in index} == {f"{w}{n}" for w in "ab" for n in range(700)}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, sources: tuple[Article, ...]) -> bytes:
    """Return the file of a sound index, all of it in one piece."""
    target = tmp_path_factory.mktemp("sound") / "sound.index"
    with Index.create(target) as index:
        index.add(sources)
    database = sqlite3.connect(target / FILE)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return (target / FILE).read_bytes()


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_page_is_found_or_harmless(
    sound: bytes, sources: tuple[Article, ...], tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    page = rng.randrange(len(sound) // 4096)
    damaged = bytearray(sound)
    damaged[page * 4096 : page * 4096 + 4096] = rng.randbytes(4096)
    (tmp_path / FILE).write_bytes(damaged)
    try:
        with Index.open(tmp_path) as index:
            assert index.verify() or [index.get(each.id) for each in sources] == [*sources]
    except IndexMismatch as error:
        assert "build it again" in str(error) or "build again" in str(error)  # noqa: PT017
