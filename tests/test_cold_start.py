"""Claims about a cold start: one article is scored without what that article does not need."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Shell

from detector.article import Article
from detector.index import Index

TRACED = """
import sys
from detector.cli import main
try:
    main(["score", sys.argv[1], "--index", sys.argv[2], "--format", "json"])
except SystemExit as end:
    assert not end.code
print(*sys.modules, sep=" ", file=sys.stderr)
"""
# Seconds each: what models, crawls, clusters, servers and the web need, and one article does not.
NEVER = {
    "datasketch", "faiss", "fastwarc", "httpcore2", "httpx2", "mcp", "numba", "pandas", "protego",
    "pyarrow", "pydantic", "pyspark", "scipy", "scrapy", "sentence_transformers", "sklearn",
    "torch", "transformers", "detector.fetch", "detector.kernels", "detector.bulk",
    "detector.duplicates", "detector.evaluation", "detector.render", "detector.sites",
}  # fmt: skip
ONLY_FOR_PAGES = {"trafilatura"}


@pytest.fixture(scope="module")
def folder(sources: tuple[Article, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an index with a segment."""
    folder = tmp_path_factory.mktemp("cold") / "sources.index"
    with Index.create(folder) as index:
        index.add(sources)
        index.seal()
    return folder


def loaded(shell: Shell, article: Path, folder: Path) -> set[str]:
    done = shell("-c", TRACED, article, folder)
    assert done.returncode == 0, done.stderr.decode()
    assert b'"derivative"' in done.stdout
    return set(done.stderr.decode().splitlines()[-1].split())


def test_a_text_is_scored_without_what_it_does_not_need(
    shell: Shell, news: dict[str, Article], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "article.txt").write_text(news["ports-d2"].text, encoding="utf8")
    modules = loaded(shell, tmp_path / "article.txt", folder)
    assert {"detector.pipeline", "detector.shortlist"} <= modules
    assert modules & (NEVER | ONLY_FOR_PAGES) == set()


def test_a_page_is_scored_without_what_it_does_not_need(
    shell: Shell, news: dict[str, Article], folder: Path, tmp_path: Path
) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in news["ports-d2"].text.splitlines() if line)
    page = f"<html><body><article>{paragraphs}</article></body></html>"
    (tmp_path / "article.html").write_text(page, encoding="utf8")
    assert loaded(shell, tmp_path / "article.html", folder) & NEVER == set()
