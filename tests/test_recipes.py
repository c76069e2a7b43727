"""Claims about the README's recipes for crawlers: each is run as it is written there."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from conftest import FIXTURES, articles_of

from detector.article import Article
from detector.index import Index

ROOT = FIXTURES.parent
README = (ROOT / "README.md").read_text(encoding="utf8")
MOST_LINES = 10


def recipe(package: str) -> str:
    (found,) = re.findall(rf"^```python\n(# {package}\n.*?)^```$", README, flags=re.M | re.S)
    assert len(found.splitlines()) <= MOST_LINES + 1
    return str(found)


def page(article: Article) -> str:
    lines = "".join(f"<p>{line}</p>" for line in article.text.splitlines())
    head = f"<html><head><title>{article.title}</title></head>"
    return f"{head}<body><article>{lines}</article></body></html>"


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, news: dict[str, Article]) -> Article:
    """Go to a folder with an index of the fixtures' sources; return a copy of one of them."""
    with Index.create(tmp_path / "sources.index") as index:
        index.add(articles_of(FIXTURES / "sources.jsonl"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text(page(news["eel-d1"]), encoding="utf8")
    return news["eel-d1"]


def run(code: str) -> dict[str, object]:
    scope: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), scope)
    return scope


def test_trafilatura(crawl: Article, capsys: pytest.CaptureFixture[str]) -> None:
    run(recipe("trafilatura"))
    assert capsys.readouterr().out.startswith("derivative eel-s1")


@dataclass
class _FundusArticle:
    """What fundus 0.5 gives, as far as the recipe uses it."""

    title: str
    plaintext: str
    publishing_date: datetime
    html: object
    authors: list[str] = field(default_factory=list)


def test_fundus(
    crawl: Article, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @dataclass
    class Html:
        requested_url: str

    article = _FundusArticle(
        crawl.title or "", crawl.text, datetime(2025, 9, 20, tzinfo=UTC), Html(str(crawl.url))
    )

    class Crawler:
        def __init__(self, *publishers: object) -> None: ...

        def crawl(self, max_articles: int) -> list[_FundusArticle]:
            return [article][:max_articles]

    fundus = ModuleType("fundus")
    fundus.Crawler, fundus.PublisherCollection = Crawler, type("P", (), {"uk": object()})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fundus", fundus)
    run(recipe("fundus"))
    assert capsys.readouterr().out.startswith("derivative eel-s1")


def test_news_please(
    crawl: Article, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class NewsArticle:
        def get_serializable_dict(self) -> dict[str, object]:
            return {
                "title": crawl.title, "maintext": crawl.text, "url": crawl.url, "language": "en",
                "source_domain": crawl.site, "date_publish": "2025-09-20 08:00:00", "authors": [],
            }  # fmt: skip

    class NewsPlease:
        @staticmethod
        def from_url(url: str) -> NewsArticle:
            return NewsArticle()

    newsplease = ModuleType("newsplease")
    newsplease.NewsPlease = NewsPlease  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "newsplease", newsplease)
    run(recipe("news-please"))
    assert capsys.readouterr().out.startswith("derivative eel-s1")
