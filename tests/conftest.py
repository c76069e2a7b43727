"""What several test modules share, made once: the fixtures and a detector over their sources."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import detector
from detector.alignment import Aligner
from detector.article import Article
from detector.encoders.static import StaticEncoder
from detector.entailment import EntailmentReader
from detector.evidence.fabrication import Finding, find_fabrications, load_weights
from detector.index import Index
from detector.pipeline import Detector
from detector.readers import read_articles
from detector.report import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(detector.__file__).parent.parent
FIXTURES = ROOT / "fixtures"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)

Shell = Callable[..., subprocess.CompletedProcess[bytes]]


def articles_of(path: Path) -> tuple[Article, ...]:
    return tuple(item for item in read_articles([path]) if isinstance(item, Article))


@pytest.fixture(scope="session")
def sources() -> tuple[Article, ...]:
    """Return the originals among the fixtures."""
    return articles_of(FIXTURES / "sources.jsonl")


@pytest.fixture(scope="session")
def aligner() -> Aligner:
    """Return an aligner over nothing."""
    index = Index.in_memory()
    return Aligner(index.encoder, index.fingerprinter.extractor, index.rarity)


@pytest.fixture(scope="session")
def find(aligner: Aligner) -> Callable[..., tuple[Finding, ...]]:
    """Return what checks an article beside its sources with the shipped models."""
    assert isinstance(aligner.encoder, StaticEncoder)
    reader = EntailmentReader.shipped(aligner.encoder)
    return partial(find_fabrications, aligner=aligner, weights=load_weights(), reader=reader)


@pytest.fixture(scope="session")
def news(sources: tuple[Article, ...]) -> dict[str, Article]:
    """Return every article of the fixtures by its id."""
    return {
        article.id: article for article in (*sources, *articles_of(FIXTURES / "labelled.jsonl"))
    }


@pytest.fixture(scope="session")
def examiner(sources: tuple[Article, ...]) -> Detector:
    """Return a detector over the originals."""
    return Detector.from_sources(sources)


@pytest.fixture(scope="session")
def examined(examiner: Detector, news: dict[str, Article]) -> Callable[[str], Report]:
    """Return what gives the report on one of the fixtures, examined when it is first asked for."""
    reports: dict[str, Report] = {}

    def report(id: str) -> Report:
        if id not in reports:
            reports[id] = examiner.examine(news[id])
        return reports[id]

    return report


@pytest.fixture(scope="session")
def shell() -> Shell:
    """Return what runs ``python`` on this checkout in a process of its own."""

    def run(
        *arguments: str | Path, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a real browser; a module that asks for it skips itself where there is none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
